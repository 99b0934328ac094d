"""The command report: a run as one HTML page, with agreement where there are people's labels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .agreeing import one_side
from .labelled import (
    Annotators,
    Drop,
    Names,
    Passing,
    Pool,
    Role,
    Rubrics,
    Rule,
    Scales,
    SeedOption,
    VerdictFile,
    labels_of,
    pairings_of,
    rubrics_of,
)
from .printing import Json, print_json

LabelFile = Annotated[
    Path | None, typer.Option("--labels", "-l", help="People's labels of the same samples; adds agreement.")
]


def report(
    verdicts: VerdictFile,
    labels: LabelFile = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The page; default reports/NAME.html.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Most samples listed, the worst first.")] = 500,
    role: Role = None,
    pool: Pool = False,
    map_: Names = None,
    passing: Passing = None,
    scale: Scales = None,
    annotators: Annotators = None,
    rubric: Rubrics = None,
    drop: Drop = False,
    people: Rule = "majority",
    seed: SeedOption = 0,
    json: Json = False,
) -> None:
    """Write a run as one HTML page."""
    from ..judge import read_verdicts, write_whole
    from ..reports import agreement_json, as_json, run_page, summarise

    agreement = None
    if labels is not None:
        from ..human_labels import Settings, agree

        rubrics = rubrics_of(rubric)
        read = labels_of(labels, rubrics, scale, annotators, drop)
        pairings = pairings_of(verdicts, read, rubrics, role, pool, map_, passing)
        pairings, opened, warnings = one_side(labels, pairings, False)
        settings = Settings(rule=people, seed=seed)
        agreement = agree(
            read, pairings, role=role, pool=pool, opened=opened, warnings=warnings, settings=settings
        )  # fmt: skip
    if json:
        more = {"agreement": agreement_json(agreement)} if agreement else {}
        print_json(as_json(summarise(read_verdicts(verdicts))) | more)
        return
    target = out or Path("reports") / f"{stem(verdicts)}.html"
    page = run_page(read_verdicts(verdicts), source=verdicts.name, most=most, agreement=agreement)
    write_whole(target, page)
    sys.stdout.write(f"wrote {target}\n")


def stem(verdicts: Path) -> str:
    """`outputs` of `outputs.verdicts.jsonl`."""
    return verdicts.name.removesuffix(".jsonl").removesuffix(".verdicts")
