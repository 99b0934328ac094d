"""What a run tells while it goes on: pulses into its ledger, events into a stream, spans where they are set up."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
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
from .spans import TracedJudge, telemetry

ELSEWHERE = frozenset({"processes", "ray", "batch"})
"""Engines that judge in other processes, where nobody set up spans, or that wait for hours."""
_PATIENCE = 1.0
"""Seconds after which what was committed is told although it is no whole window."""


class Watcher:
    """Entered before the input is read and left when the files are written; `score` tells it what happens between."""

    def __init__(self, ledger: Ledger, progress: Progress, log: EventLog | None) -> None:
        self._ledger, self._progress, self._log = ledger, progress, log
        self._pulses, self._seen, self._stack = Pulses(ledger), telemetry(), ExitStack()
        self._grades: Counter[str] = Counter()
        self._unjudged: Counter[str] = Counter()
        self.complete = self._started = False
        """`complete`: nothing is left to judge."""
        self._began = self._told = utc_now()

    def __enter__(self) -> Watcher:
        if self._seen:
            self._stack.enter_context(self._seen.run(self._ledger.identity, self._ledger.run))
        return self

    def starting(self, judge: Judging, engine: str, processes: int, concurrency: int) -> Judging:
        """What the engine is to judge with; tells that the run starts."""
        self._started = True
        if self._progress.meter:
            self._progress.meter.listener = self._log
        self._tell(
            "run_started", run=self._ledger.run, pid=os.getpid(), ledger=self._ledger.path.name,
            identity=self._ledger.identity, engine=engine, processes=processes, concurrency=concurrency,
            planned=self._progress.planned,
        )  # fmt: skip
        return TracedJudge(judge, self._seen) if self._seen and engine not in ELSEWHERE else judge

    def saw(self, lines: Sequence[Line]) -> None:
        """Lines that were committed."""
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
        now = self._progress
        if self._started:
            self._pulses.beat(now.planned, now.done, now.resumed, due=True)
        if self._log:
            self._tell_committed()
            self._tell_end(kind)
        self._stack.__exit__(kind, error, at)

    def _tell_end(self, kind: type[BaseException] | None) -> None:
        sums: dict[str, Any] = {}
        with suppress(RecjudgeError):  # a damaged disk is what the run ends with, not what its log ends with
            sums = calls_so_far(self._ledger)
        now = self._progress
        self._tell(
            "run_ended", complete=self.complete and kind is None, error=kind.__name__ if kind else None,
            seconds=round((utc_now() - self._began).total_seconds(), 3), done=now.done, planned=now.planned,
            unjudged=now.unjudged, **sums,
        )  # fmt: skip

    def _tell_committed(self) -> None:
        self._told = utc_now()
        if n := self._grades.total() + self._unjudged.total():
            done, planned = self._progress.done, self._progress.planned
            told = {"grades": dict(self._grades), "unjudged": dict(self._unjudged)}
            self._tell("committed", verdicts=n, **told, done=done, planned=planned)
            self._grades.clear()
            self._unjudged.clear()

    def _tell_unjudged(self, line: Line) -> None:
        said = orjson.loads(line.body)
        told = {"kind": line.kind, "id": said["id"], "key": line.key, "status": line.status}
        self._tell("unjudged", **told, text=said["text"], detail=said["error"])

    def _tell(self, event: str, **fields: Any) -> None:
        if self._log:
            self._log(event, fields)
