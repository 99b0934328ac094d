"""How close two columns of numbers are, as sums over items: by rank, by line, by being equal.

A column may hold several pairs of one item (a crowd's labels, each with the mean of the others): `item` says whose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ..coefficients.ranks import spearman as first_order
from ..intervals import Sums, ratio
from ..records import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

MANY = 5_000
"""Most distinct pairs of values that are ranked anew in every resample."""
_LARGE = 2_000
"""From so many items on, those that are alike are counted instead of listed."""
_DENSE = 64
"""Up to so many features a full matrix is faster than a sparse one."""


def close(one: Numbers, other: Numbers, measure: str, *, item: Numbers | None = None, items: int = 0) -> Sums:
    """The measure between two columns, over pairs without NaN. Raises `UsageError` for an unknown measure.

    `item` is each pair's item of `items` (default: one pair an item). The measures are those of `MEASURES`.
    """
    import numpy as np

    if measure not in MEASURES:
        raise UsageError(f"unknown measure {measure!r}; known: {', '.join(MEASURES)}")
    item = np.arange(len(one)) if item is None else item
    both = ~np.isnan(one) & ~np.isnan(other)
    return MEASURES[measure](one[both], other[both], item[both], items or len(one))


def spearman(one: Numbers, other: Numbers, item: Numbers, items: int) -> Sums:
    """Spearman's rho with mid-ranks, the ranks made anew in every resample; NaN where a side is constant.

    Features count the distinct pairs of values, so that ranks are running sums of weights (Kendall and Gibbons 1990,
    "Rank Correlation Methods", chapter 3). Above `MANY` distinct pairs, one an item, resamples are to first order and
    the value on all items exact, as in `coefficients.ranks`.
    """
    import numpy as np

    pairs, place = _kinds(one, other)
    single = len(item) <= items and bool((np.bincount(item, minlength=items) <= 1).all())
    if len(pairs) > MANY and single:
        values = np.full((items, 2), np.nan)
        values[item] = np.column_stack([one, other])
        return first_order(Table(("",) * items, ("one", "other"), values))
    sides = [np.unique(side, return_inverse=True)[1] for side in pairs.T]
    if single and items >= _LARGE and len(pairs) < items // 2:
        # one row of features for all items with one pair of values; the last is that of items that do not enter
        rows = np.full(items, len(pairs))
        rows[item] = place
        return Sums(np.eye(len(pairs) + 1, len(pairs)), lambda sums: _rho(sums, *sides), rows, rows < len(pairs))
    features, used = _counted(place, item, len(pairs), items)
    return Sums(features, lambda sums: _rho(sums, *sides), used=used)


def pearson(one: Numbers, other: Numbers, item: Numbers, items: int) -> Sums:
    """Pearson's r by its six sums; NaN where a side is constant."""
    import numpy as np

    x, y = (side - side.mean() if len(side) else side for side in (one, other))  # centred, so that no digits are lost
    columns = np.stack([np.ones(len(x)), x, y, x * x, y * y, x * y])
    features, used = _added(columns, item, items)
    return Sums(features, _r, used=used)


def agreement(one: Numbers, other: Numbers, item: Numbers, items: int) -> Sums:
    """Share of pairs that are equal."""
    import numpy as np

    return mean((one == other).astype(float), np.asarray(item), items)


def mean(values: Numbers, item: Numbers, items: int) -> Sums:
    """Mean over pairs."""
    import numpy as np

    features, used = _added(np.stack([values, np.ones(len(values))]), item, items)
    return Sums(features, lambda sums: ratio(sums[..., 0], sums[..., 1]), used=used)


def _rho(sums: Numbers, x: Numbers, y: Numbers) -> Numbers:
    """Correlation of the mid-ranks under weights `sums` of the distinct pairs (x, y)."""
    import numpy as np

    if not len(x):
        return np.full(sums.shape[:-1], np.nan)
    total = sums.sum(axis=-1)
    (rank_x, spread_x), (rank_y, spread_y) = (_ranks(sums, side, total) for side in (x, y))
    along = (sums * rank_x * rank_y).sum(axis=-1)
    varied = (spread_x > 1e-9 * total**3) & (spread_y > 1e-9 * total**3)
    return ratio(along, np.where(varied, np.sqrt(spread_x * spread_y), 0.0))


def _ranks(sums: Numbers, side: Numbers, total: Numbers) -> tuple[Numbers, Numbers]:
    """Centred mid-rank of each pair's value, and the weighted sum of their squares."""
    import numpy as np

    order = np.argsort(side, kind="stable")
    starts = np.searchsorted(side[order], np.arange(int(side.max()) + 1))
    weights = np.add.reduceat(sums[..., order], starts, axis=-1)
    ranks = np.cumsum(weights, axis=-1)
    ranks -= weights / 2
    ranks -= total[..., None] / 2
    return ranks[..., side], (weights * ranks * ranks).sum(axis=-1)


def _r(sums: Numbers) -> Numbers:
    import numpy as np

    n, x, y, xx, yy, xy = (sums[..., place] for place in range(6))
    spread_x, spread_y = n * xx - x * x, n * yy - y * y
    varied = (spread_x > 1e-12 * n * xx) & (spread_y > 1e-12 * n * yy)
    return ratio(n * xy - x * y, np.where(varied, np.sqrt(np.abs(spread_x * spread_y)), 0.0))


def _kinds(one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    """Distinct pairs of values, ascending, and which of them each pair is."""
    import numpy as np

    (first, x), (second, y) = (np.unique(side, return_inverse=True) for side in (one, other))
    codes, place = np.unique(x.ravel() * max(len(second), 1) + y.ravel(), return_inverse=True)
    pairs = np.column_stack([first[codes // max(len(second), 1)], second[codes % max(len(second), 1)]])
    return pairs, place.ravel()


def _counted(place: Numbers, item: Numbers, kinds: int, items: int) -> tuple[Any, Numbers]:
    """(items, kinds): how many pairs of each kind an item has; and which items have any."""
    import numpy as np

    used = np.bincount(item, minlength=items) > 0
    if kinds > _DENSE:
        from scipy.sparse import csr_array

        return csr_array((np.ones(len(item)), (item, place)), shape=(items, kinds)), used
    cells = np.bincount(item * kinds + place, minlength=items * kinds)
    return cells.reshape(items, kinds).astype(float), used


def _added(columns: Numbers, item: Numbers, items: int) -> tuple[Numbers, Numbers]:
    """(items, columns): each column added up by item; and which items have any."""
    import numpy as np

    features = np.stack([np.bincount(item, weights=column, minlength=items) for column in columns], axis=1)
    return features, np.bincount(item, minlength=items) > 0


MEASURES: Mapping[str, Callable[[Numbers, Numbers, Numbers, int], Sums]] = {
    "spearman": spearman,
    "pearson": pearson,
    "agreement": agreement,
}
"""Ordered labels: `spearman`; continuous ones: `pearson`, which a few far values can carry; names: `agreement`."""
