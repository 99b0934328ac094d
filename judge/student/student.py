"""A Student as a judge: quick code checks, then one scorer for all targets; a verdict like any other judge's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from ...errors import UsageError
from ...rubrics import Dimension, Rubric
from ..checks.words import words_of
from ..findings import abstained
from ..garbage import no_collections
from ..panel import run_checks
from ..providers import Provider
from ..records import RANKS, Finding, Grade, Sample, Status, Verdict
from ..review import Reviewed, review
from .scorer import Scorer
from .targets import GRADE, Target

T = TypeVar("T")
Shares = Mapping[str, tuple[float, ...] | None]
"""Of each target, the probability of each label; None where the Student cannot tell."""
AHEAD = 4096
"""Verdicts made ahead that are kept; an engine reads two windows of 512 ahead."""
GUARDS = words_of("""
    absolute banned blank contradicts evidence_exists exaggeration gibberish hard_sell hidden instructs_judge language
    length mixed_scripts personal_data placeholder repellent repetition schema sensitive unfounded
""")
"""Code checks that a Student keeps: what harms a reader or hacks a reward, which no sum of features should outweigh.

Together some 0.1 ms an explanation. Left out: `grammar`, which takes ten times as long as all of these; and what is a
matter of degree that its labels teach it (`off_item`, `off_source`, `season`, `audience`, `generic`, `slogan`, `echo`,
`title_again`, `cut_off`, of a tag `vague`, `broad`, `tag_form` and the like, of an intent `too_little`, `necessity`,
`unrelated`, and `named_behaviour`, which compares the reason with every event).
"""


@dataclass(frozen=True, slots=True)
class Graded:
    """A verdict's grade alone."""

    status: Status
    grade: Grade | None
    reason: str
    distribution: tuple[float, ...] | None


@dataclass(frozen=True)
class Student:
    """A distilled judge, a value like any other. Its name changes when a weight, a cut or a guard changes."""

    name: str
    """`student/FOLDER@DIGEST`."""
    rubrics: Mapping[str, Rubric]
    """By task: those it was trained under."""
    targets: Mapping[str, tuple[Target, ...]]
    """By task, in the order of the scorer's columns."""
    scorer: Scorer
    guards: frozenset[str] = GUARDS
    """Names of the code checks that run before it; a defect they find stands."""
    made: Mapping[str, Any] = field(default_factory=dict)
    """Where it comes from: teachers, labels, n, seed, evaluation."""
    _ready: dict[str, Verdict] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for task, targets in self.targets.items():
            if task not in self.rubrics:
                raise UsageError(f"the student has targets for task {task!r} and no rubric for it; distill it anew")
            for target in targets:
                _fits(target, self.rubrics[task])

    @property
    def members(self) -> tuple[Student, ...]:
        """Itself; a jury has several."""
        return (self,)

    def over(self, wrap: Callable[[Provider], Provider]) -> Student:
        """Itself: it has no provider."""
        return self

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Judges a batch at once, ahead of time. What is never asked for gives way to what comes later."""
        ready = self._ready
        ready.update(zip([sample.key for sample in samples], self.at_once(samples), strict=True))
        for key in list(ready)[: max(0, len(ready) - AHEAD)]:
            ready.pop(key, None)

    async def judge(self, sample: Sample) -> Verdict:
        """One verdict; never waits."""
        return self._ready.pop(sample.key, None) or self.at_once([sample])[0]

    async def close(self) -> None:
        """Nothing to give back."""

    def at_once(self, samples: Sequence[Sample]) -> list[Verdict]:
        """A verdict for each sample, in order. Raises `UsageError` for a task it was not trained on."""
        with no_collections():
            return self._at_once(samples)

    def grades(self, samples: Sequence[Sample]) -> list[Graded]:
        """The grade of each sample's verdict without the verdict, in less time. For tasks with the target `grade`."""
        with no_collections():
            return self._each(samples, self._graded)

    def _at_once(self, samples: Sequence[Sample]) -> list[Verdict]:
        return self._each(samples, self._verdict)

    def _each(self, samples: Sequence[Sample], make: Callable[[Sample, Shares], T]) -> list[T]:
        places: dict[str, list[int]] = {}
        for place, sample in enumerate(samples):
            places.setdefault(sample.task, []).append(place)
        found: dict[int, T] = {}
        for task, at in places.items():
            chosen = [samples[place] for place in at]
            rows = self._shares(task, self.scores(task, chosen))
            found |= {
                place: make(sample, dict(zip(self._order[task], row, strict=True)))
                for place, sample, row in zip(at, chosen, rows, strict=True)
            }
        return [found[place] for place in range(len(samples))]

    def scores(self, task: str, samples: Sequence[Sample]) -> Any:
        """(n, targets of the task) array of scores, guards left aside; NaN where the scorer cannot tell."""
        if task not in self.targets:
            raise UsageError(f"{self.name} was not trained on task {task!r}; known: {', '.join(self.targets)}")
        return self.scorer.scores(task, samples)

    def _shares(self, task: str, scores: Any) -> list[list[tuple[float, ...] | None]]:
        """Sample by sample, each target's probability of each label; None where it cannot tell or did not learn."""
        columns = [
            target.shares_of(scores[:, at]) if target.learned else [None] * len(scores)
            for at, target in enumerate(self.targets[task])
        ]
        return [list(row) for row in zip(*columns, strict=True)]

    def _verdict(self, sample: Sample, shares: Shares) -> Verdict:
        findings = self._findings(sample, self._settled(sample), shares)
        rubric = self.rubrics[sample.task]
        said = review(rubric, findings)
        graded = self._reviewed(said, findings, sample.task, shares)
        return Verdict(
            id=sample.id, task=sample.task, judge=self.name, rubric=rubric.id, status=graded.status, grade=graded.grade,
            findings=findings, reason=graded.reason, reviewed_by="student", positive_share=round(said.share, 4),
            coverage=round(said.coverage, 4), distribution=graded.distribution,
            error=None if graded.grade else graded.reason,
            group=sample.group, item=sample.item, system=sample.system, parent=sample.parent, place=sample.place,
            text=sample.text, key=sample.key,
        )  # fmt: skip

    def _graded(self, sample: Sample, shares: Shares) -> Graded:
        settled = self._settled(sample)
        if not any(found.polarity == -1 for found in settled.values()):
            return self._own_grade(sample.task, shares)  # no other finding matters to a grade that was learned
        findings = self._findings(sample, settled, shares)
        return self._reviewed(review(self.rubrics[sample.task], findings), findings, sample.task, shares)

    def _settled(self, sample: Sample) -> Mapping[str, Finding]:
        return run_checks(sample, self._guarded[sample.task])[0]

    def _findings(self, sample: Sample, settled: Mapping[str, Finding], shares: Shares) -> tuple[Finding, ...]:
        silent, words = self._silent[sample.task], self._words[sample.task]
        return tuple(
            settled.get(dim.name)
            or (words[dim.name].finding(known) if (known := shares.get(dim.name)) else silent[dim.name])
            for dim in self.rubrics[sample.task].dimensions
        )

    def _reviewed(self, said: Reviewed, findings: tuple[Finding, ...], task: str, shares: Shares) -> Graded:
        guarded = any(f.polarity == -1 and f.by.startswith("check:") for f in findings)
        if GRADE not in self._names[task]:
            return Graded(said.status, said.grade, said.reason, None)
        if guarded and said.grade is Grade.BAD:
            return Graded(said.status, said.grade, said.reason, (1.0, 0.0, 0.0))
        return self._own_grade(task, shares)

    def _own_grade(self, task: str, shares: Shares) -> Graded:
        return Graded(*_graded(shares.get(GRADE), self._names[task][GRADE]), shares.get(GRADE))

    @cached_property
    def has_grades(self) -> bool:
        """Whether the grade is a target of every task."""
        return all(GRADE in names for names in self._names.values())

    @cached_property
    def _order(self) -> Mapping[str, tuple[str, ...]]:
        return {task: tuple(target.name for target in targets) for task, targets in self.targets.items()}

    @cached_property
    def _words(self) -> Mapping[str, Mapping[str, _Words]]:
        return {task: {dim.name: _words(dim) for dim in rubric.dimensions} for task, rubric in self.rubrics.items()}

    @cached_property
    def _guarded(self) -> Mapping[str, Rubric]:
        """The rubrics with the steps of the guards alone, so that no other is looked at for each sample."""
        return {task: _only(rubric, self.guards) for task, rubric in self.rubrics.items()}

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, bool]]:
        """Whether each target was learned."""
        return {task: {target.name: target.learned for target in targets} for task, targets in self.targets.items()}

    @cached_property
    def _silent(self) -> Mapping[str, Mapping[str, Finding]]:
        """Of each dimension, the word of a Student that did not learn it: made once, not once a sample."""
        words = "the student did not learn this dimension"
        return {
            task: {dim.name: abstained(dim, words, "student") for dim in rubric.dimensions}
            for task, rubric in self.rubrics.items()
        }


