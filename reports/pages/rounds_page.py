"""Rounds of self-training as a page: did it get better, what did it cost in diversity and yield, what do people say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from .engine import render
from .lines import Reach, reach
from .rounds_words import milestones, people_words, rounds_headline, rounds_light, rounds_warnings, stop_words, together

if TYPE_CHECKING:
    from ...training import Certificate
    from ...training.rounds import Figure, Round

MOST_CLASSES = 12
"""Most classes of a field that have a chart, those with the most judged outputs first; the table has all."""
_MANIFEST, _FILTERED = "manifest.json", "filtered"


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure across rounds."""

    title: str
    numbers: tuple[int, ...]
    figures: tuple[Figure | None, ...]
    axis: Reach
    who: str = "judge"
    promised: tuple[float | None, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table of all figures: of each round a figure, a count or a word."""

    title: str
    cells: tuple[Any, ...]
    digits: int = 2


def rounds_page(rounds: Sequence[Round], *, waits: bool = False) -> str:
    """The rounds, in order, as one self-contained HTML file: no script, nothing fetched, the same bytes for the same.

    Promises of certificates and digests of files are read from the rounds' folders; where they are gone the page says
    so. waits: the round after the last waits for people's labels. Raises `UsageError` without a round.
    """
    if not rounds:
        raise UsageError("no round is done: there is nothing to show; `recjudge round` makes them")
    certificates = {one.number: made for one in rounds if (made := _certificate(one)) is not None}
    promises = {number: promised for number, made in certificates.items() if (promised := promise(made)) is not None}
    return render(
        "rounds.jinja", rounds=rounds, last=rounds[-1], numbers=[one.number for one in rounds],
        headline=rounds_headline(rounds), stopped=stop_words(rounds, waits), people=people_words(rounds, promises),
        light_of=rounds_light(rounds, promises), warnings=rounds_warnings(rounds, promises),
        charts=charts(rounds), diversity=diversity(rounds), yields=yields(rounds), audits=audits(rounds, promises),
        milestones=milestones(rounds), tables=tables(rounds), certificates=certificates, promise=promise,
        statements=together({number: made.statement for number, made in certificates.items()}),
        files={one.number: _files(one) for one in rounds},
    )  # fmt: skip


def charts(rounds: Sequence[Round]) -> tuple[Chart, ...]:
    """Quality, its change, the passing share, the yield; the last two of rounds that trained."""
    made = (
        _chart("Quality", rounds, lambda one: one.quality, note="judge's mean, on the evaluation set"),
        _chart("Share not Bad", rounds, lambda one: one.passing, note="on the evaluation set"),
        _chart("Change of quality since round 0", _trained(rounds), lambda one: one.change, least=-1.0,
               note="paired by prompt"),
        _chart("Yield", _trained(rounds), lambda one: one.accepted, note="share of the generated that was accepted"),
    )  # fmt: skip
    return tuple(one for one in made if one.numbers)


def diversity(rounds: Sequence[Round]) -> tuple[Chart, ...]:
    """A chart a metric."""
    names = dict.fromkeys(name for one in rounds for name in one.diversity)
    return tuple(_chart(name.replace("_", " "), rounds, _of_metric(name)) for name in names)


def yields(rounds: Sequence[Round]) -> tuple[tuple[str, int, tuple[Chart, ...]], ...]:
    """(field, how many classes it has, charts on one axis), the classes with the most outputs first."""
    made, rounds = [], _trained(rounds)
    for field in dict.fromkeys(field for one in rounds for field in one.yields):
        names: dict[str, int] = {}
        for one in rounds:
            for name, figure in one.yields.get(field, {}).items():
                names[name] = names.get(name, 0) + figure.n
        shown = sorted(names, key=lambda name: (-names[name], name))[:MOST_CLASSES]
        rows = {name: tuple(one.yields.get(field, {}).get(name) for one in rounds) for name in shown}
        axis = reach(figure for row in rows.values() for figure in row)
        # a system that is a round's own model has no line
        lasting = len(rounds) == 1 or any(sum(figure is not None for figure in row) > 1 for row in rows.values())
        if len(names) > 1 and lasting:
            numbers = tuple(one.number for one in rounds)
            made.append((field, len(names), tuple(Chart(name, numbers, row, axis) for name, row in rows.items())))
    return tuple(made)


def audits(rounds: Sequence[Round], promises: Mapping[int, float]) -> tuple[Chart, ...]:
    """People's precision beside what was promised, and judge minus people; nothing where nobody looked."""
    rounds = _trained(rounds)
    if not any(one.audit or one.gap for one in rounds):
        return ()
    promised = tuple(promises.get(one.number) for one in rounds)
    seen = tuple(one.audit for one in rounds)
    return (
        Chart("Precision of what was accepted", tuple(one.number for one in rounds), seen, reach(seen, promised),
              "people", promised, "share of the audit sample that people pass"),
        _chart("Judge minus people", rounds, lambda one: one.gap, least=-1.0,
               note="shares that pass, of the audit sample"),
    )  # fmt: skip


def tables(rounds: Sequence[Round]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """(heading, lines) of the table of all figures."""
    metrics = dict.fromkeys(name for one in rounds for name in one.diversity)
    classes = dict.fromkeys((by, name) for one in rounds for by, names in one.yields.items() for name in names)
    grades = dict.fromkeys(name for one in rounds for name in one.grades)
    parts = {
        "On the evaluation set": [
            Line("quality", tuple(one.quality for one in rounds)),
            Line("change since round 0, paired by prompt", tuple(one.change for one in rounds)),
            Line("share not Bad", tuple(one.passing for one in rounds)),
            *(Line(name.replace("_", " "), tuple(one.diversity.get(name) for one in rounds), 3) for name in metrics),
        ],
        "Of what was generated (round 0: of the evaluation set)": [
            Line("prompts", tuple(one.prompts if one.number else None for one in rounds)),
            Line("outputs", tuple(one.generated if one.number else None for one in rounds)),
            *(Line(name, tuple(one.grades.get(name, 0) for one in rounds)) for name in grades),
            Line("accepted", tuple(one.accepted for one in rounds)),
            *(
                Line(f"accepted, {by} {name}", tuple(one.yields.get(by, {}).get(name) for one in rounds))
                for by, name in classes
            ),
            Line("kept", tuple(one.kept if one.number else None for one in rounds)),
        ],
        "By people": [
            Line("precision of what was accepted", tuple(one.audit for one in rounds)),
            Line("judge minus people", tuple(one.gap for one in rounds)),
            Line("milestone of the policy", tuple(one.milestone for one in rounds)),
        ],
    }
    return tuple((heading, tuple(lines)) for heading, lines in parts.items())


def promise(certificate: Certificate) -> float | None:
    """The precision that holds for every line of a certificate; None where it certifies nothing."""
    lines = [float(line["precision"]) for line in certificate.lines] if certificate.certified else []
    return min(lines, default=None)


def _chart(
    title: str, rounds: Sequence[Round], of: Callable[[Round], Figure | None], *, least: float = 0.0, note: str = ""
) -> Chart:
    figures = tuple(map(of, rounds))
    axis = reach(figures, (0.0,) if least < 0 else (), least)
    return Chart(title, tuple(one.number for one in rounds), figures, axis, note=note)


def _trained(rounds: Sequence[Round]) -> Sequence[Round]:
    return [one for one in rounds if one.number]


def _of_metric(name: str) -> Callable[[Round], Figure | None]:
    return lambda one: one.diversity.get(name)


def _certificate(one: Round) -> Certificate | None:
    """Of the rows that a round kept; None for one without, moved away or changed."""
    from ...training import read_certificate

    with suppress(UsageError):
        return read_certificate(one.folder / _FILTERED)
    return None


def _files(one: Round) -> dict[str, str]:
    """Path to SHA-256 of every file that the round's manifest names; none where it cannot be read."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        steps = json.loads((one.folder / _MANIFEST).read_bytes())["steps"]
        return {str(name): str(digest) for step in steps.values() for name, digest in step["files"].items()}
    return {}
