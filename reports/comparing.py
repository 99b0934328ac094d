"""A comparison as lines and tables: what they say is computed already."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from ..human_labels import Comparison, Interval
from ..human_labels.comparing import AgainstPeople, Corrected, Difference, Ranking, SystemsSection
from .pages.marks import number, span

if TYPE_CHECKING:
    from ..human_labels.comparing import Bill, JudgesSection, Rate


@dataclass(frozen=True)
class Shown:
    """One table of a comparison, with the lines under it."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    below: tuple[str, ...] = ()


def comparison_tables(found: Comparison) -> Iterator[Shown]:
    """The tables of every section, in reading order."""
    for section in found.sections:
        if isinstance(section, SystemsSection):
            yield from _systems(section, found.a, found.b)
        else:
            yield from _judges(section)


def comparison_lines(found: Comparison) -> Iterator[str]:
    """What stands above the tables: what was compared, the headline, every warning."""
    what = "two systems, one judge" if found.kind == "systems" else "two judges, the same samples"
    yield f"Compared: {what}"
    for side, name, judge in (("a", found.a, found.judges[0]), ("b", found.b, found.judges[1])):
        yield f"  {side}  {name}" + ("" if name == judge else f", judged by {judge}")
    for section in found.sections:
        yield f"  {section.task}: rubric {' and '.join(dict.fromkeys(section.rubrics))}{_paired(section)}"
    if found.labels:
        yield f"  labels {found.labels}"
    for section in found.sections:
        yield section.headline
    for warning in found.warnings:
        yield f"warning: {warning}"
    for note in (*found.notes, *(note for section in found.sections for note in section.notes)):
        yield f"note: {note}"
    comparisons = "comparison" if found.family == 1 else "comparisons"
    yield f"p adjusted by {found.rule} over {found.family} planned {comparisons}; others are exploratory"


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The comparison for machines; what is not measured is null."""
    return {"headline": found.headline, **_plain(asdict(found))}


def ranking_json(found: Ranking) -> dict[str, Any]:
    """A ranking for machines."""
    made: dict[str, Any] = _plain(asdict(found))
    return made


def ranking_table(found: Ranking) -> Shown:
    """The systems by people's order, with the judge's beside it."""
    judge = sorted(found.places, key=lambda place: -place.judge)
    rows = [
        (place.system, str(place.n), _number(place.people), str(row), _number(place.judge), str(judge.index(place) + 1))
        for row, place in enumerate(found.places, 1)
    ]
    name = ".".join(part for part in (found.task, found.dimension) if part)
    return Shown(
        f"Order of systems, {name} ({found.role}), by {found.by}",
        ("system", "n", "people", "place", "judge", "place"),
        rows,
        (
            f"judge {found.judge}",
            f"Kendall tau-b {_interval(found.kendall)}, Spearman rho {_interval(found.spearman)}, "
            f"{found.kendall.clusters} clusters; {found.left} labelled samples left out (tied or unjudged)",
            found.sentence,
        ),
    )


def _systems(section: SystemsSection, a: str, b: str) -> Iterator[Shown]:
    shares = [
        (name, *(_rate(side.shares[name]) for side in (section.a, section.b)))
        for name in ("Superior", "Average", "Bad")
    ]
    unjudged = ("unjudged", *(_counts(side.unjudged) for side in (section.a, section.b)))
    medians = ("median", section.a.median or "none", section.b.median or "none")
    yield Shown(
        f"{section.task}: grades, share of the judged [95 %]", ("", "a, n", "b, n"), [*shares, unjudged, medians],
        ("grades are ordered, not numbers: no mean is taken",),
    )  # fmt: skip
    rows = [_difference(one) for one in (section.passed, *section.strata)]
    yield Shown(f"{section.task}: share that passes, by the judge", DIFFERENCES, rows, tuple(_missing(section)))
    if section.dimensions:
        defects = [_difference(one) for one in section.dimensions]
        yield Shown(f"{section.task}: share with a defect (lower is better)", DIFFERENCES, defects, (NOT_EQUAL,))
    yield from _unjudged(section.task, (section.passed, *section.dimensions, *section.strata))
    if section.corrected:
        yield Shown(
            f"{section.task}: a - b, as people would see it (corrected for the judge's errors)",
            ("share that passes", "a", "b", "a - b [95 %]", "p adjusted", "labels", "reading"),
            [_corrected(one) for one in section.corrected],
            tuple(f"{one.dimension}: {one.note}" for one in section.corrected if one.note),
        )
    order = section.order
    won, lost, tied, unknown = order.counts
    yield Shown(
        f"{section.task}: pairs of samples of one context" if section.paired else f"{section.task}: all pairs",
        ("a above b", "b above a", "tied", "unjudged"),
        [
            (f"{won} = {_interval(order.wins)}", f"{lost} = {_interval(order.losses)}",
             f"{tied} = {_interval(order.ties)}", f"{unknown} = {_number(order.unjudged)}")
        ],
    )  # fmt: skip


DIFFERENCES = ("", "a, n", "b, n", "a - b [95 %]", "p (adjusted)", "reading")
NOT_EQUAL = "not shown: chance alone may have made the difference, which is not equality"
READINGS = {"a": "a ahead", "b": "b ahead", "no difference shown": "not shown"}


def _unjudged(task: str, differences: Iterable[Difference]) -> Iterator[Shown]:
    """What the missing words could make of each difference; nothing where none is missing."""
    rows = [
        (one.name, f"{one.a.missing} of {one.a.planned}", f"{one.b.missing} of {one.b.planned}",
         f"{one.bounds[0]:+.3f} to {one.bounds[1]:+.3f}")
        for one in differences
        if one.a.missing + one.b.missing
    ]  # fmt: skip
    if rows:
        title = f"{task}: unjudged, and a - b at worst"
        yield Shown(title, ("", "a", "b", "least and greatest a - b"), rows)


def _judges(section: JudgesSection) -> Iterator[Shown]:
    between = section.between
    if section.people:
        yield Shown(
            f"{section.task}: agreement with people, pass or not", DIFFERENCES,
            [_difference(one.accuracy, one.dimension) for one in section.people],
        )  # fmt: skip
        yield from _unjudged(section.task, [one.accuracy for one in section.people])
    if section.strata:
        rows = [_difference(one) for one in section.strata]
        yield Shown(f"{section.task}: parts of the samples, {section.strata[0].title.split(' where ')[0]}", DIFFERENCES,
                    rows)  # fmt: skip
    for one in section.people:
        yield Shown(
            f"{section.task}.{one.dimension} ({one.role}): {one.both} of {one.n} labelled samples judged by both",
            ("", "a", "b", "a - b [95 %]"),
            [(found.title, *map(_interval, (found.a, found.b, found.delta))) for found in one.figures],
            tuple(_right(one)),
        )
    stated = ", ".join(f"{title} {_interval(value)}" for title, value in between.figures)
    alone = f"passed by a alone {between.discordant.only_a}, by b alone {between.discordant.only_b}; "
    yield Shown(
        f"{section.task}: a in rows, b in columns, {section.shared} samples",
        ("", *between.labels),
        [(label, *map(str, row)) for label, row in zip(between.labels, between.counts, strict=True)],
        (f"a with b: {stated}", f"{alone}{between.discordant.test}, p {_p(between.discordant.p)}"),
    )
    yield Shown(f"{section.task}: who is stricter", DIFFERENCES, [_difference(between.stricter)])
    yield Shown(
        f"{section.task}: what they took", ("", "a", "b"), list(zip(BILL, *map(_bill, section.bills), strict=True))
    )


BILL = ("samples", "unjudged", "calls a sample", "tokens in a sample", "tokens out a sample", "dollars a sample",
        "seconds a sample")  # fmt: skip


def _bill(bill: Bill) -> tuple[str, ...]:
    def each(total: float) -> str:
        return f"{total / bill.samples:.1f}" if bill.samples else "none"

    dollars = "not recorded" if bill.usd is None else f"{bill.usd / max(1, bill.samples):.6f}"
    seconds = "not recorded" if bill.seconds is None else f"{bill.seconds:.2f} (median of {bill.timed})"
    kept = f" (+ {each(bill.cached_calls)} from the store)" if bill.cached_calls else ""
    return (
        str(bill.samples), _counts(bill.unjudged), each(bill.calls) + kept, each(bill.tokens_in),
        each(bill.tokens_out), dollars, seconds,
    )  # fmt: skip


def _right(one: AgainstPeople) -> Iterator[str]:
    yield (
        f"a alone right on {one.discordant.only_a}, b alone on {one.discordant.only_b}: {one.discordant.test}, "
        f"p {_p(one.discordant.p)}; people pass {_number(one.prevalence)}"
    )
    yield from one.notes


def _difference(found: Difference, name: str = "") -> tuple[str, ...]:
    reading = READINGS.get(found.outcome.value, found.outcome.value)
    return (
        name or found.name,
        _rate(found.a),
        _rate(found.b),
        _interval(found.delta),
        f"{_p(found.p)} ({_p(found.adjusted)})" if found.planned else _p(found.p),
        reading if found.planned else "exploratory",
    )


def _corrected(found: Corrected) -> tuple[str, ...]:
    reading = READINGS.get(found.outcome.value, found.outcome.value)
    return (
        found.dimension, _interval(found.a), _interval(found.b), _interval(found.delta),
        _p(found.adjusted) if found.planned else "-", " + ".join(map(str, found.labelled)),
        reading if found.planned else "exploratory",
    )  # fmt: skip


def _missing(section: SystemsSection) -> Iterator[str]:
    if section.failures.a or section.failures.b:
        yield (
            f"unjudged: {section.failures.a} and {section.failures.b}, difference {_interval(section.failures.delta)}, "
            f"p {_p(section.failures.p)}"
        )


def _paired(section: SystemsSection | JudgesSection) -> str:
    if not isinstance(section, SystemsSection):
        return f", {section.shared} samples that both judged ({section.only[0]} and {section.only[1]} one alone)"
    return f", paired by {section.paired} ({section.contexts} shared)" if section.paired else ", unpaired"


def _rate(rate: Rate) -> str:
    if not rate.interval.n:
        return f"not measured ({rate.planned} unjudged)" if rate.planned else "not measured"
    return f"{_interval(rate.interval)} {rate.interval.n}"


def _counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(found.items())) or "0"


def _interval(found: Interval) -> str:
    if math.isnan(found.value):
        return "not measured"
    return f"{number(found.value, 3)} {span(found.low, found.high, 3) or '[no interval]'}"


def _number(value: float) -> str:
    return "undefined" if math.isnan(value) else number(value, 3)


def _p(value: float) -> str:
    return "undefined" if math.isnan(value) else f"{value:.2g}"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return None if isinstance(value, float) and math.isnan(value) else value
