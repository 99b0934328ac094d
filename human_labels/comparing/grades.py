"""Grades side by side: their distribution, their median, and how often one system's is above the other's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...judge import Grade, Verdict
from ..intervals import Sums, ratio
from .differences import Draws, kept, rate
from .matching import Stack
from .records import Order, Spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

RANKS = (Grade.BAD, Grade.AVERAGE, Grade.SUPERIOR)


def spread(stack: Stack, a: bool, how: Draws) -> Spread:
    """One side's grades: each one's share, the median, why the others have none."""
    mask = stack.of_a if a else ~stack.of_a
    own = [verdict for verdict, mine in zip(stack.verdicts, mask, strict=True) if mine]
    shares = {grade.value: rate(stack.values(_is(grade)), mask, stack.clusters, how) for grade in reversed(RANKS)}
    grades = [verdict.grade for verdict in own if verdict.grade is not None]
    return Spread(shares, median(grades), dict(Counter(v.status.value for v in own if v.grade is None)))


def median(grades: list[Grade]) -> str:
    """The middle grade; the two middle ones where they differ, since between grades there is nothing; "" of none."""
    if not grades:
        return ""
    ordered = sorted(grades, key=RANKS.index)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low.value if low is high else f"{low.value} to {high.value}"


def order(stack: Stack, how: Draws) -> Order:
    """All pairs of a's and b's samples: of one context where contexts are shared, else of all.

    Each pair counts once, as won, lost, tied, or unjudged when either has no grade; no tie is given to a side.
    """
    features, clusters = _tables(stack)
    finish = _of_contexts if features.shape[1] == 4 else _of_all
    pairs = finish(features.sum(axis=0))
    total = pairs.sum()
    won, lost, tied = (kept(how.of(_share_of(features, finish, place), clusters)) for place in range(3))
    counts = tuple(round(float(count)) for count in pairs)
    return Order(
        won,
        lost,
        tied,
        float(pairs[3] / total) if total else float("nan"),
        (counts[0], counts[1], counts[2], counts[3]),
        len(features) if stack.paired else 0,
    )


def _tables(stack: Stack) -> tuple[Numbers, list[int]]:
    """What is summed, and its clusters: a context's pairs (won, lost, tied, unjudged), or a sample's grade by side."""
    import numpy as np

    codes = np.array([3 if v.grade is None else RANKS.index(v.grade) for v in stack.verdicts])
    each = np.zeros((len(codes), 2, 4))
    each[np.arange(len(codes)), np.where(stack.of_a, 0, 1), codes] = 1.0
    if not stack.paired:
        return each.reshape(len(codes), 8), list(stack.clusters)
    places: dict[str, int] = {}
    rows = np.array([places.setdefault(context, len(places)) for context in stack.contexts])
    counts = np.zeros((len(places), 2, 4))
    np.add.at(counts, rows, each)
    clusters = dict(zip(stack.contexts, stack.clusters, strict=True))
    return _pairs(counts[:, 0], counts[:, 1]), [clusters[context] for context in places]


def _pairs(a: Numbers, b: Numbers) -> Numbers:
    """(…, 4) pairs won, lost, tied, unjudged out of (…, 4) counts of Bad, Average, Superior, unjudged."""
    import numpy as np

    won = a[..., 1] * b[..., 0] + a[..., 2] * (b[..., 0] + b[..., 1])
    lost = b[..., 1] * a[..., 0] + b[..., 2] * (a[..., 0] + a[..., 1])
    tied = (a[..., :3] * b[..., :3]).sum(axis=-1)
    return np.stack([won, lost, tied, a.sum(axis=-1) * b.sum(axis=-1) - won - lost - tied], axis=-1)


def _of_contexts(sums: Numbers) -> Numbers:
    return sums


def _of_all(sums: Numbers) -> Numbers:
    return _pairs(sums[..., :4], sums[..., 4:])


def _share_of(features: Numbers, finish: Callable[[Numbers], Numbers], place: int) -> Sums:
    """The share of pairs won (0), lost (1), or tied (2) among all."""

    def share(sums: Numbers) -> Numbers:
        pairs = finish(sums)
        return ratio(pairs[..., place], pairs.sum(axis=-1))

    return Sums(features, share, share=True)


def _is(grade: Grade) -> Callable[[Verdict], float | None]:
    return lambda verdict: None if verdict.grade is None else float(verdict.grade is grade)
