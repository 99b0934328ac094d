"""Character n-grams of many texts as one sparse table, counted by sorting integers instead of by dictionaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK, _LETTERS = 2048, 1 << 20
"""Texts that are sorted at a time, and about so many characters: bounds the working memory."""
_DIRECT = 1 << 24
"""Up to so many possible n-grams, columns are numbered through a table; beyond it, by sorting."""
_CHUNK = 1 << 22
_POINTS = 0x110000


class Block(NamedTuple):
    """Some rows of the table, one after the other."""

    start: int
    stop: int
    rows: NDArray[Any]
    """The row of each entry, from 0 on in this block."""
    columns: NDArray[Any]
    counts: NDArray[Any]


@dataclass(frozen=True)
class Grams:
    """Row by row: which n-grams a text has, and how often. Every text stands between two separators."""

    size: int
    starts: NDArray[Any]
    """Row r is `columns[starts[r]:starts[r + 1]]`, ascending; one more entry than there are rows."""
    columns: NDArray[Any]
    counts: NDArray[Any]
    """In as few bytes as the longest text needs."""
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

    def blocks(self, rows: int = 4096) -> Iterator[Block]:
        """The table in blocks of so many rows, which a processor's cache holds."""
        import numpy as np

        for start in range(0, len(self.sizes), rows):
            sizes = self.sizes[start : start + rows]
            part = slice(self.starts[start], self.starts[start + len(sizes)])
            within = np.repeat(np.arange(len(sizes)), sizes)
            yield Block(start, start + len(sizes), within, self.columns[part], self.counts[part])


def count_grams(texts: Sequence[str], size: int) -> Grams:
    """The n-grams of the texts, in time linear in their characters (blocks of texts are sorted, of bounded size)."""
    import numpy as np

    number, base = _alphabet(texts)
    possible, most = base**size, sum(map(len, texts)) + 2 * len(texts)
    # room for every character: what is not written takes no memory
    codes = np.empty(most, np.int32 if possible < 1 << 31 else np.int64)
    counts = np.empty(most, np.min_scalar_type(max(map(len, texts), default=0) + 2))
    starts, filled = np.zeros(len(texts) + 1, np.int64), 0
    for start, stop in _blocks(texts, (1 << 62) // possible):
        letters = number[_points(texts[start:stop])]
        lengths = np.array([len(text) + 2 for text in texts[start:stop]], np.int64)
        sizes, found, often = _count(letters, lengths, base, size)
        codes[filled : filled + len(found)], counts[filled : filled + len(found)] = found, often
        starts[start + 1 : stop + 1] = filled + np.cumsum(sizes)
        filled += len(found)
    columns, width = _numbered(codes[:filled], possible)
    return Grams(size, starts, columns, counts[:filled], width)


def _blocks(texts: Sequence[str], most: int) -> Iterator[tuple[int, int]]:
    """Places of the first text of a block and of the first after it; no block has more than `most` texts."""
    start = letters = 0
    for place, text in enumerate(texts):
        if place > start and (place - start >= min(_BLOCK, most) or letters + len(text) > _LETTERS):
            yield start, place
            start, letters = place, 0
        letters += len(text)
    if start < len(texts):
        yield start, len(texts)


def _points(texts: Sequence[str]) -> NDArray[Any]:
    """Code points, with the separator 0 at both ends of each text."""
    import numpy as np

    return np.frombuffer("".join(f"\0{text}\0" for text in texts).encode("utf-32-le"), np.uint32)


def _alphabet(texts: Sequence[str]) -> tuple[NDArray[Any], int]:
    """Small numbers of the code points that occur, in their order, the separator's first; and how many there are."""
    import numpy as np

    present = np.zeros(_POINTS, bool)
    for start, stop in _blocks(texts, _BLOCK):
        present[_points(texts[start:stop])] = True
    number = np.cumsum(present, dtype=np.int32) - 1
    return number, max(1, int(present.sum()))


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
    return sizes, kept % base**size, np.append(first[1:], len(keys))[: len(first)] - first


def _numbered(codes: NDArray[Any], possible: int) -> tuple[NDArray[Any], int]:
    """Codes renumbered 0, 1, … in their order, and how many there are; in the same memory where it is large enough."""
    import numpy as np

    parts = [slice(at, at + _CHUNK) for at in range(0, len(codes), _CHUNK)]
    columns = codes if codes.dtype == np.int32 else np.empty(len(codes), np.int32)
    if possible > min(_DIRECT, 64 * len(codes)):
        distinct = np.unique(np.concatenate([np.unique(codes[part]) for part in parts] or [codes]))
        for part in parts:
            columns[part] = np.searchsorted(distinct, codes[part])
        return columns, len(distinct)
    present = np.zeros(possible, bool)
    for part in parts:
        present[codes[part]] = True
    number = np.cumsum(present, dtype=np.int32) - 1
    for part in parts:
        columns[part] = number[codes[part]]
    return columns, int(present.sum())
