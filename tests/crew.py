"""The side that orders: runs in children of one warm process that kill themselves at their n-th event.

The side that runs is `killing.py` and its like: one JSON order a line, one answer a line.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from programs import ending


@dataclass
class Crew:
    """A warm process that forks a child for each order."""

    forks: subprocess.Popen[str]

    def run(self, told: Path, kill_at: int, **order: Any) -> int | None:
        """One child; None when it was killed, else its number of events, which it leaves in `told`."""
        assert self.forks.stdin is not None
        assert self.forks.stdout is not None
        self.forks.stdin.write(json.dumps(order | {"kill_at": kill_at, "told": str(told)}) + "\n")
        self.forks.stdin.flush()
        ended = json.loads(self.forks.stdout.readline())["signal"]
        assert ended in (0, signal.SIGKILL)
        return None if ended else int(told.read_text())


@contextmanager
def crew(script: str) -> Iterator[Crew]:
    """The process of one of these files, until it is no longer needed."""
    command = [sys.executable, Path(__file__).with_name(script)]
    pipe = subprocess.PIPE
    with ending(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)) as forks:
        yield Crew(forks)
