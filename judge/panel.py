"""The panel: code checks, one sub-evaluator per dimension, then the senior reviewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from ..errors import ProviderFault, RubricError
from ..rubrics import Dimension, Rubric, Step, load_rubric, rubric_names
from .case import Case
from .checks.checks import CHECKS
from .checks.sieve import idle_checks, sieved
from .embedded.measures import MEASURES
from .examiners import Examiner, Panel
from .findings import Check, abstained, caught
from .providers import Provider
from .records import Finding, Sample, Status, Verdict
from .review import Reviewed, review
from .sets.diversity import SET_METRICS


@dataclass(frozen=True)
class Judge:
    """A value: rubrics and an examiner. Its name changes when anything that can change a verdict changes.

    `Judge.of(provider)` asks a provider, one call a dimension; `Judge(Local())` is the embedded judge.
    Raises `RubricError` when a rubric's step names a check, measure or metric that does not exist.
    """

    examiner: Examiner
    rubrics: Mapping[str, Rubric] = field(default_factory=lambda: shipped())
    """Canonical name to rubric."""

    def __post_init__(self) -> None:
        for rubric in self.rubrics.values():
            check_names(rubric)

    @classmethod
    def of(cls, provider: Provider, *rubrics: Rubric) -> Judge:
        """A panel judge on a provider; the shipped rubrics when none is given."""
        return cls(Panel(provider), {rubric.name: rubric for rubric in rubrics} or shipped())

    @property
    def name(self) -> str:
        """`openai/gpt-…?temperature=0`, `local/minilm…`."""
        return self.examiner.name

    @property
    def members(self) -> tuple[Judge, ...]:
        """Itself; a jury has several."""
        return (self,)

    def over(self, wrap: Callable[[Provider], Provider]) -> Judge:
        """The same judge with its provider wrapped (retries, store, budget)."""
        wrapped = getattr(self.examiner, "over", None)
        return replace(self, examiner=wrapped(wrap)) if wrapped else self

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Told of a batch ahead of time."""
        self.examiner.prepare(samples, self.rubrics)

    async def judge(self, sample: Sample) -> Verdict:
        """Checks, sub-evaluators, review. Raises only what ends a run: account, provider down, storage."""
        rubric = self.rubrics[sample.task]
        settled, notes = run_checks(sample, rubric)
        case = self.examiner.case(sample, rubric, notes)
        open_ = [dim for dim in rubric.dimensions if dim.name not in settled]
        if open_:
            settled |= {found.dimension: found for found in await self.examiner.examine(case, open_)}
        findings = tuple(settled[dim.name] for dim in rubric.dimensions)
        return await self._verdict(case, findings)

    async def _verdict(self, case: Case, findings: tuple[Finding, ...]) -> Verdict:
        said = review(case.rubric, findings)
        by = "rule"
        if said.undecided:
            said, by = await self._senior(case, findings, said)
        sample = case.sample
        return Verdict(
            id=sample.id, task=sample.task, judge=self.name, rubric=case.rubric.id,
            status=said.status, grade=said.grade, findings=findings, reason=said.reason, reviewed_by=by,
            positive_share=round(said.share, 4), coverage=round(said.coverage, 4),
            error=None if said.grade else said.reason,
            group=sample.group, item=sample.item, system=sample.system, parent=sample.parent,
            place=sample.place, text=sample.text, key=sample.key, flags=tuple(sorted(case.flags)), cost=case.cost,
        )  # fmt: skip

    async def _senior(self, case: Case, findings: Sequence[Finding], said: Reviewed) -> tuple[Reviewed, str]:
        try:
            word = await self.examiner.review(case, findings)
        except ProviderFault as fault:
            return replace(
                said, status=Status(fault.status), grade=None, reason=f"senior reviewer: {fault}"
            ), "reviewer"
        return (said, "rule") if word is None else (replace(said, grade=word[0], reason=word[1]), "reviewer")

    async def close(self) -> None:
        """Gives connections back."""
        await self.examiner.close()


