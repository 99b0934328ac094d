"""How well people do at the judge's task: the noise ceilings that no judge can be asked to pass.

Nili et al. 2014 (PLoS Comput Biol 10:e1003553) bound a ceiling from below by leaving each person out and from above by
leaving them in; JUDGE-BENCH (Bavaresco et al. 2025, ACL) draws one label an item.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...errors import Refused
from ..coefficients.patterns import compressed, undefined
from ..intervals import Sums, combine, ratio
from ..records import Table, row_means
from .closeness import close, mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

LEAST_SHARED = 10
"""A rater with fewer items that others labelled too is no column of a mean over raters, as long as one has as many."""
MOST_RATERS = 8
"""More raters than this who all share fewer items are a crowd, and their labels one column."""
ALONE = "no item was labelled by two raters: without a second rater there is no ceiling, and no claim of human level"


def leave_one_out(table: Table, measure: str = "spearman") -> Sums:
    """Mean over raters of the measure between a rater and the mean of the others: what one more person would reach.

    A lower bound of the ceiling (Nili et al. 2014): one person's word is noisy, so a judge that knows what people mean
    may pass it. `measure` is `spearman`, `pearson`, or `agreement`, the share of labels that are the majority of the
    others, where of labels tied for it each counts 1 / their number. A rater of whom the measure cannot be had
    (constant labels) is left out of the mean. Raises `Refused` where no item has two raters.
    """
    return _small(_mean_over_raters([_rater(table, pair, measure) for pair in _pairs(table)]), table.values)


def judge_against(table: Table, scores: Numbers, measure: str = "spearman") -> Sums:
    """Mean over raters of the measure between the judge and the mean of the *other* raters.

    The fair counterpart of `leave_one_out`: judge and rater are held against the same others, on the same items, those
    that the rater labelled and on which the judge has a word. The judge against the mean of all is higher, since that
    mean is less noisy. `scores` is (items,), NaN where the judge has none. Raises `Refused` as `leave_one_out`.
    """
    return _with_judge(table, scores, lambda judged, known: _judge(judged, known, measure))


def of_ceiling(table: Table, scores: Numbers, measure: str = "spearman") -> Sums:
    """`judge_against` / `leave_one_out`, drawn together, so that the interval is of pairs.

    1 says that the judge is as close to people as one more of them would be; it may be more. NaN where the ceiling is
    not above 0. Both are over the items on which the judge has a word.
    """
    return _with_judge(
        table,
        scores,
        lambda judged, known: combine(_over, _judge(judged, known, measure), leave_one_out(judged, measure)),
    )


def drawn(table: Table, seed: int = 0, measure: str = "spearman") -> Sums:
    """The measure between one label an item, drawn, and the mean of all its labels. Optimistic.

    The label drawn is inside the mean, so that it agrees with itself (JUDGE-BENCH, Bavaresco et al. 2025; the upper
    bound of Nili et al. 2014). Items with two labels or more. Raises `Refused` as `leave_one_out`.
    """
    import numpy as np

    _pairs(table)
    several = (~np.isnan(table.values)).sum(axis=1) >= 2
    order = np.where(np.isnan(table.values), 2.0, np.random.default_rng(seed).random(table.values.shape))
    label = table.values[np.arange(len(order)), order.argmin(axis=1)]
    label = np.where(several, label, np.nan)
    if measure == "agreement":
        return _credit(table, label, np.zeros_like(table.values, dtype=bool)[:, 0], None)
    return close(label, table.means, measure)


def reliability(table: Table, measure: str = "pearson") -> Sums:
    """Reliability of the mean of an item's labels: the share of its variance that is not noise.

    Up to 8 raters: Spearman-Brown, k r / (1 + (k - 1) r), of the mean correlation r of two raters over the items they
    share. A rater's own severity is no error to a correlation, hence not ICC(2,k), which counts it and would flatter
    the judge. A crowd, where raters change from item to item and severity is noise: k ICC / (1 + (k - 1) ICC) of the
    one-way ICC(1) (Shrout and Fleiss 1979, Psych Bull 86:420-428). k is the harmonic mean of labels an item. Raises
    `Refused` as `leave_one_out`.
    """
    import numpy as np

    _pairs(table)
    count = (~np.isnan(table.values)).sum(axis=1).astype(float)
    fewer = _mean_inverse(count)
    one = _between(table, measure) if len(table.raters) <= MOST_RATERS else _one_way(table)
    return _small(combine(lambda r, inverse: ratio(r, inverse + (1 - inverse) * r), one, fewer), table.values)


def corrected(table: Table, scores: Numbers, measure: str = "pearson") -> Sums:
    """The judge's correlation with what people mean, were it known without noise: r / sqrt(reliability).

    Spearman 1904 (Am J Psychol 15:72-101). Exact for `pearson` and independent errors, near for `spearman`. Above 1
    where the sample is small; not cut. NaN where people's reliability is not above 0. Same items for both.
    """

    def made(judged: Table, known: Numbers) -> Sums:
        observed = close(known, judged.means, measure)
        return combine(lambda r, sure: ratio(r, _root(sure)), observed, reliability(judged, measure))

    return _with_judge(table, scores, made)


def attainable(table: Table, measure: str = "pearson") -> Sums:
    """sqrt(reliability): the correlation with people's mean that a judge without any error would reach."""
    found = reliability(table, measure)
    return replace(found, finish=lambda sums: _root(found.finish(sums)))


