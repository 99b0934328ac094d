"""Commands of labels: check, import, export, guideline, rebalance, plan."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="Read, write, check, draw and plan people's labels.", no_args_is_help=True, rich_markup_mode=None
)


# plan: how many labels are needed (human_labels/estimation)
