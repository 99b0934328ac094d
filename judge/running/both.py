"""A judge of samples and one of sets as one, so that an engine knows a single kind of work; and who waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..embedded.local import Local
from ..records import Sample, Verdict
from ..sets.sets import SetJudge
from ..student import Student
from .packing import Item

if TYPE_CHECKING:
    from ..judges import AnyJudge


@dataclass(frozen=True)
class Both:
    """Samples go to the run's judge, sets to the measures."""

    judge_of_samples: AnyJudge
    judge_of_sets: SetJudge

    def prepare(self, items: Sequence[Item]) -> None:
        """Told of a window ahead of time."""
        if samples := [item for item in items if isinstance(item, Sample)]:
            self.judge_of_samples.prepare(samples)

    async def judge(self, item: Item) -> Verdict:
        """One verdict."""
        if isinstance(item, Sample):
            return await self.judge_of_samples.judge(item)
        return self.judge_of_sets.judge(item)


def waits(judge: AnyJudge) -> bool:
    """Whether the judge may wait for others: no, where all its members are known to ask nobody."""
    return not all(
        isinstance(member, Student) or isinstance(getattr(member, "examiner", None), Local) for member in judge.members
    )
