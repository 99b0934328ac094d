"""How well scores order held-out samples, and how honest the probabilities are; every figure over whole clusters."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...human_labels import Interval, Sums, combine, interval, mean_of, ratio
from ...human_labels.coefficients import Bin, brier, ece, reliability_bins
from ...judge import Grade
from ...judge.student import GRADE
from .pairs import Pairs, members
from .records import Examples

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]

DRAWS = 1000


@dataclass(frozen=True)
class Order:
    """How well one scorer orders what competes, on one target."""

    pairs: int
    """Of unequal value, in one context."""
    contexts: int
    """With something to order."""
    degenerate: int
    """Contexts of one value, one sample's among them: they order nothing."""
    unscored: int
    """Pairs of which the scorer has no word on one side: in no figure."""
    accuracy: Interval
    """Share of pairs in order, equal scores counting half; whole clusters."""
    between: Mapping[str, Interval]
    """The same, of pairs of two labels: `Superior over Average`."""
    ndcg: Interval
    """Mean over contexts of normalised discounted gain."""
    spearman: Interval
    """Mean over contexts of the rank correlation."""


@dataclass(frozen=True)
class Calibration:
    """Of the probability of no defect."""

    brier: Interval
    base: Interval
    """Brier score of the share that passes, given to each: what must be beaten."""
    ece: Interval
    bins: tuple[Bin, ...]
    passing: tuple[str, ...]
    """The labels that are no defect."""


def order(examples: Examples, target: str, scores: Numbers, *, draws: int = DRAWS, seed: int = 0) -> Order:
    """How well `scores`, (rows,), NaN where there is none, order a target's values within contexts.

    NDCG has gains 2^place - 1 and log2 discounts (Burges et al. 2005), equal scores sharing their gains (McSherry and
    Najork 2008); a context with an unscored sample does without it. Intervals draw whole clusters.
    """
    import numpy as np

    values, groups, clusters = examples.values(target), examples.groups(target), examples.clusters
    pairs = Pairs.of(values, groups, seed)
    found = members(values, groups)
    ordered = [part for part in found if values[part].min() < values[part].max()]
    names, labels = examples.scale(target), examples.labels(target)

    def held(sums: Sums, of: Any, least: float) -> Interval:
        return interval(sums, of.tolist(), draws=draws, seed=seed, limits=(least, 1.0))

    between = {}
    for low in range(len(names)):
        for high in range(low + 1, len(names)):
            chosen = (labels[pairs.better] == high) & (labels[pairs.worse] == low)
            if chosen.any():
                part = Pairs(pairs.n, pairs.better[chosen], pairs.worse[chosen])
                between[f"{names[high]} over {names[low]}"] = held(in_order(part, scores), clusters, 0.0)
    at = np.array([clusters[part[0]] for part in ordered])
    return Order(
        pairs=len(pairs.better),
        contexts=len(ordered),
        degenerate=len(found) - len(ordered),
        unscored=int(np.isnan(pairs.right(scores)).sum()),
        accuracy=held(in_order(pairs, scores), clusters, 0.0),
        between=dict(reversed(between.items())),
        ndcg=held(_per_context(ordered, values, scores, _ndcg), at, 0.0),
        spearman=held(_per_context(ordered, values, scores, _spearman), at, -1.0),
    )


def better_by(
    examples: Examples, target: str, one: Numbers, other: Numbers, *, draws: int = DRAWS, seed: int = 0
) -> Interval:
    """Accuracy of `one` less that of `other` over the pairs that both can score, with its interval over clusters."""
    import numpy as np

    pairs = Pairs.of(examples.values(target), examples.groups(target), seed)
    known = ~np.isnan(pairs.right(one) - pairs.right(other))
    pairs = Pairs(pairs.n, pairs.better[known], pairs.worse[known])
    apart = combine(operator.sub, in_order(pairs, one), in_order(pairs, other))
    return interval(apart, examples.clusters.tolist(), draws=draws, seed=seed, limits=(-1.0, 1.0))


def calibration(
    examples: Examples, target: str, shares: Numbers, *, draws: int = DRAWS, seed: int = 0
) -> Calibration | None:
    """shares: (rows, labels) probabilities, worst first; NaN rows do not enter. None where none is known."""
    import numpy as np

    names, labels = examples.scale(target), examples.labels(target)
    passing = _passing(examples, target)
    p = np.clip(shares[:, [names.index(name) for name in passing]].sum(axis=1), 0.0, 1.0)
    truth = np.where(np.isnan(labels), np.nan, np.isin(labels, [names.index(name) for name in passing]))
    known = ~np.isnan(p - truth)
    if not known.any():
        return None
    base = mean_of(np.where(known, (truth - truth[known].mean()) ** 2, np.nan))

    def held(sums: Sums) -> Interval:
        return interval(sums, examples.clusters.tolist(), draws=draws, seed=seed, limits=(0.0, 1.0))

    return Calibration(held(brier(p, truth)), held(base), held(ece(p, truth)), reliability_bins(p, truth), passing)


def _passing(examples: Examples, target: str) -> tuple[str, ...]:
    if target == GRADE:
        return (Grade.AVERAGE.value, Grade.SUPERIOR.value)
    of = next(dimension for dimension in examples.rubric.dimensions if dimension.name == target)
    return tuple(point.label for point in of.scale if point.polarity >= 0)


def in_order(pairs: Pairs, scores: Numbers) -> Sums:
    """The share of pairs in order, equal scores half, as sums over samples: each pair stands at its better one.

    Where all pairs are in order, or none is, no draw differs: it is then a share with Wilson's interval, each cluster
    counting once.
    """
    import numpy as np

    right = pairs.right(scores)
    known = ~np.isnan(right)
    at = pairs.better[known]
    features = np.stack(
        [np.bincount(at, right[known], pairs.n), np.bincount(at, minlength=pairs.n).astype(float)], axis=1
    )
    used = features[:, 1] > 0
    settled = len(at) > 0 and bool((right[known] == right[known][0]).all()) and right[known][0] != 0.5
    return Sums(features, lambda sums: ratio(sums[..., 0], sums[..., 1]), used=used, share=settled)


def _per_context(
    contexts: Sequence[NDArray[int64]], values: Numbers, scores: Numbers, of: Callable[[Numbers, Numbers], float]
) -> Sums:
    import numpy as np

    found = []
    for part in contexts:
        kept = part[~np.isnan(scores[part])]
        able = len(kept) > 1 and values[kept].min() < values[kept].max()
        found.append(of(values[kept], scores[kept]) if able else math.nan)
    return mean_of(np.array(found, dtype=np.float64))


def _ndcg(values: Numbers, scores: Numbers) -> float:
    import numpy as np

    gains = 2.0**values - 1
    discounts = 1 / np.log2(np.arange(2, len(values) + 2))
    _, tie = np.unique(-scores, return_inverse=True)
    shared = (np.bincount(tie, gains) / np.bincount(tie))[np.sort(tie)]
    return float(shared @ discounts / (np.sort(gains)[::-1] @ discounts))


def _spearman(values: Numbers, scores: Numbers) -> float:
    """0 where all scores are equal: nothing was ordered."""
    import numpy as np

    one, other = _ranks(values), _ranks(scores)
    if other.min() == other.max():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _ranks(values: Numbers) -> Numbers:
    """From 1 on, equal ones sharing theirs."""
    import numpy as np

    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: Numbers = (counts.cumsum() - (counts - 1) / 2)[at]
    return found
