"""Krippendorff's alpha: the package's value, and the same as sums over items, so that it has an interval.

"Ordinal" is Krippendorff's own metric, by marginal frequencies ("Content Analysis", chapter 11). irrCAC's ordinal
*weights* are another thing and give other numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from ..intervals import Sums, ratio
from ..records import Table
from .patterns import MOST_CODES, Patterns, categories, measurements, undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

Level = Literal["nominal", "ordinal", "interval", "ratio"]
_MOST_CELLS = 125_000_000
_MOST_RANKED = 40
"""Up to so many codes the ordinal metric is taken anew in every draw (its sums are the whole coincidence matrix)."""


def alpha(table: Table, metric: Level) -> float:
    """Krippendorff's alpha by the `krippendorff` package, 1 - observed / expected disagreement, missing cells allowed.

    NaN where no item has two labels or one label only occurs. Raises ValueError for a value off the scale. The memory
    of the package grows with items times distinct values squared; beyond 1 GB the value is that of `alpha_sums`.
    """
    import krippendorff
    import numpy as np

    measurements(table)
    if metric in ("nominal", "ordinal") and table.scale is not None and table.scale.codes:
        categories(table)
    values = table.values[(~np.isnan(table.values)).sum(axis=1) > 1]
    known = np.unique(values[~np.isnan(values)])
    if len(known) < 2 or (metric == "ratio" and known[0] < 0):
        return math.nan
    if len(values) * len(known) ** 2 > _MOST_CELLS:
        return alpha_sums(table, metric).value
    return float(krippendorff.alpha(reliability_data=values.T, level_of_measurement=metric))


def alpha_sums(table: Table, metric: Level) -> Sums:
    """The same as sums over the items with two labels or more; equal to `alpha` on all items.

    Nominal, interval and ratio distances do not change from draw to draw. The ordinal one is taken anew in every draw
    up to 40 codes; above, the mid-ranks of the full sample are kept. A ratio alpha of more than 500 distinct values has
    its expected disagreement in a draw to first order (Hoeffding's projection). The value on all items is exact in each
    case. Does not depend on codes that nobody gave.
    """
    import numpy as np

    numbers = measurements(table)
    if metric == "interval":
        return _of_squares(numbers)
    if metric == "nominal":
        found = categories(table, ordered=False)
        return _of_distances(found, 1.0 - np.eye(len(found.codes)))
    values = table.values[~np.isnan(table.values)]
    known = np.unique(values)
    if metric == "ordinal" and len(known) <= _MOST_RANKED:
        return _of_ranks(categories(table, ordered=False))
    if metric == "ordinal":
        return _of_held_ranks(table)
    if len(known) and known[0] < 0:
        return undefined(len(table.ids))
    if len(known) <= MOST_CODES:
        found = categories(Table(table.ids, table.raters, table.values), ordered=False)
        return _of_distances(found, _ratio_distance(found.codes, found.codes))
    return _projected(np.asarray(table.values, float))


def _of_distances(found: Patterns, far: Numbers) -> Sums:
    """1 - (n - 1) sum_u sum_cl n_uc n_ul d_cl / (m_u - 1) / sum_cl n_c n_l d_cl."""
    import numpy as np

    counts, labels, several = _pairable(found)
    apart = ((counts @ far) * counts).sum(axis=1) / np.maximum(labels - 1, 1)

    def finish(sums: Numbers) -> Numbers:
        common = sums[..., 1:]
        expected = ((common @ far) * common).sum(axis=-1)
        return 1 - ratio(np.maximum(common.sum(axis=-1) - 1, 0) * sums[..., 0], expected)

    return found.sums(np.column_stack([apart, counts]), finish, several)


def _of_ranks(found: Patterns) -> Sums:
    """As `_of_distances`, the distance of two codes being that of their mid-ranks among the draw's labels, squared."""
    import numpy as np

    counts, labels, several = _pairable(found)
    one, other = np.triu_indices(len(found.codes), 1)
    pairs = 2 * counts[:, one] * counts[:, other] / np.maximum(labels - 1, 1)[:, None]
    width = len(found.codes)

    def finish(sums: Numbers) -> Numbers:
        common = sums[..., :width]
        ranks = np.cumsum(common, axis=-1) - common / 2
        far = (ranks[..., one] - ranks[..., other]) ** 2
        expected = 2 * (common[..., one] * common[..., other] * far).sum(axis=-1)
        return 1 - ratio(np.maximum(common.sum(axis=-1) - 1, 0) * (sums[..., width:] * far).sum(axis=-1), expected)

    return found.sums(np.concatenate([counts, pairs], axis=1), finish, several)


def _of_squares(found: Patterns) -> Sums:
    """Squared differences need the count, the sum and the sum of squares only."""
    import numpy as np

    given = ~np.isnan(found.cells)
    labels = given.sum(axis=1).astype(float)
    several = labels >= 2
    paired = found.cells[several]
    middle = np.nanmean(paired) if paired.size else 0.0
    # an own value as the origin keeps sums of whole numbers exact, so that "all alike" is told from "nearly alike"
    origin = paired.flat[np.nanargmin(np.abs(paired - middle))] if paired.size else 0.0
    values = np.where(given, found.cells - origin, 0.0)
    total, squares = values.sum(axis=1), (values**2).sum(axis=1)
    apart = 2 * (labels * squares - total**2) / np.maximum(labels - 1, 1)

    def finish(sums: Numbers) -> Numbers:
        n, total, squares = sums[..., 0], sums[..., 1], sums[..., 2]
        expected = 2 * (n * squares - total**2)
        expected = np.where(expected > 1e-12 * n * squares, expected, 0.0)
        return 1 - ratio(np.maximum(n - 1, 0) * sums[..., 3], expected)

    return found.sums(np.column_stack([labels, total, squares, apart]), finish, several)


def _of_held_ranks(table: Table) -> Sums:
    """The ordinal metric is the interval one on mid-ranks among all pairable labels."""
    import numpy as np
    from scipy.stats import rankdata

    several = (~np.isnan(table.values)).sum(axis=1) > 1
    given = ~np.isnan(table.values) & several[:, None]
    ranks = np.full(table.values.shape, np.nan)
    ranks[given] = rankdata(table.values[given])
    return _of_squares(Patterns(ranks, None, np.zeros(0)))


def _projected(values: Numbers) -> Sums:
    """Ratio distances of many values: sum_cl n_c n_l d_cl / n^2 is 2 mean(h) - its value on all items."""
    import numpy as np

    given = ~np.isnan(values)
    labels = given.sum(axis=1).astype(float)
    several = labels >= 2
    known, times = np.unique(values[several][given[several]], return_counts=True)
    total = float(times.sum())
    mean = np.concatenate(
        [_ratio_distance(block, known) @ times for block in np.array_split(known, 1 + len(known) // 500)]
    )
    level = float(times @ mean) / total**2
    own = np.zeros(len(values))
    apart = np.zeros(len(values))
    for column in range(values.shape[1]):
        here = several & given[:, column]
        own[here] += mean[np.searchsorted(known, values[here, column])] / total
        for other in range(values.shape[1]):
            both = here & given[:, other]
            apart[both] += _ratio_of(values[both, column], values[both, other]) / (labels[both] - 1)

    def finish(sums: Numbers) -> Numbers:
        n = sums[..., 0]
        expected = n * n * (2 * ratio(sums[..., 1], n) - level)
        return 1 - ratio(np.maximum(n - 1, 0) * sums[..., 2], np.where(expected > 0, expected, 0.0))

    found = Patterns(values, None, np.zeros(0))
    return found.sums(np.column_stack([labels, own, apart]), finish, several)


def _pairable(found: Patterns) -> tuple[Numbers, Numbers, Numbers]:
    counts = found.counts()
    labels = counts.sum(axis=1)
    return counts, labels, labels >= 2


def _ratio_distance(some: Numbers, others: Numbers) -> Numbers:
    return _ratio_of(some[:, None], others[None, :])


def _ratio_of(one: Numbers, other: Numbers) -> Numbers:
    """((c - k) / (c + k))^2; 0 for two zeros."""
    import numpy as np

    share = ratio(one - other, one + other) ** 2
    return np.where(np.isnan(share), 0.0, share)
