"""All agreement coefficients by name: for which scales, for how many raters, and what each says and is blind to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from ..intervals import Limits, Sums, combine, ratio
from ..records import Table
from .alpha import alpha_sums
from .moments import bias, ccc, icc, mae, pearson
from .pairs import bias_index, kappa, mcc, pabak, prevalence_index
from .patterns import compressed, same_rows, undefined
from .ranks import GRID, auc, kendall, spearman
from .raters import ac, conger, fleiss, raw_agreement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

LIMITS: Mapping[str, Limits] = {
    "raw_agreement": (0.0, 1.0),
    "auc": (0.0, 1.0),
    "prevalence_index": (0.0, 1.0),
    "bias_index": (0.0, 1.0),
    "mae": (0.0, None),
    "bias": (None, None),
} | dict.fromkeys(("pearson", "spearman", "kendall", "ccc", "mcc"), (-1.0, 1.0))
"""Of the coefficients that are not, as those corrected for chance, bounded by 1 alone."""
MOST_PAIRS = 300
"""Above so many pairs of raters (25 raters) a coefficient of two has no mean over pairs."""


@dataclass(frozen=True)
class Metric:
    """A coefficient: its statistic and how to read it."""

    name: str
    title: str
    """As the field calls it, with what must be named."""
    kinds: frozenset[str]
    """Scale kinds it is meant for."""
    raters: Literal["any", "two"]
    """any: many raters and missing cells; two: a pair of columns, the judge first where order matters."""
    make: Callable[[Table], Sums]
    """The statistic over the table's items; raises ValueError for a value off the table's scale."""
    meaning: str
    """One plain sentence: what a high and a low value say, and what it is blind to."""

    @property
    def limits(self) -> Limits:
        """The least and the greatest value it can have; None where it has none."""
        return LIMITS.get(self.name, (None, 1.0))


def figure_sums(table: Table, name: str) -> Sums:
    """The coefficient of that name over a table of any width.

    One of two raters is averaged over the pairs of raters who share two items or more; a pair in which it is not
    defined does not enter the mean. NaN without such a pair, and above 300 pairs. Raises KeyError for an unknown name.
    """
    metric = METRICS[name]
    if metric.raters == "any" or len(table.raters) == 2:
        return metric.make(table)
    pairs = list(_pairs(table))
    if not pairs or len(pairs) > MOST_PAIRS:
        return undefined(len(table.ids))
    return _over_pairs(metric, table, pairs)


def _over_pairs(metric: Metric, table: Table, pairs: list[tuple[int, int]]) -> Sums:
    import numpy as np

    def made(of: Table) -> Sums:
        return combine(_mean, *(metric.make(of.columns(pair)) for pair in pairs))

    # with so few values no rank is taken to first order, and a coefficient sees the pattern of an item alone
    if len(np.unique(table.values)) ** 2 > GRID:
        return compressed(made(table), table)
    first, rows = same_rows(table.values)
    few = made(table.rows(first))
    return Sums(few.features, few.finish, rows, None if few.used is None else few.used[rows], few.share)


def _pairs(table: Table) -> Any:
    import numpy as np

    given = ~np.isnan(table.values)
    shared = given.T.astype(np.int64) @ given
    return (pair for pair in combinations(range(len(table.raters)), 2) if shared[pair] >= 2)


def _mean(*values: Numbers) -> Numbers:
    import numpy as np

    known = np.stack(values)
    count = (~np.isnan(known)).sum(axis=0)
    return ratio(np.nansum(known, axis=0), count)


_CATEGORIES = frozenset({"nominal", "binary", "ordinal"})
_RANKED = frozenset({"binary", "ordinal", "interval", "ratio"})
_POINTS = frozenset({"ordinal"})
_NUMBERS = frozenset({"ordinal", "interval", "ratio"})
_BINARY = frozenset({"binary"})

_ALL = (
    Metric(
        "raw_agreement", "Raw agreement", _CATEGORIES, "any", raw_agreement,
        "The share of pairs of labels that coincide; blind to how many would coincide by chance, so a common label "
        "makes it high.",
    ),
    Metric(
        "kappa", "Cohen's kappa", _CATEGORIES, "two", kappa,
        "1 is full agreement, 0 what two raters with these habits reach by chance; low under skew although labels "
        "coincide, and blind to how far apart two different labels are.",
    ),
    Metric(
        "kappa_linear", "Cohen's kappa (linear weights)", _POINTS, "two", partial(kappa, weights="linear"),
        "Like kappa, but a miss by two points counts twice a miss by one; low where labels hardly vary.",
    ),
    Metric(
        "kappa_quadratic", "Cohen's kappa (quadratic weights)", _POINTS, "two", partial(kappa, weights="quadratic"),
        "Like kappa, but a miss counts by its square, so near misses hardly matter and far ones decide; low where "
        "labels hardly vary.",
    ),
    Metric(
        "fleiss", "Fleiss' kappa", _CATEGORIES, "any", fleiss,
        "Kappa for any raters, chance taken from all labels together; low under skew, blind to who said what and to "
        "the order of the labels.",
    ),
    Metric(
        "conger", "Conger's kappa", _CATEGORIES, "any", conger,
        "Kappa for several known raters, chance taken from each one's own habits; low under skew, blind to the order "
        "of the labels.",
    ),
    Metric(
        "pabak", "PABAK (prevalence- and bias-adjusted kappa)", _CATEGORIES, "two", pabak,
        "Raw agreement put on kappa's range as if every label of the scale were equally likely; blind to prevalence, "
        "so always saying the common label keeps it high.",
    ),
    Metric(
        "alpha_nominal", "Krippendorff alpha (nominal)", _CATEGORIES, "any", partial(alpha_sums, metric="nominal"),
        "1 is full agreement, 0 what shuffled labels give; low where labels do not tell items apart, blind to the "
        "order of the labels.",
    ),
    Metric(
        "alpha_ordinal", "Krippendorff alpha (ordinal, by marginal frequencies)", frozenset({"ordinal", "binary"}),
        "any", partial(alpha_sums, metric="ordinal"),
        "1 is full agreement, 0 what shuffled labels give, a miss counting by how many labels lie between; low where "
        "labels do not tell items apart, however often they coincide.",
    ),
    Metric(
        "alpha_interval", "Krippendorff alpha (interval)", frozenset({"interval", "ratio", "ordinal"}), "any",
        partial(alpha_sums, metric="interval"),
        "1 is full agreement, 0 what shuffled values give, a miss counting by its square; takes the points of the "
        "scale to be equally far apart.",
    ),
    Metric(
        "alpha_ratio", "Krippendorff alpha (ratio)", frozenset({"ratio"}), "any", partial(alpha_sums, metric="ratio"),
        "1 is full agreement, 0 what shuffled values give, a miss counting in proportion to the values; undefined for "
        "negative ones.",
    ),
    Metric(
        "ac1", "Gwet's AC1", _CATEGORIES, "any", ac,
        "Agreement beyond what guessing on hard items would give, steady under skew; says that labels coincide, not "
        "that they tell items apart.",
    ),
    Metric(
        "ac2_linear", "Gwet's AC2 (linear weights)", _POINTS, "any", partial(ac, weights="linear"),
        "AC1 with part credit for near labels; says that labels are near each other, not that they tell items apart.",
    ),
    Metric(
        "ac2_quadratic", "Gwet's AC2 (quadratic weights)", _POINTS, "any", partial(ac, weights="quadratic"),
        "AC1 with nearly full credit for near labels; says that labels are near each other, not that they tell items "
        "apart.",
    ),
    Metric(
        "icc_2_1", "ICC(2,1) (absolute agreement, one rater)", _NUMBERS, "any", icc,
        "The share of a single label's variance that is the item's own; low where raters differ in level or items "
        "hardly vary.",
    ),
    Metric(
        "icc_2_k", "ICC(2,k) (absolute agreement, mean of the raters)", _NUMBERS, "any", partial(icc, mean=True),
        "The share of the raters' mean label's variance that is the item's own; grows with the number of raters, so it "
        "says nothing of a single one.",
    ),
    Metric(
        "ccc", "Lin's concordance correlation", _NUMBERS, "two", ccc,
        "1 when the values are equal, lowered by scatter, shift and another spread alike; low where items hardly vary.",
    ),
    Metric(
        "pearson", "Pearson correlation", _NUMBERS, "two", pearson,
        "How nearly one column is a straight line of the other; blind to a shift or another unit.",
    ),
    Metric(
        "spearman", "Spearman's rho (mean ranks for ties)", _RANKED, "two", spearman,
        "How nearly both put the items into the same order; blind to the level and to the distances.",
    ),
    Metric(
        "kendall", "Kendall's tau-b", _RANKED, "two", kendall,
        "Share of pairs of items put in the same order less the share put in the opposite one, pairs tied in one "
        "column allowed for; blind to the level.",
    ),
    Metric(
        "mcc", "Matthews correlation", _CATEGORIES, "two", mcc,
        "The correlation of two columns of labels: 1 all right, 0 no better than always the same label; blind to the "
        "order of the labels.",
    ),
    Metric(
        "auc", "Area under the ROC curve", _BINARY, "two", auc,
        "How often a random 1 is scored above a random 0, 1/2 being chance; blind to where the threshold lies.",
    ),
    Metric(
        "bias_index", "Bias index", _BINARY, "two", bias_index,
        "By how much the two give the higher label to different shares of the items; 0 is no bias, and says nothing of "
        "agreement on the single item.",
    ),
    Metric(
        "prevalence_index", "Prevalence index", _BINARY, "two", prevalence_index,
        "0 when both labels are equally frequent, 1 when only one occurs; near 1 kappa is low or undefined whatever "
        "the raters do.",
    ),
    Metric(
        "mae", "Mean absolute difference", _NUMBERS, "two", mae,
        "How many points apart the two are on average, 0 being equal; blind to the direction, and small for everybody "
        "where items hardly vary.",
    ),
    Metric(
        "bias", "Mean difference (first less second)", _NUMBERS, "two", bias,
        "By how many points the first is above the second on average; 0 can hide large differences that cancel.",
    ),
)  # fmt: skip

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}
"""Name to coefficient, in the order in which reports show them."""
