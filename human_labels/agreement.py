"""How far two sources of labels agree: raters among themselves, and a judge with people, beside the human ceiling.

Every function here gives NaN where its coefficient is not defined (fewer than two items, or no variation at all).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from .labels import Table, row_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def alpha(table: Table, metric: Level) -> float:
    """Krippendorff's alpha, 1 - observed / expected disagreement, with missing labels allowed.

    `metric` is the distance between two labels; "ordinal" is Krippendorff's own, by marginal frequencies (Krippendorff,
    "Content Analysis", chapter 11). irrCAC's ordinal weights are another thing and give other numbers.
    """
    import krippendorff
    import numpy as np

    values = table.values[~np.all(np.isnan(table.values), axis=1)]
    if len(np.unique(values[~np.isnan(values)])) < 2 or not np.any(np.sum(~np.isnan(values), axis=1) > 1):
        return math.nan
    return float(krippendorff.alpha(reliability_data=values.T, level_of_measurement=metric))


def ceiling(table: Table) -> float:
    """What a rater reaches against the others: the mean over raters of Spearman(rater, mean of the other raters).

    The leave-one-out noise ceiling; a judge above it agrees with people better than one of them does.
    """
    import numpy as np

    rhos = [_left_out(table.values, column) for column in range(table.values.shape[1])]
    defined = [rho for rho in rhos if not math.isnan(rho)]
    return float(np.mean(defined)) if defined else math.nan


def spearman(one: Numbers, other: Numbers) -> float:
    """Spearman's rho with mean ranks for ties, over the items where both are given."""
    import numpy as np

    one, other = _given(one, other)
    if len(one) < 2:
        return math.nan
    first, second = _centred_ranks(one), _centred_ranks(other)
    scale = math.sqrt(float(first @ first) * float(second @ second))
    return float(np.clip(float(first @ second) / scale, -1, 1)) if scale else math.nan


def auc(scores: Numbers, gold: Numbers) -> float:
    """P(score of a random 1 > score of a random 0), ties counting half: the area under the ROC curve.

    Raises ValueError when `gold` holds anything but 0 and 1.
    """
    import numpy as np
    from scipy.stats import rankdata

    scores, gold = _given(scores, gold)
    if not np.isin(gold, (0, 1)).all():
        raise ValueError("auc needs a gold standard of 0 and 1")
    ones = int(gold.sum())
    zeros = len(gold) - ones
    if not ones or not zeros:
        return math.nan
    return float((rankdata(scores)[gold == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def majority(values: Numbers) -> float:
    """Share of the commonest value: what always saying the same thing gets right."""
    import numpy as np

    given = values[~np.isnan(values)]
    return float(np.unique(given, return_counts=True)[1].max() / len(given)) if len(given) else math.nan


def _left_out(values: Numbers, column: int) -> float:
    import numpy as np

    return spearman(values[:, column], row_means(np.delete(values, column, axis=1)))


def _given(one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    import numpy as np

    both = ~(np.isnan(one) | np.isnan(other))
    return one[both], other[both]


def _centred_ranks(values: Numbers) -> Numbers:
    from scipy.stats import rankdata

    ranks: Numbers = rankdata(values)
    return ranks - (len(values) + 1) / 2


def _paired_alpha(one: Numbers, other: Numbers, metric: Level) -> float:
    import numpy as np

    return alpha(Table((), ("judge", "people"), np.column_stack([one, other])), metric)


METRICS: Mapping[str, Callable[[Numbers, Numbers], float]] = {
    "spearman": spearman,
    "auc": auc,
    "alpha_nominal": partial(_paired_alpha, metric="nominal"),
    "alpha_ordinal": partial(_paired_alpha, metric="ordinal"),
    "alpha_interval": partial(_paired_alpha, metric="interval"),
}
"""Judge against people: (the judge's numbers, people's numbers for the same items) to agreement."""
