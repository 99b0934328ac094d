"""What people said, and how far a judge agrees with them."""

from .agreement import METRICS, alpha, auc, ceiling, majority, spearman
from .intervals import Interval, bootstrap
from .labels import Label, LabelledSet, Scale, Table, load_set, read_labels, set_names, table_of
from .proportions import Share, wilson

__all__ = [
    "METRICS",
    "Interval",
    "Label",
    "LabelledSet",
    "Scale",
    "Share",
    "Table",
    "alpha",
    "auc",
    "bootstrap",
    "ceiling",
    "load_set",
    "majority",
    "read_labels",
    "set_names",
    "spearman",
    "table_of",
    "wilson",
]
