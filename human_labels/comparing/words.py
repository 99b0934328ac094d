"""What a comparison comes to, in sentences: no figure is read for the reader beyond what it carries."""

from __future__ import annotations

import math

from ..intervals import Interval
from ..numerals import short
from .records import AgainstPeople, Corrected, Difference, JudgesSection, Outcome, Rate, SystemsSection

MANY_FAILURES = 0.05
"""A share of unjudged samples above it is warned of, whatever the difference."""
OPINION = "Nobody labelled the grade: this is the judge's opinion of the systems, not people's."


def number(value: float) -> str:
    """Three places, or that there is none."""
    return short(value, 3, "not measured")


def within(found: Interval) -> str:
    """A value with its interval."""
    if math.isnan(found.low) or math.isnan(found.high):
        return f"{number(found.value)} [no interval]"
    return f"{number(found.value)} [{number(found.low)}, {number(found.high)}]"


def systems_headline(section: SystemsSection, a: str, b: str) -> str:
    """The sentence a manager needs: people's difference where it can be had, with the judge's opinion behind it."""
    corrected = next((one for one in section.corrected if one.dimension == "grade"), None)
    opinion = _opinion(section.passed, a, b)
    if corrected is None:
        return f"{section.task}: {opinion} {OPINION}"
    return f"{section.task}: {_as_people(corrected, a, b)} The judge's opinion, uncorrected: {opinion}"


def judges_headline(section: JudgesSection, a: str, b: str) -> str:
    """Who is right more often; without labels, only who passes more."""
    first = next(iter(section.people), None)
    if first is not None:
        return f"{section.task}: {_right(first, a, b)}"
    return (
        f"{section.task}: {_opinion(section.between.stricter, a, b)} Who of them is right, nobody can say without "
        "labels."
    )


def systems_warnings(section: SystemsSection, a: str, b: str) -> tuple[str, ...]:
    """What makes the figures doubtful: failures, and that they differ."""
    rates = (section.passed.a, section.passed.b)
    found = [*_failing(section.task, rates, (a, b))]
    gap = section.failures
    if gap.a != gap.b and gap.p <= 0.05:
        found.append(
            f"{section.task}: failure rates differ between the systems (unjudged {gap.a} of {rates[0].planned} and "
            f"{gap.b} of {rates[1].planned}, p {gap.p:.3g}): shares among the judged favour one of them"
        )
    return tuple(found)


def judges_warnings(section: JudgesSection, a: str, b: str) -> tuple[str, ...]:
    """Failures of either judge, and rubrics that differ."""
    stricter = section.between.stricter
    found = [*_failing(section.task, (stricter.a, stricter.b), (a, b))]
    if section.rubrics[0] != section.rubrics[1]:
        found.append(
            f"{section.task}: the rubrics differ ({section.rubrics[0]}, {section.rubrics[1]}): who passes more is not "
            "the judges' doing alone"
        )
    return tuple(found)


def outcome_words(outcome: Outcome, a: str, b: str, smallest: float) -> str:
    """The outcome as a clause; a difference not shown names the least one that could have been."""
    if outcome is Outcome.NOT_SHOWN and smallest >= 1:
        return f"{outcome.value} (so few contexts show hardly any difference: this is not equality)"
    if outcome is Outcome.NOT_SHOWN and not math.isnan(smallest):
        return (
            f"{outcome.value} (a true difference under {number(smallest)} would not have been shown with probability "
            "80 %, so this is not equality)"
        )
    return {Outcome.A: f"{a} is ahead", Outcome.B: f"{b} is ahead"}.get(outcome, outcome.value)


def _opinion(found: Difference, a: str, b: str) -> str:
    if not (found.a.interval.n and found.b.interval.n):
        empty = " and ".join(name for name, rate in ((a, found.a), (b, found.b)) if not rate.interval.n)
        return f"not measured: no verdict of {empty} has a grade."
    said = (
        f"{a} passes {_rate(found.a)}, {b} {_rate(found.b)}, difference {within(found.delta)}: "
        f"{outcome_words(found.outcome, a, b, found.smallest)}."
    )
    if not found.a.missing + found.b.missing:
        return said
    return (
        f"{said} Missing verdicts: {found.a.missing} of {found.a.planned} and {found.b.missing} of {found.b.planned}; "
        f"had they been had, {a} would pass {_bounds(found.a)} and {b} {_bounds(found.b)}."
    )


def _as_people(found: Corrected, a: str, b: str) -> str:
    note = f" ({found.note})" if found.note else ""
    return (
        f"people would pass {within(found.a)} of {a} and {within(found.b)} of {b}, difference {within(found.delta)}, "
        f"corrected by {found.labelled[0]} and {found.labelled[1]} labels{note}: "
        f"{outcome_words(found.outcome, a, b, found.smallest)}."
    )


def _right(found: AgainstPeople, a: str, b: str) -> str:
    gap = found.accuracy
    over = f" over the {found.both} that both judged" if found.both < found.n else ""
    said = (
        f"on {found.dimension}, {a} agrees with people on {_rate(gap.a)}, {b} on {_rate(gap.b)} of {found.n} labelled "
        f"samples (pass or not; people pass {number(found.prevalence)}), difference {within(gap.delta)}{over}, "
        f"{gap.test} p {_p(gap.p)}: {outcome_words(gap.outcome, a, b, gap.smallest)}."
    )
    if not gap.a.missing + gap.b.missing:
        return said
    return (
        f"{said} Unjudged: {gap.a.missing} and {gap.b.missing}; were they judged, {a} would agree on {_bounds(gap.a)} "
        f"and {b} on {_bounds(gap.b)}."
    )


def _failing(task: str, rates: tuple[Rate, Rate], names: tuple[str, str]) -> list[str]:
    return [
        f"{task}: {rate.missing} of {rate.planned} samples of {name} are unjudged ({rate.missing / rate.planned:.0%}); "
        "read the bounds, not the shares"
        for rate, name in zip(rates, names, strict=True)
        if rate.planned and rate.missing > MANY_FAILURES * rate.planned
    ]


def _rate(rate: Rate) -> str:
    return f"{within(rate.interval)} (n {rate.interval.n})"


def _bounds(rate: Rate) -> str:
    return f"{number(rate.bounds[0])} to {number(rate.bounds[1])}" if rate.missing else number(rate.interval.value)


def _p(value: float) -> str:
    return "undefined" if math.isnan(value) else f"{value:.3g}"
