"""Prediction-powered means as functions of sums over clusters, so that thousands of resamples are one matrix product.

It knows numbers and clusters, no labels and no verdicts.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..intervals import FEW, Sums, ratio, resample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

COLUMNS = 5
"""Weight of labels, their truth and the judge's word (both weighted); number of others, and the judge's word there."""


@dataclass(frozen=True)
class Moments:
    """Sums of one sample by cluster: the clusters that have labels apart from those that have none.

    The estimate is mean(Y) + lambda (mean(f_other) - mean(f_labelled)), every mean weighted. A cluster may hold labels
    and others; its two errors are then summed before they are squared, so their covariance counts.
    """

    labelled: Numbers
    """(clusters with labels, 5)."""
    others: Numbers
    """(clusters without, 5)."""
    tuning: float | None
    """lambda; None: that which makes the error least, found anew in every resample."""
    sizes: tuple[Numbers, Numbers]
    """How many clusters have each row of `labelled` and of `others`."""

    @property
    def counts(self) -> tuple[int, int]:
        """Clusters with labels, and clusters with others."""
        with_labels, without = (int(size.sum()) for size in self.sizes)
        mixed = int(self.sizes[0][self.labelled[:, 3] > 0].sum())
        return with_labels, without + mixed

    def sums(self) -> Numbers:
        """(5 + 25,) sums and sums of products over all clusters."""
        with_labels, without = self.sizes
        total: Numbers = with_labels @ features(self.labelled) + without @ features(self.others)
        return total

    def resampled(self, draws: int, seed: int) -> Numbers:
        """(draws, 5 + 25): the same over clusters drawn anew, those with labels apart from those without."""
        parts = [
            resample(Sums(features(rows), lambda sums: sums), features(rows), size, draws, seed + place)
            for place, (rows, size) in enumerate(zip((self.labelled, self.others), self.sizes, strict=True))
            if len(rows)
        ]
        total: Numbers = sum(parts[1:], parts[0])
        return total

    def solve(self, sums: Numbers, tuning: float | None = None) -> tuple[Numbers, Numbers, Numbers]:
        """(estimate, standard error, lambda) for sums (..., 30); lambda is the moments' own unless given.

        The standard error is that of the linearised estimate, sqrt(sum over clusters of squared influence), each part
        with its clusters / (clusters - 1).
        """
        import numpy as np

        first, products = sums[..., :COLUMNS], sums[..., COLUMNS:].reshape(*sums.shape[:-1], COLUMNS, COLUMNS)
        weight, truth, judge, count, other = np.moveaxis(first, -1, 0)
        base, slope = (part * self._grow() for part in _influence(weight, truth, judge, count, other))
        bent = np.einsum("...i,...ij->...j", slope, products)
        spread = np.einsum("...i,...i->...", bent, slope)
        cross = np.einsum("...i,...i->...", bent, base)
        alone = np.einsum("...i,...ij,...j->...", base, products, base)
        fixed = self.tuning if tuning is None else tuning
        tuned = _bounded(ratio(-cross, spread)) if fixed is None else np.full(np.shape(weight), fixed)
        value = ratio(truth, weight) + tuned * np.nan_to_num(ratio(other, count) - ratio(judge, weight))
        variance = np.maximum(alone + 2 * tuned * cross + tuned**2 * spread, 0.0)
        return value, np.sqrt(variance), tuned

    def _grow(self) -> Numbers:
        import numpy as np

        with_labels, with_others = (np.sqrt(count / (count - 1)) if count > 1 else np.nan for count in self.counts)
        return np.array([with_labels] * 3 + [0.0 if np.isnan(with_others) else with_others] * 2)


def moments(
    truth: Numbers,
    judge: Numbers,
    other: Numbers,
    clusters: Sequence[Hashable] | None = None,
    other_clusters: Sequence[Hashable] | None = None,
    weights: Numbers | None = None,
) -> Moments:
    """The moments of labelled items (truth, judge) and others (judge); without clusters, each item is its own.

    lambda is that of the paper where items are independent or clusters few, else the one with the least error over
    clusters. With `weights` (one over the probability that the item was drawn to be labelled) `other` must be the
    judge's words on all items, the labelled among them, and clusters must be given.
    """
    import numpy as np

    weight = np.ones(len(truth)) if weights is None else np.asarray(weights, float)
    zero, none = np.zeros((len(truth), 2)), np.zeros((len(other), 3))
    left = np.column_stack([weight, weight * truth, weight * judge, zero])
    right = np.column_stack([none, np.ones(len(other)), other])
    if clusters is None and other_clusters is None:
        return _moments(left, right, _published(truth, judge, other))
    names: dict[Hashable, int] = {}
    codes = [names.setdefault(name, len(names)) for name in clusters or range(-len(truth), 0)]
    with_labels = len(names)
    codes += [
        names.setdefault(name, len(names)) for name in other_clusters or [(place,) for place in range(len(other))]
    ]
    rows = np.concatenate([left, right])
    total = np.stack([np.bincount(codes, weights=column, minlength=len(names)) for column in rows.T], axis=1)
    few = with_labels < FEW and weights is None  # too few to tell how clusters vary, so lambda is that of items
    return _moments(total[:with_labels], total[with_labels:], _published(truth, judge, other) if few else None)


def features(rows: Numbers) -> Numbers:
    """(clusters, 5 + 25): each cluster's sums, and their products with one another."""
    import numpy as np

    products = rows[:, :, None] * rows[:, None, :]
    return np.concatenate([rows, products.reshape(len(rows), rows.shape[1] ** 2)], axis=1)


