"""Python's collector of cycles, held back while much is made of which nothing has cycles. Set for the whole process."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any


@contextmanager
def rare_collections() -> Iterator[None]:
    """Replies and findings have no cycles: collecting often costs a third of a call's CPU and frees nothing."""
    with _RARE.held():
        yield


@contextmanager
def no_collections() -> Iterator[None]:
    """For what is over soon: a file of a million labels, whose reading would take twice as long, a batch."""
    with _NONE.held():
        yield


def collect_rarely() -> None:
    """From now on, in a process that stays: what is loaded by now is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


@dataclass
class _Hold:
    """Of those that overlap in threads the first sets it, and the last to end puts back what the first found."""

    set: Callable[[], Any]
    """Gives what there was before."""
    put_back: Callable[[Any], None]
    holders: int = 0
    before: Any = None
    lock: Any = field(default_factory=Lock)

    @contextmanager
    def held(self) -> Iterator[None]:
        with self.lock:
            if not self.holders:
                self.before = self.set()
            self.holders += 1
        try:
            yield
        finally:
            with self.lock:
                self.holders -= 1
                if not self.holders:
                    self.put_back(self.before)


def _raise_thresholds() -> tuple[int, int, int]:
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    return before


def _switch_off() -> bool:
    before = gc.isenabled()
    gc.disable()
    return before


def _switch_on(before: bool) -> None:
    if before:
        gc.enable()


_THRESHOLDS = (50_000, 20, 100)
_RARE = _Hold(_raise_thresholds, lambda before: gc.set_threshold(*before))
_NONE = _Hold(_switch_off, _switch_on)
