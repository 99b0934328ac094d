"""A small Student for the tests: known weights, so that what it says can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

from recjudge import load_rubric
from recjudge.judge.student import Linear, Stem, Student, Target, write_student

GRADES = ("Bad", "Average", "Superior")


def small_student(folder: Path, *, weight: float = 1.0, task: str = "explanation") -> Student:
    """Its grade rises with the number of words: score = weight * (words - 8) / 4; cuts at -1 and 1."""
    rubric = load_rubric(task)
    stem = Stem(("words",), (8.0,), (4.0,), ((),), ((weight,),))
    target = Target("grade", GRADES, 1.0, (-1.0, 1.0))
    return write_student(folder, Linear({task: stem}), {task: [target]}, {task: rubric}, made={"by": "hand"})
