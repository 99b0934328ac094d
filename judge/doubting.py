"""A judge that says so when it is not sure: what it gives less probability than a line is abstained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..errors import UsageError
from ..rubrics import Rubric
from .confidence import OF_GRADE, Ladder, confidence, ladders_of, said_with
from .embedded.learned.domain import stands_in
from .jury import Jury
from .panel import Judge
from .providers import Provider
from .records import RANKS, Finding, Grade, Sample, Status, Verdict
from .review import review
from .student import Student
from .student.domain import knows_domain, unlike


@dataclass(frozen=True, slots=True)
class Floor:
    """The least confidence at which a judge's word on a dimension, or on the grade, stands; from a policy."""

    task: str
    dimension: str
    """`grade`, or a dimension of the rubric."""
    least: float


@dataclass(frozen=True)
class Doubting:
    """A judge with a line, a value like any other: its name says the line, which changes verdicts.

    `below`: a finding whose label has a smaller probability is abstained, and so is a grade: by its own distribution (a
    Student), by the share of a jury's votes, else as the rubric's review makes of the findings that are left. `floors`
    are lines on single dimensions or the grade instead, as a policy gives them. `unlike`: it abstains too on what is
    unlike what it learned from: a Student, that learned the grade, on the grade; the embedded judge, that learned
    dimensions, on each dimension where a measure would stand in for a learned model, and on the grade where the
    rubric's rule makes none of what is left (a defect that a check found still decides). What nothing was learned of is
    not unlike. Raises `UsageError` for a line outside [0, 1], for both kinds of line, and for `unlike` where nothing
    says what was learned from.
    """

    of: Judge | Jury | Student
    below: float = 0.0
    floors: tuple[Floor, ...] = ()
    unlike: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.below <= 1:
            raise UsageError(f"abstain below {self.below:g}: give a probability between 0 and 1")
        if self.below and self.floors:
            raise UsageError("lines come from a policy, or one is set by hand: not both")
        if self.unlike and self._student is None and not self._taught:
            raise UsageError(
                f"{self.of.name} does not say what it was trained on; only `local`, `local/lexical` and a Student with "
                "a record of its domain can abstain on what is unlike it: distill it anew"
            )

    @property
    def name(self) -> str:
        """`local/minilm… (abstains below 0.7)`."""
        words = [f"abstains below {self.below!r}"] if self.below else []
        if self.floors:
            lines = ", ".join(f"{floor.task}.{floor.dimension} {floor.least!r}" for floor in self.floors)
            words.append(f"trusted from {lines}")
        if self.unlike:
            words.append("abstains on what is unlike its training")
        return f"{self.of.name} ({'; '.join(words)})" if words else self.of.name

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        """The judge's."""
        return self.of.rubrics

    @property
    def members(self) -> tuple[Judge | Student, ...]:
        """The judge's."""
        return self.of.members

    def over(self, wrap: Callable[[Provider], Provider]) -> Doubting:
        """The same line over the judge with its provider wrapped."""
        return replace(self, of=self.of.over(wrap))

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Told of a batch ahead of time."""
        self.of.prepare(samples)

    async def judge(self, sample: Sample) -> Verdict:
        """The judge's verdict, doubted."""
        return self.doubted(sample, await self.of.judge(sample))

    def doubted(self, sample: Sample, verdict: Verdict) -> Verdict:
        """What a verdict of the judge comes to under the line. Failures stay failures, abstentions abstentions."""
        verdict = self._like(verdict)
        found = self._floored(verdict) if self.floors else self._below(verdict)
        found = replace(found, judge=self.name)
        words = unlike(self._student, [sample])[0] if self._student else ""
        if not words:
            return found
        found = replace(found, flags=tuple(sorted({*found.flags, words})))
        return _without_grade(found, words) if self.unlike and found.grade is not None else found

    def decided(self, verdict: Verdict) -> bool:
        """Whether a verdict of this judge needs no other: it has not abstained on what its lines are about.

        Without floors that is the grade. What failed is decided too: a failure says nothing of the sample.
        """
        if verdict.status is Status.ABSTAINED:
            return False
        own = {floor.dimension for floor in self.floors if floor.task == verdict.task}
        # a sample without the context that a dimension needs has none for the next judge either
        silent = {f.dimension for f in verdict.findings if f.status is Status.ABSTAINED and f.by != "needs"}
        return not own & silent

    async def close(self) -> None:
        """Gives connections back."""
        await self.of.close()

    def _like(self, verdict: Verdict) -> Verdict:
        """The verdict without the words of measures that stand in for a learned model, where that is asked for."""
        if not (self.unlike and self._taught):
            return verdict
        out = {found.dimension: found for found in verdict.findings if stands_in(found) and found.status is Status.OK}
        if not out:
            return verdict
        findings = tuple(_unlike(found) if found.dimension in out else found for found in verdict.findings)
        left = self._counted(verdict, findings)
        return left if _has_own_word(verdict) else self._reviewed(verdict, left)

    def _below(self, verdict: Verdict) -> Verdict:
        if not self.below:
            return verdict
        ladders = self._ladders[verdict.task]
        shares = [said_with(found, ladders[found.dimension]) for found in verdict.findings]
        doubtful = {f.dimension: share for f, share in zip(verdict.findings, shares, strict=True) if share < self.below}
        left = self._left(verdict, doubtful, self.below)
        if verdict.grade is None or not _has_own_word(verdict):
            return self._reviewed(verdict, left) if doubtful else verdict
        sure = confidence(verdict, OF_GRADE, ladders)
        return left if sure >= self.below else _without_grade(left, _doubt(verdict.grade, sure, self.below, verdict))

    def _floored(self, verdict: Verdict) -> Verdict:
        ladders = self._ladders[verdict.task]
        floors = {floor.dimension: floor.least for floor in self.floors if floor.task == verdict.task}
        sure = {name: confidence(verdict, name, ladders) for name in floors}
        doubtful = {name: share for name, share in sure.items() if name != OF_GRADE and share < floors[name]}
        left = verdict
        for name in doubtful:
            left = self._left(left, {name: sure[name]}, floors[name])
        if verdict.grade is None or OF_GRADE not in floors:
            return self._reviewed(verdict, left) if doubtful and not _has_own_word(verdict) else left
        if sure[OF_GRADE] >= floors[OF_GRADE]:
            return left
        return _without_grade(left, _doubt(verdict.grade, sure[OF_GRADE], floors[OF_GRADE], verdict))

    def _left(self, verdict: Verdict, doubtful: Mapping[str, float], line: float) -> Verdict:
        """The verdict with doubtful findings abstained, its shares counted anew, its grade as it was."""
        if not doubtful:
            return verdict
        findings = tuple(
            _silent(found, doubtful[found.dimension], line) if found.dimension in doubtful else found
            for found in verdict.findings
        )
        return self._counted(verdict, findings)

    def _counted(self, verdict: Verdict, findings: tuple[Finding, ...]) -> Verdict:
        said = review(self.rubrics[verdict.task], findings)
        return replace(
            verdict, findings=findings, positive_share=round(said.share, 4), coverage=round(said.coverage, 4)
        )

    def _reviewed(self, before: Verdict, left: Verdict) -> Verdict:
        """The grade that the rubric's rule makes of what is left; never one above what it was with the doubtful."""
        said = review(self.rubrics[before.task], left.findings)
        if before.grade is None:
            return left
        if said.grade is None:
            return _without_grade(left, said.reason)
        if said.undecided and before.reviewed_by == "reviewer":
            return left
        if RANKS.index(said.grade) > RANKS.index(before.grade):
            return _without_grade(left, f"no sure defect, and no grade without the doubtful one ({before.reason})")
        return replace(left, grade=said.grade, reason=said.reason)

    @cached_property
    def _ladders(self) -> Mapping[str, Mapping[str, Ladder]]:
        return {task: ladders_of(rubric) for task, rubric in self.rubrics.items()}

    @property
    def _taught(self) -> bool:
        """Whether the judge is the embedded one with learned models."""
        return isinstance(self.of, Judge) and bool(getattr(self.of.examiner, "taught", False))

    @cached_property
    def _student(self) -> Student | None:
        """The judge, where it is a Student that knows what it was trained on."""
        return self.of if isinstance(self.of, Student) and knows_domain(self.of) else None


def _has_own_word(verdict: Verdict) -> bool:
    """Whether the grade has a probability of its own, and is not made of the findings by the rubric's rule."""
    return verdict.distribution is not None or verdict.reviewed_by == "jury"


def _silent(finding: Finding, sure: float, line: float) -> Finding:
    words = f"{finding.label} with probability {sure:.2f}, below {line:.2f}: {finding.reason}"
    return _abstained(finding, words)


def _unlike(finding: Finding) -> Finding:
    return _abstained(finding, f"{finding.label} by a measure alone; {finding.reason}")


def _abstained(finding: Finding, words: str) -> Finding:
    return Finding(
        finding.dimension, Status.ABSTAINED, reason=words, evidence=finding.evidence, by=finding.by,
        prompts=finding.prompts,
    )  # fmt: skip


def _doubt(grade: Grade, sure: float, line: float, verdict: Verdict) -> str:
    return f"{grade} with probability {sure:.2f}, below {line:.2f}: {verdict.reason}"


def _without_grade(verdict: Verdict, words: str) -> Verdict:
    return replace(verdict, status=Status.ABSTAINED, grade=None, distribution=None, reason=words, error=words)
