"""Agreement coefficients, one family a file; `METRICS` names them all."""

from .alpha import alpha
from .confidence import Bin, brier, ece, reliability_bins
from .metrics import METRICS, Metric, figure_sums

__all__ = [
    "METRICS",
    "Bin",
    "Metric",
    "alpha",
    "brier",
    "ece",
    "figure_sums",
    "reliability_bins",
]
