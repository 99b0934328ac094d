"""That a run is over and its files are written: then the same call has nothing to read, to judge or to write."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ...errors import StorageError
from .rows import Totals
from .sealing import Cell, seal
from .store import Store

TABLES = (
    """CREATE TABLE IF NOT EXISTS finished(run INTEGER PRIMARY KEY, of TEXT NOT NULL, n_samples INTEGER NOT NULL,
    files BLOB NOT NULL, seal BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS counted(run INTEGER PRIMARY KEY, of BLOB NOT NULL, counts BLOB NOT NULL,
    totals BLOB NOT NULL, seal BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS indexed(run INTEGER PRIMARY KEY, rows TEXT NOT NULL, seal BLOB NOT NULL)""",
)
"""A ledger of an earlier release gets them when it is next written to; each can be made anew from the others."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What the end of a run left behind."""

    of: str
    """Hash of the input and of all that says how it is read and written."""
    n_samples: int
    files: tuple[tuple[str, str], ...]
    """Each file's name, beside the ledger, and its SHA-256."""
    counts: bytes | None
    """What its verdicts come to, as who finished it packed that; None where it must be counted again."""
    totals: Totals | None
    """What it took; None where it must be added up again."""

    def lost(self, folder: Path) -> list[tuple[str, str]]:
        """Of the files those that are not there, or not as they were written."""
        return [(name, sha256) for name, sha256 in self.files if _sha256(folder / name) != sha256]


class Ending:
    """What a run has noted of itself: that its index is whole, that it is over, what it came to."""

    def __init__(self, store: Store, run: int) -> None:
        self._store, self._run = store, run

    def finish(self, of: str, n_samples: int, files: Sequence[Path], counts: bytes, totals: Totals) -> None:
        """Notes the end, with the hashes of the files; a new index of the input takes that back."""
        cells = (self._run, of, n_samples, orjson.dumps([(file.name, _sha256(file)) for file in files]))
        ending = seal("finished", *cells)
        counted = (self._run, ending, counts, orjson.dumps(_cells(totals)))

        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO finished VALUES (?,?,?,?,?)", (*cells, ending))
            db.execute("INSERT OR REPLACE INTO counted VALUES (?,?,?,?,?)", (*counted, seal("counted", *counted)))

        self._store.now(work)

    def finished(self) -> Finished | None:
        """The end; None where there is none. Raises `StorageError` when its row is damaged."""
        row = self._row("finished", "run=?", self._run)
        if row is None:
            return None
        if row[-1] != seal("finished", *row[:-1]):
            words = f"the end of run {self._run} is damaged; copy the file aside and start over"
            raise StorageError(f"{self._store.path}: {words}")
        counted = self._row("counted", "run=? AND of=?", self._run, row[-1])
        sound = counted is not None and counted[-1] == seal("counted", *counted[:-1])
        more = (counted[2], _totals(orjson.loads(counted[3]))) if sound else (None, None)
        return Finished(row[1], row[2], tuple((name, sha256) for name, sha256 in orjson.loads(row[3])), *more)

    def note_index(self, rows: str) -> None:
        """Notes that the index of the input is whole and free of conflicts, with the hash of its rows."""
        cells = (self._run, rows)
        row = (*cells, seal("indexed", *cells))
        self._store.now(lambda db: db.execute("INSERT OR REPLACE INTO indexed VALUES (?,?,?)", row))

    def noted_index(self) -> str | None:
        """The hash of the rows of the index; None where it has to be made anew."""
        row = self._row("indexed", "run=?", self._run)
        return str(row[1]) if row is not None and row[-1] == seal("indexed", *row[:-1]) else None

    def _row(self, table: str, where: str, *values: Cell) -> Any:
        # a ledger of an earlier release that is only read has none of the tables
        if self._store.row("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", (table,)) is None:
            return None
        return self._store.row(f"SELECT * FROM {table} WHERE {where}", values)  # noqa: S608 - words of our own


def _cells(totals: Totals) -> dict[str, Any]:
    return {name: getattr(totals, name) for name in Totals.__slots__}


def _totals(cells: dict[str, Any]) -> Totals:
    return Totals(**cells | {"by_status": Counter(cells["by_status"])})


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
