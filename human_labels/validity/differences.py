"""One-sided tests of paired differences, over clusters where items come in them, and the rate of false discoveries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..multiplicity import adjust

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def p_value(
    differences: Numbers, bound: float, clusters: Numbers | None, *, enough: int = 30, least: int = 10
) -> tuple[float, str]:
    """P of a mean so far below `bound` were it `bound`, and the test's name; (NaN, "") below `least` items or clusters.

    `cluster t` where a cluster has several items, `t` from `enough` items on, else `wilcoxon`, which takes the
    differences as symmetric.
    """
    import numpy as np

    groups = None if clusters is None else np.unique(clusters, return_inverse=True)[1]
    if groups is not None and len(groups) and groups.max() + 1 < len(groups):
        return (cluster_t(differences, bound, groups), "cluster t") if groups.max() + 1 >= least else (math.nan, "")
    if len(differences) < least:
        return math.nan, ""
    if len(differences) < enough:
        return signed_ranks(differences - bound), "wilcoxon"
    return cluster_t(differences, bound, np.arange(len(differences))), "t"


def cluster_t(values: Numbers, bound: float, groups: Numbers) -> float:
    """Student's t of the mean with the cluster-robust error and G - 1 degrees of freedom.

    SE^2 = G / (G - 1) * n^-2 * sum_g (sum_{i in g} (x_i - mean))^2 (Miller 2024, arXiv 2411.00640, with the factor that
    makes it the usual t-test for clusters of one).
    """
    import numpy as np
    from scipy.stats import t

    n, many = len(values), int(groups.max()) + 1
    mean = float(values.mean())
    error = math.sqrt(many / (many - 1) * float((np.bincount(groups, weights=values - mean) ** 2).sum())) / n
    if error < 1e-12:  # every cluster says the same
        return float(mean >= bound)
    return float(t.cdf((mean - bound) / error, many - 1))


def false_discoveries(p: Sequence[float], q: float) -> list[bool]:
    """Which hypotheses are rejected at false discovery rate q whatever their dependence (Benjamini and Yekutieli)."""
    return [value <= q for value in adjust(p, "by")]


def signed_ranks(differences: Numbers) -> float:
    """P of Wilcoxon's signed-rank test against differences below 0: exact over all signs, with ties; zeros left out."""
    import numpy as np
    from scipy.stats import rankdata

    differences = differences[np.abs(differences) > 1e-12]
    ranks = np.round(2 * rankdata(np.round(np.abs(differences), 12))).astype(int)
    above = int(ranks[differences > 0].sum())
    ways = np.zeros(int(ranks.sum()) + 1)
    ways[0] = 1.0
    for rank in ranks:
        ways[rank:] = (ways[rank:] + ways[: len(ways) - rank].copy()) / 2
        ways[:rank] /= 2
    return float(ways[: above + 1].sum())
