"""A difference of two shares over shared clusters, with the bounds that missing verdicts leave."""

from __future__ import annotations

import math
import operator
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..intervals import Interval, Method, Sums, combine, interval, mean_of
from .records import Difference, Outcome, Rate
from .testing import cluster_test, smallest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Draws:
    """How resamples are drawn."""

    seed: int = 0
    draws: int = 1000

    def of(self, sums: Sums, clusters: Sequence[Hashable], method: Method = "auto") -> Interval:
        """The interval of a statistic."""
        return interval(sums, clusters, method=method, seed=self.seed, draws=self.draws)


def difference(
    name: str,
    title: str,
    values: Numbers,
    of_a: Numbers,
    clusters: Sequence[Hashable],
    how: Draws,
    *,
    shared: bool = True,
    entering: Numbers | None = None,
    lower_is_better: bool = False,
    planned: bool = True,
) -> Difference:
    """a's share minus b's: `values` (samples of both sides,) are 1, 0, or NaN where there is no word.

    `shared` says that both sides have the same clusters; `entering` restricts the difference (not the rates and their
    bounds) to samples both have a word on. Not yet settled: `outcome` is set within the family.
    """
    import numpy as np

    def side(of: Numbers, mask: Numbers) -> Sums:
        return mean_of(np.where(mask, of, np.nan))

    def gap(for_a: Numbers, for_b: Numbers) -> Sums:
        return combine(operator.sub, side(for_a, of_a), side(for_b, ~of_a))

    enters = values if entering is None else np.where(entering, values, np.nan)
    delta = gap(enters, enters)
    found = kept(how.of(delta, clusters), -1.0)
    zeros, ones = (np.where(np.isnan(values), fill, values) for fill in (0.0, 1.0))
    least, most = gap(zeros, ones), gap(ones, zeros)
    complete = not np.isnan(values).any()
    return Difference(
        name,
        title,
        rate(values, of_a, clusters, how),
        rate(values, ~of_a, clusters, how),
        found,
        (least.value, most.value),
        (found.low, found.high) if complete else _worst(least, most, clusters, how),
        cluster_test(delta, clusters, None if shared else sides_of(clusters, of_a)),
        "t over clusters",
        smallest(delta, clusters),
        lower_is_better,
        planned,
    )


def rate(values: Numbers, mask: Numbers, clusters: Sequence[Hashable], how: Draws) -> Rate:
    """One side's share with its interval and bounds."""
    import numpy as np

    own = values[mask]
    judged = int((~np.isnan(own)).sum())
    count, planned = int(np.nansum(own)), len(own)
    bounds = (count / planned, (count + planned - judged) / planned) if planned else (0.0, 1.0)
    found = how.of(mean_of(np.where(mask, values, np.nan), share=True), clusters)
    return Rate(kept(found), count, planned, bounds)


def kept(found: Interval, least: float = 0.0, most: float = 1.0) -> Interval:
    """The interval cut at the range of what it is of: nothing outside can be true. NaN bounds stay."""
    return replace(found, low=max(found.low, least), high=min(found.high, most))


def sides_of(clusters: Sequence[Hashable], of_a: Numbers) -> tuple[int, int]:
    """How many clusters either side has, where they share none."""
    of = list(zip(clusters, of_a, strict=True))
    return len({cluster for cluster, mine in of if mine}), len({cluster for cluster, mine in of if not mine})


def settle(difference: Difference, adjusted: float) -> Difference:
    """The difference with its p in the family and what may be said of it."""
    return replace(difference, adjusted=adjusted, outcome=_outcome(difference, adjusted))


def outcome_of(delta: Interval, p: float, lower_is_better: bool = False) -> Outcome:
    """Who is ahead where nothing is missing: both the interval and the p must say so."""
    contains = not math.isnan(delta.low) and delta.low <= 0 <= delta.high
    if not p <= ALPHA or contains or math.isnan(delta.value) or delta.value == 0:
        return Outcome.NOT_SHOWN
    return Outcome.A if (delta.value > 0) != lower_is_better else Outcome.B


def _outcome(found: Difference, p: float) -> Outcome:
    """Missing verdicts come first: where they may decide who is ahead, nothing is."""
    if not found.planned:
        return Outcome.NOT_SHOWN
    missing = found.a.missing + found.b.missing
    if missing and found.bounds[0] <= 0 <= found.bounds[1]:
        return Outcome.NOT_DECIDED
    said = outcome_of(found.delta, p, found.lower_is_better)
    if missing and said is not Outcome.NOT_SHOWN and found.worst[0] <= 0 <= found.worst[1]:
        return Outcome.NOT_DECIDED
    return said


def _worst(least: Sums, most: Sums, clusters: Sequence[Hashable], how: Draws) -> tuple[float, float]:
    """Low of the least, high of the greatest difference; a bound without an interval stands for itself."""
    low, high = (kept(how.of(of, clusters), -1.0) for of in (least, most))
    return (
        low.value if math.isnan(low.low) else low.low,
        high.value if math.isnan(high.high) else high.high,
    )
