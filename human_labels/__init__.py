"""What people said, how far a judge agrees with them, and the line that may be acted on."""

from .coefficients import METRICS, Metric, alpha, figure_sums
from .consensus import RULES, Consensus, consensus
from .intervals import Interval, Sums, bootstrap, combine, interval, jackknife_error, mean_of
from .labelled_sets import LabelledSet, load_set, set_names
from .pairing import GRADES, MISSING, SCORES, Pairing, Unlabelled, dimension_scale, pair, recorded, scales_of
from .proportions import Share, clopper_pearson, upper_bound, wilson
from .reading import latest, read_labels
from .records import GRADE, ROLES, Label, Labels, Scale, Table, scale_of, table_of

__all__ = [
    "GRADE",
    "GRADES",
    "METRICS",
    "MISSING",
    "ROLES",
    "RULES",
    "SCORES",
    "Consensus",
    "Interval",
    "Label",
    "LabelledSet",
    "Labels",
    "Metric",
    "Pairing",
    "Scale",
    "Share",
    "Sums",
    "Table",
    "Unlabelled",
    "alpha",
    "bootstrap",
    "clopper_pearson",
    "combine",
    "consensus",
    "dimension_scale",
    "figure_sums",
    "interval",
    "jackknife_error",
    "latest",
    "load_set",
    "mean_of",
    "pair",
    "read_labels",
    "recorded",
    "scale_of",
    "scales_of",
    "set_names",
    "table_of",
    "upper_bound",
    "wilson",
]
