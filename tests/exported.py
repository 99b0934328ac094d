"""Rows with a prompt, and what an export makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from recjudge.judge import Grade
from recjudge.rubrics import load_rubric
from recjudge.training import Exported, Form, Row, export

import filtered as made

RUBRICS = {"text": load_rubric("text")}
ANY = Form(uncertified=True)


def one(id: str, quality: float | None = 0.95, asked: str = "Say it.", **more: Any) -> Row:
    """A row with a prompt; a quality under one half is Bad."""
    return made.row(id, quality, context={"prompt": asked}, **more)


def average(id: str, quality: float = 0.6, **more: Any) -> Row:
    """The same, graded Average."""
    row = one(id, quality, **more)
    return Row(row.sample, replace(row.verdict, grade=Grade.AVERAGE))


def written(rows: list[Row], format: str, form: Form = ANY, **more: Any) -> Exported:
    return export(rows, format, rubrics=RUBRICS, form=form, **more)
