"""Which figures of an agreement report stand beside each other, and the one plain word above them all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..human_labels.agreement import AgreementReport, Figure, Section

_NOMINAL = ("kappa", "ac1", "alpha_nominal", "raw_agreement", "pabak", "mcc", "accuracy")
_ORDERED = (
    "alpha_ordinal",
    "kappa_quadratic",
    "ac2_quadratic",
    "spearman",
    "alpha_interval",
    "icc_2_1",
    "ccc",
    "kendall",
)
_NO_AGREEMENT = ("prevalence", "majority", "bias", "brier", "ece", "mae", "design", "undecided", "auc")
"""Figures that begin so do not lie on the axis of agreement."""
MANY_UNJUDGED = 0.05
"""A larger share of labelled items without a word of the judge is no small print."""
_WORDS = {
    "green": "May stand in for a person",
    "amber": "With care",
    "red": "Do not act on it yet",
    "grey": "No judge yet",
}


@dataclass(frozen=True, slots=True)
class Light:
    """A report in one word, and the rule it came from."""

    colour: str
    """`green`, `amber`, `red` or `grey`."""
    word: str
    why: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of people among themselves and of the judge with people."""

    name: str
    title: str
    people: Figure | None
    judge: Figure | None
    ceiling: Figure | None = None


def light(report: AgreementReport) -> Light:
    """Red when an alt-test fails, or a judge is surely below people or not surely above chance; green when every
    alt-test passes and nothing is warned of; amber between the two; grey without a judge."""
    judged = [section for section in report.sections if section.judge is not None]
    if not judged:
        return _light("grey", "people among themselves alone")
    several = len({section.judge.who for section in judged if section.judge}) > 1
    bad = [reason for section in judged if (reason := _against(section, several))]
    if bad:
        more = f", and {len(bad) - 1} more of {len(judged)} sections" if len(bad) > 1 else ""
        return _light("red", bad[0] + more)
    held = sum(1 for section in judged if section.alt_test is not None and section.alt_test.passed)
    if held < len(judged):
        return _light("amber", f"the alt-test cannot be held in {len(judged) - held} of {len(judged)} sections")
    silent = next((section for section in judged if sum(section.unjudged.values()) > MANY_UNJUDGED * section.n), None)
    if silent is not None:
        count = sum(silent.unjudged.values())
        return _light(
            "amber", f"{silent.name}: the alt-test is passed on what was judged; {count} of {silent.n} were not"
        )
    if report.warnings:
        return _light("amber", f"every alt-test is passed, but there are warnings: {len(report.warnings)}")
    return _light("green", "the alt-test is passed in every section, and nothing is warned of")


def beside(section: Section, most: int | None = None) -> tuple[Beside, ...]:
    """Figures that both sides have, the scale's leading ones first; without one side, those of the other."""
    people = {one.name: one for one in section.people.figures} if section.people else {}
    judge = {one.name: one for one in section.judge.figures} if section.judge else {}
    names = [name for name in people if name in judge] if people and judge else [*people, *judge]
    tops = {one.of: one for one in section.ceilings if one.of}
    ranks = {name: rank for rank, name in enumerate(_ORDERED if _is_ordered(section) else _NOMINAL)}
    chosen = sorted((name for name in names if _is_agreement(name)), key=lambda name: ranks.get(name, len(ranks)))
    return tuple(
        Beside(name, (people.get(name) or judge[name]).title, people.get(name), judge.get(name), tops.get(name))
        for name in chosen[:most]
    )


def sound(figure: Figure) -> Figure:
    """The figure itself. Raises ValueError for a value without n, which is never shown."""
    if figure.interval.n < 1 and not math.isnan(figure.interval.value):
        raise ValueError(f"figure {figure.name!r} has a value but n = {figure.interval.n}; nothing without n is shown")
    return figure


def coverage(figure: Figure) -> float:
    """Share of the planned items that enter; NaN where nothing was planned."""
    return figure.coverage if figure.planned else math.nan


def differing(section: Section) -> int:
    """Items on which people and the judge differ, as far as the report knows."""
    return max(section.differing, len(section.disagreements))


def raters(section: Section) -> str:
    """`3 raters`."""
    return f"{section.raters:,} rater{'' if section.raters == 1 else 's'}"


def _against(section: Section, named: bool) -> str:
    who = f"{section.judge.who} on {section.name}" if section.judge and named else section.name
    if section.alt_test is not None and section.alt_test.passed is False:
        return f"{who}: the alt-test fails"
    for pair in beside(section, 1):
        found = pair.judge.interval if pair.judge else None
        among = pair.people.interval if pair.people else None
        if found is not None and among is not None and found.high < among.low:
            return f"{who}: {pair.title} of the judge with people lies below that of people with one another"
        if found is not None and found.low <= 0:
            return f"{who}: {pair.title} of the judge is not surely above chance"
    return ""


def _light(colour: str, why: str) -> Light:
    return Light(colour, _WORDS[colour], why)


def _is_ordered(section: Section) -> bool:
    return section.scale.partition(":")[0] not in ("nominal", "binary")


def _is_agreement(name: str) -> bool:
    return ":" not in name and not name.startswith(_NO_AGREEMENT)
