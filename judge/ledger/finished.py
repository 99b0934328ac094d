"""That a run is over and its files are written: then the same call has nothing to read, to judge or to write."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from ...errors import StorageError
from .store import Store, seal

TABLE = """CREATE TABLE IF NOT EXISTS finished(run INTEGER PRIMARY KEY, of TEXT NOT NULL, n_samples INTEGER NOT NULL,
    files BLOB NOT NULL, seal BLOB NOT NULL)"""
"""A ledger of an earlier release gets it when it is next written to; nothing else reads it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What the end of a run left behind."""

    of: str
    """Hash of the input and of all that says how it is read and written."""
    n_samples: int
    files: tuple[tuple[str, str], ...]
    """Each file's name, beside the ledger, and its SHA-256."""

    def stands(self, of: str, folder: Path) -> bool:
        """Whether it is the end of this very call, and the files are as they were written."""
        return self.of == of and all(_sha256(folder / name) == sha256 for name, sha256 in self.files)


def finish(store: Store, run: int, of: str, n_samples: int, files: Sequence[Path]) -> None:
    """Notes the end of a run, with the hashes of its files."""
    hashed = orjson.dumps([(file.name, _sha256(file)) for file in files])
    cells = (run, of, n_samples, hashed)
    row = (*cells, seal("finished", *cells))
    store.now(lambda db: db.execute("INSERT OR REPLACE INTO finished VALUES (?,?,?,?,?)", row))


def finished(store: Store, run: int) -> Finished | None:
    """The end of the run; None when it has none. Raises `StorageError` when the row is damaged."""
    row = store.row("SELECT * FROM finished WHERE run=?", (run,))
    if row is None:
        return None
    if row[-1] != seal("finished", *row[:-1]):
        raise StorageError(f"{store.path}: the end of run {run} is damaged; copy the file aside and start over")
    return Finished(row[1], row[2], tuple((name, sha256) for name, sha256 in orjson.loads(row[3])))


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
