"""A Student at work: here, or in processes of its own, each judging a part of a batch."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread

from ...judge import AnyJudge, Sample, Student, collect_rarely
from ..reward import Score, measure_of, rewards_at_once
from .asks import FAILED, Silence, Word, broke

SMALLEST = 8
"""Samples of a part: fewer are not worth the way to another process."""
Words = Sequence[Word]


@dataclass(frozen=True, slots=True)
class Scoring:
    """Which number of a verdict is the reward, in words that another process understands."""

    score: str
    dimension: str
    task: str | None
    """None where there are several."""

    def of(self, judge: AnyJudge) -> Score:
        """The number itself."""
        return measure_of(judge, self.score, self.dimension, self.task)


class Crew:
    """The Student in `size` processes; with one it judges in the caller's thread."""

    def __init__(self, student: Student, scoring: Scoring, size: int) -> None:
        self.student, self.scoring, self.size = student, scoring, size
        self._score = scoring.of(student)
        self._pool = self._made() if size > 1 else None

    async def begin(self) -> None:
        """Returns once every process has its Student."""
        if self._pool:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(self._pool, _here, (), True) for _ in range(self.size)))

    async def said(self, samples: Sequence[Sample], verdicts: bool) -> Words:
        """A word for each sample, in order: its verdict, or its reward alone, which takes less time and less room."""
        if self._pool is None:
            return said_of(self.student, samples, None if verdicts else self._score)
        step = max(SMALLEST, -(-len(samples) // self.size))
        parts = [samples[start : start + step] for start in range(0, len(samples), step)]
        return [
            word for words in await asyncio.gather(*(self._part(part, verdicts) for part in parts)) for word in words
        ]

    def close(self) -> None:
        """Ends the processes; what they have begun is dropped."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _part(self, samples: Sequence[Sample], verdicts: bool) -> Words:
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, _here, samples, verdicts)
        except BrokenProcessPool:
            if self._pool is pool:
                # a process was killed, for want of memory say; the others ended with it
                self._pool = self._made()
            return [Silence(FAILED, "the judge's process was ended")] * len(samples)

    def _made(self) -> ProcessPoolExecutor:
        # not forked: a thread that holds a lock at that moment would hold it for ever
        return ProcessPoolExecutor(self.size, get_context("spawn"), _begin, (self.student, self.scoring))


def said_of(student: Student, samples: Sequence[Sample], score: Score | None) -> Words:
    """All at once; one by one where that fails, so that an odd sample is alone with its failure.

    Verdicts, or with a score rewards alone.
    """
    try:
        return rewards_at_once(student, samples, score) if score else student.at_once(samples)
    except Exception as bug:
        if len(samples) == 1:
            return [Silence(FAILED, broke(bug))]
    return [word for sample in samples for word in said_of(student, [sample], score)]


_mine: list[tuple[Student, Score]] = []
"""Of a process of a crew: its Student, and the score that is served."""


def _begin(student: Student, scoring: Scoring) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service ends its processes itself
    Thread(target=_end_with_the_service, daemon=True).start()
    _mine.append((student, scoring.of(student)))
    collect_rarely()


def _here(samples: Sequence[Sample], verdicts: bool) -> Words:
    student, score = _mine[0]
    return said_of(student, samples, None if verdicts else score)


def _end_with_the_service() -> None:
    service = parent_process()
    if service is not None:
        service.join()
        os._exit(1)
