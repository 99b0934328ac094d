"""Rows made by hand: samples with a verdict whose quality is given, and a policy that accepts the good ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
from recjudge.human_labels import Aim, Policy, calibrate
from recjudge.judge import Grade, Sample, Status
from recjudge.training import Filtered, Row, Selection, filter_rows

import worlds

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def row(id: str, quality: float | None = 0.95, text: str = "", **more: Any) -> Row:
    """A text of its own unless one is given; None is unjudged."""
    sample = Sample(id=id, task="text", output=text or f"Words of {id} alone: {id * 4}.", **more)
    made = replace(
        worlds.verdict(quality), id=id, key=sample.key, group=sample.group, item=sample.item, system=sample.system,
        parent=sample.parent, text=sample.text,
    )  # fmt: skip
    if quality is not None and quality < 0.5:
        found = replace(made.findings[0], label="bad", polarity=-1)
        made = replace(made, grade=Grade.BAD, findings=(found,), reason="defect: relevance")
    return Row(sample, made)


def unjudged(id: str, status: Status) -> Row:
    """A row nobody could judge."""
    made = row(id, None)
    return Row(made.sample, replace(made.verdict, status=status, error=f"it was {status.value}"))


def many(n: int, **more: Any) -> list[Row]:
    """Good rows with texts of their own."""
    return [row(f"r{place}", text=f"{place} {word(place)} {word(place + 9999)}", **more) for place in range(n)]


def word(number: int) -> str:
    """A made-up word for a number."""
    return "".join(chr(97 + digit) for digit in np.random.default_rng(number).integers(0, 26, 9))


@cache
def policy(mode: str = "accept") -> Policy:
    """Of a judge whose score tells; it accepts .95, and a selective one rejects .05."""
    aim = Aim(precision=0.9, mode="selective") if mode == "selective" else Aim(precision=0.9)
    return calibrate(worlds.good(2000, slope=20, rest=np.linspace(0, 1, 500)), aim, now=NOW)


def filtered(rows: list[Row], *, certified: bool = True, mode: str = "accept", **options: Any) -> Filtered:
    """Filtered by that policy, without an audit unless asked for."""
    wanted = Selection(**{"audit": 0, "uncertified": not certified, **options})
    return filter_rows(rows, policy(mode) if certified else None, options=wanted, now=NOW)


def ids(rows: Any) -> list[str]:
    """Which rows these are."""
    return [one.sample.id for one in rows]


def why(found: Filtered) -> dict[str, str]:
    """Id to the step that left it out."""
    return {one.row.sample.id: one.step for one in found.left_out}
