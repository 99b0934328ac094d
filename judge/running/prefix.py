"""The order in which a provider is asked: what begins alike stands side by side, so that its prefix cache hits."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..cascade import asks
from ..records import Sample, canonical
from .packing import Packed
from .spool import _HEAD, Spool

if TYPE_CHECKING:
    from ...rubrics import Rubric
    from ..judges import AnyJudge

BLOCK = 1 << 18
"""Samples that are put in order together: memory stays flat however many there are."""
_LEVELS, _BYTES = 5, 4
"""The task, the first three context fields, the others; a collision costs a cache hit and nothing else."""


class Sorted(Spool):
    """A spool that gives samples back by what their prompts begin with; what began first comes first."""

    def __init__(self, folder: Path, rubrics: Mapping[str, Rubric], block: int = BLOCK) -> None:
        super().__init__(folder)
        self._rubrics, self._block = rubrics, block
        self._keys, self._places = bytearray(), array("Q")
        self._unpacked: dict[int, int] = {}
        """Place in the file to number among those that cannot be packed."""

    def add(self, sample: Sample) -> None:
        """One more sample."""
        place, n_whole = self._file.tell(), len(self._whole)
        self._places.append(place)
        self._keys += prefix_key(sample, tuple(self._rubrics[sample.task].context))
        super().add(sample)
        if len(self._whole) > n_whole:
            self._unpacked[place] = n_whole

    def windows(self, size: int) -> Iterator[list[tuple[str, Packed]]]:
        """Up to `size` samples at a time, each with its key."""
        for start in range(0, len(self._places), self._block):
            block = list(range(start, min(start + self._block, len(self._places))))
            order = first_come(block, self._keys)
            for at in range(0, len(order), size):
                yield [self._row(self._places[number]) for number in order[at : at + size]]

    def clear(self) -> None:
        """Forgets what was added."""
        super().clear()
        self._keys.clear()
        self._unpacked.clear()
        del self._places[:]

    def _row(self, place: int) -> tuple[str, Packed]:
        self._file.seek(place)
        key, size = _HEAD.unpack(self._file.read(_HEAD.size))
        return key.hex(), self._file.read(size) if size else self._whole[self._unpacked[place]]


def spool_for(judge: AnyJudge, folder: Path) -> Spool:
    """In order of prefixes for a judge that asks a provider; as read for one that asks nobody."""
    return Sorted(folder, judge.rubrics) if asks(judge) else Spool(folder)


def prefix_key(sample: Sample, fields: Sequence[str]) -> bytes:
    """The task, then the context fields in the order in which the prompt has them, each as four bytes of its hash."""
    values = [sample.context.get(name) for name in fields]
    first, rest = values[: _LEVELS - 2], values[_LEVELS - 2 :]
    first += [None] * (_LEVELS - 2 - len(first))
    parts = (sample.task, *first, rest)
    return b"".join(hashlib.blake2b(canonical(part), digest_size=_BYTES).digest() for part in parts)


def first_come(numbers: list[int], keys: bytes | bytearray, level: int = 0) -> list[int]:
    """The numbers with those side by side whose keys begin alike, each kind where its first one stood."""
    if level == _LEVELS or len(numbers) < 3:
        return numbers
    runs: dict[bytes, list[int]] = {}
    width = _LEVELS * _BYTES
    for number in numbers:
        at = number * width + level * _BYTES
        runs.setdefault(bytes(keys[at : at + _BYTES]), []).append(number)
    return [number for run in runs.values() for number in first_come(run, keys, level + 1)]
