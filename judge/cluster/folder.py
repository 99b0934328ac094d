"""A folder of any file system: its files written whole, and the verdicts that a sharded run left in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import orjson

from ...errors import InputError, StorageError

MANIFEST, BEGUN = "manifest.json", "begun.json"
SETS = "sets"
"""What stands in place of a shard's stem, of the run that judges sets."""
_CHUNK = 1 << 20
_PART = ".part"


@dataclass(frozen=True)
class Folder:
    """By its path or address: `/data/out`, `memory://out`, `s3://bucket/out`."""

    url: str

    @cached_property
    def path(self) -> Path | None:
        """Where it is as a folder of this machine (or of a mount); None for a store of objects."""
        fs, path = self._at
        return Path(path) if "file" in ((fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol) else None

    def make(self) -> None:
        """Where it is not yet there. Raises `StorageError`."""
        fs, path = self._at
        try:
            fs.makedirs(path, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{self.url}: {error.strerror or error}; give a folder that can be written") from error

    def size(self, name: str) -> int | None:
        """Bytes of a file; None where there is none."""
        fs, path = self._at
        try:
            return int(fs.size(f"{path}/{name}"))
        except FileNotFoundError:
            return None

    def read(self, name: str) -> bytes | None:
        """A small file's content; None where there is none."""
        fs, path = self._at
        try:
            with fs.open(f"{path}/{name}", "rb") as file:
                return bytes(file.read())
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """A small file, whole or not at all."""
        with self._whole(name) as file:
            file.write(content)

    def put(self, local: Path, name: str) -> None:
        """A file of this machine, whole or not at all; nothing to do where it is there already."""
        if self.path is not None and self.path / name == local:
            return
        with local.open("rb") as source, self._whole(name) as file:
            while chunk := source.read(_CHUNK):
                file.write(chunk)

    def get(self, name: str, local: Path) -> bool:
        """Brings a file to this machine; False where there is none."""
        if self.size(name) is None:
            return False
        fs, path = self._at
        temporary = local.with_name(f".{local.name}.{os.getpid()}.part")
        fs.get_file(f"{path}/{name}", str(temporary))
        temporary.replace(local)
        return True

    def remove(self, name: str) -> None:
        """A file, if it is there."""
        fs, path = self._at
        if self.size(name) is not None:
            fs.rm_file(f"{path}/{name}")

    def tidy(self) -> None:
        """Takes away what killed processes were writing; to be called when nobody is at work here any more."""
        fs, path = self._at
        for one in fs.ls(path, detail=False):
            name = str(one).rpartition("/")[2]
            if name.startswith(".") and name.endswith(_PART):
                fs.rm_file(one)

    @cached_property
    def _at(self) -> tuple[Any, str]:
        from fsspec.core import url_to_fs

        fs, path = url_to_fs(self.url)
        return fs, path.rstrip("/")

    def _whole(self, name: str) -> _Whole:
        return _Whole(*self._at, name)


class _Whole:
    """A temporary name that is renamed at the end. Stores of objects show a file when it is whole, or never."""

    def __init__(self, fs: Any, path: str, name: str) -> None:
        self._fs, self._target = fs, f"{path}/{name}"
        self._temporary = f"{path}/.{name}.{uuid4().hex}{_PART}"

    def __enter__(self) -> IO[bytes]:
        self._file: Any = self._fs.open(self._temporary, "wb")
        return self._file  # type: ignore[no-any-return]

    def __exit__(self, kind: object, *_: object) -> None:
        self._file.close()
        if kind is None:
            self._fs.mv(self._temporary, self._target)
        else:
            self._fs.rm_file(self._temporary)


def verdict_files(path: str | Path) -> Iterator[str]:
    """The file itself; of the folder of a sharded run its files in the order of the input, those of sets last.

    Raises `InputError` for a folder that no run has come to write its list into.
    """
    if "://" not in str(path) and not Path(path).is_dir():
        yield str(path)
        return
    folder = Folder(str(path))
    if (listed := folder.read(MANIFEST)) is None:
        if "://" in str(path):
            yield str(path)
            return
        raise InputError(f"{path}: has no {MANIFEST}; give a file or folder that `recjudge score` wrote to its end")
    for shard in orjson.loads(listed)["shards"]:
        if shard["verdicts"]:
            yield f"{str(path).rstrip('/')}/{shard['verdicts']}"


def is_sharded(path: str | Path) -> bool:
    """Whether it is the folder of a sharded run, on this machine or mounted."""
    return (Path(path) / MANIFEST).is_file()


def opened(path: str) -> Any:
    """A file of any file system, to be read."""
    if "://" not in path:
        return Path(path).open("rb")
    import fsspec

    return fsspec.open(path, "rb").open()
