"""True rates from few labels, and how many labels it takes."""

from .active import active_estimate, label_probabilities
from .estimate import Estimate, estimate
from .evidence import samples_of
from .ppi import Estimated, ppi
from .rogan_gladen import rogan_gladen
from .sizes import GOALS, LabelPlan, plan_labels

__all__ = [
    "GOALS",
    "Estimate",
    "Estimated",
    "LabelPlan",
    "active_estimate",
    "estimate",
    "label_probabilities",
    "plan_labels",
    "ppi",
    "rogan_gladen",
    "samples_of",
]
