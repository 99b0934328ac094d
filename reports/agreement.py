"""An agreement report on a terminal: warnings, then people beside the judge, then where they differ most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..human_labels.agreement.report import AgreementReport, Figure, Section
from .figures import beside, differing, light, raters, sound
from .pages.marks import number, percent, span, whole
from .render import print_line, print_table, safe, unbroken

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"green": "bold green", "amber": "bold yellow", "red": "bold red", "grey": "bold"}
_MOST_FIGURES = 6
_MOST_SECTIONS = 8
"""With more sections than this, one line each; the page and the JSON have them whole."""
_MOST_DIFFERING = 3


def print_agreement(console: Console, report: AgreementReport) -> None:
    """The report, compact: the page and the JSON have every figure."""
    found = light(report)
    print_line(console, f"{found.word}: {found.why}", _STYLES[found.colour])
    print_line(console, report.headline)
    for words in report.warnings:
        print_line(console, f"warning: {words}", "yellow")
    if len(report.sections) > _MOST_SECTIONS:
        _print_overview(console, report)
    else:
        for section in report.sections:
            _print_section(console, section)
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
    columns = ("section", "judge", *([] if same else ["figure"]), "people", "judge with people", "alt-test")
    print_table(console, title, columns, rows)


def _with_n(figure: Figure | None) -> str:
    return "–" if figure is None else unbroken(f"{_short(figure)} n {whole(figure.interval.n)}")


def _outcome(section: Section) -> str:
    if section.alt_test is None:
        return "–"
    return {None: "not held", True: "passed", False: "failed"}[section.alt_test.passed]


def _print_section(console: Console, section: Section) -> None:
    who = f", judge {section.judge.who}" if section.judge else ""
    print_line(console, "")
    print_line(console, f"{section.name}{who}", "bold")
    print_line(console, _facts(section))
    columns, rows = _beside(section)
    if rows:
        print_table(console, "", columns, rows)
    for one in section.ceilings:
        print_line(console, f"{one.title}: {_short(one)}, n {whole(sound(one).interval.n)}")
    for words in _sentences(section):
        print_line(console, words)
    _print_differing(console, section)


def _beside(section: Section) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of people beside the judge; the ceiling only where one belongs to a figure."""
    pairs = beside(section, _MOST_FIGURES)
    rows = [[pair.title, *_cells(pair.people), *_cells(pair.judge)] for pair in pairs]
    columns = ["figure", "people", "n", "judge", "n"]
    if not any(pair.ceiling for pair in pairs):
        return columns, rows
    tops = [unbroken(_short(pair.ceiling)) for pair in pairs]
    return [*columns, "ceiling"], [[*row, top] for row, top in zip(rows, tops, strict=True)]


def _facts(section: Section) -> str:
    parts = [
        f"{whole(section.n)} items, {raters(section)}, {whole(section.labels)} labels",
        f"{whole(section.clusters)} clusters, {section.scale}",
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


def _print_differing(console: Console, section: Section) -> None:
    if not section.disagreements:
        return
    many, all_ = differing(section), section.n
    share = percent(many / all_) if all_ else "n/a"
    print_line(console, f"people and the judge differ on {whole(many)} of {whole(all_)} ({share}):", "bold")
    for one in section.disagreements[:_MOST_DIFFERING]:
        print_line(console, f"{safe(one.id, 40)}  {safe(one.text, 70)!r}", "red", indent=2)
        said = f"people: {safe(one.people, 80)}; judge: {safe(one.judge, 40)}; {safe(one.reason, 120)}"
        print_line(console, said, indent=6)


def _cells(figure: Figure | None) -> tuple[str, str]:
    return ("–", "–") if figure is None else (unbroken(_short(figure)), whole(figure.interval.n))


def _short(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    found = sound(figure).interval
    return f"{number(found.value)} {span(found.low, found.high)}".strip()
