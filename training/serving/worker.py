"""The judge's own thread: requests come in, those that wait are judged together, and nothing waits for what is late."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from ...errors import RecjudgeError
from ...judge import AnyJudge, Live, Options, Sample, Status, Student
from .asks import FAILED, Ask, Silence, Word, broke
from .crew import Crew, Scoring
from .limits import Limits

log = logging.getLogger("recjudge.serving")
Place = tuple[Ask, int, int, Sample]
TROUBLED = 30.0
"""Seconds for which a service is not ready after its judge gave up: who sends nothing never learns that it is well."""


class Worker:
    """One thread with a loop of its own. A Student judges many requests at once; other judges a sample at a time.

    `put` may be called from any thread. `batches` is told the size of each batch, `late` how many samples were dropped.
    """

    def __init__(
        self,
        judge: AnyJudge,
        scoring: Scoring,
        limits: Limits,
        options: Options,
        store: Path | None = None,
        batches: Callable[[int], None] = lambda size: None,
        late: Callable[[int], None] = lambda size: None,
    ) -> None:
        self.judge, self.scoring, self.limits, self.options, self.store = judge, scoring, limits, options, store
        self.batches, self.late = batches, late
        self._trouble = ("", 0.0)
        self._waiting: deque[Ask] = deque()
        self._begun: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="recjudge-judge", daemon=True)

    def start(self) -> None:
        """Returns once the judge is at work. Raises what keeps it from that: a locked store, another judge's store."""
        self._thread.start()
        self._begun.result()

    def put(self, ask: Ask) -> None:
        """Takes a request in."""
        self._loop.call_soon_threadsafe(self._arrived, ask)

    def stop(self, patience: float) -> None:
        """Ends the thread; one that hangs is left behind, and ends with the process."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(patience)

    @property
    def ended(self) -> str:
        """Why the judge will give no verdict any more; empty while it is at work."""
        return "" if self._thread.is_alive() else "the judge's thread ended"

    @property
    def trouble(self) -> str:
        """Why the judge gives no verdicts now; what ended a run counts until the next verdict, for a while."""
        if self.ended:
            return self.ended
        words, since = self._trouble
        return words if time.monotonic() - since < TROUBLED else ""

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except BaseException as error:
            if not self._begun.done():
                self._begun.set_exception(error)
                return
            # raised, its words would be printed, and they may hold what was judged
            log.error("the judge's thread ended: %s", type(error).__name__)

    async def _work(self) -> None:
        self._loop, self._bell, self._stopping = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        self._room = asyncio.Semaphore(self.options.concurrency)
        async with self._judge_at_work() as judging:
            working = asyncio.create_task(judging)
            self._begun.set_result(None)
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            for task in (working, stopping):
                task.cancel()
            ended, _ = await asyncio.gather(working, stopping, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended

    @asynccontextmanager
    async def _judge_at_work(self) -> AsyncIterator[Coroutine[Any, Any, None]]:
        if isinstance(self.judge, Student):
            crew = Crew(self.judge, self.scoring, self.limits.processes)
            try:
                await crew.begin()
                yield self._quick(crew)
            finally:
                crew.close()
        else:
            live = Live(self.judge, self.options, self.store)
            try:
                yield self._slow(live)
            finally:
                await live.close()

    def _arrived(self, ask: Ask) -> None:
        self._waiting.append(ask)
        self._bell.set()

    async def _quick(self, crew: Crew) -> None:
        # while processes judge one batch, this thread reads the next
        room = asyncio.Semaphore(2 if crew.size > 1 else 1)
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._bell.wait()
                if self.limits.window and sum(ask.size for ask in self._waiting) < self.limits.together:
                    await asyncio.sleep(self.limits.window)
                while self._waiting:
                    await room.acquire()
                    batch = tasks.create_task(self._at_once(crew, self._next()))
                    batch.add_done_callback(lambda _: room.release())
                    await asyncio.sleep(0)  # lets those in that came meanwhile
                self._bell.clear()

    def _next(self) -> list[Ask]:
        """The requests that go together, first come first; one at least."""
        batch: list[Ask] = []
        size = 0
        while self._waiting and (not batch or size + self._waiting[0].size <= self.limits.together):
            batch.append(self._waiting.popleft())
            size += batch[-1].size
        return batch

    def _read(self, ask: Ask) -> list[Place]:
        if self._is_late(ask):
            self.late(ask.size)
            return []
        return [(ask, row, place, sample) for row, place, sample in ask.take_in()]

    async def _at_once(self, crew: Crew, asks: Sequence[Ask]) -> None:
        for part in _parts([place for ask in asks for place in self._read(ask)], self.limits.together):
            open_ = [place for place in part if not self._is_late(place[0])]
            if len(open_) < len(part):
                self.late(len(part) - len(open_))
            if open_:
                self.batches(len(open_))
                verdicts = any(ask.verdicts for ask, *_ in open_)
                words = await crew.said([sample for *_, sample in open_], verdicts)
                for (ask, row, place, _), word in zip(open_, words, strict=True):
                    ask.say(row, place, word)

    async def _slow(self, live: Live) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._bell.wait()
                self._bell.clear()
                while batch := self._next():
                    tasks.create_task(self._batch(live, [place for ask in batch for place in self._read(ask)]))

    async def _batch(self, live: Live, places: Sequence[Place]) -> None:
        if not places:
            return
        self.batches(len(places))
        try:
            await asyncio.to_thread(live.prepare, [sample for *_, sample in places])
        except Exception as bug:
            for ask, row, place, _ in places:
                ask.say(row, place, Silence(FAILED, broke(bug)))
            return
        await asyncio.gather(*(self._one(live, *place) for place in places))

    async def _one(self, live: Live, ask: Ask, row: int, place: int, sample: Sample) -> None:
        async with self._room:
            if self._is_late(ask):
                self.late(1)
                return
            try:
                async with asyncio.timeout(ask.due - time.monotonic()):
                    word: Word = await live.verdict(sample)
                self._trouble = ("", 0.0)
            except TimeoutError:
                if self._is_late(ask):
                    self.late(1)
                    return
                word = Silence(Status.TIMEOUT, "the judge gave up waiting")
            except RecjudgeError as error:
                self._trouble = (f"{type(error).__name__}: {error}", time.monotonic())
                word = Silence(Status.PROVIDER_ERROR, self._trouble[0])
            except Exception as bug:
                word = Silence(FAILED, broke(bug))
            ask.say(row, place, word)

    def _is_late(self, ask: Ask) -> bool:
        return ask.over or time.monotonic() >= ask.due


def _parts(places: Sequence[Place], size: int) -> Iterator[Sequence[Place]]:
    for start in range(0, len(places), size):
        yield places[start : start + size]
