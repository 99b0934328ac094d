"""Windows one after the other in this process: for judges that never wait, and for what is too little to share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from ..verdicts import Line
from .packing import Item, Packed, unpack
from .work import Judging, Work

_TURN = 0.03
"""Seconds after which the loop gets a turn: progress is shown, and somebody may have asked the run to stop."""


async def here(work: Work) -> AsyncIterator[Sequence[Line]]:
    """The next window is prepared in a thread, and the one before is committed, while one is judged."""
    windows = iter(work.windows)
    loop = asyncio.get_running_loop()
    committing: asyncio.Task[Sequence[Line]] | None = None
    thread = ThreadPoolExecutor(1, thread_name_prefix="recjudge-prepare")
    try:
        following = loop.run_in_executor(thread, ready, work.judge, next(windows, None))
        while not work.stop.is_set() and (items := await following):
            following = loop.run_in_executor(thread, ready, work.judge, next(windows, None))
            lines = await _judged(items, work)
            if committing:
                yield await committing
            committing = asyncio.create_task(_committed(lines, work))
        if committing:
            yield await committing
    finally:
        if committing and not committing.done():
            await asyncio.gather(committing, return_exceptions=True)
        thread.shutdown(wait=False, cancel_futures=True)


def ready(judge: Judging, window: Sequence[Packed] | None) -> list[Item]:
    """A window unpacked and prepared; empty at the end."""
    items = [unpack(packed) for packed in window or ()]
    if items:
        judge.prepare(items)
    return items


async def _judged(items: Sequence[Item], work: Work) -> list[Line]:
    lines, due = [], time.monotonic() + _TURN
    for item in items:
        lines.append(Line.of(await work.judge.judge(item)))
        if time.monotonic() > due:
            await asyncio.sleep(0)
            due = time.monotonic() + _TURN
            if work.stop.is_set():
                break
    return lines


async def _committed(lines: Sequence[Line], work: Work) -> Sequence[Line]:
    await work.commit(lines)
    return lines
