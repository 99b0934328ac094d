"""Intervals that draw whole clusters, never single labels, and never loop.

A statistic is a function of sums over items: `Sums` says which sums and which function, so that a thousand resamples
are one matrix product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

Method = Literal["auto", "bca", "percentile", "t"]
FEW = 30
"""Below so many clusters the bootstrap is too narrow, and Student's t with clusters - 1 degrees of freedom is used."""
_CELLS = 4_000_000
"""Most numbers in one block of weights (32 MB)."""
_MOST, _GROUPS = 60_000_000, 400
"""Above so many numbers a jackknife over single clusters gives way to one over so many groups of them."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its interval and all that is needed to read it."""

    value: float
    low: float
    high: float
    n: int
    """Items that enter."""
    clusters: int
    undefined: int = 0
    """Draws in which the statistic was not defined; the bounds are NaN when the interval may not leave out so many."""
    method: str = "percentile"
    """`bca`, `percentile`, `t`, `wilson`, … or `none` where no interval can be had."""
    level: float = 0.95
    design_effect: float = math.nan
    """Variance over clusters by variance over items taken as independent; NaN where it was not computed."""


@dataclass(frozen=True)
class Sums:
    """A statistic that is a function of sums over items: `finish(features.sum(axis=0))`.

    `features` is (items, k); with `rows`, (patterns, k), item i having the features of pattern `rows[i]`. `finish`
    takes (..., k) and gives (...), NaN where the statistic is not defined; it must not warn. `used` marks the items
    that enter at all (default all); the others' features must be 0. `share` says that the value is a proportion of
    the items used, so that at 0 and 1, where no resample differs, Wilson's interval is given. `features` may be a
    `scipy.sparse` array where an item has few of many features, as of ranks of numbers that hardly repeat.
    """

    features: Numbers
    finish: Callable[[Numbers], Numbers]
    rows: Numbers | None = None
    used: Numbers | None = None
    share: bool = False

    @property
    def items(self) -> int:
        """Rows of the table the statistic is of, used or not."""
        return int(self.features.shape[0] if self.rows is None else len(self.rows))

    @property
    def n(self) -> int:
        """Items that enter."""
        return self.items if self.used is None else int(self.used.sum())

    @property
    def value(self) -> float:
        """The statistic on all items."""
        return float(self.finish(_weights(self) @ self.features))


def interval(
    of: Sums,
    clusters: Sequence[Hashable] | None = None,
    *,
    method: Method = "auto",
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Interval:
    """The statistic with its interval; `clusters` names each item's highest cluster (default: each item its own).

    `auto` is BCa (Efron 1987, JASA 82:171-185), and Student's t on the cluster jackknife's error with G - 1 degrees of
    freedom below 30 clusters G. Bounds are NaN and the method `none` with fewer than two clusters, without variation
    between the draws, or where the statistic is undefined in more draws than the interval may leave out. The same seed
    gives the same interval.
    """
    import numpy as np

    sums, sizes = _by_cluster(of, clusters)
    count = int(sizes.sum())
    found = Interval(of.value, math.nan, math.nan, of.n, count, method="none", level=level)
    if count < 2 or math.isnan(found.value):
        return _wilson(found, of, 1.0)
    left, many = _jackknife(of, sums, sizes)
    error = _jackknife_error(left, many)
    effect = 1.0 if clusters is None or count == of.n else _design_effect(of, error)
    found = replace(found, design_effect=effect)
    if not error > 1e-12 * max(1.0, abs(found.value)):
        return _wilson(found, of, effect)
    if method == "t" or (method == "auto" and count < FEW):
        from scipy.stats import t

        reach = float(t.ppf((1 + level) / 2, count - 1)) * error
        return replace(found, low=found.value - reach, high=found.value + reach, method="t")
    values = resample(of, sums, sizes, draws, seed)
    undefined = int(np.isnan(values).sum())
    if undefined > (1 - level) * draws:
        return replace(found, undefined=undefined)
    values = values[~np.isnan(values)]
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    shape = "percentile" if method == "percentile" or np.isnan(left).any() else "bca"
    if shape == "bca":
        tails = _bca_tails(tails, values, found.value, left, many)
    low, high = (float(bound) for bound in np.quantile(values, tails))
    return replace(found, low=low, high=high, undefined=undefined, method=shape)


def combine(of: Callable[..., Numbers], *parts: Sums) -> Sums:
    """A statistic made of statistics over the same items, drawn together: `combine(operator.sub, judge, ceiling)`."""
    import numpy as np

    if len({part.items for part in parts}) != 1:
        raise ValueError("only statistics over the same items can be combined")
    ends = np.cumsum([part.features.shape[1] for part in parts])
    features = _beside([_plain(part) for part in parts])
    masks = [part.used for part in parts if part.used is not None]
    used = np.logical_or.reduce(masks) if len(masks) == len(parts) else None

    def finish(sums: Numbers) -> Numbers:
        pieces = np.split(sums, ends[:-1], axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(of(*(part.finish(piece) for part, piece in zip(parts, pieces, strict=True))))

    return Sums(features, finish, used=used)


def mean_of(values: Numbers, *, share: bool = False) -> Sums:
    """The mean of a column; NaN entries do not enter."""
    import numpy as np

    used = ~np.isnan(values)
    features = np.stack([np.where(used, values, 0.0), used.astype(float)], axis=1)
    return Sums(features, lambda sums: ratio(sums[..., 0], sums[..., 1]), used=used, share=share)


def ratio(over: Numbers, under: Numbers) -> Numbers:
    """over / under, NaN where under is 0; never warns."""
    import numpy as np

    over, under = np.broadcast_arrays(np.asarray(over, float), np.asarray(under, float))
    out: Numbers = np.full(over.shape, np.nan)
    np.divide(over, under, out=out, where=under != 0)
    return out


def resample(of: Sums, sums: Numbers, sizes: Numbers, draws: int, seed: int) -> Numbers:
    """(draws,) values of the statistic over clusters drawn with replacement.

    `sums` holds the distinct sums of a cluster, `sizes` how many clusters have each: what cannot be told apart is drawn
    by one multinomial, so that the cost grows with the distinct ones.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    total, block = int(sizes.sum()), max(1, _CELLS // max(*sums.shape, 1))
    values = []
    for start in range(0, draws, block):
        many = min(block, draws - start)
        values.append(of.finish(_drawn(random, sizes, total, many) @ sums))
    return np.concatenate(values)


def bootstrap(
    statistic: Callable[[Numbers], float],
    clusters: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Percentile interval of any function of row numbers, drawing clusters with replacement, in a loop.

    For statistics that are no function of sums; `interval` is hundreds of times faster. Davison and Hinkley,
    "Bootstrap Methods and their Application", section 3.8.
    """
    import numpy as np

    members = _members(clusters)
    random = np.random.default_rng(seed)
    values = np.array([statistic(_draw(members, random)) for _ in range(draws)])
    undefined = int(np.isnan(values).sum())
    low, high = math.nan, math.nan
    if undefined <= (1 - level) * draws and undefined < draws:
        low, high = map(float, np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2]))
    value = statistic(np.arange(len(clusters)))
    return Interval(value, low, high, n=len(clusters), clusters=len(members), undefined=undefined, level=level)


