"""Verdicts for comparisons: systems and judges whose every grade is written down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from recjudge.judge import Cost, Finding, Grade, Status, Verdict

GRADES = {"S": Grade.SUPERIOR, "A": Grade.AVERAGE, "B": Grade.BAD}
POINTS = {"S": ("relevant", 1), "A": ("partial", 0), "B": ("off_topic", -1)}
RUBRIC = "text@9894b90a8f4b"


def verdict(id: str, letter: str, **more: Any) -> Verdict:
    """S, A or B, or `-` for a reply that could not be read; one finding says the same."""
    grade = GRADES.get(letter)
    status = Status.OK if grade else Status.PARSE_FAILED
    found = Finding("relevance", status, *POINTS[letter]) if grade else Finding("relevance", status)
    fields = {"judge": "j/one@1", "rubric": RUBRIC, "key": f"key of {id}", "cost": Cost(2, 0, 100, 0, 10, 0.001)}
    error = None if grade else "no JSON in the reply"
    return Verdict(id=id, task="text", status=status, grade=grade, findings=(found,), error=error, **(fields | more))


def system(name: str, letters: str, groups: Sequence[str] | None = None, **more: Any) -> list[Verdict]:
    """One verdict a letter, `name-0`, `name-1`, …; each in a group of its own unless groups are given."""
    return [
        verdict(f"{name}-{place}", letter, system=name, group=groups[place] if groups else f"u{place}", **more)
        for place, letter in enumerate(letters)
    ]


def judged(letters: str, judge: str = "j/one@1", **more: Any) -> list[Verdict]:
    """One judge's verdicts on s0, s1, …"""
    return [verdict(f"s{place}", letter, judge=judge, **more) for place, letter in enumerate(letters)]


def written(path: Path, *verdicts: list[Verdict]) -> str:
    """A verdicts file; its path as text."""
    from recjudge.judge.verdicts import encode

    path.write_bytes(b"".join(encode(verdict) + b"\n" for side in verdicts for verdict in side))
    return str(path)


def labels_file(path: Path, said: dict[str, str], annotator: str = "ann", role: str = "expert") -> str:
    """Long JSONL labels of grades: sample id to S, A or B."""
    rows = [
        {"sample": id, "dimension": "grade", "annotator": annotator, "role": role, "label": GRADES[letter].value}
        for id, letter in said.items()
    ]
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return str(path)
