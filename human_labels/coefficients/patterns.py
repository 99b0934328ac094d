"""The distinct rows of a table: what is computed once for each serves a million labels.

A value off the table's scale is refused here, before a coefficient can be wrong by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..codes import different, firsts
from ..intervals import Sums
from ..records import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

MOST_CODES = 500
"""More categories than this are measurements, and coefficients of categories refuse them."""
_MOST_VALUES = 100
"""Up to so many distinct values, rows of numbers are looked for that occur twice."""


@dataclass(frozen=True)
class Patterns:
    """What a table's rows can be, and which one each item is."""

    cells: Numbers
    """(patterns, raters): places in `codes`, -1 for nothing said; or numbers, NaN for nothing said."""
    rows: Numbers | None
    """(items,): the item's pattern; None where every item is its own."""
    codes: Numbers
    """(q,): the category space; empty for numbers."""

    def sums(
        self, features: Numbers, finish: Callable[[Numbers], Numbers], used: Numbers, *, share: bool = False
    ) -> Sums:
        """`Sums` of features given for each pattern; `used` (patterns,) marks those that enter."""
        import numpy as np

        features = np.where(used[:, None], features, 0.0)
        mask = used if self.rows is None else used[self.rows]
        return Sums(features, finish, rows=self.rows, used=None if mask.all() else mask, share=share)

    def counts(self) -> Numbers:
        """(patterns, q): how many raters gave each code."""
        import numpy as np

        given = [(self.cells == place).sum(axis=1) for place in range(len(self.codes))]
        return np.stack(given, axis=1).astype(float) if given else np.zeros((len(self.cells), 0))

    def one_hot(self, column: int) -> Numbers:
        """(patterns, q): 1 where that rater gave that code."""
        import numpy as np

        hot: Numbers = (self.cells[:, [column]] == np.arange(len(self.codes))).astype(float)
        return hot

    @property
    def complete(self) -> Numbers:
        """(patterns,): true where every rater said something."""
        import numpy as np

        given: Numbers = ~np.isnan(self.cells) if self.cells.dtype.kind == "f" else self.cells >= 0
        return np.asarray(given.all(axis=1))


def categories(table: Table, *, ordered: bool = True, on: Sequence[float] | None = None) -> Patterns:
    """The table's patterns as places in `table.codes` (or `on`); without `ordered`, who said what is forgotten.

    Raises ValueError for a value off the scale, and for more than `MOST_CODES` categories.
    """
    import numpy as np

    codes = np.array(table.codes if on is None else on, float)
    if len(codes) > MOST_CODES:
        raise ValueError(f"{len(codes):,} distinct values are no categories; use a coefficient for numbers")
    places = np.full(table.values.shape, -1)
    given = ~np.isnan(table.values)
    if len(codes):
        near = np.minimum(np.searchsorted(codes, table.values[given]), len(codes) - 1)
        if not np.array_equal(codes[near], table.values[given]):
            _refuse(table, given & ~np.isin(table.values, codes))
        places[given] = near
    if not ordered:
        places = np.sort(places, axis=1)
    first, rows = _distinct(places, len(codes))
    return Patterns(places[first], rows, codes)


def measurements(table: Table, *, anywhere: bool = False) -> Patterns:
    """The table's patterns as numbers. Raises ValueError for one beyond the scale's ends, unless `anywhere`."""
    import numpy as np

    values = np.asarray(table.values, float)
    given = ~np.isnan(values)
    if table.scale is not None and not anywhere:
        off = given & ~((values >= table.scale.low) & (values <= table.scale.high))
        if off.any():
            _refuse(table, off)
    none = np.zeros(0)
    known = np.unique(values[given][:10_000])
    if len(known) > _MOST_VALUES or len(known := np.unique(values[given])) > _MOST_VALUES:
        return Patterns(values, None, none)
    places = np.full(values.shape, -1)
    places[given] = np.searchsorted(known, values[given])
    first, rows = _distinct(places, len(known))
    return Patterns(values[first], rows, none)


def complete(table: Table) -> Table:
    """The same items with every label taken from those that not all raters labelled, so that none of them enters."""
    import numpy as np

    whole = np.asarray((~np.isnan(table.values)).all(axis=1))
    return Table(table.ids, table.raters, np.where(whole[:, None], table.values, np.nan), table.scale)


def compressed(of: Sums, table: Table) -> Sums:
    """The same statistic with one row of features for each pattern of the table."""
    if of.rows is not None:
        return of
    first, rows = same_rows(table.values)
    return of if len(first) > 0.5 * of.items else Sums(of.features[first], of.finish, rows, of.used, of.share)


def undefined(items: int) -> Sums:
    """A statistic that has no value."""
    import numpy as np

    return Sums(
        np.zeros((items, 1)), lambda sums: np.full(np.shape(sums)[:-1], np.nan), used=np.zeros(items, dtype=bool)
    )


def two(table: Table) -> None:
    """Raises ValueError for a table of other than two raters."""
    if len(table.raters) != 2:
        raise ValueError(f"this coefficient is of two raters, not {len(table.raters)}; figure_sums takes more")


def same_rows(values: Numbers) -> tuple[Numbers, Numbers]:
    """First item of each distinct row of numbers, NaN equal to NaN, and the distinct row of each item."""
    import numpy as np

    known = np.unique(values)
    return _distinct(np.searchsorted(known, values), len(known))


def _distinct(places: Numbers, codes: int) -> tuple[Numbers, Numbers]:
    """First item of each distinct row of places (-1 … codes - 1), and each item's."""
    import numpy as np

    if places.shape[1] * math.log2(codes + 1) < 62:  # a row's places make one whole number
        key = np.zeros(len(places), dtype=np.int64)
        for column in places.T:
            key = key * (codes + 1) + (column + 1)
        possible = (codes + 1) ** places.shape[1]
        known, rows = different(key, possible)
        first = firsts(rows, len(known))
    else:
        _, first, rows = np.unique(places, axis=0, return_index=True, return_inverse=True)
    return first, rows.ravel()


def _refuse(table: Table, off: Numbers) -> None:
    import numpy as np

    item, rater = (int(place) for place in np.argwhere(off)[0])
    many = int(off.sum())
    raise ValueError(
        f"{many} value{'s are' if many > 1 else ' is'} off the scale{f' {table.scale}' if table.scale else ''}: "
        f"{table.values[item, rater]:g} by {table.raters[rater]} on {table.ids[item]}; "
        f"all must speak on one scale before they are compared"
    )
