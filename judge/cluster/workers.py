"""Who does the work of a sharded run: whoever maps a list through tools that are made once a worker."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ...errors import RecjudgeError, error_named

T = TypeVar("T")
R = TypeVar("R")


class Workers(Protocol):
    """A context in which work is done; at its end nothing that it started is left."""

    def count(self, items: int) -> int:
        """How many workers there will be for so many items."""
        ...

    def each(self, make: Callable[[], Callable[[T], R]], items: Sequence[T], count: int) -> Iterator[R]:
        """Results as they come, in any order. An item whose worker was lost goes to another, perhaps a second time."""
        ...

    def __enter__(self) -> Workers: ...
    def __exit__(self, *_: object) -> None: ...


class OneByOne:
    """This process, one item after the other: for tests, and for what is not worth a cluster."""

    def count(self, items: int) -> int:
        """One."""
        return 1

    def each(self, make: Callable[[], Callable[[T], R]], items: Sequence[T], count: int) -> Iterator[R]:
        """In their order."""
        tool = make()
        return map(tool, items)

    def __enter__(self) -> OneByOne:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Failed:
    """What a worker raised, on its way to who can tell it: the name of one of our errors, or none for a bug."""

    name: str
    words: str

    def error(self) -> Exception:
        """As it is raised again."""
        return error_named(self.name, self.words) or RuntimeError(f"a worker of the cluster failed:\n{self.words}")


def tried(work: Callable[[], Any]) -> Any:
    """What the work gives, or that it failed: an error is an answer, and no reason to try elsewhere."""
    try:
        return work()
    except RecjudgeError as error:
        return Failed(type(error).__name__, str(error))
    except Exception:  # the one boundary between machines: raised again on the other side
        return Failed("", traceback.format_exc())
