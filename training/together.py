"""Calls that come while one is being answered are answered together, in the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class Together(Generic[In, Out]):
    """Wraps a function of a batch so that threads may call it: one call at a time, and all who wait share the next.

    What the function raises, every call of that batch raises.
    """

    def __init__(self, answer: Callable[[list[In]], list[Out]]) -> None:
        self._answer = answer
        self._waiting: list[tuple[Sequence[In], Future[list[Out]]]] = []
        self._door, self._turn = Lock(), Lock()

    def __call__(self, asked: Sequence[In]) -> list[Out]:
        """The answers to what was asked, in its order."""
        mine: Future[list[Out]] = Future()
        with self._door:
            self._waiting.append((asked, mine))
        with self._turn:
            if not mine.done():
                self._answer_all()
        return mine.result()

    def _answer_all(self) -> None:
        with self._door:
            batch, self._waiting = self._waiting, []
        try:
            answers = iter(self._answer([one for asked, _ in batch for one in asked]))
        except BaseException as error:
            for _, future in batch:
                future.set_exception(error)
            return
        for asked, future in batch:
            future.set_result([next(answers) for _ in asked])
