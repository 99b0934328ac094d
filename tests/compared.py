"""Comparisons of verdicts whose every grade is written down."""

from __future__ import annotations

from typing import Any

from recjudge.human_labels import (
    Comparison,
    Label,
    Labels,
    People,
    compare,
)
from recjudge.human_labels.comparing import JudgesSection, SystemsSection, side_of
from recjudge.human_labels.pairing import GRADES
from recjudge.judge import shipped

from comparable import GRADES as LETTERS


def systems(a: list[Any], b: list[Any], **more: Any) -> SystemsSection:
    found = compared(a, b, **more).sections[0]
    assert isinstance(found, SystemsSection)
    return found


def judges(a: list[Any], b: list[Any], **more: Any) -> JudgesSection:
    found = compared(a, b, **more).sections[0]
    assert isinstance(found, JudgesSection)
    return found


def compared(a: list[Any], b: list[Any], **more: Any) -> Comparison:
    return compare(side_of(a, source="a.jsonl"), side_of(b, source="b.jsonl"), **more)


def people(said: dict[str, str], *, by: str = "ann", role: str = "expert", **more: Any) -> People:
    rows = [Label(id, "grade", by, GRADES.code(LETTERS[letter].value), GRADES, role) for id, letter in said.items()]
    return People(Labels(tuple(rows)), list(shipped().values()), **more)
