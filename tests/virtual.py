"""A loop whose clock jumps to the next timer instead of waiting: hours of back-off in milliseconds, in exact order."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time stands still while work is done or a thread of the store is at it, and jumps when all wait for the clock."""

    def __init__(self, outside: Callable[[], bool]) -> None:
        self.now = 1000.0
        super().__init__(_Jumping(self, outside))

    def time(self) -> float:
        return self.now


class _Jumping(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop, outside: Callable[[], bool]) -> None:
        super().__init__()
        self._loop, self._outside = loop, outside

    def select(self, timeout: float | None = None) -> list[Any]:
        if self._outside() or timeout is None:
            return super().select(None if timeout is None or timeout > 0 else 0)
        self._loop.now += max(0.0, timeout)
        return super().select(0)


def run(work: Coroutine[Any, Any, T], outside: Callable[[], bool] = lambda: False) -> T:
    """Runs a coroutine in virtual time; `outside` says whether a thread that will wake the loop is at work."""
    loop = VirtualLoop(outside)
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(_cancel_rest())
        loop.close()


async def _cancel_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
