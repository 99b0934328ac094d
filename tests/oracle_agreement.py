"""Agreement coefficients written once more from their formulas, one item and one pair at a time: slow, literal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from typing import Any

Rows = Sequence[Sequence[float]]
"""Items by raters, NaN where a rater said nothing."""
Weight = Callable[[float, float], float]


def weight(name: str, codes: Sequence[float]) -> Weight:
    """1 - distance / greatest distance."""
    span = max(codes) - min(codes)
    return {
        "identity": lambda k, other: float(k == other),
        "linear": lambda k, other: 1 - abs(k - other) / span,
        "quadratic": lambda k, other: 1 - (abs(k - other) / span) ** 2,
    }[name]


def said(row: Sequence[float]) -> list[float]:
    """An item's labels."""
    return [value for value in row if not math.isnan(value)]


def observed(rows: Rows, near: Weight) -> float:
    """p_a: mean over items with two labels or more of the mean weight of its ordered pairs of labels."""
    means = []
    for row in rows:
        pairs = [near(one, other) for one, other in permutations(said(row), 2)]
        if pairs:
            means.append(sum(pairs) / len(pairs))
    return sum(means) / len(means) if means else math.nan


def share(rows: Rows, code: float) -> float:
    """pi_k: mean over items with a label of the share of it that is the code."""
    shares = [said(row).count(code) / len(said(row)) for row in rows if said(row)]
    return sum(shares) / len(shares)


def gwet(rows: Rows, codes: Sequence[float], weights: str) -> float:
    """AC1, AC2 (Gwet 2008)."""
    near = weight(weights, codes)
    q = len(codes)
    total = sum(near(one, other) for one in codes for other in codes)
    expected = total / (q * (q - 1)) * sum(share(rows, code) * (1 - share(rows, code)) for code in codes)
    return (observed(rows, near) - expected) / (1 - expected)


def fleiss(rows: Rows, codes: Sequence[float]) -> float:
    """p_e = sum of pi_k^2."""
    expected = sum(share(rows, code) ** 2 for code in codes)
    return math.nan if expected > 1 - 1e-12 else (observed(rows, weight("identity", codes)) - expected) / (1 - expected)


def conger(rows: Rows, codes: Sequence[float]) -> float:
    """p_e = mean over pairs of raters of sum_k p_gk p_hk."""
    columns = [said(column) for column in zip(*rows, strict=True)]
    columns = [column for column in columns if column]
    chances = [
        sum(one.count(code) / len(one) * other.count(code) / len(other) for code in codes)
        for one, other in combinations(columns, 2)
    ]
    expected = sum(chances) / len(chances)
    return math.nan if expected > 1 - 1e-12 else (observed(rows, weight("identity", codes)) - expected) / (1 - expected)


def kappa(rows: Rows, weights: str, codes: Sequence[float]) -> float:
    """Cohen's, two columns."""
    near = weight(weights, codes)
    both = [row for row in rows if len(said(row)) == 2]
    if not both:
        return math.nan
    agreed = sum(near(*row) for row in both) / len(both)
    expected = sum(near(one[0], other[1]) for one in both for other in both) / len(both) ** 2
    return math.nan if expected > 1 - 1e-12 else (agreed - expected) / (1 - expected)


def alpha(rows: Rows, level: str) -> float:
    """Krippendorff's: mean distance within items over mean distance between any two labels."""
    units = [said(row) for row in rows if len(said(row)) > 1]
    values = sorted(value for unit in units for value in unit)

    def far(one: float, other: float) -> float:
        if level == "nominal":
            return float(one != other)
        if level == "interval":
            return (one - other) ** 2
        if level == "ratio":
            return 0.0 if one == other else ((one - other) / (one + other)) ** 2
        low, high = sorted((one, other))
        between = sum(1 for value in values if low <= value <= high)
        return (between - (values.count(low) + values.count(high)) / 2) ** 2 if low != high else 0.0

    within = sum(
        far(unit[i], unit[j]) / (len(unit) - 1) for unit in units for i, j in permutations(range(len(unit)), 2)
    )
    between = sum(far(values[i], values[j]) for i, j in permutations(range(len(values)), 2))
    return 1 - (len(values) - 1) * within / between if between else math.nan


def icc(rows: Rows, *, mean: bool) -> float:
    """ICC(2,1), ICC(2,k) from mean squares (Shrout and Fleiss 1979), complete items only."""
    rows = [row for row in rows if len(said(row)) == len(row)]
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < 2 or k < 2:
        return math.nan
    grand = sum(map(sum, rows)) / (n * k)
    by_row = [sum(row) / k for row in rows]
    by_column = [sum(row[j] for row in rows) / n for j in range(k)]
    rows_ms = k * sum((m - grand) ** 2 for m in by_row) / (n - 1)
    columns_ms = n * sum((m - grand) ** 2 for m in by_column) / (k - 1)
    left = sum((rows[i][j] - by_row[i] - by_column[j] + grand) ** 2 for i in range(n) for j in range(k))
    error_ms = left / ((n - 1) * (k - 1))
    if mean:
        under = rows_ms + (columns_ms - error_ms) / n
    else:
        under = rows_ms + (k - 1) * error_ms + k * (columns_ms - error_ms) / n
    return (rows_ms - error_ms) / under if abs(under) > 1e-12 else math.nan


def ccc(rows: Rows) -> float:
    """Lin's, moments over n."""
    both = [row for row in rows if len(said(row)) == 2]
    if not both:
        return math.nan
    n = len(both)
    one, other = (sum(row[j] for row in both) / n for j in (0, 1))
    first, second = (sum((row[j] - m) ** 2 for row in both) / n for j, m in ((0, one), (1, other)))
    shared = sum((row[0] - one) * (row[1] - other) for row in both) / n
    under = first + second + (one - other) ** 2
    return 2 * shared / under if under > 1e-12 else math.nan


def gwet_error(rows: Rows, codes: Sequence[float], weights: str) -> float:
    """Linearised standard error of AC1, AC2, item by item (Gwet 2008)."""
    near, q = weight(weights, codes), len(codes)
    rows = [row for row in rows if said(row)]
    n, several = len(rows), sum(len(said(row)) > 1 for row in rows)
    total = sum(near(one, other) for one in codes for other in codes)
    common = {code: share(rows, code) for code in codes}
    expected = total / (q * (q - 1)) * sum(p * (1 - p) for p in common.values())
    value = gwet(rows, codes, weights)
    squares = 0.0
    for row in rows:
        labels: list[Any] = said(row)
        own = n / several * (observed([row], near) - expected) / (1 - expected) if len(labels) > 1 else 0.0
        chance = total / (q * (q - 1)) * sum(labels.count(code) / len(labels) * (1 - common[code]) for code in codes)
        squares += (own - 2 * (1 - value) * (chance - expected) / (1 - expected) - value) ** 2
    return math.sqrt(squares / (n * (n - 1)))
