"""What people said, how far a judge agrees with them, and the line that may be acted on."""

from .agreement.agree import agree
from .agreement.report import AgreementReport
from .agreement.settings import Settings
from .buffer import rebalance
from .coefficients import METRICS, Metric, alpha, figure_sums
from .comparing import (
    Comparison,
    Contender,
    Draws,
    People,
    Wanted,
    compare,
    rank_systems,
    read_side,
    systems_of,
    two_systems,
)
from .consensus import consensus
from .estimation import (
    GOALS,
    Estimate,
    active_estimate,
    estimate,
    label_probabilities,
    plan_labels,
    ppi,
    rogan_gladen,
    samples_of,
)
from .guideline import guideline
from .intervals import Interval, Sums, bootstrap, interval, mean_of
from .labelled_sets import LabelledSet, as_labels, load_set, set_names
from .pairing import Pairing, pair, recorded
from .policy import Aim, Policy, calibrate, find_seal, milestone, policy_json, read_policy, seal_for, write_policy
from .proportions import Share, clopper_pearson, upper_bound, wilson
from .reading import (
    check_labels,
    draw,
    drawable,
    latest,
    listing,
    read_all,
    read_labels,
    write_labels,
    write_sheet,
    write_tasks,
)
from .records import Label, Labels, Scale, Table, scale_of, table_of
from .selftest import SOURCES, Reproduced, reproduce, summaries

__all__ = [
    "GOALS",
    "METRICS",
    "SOURCES",
    "AgreementReport",
    "Aim",
    "Comparison",
    "Contender",
    "Draws",
    "Estimate",
    "Interval",
    "Label",
    "LabelledSet",
    "Labels",
    "Metric",
    "Pairing",
    "People",
    "Policy",
    "Reproduced",
    "Scale",
    "Settings",
    "Share",
    "Sums",
    "Table",
    "Wanted",
    "active_estimate",
    "agree",
    "alpha",
    "as_labels",
    "bootstrap",
    "calibrate",
    "check_labels",
    "clopper_pearson",
    "compare",
    "consensus",
    "draw",
    "drawable",
    "estimate",
    "figure_sums",
    "find_seal",
    "guideline",
    "interval",
    "label_probabilities",
    "latest",
    "listing",
    "load_set",
    "mean_of",
    "milestone",
    "pair",
    "plan_labels",
    "policy_json",
    "ppi",
    "rank_systems",
    "read_all",
    "read_labels",
    "read_policy",
    "read_side",
    "rebalance",
    "recorded",
    "reproduce",
    "rogan_gladen",
    "samples_of",
    "scale_of",
    "seal_for",
    "set_names",
    "summaries",
    "systems_of",
    "table_of",
    "two_systems",
    "upper_bound",
    "wilson",
    "write_labels",
    "write_policy",
    "write_sheet",
    "write_tasks",
]
