"""Labels in and out: long and wide tables, JSONL, Label Studio."""

from .checking import Check, Coverage, check_labels
from .config import labelling_config
from .drawable import drawable
from .drawing import BY, Drawn, draw
from .reader import Reading, listing, read_all, read_labels
from .rounds import latest
from .sheets import write_sheet, write_tasks
from .writing import write_labels

__all__ = [
    "BY",
    "Check",
    "Coverage",
    "Drawn",
    "Reading",
    "check_labels",
    "draw",
    "drawable",
    "labelling_config",
    "latest",
    "listing",
    "read_all",
    "read_labels",
    "write_labels",
    "write_sheet",
    "write_tasks",
]
