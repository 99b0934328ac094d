"""An agreement report as JSON and as Markdown: the figures of the page, the same bytes for the same report."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..human_labels import Interval
from ..human_labels.agreement import AgreementReport, Confusion, Figure, Section, Selective, Side, Stratum
from ..human_labels.validity import AltTest
from .figures import beside, coverage, differing, light, raters, sound
from .pages.marks import chance, method, number, percent, span, visible, whole

MOST_WRITTEN = 20
"""Most disagreements in the Markdown; the JSON has all that the report has."""
_DIGITS = 6
_MARKUP = re.compile(r"([\\`*_\[\]<>#!|~&$]|^[-+=]|(?<=^\d)[.)](?= )|(?<=^\d\d)[.)](?= ))")
_BOUNDS = re.compile(r"\\\[([-0-9., ∞−]+)\\\](?![(\[:])")
"""An escaped interval, of which nothing can make a link."""


def agreement_json(report: AgreementReport) -> dict[str, Any]:
    """All figures for machines: rounded to six decimals, null with its note where a figure is not defined."""
    found = light(report)
    return {
        "headline": report.headline,
        "light": {"colour": found.colour, "word": found.word, "why": found.why},
        "warnings": list(report.warnings),
        "judge": report.judge or None,
        "rubrics": list(report.rubrics),
        "labels": report.labels,
        "files": list(report.files),
        "seed": report.seed,
        "draws": report.draws,
        "opened": report.opened,
        "notes": list(report.notes),
        "sections": [_section(section) for section in report.sections],
    }


def agreement_markdown(report: AgreementReport) -> str:
    """The same figures to read in a text: headline, warnings, a table a section, the widest disagreements."""
    return "\n".join(_lines(report)).rstrip("\n") + "\n"


def figure_json(figure: Figure) -> dict[str, Any]:
    """One figure with its n, coverage and interval. Raises ValueError for a value without n."""
    found = sound(figure).interval
    made: dict[str, Any] = {"name": figure.name, "title": figure.title}
    made |= _interval(found)
    return made | {
        "planned": figure.planned,
        "coverage": _float(coverage(figure)),
        "ceiling_of": figure.of or None,
        "note": figure.note or ("not defined" if math.isnan(found.value) else ""),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "task": section.task,
        "dimension": section.dimension,
        "role": section.role,
        "scale": section.scale,
        "n": section.n,
        "raters": section.raters,
        "labels": section.labels,
        "clusters": section.clusters,
        "undecided": section.undecided,
        "distribution": dict(section.distribution),
        "unjudged": dict(sorted(section.unjudged.items())),
        "sentences": list(section.sentences),
        "people": _side(section.people),
        "judge": _side(section.judge),
        "ceilings": [figure_json(one) for one in section.ceilings],
        "alt_test": _alt_test(section.alt_test),
        "strata": [_stratum(one) for one in section.strata],
        "rounds": [{"round": name} | figure_json(figure) for name, figure in section.rounds],
        "reliability": [
            {"low": _float(one.low), "high": _float(one.high), "n": one.n, "confidence": _float(one.confidence),
             "passed": _float(one.passed), "interval": [_float(bound) for bound in one.interval]}
            for one in section.reliability
        ],
        "curve": [
            {"threshold": _float(one.threshold), "accepted": _float(one.accepted), "n": one.n,
             "precision": _float(one.precision), "low": _float(one.low)}
            for one in section.curve
        ],
        "selective": _selective(section.selective),
        "chosen": _float(section.chosen),
        "differing": differing(section),
        "disagreements": [
            {"id": one.id, "text": one.text, "people": one.people, "judge": one.judge, "reason": one.reason,
             "distance": _float(one.distance)}
            for one in section.disagreements
        ],
    }  # fmt: skip


def _selective(found: Selective | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "n": found.n,
        "rises": found.rises,
        "aurc": _interval(found.area),
        "gain": _interval(found.gain),
        "halves": _interval(found.halves),
        "falls": [_float(one) for one in found.falls],
        "kept": [
            {"threshold": _float(one.threshold), "coverage": _float(one.coverage)} | _interval(one.agreement)
            for one in found.kept
        ],
        "line": [[_float(coverage), _float(agreed)] for coverage, agreed in found.line],
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "who": side.who,
        "figures": [figure_json(one) for one in side.figures],
        "bounds": {name: [_float(low), _float(high)] for name, (low, high) in sorted(side.bounds.items())},
        "confusion": _confusion(side.confusion),
        "sentences": list(side.sentences),
    }


def _confusion(found: Confusion | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "labels": list(found.labels),
        "counts": [list(row) for row in found.counts],
        "unjudged": list(found.unjudged),
        "passing": list(found.passing),
    }


def _alt_test(test: AltTest | None) -> dict[str, Any] | None:
    if test is None:
        return None
    return {
        "passed": test.passed,
        "winning_rate": _float(test.winning_rate),
        "advantage": _interval(test.advantage),
        "epsilon": _float(test.epsilon),
        "note": test.note,
        "against": [
            {"annotator": one.annotator, "n": one.n, "judge": _float(one.judge), "test": one.test,
             "annotator_wins": _float(one.annotator_wins), "p": _float(one.p), "rejected": one.rejected}
            for one in test.against
        ],
    }  # fmt: skip


def _stratum(one: Stratum) -> dict[str, Any]:
    return {"by": one.by, "value": one.value} | figure_json(one.figure)


def _interval(found: Interval) -> dict[str, Any]:
    return {
        "value": _float(found.value),
        "low": _float(found.low),
        "high": _float(found.high),
        "level": _float(found.level),
        "n": found.n,
        "clusters": found.clusters,
        "design_effect": _float(found.design_effect),
        "undefined_draws": found.undefined,
        "method": found.method,
    }


def _float(value: float | None) -> float | None:
    """Rounded so that the last digits of another machine's arithmetic do not show; None for what is no number."""
    return None if value is None or not math.isfinite(value) else round(float(value), _DIGITS) + 0.0


