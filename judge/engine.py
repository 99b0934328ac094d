"""Where judging runs: a bounded pool of workers in this process. It commits each verdict before it goes on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from .records import Sample, Verdict, digest

WINDOW = 512
"""Samples read ahead, put in order of context and embedded together."""


class Judging(Protocol):
    """What an engine needs of a judge or a jury."""

    def prepare(self, samples: list[Sample], /) -> None:
        """Told of a window ahead of time."""
        ...

    async def judge(self, sample: Sample) -> Verdict:
        """One verdict."""
        ...


@dataclass
class Work:
    """What one run has to do, and the one way to stop it."""

    samples: Iterable[Sample]
    judge: Judging
    commit: Callable[[Verdict], Awaitable[None]]
    """Returns when the verdict is on disk; a worker takes nothing new before."""
    workers: int = 16
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    """Set: no worker takes another sample."""
    grace: float = 10.0
    """Seconds that what is in flight may still take after `stop`."""


async def pool(work: Work) -> AsyncIterator[Verdict]:
    """Judges with a fixed number of workers that pull from one iterator; yields verdicts as they are committed.

    The first error of a worker (account, provider down, storage, a bug) stops the others and is raised.
    """
    done: asyncio.Queue[Verdict | None] = asyncio.Queue()
    feed = Feed(work.samples, work.judge)
    tasks = [asyncio.create_task(_worker(feed, work, done)) for _ in range(work.workers)]
    closing = asyncio.create_task(_close(tasks, work, done))
    try:
        while (verdict := await done.get()) is not None:
            yield verdict
        await closing
    finally:
        for task in (*tasks, closing):
            task.cancel()
        await asyncio.gather(*tasks, closing, return_exceptions=True)
        feed.close()


class Feed:
    """Hands out samples one by one; the next window is prepared in a thread while the current one is judged."""

    def __init__(self, samples: Iterable[Sample], judge: Judging, window: int = WINDOW) -> None:
        self.judge, self.window = judge, window
        self._source = iter(samples)
        self._ready: deque[Sample] = deque()
        self._next: asyncio.Future[list[Sample]] | None = None
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recjudge-prepare")

    async def take(self) -> Sample | None:
        """The next sample, those of one group and context side by side, so that prefix caches hit; None at the end."""
        async with self._turn:
            if not self._ready:
                self._ready.extend(await (self._next or self._read()))
                self._next = self._read()
            return self._ready.popleft() if self._ready else None

    def close(self) -> None:
        """Ends the thread once it is done with its window."""
        if self._next:
            self._next.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _read(self) -> asyncio.Future[list[Sample]]:
        batch = sorted(islice(self._source, self.window), key=_prefix)
        return asyncio.get_running_loop().run_in_executor(self._thread, self._prepared, batch)

    def _prepared(self, batch: list[Sample]) -> list[Sample]:
        if batch:
            self.judge.prepare(batch)
        return batch


async def _worker(feed: Feed, work: Work, done: asyncio.Queue[Verdict | None]) -> None:
    while not work.stop.is_set() and (sample := await feed.take()) is not None:
        verdict = await work.judge.judge(sample)
        await work.commit(verdict)
        done.put_nowait(verdict)


async def _close(tasks: list[asyncio.Task[None]], work: Work, done: asyncio.Queue[Verdict | None]) -> None:
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


def _prefix(sample: Sample) -> tuple[str, str, str]:
    return sample.task, sample.group or "", digest(sample.context)


ENGINES: dict[str, Callable[[Work], AsyncIterator[Verdict]]] = {"pool": pool}
