"""One SQLite file that acknowledges a row only after the disk has it, and reads back only what it wrote.

It knows no reply and no verdict: `ledger.py` gives it tables. Writers wait together and are committed together.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ...errors import RecjudgeError, StorageError, UsageError
from .lock import Lock, storage_errors
from .sealing import Cell

Connect = Callable[..., sqlite3.Connection]
Work = Callable[[sqlite3.Connection], object]
_Waiter = tuple[Work, asyncio.Future[None] | None]

_APPLICATION = 0x726A6C67
_VERSION = 1
_PATIENCE = 30.0
_QUIET, _LONGEST_GATHER = 0.0015, 0.01
"""Seconds: a COMMIT waits for more rows until none came for so long, and no longer than this."""
_READ_PRAGMAS = ("PRAGMA query_only=ON",)
_WRITE_PRAGMAS = (
    "PRAGMA page_size=8192",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-16384",
)
"""A verdict of two or three kilobytes would leave half of a page of four empty; a file that is there keeps its own."""


class Store:
    """The owner of one SQLite file: one connection that writes, one that reads, one thread that commits."""

    def __init__(self, path: Path, schema: str, *, write: bool, connect: Connect = sqlite3.connect) -> None:
        """Opens the file, and makes it when `write` is set. Raises StorageError, or LockedError naming the owner."""
        self.path = path
        self.dead: RecjudgeError | None = None
        """Set by the first failed commit: what the disk holds is then unknown here, so nothing is retried."""
        self._waiting: list[_Waiter] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.busy = False
        """Whether a COMMIT is under way or due."""
        self.writing = False
        """Whether the thread has a batch; what waits for it waits for the disk, not for the loop's clock."""
        self._alone = True
        """Whether the last COMMIT had one row: then the next one does not wait for company."""
        self._seen = 0
        self._due = 0.0
        """While more is waited for: how many there were at the last look, and when to wait no longer."""
        self._lock = Lock(path) if write else None
        try:
            with storage_errors(path):
                self._writer = _open_to_write(path, schema, connect) if write else None
                self.reader = _open_to_read(path, connect)
        except BaseException:
            self._release()
            raise
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="recjudge-store")

    async def commit(self, work: Work) -> None:
        """Returns after the COMMIT that holds `work`; all that wait at one moment share one COMMIT."""
        self._require_alive()
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            self.busy = self.writing = False
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.append((work, future))
        if not self.busy:
            self.busy = True
            self._start_soon(loop)
        await future

    def post(self, work: Work) -> None:
        """Queues `work` for the next COMMIT, `close` at the latest: for what a cancelled caller still has to say."""
        self._waiting.append((work, None))

    def begin(self) -> None:
        """Opens a transaction that spans calls, before any coroutine runs; `end` commits it."""
        self.execute("BEGIN IMMEDIATE", ())

    def execute(self, sql: str, values: tuple[Cell, ...]) -> None:
        """One statement inside `begin` and `end`."""
        self._require_alive()
        with self._fatal():
            self._connection.execute(sql, values)

    def add_many(self, sql: str, rows: Iterable[tuple[Cell, ...]]) -> int:
        """One statement for each of `rows`, streamed, inside `begin` and `end`; returns how many there were."""
        self._require_alive()
        with self._fatal():
            return self._connection.executemany(sql, rows).rowcount

    def end(self) -> None:
        """Commits what `begin` opened."""
        self.execute("COMMIT", ())

    def now(self, work: Work) -> None:
        """Commits `work` alone, at once."""
        self._require_alive()
        self._write([work])

    def rows(self, sql: str, values: tuple[Cell, ...] = ()) -> list[Any]:
        """All rows of a short query."""
        with storage_errors(self.path):
            return self.reader.execute(sql, values).fetchall()

    def row(self, sql: str, values: tuple[Cell, ...] = ()) -> Any:
        """The first row, or None."""
        with storage_errors(self.path):
            return self.reader.execute(sql, values).fetchone()

    def close(self) -> None:
        """Commits what is still queued, then gives file and lock back. A dead store is only let go."""
        self._pool.shutdown(wait=True)
        try:
            if self._waiting and self.dead is None:
                batch, self._waiting = self._waiting, []
                self._commit(batch)
        finally:
            for connection in (self.reader, self._writer):
                if connection is not None:
                    with contextlib.suppress(sqlite3.Error):
                        connection.close()
            self._release()

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._writer is None:
            raise StorageError(f"{self.path}: opened to be read only")
        return self._writer

    def _start_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        # a COMMIT costs more than the rows in it: it waits as long as that brings company
        if self._alone:
            loop.call_soon(self._start)
            return
        self._due = loop.time() + _LONGEST_GATHER
        self._gather(loop)

    def _gather(self, loop: asyncio.AbstractEventLoop) -> None:
        self._seen = len(self._waiting)
        loop.call_later(_QUIET, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        if len(self._waiting) > self._seen and loop.time() < self._due:
            self._gather(loop)
        else:
            self._start()

    def _start(self) -> None:
        batch, self._waiting = self._waiting, []
        if batch and self._loop is not None:
            self.writing = True
            self._pool.submit(self._commit_elsewhere, batch, self._loop)
        else:
            self.busy = False

    def _commit_elsewhere(self, batch: list[_Waiter], loop: asyncio.AbstractEventLoop) -> None:
        error: BaseException | None = None  # handed to every waiter, which raises it
        try:
            self._write([work for work, _ in batch])
        except BaseException as caught:
            error = caught
        # a loop that was closed meanwhile has no waiter left; the rows are committed all the same
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._committed, batch, error)

    def _committed(self, batch: list[_Waiter], error: BaseException | None) -> None:
        self.writing = False
        _resolve(batch, error)
        if self._waiting and self.dead is not None:
            rest, self._waiting = self._waiting, []
            _resolve(rest, self.dead)
        self._alone = len(batch) == 1
        if self._waiting and self._loop is not None:
            self._start_soon(self._loop)
        else:
            self.busy = False

    def _commit(self, batch: list[_Waiter]) -> None:
        self._write([work for work, _ in batch])
        if self._loop is not None and not self._loop.is_closed():
            _resolve(batch, None)

    def _write(self, works: list[Work]) -> None:
        self._require_alive()
        with self._fatal():
            self._connection.execute("BEGIN IMMEDIATE")
            for work in works:
                work(self._connection)
            self._connection.execute("COMMIT")

    @contextlib.contextmanager
    def _fatal(self) -> Iterator[None]:
        try:
            with storage_errors(self.path):
                yield
        except BaseException as error:
            dead = (
                error if isinstance(error, RecjudgeError) else StorageError(f"{self.path}: writing stopped: {error!r}")
            )
            self.dead = self.dead or dead
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def _require_alive(self) -> None:
        if self.dead is not None:
            raise self.dead

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _open_to_write(path: Path, schema: str, connect: Connect) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = connect(str(path), timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        new = _check_kind(path, connection)
        for pragma in _WRITE_PRAGMAS:
            connection.execute(pragma)
        if new:
            _create(connection, schema)
    except BaseException:
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection, schema: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in filter(str.strip, schema.split(";")):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={_APPLICATION}")
    connection.execute(f"PRAGMA user_version={_VERSION}")
    connection.execute("COMMIT")


def _open_to_read(path: Path, connect: Connect) -> sqlite3.Connection:
    # rw, though nothing is written: who reads last then tidies SQLite's side files away. On a read-only medium that
    # cannot be, and a finished file there has no log, which SQLite could not make
    modes = ["mode=rw", "mode=ro"] + ([] if Path(f"{path}-wal").exists() else ["mode=ro&immutable=1"])
    for mode in modes:
        uri = f"{path.absolute().as_uri()}?{mode}"
        connection = connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            if _check_kind(path, connection):
                raise UsageError(f"{path}: holds no run yet; score something into it first")
            for pragma in _READ_PRAGMAS:
                connection.execute(pragma)
        except BaseException as error:
            connection.close()
            if _cannot_write(error) and mode != modes[-1]:
                continue
            raise
        return connection
    raise AssertionError("unreachable: the last mode returns or raises")


def _cannot_write(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))


def _check_kind(path: Path, connection: sqlite3.Connection) -> bool:
    """Whether the file is new. Raises StorageError for a file of another program or another release."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not tables and not application:
        return True
    if application != _APPLICATION:
        raise StorageError(f"{path}: is a database of another program; give another name")
    if version != _VERSION:
        age = "an older" if version < _VERSION else "a newer"
        raise StorageError(
            f"{path}: was written by {age} release of recjudge (layout {version}, this one reads {_VERSION}); "
            "finish it with that release, or start over under another name"
        )
    return False


def _resolve(batch: list[_Waiter], error: BaseException | None) -> None:
    for _, future in batch:
        if future is None or future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
