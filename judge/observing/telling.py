"""What every engine tells of a run: its start, what was committed, its end; and the span that it is."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from ..ledger.pulses import utc_now
from ..running.progress import Progress
from .events import EventLog
from .spans import telemetry

_SUMS = ("requests", "calls", "tokens_in", "tokens_cached", "tokens_out")


class Telling:
    """Of one run, to its log and its span, where there are any."""

    def __init__(self, progress: Progress, log: EventLog | None) -> None:
        self.progress, self.log, self.seen = progress, log, telemetry()
        self._span: Any = None
        self._stack = ExitStack()
        self._began = utc_now()

    def begin(self, identity: Mapping[str, str], run: int | None) -> None:
        """The span begins."""
        if self.seen:
            self._span = self._stack.enter_context(self.seen.run(identity, run))

    def start(self, engine: str, identity: Mapping[str, str], **fields: Any) -> None:
        """Tells that judging starts."""
        if self._span:
            self._span.set_attribute("recjudge.engine", engine)
        planned = self.progress.planned
        self.tell("run_started", **fields, pid=os.getpid(), identity=identity, engine=engine, planned=planned)

    def committed(self, grades: Counter[str], unjudged: Counter[str], **more: Any) -> None:
        """Tells what came to the disk since the last time; nothing of nothing."""
        if n := grades.total() + unjudged.total():
            now, found = self.progress, {"grades": dict(grades), "unjudged": dict(unjudged)}
            self.tell("committed", verdicts=n, **found, **more, done=now.done, planned=now.planned)

    def end(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None,
        *, complete: bool, sums: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Tells how it ended; the span gets the run's counts, and ends."""
        now = self.progress
        self.tell(
            "run_ended", complete=complete and kind is None, error=kind.__name__ if kind else None,
            seconds=round((utc_now() - self._began).total_seconds(), 3), done=now.done, planned=now.planned,
            unjudged=now.unjudged, **sums,
        )  # fmt: skip
        if self._span:
            counts = {"planned": now.planned, "done": now.done, "resumed": now.resumed}
            counts |= {"unjudged": sum(now.unjudged.values()), "complete": complete and kind is None}
            counts |= {name: sums[name] for name in _SUMS if name in sums}
            self._span.set_attributes({f"recjudge.{name}": value for name, value in counts.items()})
        self._stack.__exit__(kind, error, at)

    def tell(self, event: str, **fields: Any) -> None:
        """One event."""
        if self.log:
            self.log(event, fields)
