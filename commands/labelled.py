"""What every command about labels asks for: the label file, how to read it, and whose labels to take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ..errors import UsageError

if TYPE_CHECKING:
    from ..human_labels import Labels, Pairing
    from ..rubrics import Rubric

VerdictFile = Annotated[Path, typer.Argument(help="A file that `recjudge score` wrote.")]
LabelFile = Annotated[
    Path,
    typer.Option(
        "--labels",
        "-l",
        help="People's labels: long or wide CSV, JSONL, Label Studio JSON; set:NAME is one that ships.",
    ),
]
Role = Annotated[
    str | None, typer.Option(help="Whose labels: end_user, expert, crowd. Roles are never pooled unasked.")
]
Pool = Annotated[bool, typer.Option("--pool", help="Take all roles together, and say so.")]
Names = Annotated[
    Optional[list[str]],  # noqa: UP045 - read by typer at run time
    typer.Option("--map", help="OURS=THEIRS, a rubric's dimension and what the labels call it: clarity=coherence."),
]
Passing = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--passing", help="DIMENSION=LABELS that are a pass, where people have their own scale: fluency=4,5."),
]
Scales = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--scale", help="DIMENSION=SCALE of the labels: relevance=ordinal:1..5."),
]
Annotators = Annotated[str | None, typer.Option(help="Columns of a wide table that are annotators: ann,bob,eve.")]
Rubrics = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Option("--rubric", help="A rubric file of your own; may be repeated."),
]
Drop = Annotated[bool, typer.Option("--drop", help="Leave out labels that are wrong; every figure then says how many.")]
Rule = Annotated[str, typer.Option(help="People's word on an item: majority, most, unanimous, median, mean.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Of the resamples.")]


def rubrics_of(files: Sequence[Path] | None) -> list[Rubric]:
    """The rubrics that ship, those of the files in their place."""
    from ..judge import shipped
    from ..rubrics import load_rubric

    return list((shipped() | {rubric.name: rubric for rubric in map(load_rubric, files or ())}).values())


def labels_of(
    path: Path,
    rubrics: Sequence[Rubric],
    scales: Sequence[str] | None = None,
    annotators: str | None = None,
    drop: bool = False,
) -> Labels:
    """The labels of a file, a later round's word in the place of an earlier one's; `set:NAME` is a set that ships."""
    from ..human_labels import as_labels, latest, load_set, read_labels

    if str(path).startswith("set:"):
        return as_labels(load_set(str(path)[4:]))
    columns = [name.strip() for name in annotators.split(",")] if annotators else None
    return latest(read_labels(path, scales=pairs(scales, "--scale"), rubrics=rubrics, annotators=columns, drop=drop))


def pairings_of(
    verdicts: Path,
    labels: Labels,
    rubrics: Sequence[Rubric],
    role: str | None = None,
    pool: bool = False,
    names: Sequence[str] | None = None,
    passing: Sequence[str] | None = None,
) -> list[Pairing]:
    """Verdicts joined with labels, one pairing for each task, dimension and role."""
    from ..human_labels import pair
    from ..judge import read_verdicts

    return pair(
        read_verdicts(verdicts), labels, rubrics, role=role, pool=pool, names=pairs(names, "--map"),
        passing=listed(passing),
    )  # fmt: skip


def pairs(words: Sequence[str] | None, option: str) -> dict[str, str]:
    """`KEY=VALUE` options as a mapping. Raises `UsageError` for one without both."""
    for word in words or ():
        if not all(word.partition("=")):
            raise UsageError(f"{option} {word}: write it as NAME=VALUE")
    return dict(word.split("=", 1) for word in words or ())


def listed(words: Sequence[str] | None) -> dict[str, list[str]]:
    """`--passing fluency=4,5` as a mapping to lists."""
    return {name: [part.strip() for part in value.split(",")] for name, value in pairs(words, "--passing").items()}
