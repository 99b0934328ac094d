"""An attribute worked out when it is first asked for; as `functools.cached_property`, without its lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):
    """Kept in the object's `__dict__`, where the next look finds it. Two threads may both work it out: it is the same.

    Up to Python 3.11 `cached_property` takes a lock each time, which costs more than many a text's feature does.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work, self.name, self.__doc__ = work, work.__name__, work.__doc__

    @overload
    def __get__(self, owner: None, kind: type[Any]) -> once[T]: ...
    @overload
    def __get__(self, owner: object, kind: type[Any]) -> T: ...
    def __get__(self, owner: object | None, kind: type[Any]) -> once[T] | T:
        """The value, or this itself on the class."""
        if owner is None:
            return self
        value = owner.__dict__[self.name] = self.work(owner)
        return value
