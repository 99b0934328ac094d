"""Intervals that draw whole clusters, never single labels, and never loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from .proportions import wilson
from .resampling import by_cluster, error_of, jackknife, resample
from .sums import Sums, combine, mean_of, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

__all__ = [
    "Interval",
    "Sums",
    "bootstrap",
    "combine",
    "interval",
    "jackknife_error",
    "mean_of",
    "ratio",
    "resample",
]

Method = Literal["auto", "bca", "percentile", "t"]
Limits = tuple[float | None, float | None]
FEW = 30
"""Below so many clusters the bootstrap is too narrow, and Student's t with clusters - 1 degrees of freedom is used."""


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


def interval(
    of: Sums,
    clusters: Sequence[Hashable] | None = None,
    *,
    method: Method = "auto",
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
    limits: Limits = (None, None),
) -> Interval:
    """The statistic with its interval; `clusters` names each item's highest cluster (default: each item its own).

    `auto` is Wilson's interval for a share, over the items that as many independent ones would need for its error over
    clusters (Dean and Pagano 2015, J Surv Stat Methodol 3:484-503); Student's t on the jackknife's error with G - 1
    degrees of freedom below 30 clusters G; else BCa (Efron 1987, JASA 82:171-185), its tails moved out as far as t's
    are, since a bootstrap is too narrow by sqrt((G - 1)/G) and knows no t (Hesterberg 2015, Am Stat 69:371-386, section
    4.5). `limits` are the least and the greatest value the statistic can have, None where it has none: t is then taken
    on the scale of log((value - least) / (greatest - value)), for correlations Fisher's z, so that no bound leaves
    them. Bounds are NaN and the method `none` with fewer than two clusters, without variation between the draws, or
    where the statistic is undefined in more draws than the interval may leave out. The same seed gives the same
    interval.
    """
    import numpy as np

    sums, sizes = by_cluster(of, clusters)
    count = int(sizes.sum())
    found = Interval(of.value, math.nan, math.nan, of.n, count, method="none", level=level)
    if count < 2 or math.isnan(found.value):
        return _wilson(found, of, math.nan) if count == of.n else found
    left, many = jackknife(of, sums, sizes)
    error = error_of(left, many)
    found = replace(found, design_effect=1.0 if clusters is None or count == of.n else _design_effect(of, error))
    if not error > 1e-12 * max(1.0, abs(found.value)) or (method == "auto" and of.share and 0 < found.value < 1):
        return _wilson(found, of, error)
    if method == "t" or (method == "auto" and count < FEW):
        low, high = _within(found.value, _reach(level, count) * error, limits)
        return replace(found, low=low, high=high, method="t")
    values = resample(of, sums, sizes, draws, seed)
    undefined = int(np.isnan(values).sum())
    if undefined > (1 - level) * draws:
        return replace(found, undefined=undefined)
    values = values[~np.isnan(values)]
    plain = method == "percentile" or bool(np.isnan(left).any())
    tails = _tails(level, math.inf) if plain else _bca_tails(_tails(level, count), values, found.value, left, many)
    low, high = (float(bound) for bound in np.quantile(values, tails))
    return replace(found, low=low, high=high, undefined=undefined, method="percentile" if plain else "bca")


def _reach(level: float, count: float) -> float:
    """Student's t of the level with clusters - 1 degrees of freedom; the normal quantile for endless clusters."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri((1 + level) / 2) if math.isinf(count) else stdtrit(count - 1, (1 + level) / 2))


def _within(value: float, reach: float, limits: Limits) -> tuple[float, float]:
    """value -+ reach on a scale that has no limits, the reach carried over by the slope there (delta method)."""
    least, greatest = limits
    below = math.inf if least is None else value - least
    above = math.inf if greatest is None else greatest - value
    if (least is None and greatest is None) or below <= 0 or above <= 0:
        return value - reach, value + reach
    shift = reach * (1 / below + 1 / above)
    return _moved(value, below, above, -shift), _moved(value, below, above, shift)


def _moved(value: float, below: float, above: float, shift: float) -> float:
    """The value whose log((value - least) / (greatest - value)) is larger by `shift`."""
    if math.isinf(above):
        return value + below * math.expm1(shift)
    if math.isinf(below):
        return value - above * math.expm1(-shift)
    width, odds = below + above, below / above * math.exp(min(shift, 700.0))
    return value - below + width * odds / (1 + odds)


def _tails(level: float, count: float) -> Numbers:
    """The two quantiles to read off, moved out for few clusters: Phi(-+ sqrt(G / (G - 1)) t)."""
    import numpy as np
    from scipy.special import ndtr

    reach = _reach(level, count) * (1.0 if math.isinf(count) else math.sqrt(count / (count - 1)))
    return np.asarray(ndtr(np.array([-reach, reach])))


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
    sums, sizes = by_cluster(of, clusters)
    return error_of(*jackknife(of, sums, sizes))


def _design_effect(of: Sums, error: float) -> float:
    alone = error_of(*jackknife(of, *by_cluster(of, None)))
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


def _wilson(found: Interval, of: Sums, error: float) -> Interval:
    """Wilson's interval for a share, over its effective number of items; what is no share has none.

    Between 0 and 1 that is value (1 - value) / variance, the variance never below that of independent items. At 0 and 1
    no resample differs, and each cluster counts once.
    """
    value = found.value
    if not of.share or not 0 <= value <= 1 or not found.n:
        return found
    alone = found.clusters == found.n
    if error > 1e-12 and 0 < value < 1:
        variance = error**2 * (found.clusters - 1) / found.clusters / min(1.0, found.design_effect)
        n = value * (1 - value) / variance
    else:
        n = found.clusters
    reach = _reach(found.level, math.inf if alone or found.clusters < 2 else found.clusters)
    low, high = wilson(value * n, n, reach)
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
