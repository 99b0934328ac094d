"""The options of the engine batch, and how a run ends that leaves batches with a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .printing import command_line, tell

if TYPE_CHECKING:
    from ..judge import Scored

Engine = Annotated[
    str | None,
    typer.Option(
        help="pool, here, processes, batch (the provider's batch API, half the price, within a day) or ray; "
        "default: one of the first three, by the judge."
    ),
]
PlanEngine = Annotated[str | None, typer.Option(help="batch: at half the price, with waves and batches.")]
Poll = Annotated[float, typer.Option(help="With --engine batch: seconds between the first looks; grows tenfold.")]
NoWait = Annotated[
    bool, typer.Option("--no-wait", help="With --engine batch: send and leave; the same command later collects.")
]
LATER = 75
"""Exit code of a run that waits for others, as sysexits.h has it: nothing was gated yet."""


def leave_if_waiting(done: Scored) -> None:
    """Ends the command when batches are left with a provider, naming what collects them."""
    if any(words.startswith("waiting: ") for words in done.said):
        tell(f"not done: batches are with the provider; later, the same command collects them:\n  {command_line()}")
        raise typer.Exit(LATER)
