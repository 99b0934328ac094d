"""What every two texts of a small set share, counted text by text: most sets are small, and a text is in several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL = 64
"""Most texts of a set that is counted so; beyond it the sparse table of `grams` takes over."""
LONG = 4000
"""Most characters of a text that is counted so: sums of products stay whole numbers in float32."""
_REMEMBERED = 512
_BITS = 21
"""Of a code point: three make a number of 63 bits."""


@dataclass(frozen=True)
class Overlaps:
    """Of n distinct texts, their character n-grams pair by pair; every text stands between two separators."""

    size: int
    """Characters of an n-gram."""
    sizes: NDArray[Any]
    """(n,): distinct n-grams of each text."""
    common: NDArray[Any]
    """(n, n): distinct n-grams that two texts share."""
    products: NDArray[Any]
    """(n, n): inner products of their counts."""


def overlaps(texts: Sequence[str], size: int) -> Overlaps:
    """The n-grams, of `size` 2 or 3, of 1 to `SMALL` distinct texts of 1 to `LONG` characters."""
    import numpy as np

    rows = [_counted(text, size) for text in texts]
    codes = np.concatenate([row[0] for row in rows])
    sizes = np.array([len(row[0]) for row in rows])
    order = codes.argsort(kind="stable")  # which merges runs that are sorted already
    codes = codes[order]
    new = codes[1:] != codes[:-1]
    width = 1 + int(np.count_nonzero(new))
    columns = np.zeros(len(codes), np.int64)
    columns[order[1:]] = new.cumsum()
    table = np.zeros((len(rows), width), np.float32)
    table[np.arange(len(rows)).repeat(sizes), columns] = np.concatenate([row[1] for row in rows])
    ones = (table > 0).astype(np.float32)
    return Overlaps(size, sizes, (ones @ ones.T).astype(np.float64), (table @ table.T).astype(np.float64))


@lru_cache(_REMEMBERED)
def _counted(text: str, size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Distinct n-grams as numbers in ascending order, and how often each occurs."""
    import numpy as np

    points = np.frombuffer(f"\0{text}\0".encode("utf-32-le"), np.uint32).astype(np.int64)
    codes = points[: len(points) - size + 1]
    for shift in range(1, size):
        codes = (codes << _BITS) | points[shift : len(points) - size + 1 + shift]
    codes.sort()
    edges = np.empty(len(codes) + 1, bool)
    edges[0] = edges[-1] = True
    np.not_equal(codes[1:], codes[:-1], out=edges[1:-1])
    at = edges.nonzero()[0]
    return codes[at[:-1]], at[1:] - at[:-1]
