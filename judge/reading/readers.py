"""Files in, rows out: JSONL, CSV, Parquet, Hugging Face folders, standard input, and what Python holds already.

`resolve` says what a user pointed at; the answer can be read any number of times. Rows are values with their place;
what their fields mean is not known here. Blank lines are no records.

| source | how it is told | place of a row |
|---|---|---|
| JSON lines | any other name; gzip and zstd by their first bytes | `outputs.jsonl:17` (line) |
| CSV, TSV | `.csv`, `.tsv`, also packed | `outputs.csv:17` (line on which the row starts) |
| Parquet | `.parquet`, or its first bytes | `outputs.parquet:row 17` |
| `datasets` folder | `load_from_disk` reads it | `folder:row 17` |
| folder of shards | `*.jsonl`, `*.csv`, `*.parquet` in it or in its `data/` | `folder/shard-2.jsonl:17` |
| `-` | standard input, spooled to an unnamed file | `stdin:17` |
| DataFrame, iterable of dicts or Samples | | `row 17` |
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable

from ...errors import InputError
from ..records import Sample, canonical
from .formats import Origin, Row, csv_rows, hub_rows, json_rows, parquet_rows
from .problems import kind_of
from .streams import CHUNK, Read

MAX_LINE = 16 << 20
"""Bytes of the longest line that is read."""


@runtime_checkable
class Source(Protocol):
    """What a user pointed at."""

    @property
    def name(self) -> str: ...
    @property
    def stem(self) -> str: ...
    def rows(self, max_line: int = MAX_LINE) -> Iterator[Row]:
        """From the first row on, at each call. Raises `InputError` on what no row can carry: a damaged file."""

    def fingerprint(self) -> str:
        """SHA-256 (hex) of the content as it is now."""


def resolve(source: Any) -> Source:
    """A path, `-`, a DataFrame or an iterable as a source that can be read again; a source is returned as it is.

    Resolve `-` once and keep the answer: standard input cannot be read a second time. An iterator is drained into a
    list. Raises `InputError` for a missing file and for a folder without data.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, str) and source == "-":
        return spool(sys.stdin.buffer)
    if isinstance(source, (str, os.PathLike)):
        return _on_disk(Path(source))
    if hasattr(source, "iloc") or isinstance(source, (list, tuple)):
        return _Memory(source)
    if isinstance(source, Iterable) and not isinstance(source, (bytes, dict)):
        return _Memory(list(source) if isinstance(source, Iterator) else source)
    raise InputError(f"cannot read samples from {kind_of(source)}; give a path, a DataFrame or an iterable of dicts")


