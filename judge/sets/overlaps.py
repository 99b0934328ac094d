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
_PLAIN = b"\0 abcdefghijklmnopqrstuvwxyz0123456789"
"""The separator, and all that a normalised text of ASCII can hold: so few n-grams are numbered through a table."""
_CELLS = 1 << 17
"""Most cells of a table with a column for every place of every text."""
_NUMBERS = bytes(max(0, _PLAIN.find(code)) for code in range(256))


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

    table = _table(texts, size)
    table = _merged(texts, size) if table is None else table
    ones = np.minimum(table, np.float32(1))
    common = _by(ones)
    return Overlaps(size, common.diagonal(), common, _by(table))


def _by(table: NDArray[Any]) -> NDArray[Any]:
    """The table times itself turned; of one array numpy calls the kernel for that, which is slow on small ones."""
    product: NDArray[Any] = table @ table.copy().T
    return product.astype("f8")


def _table(texts: Sequence[str], size: int) -> NDArray[Any] | None:
    """Rows × columns: how often each text has each n-gram, which has its column where it occurs last.

    None where the table would be large, or a character is none of the plain ones.
    """
    import numpy as np

    joined, n = "\0".join(texts), len(texts)
    if n * len(joined) > _CELLS or not joined.isascii():
        return None
    raw = b"\0%b\0" % joined.encode()
    if raw.translate(None, _PLAIN) or raw.count(b"\0") != n + 1:
        return None
    points = np.frombuffer(raw.translate(_NUMBERS), np.uint8)
    codes = points[: 1 - size] * np.uint16(len(_PLAIN))
    codes += points[1 : len(points) + 2 - size]
    if size > 2:
        codes *= np.uint16(len(_PLAIN))  # 39³ is less than 2¹⁶
        codes += points[2:]
        codes = codes[points[1:-1] > 0]  # two texts share a separator: an n-gram around it is of neither
    columns = codes.astype(np.int64)
    width = len(columns)
    place = np.empty(len(_PLAIN) ** size, np.int32)
    place[columns] = np.arange(width, dtype=np.int32)
    starts = np.arange(0, n * width, width).repeat([len(text) + 3 - size for text in texts])
    counts = np.bincount(starts + place[columns], minlength=n * width)
    return counts.reshape(n, width).astype(np.float32)


def _merged(texts: Sequence[str], size: int) -> NDArray[Any]:
    """The same table of texts in any script, its columns in the n-grams' order."""
    import numpy as np

    rows = [_counted(text, size) for text in texts]
    codes = np.concatenate([row[0] for row in rows])
    sizes = [len(row[0]) for row in rows]
    order = codes.argsort(kind="stable")  # which merges runs that are sorted already
    codes = codes[order]
    new = codes[1:] != codes[:-1]
    columns = np.zeros(len(codes), np.int64)
    columns[order[1:]] = new.cumsum()
    table = np.zeros((len(rows), 1 + int(np.count_nonzero(new))), np.float32)
    table[np.arange(len(rows)).repeat(sizes), columns] = np.concatenate([row[1] for row in rows])
    return table


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
