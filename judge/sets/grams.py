"""Character n-grams of many texts as one sparse table, counted by sorting integers instead of by dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 2048
"""Texts that are sorted at a time: bounds the working memory."""
_DIRECT = 1 << 24
"""Up to so many possible n-grams, columns are numbered through a table; beyond it, by sorting."""


@dataclass(frozen=True)
class Grams:
    """Row by row: which n-grams a text has, and how often. Every text stands between two separators."""

    size: int
    starts: NDArray[Any]
    """Row r is `columns[starts[r]:starts[r + 1]]`, ascending; one more entry than there are rows."""
    columns: NDArray[Any]
    counts: NDArray[Any]
    width: int
    """Distinct n-grams."""

    @cached_property
    def sizes(self) -> NDArray[Any]:
        """Distinct n-grams of each row."""
        sizes: NDArray[Any] = self.starts[1:] - self.starts[:-1]
        return sizes

    @cached_property
    def rows(self) -> NDArray[Any]:
        """The row of each entry."""
        import numpy as np

        return np.repeat(np.arange(len(self.starts) - 1), self.sizes)

    def row(self, number: int) -> NDArray[Any]:
        """The columns of one row."""
        return self.columns[self.starts[number] : self.starts[number + 1]]


def count_grams(texts: Sequence[str], size: int) -> Grams:
    """The n-grams of the texts, in time linear in their characters (blocks of texts are sorted, of bounded size)."""
    import numpy as np

    letters, base = _letters(texts)
    lengths = np.array([len(text) + 2 for text in texts], np.int64)
    block = max(1, min(_BLOCK, (1 << 62) // base**size))
    parts, at = [], 0
    for start in range(0, len(texts), block):
        inside = lengths[start : start + block]
        parts.append(_count(letters[at : at + inside.sum()], inside, base, size))
        at += inside.sum()
    sizes, codes, counts = (np.concatenate([part[k] for part in parts] or [np.zeros(0, np.int64)]) for k in range(3))
    columns, width = _numbered(codes, base**size)
    return Grams(size, np.concatenate([[0], np.cumsum(sizes)]), columns, counts, width)


def _letters(texts: Sequence[str]) -> tuple[NDArray[Any], int]:
    """All texts as small numbers that follow the code points, the separator 0 at both ends of each; and their base."""
    import numpy as np

    joined = np.frombuffer("".join(f"\0{text}\0" for text in texts).encode("utf-32-le"), np.uint32)
    present = np.zeros(int(joined.max(initial=0)) + 1, bool)
    present[joined] = True
    number = np.cumsum(present, dtype=np.int32) - 1
    return number[joined], max(1, int(present.sum()))


def _count(letters: NDArray[Any], lengths: NDArray[Any], base: int, size: int) -> tuple[NDArray[Any], ...]:
    """Of a block: distinct n-grams of each text, their codes text by text, and how often each occurs."""
    import numpy as np

    code = letters.astype(np.int64)
    for shift in range(1, size):
        code = code[:-1] * base + letters[shift:]
    row = np.repeat(np.arange(len(lengths)), lengths)[: len(code)]
    whole = np.ones(len(code), bool)
    for back in range(1, size):  # no n-gram reaches into the next text
        ends = np.cumsum(lengths) - back
        whole[ends[ends < len(code)]] = False
    keys = row[whole] * base**size + code[whole]
    keys.sort()
    new = np.ones(len(keys), bool)
    new[1:] = keys[1:] != keys[:-1]
    first = np.flatnonzero(new)
    kept = keys[first]
    sizes = np.bincount(kept // base**size, minlength=len(lengths))
    return sizes, kept % base**size, (np.append(first[1:], len(keys))[: len(first)] - first).astype(np.int32)


def _numbered(codes: NDArray[Any], possible: int) -> tuple[NDArray[Any], int]:
    """Codes renumbered 0, 1, … in their order, and how many there are."""
    import numpy as np

    if possible > min(_DIRECT, 64 * len(codes)):
        distinct, columns = np.unique(codes, return_inverse=True)
        return columns.astype(np.int32), len(distinct)
    present = np.zeros(possible, bool)
    present[codes] = True
    number = np.cumsum(present, dtype=np.int32) - 1
    return number[codes], int(present.sum())
