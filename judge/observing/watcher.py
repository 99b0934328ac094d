"""What a run tells while it goes on: pulses into its ledger, events into a stream, spans where they are set up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

import orjson

from ...errors import RecjudgeError
from ..ledger.ledger import Ledger
from ..ledger.pulses import Pulses, utc_now
from ..ledger.status import calls_so_far
from ..running.progress import Progress
from ..running.work import WINDOW, Judging
from ..verdicts import Line
from .events import EventLog
from .spans import TracedJudge
from .telling import Telling

ELSEWHERE = frozenset({"processes", "batch"})
"""Engines that judge in other processes, where nobody set up spans, or that judge a sample again in every wave."""
_PATIENCE = 1.0
"""Seconds after which what was committed is told although it is no whole window."""


class Watcher:
    """Entered before the input is read and left when the files are written; `score` tells it what happens between."""

    def __init__(self, ledger: Ledger, progress: Progress, log: EventLog | None) -> None:
        self._ledger, self._progress, self._log = ledger, progress, log
        self._pulses, self._telling = Pulses(ledger), Telling(progress, log)
        self._grades: Counter[str] = Counter()
        self._unjudged: Counter[str] = Counter()
        self.complete = self._started = self._elsewhere = False
        """`complete`: nothing is left to judge."""
        self._told = utc_now()

    def __enter__(self) -> Watcher:
        self._telling.begin(self._ledger.identity, self._ledger.run)
        return self

    def starting(self, judge: Judging, engine: str, processes: int, concurrency: int) -> Judging:
        """What the engine is to judge with; tells that the run starts."""
        self._started, seen = True, self._telling.seen
        if self._progress.meter:
            self._progress.meter.listener = self._log
        self._telling.start(
            engine, self._ledger.identity, run=self._ledger.run, ledger=self._ledger.path.name, processes=processes,
            concurrency=concurrency,
        )  # fmt: skip
        self._elsewhere = engine in ELSEWHERE
        return TracedJudge(judge, seen) if seen and not self._elsewhere else judge

    def saw(self, lines: Sequence[Line]) -> None:
        """Lines that were committed."""
        if self._telling.seen and self._elsewhere:
            self._telling.seen.judged(lines)
        if self._log is None:
            return
        for line in lines:
            if line.grade is None:
                self._unjudged[line.status] += 1
                self._tell_unjudged(line)
            else:
                self._grades[line.grade] += 1
        if self._grades.total() + self._unjudged.total() >= WINDOW:
            self._tell_committed()

    def tick(self) -> None:
        """A few times a second."""
        now = self._progress
        self._pulses.beat(now.planned, now.done, now.resumed)
        if self._log and (utc_now() - self._told).total_seconds() >= _PATIENCE:
            self._tell_committed()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        now, sums = self._progress, dict[str, Any]()
        if self._started:
            self._pulses.beat(now.planned, now.done, now.resumed, due=True)
        if self._log or self._telling.seen:
            self._tell_committed()
            with suppress(RecjudgeError):  # a damaged disk is what the run ends with, not what its log ends with
                sums = calls_so_far(self._ledger)
        self._telling.end(kind, error, at, complete=self.complete, sums=sums)

    def _tell_committed(self) -> None:
        self._told = utc_now()
        self._telling.committed(self._grades, self._unjudged)
        self._grades.clear()
        self._unjudged.clear()

    def _tell_unjudged(self, line: Line) -> None:
        said = orjson.loads(line.body)
        told = {"kind": line.kind, "id": said["id"], "key": line.key, "status": line.status}
        self._telling.tell("unjudged", **told, text=said["text"], detail=said["error"])
