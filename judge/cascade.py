"""A cascade: judges in order; what one abstains on goes to the next, and the verdict says whose word it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..errors import UsageError
from ..rubrics import Rubric
from .doubting import Doubting
from .jury import Jury, bill
from .panel import Judge
from .providers import Provider
from .records import Sample, Status, Verdict
from .student import Student

Stage = Judge | Jury | Student | Doubting
CASCADE = "cascade: "
"""How its name begins."""
BY_HAND = "the line to the next judge was set by hand: nothing vouches for what is said above it"


@dataclass(frozen=True)
class Cascade:
    """Judges asked in order, cheapest first: the next is asked where the one before abstains, and only there.

    A verdict is that of the last judge asked, under the cascade's name; `reviewed_by` is that judge's name, `members`
    what all who were asked said, where there were several, and `cost` what they took together. What fails at a judge
    (refused, timed out, out of budget) stays so: a failure is no abstention. Raises `UsageError` for fewer than two
    judges or one that is there twice.
    """

    stages: tuple[Stage, ...]
    foretold: bool | None = field(default=None, compare=False, repr=False)
    """For a plan: whether what a provider is asked first goes on to the next judge, since its replies are not known."""

    def __post_init__(self) -> None:
        names = [judge.name for judge in self.stages]
        if len(names) < 2:
            raise UsageError("a cascade needs two judges or more; name the next with --then")
        if len(set(names)) < len(names):
            raise UsageError(
                f"a cascade needs different judges; {Counter(names).most_common(1)[0][0]!r} is there twice"
            )

    @property
    def name(self) -> str:
        """`cascade: local/… (abstains below 0.7) → compatible/m`."""
        return f"{CASCADE}{' → '.join(judge.name for judge in self.stages)}"

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        """The rubrics that all its judges have."""
        first, *others = self.stages
        return {task: rubric for task, rubric in first.rubrics.items() if all(task in o.rubrics for o in others)}

    @property
    def members(self) -> tuple[Judge | Student, ...]:
        """The judges of all stages."""
        return tuple(member for judge in self.stages for member in judge.members)

    @property
    def by_hand(self) -> bool:
        """Whether a line between two judges was said by hand, not by a policy."""
        return not all(isinstance(judge, Doubting) and judge.floors for judge in self.stages[:-1])

    def over(self, wrap: Callable[[Provider], Provider]) -> Cascade:
        """The same cascade with every provider wrapped."""
        return replace(self, stages=tuple(judge.over(wrap) for judge in self.stages))

    def foretelling(self, goes_on: bool) -> Cascade:
        """The same cascade for a plan, in which all, or nothing, that a provider is asked goes on to the next."""
        return replace(self, foretold=goes_on)

    def prepare(self, samples: Sequence[Sample]) -> None:
        """The first judge is told of a batch; what goes on to the others is not known ahead."""
        self.stages[0].prepare(samples)

    async def judge(self, sample: Sample) -> Verdict:
        """The first verdict that is none of an abstention; the last judge's whatever it is."""
        asked: list[Verdict] = []
        for judge in self.stages:
            asked.append(await judge.judge(sample))
            if self._ends(judge, asked[-1]):
                break
        last = asked[-1]
        several = len(asked) > 1 or bool(last.members)
        flags = {flag for verdict in asked for flag in verdict.flags} | ({BY_HAND} if self.by_hand else set())
        return replace(
            last, judge=self.name, reviewed_by=last.judge, members=tuple(asked) if several else (), cost=bill(asked),
            flags=tuple(sorted(flags)),
        )  # fmt: skip

    async def close(self) -> None:
        """Gives connections back."""
        for judge in self.stages:
            await judge.close()

    def _ends(self, judge: Stage, verdict: Verdict) -> bool:
        if self.foretold is not None and asks(judge):
            return not self.foretold
        return judge.decided(verdict) if isinstance(judge, Doubting) else verdict.status is not Status.ABSTAINED


def asks(judge: Stage | Cascade) -> bool:
    """Whether the judge asks a provider."""
    asked: list[Provider] = []

    def seen(provider: Provider) -> Provider:
        asked.append(provider)
        return provider

    judge.over(seen)
    return bool(asked)
