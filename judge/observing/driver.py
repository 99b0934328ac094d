"""A sharded run as its driver sees it: shard by shard. What happens within a shard stays with the machine it is on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from ..running.progress import Progress
from .events import EventLog
from .telling import Telling


class DriverWatcher:
    """Entered before anything is cut and left when the folder's list is written."""

    def __init__(self, folder: str, identity: Mapping[str, str], progress: Progress, log: EventLog | None) -> None:
        self._folder, self._identity, self._telling = folder, identity, Telling(progress, log)
        self.complete = False
        """Nothing is left to judge."""
        self.sums: Mapping[str, Any] = {}
        """What the run took, as `run_ended` tells it."""

    def __enter__(self) -> DriverWatcher:
        self._telling.begin(self._identity, None)
        return self

    def starting(self, shards: int, actors: int, concurrency: int) -> None:
        """Tells that the run starts, once it is known how many shards there are."""
        self._telling.start(
            "ray", self._identity, run=None, ledger=self._folder, processes=actors, concurrency=concurrency,
            shards=shards,
        )  # fmt: skip

    def judged(self, shard: str, grades: Mapping[str, int], unjudged: Mapping[str, int], seconds: float) -> None:
        """One shard that was judged now: all its verdicts, those that a lost worker had committed among them."""
        self._telling.committed(Counter(grades), Counter(unjudged), shard=shard)
        if self._telling.seen:
            verdicts = sum(grades.values()) + sum(unjudged.values())
            told = {"recjudge.shard": shard, "recjudge.verdicts": verdicts}
            told["recjudge.unjudged"] = sum(unjudged.values())
            self._telling.seen.past("judge shard", seconds, told)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._telling.end(kind, error, at, complete=self.complete, sums=self.sums)
