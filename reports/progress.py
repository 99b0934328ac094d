"""The progress bar: done, rate, in flight, failures by reason, cost, time left; drawn on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..judge import Progress


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """A bar that is drawn by calling what is yielded."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(30), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda progress: bar.update(
            task,
            completed=progress.done,
            total=progress.planned or None,
            description=told(progress, bar.tasks[0].speed),
        )


def told(progress: Progress, rate: float | None) -> str:
    """What stands beside the bar."""
    parts = [f"{rate:.0f}/s"] if rate else []
    if (meter := progress.meter) and meter.calls:
        parts.append(f"{meter.in_flight} in flight")
        parts.append(f"{meter.calls} calls")
        parts.append(f"${meter.usd:.4f}" if meter.usd else f"{meter.tokens_in + meter.tokens_out} tokens")
        parts += [f"{count} {status}" for status, count in meter.failures.items()]
    parts += [f"{count} unjudged: {status}" for status, count in progress.unjudged.items()]
    return "  ".join(parts)
