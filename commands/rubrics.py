"""Commands of rubrics: list, show, check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .printing import print_rows

app = typer.Typer(help="List, show and check rubrics.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def rubrics_list() -> None:
    """Name the rubrics that ship."""
    from ..rubrics import load_rubric, rubric_names

    found = [load_rubric(name) for name in rubric_names()]
    rows = [(r.name, r.hash, ", ".join(dim.name for dim in r.dimensions), r.title) for r in found]
    print_rows("Rubrics", ("name", "hash", "dimensions", "judges"), rows)


@app.command("show")
def rubrics_show(name: Annotated[str, typer.Argument(help="A rubric's name, or a path ending in .toml.")]) -> None:
    """Show one rubric: questions, scales, failure codes, steps."""
    from ..reports import rubric_lines
    from ..rubrics import load_rubric

    sys.stdout.write("\n".join(rubric_lines(load_rubric(name))) + "\n")


@app.command("check")
def rubrics_check(file: Annotated[Path, typer.Argument(help="A rubric file.")]) -> None:
    """Check a rubric file: file, key and remedy of what is wrong."""
    from ..judge import check_names
    from ..rubrics import load_rubric

    check_names(rubric := load_rubric(file), str(file))
    steps = sum(len(dim.steps) for dim in rubric.dimensions)
    sys.stdout.write(f"{file}: {rubric.id} holds together: {len(rubric.dimensions)} dimensions, {steps} steps\n")
