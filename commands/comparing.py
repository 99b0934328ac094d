"""The command compare: two systems under one judge, or two judges on the same samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ..errors import UsageError
from .labelled import (
    Annotators,
    Asked,
    Drop,
    Names,
    Passing,
    Pool,
    Role,
    Rubrics,
    Rule,
    Scales,
    SeedOption,
    listed,
    pairs,
)
from .printing import Json, print_json, print_rows, say
from .sealing import OpenTest, look

if TYPE_CHECKING:
    from ..human_labels import Comparison, Contender, People
    from ..human_labels.comparing import Ranking

Files = Annotated[
    list[Path], typer.Argument(help="Two files that `recjudge score` wrote, or one that holds several systems.")
]
LabelFile = Annotated[
    Path | None, typer.Option("--labels", "-l", help="People's labels: long or wide CSV, JSONL, Label Studio JSON.")
]
Systems = Annotated[
    Optional[tuple[str, str]],  # noqa: UP045 - read by typer at run time
    typer.Option("--systems", help="Two systems of one file: --systems route_a route_b."),
]
Plan = Annotated[
    str | None,
    typer.Option(help="Dimensions planned beside the grade: a,b; others are exploratory. Default: all are planned."),
]


def compare(
    files: Files,
    labels: LabelFile = None,
    systems: Systems = None,
    what: Annotated[str | None, typer.Option("--as", help="systems or judges; default: found from the files.")] = None,
    pair_by: Annotated[str | None, typer.Option(help="Contexts two systems share: id, group or item.")] = None,
    by: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Cut by group, item, parent, a column of the labels, or (two judges) system; exploratory."),
    ] = None,
    plan: Plan = None,
    multiple: Annotated[str, typer.Option(help="Rule for many comparisons: holm, bh or by.")] = "holm",
    allow_drift: Annotated[
        bool, typer.Option("--allow-drift", help="Compare systems that different judges or rubrics judged; warned of.")
    ] = False,
    role: Role = None,
    pool: Pool = False,
    map_: Names = None,
    passing: Passing = None,
    scale: Scales = None,
    annotators: Annotators = None,
    rubric: Rubrics = None,
    drop: Drop = False,
    people: Rule = "majority",
    open_test: OpenTest = False,
    draws: Annotated[int, typer.Option(min=100, help="Resamples of an interval.")] = 1000,
    seed: SeedOption = 0,
    json: Json = False,
) -> None:
    """Compare two systems, or two judges on the same samples.

    Two files on the same samples are two judges: one call for all dimensions (`score --mode single`) against one call
    a dimension (`--mode panel`), say; the judge's name tells which. Other files are two systems, paired by id or group.
    With labels, systems are compared as people would see them, and judges by who is right.
    """
    from ..human_labels import Draws, People, Wanted
    from ..human_labels import compare as run

    how, beside, sides = Draws(seed, draws), None, _sides(files, systems)
    if labels is not None:
        asked = Asked(role, pool, map_, passing, scale, annotators, rubric, drop)
        beside = People(asked.labels(labels), asked.rubrics, role, pool, pairs(map_, "--map"), listed(passing), people)
        beside = _beside(labels, beside, sides, open_test)
    if len(sides) == 1:
        _rank(sides[0], beside, how, json)
        return
    wanted = Wanted(how, pair_by, _split(plan), tuple(by or ()), beside.labels.items if beside else {})
    found = run(sides[0], sides[1], beside, wanted, kind=what, rule=multiple, allow_drift=allow_drift)
    _print(found, json)


def _sides(files: Sequence[Path], systems: tuple[str, str] | None) -> list[Contender]:
    """Two sides; one alone where a file of several systems is to be ranked."""
    from ..human_labels import read_side, systems_of, two_systems

    if len(files) > 2 or (len(files) == 2 and systems):
        raise UsageError("give two verdict files, or one with --systems A B")
    sides = [read_side(path) for path in files]
    if len(sides) == 2:
        return sides
    if systems:
        return list(two_systems(sides[0], *systems))
    known = systems_of(sides[0])
    if len(known) == 2:
        return list(two_systems(sides[0], *known))
    if len(known) < 2:
        raise UsageError(f"{files[0]}: holds one system; give a second file to compare it with")
    return sides


def _beside(labels: Path, beside: People, sides: Sequence[Contender], open_test: bool) -> People:
    """The labels that may be looked at, with the words that say which they are."""
    clusters = beside.clusters(verdict for side in sides for verdict in side.verdicts)
    looked = look(labels, clusters, "compare", open_test=open_test)
    if looked.seal is None:
        return beside.only({row.id for row in beside.labels.rows}, looked.words)
    return beside.only({id for id, cluster in clusters.items() if looked.holds(cluster)}, looked.words)


def _rank(side: Contender, beside: People | None, how: object, json: bool) -> None:
    """The order of all systems of a file, by the judge and by people."""
    from ..human_labels import Draws, rank_systems, systems_of
    from ..reports import ranking_json, ranking_table

    known = ", ".join(map(repr, systems_of(side)))
    if beside is None:
        raise UsageError(f"{side.source}: holds {known}; name two with --systems A B, or give --labels to rank them")
    found: list[Ranking] = []
    for task in side.judged_by:
        for pairing in beside.beside(side.of(task)):
            found.append(rank_systems(pairing, beside.rule, how if isinstance(how, Draws) else Draws()))
    if not found:
        raise UsageError(f"{side.source}: none of its samples is labelled in {beside.labels.source}")
    if json:
        print_json([ranking_json(one) for one in found])
        return
    for one in found:
        _show(ranking_table(one))


def _print(found: Comparison, json: bool) -> None:
    from ..reports import comparison_json, comparison_lines, comparison_tables

    if json:
        print_json(comparison_json(found))
        return
    say(*comparison_lines(found), "")
    for table in comparison_tables(found):
        _show(table)


def _show(table: object) -> None:
    from ..reports import Shown

    if isinstance(table, Shown):
        print_rows(table.title, table.columns, table.rows)
        say(*table.below, *[""] * bool(table.below), indent=2)


def _split(plan: str | None) -> tuple[str, ...] | None:
    return None if plan is None else tuple(name.strip() for name in plan.split(",") if name.strip())
