"""Numbers: Pearson, Lin's concordance, intraclass correlation, mean differences, all from sums of products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..intervals import Sums, ratio
from ..records import Table
from .patterns import Patterns, measurements, two

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_NOTHING = 1e-12
"""A sum of squares below this part of the squares it is left from is rounding."""


def pearson(table: Table) -> Sums:
    """Pearson's correlation of two columns; NaN where one never varies. Blind to shift and unit of either."""
    import numpy as np

    def finish(n: Numbers, one: Numbers, other: Numbers, shared: Numbers, shift: Numbers) -> Numbers:
        return ratio(shared, np.sqrt(one) * np.sqrt(other))

    return _of_products(table, finish, anywhere=True)


def ccc(table: Table) -> Sums:
    """Lin's concordance correlation, 2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), with moments over n.

    Lin 1989, Biometrics 45:255-268. NaN where both columns are one and the same constant.
    """
    return _of_products(table, lambda n, one, other, shared, shift: ratio(2 * shared, one + other + shift**2))


def bias(table: Table) -> Sums:
    """Mean of first minus second column: by how much the judge is above people, in points of the scale."""
    two(table)
    found = measurements(table)
    return _mean(found, found.cells[:, 0] - found.cells[:, 1])


def mae(table: Table) -> Sums:
    """Mean absolute difference of two columns, in points of the scale."""
    import numpy as np

    two(table)
    found = measurements(table)
    return _mean(found, np.abs(found.cells[:, 0] - found.cells[:, 1]))


def icc(table: Table, *, mean: bool = False) -> Sums:
    """ICC(2,1), two-way random effects, absolute agreement, a single rater; with `mean`, ICC(2,k), that of their mean.

    Shrout and Fleiss 1979, Psychological Bulletin 86:420-428. Over the items that every rater labelled, and n says how
    many those are. NaN below two raters or items, or without any variation.
    """
    import numpy as np

    found = measurements(table)
    raters = len(table.raters)
    whole = found.complete & (raters > 0)
    values = _from_middle(found.cells, whole)
    total = values.sum(axis=1)
    features = np.column_stack([whole, total**2, (values**2).sum(axis=1), values])

    def finish(sums: Numbers) -> Numbers:
        n, rows, squares, columns = sums[..., 0], sums[..., 1] / max(raters, 1), sums[..., 2], sums[..., 3:]
        middle = ratio(columns.sum(axis=-1) ** 2, n * raters)
        by_rater = ratio((columns**2).sum(axis=-1), n)
        degrees = np.maximum(n - 1, 0)
        between = ratio(_cleaned(rows - middle, squares), degrees)
        raised = ratio(_cleaned(by_rater - middle, squares), raters - 1)  # type: ignore[arg-type]
        left = ratio(_cleaned(squares - rows - by_rater + middle, squares), degrees * (raters - 1))
        if mean:
            return ratio(between - left, between + ratio(raised - left, n))
        return ratio(between - left, between + (raters - 1) * left + raters * ratio(raised - left, n))

    return found.sums(features, finish, whole)


def _of_products(table: Table, of: Any, *, anywhere: bool = False) -> Sums:
    """`of(n, n^2 var x, n^2 var y, n^2 cov, n (mean x - mean y))`."""
    import numpy as np

    two(table)
    found = measurements(table, anywhere=anywhere)
    both = found.complete
    if anywhere:
        x, y = (_from_middle(found.cells[:, [column]], both)[:, 0] for column in (0, 1))
    else:
        x, y = _from_middle(found.cells, both).T
    features = np.column_stack([both, x, y, x * x, y * y, x * y])

    def finish(sums: Numbers) -> Numbers:
        n, x, y, xx, yy, xy = (sums[..., place] for place in range(6))
        one, other = _cleaned(n * xx - x * x, n * xx), _cleaned(n * yy - y * y, n * yy)
        shared = np.where((one > 0) & (other > 0), n * xy - x * y, 0.0)
        return np.asarray(of(n, one, other, shared, x - y))

    return found.sums(features, finish, both)


def _mean(found: Patterns, values: Numbers) -> Sums:
    import numpy as np

    both = found.complete
    features = np.column_stack([np.where(both, values, 0.0), both])
    return found.sums(features, lambda sums: ratio(sums[..., 0], sums[..., 1]), both)


def _from_middle(values: Numbers, kept: Numbers) -> Numbers:
    """Values of the kept rows less the one nearest their mean, so that sums of whole numbers stay exact; others 0."""
    import numpy as np

    inside = values[kept]
    if not inside.size:
        return np.zeros(values.shape)
    origin = inside.flat[np.abs(inside - inside.mean()).argmin()]
    return np.where(kept[:, None], values - origin, 0.0)


def _cleaned(squares: Numbers, whole: Numbers) -> Numbers:
    import numpy as np

    return np.where(squares > _NOTHING * whole, squares, 0.0)
