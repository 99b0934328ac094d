"""A long run on a terminal: its progress bar, and what Ctrl-C does."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .printing import tell

if TYPE_CHECKING:
    from ..judge import Progress

STOPPED_BY: list[int] = []
"""Signals that asked the run to stop."""


@contextmanager
def watching(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """A progress bar on a terminal, and Ctrl-C: the first asks the run to stop, the second ends it at once."""
    latest: list[Progress] = []
    told = [""]
    with _bar(quiet or not sys.stderr.isatty()) as draw:

        def watch(progress: Progress) -> None:
            latest[:] = [progress]
            if not quiet and progress.said not in ("", told[0]):
                tell(progress.said)
                told[0] = progress.said
            draw(progress)

        def interrupt(number: int, _: object) -> None:
            if STOPPED_BY or not latest:
                os._exit(128 + number)
            STOPPED_BY.append(number)
            latest[0].stop()
            tell("stopping: finishing what is in flight (once more to end at once)")

        before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield watch
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _bar(quiet: bool) -> Iterator[Callable[[Progress], None]]:
    if quiet:
        yield lambda progress: None
        return
    from ..reports import progress_bar

    with progress_bar() as draw:
        yield draw
