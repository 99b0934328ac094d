"""The command estimate: the true pass rate of all samples from few labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import Refused
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
    VerdictFile,
)
from .printing import Json, print_json, print_rows, say
from .sealing import OpenTest, clusters_of, look

if TYPE_CHECKING:
    from ..human_labels import Estimate


def estimate(
    verdicts: VerdictFile,
    labels: LabelFile,
    method: Annotated[str, typer.Option(help="auto, ppi, lee or people.")] = "auto",
    shifted: Annotated[
        bool, typer.Option("--shifted", help="The labels come from another set: estimate the unlabelled samples alone.")
    ] = False,
    target: Annotated[
        Path | None, typer.Option(help="Verdicts of the samples to estimate, in another file; then labels are shifted.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="system: an estimate for each system beside that of all.")] = None,
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
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Confidence of every interval.")] = 0.95,
    seed: SeedOption = 0,
    json: Json = False,
) -> None:
    """Estimate the true pass rate from few labels."""
    from ..human_labels import estimate as run
    from ..human_labels import samples_of
    from ..judge import read_verdicts
    from ..reports import estimate_json

    asked = Asked(role, pool, map_, passing, scale, annotators, rubric, drop)
    pairings = asked.pairings(verdicts, asked.labels(labels))
    looked = look(labels, clusters_of(pairings), "estimate", open_test=open_test)
    warnings = [looked.words] if pairings else []
    found, refused = [], []
    for pairing in looked.of(pairings):
        others = samples_of(read_verdicts(target), pairing) if target else None
        try:
            found.append(
                run(pairing, rule=people, method=method, shifted=shifted, target=others, by=by, level=level, seed=seed)
            )
        except Refused as refusal:
            refused.append(f"{pairing.task}.{pairing.dimension}, labels by {pairing.role}: {refusal}")
    if json:
        print_json({"estimates": [estimate_json(one) for one in found], "refused": refused, "warnings": warnings})
    else:
        say(*(f"warning: {warning}" for warning in warnings))
        for one in found:
            _show(one)
    if refused:
        raise Refused("\n".join(refused))


def _show(found: Estimate) -> None:
    from ..reports import ESTIMATE_COLUMNS, estimate_lines, estimate_rows

    say(*estimate_lines(found), "")
    print_rows("Pass rate", ESTIMATE_COLUMNS, estimate_rows(found))