def jackknife_error(of: Sums, clusters: Sequence[Hashable] | None = None) -> float:
    """Standard error by leaving out one cluster at a time; sqrt((G-1)/G * sum of squared deviations)."""
    sums, sizes = _by_cluster(of, clusters)
    return _jackknife_error(*_jackknife(of, sums, sizes))


def _by_cluster(of: Sums, clusters: Sequence[Hashable] | None) -> tuple[Numbers, Numbers]:
    """Distinct sums of features over a cluster, and how many clusters have each; only items used count."""
    import numpy as np

    if clusters is None:
        weights = _weights(of)
        sums, sizes = of.features[weights > 0], weights[weights > 0]
        return (sums, sizes) if of.rows is not None else _distinct(sums, sizes)
    if len(clusters) != of.items:
        raise ValueError(f"{len(clusters)} clusters for {of.items} items; give one an item")
    codes = _codes(clusters)
    keep = np.ones(of.items, bool) if of.used is None else of.used
    rows = np.arange(of.items) if of.rows is None else of.rows
    names, codes = np.unique(codes[keep], return_inverse=True)
    if len(names) == keep.sum():  # every item its own cluster
        return _by_cluster(of, None)
    if _sparse(of.features):
        return _summed(of.features[rows[keep]], codes, len(names)), np.ones(len(names))
    columns = [np.bincount(codes, weights=column[rows[keep]], minlength=len(names)) for column in of.features.T]
    return _distinct(np.stack(columns, axis=1), np.ones(len(names)))


