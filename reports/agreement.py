"""An agreement report on a terminal: warnings, then people beside the judge, then where they differ most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..human_labels.agreement import AgreementReport, Figure, Section
from .figures import beside, coverage, differing, light, raters, sound
from .pages.marks import number, percent, span, whole
from .render import print_line, print_table, safe, unbroken

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"green": "bold green", "amber": "bold yellow", "red": "bold red", "grey": "bold"}
_LEADING = 3
"""Coefficients of the scale that are shown, beside the raw agreement."""
_MOST_SECTIONS = 8
"""With more sections than this, one line each; the page and the JSON have them whole."""
_MOST_DIFFERING = 3


def print_agreement(console: Console, report: AgreementReport) -> None:
    """The report, compact: the page and the JSON have every figure, every ceiling and every disagreement."""
    found = light(report)
    print_line(console, f"{found.word}: {found.why}", _STYLES[found.colour])
    print_line(console, report.headline)
    for words in report.warnings:
        print_line(console, f"warning: {words}", "yellow")
    if len(report.sections) > _MOST_SECTIONS:
        _print_overview(console, report)
    else:
        several = len({section.judge.who for section in report.sections if section.judge}) > 1
        shared = _shared(report.sections)
        for section in report.sections:
            _print_section(console, section, shared, named=several)
        _print_shared(console, report.sections, shared)
        _print_differing(console, report.sections)
    print_line(console, "")
    for words in report.notes:
        print_line(console, f"note: {words}")
    labels = report.labels or "not named"
    print_line(console, f"intervals: {report.draws} draws of whole clusters, seed {report.seed}; labels: {labels}")


def _print_overview(console: Console, report: AgreementReport) -> None:
    leads = [(section, pair) for section in report.sections for pair in beside(section, 1)]
    names = {pair.name for _, pair in leads}
    same = len(names) == 1
    rows = [
        [section.name, section.judge.who if section.judge else "–", *([] if same else [pair.name]),
         _with_n(pair.people), _with_n(pair.judge), _outcome(section)]
        for section, pair in leads
    ]  # fmt: skip
    title = f"{len(report.sections)} sections, one line each" + (f": {names.pop()}" if same else "")
    columns = ("section", "judge", *([] if same else ["figure"]), "people, n", "judge with people, n", "alt-test")
    print_table(console, title, columns, rows)


def _with_n(figure: Figure | None) -> str:
    return "–" if figure is None else unbroken(f"{_short(figure)} {_entering(figure)}")


def _entering(figure: Figure) -> str:
    """How many items enter, with their share of those planned where it is not all."""
    share, n = coverage(figure), whole(figure.interval.n)
    return f"{n} = {percent(share)}" if share < 1 else n


def _outcome(section: Section) -> str:
    if section.alt_test is None:
        return "–"
    return {None: "not held", True: "passed", False: "failed"}[section.alt_test.passed]


def _print_section(console: Console, section: Section, shared: Mapping[str, Sequence[str]], *, named: bool) -> None:
    who = f", judge {section.judge.who}" if section.judge and named else ""
    print_line(console, "")
    print_line(console, f"{section.name}{who}", "bold")
    print_line(console, _facts(section))
    columns, rows = _beside(section)
    if rows:
        print_table(console, "", columns, rows)
    if words := _ends(section):
        print_line(console, words)
    for words in _sentences(section):
        if words not in shared:
            print_line(console, words)


def _beside(section: Section) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of people beside the judge, either where there is one; a ceiling where it is of a figure."""
    every = beside(section)
    raw = [pair for pair in every if pair.name == "raw_agreement"]
    pairs = [*raw, *[pair for pair in every if pair not in raw][:_LEADING]]
    sides = [
        ("people", [pair.people for pair in pairs], section.people),
        ("judge", [pair.judge for pair in pairs], section.judge),
        ("ceiling", [pair.ceiling for pair in pairs], next((pair.ceiling for pair in pairs if pair.ceiling), None)),
    ]
    shown = [(name, figures) for name, figures, there in sides if there]
    rows = [[pair.title, *(_with_n(figures[row]) for _, figures in shown)] for row, pair in enumerate(pairs)]
    return ["figure", *(f"{name}, n" for name, _ in shown)], rows


def _ends(section: Section) -> str:
    """What the unjudged could have made of the figures shown, against people's consensus."""
    ends = section.judge.bounds if section.judge else {}
    shown = [(pair.title, ends[pair.name]) for pair in beside(section) if pair.name in ends][:_LEADING]
    words = [f"{title} {number(low)} to {number(high)}" for title, (low, high) in shown]
    return f"had all been judged: {'; '.join(words)}" if words else ""


def _facts(section: Section) -> str:
    parts = [
        f"{whole(section.n)} items in {whole(section.clusters)} clusters, {raters(section)}, "
        f"{whole(section.labels)} labels",
        section.scale,
    ]
    if section.undecided:
        parts.append(f"people's majority tied on {whole(section.undecided)}")
    if section.unjudged:
        missing = ", ".join(f"{whole(count)} {status}" for status, count in sorted(section.unjudged.items()))
        parts.append(f"unjudged: {missing}")
    return "; ".join(parts)


def _sentences(section: Section) -> list[str]:
    sides = [side for side in (section.people, section.judge) if side]
    return [*section.sentences, *(words for side in sides for words in side.sentences)]


def _shared(sections: Sequence[Section]) -> dict[str, list[str]]:
    """Sentences that several sections would repeat, with the sections' names: they are said once, below."""
    where: dict[str, list[str]] = {}
    for section in sections:
        for words in dict.fromkeys(_sentences(section)):
            where.setdefault(words, []).append(section.name)
    return {words: names for words, names in where.items() if len(names) > 1}


def _print_shared(console: Console, sections: Sequence[Section], shared: Mapping[str, Sequence[str]]) -> None:
    if shared:
        print_line(console, "")
    for words, names in shared.items():
        of = "All sections" if len(names) == len(sections) else ", ".join(names)
        print_line(console, f"{of}: {words}")


def _print_differing(console: Console, sections: Sequence[Section]) -> None:
    """How often people and the judge differ, and the widest apart of each section in turn, three in all."""
    apart = [section for section in sections if section.disagreements]
    if not apart:
        return
    print_line(console, "")
    counts = [
        f"{_on(section, apart)}{whole(differing(section))} of {whole(section.n)} ({_part(section)})"
        for section in apart
    ]
    print_line(console, f"People's majority and the judge differ on {'; '.join(counts)}.")
    print_line(console, "Widest apart; the page has more:", "bold")
    first = [(section, one) for section in apart for one in section.disagreements[:1]]
    later = [(section, one) for section in apart for one in section.disagreements[1:]]
    for section, one in [*first, *later][:_MOST_DIFFERING]:
        print_line(console, f"{_on(section, apart)}{safe(one.id, 40)}  {safe(one.text, 60)!r}", indent=2)
        parts = [f"people: {safe(one.people, 80)}", f"judge: {safe(one.judge, 40)}", safe(one.reason, 120)]
        print_line(console, "; ".join(part for part in parts if part), indent=6)


def _on(section: Section, among: Sequence[Section]) -> str:
    return f"{section.name}: " if len(among) > 1 else ""


def _part(section: Section) -> str:
    return percent(differing(section) / section.n) if section.n else "n/a"


def _short(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    found = sound(figure).interval
    return f"{number(found.value)} {span(found.low, found.high)}".strip()
