"""The command report: a run as one HTML page, with agreement where there are people's labels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .agreeing import with_notes
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
    VerdictFile,
)
from .printing import Json, print_json
from .sealing import clusters_of, look

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

        asked = Asked(role, pool, map_, passing, scale, annotators, rubric, drop)
        read = asked.labels(labels)
        pairings = asked.pairings(verdicts, read)
        read = with_notes(read, pairings)
        looked = look(labels, clusters_of(pairings), "report")
        settings = Settings(rule=people, seed=seed)
        agreement = agree(
            read, looked.of(pairings), role=role, pool=pool, opened=looked.opened,
            warnings=looked.warnings if pairings else (), settings=settings,
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
