"""The command agree: people among themselves, and a judge with people."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ..errors import InputError, RunMismatch, UsageError
from .labelled import (
    Annotators,
    Asked,
    Drop,
    LabelFile,
    Names,
    Passing,
    Pool,
    Role,
    Rubrics,
    Rule,
    Scales,
    SeedOption,
    listed,
)
from .printing import Json, console, print_json
from .sealing import OpenTest, clusters_of, look

if TYPE_CHECKING:
    from ..human_labels import AgreementReport, Labels, Pairing

Verdicts = Annotated[
    Path | None,
    typer.Argument(help="A file (of ray a folder) that `recjudge score` wrote; without it, people alone."),
]


def agree(
    labels: LabelFile,
    verdicts: Verdicts = None,
    role: Role = None,
    pool: Pool = False,
    map_: Names = None,
    passing: Passing = None,
    scale: Scales = None,
    annotators: Annotators = None,
    rubric: Rubrics = None,
    drop: Drop = False,
    people: Rule = "majority",
    judge: Annotated[
        Optional[list[str]],  # noqa: UP045 - read by typer at run time
        typer.Option("--judge", "-j", help="Only these of the models among the annotators."),
    ] = None,
    epsilon: Annotated[
        float | None, typer.Option(min=0, max=1, help="Margin of the alt-test; default by role.")
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="Draw this policy's line on the precision-yield curve.")] = None,
    open_test: OpenTest = False,
    most: Annotated[int, typer.Option(min=0, help="Most disagreements listed a section.")] = 100,
    draws: Annotated[int, typer.Option(min=100, help="Resamples of an interval.")] = 1000,
    seed: SeedOption = 0,
    out: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option("--out", "-o", help="Ends in .html, .md or .json; default reports/agreement.html."),
    ] = None,
    json: Json = False,
) -> None:
    """Hold a judge against people, beside people among themselves."""
    from ..human_labels import Settings, recorded
    from ..human_labels import agree as run
    from ..judge import write_whole
    from ..reports import agreement_json, print_agreement

    asked = Asked(role, pool, map_, passing, scale, annotators, rubric, drop)
    read = asked.labels(labels)
    if verdicts is not None:
        pairings = asked.pairings(verdicts, read)
    else:
        pairings = chosen(recorded(read, role=role, pool=pool, passing=listed(passing)), judge)
    read = with_notes(read, pairings)
    looked = look(labels, clusters_of(pairings), "agree", open_test=open_test)
    joined = dict.fromkeys(note for pairing in pairings for note in pairing.notes if note not in read.notes)
    settings = Settings(rule=people, draws=draws, seed=seed, epsilon=epsilon, most=most)
    report = run(
        read, looked.of(pairings), role=role, pool=pool, opened=looked.opened,
        warnings=(*looked.warnings, *joined) if pairings else (), settings=settings,
        files=[named(path) for path in (verdicts, policy) if path], chosen=chosen_lines(policy, pairings),
    )  # fmt: skip
    if json:
        print_json(agreement_json(report))
    else:
        print_agreement(console(), report)
    for path in out or [Path("reports/agreement.html")]:
        write_whole(path, written(report, path))
        if not json:
            sys.stdout.write(f"wrote {path}\n")


def with_notes(labels: Labels, pairings: Sequence[Pairing]) -> Labels:
    """The labels with what the join had to say of them: samples without a verdict, copies."""
    said = (note for pairing in pairings for note in pairing.notes)
    return replace(labels, notes=tuple(dict.fromkeys((*labels.notes, *said))))


def chosen(pairings: Sequence[Pairing], judges: Sequence[str] | None) -> list[Pairing]:
    """Those of the models named; all when none is. Raises `UsageError` for a name nobody has."""
    known = list(dict.fromkeys(pairing.judge for pairing in pairings))
    for name in judges or ():
        if name not in known:
            raise UsageError(f"no model {name!r} among the annotators; known: {', '.join(known) or 'none'}")
    return [pairing for pairing in pairings if not judges or pairing.judge in judges]


def chosen_lines(policy: Path | None, pairings: Sequence[Pairing]) -> dict[tuple[str, str], float]:
    """(task, dimension) to the threshold of each of a policy's lines on the judge's quality.

    Raises `RunMismatch` for a line of another judge or another version of the rubric: it says nothing of this one.
    """
    from ..human_labels import read_policy

    lines = read_policy(policy).lines if policy else ()
    for line in lines:
        for of in pairings:
            same = (of.judge, of.rubric) == (line.judge, line.rubric)
            if (of.task, of.dimension) == (line.task, line.dimension) and not same:
                raise RunMismatch(
                    f"{policy}: the line {line.name} is of {line.judge} on {line.rubric}, the verdicts are of "
                    f"{of.judge} on {of.rubric}; calibrate anew"
                )
    return {(line.task, line.dimension): line.accept for line in lines if line.accept and line.score == "quality"}


def named(path: Path) -> str:
    """A file's name with the first digits of its SHA-256; of a sharded run's folder, that of its verdicts in order."""
    from ..judge.cluster import verdict_files

    sha256 = hashlib.sha256()
    try:
        for file in verdict_files(path):
            with Path(file).open("rb") as content:
                while chunk := content.read(1 << 20):
                    sha256.update(chunk)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    return f"{path.name} (SHA-256 {sha256.hexdigest()[:12]})"


def written(report: AgreementReport, path: Path) -> str:
    """The report in the format of the path's ending. Raises `UsageError` for an unknown one."""
    import json

    from ..reports import agreement_json, agreement_markdown, agreement_page

    def as_text(report: AgreementReport) -> str:
        return json.dumps(agreement_json(report), indent=2, ensure_ascii=False) + "\n"

    formats = {".html": agreement_page, ".md": agreement_markdown, ".json": as_text}
    if path.suffix not in formats:
        raise UsageError(f"{path}: unknown ending; known: {', '.join(formats)}")
    return formats[path.suffix](report)
