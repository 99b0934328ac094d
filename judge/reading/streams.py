"""Bytes in, lines out: unpacked, without byte order mark, capped, in constant memory. Knows no JSON and no records."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

from ...errors import InputError

CHUNK = 1 << 18
BOMB_SIZE = 100 << 20
BOMB_RATIO = 200
"""More than `BOMB_SIZE` bytes out of a packed file at more than `BOMB_RATIO` to one is refused as a bomb."""

Read = Callable[[int], bytes]
"""Up to n next bytes; empty at the end."""


def lines(read: Read, name: str, *, max_line: int, keep_ends: bool = False) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines, ended by LF, CRLF or CR; None for a line past `max_line` bytes, which is skipped unread.

    Raises `InputError` on UTF-16, damaged or truncated archives, bombs, and formats that are no text.
    """
    number, held, size, skipping = 0, list[bytes](), 0, False
    for chunk in chunks(read, name):
        half = bool(held) and held[-1].endswith(b"\r")
        held.append(chunk)
        size += len(chunk)
        if half or b"\n" in chunk or b"\r" in chunk:
            parts, rest = _split(b"".join(held), keep_ends)
            for line in parts:
                number += 1
                yield number, None if skipping or len(line) > max_line else line
                skipping = False
            held, size = [rest], len(rest)
        if skipping or size > max_line + 1:
            held, size, skipping = [held[-1][-1:]] if held[-1].endswith(b"\r") else [], 0, True
    if (rest := b"".join(held)) or skipping:
        yield number + 1, None if skipping or len(rest.rstrip(b"\r")) > max_line else rest.rstrip(b"\r")


def chunks(read: Read, name: str) -> Iterator[bytes]:
    """The content in pieces, unpacked by what its first bytes say (gzip, zstd), whatever the file's name says."""
    head = _fill(read)
    if unpack := next((unpack for magic, unpack in _PACKED.items() if head.startswith(magic)), None):
        pieces = _guarded(unpack, _prepend(head, read), name)
        head = next(pieces, b"")
    else:
        pieces = _prepend(b"", read)
    _refuse_foreign(head, name)
    if head := head.removeprefix(b"\xef\xbb\xbf"):
        yield head
    yield from pieces


def _split(block: bytes, keep_ends: bool) -> tuple[list[bytes], bytes]:
    """The whole lines, and what is held back: a line that goes on, or a CR that may be half of a CRLF."""
    parts = block.splitlines(keep_ends)
    if not parts or block.endswith(b"\n"):
        return parts, b""
    last = parts.pop()
    return parts, last + b"\r" if block.endswith(b"\r") and not last.endswith(b"\r") else last


def _fill(read: Read) -> bytes:
    head = read(CHUNK)
    while 0 < len(head) < 8 and (more := read(CHUNK)):
        head += more
    return head


def _prepend(head: bytes, read: Read) -> Iterator[bytes]:
    if head:
        yield head
    while chunk := read(CHUNK):
        yield chunk


def _guarded(
    unpack: Callable[[bytes, Any, str], Iterator[bytes]], packed: Iterator[bytes], name: str
) -> Iterator[bytes]:
    taken = given = 0
    state: list[Any] = []
    for piece in packed:
        taken += len(piece)
        for out in unpack(piece, state, name):
            given += len(out)
            if given > BOMB_SIZE and given > BOMB_RATIO * taken:
                raise InputError(
                    f"{name}: unpacks to more than {BOMB_RATIO} times its size; if it is what you expect, "
                    "unpack it and give the plain file"
                )
            yield from (out[start : start + CHUNK] for start in range(0, len(out), CHUNK))
    if state and state[0] is not None:
        raise InputError(f"{name}: the archive is truncated after {given} bytes of content; copy or download it again")


def _gunzip(piece: bytes, state: list[Any], name: str) -> Iterator[bytes]:
    """`state` holds the open member, or None between two members."""
    state[:] = state or [zlib.decompressobj(31)]
    while piece:
        if state[0] is None:
            piece = piece.lstrip(b"\x00")  # padding between members is allowed
            state[0] = zlib.decompressobj(31) if piece else None
            continue
        try:
            out = state[0].decompress(piece, CHUNK)
        except zlib.error as error:
            raise _damaged(name, "gzip", error) from None
        piece = state[0].unconsumed_tail
        if state[0].eof:
            piece, state[0] = state[0].unused_data, None
        if out:
            yield out


def _unzstd(piece: bytes, state: list[Any], name: str) -> Iterator[bytes]:
    """`state` holds the open frame, or None between two frames. Fed little at a time: one call gives all it can."""
    import zstandard

    state[:] = state or [zstandard.ZstdDecompressor().decompressobj()]
    for start in range(0, len(piece), 1024):
        part = piece[start : start + 1024]
        while part:
            state[0] = state[0] or zstandard.ZstdDecompressor().decompressobj()
            try:
                out = state[0].decompress(part)
            except zstandard.ZstdError as error:
                raise _damaged(name, "zstd", error) from None
            part = b""
            if state[0].eof:
                part, state[0] = state[0].unused_data, None
            if out:
                yield out


def _damaged(name: str, kind: str, error: Exception) -> InputError:
    return InputError(f"{name}: the {kind} archive is damaged ({error}); copy or download it again")


def _refuse_foreign(head: bytes, name: str) -> None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"{\x00", b"\x00{", b"[\x00", b"\x00[")):
        raise InputError(f"{name}: is UTF-16, not UTF-8; convert it: iconv -f UTF-16 -t UTF-8")
    for magic, kind, remedy in _FOREIGN:
        if head.startswith(magic):
            raise InputError(f"{name}: is {kind}; {remedy}")


_PACKED: dict[bytes, Callable[[bytes, Any, str], Iterator[bytes]]] = {
    b"\x1f\x8b": _gunzip,
    b"\x28\xb5\x2f\xfd": _unzstd,
}
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it, or save the sheet as CSV"),
    (b"BZh", "a bzip2 archive", "unpack it, or pack it with gzip or zstd"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it, or pack it with gzip or zstd"),
    (b"\x1f\x8b", "a gzip archive inside an archive", "unpack it once"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive inside an archive", "unpack it once"),
    (b"PAR1", "a Parquet file", "give it as a file whose name ends in .parquet"),
    (b"\x89PNG", "an image", "give the file of outputs"),
    (b"%PDF", "a PDF", "give the file of outputs"),
)
