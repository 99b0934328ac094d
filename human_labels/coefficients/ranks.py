"""Order: Spearman's rho, Kendall's tau-b and the area under the ROC curve, with ranks taken anew in every draw.

Up to `GRID` distinct pairs of values the draw's own table of them is ranked. Above, a draw has the first-order value
(Hoeffding's projection: what each item adds, in the mean over the others), and the value on all items stays exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..intervals import Sums, ratio
from ..records import Table
from .dominance import concordance
from .patterns import two

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

GRID = 1_000
"""Most distinct pairs of values that are counted one by one."""


def spearman(table: Table) -> Sums:
    """Spearman's rho with mean ranks for ties, over the items both labelled; NaN where one never varies."""
    found = _pairs(table)
    return _on_grid(found, _grid_rho(found)) if len(found.one) <= GRID else _projected_rho(found)


def kendall(table: Table) -> Sums:
    """Kendall's tau-b, (C - D) / sqrt(pairs untied in one * untied in the other); NaN where one never varies."""
    found = _pairs(table)
    return _on_grid(found, _grid_tau(found)) if len(found.one) <= GRID else _projected_tau(found)


def auc(table: Table) -> Sums:
    """P(score of a random 1 > score of a random 0), ties counting half: the area under the ROC curve.

    First column the scores, second 0 and 1. NaN without both. Raises ValueError when the second holds anything else.
    """
    import numpy as np

    gold = table.values[:, 1] if table.values.shape[1] == 2 else np.zeros(0)
    if not np.isin(gold[~np.isnan(gold)], (0, 1)).all():
        raise ValueError("auc needs a gold standard of 0 and 1")
    found = _pairs(table)
    return _on_grid(found, _grid_auc(found)) if len(found.one) <= GRID else _projected_auc(found)


@dataclass(frozen=True)
class _Pairs:
    """Distinct pairs of values, the first column's ascending."""

    one: Numbers
    """(pairs,): place of the first value among its column's distinct ones."""
    other: Numbers
    rows: Numbers
    """(items,): the item's pair; the number of pairs where a value is missing."""
    second: Numbers
    """The second column's distinct values."""

    @property
    def used(self) -> Numbers:
        return self.rows < len(self.one)

    def each(self) -> tuple[Numbers, Numbers]:
        """The two places of every used item."""
        rows = self.rows[self.used]
        return self.one[rows], self.other[rows]


