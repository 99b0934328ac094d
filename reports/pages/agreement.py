"""An agreement report as a page, or as sections of another page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ...human_labels.agreement import AgreementReport, Figure, Section
from ..figures import beside, sound
from .engine import render
from .strips import Mark, Strip

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_SHOWN = 60
"""Most disagreements listed a section."""
_MOST_STRIPS = 14


def agreement_page(report: AgreementReport) -> str:
    """The report as one self-contained HTML file: no script, nothing fetched, the same bytes for the same report."""
    return render("agreement.jinja", report=report, parts=agreement_sections(report))


def agreement_sections(report: AgreementReport, prefix: str = "s", *, warned: bool = True) -> Markup:
    """The report's warnings, overview and sections, to stand in a page; `prefix` keeps their anchors apart.

    Without `warned` the page has the warnings elsewhere, above all figures.
    """
    from markupsafe import Markup

    made = render(
        "sections.jinja", report=report, prefix=prefix, most=MOST_SHOWN, leading_strips=leading_strips,
        stratum_strips=stratum_strips, round_strips=round_strips, groups=groups,
        overview_figure=overview_figure,
        warned=warned,
    )  # fmt: skip
    return Markup(made)  # noqa: S704 - the engine escaped it


def leading_strips(section: Section) -> tuple[Strip, ...]:
    """People with one another and the judge with people on one axis, ceilings where they belong."""
    pairs = beside(section, _MOST_STRIPS)
    strips = [Strip(pair.title, _marks(people=pair.people, judge=pair.judge, ceiling=pair.ceiling)) for pair in pairs]
    shown = {pair.name for pair in pairs}
    for one in section.ceilings:
        if one.name.startswith("ceiling") and one.of not in shown:
            like = section.judge.figure(one.of) if section.judge else None
            strips.append(Strip(one.title, _marks(ceiling=one, judge=like)))
    return tuple(strips)


def stratum_strips(section: Section) -> tuple[tuple[str, str, tuple[Strip, ...]], ...]:
    """(column, figure's title, strips of the judge on each of its values)."""
    made = []
    for by, strata in groupby(section.strata, key=lambda one: one.by):
        found = tuple(strata)
        strips = tuple(Strip(one.value, _marks(judge=one.figure)) for one in found)
        made.append((by, found[0].figure.title, strips))
    return tuple(made)


def round_strips(section: Section) -> tuple[Strip, ...]:
    """The judge on each round of labels, in their order."""
    return tuple(Strip(name or "unnamed", _marks(judge=figure)) for name, figure in section.rounds)


def groups(section: Section) -> Sequence[tuple[str, Sequence[Figure], dict[str, tuple[float, float]]]]:
    """(heading, figures, bounds) of the table of all coefficients."""
    made: list[tuple[str, Sequence[Figure], dict[str, tuple[float, float]]]] = []
    if section.people:
        made.append(("People with one another", section.people.figures, dict(section.people.bounds)))
    if section.judge:
        made.append((f"Judge with people: {section.judge.who}", section.judge.figures, dict(section.judge.bounds)))
    if section.ceilings:
        made.append(("Ceilings", section.ceilings, {}))
    return made


def overview_figure(report: AgreementReport) -> str:
    """The title of every section's leading figure where it is the same one; else nothing."""
    titles = {pair.title for section in report.sections for pair in beside(section, 1)}
    return titles.pop() if len(titles) == 1 else ""


def _marks(**given: Figure | None) -> tuple[Mark, ...]:
    return tuple(Mark(who, who, sound(figure).interval) for who, figure in given.items() if figure is not None)
