"""The command that makes negatives: every output beside a context it was not written for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from .exporting import judged, spares
from .filtering import Fields, Source, Task, rows_of
from .labelled import Asked, Rubrics, VerdictFile
from .printing import Json, print_json, print_rows


def negatives(
    verdicts: VerdictFile,
    by: Annotated[str, typer.Option("--by", help="The dimension that they fail by construction: relevance.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; default VERDICTS.negatives.jsonl.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the shuffle.")] = 0,
    least: Annotated[
        float, typer.Option("--alike", help="Outputs and interests this alike still match: 0.8, a Jaccard index.")
    ] = 0.8,
    source: Source = None,
    task: Task = None,
    map_: Fields = None,
    rubric: Rubrics = None,
    json: Json = False,
) -> None:
    """Shuffle outputs among contexts: samples that fail a dimension."""
    from ..reports import safe
    from ..training import shuffle_negatives, source_of, write_rows

    if not 0 < least <= 1:
        raise UsageError(f"--alike {least:g}: give a Jaccard index above 0, at most 1, e.g. 0.8")
    rows = rows_of(verdicts, source_of(verdicts, source), Asked(files=rubric), task, map_)
    found = shuffle_negatives(rows, by, seed, least=least)
    target = out or verdicts.with_name(f"{verdicts.name.removesuffix('.jsonl')}.negatives.jsonl")
    spares(target, (verdicts, judged(verdicts, source, rows)), None)
    written = write_rows(found.lines, target)
    if json:
        counts = {"rows": len(rows), "negatives": len(found.negatives), "left_out": found.left_out}
        print_json({"file": str(written), "by": by} | counts)
        return
    if found.left_out:
        print_rows("Left out", ("why", "n"), [(safe(why), n) for why, n in found.left_out.items()])
    sys.stdout.write(f"wrote {written}: {len(found.negatives)} negatives of {by} out of {len(rows)} rows\n")
