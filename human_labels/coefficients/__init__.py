"""Agreement coefficients, one family a file; `METRICS` names them all."""

from .alpha import alpha
from .metrics import METRICS, Metric, figure_sums

__all__ = [
    "METRICS",
    "Metric",
    "alpha",
    "figure_sums",
]
