"""Whether the judge's own word may stand: the line on its confidence above which it says what people say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ...errors import RunMismatch, UsageError
from ...judge import AnyJudge, Cascade, Doubting, Floor
from ..pairing import Pairing
from .aim import Aim
from .guarantee import Walk, walk
from .policy import TRUST, Policy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def trusting(judge: AnyJudge, policy: Policy, *, now: datetime | date) -> Doubting:
    """The judge, abstaining below the lines of a policy made with `Aim(mode="trust")`: what a cascade begins with.

    Raises `RunMismatch` where the lines are of another judge or another version of the rubric, and `UsageError` for an
    expired policy, one without such a line, or a judge that has a line already.
    """
    policy.check(now)
    lines = [line for line in policy.lines if line.mode == TRUST]
    if not lines:
        raise UsageError("the policy has no line on the judge's confidence; make one with `recjudge calibrate --trust`")
    if isinstance(judge, (Doubting, Cascade)):
        raise UsageError(f"{judge.name} has a line already: take the policy's or that, not both")
    for line in lines:
        rubric = judge.rubrics.get(line.task)
        there = rubric.id if rubric else "no rubric of that task"
        if (line.judge, line.rubric) != (judge.name, there):
            raise RunMismatch(
                f"the line {line.name} is of {line.judge} on {line.rubric}, the judge is {judge.name} on {there}; "
                "judge with the same judge and rubric, or calibrate anew"
            )
    floors = [Floor(line.task, line.dimension, line.accept) for line in lines if line.accept is not None]
    return Doubting(judge, floors=tuple(sorted(floors, key=lambda floor: (floor.task, floor.dimension))))


def outcome(pairing: Pairing, rule: str, mode: str) -> Numbers:
    """(items,) what a line counts as right: that people pass the sample, or of a line of trust that they say the same.

    1 or 0, NaN where there is no word. The same is the same label where the judge speaks on people's scale, else both
    pass or both fail. Raises `UsageError` when nothing says which labels pass.
    """
    if mode != TRUST:
        return pairing.approved(rule)
    import numpy as np

    of = pairing.compared()
    truth = of.consensus(rule).values
    return np.where(np.isnan(truth) | np.isnan(of.said), np.nan, (truth == of.said).astype(float))


def trust(
    scores: Numbers, right: Numbers, grid: Sequence[float], aim: Aim
) -> tuple[float | None, float | None, list[Walk]]:
    """The lowest confidence at which the judge's word holds, walked down as `walk` does."""
    found = walk(scores, right, grid, precision=aim.precision, delta=1 - aim.confidence, least=aim.least)
    return found.threshold, None, [found]
