"""From judged samples to training rows in TRL's formats; each row names its samples, judge, rubric and policy.

| format | row (conversational; plain has strings in the place of messages) |
|---|---|
| sft | `{messages}`; plain `{prompt, completion}` |
| prompt-completion | `{prompt, completion}` |
| dpo | `{prompt, chosen, rejected, margin, source}`, for DPO, IPO and pairwise reward models |
| kto | `{prompt, completion, label}`; label: what a policy accepts, else any grade but Bad |
| listwise | `{context, S, A, B}`: the completions of each grade |
| reward | `{prompt, completion, reward}`; reward: the judge's quality in [0, 1] |
| grpo | `{prompt, context, …}`: each prompt once, with what a reward function needs to judge its completions |
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import UsageError
from ..judge import Grade
from ..rubrics import Rubric
from .candidates import UNCERTIFIED, Candidate, Cover, candidates
from .contexts import HUMAN, LLM, by_grade, contexts, degenerate, pairs
from .prompting import Message, Template, plain_prompt
from .rows import Row

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """How rows are written."""

    conversational: bool = True
    margin: float | None = None
    """dpo: the least margin of a pair; None as `pairs` has it."""
    most: int | None = 4
    """dpo: the most pairs of a context, widest margin first; None for all."""
    uncertified: bool = False
    """sft, prompt-completion: every grade but Bad, and each row says that nothing vouches for it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Training rows, and what was left out."""

    format: str
    rows: tuple[Line, ...]
    samples: int
    """Verdicts on samples that were looked at."""
    left_out: Mapping[str, int]
    """Reason to how many samples (or, where it says so, pairs or contexts)."""


def export(
    rows: Iterable[Row],
    format: str,
    *,
    rubrics: Mapping[str, Rubric],
    form: Form = Form(),
    cover: Cover | None = None,
    people: Mapping[str, Grade] | None = None,
    template: Template | None = None,
) -> Exported:
    """Rows of a format in `EXPORTERS`, in the input's order: the same input gives the same rows.

    rubrics: by task. people: sample id to people's grade, taken before the judge's. Raises `UsageError` for an unknown
    format or margin, and where one that teaches every row as right is asked for without a policy or certificate.
    """
    if format not in EXPORTERS:
        raise UsageError(f"unknown format {format!r}; known: {', '.join(EXPORTERS)}")
    _vouched(format, cover, form)
    if form.margin is not None and not (math.isfinite(form.margin) and form.margin <= 1):
        raise UsageError(f"margin {form.margin}: give the least difference of quality in a pair, at most 1, e.g. 0.2")
    seen, left = 0, Counter[str]()

    def counted() -> Iterator[Row]:
        nonlocal seen
        for row in rows:
            seen += 1
            yield row

    found = candidates(counted(), left, rubrics=rubrics, cover=cover, people=people, template=template)
    lines = tuple(EXPORTERS[format](found, form, left))
    return Exported(format, lines, seen, dict(sorted(left.items())))


def sft(found: Iterable[Candidate], form: Form, left: Counter[str]) -> Iterator[Line]:
    """One accepted sample a row."""
    if not form.conversational:
        yield from prompt_completion(found, form, left)
        return
    for one in _accepted(found, form, left):
        yield {"messages": [*_prompt(one, form), *_said(one, form)]} | provenance(one)


def prompt_completion(found: Iterable[Candidate], form: Form, left: Counter[str]) -> Iterator[Line]:
    """One accepted sample a row, prompt and completion apart."""
    for one in _accepted(found, form, left):
        yield {"prompt": _prompt(one, form), "completion": _said(one, form)} | provenance(one)


def dpo(found: Iterable[Candidate], form: Form, left: Counter[str]) -> Iterator[Line]:
    """One pair a row, within a context."""
    for context in contexts(found):
        if degenerate(context):
            left["contexts: one grade only, nothing to order"] += 1
            continue
        for pair in pairs(context, left, margin=form.margin, most=form.most):
            yield {
                "prompt": _prompt(pair.chosen, form),
                "chosen": _said(pair.chosen, form),
                "rejected": _said(pair.rejected, form),
                "margin": pair.margin,
                "source": pair.source,
                **{f"chosen_{name}": value for name, value in _own(pair.chosen).items()},
                **{f"rejected_{name}": value for name, value in _own(pair.rejected).items()},
                **_shared(pair.chosen),
            }


def kto(found: Iterable[Candidate], form: Form, left: Counter[str]) -> Iterator[Line]:
    """One sample a row, wanted or not; under a policy what it accepts is wanted, unless people call it Bad."""
    for one in found:
        vouched = one.policy != UNCERTIFIED and not one.human
        wanted = vouched or one.grade is not Grade.BAD
        if wanted and not one.covered:
            left["not accepted"] += 1
            continue
        yield {"prompt": _prompt(one, form), "completion": _said(one, form), "label": wanted} | provenance(one)


def listwise(found: Iterable[Candidate], form: Form, left: Counter[str]) -> Iterator[Line]:
    """One context a row, its completions by grade (RecGPT-V2, arXiv 2512.14503): those of one grade never compete."""
    for context in contexts(found):
        if degenerate(context):
            left["contexts: one grade only, nothing to order"] += 1
            continue
        grades = by_grade(context)
        yield {
            "context": _prompt(context[0], form),
            **{grade.name[0]: [_said(one, form) for one in ones] for grade, ones in grades.items()},
            **{f"{grade.name[0]}_id": [one.sample.id for one in ones] for grade, ones in grades.items()},
            **{f"{grade.name[0]}_policy": [one.policy for one in ones] for grade, ones in grades.items()},
            "source": HUMAN if all(one.human for one in context) else LLM,
            **_shared(context[0]),
        }


def reward(found: Iterable[Candidate], form: Form, left: Counter[str]) -> Iterator[Line]:
    """One sample a row with the judge's quality; what has none is left out, never 0."""
    for one in found:
        if math.isnan(one.quality):
            left["no quality from the judge"] += 1
            continue
        yield {"prompt": _prompt(one, form), "completion": _said(one, form), "reward": one.quality} | provenance(one)


