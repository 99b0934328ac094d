"""The ledger of a run: what it was given, every call it made, every verdict, in one file that survives a kill.

The file is the only truth of a run. A row is acknowledged after its COMMIT, and carries a hash that is checked when it
is read: a damaged reply is dropped and counted, a damaged verdict is an error that names it. It knows no rubric.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from ...errors import StorageError, UsageError
from ..providers.base import Prompt, Reply
from ..records import Status
from .finished import TABLES, Ending, Finished
from .pages import damaged, input_pages, judged
from .rows import (
    SCHEMA,
    Attempt,
    Call,
    Given,
    InputRow,
    Judged,
    Listed,
    Totals,
    call_key,
    pack_parts,
    pack_reply,
    unpack_attempt,
    unpack_parts,
    unpack_reply,
)
from .runs import continue_or_start, newest_run
from .sealing import Cell, seal, seal_input, seal_verdict
from .store import Connect, Store

_PAGE = 1000
_KNOWN = 512
"""How many texts are remembered as stored already: the system text, the questions, and the contexts in flight."""
AGAIN = frozenset({Status.PROVIDER_ERROR, Status.TIMEOUT, Status.BUDGET_STOPPED, Status.INTERRUPTED})
"""Statuses of a verdict that a later attempt may mend."""


class Ledger:
    """One run in one file, or, opened to be read, the newest run of a file."""

    def __init__(self, store: Store, run: int) -> None:
        self.run = run
        self.damaged_replies = 0
        """Replies that did not match their hash: dropped, to be asked again."""
        self.passing = 0
        """Of the verdicts read last, those that another attempt may mend."""
        self.ending = Ending(store, run)
        self._store = store
        self._known: dict[str | bytes, bytes] = {}
        self._providers: dict[str, int] = {}

    @classmethod
    def open(
        cls, path: Path, identity: Mapping[str, str], *, fork: bool = False, connect: Connect = sqlite3.connect
    ) -> Self:
        """Continues the newest run of the file when it has this identity, or starts the file's first run.

        Raises RunMismatch when the newest run has another identity, unless `fork` starts a new run beside it (replies
        stay shared: they are found by what was asked). Raises LockedError when another process owns the file, and
        StorageError when it cannot be written.
        """
        store = Store(path, SCHEMA, write=True, connect=connect)
        try:
            store.now(lambda db: [db.execute(table) for table in TABLES])
            return cls(store, continue_or_start(store, identity, fork))
        except BaseException:
            store.close()
            raise

    @classmethod
    def read(cls, path: Path) -> Self:
        """The newest run, to be read while another process may be writing it."""
        if not path.exists():
            raise UsageError(f"{path}: no such file; name the ledger of a run")
        store = Store(path, SCHEMA, write=False)
        try:
            newest = newest_run(store)
            if newest is None:
                raise UsageError(f"{path}: holds no run yet; score something into it first")
        except BaseException:
            store.close()
            raise
        return cls(store, newest[0])

    def close(self) -> None:
        """Commits what is queued and gives the file and its lock back."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._store.path

    @property
    def writing(self) -> bool:
        """Whether somebody waits for the disk now."""
        return self._store.writing

    @property
    def identity(self) -> dict[str, str]:
        """What the run was started with."""
        newest = newest_run(self._store, self.run)
        if newest is None:
            raise StorageError(f"{self.path}: run {self.run} is not in the file")
        return newest[1]

    # What the run was given

    def start_input(self) -> None:
        """Begins the index of the input in place of any earlier one; nothing of it stands until `finish_input`."""
        self._store.begin()
        for table in ("inputs", "listed", "given", "indexed", "finished", "counted"):
            self._store.execute(f"DELETE FROM {table} WHERE run=?", (self.run,))  # noqa: S608 - the names are above
        self._n_rows = self._n_listed = 0

    def add_inputs(self, rows: Iterable[InputRow]) -> None:
        """Adds rows to the index, streamed."""
        cells = ((self.run, *row) for row in rows)
        sealed = ((*row, seal_input(row)) for row in cells)
        self._n_rows += self._store.add_many("INSERT INTO inputs VALUES (?,?,?,?,?,?,?,?,?)", sealed)

    def add_listed(self, rows: Iterable[Listed]) -> None:
        """Adds what could not be read, each with its place and remedy."""
        cells = ((self.run, row.place, row.field, row.problem, row.remedy) for row in rows)
        sealed = ((*row, seal("listed", *row)) for row in cells)
        self._n_listed += self._store.add_many("INSERT INTO listed VALUES (?,?,?,?,?,?)", sealed)

    def finish_input(self, sha256: str, n_in: int) -> None:
        """Ends the index: the hash of what was read and how many records it held, judged or listed."""
        cells = (self.run, sha256, n_in, self._n_rows, self._n_listed)
        self._store.execute("INSERT INTO given VALUES (?,?,?,?,?,?)", (*cells, seal("given", *cells)))
        self._store.end()

    def given(self) -> Given | None:
        """What the finished index says of the input; None when there is none yet."""
        row = self._store.row("SELECT * FROM given WHERE run=?", (self.run,))
        if row is None:
            return None
        self._check("given", row, "the input of run %s", self.run)
        return Given(*row[1:-1])

    def inputs(self) -> Iterator[InputRow]:
        """The index in input order, a page at a time, so that no long read holds the log back."""
        for page in self._input_pages():
            yield from (InputRow(*row[1:-1]) for row in page)

    def _input_pages(self) -> Iterator[list[Any]]:
        n = 0
        for page in input_pages(self._store, self.run):
            yield page
            n += len(page)
        self._check_count("input", n, lambda given: given.n_rows)

    def listed(self) -> Iterator[Listed]:
        """What could not be read, in input order."""
        sql = "SELECT *, rowid FROM listed WHERE run=? AND rowid>? ORDER BY rowid LIMIT ?"
        after = n = 0
        while rows := self._store.rows(sql, (self.run, after, _PAGE)):
            for *row, _ in rows:
                self._check("listed", tuple(row), "the listed record at %s", row[1])
                yield Listed(*row[1:-1])
            after, n = rows[-1][-1], n + len(rows)
        self._check_count("listed", n, lambda given: given.n_listed)

    def conflicts(self) -> list[tuple[str, list[str]]]:
        """Ids that stand for different content, each with all its places."""
        ids = (
            "SELECT kind, id FROM inputs WHERE run=? GROUP BY kind, id HAVING COUNT(DISTINCT key) > 1 ORDER BY MIN(seq)"
        )
        places = "SELECT place FROM inputs WHERE run=? AND kind=? AND id=? ORDER BY seq"
        found = self._store.rows(ids, (self.run,))
        return [(id_, [row[0] for row in self._store.rows(places, (self.run, kind, id_))]) for kind, id_ in found]

    # What was asked and answered

    def reply(self, key: str) -> Reply | None:
        """The stored reply to a call, marked as cached; None when there is none, or the one there is damaged."""
        row = self._store.row("SELECT body, seal FROM replies WHERE key=?", (bytes.fromhex(key),))
        if row is None:
            return None
        if row[1] != seal("replies", key, row[0]):
            self.damaged_replies += 1
            return None
        return unpack_reply(row[0])

    async def add_reply(self, key: str, provider: str, prompt: Prompt, reply: Reply, attempt: Attempt) -> None:
        """Stores a complete reply and the attempt that had it; returns after their COMMIT."""
        body = pack_reply(reply)
        sealed = seal("replies", key, body)
        raw = bytes.fromhex(key)
        parts = pack_parts(prompt)

        def work(db: sqlite3.Connection) -> None:
            self._put_attempt(db, raw, provider, parts, attempt)
            db.execute("INSERT OR REPLACE INTO replies VALUES (?,?,?)", (raw, body, sealed))

        await self._store.commit(work)

    async def add_attempt(self, key: str, provider: str, prompt: Prompt, attempt: Attempt) -> None:
        """Records a call that brought no usable reply; returns after its COMMIT."""
        raw, parts = bytes.fromhex(key), pack_parts(prompt)
        await self._store.commit(lambda db: self._put_attempt(db, raw, provider, parts, attempt))

    def post_attempt(self, key: str, provider: str, prompt: Prompt, attempt: Attempt) -> None:
        """Records a call whose caller was cancelled: it is in the next COMMIT, `close` at the latest."""
        raw, parts = bytes.fromhex(key), pack_parts(prompt)
        self._store.post(lambda db: self._put_attempt(db, raw, provider, parts, attempt))

    def call(self, key: str) -> Call | None:
        """The exact prompt, the reply and every attempt of a call, by its key or by its prompt's key."""
        for candidate in (key, *(call_key(name, key) for name in self._provider_names())):
            sql = "SELECT * FROM attempts WHERE key=? ORDER BY number"
            if rows := self._store.rows(sql, (bytes.fromhex(candidate),)):
                return self._assemble(candidate, rows)
        return None

    def totals(self) -> Totals:
        """What the run has cost so far, over all its processes; damaged rows are counted and left out."""
        totals, before = Totals(), 0
        sql = "SELECT * FROM attempts WHERE number>? ORDER BY number LIMIT ?"
        while rows := self._store.rows(sql, (before, _PAGE)):
            for row in rows:
                totals.damaged += row[0] - before - 1  # attempts are numbered without gaps and never deleted
                before = row[0]
                if row[-1] != seal("attempts", *row[1:-1]):
                    totals.damaged += 1
                elif row[2] == self.run:
                    totals.add(unpack_attempt(row))
        return totals

    # What was said

    def has_verdict(self, key: str, *, again: frozenset[Status] = AGAIN) -> bool:
        """Whether the verdict stands. One whose status is in `again` does not: it may be had by another attempt."""
        return key in self.standing([key], again=again)

    def standing(self, keys: Sequence[str], *, again: frozenset[Status] = AGAIN) -> set[str]:
        """Those of up to some thousand keys whose verdict stands, by one query that reads no verdict."""
        sql = f"SELECT key, status FROM verdicts WHERE run=? AND key IN ({','.join('?' * len(keys))})"  # noqa: S608
        rows = self._store.rows(sql, (self.run, *map(bytes.fromhex, keys)))
        return {key.hex() for key, status in rows if status not in again}

    async def add_verdict(self, key: str, status: Status | str, grade: str | None, body: bytes) -> None:
        """Stores the verdict on what `key` names, in place of an earlier one; returns after its COMMIT."""
        await self.add_verdicts([(key, str(Status(status)), None if grade is None else str(grade), body)])

    async def add_verdicts(self, verdicts: Sequence[tuple[str, str, str | None, bytes]]) -> None:
        """Stores several, each as (key, status, grade, body); returns after the one COMMIT that holds all of them."""
        for key, status, grade, _ in verdicts:
            if (grade is not None) != (status == "ok"):
                raise ValueError(f"verdict {key}: a grade goes with status ok and nothing else")

        def work(db: sqlite3.Connection) -> None:
            cells = ((self.run, bytes.fromhex(key), *row) for key, *row in verdicts)
            rows = ((*row, seal_verdict(row)) for row in cells)
            db.executemany("INSERT OR REPLACE INTO verdicts VALUES (?,?,?,?,?,?)", rows)

        await self._store.commit(work)

    def verdicts(self) -> Iterator[Judged]:
        """The verdicts in input order, one for every place that has one; a duplicate row repeats its verdict.

        Raises StorageError naming the sample whose verdict does not match its hash.
        """
        self.passing = 0
        for found in judged(self._store, self.run, self._input_pages()):
            self.passing += found.status in AGAIN
            yield found

    def unproved(self) -> Iterator[Judged]:
        """The same without a look at any hash, for who holds all of them together against one."""
        return judged(self._store, self.run, input_pages(self._store, self.run, sealed=False), sealed=False)

    def finished(self) -> Finished | None:
        """How the run ended; None when it has not."""
        return self.ending.finished()

    def n_verdicts(self) -> int:
        """How many verdicts the run holds, of whatever status."""
        return int(self._store.row("SELECT COUNT(*) FROM verdicts WHERE run=?", (self.run,))[0])

    def _check(self, table: str, row: tuple[Cell, ...], what: str, *words: object) -> None:
        if row[-1] != seal(table, *row[:-1]):
            raise damaged(self._store, what % words)

    def _check_count(self, what: str, n: int, of: Callable[[Given], int]) -> None:
        given = self.given()
        if given is not None and n != of(given):
            raise StorageError(f"{self.path} is damaged: {of(given)} {what} rows were stored and {n} are found")

    def _assemble(self, key: str, rows: list[tuple[Any, ...]]) -> Call:
        for row in rows:
            self._check("attempts", row[1:], "attempt %s of call %s", row[0], key)
        provider = self._provider_names()[rows[-1][3] - 1]
        prompt = unpack_parts([self._text(part) for part in rows[-1][4:8]])
        if key != call_key(provider, prompt.key):
            raise StorageError(f"{self.path}: call {key} is damaged: it does not match its provider and prompt")
        return Call(key, provider, prompt, self.reply(key), [unpack_attempt(row) for row in rows])

    def _text(self, key: bytes) -> bytes:
        row = self._store.row("SELECT body FROM texts WHERE key=?", (key,))
        if row is None or hashlib.sha256(row[0]).digest() != key:
            raise StorageError(f"{self.path}: text {key.hex()} of a prompt is damaged")
        return bytes(row[0])

    def _provider_names(self) -> list[str]:
        return [row[0] for row in self._store.rows("SELECT name FROM providers ORDER BY number")]

    def _put_attempt(
        self, db: sqlite3.Connection, key: bytes, provider: str, parts: tuple[str | bytes, ...], attempt: Attempt
    ) -> None:
        number = self._providers.get(provider) or self._put_provider(db, provider)
        cells = (key, self.run, number, *(self._put_text(db, part) for part in parts), *attempt.cells())
        db.execute(_INSERT_ATTEMPT, (None, *cells, seal("attempts", *cells)))

    def _put_provider(self, db: sqlite3.Connection, name: str) -> int:
        db.execute("INSERT OR IGNORE INTO providers(name) VALUES (?)", (name,))
        number = int(db.execute("SELECT number FROM providers WHERE name=?", (name,)).fetchone()[0])
        self._providers[name] = number
        return number

    def _put_text(self, db: sqlite3.Connection, text: str | bytes) -> bytes:
        if (known := self._known.get(text)) is not None:
            return known
        raw = text.encode() if isinstance(text, str) else text
        key = hashlib.sha256(raw).digest()
        db.execute("INSERT OR IGNORE INTO texts VALUES (?,?)", (key, raw))
        if len(self._known) >= _KNOWN:
            self._known.clear()
        self._known[text] = key
        return key


_INSERT_ATTEMPT = f"INSERT INTO attempts VALUES ({','.join('?' * 18)})"  # noqa: S608 - question marks only
