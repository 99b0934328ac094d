"""Decisions endpoints: ordered questions on one input go out, probabilities of their labels come back, no text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ...errors import ProviderFault
from ..records import Status
from .base import Prompt, Question, Reply, Usage
from .chat import count, load, part, text_of
from .faults import body_fault

_MOST_LEVELS = 10
"""Levels that a System One score may have; a longer scale is asked as a choice."""
_SLACK = 0.02
"""How far probabilities may be from adding up to 1, a label: some servers round to two decimals."""


def decisions_body(model: str, prompt: Prompt) -> dict[str, Any]:
    """The body of POST /v1/decisions: each question is a `score` with ordered, labelled levels."""
    return {"model": model, "input": decisions_input(prompt), "questions": [_score(q) for q in prompt.questions]}


def decisions_input(prompt: Prompt) -> list[dict[str, str]]:
    """What every question is about: the system text, then the context and the artefact."""
    system = {"type": "message", "role": "system", "content": prompt.system}
    return [system, {"type": "message", "role": "user", "content": prompt.shared + prompt.body}]


def systemone_body(model: str, prompt: Prompt) -> dict[str, Any]:
    """The body of POST /v1/systemone (System One; llama.cpp, transformers serve): levels are named by position."""
    questions = {question.name: _criteria(question) for question in prompt.questions}
    return {"model": model, "state": f"{prompt.system}\n{prompt.shared}{prompt.body}", "questions": questions}


def read_decisions(body: bytes, prompt: Prompt, secrets: Sequence[str | None] = ()) -> Reply:
    """Answers in question order, each with its question's name. Raises `ProviderFault` when they do not fit."""
    data = load(body, secrets)
    answers = data.get("answers")
    if not isinstance(answers, list) or len(answers) != len(prompt.questions):
        raise body_fault(f"the reply has no {len(prompt.questions)} answers", body, secrets)
    made: dict[str, dict[str, float] | None] = {}
    for question, answer in zip(prompt.questions, answers, strict=True):
        if not isinstance(answer, dict) or answer.get("name") not in (question.name, None):
            raise body_fault(f"the answer to {question.name!r} is missing", body, secrets)
        made[question.name] = None if answer.get("type") == "refusal" else _odds(question, _rows(answer))
    return _reply(data, made)


def read_systemone(body: bytes, prompt: Prompt, secrets: Sequence[str | None] = ()) -> Reply:
    """Answers by question name; a question without an answer was refused."""
    data = load(body, secrets)
    answers = data.get("answers")
    if not isinstance(answers, dict):
        raise body_fault("the reply has no answers", body, secrets)
    made = {question.name: _named(question, answers.get(question.name)) for question in prompt.questions}
    return _reply(data, made)


def _score(question: Question) -> dict[str, Any]:
    levels = [{"label": label, "description": words} for label, words in question.levels]
    return {"type": "score", "name": question.name, "instructions": question.text, "levels": levels}


def _criteria(question: Question) -> dict[str, Any]:
    if len(question.levels) > _MOST_LEVELS:
        return {"type": "choice", "instructions": question.text, "criteria": dict(question.levels)}
    levels = [f"{label}: {words}" for label, words in question.levels]
    return {"type": "score", "instructions": question.text, "criteria": levels}


def _rows(answer: Mapping[str, Any]) -> dict[Any, Any]:
    rows = answer.get("probabilities")
    if not isinstance(rows, list):
        return {}
    return {row.get("label"): row.get("probability") for row in rows if isinstance(row, dict)}


def _named(question: Question, answer: Any) -> dict[str, float] | None:
    if answer is None or part(answer, "type") == "refusal":
        return None
    given = part(answer, "probabilities")
    given = given if isinstance(given, dict) else {}
    if len(question.levels) > _MOST_LEVELS:
        return _odds(question, given)
    labels = {str(at): label for at, (label, _) in enumerate(question.levels)}
    return _odds(question, {labels.get(key, key): value for key, value in given.items()})


def _odds(question: Question, given: Mapping[Any, Any]) -> dict[str, float]:
    """The probabilities by label, made to add up to 1. Raises when one is strange or missing."""
    labels = [label for label, _ in question.levels]
    if set(given) != set(labels) or not all(_is_share(value) for value in given.values()):
        why = f"the answer to {question.name!r} is no distribution over {', '.join(labels)}"
        raise ProviderFault(why, status=Status.OUT_OF_RANGE, retriable=True)
    total = math.fsum(given.values())
    if abs(total - 1) > _SLACK * len(labels):
        why = f"the probabilities of {question.name!r} add up to {total:.3f}"
        raise ProviderFault(why, status=Status.OUT_OF_RANGE, retriable=True)
    return {label: given[label] / total for label in labels}


def _is_share(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1


def _reply(data: Mapping[str, Any], answers: Mapping[str, dict[str, float] | None]) -> Reply:
    use = data.get("usage")
    cached = part(part(use, "input_tokens_details"), "cached_tokens")
    usage = Usage(count(part(use, "input_tokens")), count(cached), count(part(use, "output_tokens")))
    fingerprint = text_of(data.get("system_fingerprint"))
    text = orjson.dumps(answers).decode()
    return Reply(text, usage, text_of(data.get("model")), fingerprint, answers=answers)