def grpo(found: Iterable[Candidate], form: Form, left: Counter[str]) -> Iterator[Line]:
    """One context a row, without a completion; the columns are what `reward_function` judges one by."""
    for context in contexts(found):
        one = context[0].sample
        seen = {name: value for name, value in one.context.items() if name != "prompt"}
        yield {
            "prompt": _prompt(context[0], form),
            "task": one.task,
            "group": one.group,
            "item": one.item,
            "context": seen,
        }


def provenance(one: Candidate) -> Line:
    """Where a row comes from: the sample, its grade and by whom, the policy that accepts it, the judge, the rubric."""
    return _own(one) | {"source": HUMAN if one.human else LLM} | _shared(one)


def _own(one: Candidate) -> Line:
    return {"id": one.sample.id, "grade": one.grade.value, "policy": one.policy}


def _shared(one: Candidate) -> Line:
    return {
        "task": one.sample.task,
        "group": one.sample.group,
        "judge": one.verdict.judge,
        "rubric": one.verdict.rubric,
    }


def _accepted(found: Iterable[Candidate], form: Form, left: Counter[str]) -> Iterator[Candidate]:
    for one in found:
        if one.grade is Grade.BAD and (form.uncertified or one.human):
            left["Bad"] += 1
        elif not one.covered:
            left["not accepted"] += 1
        else:
            yield one


def _vouched(format: str, cover: Cover | None, form: Form) -> None:
    if format not in ALL_RIGHT:
        return
    vouched = cover is not None and cover.digest != UNCERTIFIED
    if not vouched and not form.uncertified:
        without = "--uncertified exports without, and says so in every row"
        if cover is not None:
            raise UsageError(
                f"{format}: every row is taught as right, and what was given is uncertified: it was filtered without a "
                f"policy; filter again with --policy policy.json; {without}"
            )
        raise UsageError(
            f"{format}: every row is taught as right, and nothing says how many are not; give the folder that "
            f"`recjudge filter` wrote with --filtered, or --policy policy.json; {without}"
        )
    if vouched and form.uncertified:
        raise UsageError("--uncertified: a policy or certificate vouches for the rows; give one of the two")


def _prompt(one: Candidate, form: Form) -> Sequence[Message] | str:
    return list(one.prompt) if form.conversational else plain_prompt(one.prompt)


def _said(one: Candidate, form: Form) -> Any:
    return [{"role": "assistant", "content": one.completion}] if form.conversational else one.completion


EXPORTERS: Mapping[str, Callable[[Iterable[Candidate], Form, Counter[str]], Iterator[Line]]] = {
    "sft": sft,
    "prompt-completion": prompt_completion,
    "dpo": dpo,
    "kto": kto,
    "listwise": listwise,
    "reward": reward,
    "grpo": grpo,
}
ALL_RIGHT = ("sft", "prompt-completion")
"""Formats in which every row is taught as right: they take only rows that a policy or certificate covers."""