def _only(rubric: Rubric, guards: frozenset[str]) -> Rubric:
    dimensions = tuple(
        dim.model_copy(update={"steps": tuple(step for step in dim.steps if step.check in guards and step.settles)})
        for dim in rubric.dimensions
    )
    return rubric.model_copy(update={"dimension": dimensions})


def _graded(shares: tuple[float, ...] | None, learned: bool) -> tuple[Status, Grade | None, str]:
    if shares is None:
        return Status.ABSTAINED, None, "the student cannot tell" if learned else "the student did not learn the grade"
    best = max(range(len(RANKS)), key=shares.__getitem__)
    words = ", ".join(f"{grade} {share:.2f}" for grade, share in zip(reversed(RANKS), reversed(shares), strict=True))
    return Status.OK, RANKS[best], f"student: {words}"


@dataclass(frozen=True)
class _Words:
    """What a finding on one dimension is made of, worked out once."""

    name: str
    labels: tuple[str, ...]
    polarities: tuple[int, ...]
    code: str | None
    """Of a defect, where the dimension has one class alone."""

    def finding(self, shares: tuple[float, ...]) -> Finding:
        """The likeliest label; of equals, the worse."""
        best = shares.index(max(shares))
        label, polarity = self.labels[best], self.polarities[best]
        code = self.code if polarity < 0 else None
        words = f"{label} with probability {shares[best]:.2f}; a student gives no reason"
        return Finding(self.name, Status.OK, label, polarity, shares, code, words, (), "student")


def _words(dimension: Dimension) -> _Words:
    code = next(iter(dimension.codes)) if len(dimension.codes) == 1 else None
    polarities = tuple(map(dimension.polarity, dimension.labels))
    return _Words(dimension.name, dimension.labels, polarities, code)


def _fits(target: Target, rubric: Rubric) -> None:
    """Raises `UsageError` for a target that the rubric does not have, or has on another scale."""
    scales = {dim.name: dim.labels for dim in rubric.dimensions} | {GRADE: tuple(grade.value for grade in RANKS)}
    if scales.get(target.name) != target.labels:
        raise UsageError(
            f"rubric {rubric.id}: the student's target {target.name!r} is on {target.labels}; the rubric has "
            f"{scales.get(target.name, 'no such dimension')}; distill it anew, or give the rubric it was trained under"
        )
