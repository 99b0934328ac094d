"""Why a run is refused before anything is judged, in words with places and remedies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..reading.problems import Problem
from ..student import Student

if TYPE_CHECKING:
    from ..judges import AnyJudge

SHOWN = 20
"""Problems that an error message lists before it counts the rest."""


def several(problems: Sequence[Problem]) -> str:
    """What is wrong with the first of them, and how many there are."""
    shown = [str(problem) for problem in problems[:SHOWN]]
    more = [f"… and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
    remedy = "nothing was judged; mend the file, or list these and judge the rest with --skip-invalid"
    return "\n".join([*shown, *more, f"unreadable records: {len(problems)}; {remedy}"])


def narrow(judge: AnyJudge, problems: Sequence[Problem]) -> list[str]:
    """Why a Student refuses tasks that others know."""
    remedy = "alone: judge the rest with another --judge, or distill a student on them"
    narrow = [member for member in judge.members if isinstance(member, Student)]
    unknown = any(problem.field == "task" for problem in problems)
    return [f"{one.name} was trained on {', '.join(one.rubrics)} {remedy}" for one in narrow if unknown]


def conflicting(conflicts: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Ids that stand for several samples, each with its places."""
    shown = [f"{', '.join(places)}: 'id' {name!r} stands for different samples" for name, places in conflicts[:SHOWN]]
    return "\n".join([*shown, f"ids that are not unique: {len(conflicts)}; give each sample an id of its own"])
