"""What one run has to do, whatever engine does it: windows of what is to be judged in, committed lines out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..records import Verdict
from ..verdicts import Line
from .packing import Item, Packed

if TYPE_CHECKING:
    from ..batches.waves import Office

WINDOW = 256
"""Samples that are packed, judged and committed together."""


class Judging(Protocol):
    """What an engine needs of whoever judges."""

    def prepare(self, items: list[Item], /) -> None:
        """Told of a window ahead of time."""
        ...

    async def judge(self, item: Item, /) -> Verdict:
        """One verdict."""
        ...


@dataclass
class Work:
    """What one run has to do, and the one way to stop it."""

    windows: Iterable[Sequence[Packed]]
    """What has no verdict yet, in input order; read in the loop's thread, as far ahead as an engine has hands."""
    judge: Judging
    commit: Callable[[Sequence[Line]], Awaitable[None]]
    """Returns when the verdicts are on disk; whoever made them takes nothing new before."""
    workers: int = 16
    """Samples in flight in one process, of a judge that waits for others."""
    processes: int = 1
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    """Set: nobody takes another sample."""
    grace: float = 10.0
    """Seconds that what is in flight may still take after `stop`."""
    office: Office | None = None
    """Of the engine batch: what stands where the provider stood."""
    again: Callable[[], Iterable[Sequence[Packed]]] = tuple
    """Of the engine batch: what has no verdict by now, in windows once more."""


Done = asyncio.Queue[Sequence[Line] | None]
"""Groups of lines as they are committed; None at the end."""


async def close(tasks: list[asyncio.Task[None]], work: Work, done: Done) -> None:
    """Waits for the tasks: until all ended, one failed, or `stop` was set and the grace is over.

    The first error of a task (account, provider down, storage, a bug) stops the others and is raised.
    """
    stopped: asyncio.Task[Any] = asyncio.create_task(work.stop.wait())
    pending: set[asyncio.Task[Any]] = set(tasks)
    try:
        while pending and not stopped.done():
            ended, rest = await asyncio.wait({*pending, stopped}, return_when=asyncio.FIRST_COMPLETED)
            pending = {task for task in rest if task is not stopped}
            if any(task.exception() for task in ended if task is not stopped and not task.cancelled()):
                break
        if pending and stopped.done():
            await asyncio.wait(pending, timeout=work.grace)
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        stopped.cancel()
        done.put_nowait(None)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, asyncio.CancelledError):
            raise result
