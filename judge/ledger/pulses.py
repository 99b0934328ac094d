"""Where a process was with its run, every few seconds: what `status` takes rates from."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from .ledger import Ledger
from .store import Store

TABLE = """CREATE TABLE IF NOT EXISTS pulses(run INTEGER NOT NULL, pid INTEGER NOT NULL, begun REAL NOT NULL,
    at REAL NOT NULL, planned INTEGER NOT NULL, done INTEGER NOT NULL, resumed INTEGER NOT NULL)"""
EVERY = 2.0
"""Seconds between two pulses."""
KEPT = 90.0
"""Seconds for which pulses are kept: more than the minute that a rate is of."""


def utc_now() -> datetime:
    """The time by the wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Pulse:
    """One process at one moment; times are seconds since 1970, UTC."""

    pid: int
    begun: float
    at: float
    planned: int
    """Samples."""
    done: int
    """Of these, with a verdict of whatever status; what earlier processes judged among them."""
    resumed: int


class Pulses:
    """Written with whatever is committed next, so that a pulse costs no commit of its own."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime] = utc_now) -> None:
        self._store, self._run, self._now = ledger._store, ledger.run, now
        self._begun = now().timestamp()
        self._last = self._begun - EVERY

    def beat(self, planned: int, done: int, resumed: int, *, due: bool = False) -> None:
        """Notes where the run is, when the last time was long enough ago, or at once when `due`."""
        at = self._now().timestamp()
        if not due and 0 <= at - self._last < EVERY:
            return
        self._last = at
        row = (self._run, os.getpid(), self._begun, at, planned, done, resumed)

        def work(db: sqlite3.Connection) -> None:
            db.execute(TABLE)
            db.execute("DELETE FROM pulses WHERE run=? AND at<?", (self._run, at - KEPT))
            db.execute("INSERT INTO pulses VALUES (?,?,?,?,?,?,?)", row)

        self._store.post(work)


def pulses(store: Store, run: int) -> list[Pulse]:
    """Those of the process that wrote last, oldest first; empty for a ledger of a release that had none."""
    if store.row("SELECT 1 FROM sqlite_master WHERE name='pulses'") is None:
        return []
    sql = "SELECT pid, begun, at, planned, done, resumed FROM pulses WHERE run=? ORDER BY at"
    rows = [Pulse(*row) for row in store.rows(sql, (run,))]
    return [row for row in rows if row.begun == rows[-1].begun]