def _lines(report: AgreementReport) -> Iterator[str]:
    found = light(report)
    yield from (
        "# Agreement with people",
        "",
        f"**{found.word}**: {_plain(found.why)}",
        "",
        _plain(report.headline),
        "",
    )
    if report.warnings:
        yield from ("## Read this first", "", *(f"* {_plain(words)}" for words in report.warnings), "")
    for section in report.sections:
        yield from _section_lines(section)
    yield from ("## How this was made", "")
    yield from (f"* {name}: {_plain(words)}" for name, words in _made(report))


def _section_lines(section: Section) -> Iterator[str]:
    yield from (f"## {_plain(section.name)}", "")
    if section.judge:
        yield from (f"Judge: {_plain(section.judge.who)}", "")
    missing = ", ".join(f"{whole(count)} {_plain(status)}" for status, count in sorted(section.unjudged.items()))
    yield (
        f"{whole(section.n)} items, {raters(section)}, {whole(section.labels)} labels, "
        f"{whole(section.clusters)} clusters, scale {_plain(section.scale)}"
        + (f"; unjudged: {missing}" if missing else "")
    )
    yield ""
    sides = [side for side in (section.people, section.judge) if side]
    for words in (*section.sentences, *(words for side in sides for words in side.sentences)):
        yield from (_plain(words), "")
    yield from _beside_lines(section)
    yield from _figure_lines(section)
    if section.judge and section.judge.confusion:
        yield from _confusion_lines(section.judge.confusion)
    if section.selective:
        yield from _kept_lines(section.selective)
    if section.alt_test:
        yield from _alt_lines(section.alt_test)
    yield from _disagreement_lines(section)


def _beside_lines(section: Section) -> Iterator[str]:
    rows = [[pair.title, _short(pair.people), _short(pair.judge), _short(pair.ceiling)] for pair in beside(section, 8)]
    yield from _table(("figure", "people with one another", "judge with people", "ceiling"), rows)


