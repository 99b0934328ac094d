"""Labels in and out: long and wide tables, JSONL, Label Studio."""

from .reader import Reading, listing, read_all, read_labels
from .rounds import latest, one_round

__all__ = ["Reading", "latest", "listing", "one_round", "read_all", "read_labels"]
