"""Three ways to go: accept above one line, reject below another, people between; the error stated for both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..records import ENOUGH
from .guarantee import Walk, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Lines:
    """Two lines, of which one may be missing: then that side goes to people."""

    accept: float | None
    """Accept scores at or above it."""
    reject: float | None
    """Reject scores at or below it; below `accept` where both are there."""
    above: Walk
    below: Walk
    """Walked over negated scores, so its thresholds are negated too."""


def select(
    scores: Numbers, passed: Numbers, grid: Sequence[float], *, precision: float, delta: float, least: int = ENOUGH
) -> Lines:
    """The lowest line to accept at and the highest to reject at, each side wrong in at most 1 - precision of cases.

    Delta is split in halves, so that with probability 1 - delta both sides hold, and with them all that is decided.
    Independent items, as in `walk`; `grid` is descending.
    """
    above = walk(scores, passed, grid, precision=precision, delta=delta / 2, least=least)
    mirrored = [-threshold for threshold in reversed(grid)]
    below = walk(-scores, 1 - passed, mirrored, precision=precision, delta=delta / 2, least=least)
    accept = above.threshold
    # where the two would overlap, a line further down that was certified too is taken
    free = [-threshold for threshold in below.held if accept is None or -threshold < accept]
    return Lines(accept, max(free, default=None), above, below)