def _figure_lines(section: Section) -> Iterator[str]:
    sides = [("people", section.people), ("judge", section.judge)]
    named = [(who, one) for who, side in sides if side for one in side.figures]
    named += [("ceiling", one) for one in section.ceilings]
    named += [(f"{one.by}: {one.value}", one.figure) for one in section.strata]
    named += [(f"round {name}", figure) for name, figure in section.rounds]
    rows = [
        [who, one.title, number(sound(one).interval.value, 3), span(one.interval.low, one.interval.high, 3) or "none",
         whole(one.interval.n), percent(coverage(one)), whole(one.interval.clusters),
         number(one.interval.design_effect), method(one.interval.method), one.note]
        for who, one in named
    ]  # fmt: skip
    heads = ("", "figure", "value", "interval", "n", "coverage", "clusters", "design effect", "interval by", "note")
    yield from _table(heads, rows)


def _confusion_lines(found: Confusion) -> Iterator[str]:
    yield from ("Confusion, people's word in rows, the judge's in columns:", "")
    more = ["unjudged"] if found.unjudged else []
    rows = [
        [label, *map(whole, row), *([whole(found.unjudged[place])] if more else [])]
        for place, (label, row) in enumerate(zip(found.labels, found.counts, strict=True))
    ]
    yield from _table(("", *found.labels, *more), rows)


def _kept_lines(found: Selective) -> Iterator[str]:
    yield from ("Agreement on what the judge keeps when it abstains below a confidence:", "")
    rows = [
        [percent(one.coverage), number(one.threshold, 3), number(one.agreement.value, 3),
         span(one.agreement.low, one.agreement.high, 3) or "none", whole(one.agreement.n)]
        for one in found.kept
    ]  # fmt: skip
    yield from _table(("kept", "confidence from", "agreement", "interval", "n"), rows)


def _alt_lines(test: AltTest) -> Iterator[str]:
    outcome = {None: "cannot be held", True: "passed", False: "not passed"}[test.passed]
    note = f" ({_plain(test.note)})" if test.note else ""
    yield (
        f"Alt-test {outcome}{note}: winning rate {number(test.winning_rate)} of {len(test.against)} annotators, "
        f"advantage {number(test.advantage.value)} {span(test.advantage.low, test.advantage.high)}, "
        f"n {whole(test.advantage.n)}, epsilon {number(test.epsilon)}."
    )
    yield ""
    rows = [
        [one.annotator, whole(one.n), number(one.judge, 3), number(one.annotator_wins, 3), chance(one.p),
         "yes" if one.rejected else "no", one.test]
        for one in test.against
    ]  # fmt: skip
    yield from _table(("left out", "n", "judge as close", "annotator as close", "p", "judge wins", "test"), rows)


def _disagreement_lines(section: Section) -> Iterator[str]:
    shown = section.disagreements[:MOST_WRITTEN]
    if not shown:
        return
    yield from (f"People and the judge differ on {whole(differing(section))} items; the {len(shown)} widest apart:", "")
    rows = [[one.id, one.people, one.judge, one.text[:200], one.reason[:300]] for one in shown]
    yield from _table(("id", "people", "judge", "text", "reason"), rows)


def _made(report: AgreementReport) -> Iterator[tuple[str, str]]:
    if report.judge:
        yield "judge", report.judge
    if report.rubrics:
        yield "rubric", ", ".join(report.rubrics)
    yield "labels", report.labels or "not named"
    if report.files:
        yield "files", ", ".join(report.files)
    yield "intervals", f"{report.draws} draws of whole clusters, seed {report.seed}"
    yield "sealed test labels", f"opened {report.opened} times" if report.opened else "not opened"
    yield from (("note", words) for words in report.notes)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = tuple(heads)
    made = list(rows)
    if made:
        yield "| " + " | ".join(map(_plain, heads)) + " |"
        yield "|" + " --- |" * len(heads)
        yield from ("| " + " | ".join(map(_plain, row)) + " |" for row in made)
        yield ""


def _short(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    found = sound(figure).interval
    return f"{number(found.value)} {span(found.low, found.high)} n {whole(found.n)}"


def _plain(text: object) -> str:
    """Outside text on one line, nothing in it read as Markdown or HTML."""
    return _BOUNDS.sub(r"[\1]", _MARKUP.sub(r"\\\1", " ".join(visible(text).split())))