def _distinct(sums: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """Equal rows as one with its count, unless the first thousand show that few are equal."""
    import numpy as np

    if _sparse(sums):
        return sums, sizes
    head = sums[:1000]
    if len(sums) > 1000 and len(np.unique(head, axis=0)) > 0.5 * len(head):
        return sums, sizes
    return np.unique(sums, axis=0, return_counts=True) if len(sums) else (sums, sizes)


def _codes(clusters: Sequence[Hashable]) -> Numbers:
    import numpy as np

    numbers = np.asarray(clusters)
    if numbers.ndim == 1 and numbers.dtype.kind in "iu":
        return numbers
    places: dict[Hashable, int] = {}
    return np.array([places.setdefault(cluster, len(places)) for cluster in clusters], dtype=np.int64)


def _weights(of: Sums) -> Numbers:
    """(patterns,): how many used items have each row of features."""
    import numpy as np

    if of.rows is None:
        return np.ones(of.items) if of.used is None else of.used.astype(float)
    rows = of.rows if of.used is None else of.rows[of.used]
    return np.bincount(rows, minlength=of.features.shape[0]).astype(float)


def _plain(of: Sums) -> Numbers:
    return of.features if of.rows is None else of.features[of.rows]


def _drawn(random: Any, sizes: Numbers, total: int, many: int) -> Numbers:
    """(many, distinct): how often each distinct cluster was drawn."""
    import numpy as np

    if len(sizes) < total / 4:
        drawn: Numbers = random.multinomial(total, sizes / total, size=many).astype(float)
        return drawn
    owner = np.repeat(np.arange(len(sizes)), sizes.astype(int))
    places = owner[random.integers(0, total, (many, total), dtype=np.int32)]
    places = places + np.arange(many)[:, None] * len(sizes)
    return np.bincount(places.ravel(), minlength=many * len(sizes)).reshape(many, -1).astype(float)


def _sparse(features: Any) -> bool:
    """True for a `scipy.sparse` array, which is imported only by those who make one."""
    return hasattr(features, "tocsr")


def _beside(parts: Sequence[Any]) -> Any:
    import numpy as np

    if not any(_sparse(part) for part in parts):
        return np.concatenate(parts, axis=1)
    from scipy.sparse import csr_array, hstack

    return hstack([csr_array(part) for part in parts], format="csr")


def _summed(features: Any, codes: Numbers, groups: int) -> Any:
    """Sparse rows added up by code."""
    import numpy as np
    from scipy.sparse import csr_array

    member = csr_array((np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(groups, len(codes)))
    return member @ features


def _jackknife(of: Sums, sums: Any, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """The statistic without one cluster of each kind, and how many there are of the kind.

    Where that would be too much to compute, clusters are left out in `_GROUPS` groups drawn once (the delete-a-group
    jackknife, Kott 2001, J. Official Statistics 17:521-526).
    """
    import numpy as np

    whole = sizes @ sums
    if _sparse(sums) and sums.shape[0] * sums.shape[1] > _MOST and len(sizes) > 2 * _GROUPS:
        places = np.random.default_rng(0).permutation(len(sizes)) % _GROUPS
        sums, sizes = _summed(sums, places, _GROUPS), np.ones(_GROUPS)
    block = max(1, _CELLS // max(sums.shape[1], 1))
    parts = (sums[start : start + block] for start in range(0, len(sizes), block))
    left = [of.finish(whole - (part.toarray() if _sparse(part) else part)) for part in parts]
    return (np.concatenate(left) if left else np.zeros(0)), sizes


def _jackknife_error(left: Numbers, sizes: Numbers) -> float:
    import numpy as np

    count = float(sizes.sum())
    if count < 2 or np.isnan(left).any():
        return math.nan
    mean = float(sizes @ left) / count
    return math.sqrt((count - 1) / count * float(sizes @ (left - mean) ** 2))


def _design_effect(of: Sums, error: float) -> float:
    alone = _jackknife_error(*_jackknife(of, *_by_cluster(of, None)))
    return (error / alone) ** 2 if alone > 0 else math.nan


def _bca_tails(tails: Numbers, values: Numbers, value: float, left: Numbers, sizes: Numbers) -> Numbers:
    """Efron's bias-corrected and accelerated quantiles; ties of a draw with the value count half."""
    import numpy as np
    from scipy.special import ndtr, ndtri

    below = float(((values < value) + 0.5 * (values == value)).mean())
    if not 0 < below < 1:
        return tails
    bias = ndtri(below)
    away = float(sizes @ left) / float(sizes.sum()) - left
    spread = float(sizes @ away**2)
    bend = float(sizes @ away**3) / (6 * spread**1.5) if spread > 0 else 0.0
    at = bias + ndtri(tails)
    scaled = 1 - bend * at
    return ndtr(bias + at / scaled) if (scaled > 0).all() else np.asarray(tails)


def _wilson(found: Interval, of: Sums, effect: float) -> Interval:
    """At a share of 0 or 1 no resample differs: Wilson's interval over n / design effect; others have none."""
    from .proportions import wilson

    if not of.share or math.isnan(found.value) or not found.n:
        return found
    n = found.clusters if math.isnan(effect) else max(1, round(found.n / max(effect, 1.0)))
    if found.clusters < found.n:
        n = min(n, found.clusters)
    low, high = wilson(round(found.value * n), n)
    return replace(found, low=low, high=high, method="wilson")


def _members(clusters: Sequence[Hashable]) -> list[Numbers]:
    import numpy as np

    rows: dict[Hashable, list[int]] = {}
    for row, cluster in enumerate(clusters):
        rows.setdefault(cluster, []).append(row)
    return [np.array(found) for found in rows.values()]


def _draw(members: Sequence[Numbers], random: Any) -> Numbers:
    import numpy as np

    return np.concatenate([members[place] for place in random.integers(0, len(members), len(members))])
