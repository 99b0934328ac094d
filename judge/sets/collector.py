"""Gathers the texts of many sets as they come, in any order, and keeps no more of a set than its cap."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import heappush, heappushpop
from typing import Generic, TypeVar

from ...errors import UsageError
from ..findings import Embedder
from .textset import TextSet

Key = TypeVar("Key", bound=Hashable)


@dataclass
class SetCollector(Generic[Key]):
    """`add` each text under its set's key, then iterate over the `sets`.

    A set larger than `cap` keeps a uniform sample of `cap` texts: those with the smallest seeded hashes. With `id` the
    hash is of the sample, so the same samples are kept in whatever order they come; without, of the place in the set.
    """

    cap: int = 10_000
    seed: int = 0
    _kept: dict[Key, _Kept] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.cap < 2:
            raise UsageError(f"cap: a set of {self.cap} texts shows nothing; give 2 or more")

    def add(
        self, key: Key, text: str, system: str | None = None, ground_truth: Sequence[str] = (), *, id: str | None = None
    ) -> None:
        """One more text of the set `key`. A set's ground truth is all that its texts were given, each entry once."""
        kept = self._kept.setdefault(key, _Kept())
        kept.truth.update(dict.fromkeys(ground_truth))
        rank = self._rank(key, f"#{kept.seen}" if id is None else f"={id}")
        entry = (-rank, -kept.seen, text, system)
        kept.seen += 1
        heappush(kept.heap, entry) if len(kept.heap) < self.cap else heappushpop(kept.heap, entry)

    def sets(self, *, embedder: Embedder | None = None, pairs: int = 100_000) -> Iterator[tuple[Key, TextSet]]:
        """Each key with its texts in the order they came; `pairs` is the cap of pairwise metrics."""
        for key, kept in self._kept.items():
            rows = sorted(kept.heap, key=lambda row: -row[1])
            texts, systems = tuple(row[2] for row in rows), tuple(row[3] for row in rows)
            yield key, TextSet(texts, systems, tuple(kept.truth), embedder, self.seed, pairs, seen=kept.seen)

    def _rank(self, key: Key, name: str) -> int:
        words = f"{self.seed}\x1f{key!r}\x1f{name}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(words, digest_size=8).digest())


@dataclass
class _Kept:
    """What is kept of one set: a heap with the largest hash on top, and how many texts there were."""

    heap: list[tuple[int, int, str, str | None]] = field(default_factory=list)
    truth: dict[str, None] = field(default_factory=dict)
    seen: int = 0
