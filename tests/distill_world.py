"""A small world whose order is known: the better a text, the more of its source it says."""

from __future__ import annotations

import random
from collections.abc import Mapping

from recjudge.judge import Finding, Grade, Sample, Status, Verdict
from recjudge.rubrics import Rubric, load_rubric
from recjudge.training import Row

RUBRIC = load_rubric("text")
RUBRICS: Mapping[str, Rubric] = {"text": RUBRIC}
WORDS = [
    "river",
    "stone",
    "garden",
    "kettle",
    "summer",
    "winter",
    "market",
    "letter",
    "window",
    "candle",
    "forest",
    "bridge",
    "copper",
    "velvet",
    "engine",
]
OTHER = tuple("quantum ledger pixel tariff vector budget server socket docket rebate".split())  # noqa: SIM905
GRADES = (Grade.BAD, Grade.AVERAGE, Grade.SUPERIOR)
LABELS = ("off_topic", "partial", "relevant")


def rows(groups: int = 10, seed: int = 0, wrong: float = 0.1) -> list[Row]:
    """Three texts a group, one of each grade, in any order; so many words stray, so that the order is no child's play.

    `relevance` goes with the grade; `fluency` is the same for all.
    """
    chance = random.Random(seed)
    found = []
    for group in range(groups):
        source = chance.sample(WORDS, 12)
        for place in chance.sample(range(3), 3):
            said = [
                chance.choice(OTHER if chance.random() < (wrong, 0.4, 0.8)[2 - place] else source) for _ in range(9)
            ]
            sample = Sample(
                f"s{group}-{place}", "text", " ".join(said), {"source": " ".join(source)}, group=f"g{group}"
            )
            found.append(Row(sample, verdict(sample, place)))
    return found


def verdict(sample: Sample, place: int) -> Verdict:
    """The teacher's."""
    shares = tuple(0.8 if at == place else 0.1 for at in range(3))
    findings = (
        Finding("relevance", Status.OK, LABELS[place], place - 1, shares),
        Finding("fluency", Status.OK, "fluent", 1, (0.0, 0.0, 1.0)),
    )
    return Verdict(
        sample.id, "text", "teacher", RUBRIC.id, Status.OK, GRADES[place], findings, group=sample.group, key=sample.key
    )
