"""Where a run is, for whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..calls.budget import Meter
from ..verdicts import Line


@dataclass
class Progress:
    """Where a run is; read it at any time."""

    planned: int = 0
    done: int = 0
    resumed: int = 0
    """Of `done`, those that an earlier process had judged."""
    unjudged: dict[str, int] = field(default_factory=dict)
    meter: Meter | None = None
    stop: Callable[[], None] = lambda: None
    """Asks the run to stop: nothing new is taken, what is in flight is finished or abandoned."""

    said: str = ""
    """Where the engine is, in words, where it has some: batches that a provider works at."""

    def say(self, words: str) -> None:
        """Told where the engine is."""
        self.said = words

    def add(self, line: Line) -> None:
        """Counts one more verdict; those on sets are not among the planned."""
        self.done += line.kind == "sample"
        if line.grade is None:
            self.unjudged[line.status] = self.unjudged.get(line.status, 0) + 1
