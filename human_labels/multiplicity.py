"""Many comparisons, one family: p-values adjusted by a rule that is named."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def adjust(values: Sequence[float], rule: str = "holm") -> tuple[float, ...]:
    """Each p-value within the family of all, in the order given; NaN stays NaN and outside the family.

    Raises `UsageError` for an unknown rule. Holm 1979 (Scand J Statist 6:65-70) bounds the chance of any false
    finding; Benjamini and Hochberg 1995 (JRSS-B 57:289-300) the share of false findings among independent
    comparisons; Benjamini and Yekutieli 2001 (Ann Statist 29:1165-1188) that share under any dependence.
    """
    import numpy as np

    if rule not in RULES:
        raise UsageError(f"unknown rule {rule!r} for many comparisons; known: {', '.join(RULES)}")
    given = np.array(values, float)
    out = np.full(len(given), np.nan)
    known = ~np.isnan(given)
    if known.any():
        order = np.argsort(given[known], kind="stable")
        adjusted = np.empty(len(order))
        adjusted[order] = np.minimum(RULES[rule](given[known][order]), 1.0)
        out[known] = adjusted
    return tuple(float(value) for value in out)


def _holm(ordered: Numbers) -> Numbers:
    import numpy as np

    left = np.arange(len(ordered), 0, -1)
    return np.asarray(np.maximum.accumulate(ordered * left))


def _benjamini_hochberg(ordered: Numbers) -> Numbers:
    import numpy as np

    rank = np.arange(1, len(ordered) + 1)
    return np.asarray(np.minimum.accumulate((ordered * len(ordered) / rank)[::-1])[::-1])


def _benjamini_yekutieli(ordered: Numbers) -> Numbers:
    harmonic = math.fsum(1 / rank for rank in range(1, len(ordered) + 1))
    return _benjamini_hochberg(ordered) * harmonic


RULES: Mapping[str, Callable[[Numbers], Numbers]] = {
    "holm": _holm,
    "bh": _benjamini_hochberg,
    "by": _benjamini_yekutieli,
}
TITLES: Mapping[str, str] = {
    "holm": "Holm (chance of any false finding)",
    "bh": "Benjamini-Hochberg (share of false findings, independent comparisons)",
    "by": "Benjamini-Yekutieli (share of false findings, any dependence)",
}
"""How a report names each rule."""