def _moments(labelled: Numbers, others: Numbers, tuning: float | None) -> Moments:
    (left, left_sizes), (right, right_sizes) = _distinct(labelled), _distinct(others)
    return Moments(left, right, tuning, (left_sizes, right_sizes))


def _distinct(rows: Numbers) -> tuple[Numbers, Numbers]:
    """The distinct rows and how often each occurs; quick where only one column differs."""
    import numpy as np

    if not len(rows):
        return rows, np.zeros(0, int)
    differs = np.flatnonzero((rows != rows[0]).any(axis=0))
    if len(differs) > 1:
        return np.unique(rows, axis=0, return_counts=True)
    column = differs[0] if len(differs) else 0
    _, first, sizes = np.unique(rows[:, column], return_index=True, return_counts=True)
    return rows[first], sizes


def _influence(
    weight: Numbers, truth: Numbers, judge: Numbers, count: Numbers, other: Numbers
) -> tuple[Numbers, Numbers]:
    """(..., 5) twice: what a cluster's sums add to the estimate's error at lambda = 0, and for each unit of lambda."""
    import numpy as np

    each, one, none = ratio(np.ones_like(weight), weight), np.nan_to_num(ratio(np.ones_like(count), count)), weight * 0
    base = np.stack([-ratio(truth, weight) * each, each, none, none, none], axis=-1)
    centre = np.nan_to_num(ratio(other, count))
    slope = np.stack([ratio(judge, weight) * each, none, -each, -centre * one, one], axis=-1)
    return base, np.where((count > 0)[..., None], slope, 0.0)


def _published(truth: Numbers, judge: Numbers, other: Numbers) -> float:
    """Cov(Y, f) / ((1 + n/N) Var(f)), the variance over all the judge's words (arXiv 2311.01453, section 6)."""
    import numpy as np

    if len(truth) < 2 or not len(other):
        return 0.0
    covariance = float(np.cov(truth, judge)[0, 1])
    variance = float(np.concatenate([judge, other]).var(ddof=1))
    return float(_bounded(ratio(np.array(covariance), np.array((1 + len(truth) / len(other)) * variance))))


def _bounded(wanted: Numbers) -> Numbers:
    """lambda in [0, 1], 0 where it is not defined."""
    import numpy as np

    return np.clip(np.where(np.isfinite(wanted), wanted, 0.0), 0.0, 1.0)
