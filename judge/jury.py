"""A jury: several judges on one sample, one grade, every member's verdict kept."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import UsageError
from ..rubrics import Dimension, Rubric
from .findings import Said, labelled
from .panel import Judge
from .providers import Provider
from .records import RANKS, Cost, Finding, Grade, Sample, Status, Verdict
from .student import Student


@dataclass(frozen=True)
class Jury:
    """Judges that vote. `rule` is `majority` (a tie takes the lower grade) or `mean_rank` (halves round down)."""

    members: tuple[Judge | Student, ...]
    rule: str = "majority"

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise UsageError(f"unknown jury rule {self.rule!r}; known: {', '.join(sorted(RULES))}")
        names = [judge.name for judge in self.members]
        if len(set(names)) < len(names):
            raise UsageError(f"a jury needs different judges; {Counter(names).most_common(1)[0][0]!r} sits twice")

    @property
    def name(self) -> str:
        """`jury(majority): a + b + c`."""
        return f"jury({self.rule}): {' + '.join(judge.name for judge in self.members)}"

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        """The rubrics that all its members have."""
        first, *others = self.members
        return {task: rubric for task, rubric in first.rubrics.items() if all(task in o.rubrics for o in others)}

    def over(self, wrap: Callable[[Provider], Provider]) -> Jury:
        """The same jury with every member's provider wrapped."""
        return replace(self, members=tuple(judge.over(wrap) for judge in self.members))

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Told of a batch ahead of time."""
        for judge in self.members:
            judge.prepare(samples)

    async def judge(self, sample: Sample) -> Verdict:
        """Every member's verdict, then the vote of those that gave a grade; no grade unless more than half did."""
        verdicts = tuple(await asyncio.gather(*(judge.judge(sample) for judge in self.members)))
        votes = [verdict.grade for verdict in verdicts if verdict.grade is not None]
        heard = f"{len(votes)} of {len(verdicts)} members gave a grade"
        # one member's probabilities are not the jury's
        first = replace(
            verdicts[0], judge=self.name, reviewed_by="jury", members=verdicts, cost=bill(verdicts), distribution=None
        )
        findings = tuple(self._merged(dim, verdicts) for dim in self.rubrics[sample.task].dimensions)
        if 2 * len(votes) <= len(verdicts):
            status = next(verdict.status for verdict in verdicts if verdict.grade is None)
            return replace(first, status=status, grade=None, error=heard, reason=heard, findings=findings)
        grade = RULES[self.rule](votes)
        words = f"{heard}: {', '.join(f'{count} {vote}' for vote, count in Counter(votes).most_common())}"
        return replace(first, status=Status.OK, grade=grade, error=None, reason=words, findings=findings)

    async def close(self) -> None:
        """Gives connections back."""
        for judge in self.members:
            await judge.close()

    def _merged(self, dimension: Dimension, verdicts: Sequence[Verdict]) -> Finding:
        found = [f for verdict in verdicts for f in verdict.findings if f.dimension == dimension.name]
        heard = [f for f in found if f.distribution is not None]
        if 2 * len(heard) <= len(found):
            return next(f for f in found if f.distribution is None)
        columns = zip(*(f.distribution for f in heard if f.distribution), strict=True)
        shares = [math.fsum(column) / len(heard) for column in columns]
        label = dimension.labels[max(range(len(shares)), key=shares.__getitem__)]
        like = next((f for f in heard if f.label == label), heard[0])
        words = f"{sum(f.label == label for f in heard)} of {len(found)} members: {like.reason}"
        word = Said(label, like.code, words, like.evidence)
        return labelled(dimension, word, by="jury", distribution=dict(zip(dimension.labels, shares, strict=True)))


def majority(votes: Sequence[Grade]) -> Grade:
    """The grade most members gave; a tie takes the lower of the tied."""
    counts = Counter(votes)
    most = max(counts.values())
    return min((vote for vote, count in counts.items() if count == most), key=RANKS.index)


def mean_rank(votes: Sequence[Grade]) -> Grade:
    """The grade nearest to the mean rank; a half rounds down."""
    mean = math.fsum(RANKS.index(vote) for vote in votes) / len(votes)
    return RANKS[math.ceil(mean - 0.5)]


def bill(verdicts: Sequence[Verdict]) -> Cost:
    """What several verdicts took together."""
    return sum((verdict.cost for verdict in verdicts), Cost())


RULES: dict[str, Callable[[Sequence[Grade]], Grade]] = {"majority": majority, "mean_rank": mean_rank}
