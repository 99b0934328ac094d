"""Ids that stand for different samples in different shards, found among hashes and then looked up for certain.

Each shard leaves 16 bytes a sample, sorted: a hash of the id and one of the content. All shards are gone through side
by side, a range of hashes at a time, so that what is in memory does not grow with the input. Where calls are paid the
input is read for it before the first of them; else the shards' own runs leave the hashes, and it is done at the end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...rubrics import Rubric, by_task
from ..ledger.ledger import Ledger
from ..reading.listing import Listing
from ..reading.problems import Problem
from ..reading.samples import read
from ..records import Sample
from ..running.refusals import conflicting
from .folder import Folder
from .pieces import Piece

if TYPE_CHECKING:
    import numpy

MOST = 4_000_000
"""Ids in memory at once: 64 MB, some times over while they are sorted."""


@dataclass(frozen=True)
class Reading:
    """How the records of a piece become samples; as a worker's tool it leaves their hashes."""

    out: str
    rubrics: Mapping[str, Rubric]
    task: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def units(self, piece: Piece) -> Iterator[Any]:
        """Samples, sets of samples and problems."""
        return read(piece, tasks=by_task(self.rubrics.values()), task=self.task, fields=self.fields)

    def __call__(self, piece: Piece) -> tuple[Problem, ...]:
        """Writes `STEM.ids`; what could not be read."""
        problems = Listing()

        def samples() -> Iterator[tuple[str, str]]:
            for unit in self.units(piece):
                if isinstance(unit, Problem):
                    problems.add(unit)
                elif isinstance(unit, Sample):
                    yield unit.id, unit.key

        _write(samples(), Folder(self.out), piece.stem)
        return tuple(problems.found)


def write_ids(ledger: Path, folder: Folder, stem: str) -> None:
    """The hashes of a shard's samples, as `STEM.ids`, from the ledger of its run."""
    with Ledger.read(ledger) as store:
        _write(((row.id, row.key) for row in store.inputs() if row.kind == "sample"), folder, stem)


def refuse_conflicts(folder: Folder, pieces: Sequence[Piece], reading: Reading, remedy: str, most: int = MOST) -> None:
    """Raises `InputError` with the places of ids that stand for different samples; `most` are in memory at once."""
    found: dict[str, dict[str, list[str]]] = {}
    with tempfile.TemporaryDirectory(prefix="recjudge-") as copies:
        held = {piece.stem: _mapped(folder, f"{piece.stem}.ids", Path(copies)) for piece in pieces}
        suspects = set(_suspects(list(held.values()), most))
        # only what holds a suspect is read again
        pieces = [piece for piece in pieces if suspects and _holds(held[piece.stem], suspects)]
    for piece in pieces:
        for unit in reading.units(piece):
            if isinstance(unit, Sample) and _hash(unit.id) in suspects:
                found.setdefault(unit.id, {}).setdefault(unit.key, []).append(unit.place)
    if conflicts := [(id_, _flat(keys)) for id_, keys in found.items() if len(keys) > 1]:
        raise InputError(f"{conflicting(conflicts)}; {remedy}")


def _write(samples: Iterable[tuple[str, str]], folder: Folder, stem: str) -> None:
    import numpy as np

    cells = [(_hash(id_), int(key[:16], 16)) for id_, key in samples]
    ids = np.array(cells, dtype=np.uint64).reshape(-1, 2)
    folder.write(f"{stem}.ids", ids[np.lexsort((ids[:, 1], ids[:, 0]))].tobytes())


def _holds(ids: Any, suspects: set[int]) -> bool:
    import numpy as np

    asked = np.array(sorted(suspects), np.uint64)
    return bool((np.searchsorted(ids[:, 0], asked, "right") > np.searchsorted(ids[:, 0], asked)).any())


def _mapped(folder: Folder, name: str, copies: Path) -> numpy.ndarray[Any, Any]:
    """Rows of a file that stay on the disk until they are looked at."""
    import numpy as np

    path = folder.path / name if folder.path is not None else copies / name
    if folder.path is None:
        folder.get(name, path)
    if not path.stat().st_size:
        return np.empty((0, 2), np.uint64)
    return np.memmap(path, np.uint64, "r").reshape(-1, 2)


def _suspects(held: Sequence[numpy.ndarray[Any, Any]], most: int) -> Iterator[int]:
    """Hashes of ids that stand with more than one hash of content."""
    import numpy as np

    ranges = max(1, -(-sum(map(len, held)) // most))
    edges = [round(place * 2**64 / ranges) for place in range(ranges + 1)]
    for low, high in pairwise(edges):
        part = np.concatenate([np.empty((0, 2), np.uint64), *(_between(ids, low, high) for ids in held)])
        part = part[np.lexsort((part[:, 1], part[:, 0]))]
        differ = (part[1:, 0] == part[:-1, 0]) & (part[1:, 1] != part[:-1, 1])
        yield from map(int, part[1:, 0][differ])


def _between(ids: Any, low: int, high: int) -> numpy.ndarray[Any, Any]:
    import numpy as np

    start = np.searchsorted(ids[:, 0], np.uint64(low))
    end = len(ids) if high >= 2**64 else np.searchsorted(ids[:, 0], np.uint64(high))
    return ids[start:end]  # type: ignore[no-any-return]


def _flat(keys: dict[str, list[str]]) -> list[str]:
    return [place for places in keys.values() for place in places]


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())
