"""Labels in and out: long and wide tables, JSONL, Label Studio."""

from .checking import Check, check_labels
from .config import labelling_config
from .drawable import drawable
from .drawing import draw
from .reader import listing, read_all, read_labels
from .rounds import latest
from .sheets import write_sheet, write_tasks
from .writing import write_labels

__all__ = [
    "Check",
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
