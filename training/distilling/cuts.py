"""From scores to probabilities: the slope and cuts of a target, by ordinal logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...judge.student import Target

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]

PRIOR = 0.5
"""Of a sample, added for each label at the mean score: a label that nobody gave keeps a finite border."""
STEEPEST = 2.5
"""Scale of a normal prior on the slope for a standard deviation of scores: few samples in perfect order are no proof of
certainty (Gelman et al. 2008, Ann Appl Stat 2:1360-1383, who take a Cauchy prior of this scale)."""
DIGITS = 6


def target_of(name: str, labels: Sequence[str], scores: Numbers, places: Numbers) -> Target:
    """The target whose cumulative logistic fits (n,) scores to (n,) places of labels best; NaN enters on no side.

    Proportional odds (McCullagh 1980), by likelihood, the slope at least 0: 0 where higher scores had worse labels,
    which says the same of every sample. The scores should be of samples that the weights were not fitted on.
    """
    import numpy as np
    from scipy.optimize import minimize

    known = ~np.isnan(scores - places)
    s, y = scores[known], places[known].astype(int)
    middle, spread = (float(s.mean()), float(s.std())) if len(s) else (0.0, 0.0)
    z = (s - middle) / spread if spread > 0 else np.zeros(len(s))
    z, y = np.append(z, np.zeros(len(labels))), np.append(y, np.arange(len(labels)))
    weight = np.append(np.ones(len(s)), np.full(len(labels), PRIOR))
    borders = len(labels) - 1

    def total(at: Numbers) -> float:
        below = np.concatenate([[-np.inf], np.cumsum(at[1:]), [np.inf]])
        high, low = below[y + 1] - at[0] * z, below[y] - at[0] * z
        # sigma(high) - sigma(low), of the side where neither is near 1
        flip = high + low > 0
        one, other = np.where(flip, -low, high), np.where(flip, -high, low)
        share = _logistic(one) - _logistic(other)
        unlikely = -(weight * np.log(np.maximum(share, 1e-300))).sum() + (at[0] / STEEPEST) ** 2 / 2
        return float(unlikely / weight.sum())

    counts = np.bincount(y, weight, borders + 1).cumsum()[:-1] / weight.sum()
    first = np.log(counts / (1 - counts))
    start = np.concatenate([[0.5 if spread > 0 else 0.0], first[:1], np.diff(first)])
    bounds = [(0.0, None if spread > 0 else 0.0), (None, None), *[(1e-3, None)] * (borders - 1)]
    found = minimize(total, start, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500, "ftol": 1e-12})
    slope = float(found.x[0]) / spread if spread > 0 else 0.0
    cuts = np.cumsum(found.x[1:]) + slope * middle
    return Target(name, tuple(labels), _short(slope), tuple(_short(cut) for cut in cuts))


def shares_of(target: Target, scores: Numbers) -> Numbers:
    """(n, labels) probabilities; NaN rows where there is no score."""
    import numpy as np

    below = _logistic(np.asarray(target.cuts)[None, :] - target.slope * scores[:, None])
    whole = np.concatenate([np.zeros((len(scores), 1)), below, np.ones((len(scores), 1))], axis=1)
    found: Numbers = np.diff(whole, axis=1)
    found[np.isnan(scores)] = np.nan
    return found


def _logistic(x: Numbers) -> Numbers:
    from scipy.special import expit

    found: Numbers = expit(x)
    return found


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
