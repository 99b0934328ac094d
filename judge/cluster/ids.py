"""Ids that stand for different samples in different shards, found among hashes and then looked up for certain.

Each shard leaves 16 bytes a sample, sorted: a hash of the id and one of the content. All shards are gone through side
by side, a range of hashes at a time, so that what is in memory does not grow with the input.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..ledger.ledger import Ledger
from ..running.refusals import conflicting
from .folder import Folder

if TYPE_CHECKING:
    import numpy

MOST = 4_000_000
"""Ids in memory at once: 64 MB, some times over while they are sorted."""


def write_ids(ledger: Path, folder: Folder, stem: str) -> None:
    """The hashes of a shard's samples, as `STEM.ids`."""
    import numpy as np

    with Ledger.read(ledger) as store:
        cells = [(_hash(row.id), int(row.key[:16], 16)) for row in store.inputs() if row.kind == "sample"]
    ids = np.array(cells, dtype=np.uint64).reshape(-1, 2)
    folder.write(f"{stem}.ids", ids[np.lexsort((ids[:, 1], ids[:, 0]))].tobytes())


def refuse_conflicts(folder: Folder, stems: Sequence[str], most: int = MOST) -> None:
    """Raises `InputError` with the places of ids that stand for different samples; `most` are in memory at once."""
    with tempfile.TemporaryDirectory(prefix="recjudge-") as copies:
        suspects = set(_suspects([_mapped(folder, f"{stem}.ids", Path(copies)) for stem in stems], most))
    if suspects:
        found: dict[str, dict[str, list[str]]] = {}
        for stem in stems:
            for id_, key, place in _places(folder, stem, suspects):
                found.setdefault(id_, {}).setdefault(key, []).append(place)
        if conflicts := [(id_, _flat(keys)) for id_, keys in found.items() if len(keys) > 1]:
            raise InputError(
                f"{conflicting(conflicts)}; the rest is judged and kept: mend these and run the same command again"
            )


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


def _places(folder: Folder, stem: str, suspects: set[int]) -> Iterator[tuple[str, str, str]]:
    """(id, key, place) of a shard's samples among the suspects, from its ledger."""
    name = f"{stem}.verdicts.db"
    with tempfile.TemporaryDirectory(prefix="recjudge-") as copies:
        path = folder.path / name if folder.path is not None else Path(copies) / name
        if folder.path is None:
            folder.get(name, path)
        with Ledger.read(path) as ledger:
            for row in ledger.inputs():
                if row.kind == "sample" and _hash(row.id) in suspects:
                    yield row.id, row.key, row.place


def _flat(keys: dict[str, list[str]]) -> list[str]:
    return [place for places in keys.values() for place in places]


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())
