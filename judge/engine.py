"""Where judging runs: a pool of workers that wait for a provider, this process alone, or several processes."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from ..errors import UsageError
from .batches.waves import waves
from .cascade import asks
from .running.both import Both, waits
from .running.here import here
from .running.packing import Item, Packed, pack_judge, unpack
from .running.processes import processes
from .running.work import WINDOW, Done, Judging, Work, close
from .verdicts import Line

AHEAD = 512
"""Samples read ahead and embedded together, by a pool."""
PAYS_FROM = 2_000
"""Samples from which on worker processes save more than the second or so that they take to start."""


async def pool(work: Work) -> AsyncIterator[Sequence[Line]]:
    """Judges with a fixed number of workers that pull from one iterator; yields verdicts as they are committed.

    The first error of a worker (account, provider down, storage, a bug) stops the others and is raised.
    """
    done: Done = asyncio.Queue()
    feed = Feed(work.windows, work.judge)
    tasks = [asyncio.create_task(_worker(feed, work, done)) for _ in range(work.workers)]
    closing = asyncio.create_task(close(tasks, work, done))
    try:
        while (lines := await done.get()) is not None:
            yield lines
        await closing
    finally:
        for task in (*tasks, closing):
            task.cancel()
        await asyncio.gather(*tasks, closing, return_exceptions=True)
        feed.close()


class Feed:
    """Hands out items one by one; the next window is prepared in a thread while the current one is judged."""

    def __init__(self, windows: Iterable[Sequence[Packed]], judge: Judging, ahead: int = AHEAD) -> None:
        self.judge, self.ahead = judge, ahead
        self._source: Iterator[Item] = (unpack(packed) for window in windows for packed in window)
        self._ready: deque[Item] = deque()
        self._next: asyncio.Future[list[Item]] | None = None
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recjudge-prepare")

    async def take(self) -> Item | None:
        """The next item, in the order of the windows; None at the end."""
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

    def _read(self) -> asyncio.Future[list[Item]]:
        batch = list(islice(self._source, self.ahead))
        return asyncio.get_running_loop().run_in_executor(self._thread, self._prepared, batch)

    def _prepared(self, batch: list[Item]) -> list[Item]:
        if batch:
            self.judge.prepare(batch)
        return batch


async def _worker(feed: Feed, work: Work, done: Done) -> None:
    while not work.stop.is_set() and (item := await feed.take()) is not None:
        lines = [Line.of(await work.judge.judge(item))]
        await work.commit(lines)
        done.put_nowait(lines)


def choose(judge: Both, planned: int, engine: str | None, wanted: int | None) -> tuple[str, int]:
    """Which engine, and with how many processes.

    engine, wanted: what was asked for; None chooses: a pool for a judge that may wait for others, else as many
    processes as there are cores where there is enough to judge. Raises `UsageError` for an engine that is not there,
    and for several processes of a judge that asks a provider: one process paces its calls.
    """
    check_engine(engine)
    if engine is not None and engine not in ENGINES:
        raise UsageError(f"the engine {engine} is none of one run: it makes one of each shard; use score()")
    if wanted is not None and wanted < 1:
        raise UsageError(f"processes: {wanted}; give 1 or more")
    if (engine == "processes" or (wanted or 1) > 1) and asks(judge.judge_of_samples):
        raise UsageError(
            "a judge that asks a provider runs in one process, which paces its calls; leave --processes out"
        )
    if engine not in (None, "processes"):
        return engine, 1
    if engine is None and wanted is None and waits(judge.judge_of_samples):
        return "pool", 1
    count = wanted or (cores() if engine or (planned >= PAYS_FROM and _goes_elsewhere(judge)) else 1)
    return ("processes", count) if engine or count > 1 else ("here", 1)


def check_engine(engine: str | None) -> None:
    """Raises `UsageError` for a name that no engine has."""
    if engine is not None and engine not in NAMES:
        raise UsageError(f"unknown engine {engine!r}; known: {', '.join(NAMES)}")


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _goes_elsewhere(judge: Judging) -> bool:
    try:
        pack_judge(judge)
    except Exception:  # pickle raises what the judge's own classes raise: then it judges here
        return False
    return True


ENGINES: dict[str, Callable[[Work], AsyncIterator[Sequence[Line]]]] = {
    "pool": pool,
    "here": here,
    "processes": processes,
    "batch": waves,
}
SHARDED = "ray"
NAMES = (*ENGINES, SHARDED)
"""All that can be asked for: those of one run, and the one that makes a run of each shard."""

__all__ = [
    "ENGINES",
    "NAMES",
    "SHARDED",
    "WINDOW",
    "Feed",
    "Judging",
    "Work",
    "check_engine",
    "choose",
    "cores",
    "pool",
]
