"""Samples for checks, and one check run on one of them."""

from __future__ import annotations

from typing import Any

from recjudge.judge import Sample
from recjudge.judge.checks.checks import CHECKS
from recjudge.judge.findings import Hit

NOW = "2026-07-10"
JACKET = {
    "title": "Trail jacket", "material": "polyester", "features": "windproof, two pockets, folds into its hood",
    "weight": "210 g", "waterproof": "no", "capacity_ml": "500", "battery": "12小时",
}  # fmt: skip
KETTLE = {"title": "Gooseneck kettle", "category": "Coffee kettles", "features": "narrow spout"}
RUNS = [
    {"id": "h1", "time": "2026-03-01", "title": "Trail running shoes women"},
    {"id": "h2", "time": "2026-05-01", "title": "Soft flask 500 ml"},
    {"id": "h3", "time": "2026-06-20", "title": "Trail map of Snowdonia"},
]


def text(words: str, **context: Any) -> Sample:
    return Sample("x", "explanation", words, context)


def tag(words: str, interest: str = "", **context: Any) -> Sample:
    return Sample("x", "item_tag", {"tag": words, "interest": interest, "reason": ""}, context)


def intent(interest: str, reason: str = "", evidence: list[str] | None = None, **context: Any) -> Sample:
    output = {"interest": interest, "reason": reason} | ({"evidence": evidence} if evidence else {})
    return Sample("x", "intent", output, context)


def check(name: str, sample: Sample, **given: Any) -> Hit | None:
    return CHECKS[name](sample, given)
