"""What is judged, cut into pieces that are read on their own: bytes of a long file, row groups, or a file as it is.

Rows keep the places and ids that they have when the input is read in one go, so that a verdict does not tell whether
its file was cut. Any address that fsspec knows is read: a path, `file://`, `memory://`, `s3://`.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from posixpath import basename, commonpath, dirname, relpath
from typing import IO, Any

from ...errors import InputError
from ..reading.formats import Origin, Row, csv_rows, json_rows, parquet_rows
from ..reading.readers import MAX_LINE, bare
from ..reading.streams import CHUNK, Read, lines
from ..records import digest

_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")


@dataclass(frozen=True)
class Piece:
    """A part of one file; a `Source` for `score`, each time read anew from where the file lies."""

    url: str
    name: str
    """For places: `outputs.jsonl`, or `folder/part-3.jsonl`."""
    stem: str
    """What its shard is called: `outputs-00003`."""
    kind: str = ".jsonl"
    prefix: str = ""
    """Goes before the number in the id of a record without one: `part-3:` in a folder of several files."""
    start: int = 0
    """Bytes; the lines that begin from here on and before `end` are this piece's."""
    end: int | None = None
    groups: tuple[int, ...] | None = None
    """Row groups of a Parquet file; None: all."""
    first: int = 0
    """Lines or rows of the file before this piece."""
    n: int = 0
    """Lines or rows of this piece, as `survey` counted them; blank lines count."""
    blank: bool = False
    """It has no record: only its lines count."""
    sha256: str = ""
    """Of its bytes; of a Parquet file's, whole."""

    def rows(self, max_line: int = MAX_LINE) -> Iterator[Row]:
        """Its rows, numbered as in the whole file. Raises `InputError` where the file is not what was surveyed."""
        origin = Origin(self.name, shard=self.prefix)
        with _opened(self.url) as file:
            if self.kind == ".parquet":
                yield from self._numbered(parquet_rows(file, origin, self.groups))
                return
            # a copy: the rows are of the bytes that were hashed, and the store is asked once
            with tempfile.TemporaryFile() as copy:
                if self.sha256 and _copied(_ranged(file, self.start, self.end), copy) != self.sha256:
                    raise InputError(f"{self.name}: changed while it was judged; run again to judge what it holds now")
                copy.seek(0)
                yield from self._numbered(_rows(self.kind, copy.read, origin, max_line))

    def fingerprint(self) -> str:
        """SHA-256 (hex) of what was surveyed and of the places it has."""
        return digest([self.sha256, self.name, self.first, self.groups, self.prefix])

    def _numbered(self, rows: Iterator[Row]) -> Iterator[Row]:
        return (row._replace(number=row.number + self.first) for row in rows) if self.first else rows


@dataclass(frozen=True)
class Pieces:
    """Several as one `Source`, in their order."""

    pieces: tuple[Piece, ...]
    name: str
    stem: str

    def rows(self, max_line: int = MAX_LINE) -> Iterator[Row]:
        """Of one after the other."""
        return (row for piece in self.pieces for row in piece.rows(max_line))

    def fingerprint(self) -> str:
        """Of all of them."""
        return digest([piece.fingerprint() for piece in self.pieces])


def find(source: str, size: int) -> tuple[Piece, ...]:
    """The files of a path, address, folder or glob, long ones cut after about `size` bytes; nothing is counted yet.

    Raises `InputError` where there is nothing to read.
    """
    files, folder = _files(source)
    stems = [bare(inside)[0] for inside, _ in files]
    found: list[Piece] = []
    for (inside, url), stem in zip(files, stems, strict=True):
        called = (stem if stems.count(stem) == 1 else inside).replace("/", "~")
        name, prefix = (f"{folder}/{inside}", f"{stem}:") if folder else (inside, "")
        found.extend(_cut(Piece(url, name, called, bare(inside)[1], prefix), size))
    return tuple(found)


def survey(piece: Piece, size: int) -> tuple[Piece, ...]:
    """The piece with its count and hash; a Parquet file as pieces of about `size` bytes.

    Reads all of it, so it is work for the cluster.
    """
    with _opened(piece.url) as file:
        if piece.kind == ".parquet":
            return tuple(_groups(piece, file, size))
        with tempfile.TemporaryFile() as copy:
            sha256 = _copied(_ranged(file, piece.start, piece.end), copy)
            copy.seek(0)
            n, held = _count(piece, copy.read)
    return (replace(piece, n=n, blank=not held, sha256=sha256),)


