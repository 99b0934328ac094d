"""What a row must hash to when it is read back; for the rows of which a run has one a sample, without a loop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

Cell = bytes | str | int | float | None


def seal(*cells: Cell) -> bytes:
    """SHA-256 over a row's cells, each with its type and length: what a row must hash to when it is read back."""
    parts: list[bytes] = []
    for cell in cells:
        if isinstance(cell, bytes):
            parts += (b"b%d:" % len(cell), cell)
        elif isinstance(cell, str):
            raw = cell.encode(errors="surrogatepass")
            parts += (b"s%d:" % len(raw), raw)
        else:
            parts.append(b"r%r:" % (cell,))
    return sha256(b"".join(parts)).digest()


def seal_input(row: Sequence[Any]) -> bytes:
    """`seal("inputs", …)` of such a row's cells: run, seq, key, id, place, kind, group, record."""
    try:
        words = _input_words(*row)
    except TypeError:  # a damaged row may hold anything
        return seal("inputs", *row)
    # where a character is a byte, lengths are right
    return sha256(words.encode()).digest() if words.isascii() else seal("inputs", *row)


def _input_words(run: int, seq: int, key: str, id_: str, place: str, kind: str, group: str | None, record: Any) -> str:
    if record is not None:
        raise TypeError("bytes are no words")
    of = "rNone:" if group is None else f"s{len(group)}:{group}"
    about = f"s6:inputsr{run!r}:r{seq!r}:s{len(key)}:{key}s{len(id_)}:{id_}"
    return f"{about}s{len(place)}:{place}s{len(kind)}:{kind}{of}rNone:"


def seal_verdict(row: Sequence[Any]) -> bytes:
    """`seal("verdicts", …)` of such a row's cells: run, key, status, grade, body."""
    run, key, status, grade, body = row
    if type(key) is not bytes or type(body) is not bytes:
        return seal("verdicts", *row)
    first, then = _about(run, len(key), status, grade)
    return sha256(b"".join((first, key, then, b"b%d:" % len(body), body))).digest()


@lru_cache(256)
def _about(run: int, size: int, status: str, grade: str | None) -> tuple[bytes, bytes]:
    """The bytes before and behind a verdict's key: there are few of them."""
    of = "rNone:" if grade is None else f"s{len(grade)}:{grade}"
    return f"s8:verdictsr{run!r}:b{size}:".encode(), f"s{len(status)}:{status}{of}".encode()
