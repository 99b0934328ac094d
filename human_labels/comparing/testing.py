"""Tests of a difference: over clusters, over discordant pairs; and the least difference that could have been shown."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

from ..intervals import Sums, jackknife_error

EXACT_BELOW = 25
"""Discordant pairs under which McNemar's test is the exact binomial one."""


def cluster_test(delta: Sums, clusters: Sequence[Hashable], sides: tuple[int, int] | None = None) -> float:
    """Two-sided p of delta = 0: Student's t on the cluster jackknife's error, clusters - 1 degrees of freedom.

    Where every cluster says the same the error is 0: 1 for a difference of 0, else the sign test's 2 * 0.5 ** clusters;
    for sides that share none (`sides`: clusters of each) two of all ways to deal them out. NaN under two clusters.
    """
    used = _used(delta, clusters)
    error, value = jackknife_error(delta, clusters), delta.value
    if math.isnan(error) or math.isnan(value):
        return math.nan
    if error <= 1e-12 * max(1.0, abs(value)):
        if abs(value) <= 1e-12:
            return 1.0
        return min(1.0, 2 * 0.5**used if sides is None else 2 / math.comb(sum(sides), sides[0]))
    from scipy.stats import t

    return float(2 * t.sf(abs(value) / error, used - 1))


def smallest(delta: Sums, clusters: Sequence[Hashable], power: float = 0.8, level: float = 0.95) -> float:
    """The least true difference that so many clusters would have shown with this power; NaN without an error.

    (t(1 - (1 - level)/2) + t(power)) * standard error, clusters - 1 degrees of freedom.
    """
    error = jackknife_error(delta, clusters)
    if math.isnan(error) or error <= 0:
        return math.nan
    from scipy.stats import t

    free = _used(delta, clusters) - 1
    return float(t.ppf((1 + level) / 2, free) + t.ppf(power, free)) * error


def mcnemar(only_a: int, only_b: int) -> tuple[float, str]:
    """Two-sided p of equal chances for either side alone, and the test's name.

    McNemar 1947 (Psychometrika 12:153-157): the exact binomial under 25 discordant pairs, else chi-square with Edwards'
    continuity correction. 1 without any. It takes items as independent.
    """
    both = only_a + only_b
    if both == 0:
        return 1.0, "McNemar, no discordant item"
    if both < EXACT_BELOW:
        from scipy.stats import binomtest

        return float(binomtest(only_a, both, 0.5).pvalue), "McNemar, exact"
    from scipy.stats import chi2

    square = max(0.0, abs(only_a - only_b) - 1) ** 2 / both
    return float(chi2.sf(square, 1)), "McNemar, chi-square with continuity correction"


def _used(delta: Sums, clusters: Sequence[Hashable]) -> int:
    """Clusters with an item that enters."""
    if delta.used is None:
        return len(set(clusters))
    return len({cluster for cluster, used in zip(clusters, delta.used, strict=True) if used})
