"""What every command about labels asks for: the label file, how to read it, and whose labels to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ..errors import UsageError

if TYPE_CHECKING:
    from ..human_labels import Labels, Pairing
    from ..rubrics import Rubric

VerdictFile = Annotated[Path, typer.Argument(help="A file (of ray a folder) that `recjudge score` wrote.")]
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


@dataclass(frozen=True)
class Asked:
    """How a command was asked to read labels, and whose."""

    role: str | None = None
    pool: bool = False
    names: Sequence[str] | None = None
    passing: Sequence[str] | None = None
    scales: Sequence[str] | None = None
    annotators: str | None = None
    files: Sequence[Path] | None = None
    """Of rubrics."""
    drop: bool = False

    @cached_property
    def rubrics(self) -> list[Rubric]:
        """The rubrics that ship, those of the files in their place."""
        from ..judge import shipped
        from ..rubrics import load_rubric

        return list((shipped() | {rubric.name: rubric for rubric in map(load_rubric, self.files or ())}).values())

    @property
    def ruler(self) -> dict[str, str]:
        """Dimension to the scale named for it."""
        return pairs(self.scales, "--scale")

    @property
    def columns(self) -> list[str] | None:
        """The columns of a wide table that are annotators; None where they are to be found."""
        return [name.strip() for name in self.annotators.split(",")] if self.annotators else None

    def labels(self, path: Path) -> Labels:
        """The labels of a file, a later round's word in the place of an earlier one's; `set:NAME` is one that ships."""
        from ..human_labels import as_labels, latest, load_set

        if str(path).startswith("set:"):
            return as_labels(load_set(str(path)[4:]))
        return latest(self.rows(path))

    def rows(self, path: Path) -> Labels:
        """The labels of a file, of all rounds."""
        from ..human_labels import read_labels

        return read_labels(path, scales=self.ruler, rubrics=self.rubrics, annotators=self.columns, drop=self.drop)

    def pairings(self, verdicts: Path, labels: Labels) -> list[Pairing]:
        """Verdicts joined with labels, one pairing for each task, dimension and role."""
        from ..human_labels import pair
        from ..judge import read_verdicts

        return pair(
            read_verdicts(verdicts), labels, self.rubrics, role=self.role, pool=self.pool,
            names=pairs(self.names, "--map"), passing=listed(self.passing),
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
