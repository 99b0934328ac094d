"""Programs that a test starts: nothing of them is left at its end, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import AnyStr


@contextmanager
def ending(process: subprocess.Popen[AnyStr]) -> Iterator[subprocess.Popen[AnyStr]]:
    """The program and all below it are killed at the end; its pipes are closed, read or not."""
    try:
        yield process
    finally:
        if process.poll() is None:
            kill_all(process.pid)
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def kill_all(pid: int) -> None:
    """Ends a process and all below it at once, as a power cut does: they stand still before the first is killed."""
    still: set[int] = set()
    while new := descendants(pid) - still:
        _send(new, signal.SIGSTOP)
        still |= new
    _send(still, signal.SIGKILL)


def _send(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def descendants(pid: int) -> set[int]:
    """A process and all that it started, and these, by what the kernel knows now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(entry.name))
    found, waiting = set(), [pid]
    while waiting:
        found.add(one := waiting.pop())
        waiting.extend(parents.get(one, ()))
    return found