def run_checks(
    sample: Sample, rubric: Rubric, only: frozenset[str] | None = None
) -> tuple[dict[str, Finding], dict[str, list[str]]]:
    """Dimension name to the finding that code settled, and to what code noted without settling.

    only: names of the checks to run; None runs all.
    A dimension whose needed context is missing is settled as abstained: nobody is asked what cannot be answered.
    """
    settled: dict[str, Finding] = {}
    notes: dict[str, list[str]] = defaultdict(list)
    plan, context = _plan_of(rubric), sample.context
    for planned, checks in plan.left(idle_checks(sample) if plan.sieved else _NONE, only):
        dimension = planned.dimension
        if missing := [name for name in planned.needs if not context.get(name)]:
            settled[planned.name] = abstained(dimension, f"the sample has no {' and no '.join(missing)}", "needs")
            continue
        for check, given, step in checks:
            if hit := check(sample, given):
                if step.settles:
                    settled[planned.name] = caught(dimension, step, hit)
                    break
                notes[planned.name].append(hit.reason)
    return settled, dict(notes)


def check_names(rubric: Rubric, file: str = "") -> None:
    """Raises `RubricError` for a check, measure or set metric that does not exist, and for parameters it does not take.

    The message names those that do, and `file` where it is given.
    """
    named = file or f"rubric {rubric.name!r}"
    for dimension in rubric.dimensions:
        for number, step in enumerate(dimension.steps, 1):
            at = f"{named}: dimension {dimension.name!r}: steps[{number}]"
            _known(at, "check", step.check, CHECKS)
            _known(at, "measure", step.measure, MEASURES)
            _takes(at, rubric, step)
    for number, limit in enumerate(rubric.sets, 1):
        _known(f"{named}: sets[{number}]", "metric", limit.metric, SET_METRICS)


def shipped() -> dict[str, Rubric]:
    """The rubrics that ship, by name."""
    return {name: load_rubric(name) for name in rubric_names()}


_Asked = tuple[Check, Mapping[str, Any], Step]
"""A check, its parameters and its step."""


class _Planned(NamedTuple):
    """A dimension with its checks looked up: done once a rubric, not once a sample."""

    name: str
    dimension: Dimension
    needs: tuple[str, ...]
    checks: tuple[tuple[str, str, _Asked], ...]
    """Name, name in the sieve, and what is asked."""


class _Plan:
    """A rubric's dimensions, and what is left of their checks where the sieve names some: few such sets are met."""

    def __init__(self, rubric: Rubric) -> None:
        self.planned = tuple(map(_planned, rubric.dimensions))
        self.sieved = any(sieve for planned in self.planned for _, sieve, _ in planned.checks)
        """Whether the sieve may spare a check."""
        self.left = lru_cache(maxsize=1_024)(self._left)

    def _left(
        self, idle: frozenset[str], only: frozenset[str] | None
    ) -> tuple[tuple[_Planned, tuple[_Asked, ...]], ...]:
        return tuple((planned, tuple(_kept(planned, idle, only))) for planned in self.planned)


def _kept(planned: _Planned, idle: frozenset[str], only: frozenset[str] | None) -> Iterator[_Asked]:
    for name, sieve, asked in planned.checks:
        if sieve not in idle and (only is None or name in only):
            yield asked


def _plan_of(rubric: Rubric) -> _Plan:
    """The rubric's plan, kept beside the rubric and the checks that it was made of."""
    kept = _PLANS.get(id(rubric))
    if kept is None or kept[0] is not rubric or kept[1] is not CHECKS:
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        kept = _PLANS[id(rubric)] = rubric, CHECKS, _Plan(rubric)
    return kept[2]


def _planned(dimension: Dimension) -> _Planned:
    checks = [
        (step.check, sieved(step.check, step.with_), (CHECKS[step.check], step.with_, step))
        for step in dimension.steps
        if step.check is not None
    ]
    return _Planned(dimension.name, dimension, dimension.needs, tuple(checks))


def _takes(at: str, rubric: Rubric, step: Step) -> None:
    """Tries the parameters on a sample that says nothing: a run must not find out on the first of many."""
    probe = Sample("", rubric.name, "" if rubric.artefact in ("explanation", "text") else {})
    try:
        if step.check:
            CHECKS[step.check](probe, step.with_)
        elif step.measure:
            MEASURES[step.measure](probe, step.with_, None)
    except (ValueError, TypeError) as error:
        raise RubricError(f"{at}.with of {step.name}: {error}") from error


def _known(at: str, kind: str, name: str | None, table: Mapping[str, object]) -> None:
    if name is not None and name not in table:
        raise RubricError(f"{at}: unknown {kind} {name!r}; known: {', '.join(sorted(table))}")


_NONE: frozenset[str] = frozenset()
_MOST_PLANS = 64
_PLANS: dict[int, tuple[Rubric, Mapping[str, Check], _Plan]] = {}
