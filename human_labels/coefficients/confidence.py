"""Whether a judge that says 80 % is right in 80 %: Brier score, expected calibration error, reliability bins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..intervals import Sums, mean_of, ratio
from ..proportions import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Bin:
    """Items whose confidence lies in [low, high)."""

    low: float
    high: float
    n: int
    confidence: float
    """Mean probability of a pass that the judge gave."""
    passed: float
    """Share that people passed."""
    interval: tuple[float, float]
    """95 % Wilson interval of `passed`."""


def brier(p: Numbers, truth: Numbers) -> Sums:
    """Mean squared difference of the probability of a pass and what people said (1 pass, 0 none); NaN does not enter.

    Brier 1950, Monthly Weather Review 78:1-3, the half of it that is used for two outcomes. Raises ValueError for a
    probability outside [0, 1] or a truth that is neither 0 nor 1.
    """
    p, truth = _checked(p, truth)
    return mean_of((p - truth) ** 2)


def ece(p: Numbers, truth: Numbers, bins: int = 10) -> Sums:
    """Expected calibration error over `bins` bins of equal width: sum over bins of n_b / n |passed_b - confidence_b|.

    Naeini, Cooper and Hauskrecht 2015, AAAI, for the probability of the positive class. Above 0 by chance alone for a
    calibrated judge when bins hold few items. Same errors as `brier`.
    """
    import numpy as np

    p, truth = _checked(p, truth)
    both = ~np.isnan(p - truth)
    features = np.zeros((len(p), bins + 1))
    features[both, _bin(p[both], bins)] = (p - truth)[both]
    features[both, bins] = 1
    return Sums(
        features, lambda sums: ratio(np.abs(sums[..., :bins]).sum(axis=-1), sums[..., bins]),
        used=None if both.all() else both,
    )  # fmt: skip


def reliability_bins(p: Numbers, truth: Numbers, bins: int = 10) -> tuple[Bin, ...]:
    """The bins of `ece` that hold an item, with 95 % Wilson intervals of the share that people passed.

    The last bin holds 1 as well. Wilson takes items as independent.
    """
    import numpy as np

    p, truth = _checked(p, truth)
    both = ~np.isnan(p - truth)
    p, truth = p[both], truth[both]
    places = _bin(p, bins)
    return tuple(_bin_of(place, bins, p[places == place], truth[places == place]) for place in np.unique(places))


def _bin_of(place: int, bins: int, p: Numbers, truth: Numbers) -> Bin:

    n, passed = len(p), int(truth.sum())
    return Bin(place / bins, (place + 1) / bins, n, float(p.mean()), passed / n, wilson(passed, n))


def _bin(p: Numbers, bins: int) -> Numbers:
    import numpy as np

    # edges as k / bins, so that .7 lies in [.7, .8) although .7 * 10 is less than 7
    return np.minimum(np.searchsorted(np.arange(bins + 1) / bins, p, side="right") - 1, bins - 1)


def _checked(p: Numbers, truth: Numbers) -> tuple[Numbers, Numbers]:
    import numpy as np

    p, truth = np.asarray(p, float), np.asarray(truth, float)
    if p.shape != truth.shape:
        raise ValueError(f"{len(p)} probabilities for {len(truth)} items")
    known = p[~np.isnan(p)]
    if known.size and not (known.min() >= 0 and known.max() <= 1):
        raise ValueError("a probability must lie in [0, 1]")
    if not np.isin(truth[~np.isnan(truth)], (0, 1)).all():
        raise ValueError("people's word must be 1 (a pass) or 0")
    return p, truth
