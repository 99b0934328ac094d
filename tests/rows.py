"""Rows as the tests write them, turned into samples."""

from __future__ import annotations

from typing import Any

from recjudge.judge.reading.samples import Problem, Unit, samples_from
from recjudge.judge.records import Sample
from recjudge.rubrics import by_task, load_rubric, rubric_names

TASKS = by_task(load_rubric(name) for name in rubric_names())


def units(*records: Any, **how: Any) -> list[Unit]:
    return list(samples_from(list(records), tasks=TASKS, **how))


def sample(record: dict[str, Any], **how: Any) -> Sample:
    (unit,) = units({"task": "explanation", **record}, **how)
    assert isinstance(unit, Sample), str(unit)
    return unit


def problem(record: dict[str, Any], **how: Any) -> Problem:
    (unit,) = units({"task": "explanation", **record}, **how)
    assert isinstance(unit, Problem), str(unit)
    return unit
