"""Intervals by the cluster bootstrap: whole users, documents or conversations are drawn again, never single labels."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A statistic with its percentile bootstrap interval."""

    value: float
    low: float
    high: float
    n: int
    clusters: int
    undefined: int = 0
    """Draws in which the statistic was not defined; the bounds are NaN when the interval may not leave out so many."""


def bootstrap(
    statistic: Callable[[NDArray[Any]], float],
    clusters: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Percentile interval of `statistic`, a function of row numbers, drawing clusters with replacement.

    `clusters` names each row's highest cluster. The same seed gives the same interval. With fewer than about 30
    clusters a percentile interval is too narrow; the number of clusters therefore stands beside it.
    Davison and Hinkley, "Bootstrap Methods and their Application", section 3.8.
    """
    import numpy as np

    members = _members(clusters)
    random = np.random.default_rng(seed)
    values = np.array([statistic(_draw(members, random)) for _ in range(draws)])
    undefined = int(np.isnan(values).sum())
    low, high = (
        _percentiles(values[~np.isnan(values)], level) if undefined <= (1 - level) * draws else (math.nan, math.nan)
    )
    value = statistic(np.arange(len(clusters)))
    return Interval(value, low, high, n=len(clusters), clusters=len(members), undefined=undefined)


def _members(clusters: Sequence[Hashable]) -> list[NDArray[Any]]:
    import numpy as np

    rows: dict[Hashable, list[int]] = {}
    for row, cluster in enumerate(clusters):
        rows.setdefault(cluster, []).append(row)
    return [np.array(found) for found in rows.values()]


def _draw(members: Sequence[NDArray[Any]], random: Any) -> NDArray[Any]:
    import numpy as np

    return np.concatenate([members[place] for place in random.integers(0, len(members), len(members))])


def _percentiles(values: NDArray[Any], level: float) -> tuple[float, float]:
    import numpy as np

    defined = values[~np.isnan(values)]
    if not len(defined) or len(defined) < level * len(values):
        return math.nan, math.nan
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