def numbered(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Surveyed pieces of files in order, each told how many lines stand before it in its file; blank ones left out."""
    done = []
    for _, parts in groupby(pieces, key=lambda piece: piece.url):
        before = 0
        for piece in parts:
            done.append(replace(piece, first=before))
            before += piece.n
    return tuple(piece for piece in done if not piece.blank)


def _files(source: str) -> tuple[list[tuple[str, str]], str]:
    """(name in the folder, address) of each file in order, and the folder's name; "" for one file."""
    from fsspec.core import url_to_fs

    fs, path = url_to_fs(source)
    if any(sign in path for sign in "*?["):
        paths = sorted(one for one in fs.glob(path) if _is_data(one) and fs.isfile(one))
        base = commonpath([dirname(one) for one in paths]) if paths else ""
        folder = basename(base)
    elif fs.isdir(path):
        folder = basename(path.rstrip("/"))
        held = {base: _data_in(fs, base) for base in (path.rstrip("/"), f"{path.rstrip('/')}/data") if fs.isdir(base)}
        base, paths = next(((base, files) for base, files in held.items() if files), ("", []))
    else:
        paths, base, folder = [path] if fs.exists(path) else [], dirname(path), ""
    if not paths:
        raise InputError(
            f"{source}: there is no .jsonl, .csv, .tsv or .parquet file; give a file, a folder or a glob of shards"
        )
    return [(relpath(one, base), fs.unstrip_protocol(one)) for one in paths], folder


def _data_in(fs: Any, folder: str) -> list[str]:
    return sorted(one for one in fs.ls(folder, detail=False) if _is_data(one) and fs.isfile(one))


def _is_data(path: str) -> bool:
    return bool(bare(basename(path))[1]) and not basename(path).startswith(".")


def _cut(piece: Piece, size: int) -> Iterator[Piece]:
    from fsspec.core import url_to_fs

    fs, path = url_to_fs(piece.url)
    whole = int(fs.size(path))
    with _opened(piece.url) as file:
        head = file.read(4)
    if head == b"PAR1":
        piece = replace(piece, kind=".parquet")
    if piece.kind not in ("", ".jsonl") or head.startswith(_PACKED) or whole <= size:
        yield piece
        return
    for number, start in enumerate(range(0, whole, size)):
        yield replace(piece, stem=f"{piece.stem}-{number:05}", start=start, end=min(start + size, whole))


def _groups(piece: Piece, file: IO[bytes], size: int) -> Iterator[Piece]:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(file).metadata
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{piece.name}: cannot be read as Parquet ({error}); write it again") from error
    file.seek(0)
    sha256 = _copied(file.read, None)
    held: list[list[int]] = []
    bytes_held = size
    for number in range(table.num_row_groups):
        group = table.row_group(number)
        taken = sum(group.column(column).total_compressed_size for column in range(group.num_columns))
        if bytes_held + taken > size:
            held.append([])
            bytes_held = 0
        held[-1].append(number)
        bytes_held += taken
    for place, numbers in enumerate(held):
        n = sum(table.row_group(number).num_rows for number in numbers)
        stem = piece.stem if len(held) == 1 else f"{piece.stem}-{place:05}"
        if n:
            yield replace(piece, stem=stem, groups=tuple(numbers), n=n, sha256=sha256)


def _count(piece: Piece, read: Read) -> tuple[int, int]:
    """Lines in all, and those that hold something."""
    if piece.kind in (".csv", ".tsv"):
        rows = sum(1 for _ in csv_rows(read, Origin(piece.name), MAX_LINE, tabs=piece.kind == ".tsv"))
        return rows, rows
    n = held = 0
    for _, line in lines(read, piece.name, max_line=MAX_LINE):
        n += 1
        held += line is None or not (not line or line.isspace())
    return n, held


def _rows(kind: str, read: Read, origin: Origin, max_line: int) -> Iterator[Row]:
    if kind in (".csv", ".tsv"):
        return csv_rows(read, origin, max_line, tabs=kind == ".tsv")
    return json_rows(read, origin, max_line)


def _opened(url: str) -> Any:
    import fsspec

    try:
        return fsspec.open(url, "rb").open()
    except OSError as error:
        raise InputError(f"{url}: cannot be read ({error.strerror or error}); check the path") from error


def _ranged(file: IO[bytes], start: int, end: int | None) -> Read:
    """Reads the lines that begin at `start` or later and before `end`, the last one to its end."""
    if end is None:
        return file.read
    at, held = _next_line(file, start)
    left = max(0, end - at)
    """Bytes that are surely ours: those before the cut."""
    ended = not left

    def read(size: int) -> bytes:
        nonlocal held, left, ended
        if ended:
            return b""
        chunk = held or file.read(size)
        held = b""
        if len(chunk) < left:
            left -= len(chunk)
            return chunk
        # the cut is in this chunk or was before it: up to the first line end at or after the cut's last byte
        stop = chunk.find(b"\n", max(0, left - 1))
        left = 0
        if stop >= 0 or not chunk:
            ended = True
            return chunk[: stop + 1]
        return chunk

    return read


def _next_line(file: IO[bytes], start: int) -> tuple[int, bytes]:
    """Where the first line begins that begins at `start` or later, and what was read from there on."""
    at = max(0, start - 1)
    file.seek(at)
    if not start:
        return 0, b""
    while chunk := file.read(CHUNK):
        if (stop := chunk.find(b"\n")) >= 0:
            return at + stop + 1, chunk[stop + 1 :]
        at += len(chunk)
    return at, b""


def _copied(read: Read, copy: IO[bytes] | None) -> str:
    """SHA-256 (hex) of what `read` gives, which goes to the copy."""
    content = hashlib.sha256()
    while chunk := read(CHUNK):
        content.update(chunk)
        if copy is not None:
            copy.write(chunk)
    return content.hexdigest()


def samples_at_most(pieces: Sequence[Piece]) -> int:
    """Lines and rows in all: what a progress bar is drawn against."""
    return sum(piece.n for piece in pieces)
