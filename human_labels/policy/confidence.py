"""The judge's score as a probability that people pass: Platt's and isotonic calibration, checked out of fold.

These probabilities describe; no guarantee rests on them.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

FOLDS = 5
BINS = 10


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A fitted map from the judge's score to the probability that people pass."""

    kind: str
    """A name in `KINDS`."""
    knots: tuple[tuple[float, float], ...]
    """`platt`: one pair, slope and intercept of the logit. `isotonic`: (score, probability), ascending."""

    def probability(self, scores: Numbers) -> Numbers:
        """Probabilities in [0, 1], NaN for NaN. Between isotonic knots linear, beyond them constant."""
        import numpy as np
        from scipy.special import expit

        if self.kind == "platt":
            slope, intercept = self.knots[0]
            return np.asarray(expit(slope * np.asarray(scores, float) + intercept))
        places, values = zip(*self.knots, strict=True)
        return np.asarray(np.interp(np.asarray(scores, float), places, values))


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibrator fitted to all labels, with how well its kind does on clusters it was not fitted to."""

    calibrator: Calibrator
    n: int
    brier: float
    """Mean squared distance of the out-of-fold probability from people's word."""
    ece: float
    """Expected calibration error of the same, over ten bins of equal count."""
    raw_brier: float
    """Brier score of the judge's own score taken as the probability."""
    raw_ece: float


def calibrated(scores: Numbers, passed: Numbers, clusters: Sequence[str], *, kind: str | None = None) -> Fit:
    """Fitted to all, measured by cross-fitting over clusters; `kind` (default: the one with the lower Brier score).

    Items with NaN in either do not enter. Figures are NaN where fewer than two clusters leave no fold to hold out.
    """
    import numpy as np

    known = ~(np.isnan(scores) | np.isnan(passed))
    names = [cluster for cluster, keep in zip(clusters, known, strict=True) if keep]
    x, y = scores[known], passed[known]
    out = {name: cross_fitted(x, y, names, kind=name) for name in ([kind] if kind else KINDS)}
    best = min(out, key=lambda name: math.inf if math.isnan(score := brier(out[name], y)) else score)
    return Fit(fit(x, y, best), len(y), brier(out[best], y), ece(out[best], y), brier(x, y), ece(x, y))


def cross_fitted(
    scores: Numbers, passed: Numbers, clusters: Sequence[str], *, kind: str, folds: int = FOLDS
) -> Numbers:
    """(items,) probabilities, each from a calibrator that saw no item of its cluster; NaN where that leaves nothing."""
    import numpy as np

    order = {name: place for place, name in enumerate(sorted(set(clusters), key=_hash))}
    fold = np.array([order[cluster] % folds for cluster in clusters], int)
    out = np.full(len(scores), np.nan)
    for held in range(folds):
        inside, outside = fold == held, fold != held
        if inside.any() and outside.any():
            out[inside] = fit(scores[outside], passed[outside], kind).probability(scores[inside])
    return out


def fit(scores: Numbers, passed: Numbers, kind: str) -> Calibrator:
    """A calibrator of a kind in `KINDS`."""
    return Calibrator(kind, KINDS[kind](scores, passed))


def brier(probability: Numbers, passed: Numbers) -> float:
    """Mean of (probability - passed) squared; NaN without any or with an unknown one."""
    return float(((probability - passed) ** 2).mean()) if len(passed) else math.nan


def ece(probability: Numbers, passed: Numbers, bins: int = BINS) -> float:
    """Mean distance of mean probability from the share passed over bins of equal count (equal values stay together)."""
    import numpy as np

    if not len(passed) or np.isnan(probability).any():
        return math.nan
    edges = np.unique(np.quantile(probability, np.arange(1, bins) / bins))
    place = np.searchsorted(edges, probability, side="right")
    gaps = np.bincount(place, weights=probability - passed)
    return float(np.abs(gaps).sum() / len(passed))


def _platt(scores: Numbers, passed: Numbers) -> tuple[tuple[float, float], ...]:
    """Newton steps on the logit, with Platt's targets (n+ + 1)/(n+ + 2) and 1/(n- + 2) (Platt 1999; Lin, Lin, Weng
    2007), which keep the slope finite where a score separates the labels."""
    import numpy as np
    from scipy.special import expit

    up, down = float(passed.sum()), float((1 - passed).sum())
    target = np.where(passed == 1, (up + 1) / (up + 2), 1 / (down + 2))
    design = np.stack([scores, np.ones(len(scores))], axis=1)
    at = np.array([0.0, math.log((up + 1) / (down + 1))])

    def loss(weights: Numbers) -> float:
        logit = design @ weights
        return float((np.logaddexp(0, logit) - target * logit).sum())

    for _ in range(100):
        share = expit(design @ at)
        slope = design.T @ (share - target)
        bend = design.T @ (design * (share * (1 - share))[:, None]) + 1e-10 * np.eye(2)
        step, scale = np.linalg.solve(bend, slope), 1.0
        while loss(at - scale * step) > loss(at) and scale > 1e-6:
            scale /= 2
        at = at - scale * step
        if np.abs(scale * step).max() < 1e-10:
            break
    return ((float(at[0]), float(at[1])),)


def _isotonic(scores: Numbers, passed: Numbers) -> tuple[tuple[float, float], ...]:
    """Pool-adjacent-violators over the means at each distinct score; the two ends of each level are its knots."""
    import numpy as np
    from scipy.optimize import isotonic_regression

    places, index, counts = np.unique(scores, return_inverse=True, return_counts=True)
    means = np.bincount(index, weights=passed) / counts
    levels = isotonic_regression(means, weights=counts).x
    inner = np.zeros(len(levels), bool)
    inner[1:-1] = (levels[1:-1] == levels[:-2]) & (levels[1:-1] == levels[2:])
    return tuple((float(place), float(level)) for place, level in zip(places[~inner], levels[~inner], strict=True))


def _hash(name: str) -> bytes:
    return hashlib.sha256(f"fold\0{name}".encode()).digest()


KINDS: Mapping[str, Callable[[Numbers, Numbers], tuple[tuple[float, float], ...]]] = {
    "platt": _platt,
    "isotonic": _isotonic,
}
