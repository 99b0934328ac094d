"""Problems, as many as there are: the first in memory, the rest in a file without a name."""

from __future__ import annotations

import json
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, overload

from .problems import Problem

KEPT = 1000
"""Problems in memory."""
_BUFFER = 1 << 20


class Listing(Sequence[Problem]):
    """`add` each; then a sequence that is read in order from its start, best by iterating."""

    def __init__(self) -> None:
        self._first: list[Problem] = []
        self._n = 0

    @cached_property
    def _rest(self) -> Any:
        file = tempfile.SpooledTemporaryFile(max_size=_BUFFER)  # noqa: SIM115 - lives as long as this sequence
        weakref.finalize(self, file.close)
        return file

    def add(self, problem: Problem) -> None:
        """One more."""
        self._n += 1
        if len(self._first) < KEPT:
            self._first.append(problem)
        else:
            cells = (problem.place, problem.field, problem.problem, problem.remedy)
            self._rest.write(json.dumps(cells).encode() + b"\n")  # which writes a name that is no UTF-8, too

    @property
    def found(self) -> Sequence[Problem]:
        """A tuple where they are few; this very sequence where they are many."""
        return tuple(self._first) if self._n <= KEPT else self

    def __len__(self) -> int:
        return self._n

    def __iter__(self) -> Iterator[Problem]:
        yield from self._first
        at = 0
        for _ in range(self._n - len(self._first)):
            self._rest.seek(at)  # somebody else may be reading too
            problem = Problem(*json.loads(self._rest.readline()))
            at = self._rest.tell()
            yield problem

    @overload
    def __getitem__(self, place: int) -> Problem: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Problem]: ...
    def __getitem__(self, place: int | slice) -> Problem | Sequence[Problem]:
        if isinstance(place, slice):
            start, stop, step = place.indices(self._n)
            forward = islice(self, start, stop, step) if step > 0 else list(self)[place]
            return tuple(forward)
        if not -self._n <= place < self._n:
            raise IndexError(place)
        return next(islice(self, place % self._n, None))


def listing(problems: Iterable[Problem]) -> Sequence[Problem]:
    """All of them, in bounded memory."""
    made = Listing()
    for problem in problems:
        made.add(problem)
    return made.found
