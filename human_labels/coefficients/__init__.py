"""Agreement coefficients, one family a file; `METRICS` names them all."""

from .alpha import alpha
from .metrics import METRICS, Metric, figure_sums
from .patterns import complete

__all__ = ["METRICS", "Metric", "alpha", "complete", "figure_sums"]
