"""How a sample's open dimensions come before a language model: a call each, one call for all, or decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from ..errors import ProviderFault
from ..rubrics import Dimension, Rubric, Step
from . import prompts
from .case import Case
from .findings import Said, abstained, failed, labelled
from .providers import Provider, Question
from .records import Finding, Grade, Sample, Status
from .replies import all_schema, parse_all, parse_object
from .steps import STEPS


class Examiner(Protocol):
    """Answers the dimensions that code checks left open."""

    @property
    def name(self) -> str:
        """Changes when anything that may change an answer changes."""
        ...

    def prepare(self, samples: Sequence[Sample], rubrics: Mapping[str, Rubric]) -> None:
        """Told of a batch ahead of time, so that work can be shared."""
        ...

    def case(self, sample: Sample, rubric: Rubric, notes: Mapping[str, Sequence[str]]) -> Case:
        """The sample before this examiner."""
        ...

    async def examine(self, case: Case, open_: Sequence[Dimension]) -> list[Finding]:
        """One finding for each open dimension, in order."""
        ...

    async def review(self, case: Case, findings: Sequence[Finding]) -> tuple[Grade, str] | None:
        """The senior reviewer's word on a sample without a defect; None when this examiner has no reviewer."""
        ...

    async def close(self) -> None:
        """Gives connections back."""
        ...


@dataclass(frozen=True)
class _Asking:
    """What the examiners that ask a provider have in common."""

    provider: Provider
    mode = "panel"

    @property
    def name(self) -> str:
        """The provider's name and the way of asking."""
        return self.provider.name if self.mode == "panel" else f"{self.provider.name} ({self.mode})"

    def over(self, wrap: Callable[[Provider], Provider]) -> Any:
        """The same examiner, its provider wrapped."""
        return replace(self, provider=wrap(self.provider))

    def prepare(self, samples: Sequence[Sample], rubrics: Mapping[str, Rubric]) -> None:
        """Nothing to share: the provider's prefix cache does it."""

    def case(self, sample: Sample, rubric: Rubric, notes: Mapping[str, Sequence[str]]) -> Case:
        """The sample before the provider."""
        return Case(sample, rubric, self.provider, notes)

    async def review(self, case: Case, findings: Sequence[Finding]) -> tuple[Grade, str] | None:
        """Asks the senior reviewer: Superior or Average."""
        question = prompts.review_question(case.rubric, findings)
        prompt = case.prompt(question, _REVIEW, schema_name="review", label_key="grade", labels=_GRADES)
        said, _, _ = await case.ask(prompt, partial(parse_object, schema=_REVIEW))
        return Grade(said["grade"]), said["reason"]

    async def close(self) -> None:
        """Closes the provider."""
        await self.provider.close()


@dataclass(frozen=True)
class Panel(_Asking):
    """One sub-evaluator a dimension, all at once; each walks its own steps."""

    async def examine(self, case: Case, open_: Sequence[Dimension]) -> list[Finding]:
        """Gathers the sub-evaluators' findings."""
        return list(await asyncio.gather(*(self._answer(case, dimension) for dimension in open_)))

    async def _answer(self, case: Case, dimension: Dimension) -> Finding:
        step = asking_step(dimension)
        if step is None:
            return abstained(dimension, "the rubric has no step that a language model answers", "panel")
        try:
            return await STEPS[step.kind](case, dimension, step)
        except ProviderFault as fault:
            return failed(dimension, fault, step.name)


@dataclass(frozen=True)
class Single(_Asking):
    """Everything in one call, to be compared with the panel."""

    mode = "single"

    async def examine(self, case: Case, open_: Sequence[Dimension]) -> list[Finding]:
        """One call; a reply that misses one dimension is no reply for any."""
        question = prompts.single_question(case.rubric, open_, case.notes)
        prompt = case.prompt(question, all_schema(open_), schema_name="findings", max_tokens=256 * len(open_) + 256)
        try:
            said, _, key = await case.ask(prompt, partial(parse_all, dimensions=open_))
        except ProviderFault as fault:
            return [failed(dimension, fault, "single") for dimension in open_]
        return [labelled(dim, said[dim.name], by="single", prompts=(key,)) for dim in open_]


@dataclass(frozen=True)
class Decisions(_Asking):
    """All open dimensions as the questions of one request on one shared input; probabilities come back, no text.

    The steps `claims` and `look` are asked as their dimension's question: there is no text to split or to steer by.
    """

    mode = "decisions"

    @property
    def name(self) -> str:
        """The provider's name says it already."""
        return self.provider.name

    async def examine(self, case: Case, open_: Sequence[Dimension]) -> list[Finding]:
        """One request; a question may be refused while the others are answered."""
        questions = tuple(_question(case, dimension) for dimension in open_)
        prompt = case.prompt("", {}, questions=questions, schema_name="decisions", max_tokens=0)
        try:
            reply = await self.provider.ask(prompt)
        except ProviderFault as fault:
            return [failed(dimension, fault, "decisions") for dimension in open_]
        case.charge(reply)
        answers = reply.answers or {}
        return [_decided(dimension, answers.get(dimension.name), prompt.key) for dimension in open_]

    async def review(self, case: Case, findings: Sequence[Finding]) -> tuple[Grade, str] | None:
        """A decisions endpoint writes no text, so the positive share decides."""
        return None


def asking_step(dimension: Dimension) -> Step | None:
    """The first step of a dimension that a language model answers."""
    return next((step for step in dimension.steps if step.kind in STEPS), None)


def _question(case: Case, dimension: Dimension) -> Question:
    notes = case.notes.get(dimension.name, ())
    words = f"{dimension.question} (Of the artefact, which is {case.rubric.subject}.)"
    noted = f" Noted by code checks, to be weighed: {'; '.join(map(prompts.fenced, notes))}" if notes else ""
    return Question(dimension.name, words + noted, tuple((point.label, point.words) for point in dimension.scale))


def _decided(dimension: Dimension, answer: Mapping[str, float] | None, key: str) -> Finding:
    if answer is None:
        fault = ProviderFault("the model declined to answer this question", status=Status.REFUSED)
        return failed(dimension, fault, "decisions")
    label = max(dimension.labels, key=lambda name: answer.get(name, 0.0))
    code = next(iter(dimension.codes), None) if len(dimension.codes) == 1 else None
    words = f"{label} with probability {answer[label]:.2f}; a decisions endpoint gives no reason"
    return labelled(dimension, Said(label, code, words, ()), by="decisions", prompts=(key,), distribution=answer)


_GRADES = (Grade.AVERAGE.value, Grade.SUPERIOR.value)
_REVIEW = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "grade": {"type": "string", "enum": list(_GRADES)}},
    "required": ["reason", "grade"],
    "additionalProperties": False,
}

MODES: dict[str, type[Panel] | type[Single] | type[Decisions]] = {
    "panel": Panel,
    "single": Single,
    "decisions": Decisions,
}
