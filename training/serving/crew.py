"""A Student at work: here, or in processes of its own, each judging a part of a batch."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread

from ...judge import Sample, Student, Verdict, collect_rarely
from .asks import FAILED, Silence, broke

SMALLEST = 8
"""Samples of a part: fewer are not worth the way to another process."""
Words = Sequence[Verdict | Silence]


class Crew:
    """The Student in `size` processes; with one it judges in the caller's thread."""

    def __init__(self, student: Student, size: int) -> None:
        self.student, self.size = student, size
        self._pool = self._made() if size > 1 else None

    async def begin(self) -> None:
        """Returns once every process has its Student."""
        if self._pool:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(self._pool, _here, ()) for _ in range(self.size)))

    async def said(self, samples: Sequence[Sample]) -> Words:
        """A word for each sample, in order."""
        if self._pool is None:
            return said_of(self.student, samples)
        step = max(SMALLEST, -(-len(samples) // self.size))
        parts = [samples[start : start + step] for start in range(0, len(samples), step)]
        return [word for words in await asyncio.gather(*map(self._part, parts)) for word in words]

    def close(self) -> None:
        """Ends the processes; what they have begun is dropped."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _part(self, samples: Sequence[Sample]) -> Words:
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, _here, samples)
        except BrokenProcessPool:
            if self._pool is pool:
                # a process was killed, for want of memory say; the others ended with it
                self._pool = self._made()
            return [Silence(FAILED, "the judge's process was ended")] * len(samples)

    def _made(self) -> ProcessPoolExecutor:
        # not forked: a thread that holds a lock at that moment would hold it for ever
        return ProcessPoolExecutor(self.size, get_context("spawn"), _begin, (self.student,))


def said_of(student: Student, samples: Sequence[Sample]) -> Words:
    """All at once; one by one where that fails, so that an odd sample is alone with its failure."""
    try:
        return student.at_once(samples)
    except Exception as bug:
        if len(samples) == 1:
            return [Silence(FAILED, broke(bug))]
    return [word for sample in samples for word in said_of(student, [sample])]


_mine: list[Student] = []
"""Of a process of a crew: its Student."""


def _begin(student: Student) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service ends its processes itself
    Thread(target=_end_with_the_service, daemon=True).start()
    _mine.append(student)
    collect_rarely()


def _here(samples: Sequence[Sample]) -> Words:
    return said_of(_mine[0], samples)


def _end_with_the_service() -> None:
    service = parent_process()
    if service is not None:
        service.join()
        os._exit(1)