def _pairs(table: Table) -> _Pairs:
    import numpy as np

    two(table)
    both = np.asarray((~np.isnan(table.values)).all(axis=1))
    _, one = np.unique(table.values[both, 0], return_inverse=True)
    second, other = np.unique(table.values[both, 1], return_inverse=True)
    key, inside = np.unique(one * max(len(second), 1) + other, return_inverse=True)
    rows = np.full(len(both), len(key))
    rows[both] = inside
    return _Pairs(key // max(len(second), 1), key % max(len(second), 1), rows, second)


def _on_grid(found: _Pairs, finish: Callable[[Numbers], Numbers]) -> Sums:
    """Counts of each pair of values; the row after the last is that of items that do not enter."""
    import numpy as np

    features = np.eye(len(found.one) + 1, len(found.one))
    return Sums(features, finish, rows=found.rows, used=None if found.used.all() else found.used)


def _grid_rho(found: _Pairs) -> Callable[[Numbers], Numbers]:
    import numpy as np

    def finish(counts: Numbers) -> Numbers:
        one, other = _ranks(counts, found.one), _ranks(counts, found.other)
        over = (counts * one * other).sum(axis=-1)
        return ratio(over, np.sqrt((counts * one**2).sum(axis=-1)) * np.sqrt((counts * other**2).sum(axis=-1)))

    return finish


def _grid_tau(found: _Pairs) -> Callable[[Numbers], Numbers]:
    import numpy as np

    signs = np.sign(np.subtract.outer(found.one, found.one)) * np.sign(np.subtract.outer(found.other, found.other))
    signs = signs.astype(float)

    def finish(counts: Numbers) -> Numbers:
        n = counts.sum(axis=-1)
        one, other = (n * n - (_margin(counts, places) ** 2).sum(axis=-1) for places in (found.one, found.other))
        return ratio(((counts @ signs) * counts).sum(axis=-1), np.sqrt(one) * np.sqrt(other))

    return finish


def _grid_auc(found: _Pairs) -> Callable[[Numbers], Numbers]:
    import numpy as np

    gold = found.second[found.other] if len(found.second) else np.zeros(0)

    def finish(counts: Numbers) -> Numbers:
        ones, zeros = (_margin(counts * (gold == said), found.one) for said in (1, 0))
        below = np.cumsum(zeros, axis=-1) - zeros / 2
        return ratio((ones * below).sum(axis=-1), ones.sum(axis=-1) * zeros.sum(axis=-1))

    return finish


def _projected_rho(found: _Pairs) -> Sums:
    """rho = cov(F, G) / sqrt(var F var G), F and G the mid-distribution functions; E F = E G = 1/2 in every draw."""
    import numpy as np

    one, other = found.each()
    f, g = _mid(one), _mid(other)
    n = len(one)
    shared = f * g + (_above(one, g) + _above(other, f)) / n
    spread = [h * h + 2 * _above(places, h) / n for places, h in ((one, f), (other, g))]
    held = [2 * float((a * b).mean()) + 0.25 for a, b in ((f, g), (f, f), (g, g))]

    def finish(sums: Numbers) -> Numbers:
        cov, first, second = (ratio(sums[..., k + 1], sums[..., 0]) - held[k] for k in range(3))
        return ratio(cov, np.sqrt(np.maximum(first, 0)) * np.sqrt(np.maximum(second, 0)))

    return _of_items(found, [np.ones(n), shared, *spread], finish)


def _projected_tau(found: _Pairs) -> Sums:
    import numpy as np

    one, other = found.each()
    n = len(one)
    untied = [1 - np.bincount(places)[places] / n for places in (one, other)]
    columns = [concordance(one, other) / n, *untied]
    held = [float(column.mean()) for column in columns]

    def finish(sums: Numbers) -> Numbers:
        over, first, second = (2 * ratio(sums[..., k + 1], sums[..., 0]) - held[k] for k in range(3))
        return ratio(over, np.sqrt(np.maximum(first, 0)) * np.sqrt(np.maximum(second, 0)))

    return _of_items(found, [np.ones(n), *columns], finish)


def _projected_auc(found: _Pairs) -> Sums:
    """Placement values (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837-845)."""
    import numpy as np

    one, other = found.each()
    gold = found.second[other]
    ones, zeros = (gold == 1).astype(float), (gold == 0).astype(float)
    if not ones.any() or not zeros.any():
        return _of_items(found, [ones], lambda sums: np.full(np.shape(sums)[:-1], np.nan))
    beaten = ones * (_above(-one + one.max(), zeros)) / zeros.sum()
    beating = zeros * _above(one, ones) / ones.sum()
    level = float(beaten.sum() / ones.sum())

    def finish(sums: Numbers) -> Numbers:
        return ratio(sums[..., 2], sums[..., 0]) + ratio(sums[..., 3], sums[..., 1]) - level

    return _of_items(found, [ones, zeros, beaten, beating], finish)


def _of_items(found: _Pairs, columns: list[Numbers], finish: Callable[[Numbers], Numbers]) -> Sums:
    import numpy as np

    features = np.zeros((len(found.rows), len(columns)))
    features[found.used] = np.column_stack(columns)
    return Sums(features, finish, used=None if found.used.all() else found.used)


def _margin(counts: Numbers, places: Numbers) -> Numbers:
    """(..., distinct): counts of one column's values."""
    import numpy as np

    if not len(places):
        return np.zeros((*np.shape(counts)[:-1], 0))
    order = np.argsort(places, kind="stable")
    starts = np.flatnonzero(np.diff(places[order], prepend=-1))
    return np.add.reduceat(counts[..., order], starts, axis=-1)


def _ranks(counts: Numbers, places: Numbers) -> Numbers:
    """(..., pairs): each pair's mean rank in its column, less the middle one."""
    import numpy as np

    margin = _margin(counts, places)
    ranks: Numbers = np.cumsum(margin, axis=-1) - (margin + margin.sum(axis=-1, keepdims=True)) / 2
    return np.asarray(ranks[..., places])


def _mid(places: Numbers) -> Numbers:
    """Share of items below, ties half."""
    import numpy as np

    counts = np.bincount(places)
    share: Numbers = (np.cumsum(counts) - counts / 2) / len(places)
    return np.asarray(share[places])


def _above(places: Numbers, values: Numbers) -> Numbers:
    """Each item's sum of values over items whose place is above its own, ties half."""
    import numpy as np

    total = np.bincount(places, weights=values)
    above: Numbers = total.sum() - np.cumsum(total) + total / 2
    return np.asarray(above[places])