def ceiling(table: Table, measure: str = "spearman") -> float:
    """`leave_one_out` as a number; NaN for a single rater."""
    try:
        return leave_one_out(table, measure).value
    except Refused:
        return math.nan


def _pairs(table: Table) -> list[Any]:
    """For each rater: the rows of the items she shares with others. Raises `Refused` where nobody shares any."""
    import numpy as np

    given = ~np.isnan(table.values)
    shared = given & (given.sum(axis=1) >= 2)[:, None]
    if not shared.any():
        raise Refused(ALONE)
    each = [(column, shared[:, column]) for column in range(len(table.raters)) if shared[:, column].any()]
    enough = [pair for pair in each if pair[1].sum() >= LEAST_SHARED]
    if enough or len(each) <= MOST_RATERS:
        return enough or each
    return [(None, shared)]


def _rater(table: Table, pair: Any, measure: str) -> Sums:
    """The measure between a rater (or each of a crowd) and the mean of the others."""
    item, rater = _labels(pair)
    return _against(table, table.values[item, rater], item, rater, measure)


def _judge(table: Table, scores: Numbers, measure: str) -> Sums:
    """Mean over raters of the measure between the judge and the mean of the others."""
    return _mean_over_raters([_other(table, pair, scores, measure) for pair in _pairs(table)])


def _other(table: Table, pair: Any, scores: Numbers, measure: str) -> Sums:
    """The same with the judge in the rater's place."""
    item, rater = _labels(pair)
    return _against(table, scores[item], item, rater, measure)


def _labels(pair: Any) -> tuple[Numbers, Numbers]:
    """Item and rater of each label that a column is made of."""
    import numpy as np

    column, shared = pair
    if column is None:
        item, rater = np.nonzero(shared)
        return item, rater
    item = np.flatnonzero(shared)
    return item, np.full(len(item), column)


def _against(table: Table, said: Numbers, item: Numbers, without: Numbers, measure: str) -> Sums:
    """The measure between what was said of items and the mean of their labels without one rater's."""
    import numpy as np

    items = len(table.ids)
    if measure == "agreement":
        return _credit(table, said, item, without)
    left = table.values[item]
    left[np.arange(len(item)), without] = np.nan
    return close(said, row_means(left), measure, item=item, items=items)