def spool(stream: IO[bytes], name: str = "stdin") -> Source:
    """A stream's content in an unnamed temporary file, gone with the process."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the source)
    while chunk := stream.read(CHUNK):
        file.write(chunk)
    file.flush()
    source = _Spool(file, name)
    weakref.finalize(source, file.close)
    return source


def fingerprint(source: Any) -> str:
    """SHA-256 (hex) of a file's bytes, or of a folder's list of shards with theirs: differs once the source changed."""
    return resolve(source).fingerprint()


def default_stem(source: Any) -> str:
    """How outputs beside the input are named: `outputs` for `outputs.jsonl.gz`."""
    return "stdin" if isinstance(source, str) and source == "-" else resolve(source).stem


@dataclass(frozen=True)
class _File:
    path: Path
    shard_of: str = ""

    @property
    def name(self) -> str:
        return f"{self.shard_of}/{self.path.name}" if self.shard_of else self.path.name

    @property
    def stem(self) -> str:
        return bare(self.path.name)[0]

    def rows(self, max_line: int = MAX_LINE) -> Iterator[Row]:
        kind = bare(self.path.name)[1]
        origin = Origin(self.name, shard=f"{self.stem}:" if self.shard_of else "")
        try:
            with self.path.open("rb") as file:
                if kind == ".parquet" or _starts(file) == b"PAR1":
                    yield from parquet_rows(file, origin)
                elif kind in (".csv", ".tsv"):
                    yield from csv_rows(file.read, origin, max_line, tabs=kind == ".tsv")
                else:
                    _refuse_array(self.path, _starts(file))
                    yield from json_rows(file.read, origin, max_line)
        except OSError as error:
            raise InputError(f"{self.name}: cannot be read ({error.strerror or error}); check the path") from error

    def fingerprint(self) -> str:
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputError(f"{self.name}: cannot be read ({error.strerror or error}); check the path") from error


@dataclass(frozen=True, eq=False)
class _Spool:
    file: IO[bytes]
    name: str

    @property
    def stem(self) -> str:
        return self.name

    def rows(self, max_line: int = MAX_LINE) -> Iterator[Row]:
        return json_rows(self._reader(), Origin(self.name), max_line)

    def fingerprint(self) -> str:
        read, content = self._reader(), hashlib.sha256()
        while chunk := read(CHUNK):
            content.update(chunk)
        return content.hexdigest()

    def _reader(self) -> Read:
        """Own position for each reader: two may be under way at once."""
        at = 0

        def read(size: int) -> bytes:
            nonlocal at
            chunk = os.pread(self.file.fileno(), size, at)
            at += len(chunk)
            return chunk

        return read


@dataclass(frozen=True)
class _Shards:
    path: Path
    files: tuple[Path, ...]

    @property
    def name(self) -> str:
        return self.path.resolve().name

    @property
    def stem(self) -> str:
        return self.name

    def rows(self, max_line: int = MAX_LINE) -> Iterator[Row]:
        for file in self.files:
            yield from _File(file, self.name).rows(max_line)

    def fingerprint(self) -> str:
        return hashlib.sha256(canonical([[file.name, _File(file).fingerprint()] for file in self.files])).hexdigest()


@dataclass(frozen=True)
class _Hub(_Shards):
    def rows(self, max_line: int = MAX_LINE) -> Iterator[Row]:
        return hub_rows(self.path, Origin(self.name))


@dataclass(frozen=True, eq=False)
class _Memory:
    held: Any
    name: str = "rows"
    stem: str = field(default="rows", init=False)

    def rows(self, max_line: int = MAX_LINE) -> Iterator[Row]:
        origin = Origin("", "row ", python=True)
        return (Row(value, number, origin) for number, value in enumerate(_records(self.held), 1))

    def fingerprint(self) -> str:
        content = hashlib.sha256()
        for value in _records(self.held):
            content.update((value.key if isinstance(value, Sample) else repr(value)).encode(errors="replace") + b"\n")
        return content.hexdigest()


def _on_disk(path: Path) -> Source:
    if not path.exists():
        raise InputError(f"{path}: there is no such file; give the file of outputs, a folder of shards, or - for stdin")
    if not path.is_dir():
        return _File(path) if path.is_file() else _spooled(path)
    if (path / "dataset_dict.json").exists():
        splits = sorted(part.name for part in path.iterdir() if (part / "state.json").exists())
        if len(splits) == 1:
            return _on_disk(path / splits[0])
        raise InputError(
            f"{path}: holds several splits ({', '.join(splits)}); give one: {path / splits[0]}"
            if splits
            else f"{path}: is a datasets folder without splits; save it again"
        )
    if (path / "state.json").exists():
        return _Hub(path, tuple(sorted(file for file in path.iterdir() if file.is_file())))
    return _Shards(path, _shards(path))


def _spooled(path: Path) -> Source:
    """A pipe that has a name: `<(zcat old.gz)`."""
    with path.open("rb") as stream:
        return spool(stream, path.name)


def _shards(path: Path) -> tuple[Path, ...]:
    for folder in (path, path / "data"):
        files = sorted(file for file in folder.glob("*") if _is_data(file))
        kinds = sorted({bare(file.name)[1] for file in files})
        if len(kinds) > 1:
            raise InputError(
                f"{path}: holds files of several kinds ({', '.join(kinds)}); keep one kind, or give one file"
            )
        if files:
            return tuple(files)
    raise InputError(f"{path}: holds no .jsonl, .csv, .tsv or .parquet file; give the file of outputs itself")


def bare(name: str) -> tuple[str, str]:
    """`outputs.jsonl.gz` to (`outputs`, `.jsonl`); the kind is empty when the name does not tell it."""
    stem = name
    for packed in (".gz", ".zst", ".zstd"):
        stem = stem.removesuffix(packed)
    for kind in _KINDS:
        if stem.lower().endswith(kind) and len(stem) > len(kind):
            return stem[: -len(kind)], _KINDS[kind]
    return Path(stem).stem, ""


def _is_data(file: Path) -> bool:
    return bool(bare(file.name)[1]) and not file.name.startswith(".") and file.is_file()


def _starts(file: IO[bytes]) -> bytes:
    head = file.read(4)
    file.seek(0)
    return head


def _refuse_array(path: Path, head: bytes) -> None:
    if (path.suffix == ".json" and head.lstrip().startswith(b"[")) or head.split(b"\n")[0].strip() == b"[":
        lines = f"{path.stem}.jsonl" if path.suffix != ".jsonl" else f"{path.stem}.lines.jsonl"
        raise InputError(f"{path.name}: is one JSON array; write one object a line: jq -c '.[]' {path.name} > {lines}")


def _records(held: Any) -> Iterator[Any]:
    if not hasattr(held, "iloc"):
        yield from held
        return
    for start in range(0, len(held), 1000):
        part = held.iloc[start : start + 1000]
        names = [str(name) for name in part.columns]
        for values in part.itertuples(index=False, name=None):
            yield dict(zip(names, values, strict=True))


_KINDS = {
    ".jsonl": ".jsonl",
    ".ndjson": ".jsonl",
    ".json": ".jsonl",
    ".csv": ".csv",
    ".tsv": ".tsv",
    ".parquet": ".parquet",
    ".pq": ".parquet",
}