def _credit(table: Table, said: Numbers, item: Numbers, without: Numbers | None) -> Sums:
    """Share of labels that are the majority, those of a tie counting 1 / their number."""
    import numpy as np

    if without is None:
        item = np.flatnonzero(~np.isnan(said))
        said = said[item]
    left = table.values[item]
    if without is not None:
        left[np.arange(len(item)), without] = np.nan
    votes = np.stack([(left == code).sum(axis=1) for code in table.codes], axis=1)
    most = votes == votes.max(axis=1, keepdims=True)
    own = np.array(table.codes)[None, :] == said[:, None]
    return mean((own & most).sum(axis=1) / most.sum(axis=1), item, len(table.ids))


def _mean_over_raters(parts: list[Sums]) -> Sums:
    return parts[0] if len(parts) == 1 else combine(_mean_of_known, *parts)


def _mean_of_known(*parts: Numbers) -> Numbers:
    import numpy as np

    known = np.stack(parts, axis=-1)
    return ratio(np.nansum(known, axis=-1), (~np.isnan(known)).sum(axis=-1))


def _small(of: Sums, values: Numbers) -> Sums:
    """The same statistic with one row of features for all items on which the same was said."""
    if values.shape[1] > 2 * MOST_RATERS:  # a crowd's rows are all different
        return of
    return compressed(of, Table(("",) * len(values), ("",) * values.shape[1], values))


def _with_judge(table: Table, scores: Numbers, make: Callable[[Table, Numbers], Sums]) -> Sums:
    """A statistic of the items on which the judge has a word; not defined where two people labelled none of them."""
    import numpy as np

    scores = np.asarray(scores, float)
    if len(scores) != len(table.ids):
        raise ValueError(f"{len(scores)} scores for {len(table.ids)} items; give one an item, NaN for none")
    _pairs(table)
    judged = replace(table, values=np.where(np.isnan(scores)[:, None], np.nan, table.values))
    try:
        return _small(make(judged, scores), np.column_stack([judged.values, scores]))
    except Refused:
        return undefined(len(scores))


def _between(table: Table, measure: str) -> Sums:
    """Mean over pairs of raters of the measure between them."""
    columns = table.values.T
    parts = [close(one, other, measure) for place, one in enumerate(columns) for other in columns[place + 1 :]]
    shared = [part for part in parts if part.n >= LEAST_SHARED] or [part for part in parts if part.n]
    return combine(_mean_of_known, *shared)


def _mean_inverse(count: Numbers) -> Sums:
    """Mean of 1 / count over items with a label: one row of features for each count there is."""
    import numpy as np

    kinds, rows = np.unique(count, return_inverse=True)
    given = kinds > 0
    features = np.stack([np.where(given, 1 / np.maximum(kinds, 1), 0.0), given.astype(float)], axis=1)
    return Sums(features, lambda sums: ratio(sums[..., 0], sums[..., 1]), rows.ravel(), given[rows.ravel()])


def _one_way(table: Table) -> Sums:
    """ICC(1): (MSB - MSW) / (MSB + (k0 - 1) MSW) with k0 the ANOVA's mean of unequal counts."""
    import numpy as np

    given = ~np.isnan(table.values)
    count = given.sum(axis=1).astype(float)
    values = np.where(given, table.values - np.nanmean(table.values), 0.0)
    total, squares = values.sum(axis=1), (values**2).sum(axis=1)
    between = total**2 / np.maximum(count, 1)
    used = count > 0
    features = np.stack([used, count, count**2, total, squares, between], axis=1).astype(float)

    def finish(sums: Numbers) -> Numbers:
        n, labels, squared, total, squares, between = (sums[..., place] for place in range(6))
        msb = ratio(between - ratio(total**2, labels), n - 1)
        msw = ratio(squares - between, labels - n)
        k0 = ratio(labels - ratio(squared, labels), n - 1)
        return ratio(msb - msw, msb + (k0 - 1) * msw)

    return Sums(features, finish, used=used)


def _over(one: Numbers, other: Numbers) -> Numbers:
    import numpy as np

    return ratio(one, np.where(other > 0, other, 0.0))


def _root(values: Numbers) -> Numbers:
    import numpy as np

    return np.sqrt(np.where(values > 0, values, np.nan))
