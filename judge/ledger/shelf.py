"""What a run has with the providers' batch APIs: batches, what each asks, what came back, what nobody asked for.

A batch is noted before it is sent and again when its id is known; a result is noted with its attempt in one COMMIT. It
knows no provider: who sends and reads is `judge/batches/`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...errors import ProviderFault, StorageError
from ..providers.base import Prompt, Reply
from ..records import Status
from .ledger import Ledger
from .rows import Attempt, call_key, pack_parts, pack_reply, unpack_parts, unpack_reply
from .sealing import seal
from .store import Store

TABLES = """
CREATE TABLE IF NOT EXISTS batches(number INTEGER PRIMARY KEY, run INTEGER NOT NULL, provider TEXT NOT NULL,
    label TEXT NOT NULL UNIQUE, n INTEGER NOT NULL, worst REAL NOT NULL, made TEXT NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('made', 'sent', 'found', 'collected')), detail TEXT NOT NULL,
    seal BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS asked(batch INTEGER NOT NULL, key BLOB NOT NULL, system BLOB NOT NULL, shared BLOB NOT NULL,
    body BLOB NOT NULL, ask BLOB NOT NULL, UNIQUE (key, batch));
CREATE INDEX IF NOT EXISTS asked_in ON asked(batch);
CREATE TABLE IF NOT EXISTS came(run INTEGER NOT NULL, key BLOB NOT NULL, batch INTEGER NOT NULL, attempt INTEGER,
    kind TEXT NOT NULL CHECK (kind IN ('new', 'kept', 'unread', 'fault')), status TEXT NOT NULL, detail TEXT NOT NULL,
    body BLOB, usd REAL, again INTEGER NOT NULL, tries INTEGER NOT NULL, charged INTEGER NOT NULL, seal BLOB NOT NULL,
    UNIQUE (run, key));
CREATE TABLE IF NOT EXISTS strays(batch INTEGER NOT NULL, kind TEXT NOT NULL, custom_id TEXT NOT NULL,
    sha256 BLOB NOT NULL, line BLOB NOT NULL, UNIQUE (batch, sha256));
"""
"""A ledger of an earlier release gets them when it is first used with batches; nothing else reads them."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a batch."""

    key: str
    prompt: Prompt
    worst: float
    """Dollars it may cost at most; 0 where no price is known."""
    size: int
    """Bytes of its line."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of one provider."""

    number: int
    provider: str
    label: str
    """Ours, in no two batches; what a lost batch is found by where the provider keeps it."""
    n: int
    worst: float
    made: str
    """UTC, ISO 8601, before it was sent."""
    id: str = ""
    """The provider's; empty before it is known."""
    state: str = "made"
    """made (perhaps sent), sent, found (by another sign than its label, not yet sure), collected."""
    detail: str = ""
    """Ids of batches that were taken for it and were not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one request of a batch came to."""

    key: str
    prompt: Prompt
    attempt: Attempt
    reply: Reply | None = None
    again: bool = False
    """Of a failure: whether the same request may succeed later."""


@dataclass(frozen=True, slots=True)
class Came:
    """What is known of a request: `new` and nobody read it yet, `kept` as a reply like any other, `unread`, `fault`."""

    batch: int
    attempt: int
    kind: str
    status: str
    detail: str
    reply: Reply | None
    usd: float | None
    again: bool
    tries: int
    charged: bool
    """Whether a verdict's cost has it."""

    def fault(self) -> ProviderFault:
        """The failure, as the one call would have raised it."""
        return ProviderFault(self.detail, status=self.status)


class Shelf:
    """The batches of one run, in its ledger."""

    def __init__(self, ledger: Ledger) -> None:
        """Makes the tables where there are none."""
        self.ledger, self.run, self._store = ledger, ledger.run, ledger._store
        tables = [one for one in TABLES.split(";") if one.strip()]
        self._store.now(lambda db: [db.execute(one) for one in tables])

    # Batches

    async def add(self, label: str, provider: str, made: str, asks: Sequence[Ask]) -> Batch:
        """Notes a batch that is about to be sent, with all that it asks."""
        worst = sum(ask.worst for ask in asks)
        parts = [(bytes.fromhex(ask.key), pack_parts(ask.prompt)) for ask in asks]
        numbers: list[int] = []

        def work(db: sqlite3.Connection) -> None:
            found = db.execute("SELECT coalesce(MAX(number), 0) FROM batches").fetchone()
            batch = Batch(int(found[0]) + 1, provider, label, len(asks), worst, made)
            numbers.append(batch.number)
            db.execute(f"INSERT INTO batches VALUES ({','.join('?' * 11)})", self._row(batch))  # noqa: S608
            texts = ((key, *(self.ledger._put_text(db, text) for text in texts)) for key, texts in parts)
            rows = ((batch.number, *row) for row in texts)
            db.executemany("INSERT INTO asked VALUES (?,?,?,?,?,?)", rows)

        await self._store.commit(work)
        return Batch(numbers[0], provider, label, len(asks), worst, made)

    async def note(self, batch: Batch) -> Batch:
        """Writes what has become of a batch."""
        sql = f"INSERT OR REPLACE INTO batches VALUES ({','.join('?' * 11)})"  # noqa: S608 - question marks only
        await self._store.commit(lambda db: db.execute(sql, self._row(batch)))
        return batch

    def batches(self, *, open_only: bool = False) -> list[Batch]:
        """Those of the run, in the order in which they were made. Raises `StorageError` for a damaged row."""
        rows = self._store.rows("SELECT * FROM batches WHERE run=? ORDER BY number", (self.run,))
        for row in rows:
            if row[-1] != seal("batches", *row[:-1]):
                raise StorageError(f"{self._store.path}: batch {row[0]} is damaged; copy the file aside and start over")
        made = [Batch(row[0], *row[2:-1]) for row in rows]
        return [batch for batch in made if not open_only or batch.state != "collected"]

    def ids(self) -> set[str]:
        """Ids of batches that any run of the file knows."""
        return {row[0] for row in self._store.rows("SELECT id FROM batches WHERE id<>''")}

    def is_open(self, key: str) -> bool:
        """Whether a batch that is not collected asks it."""
        sql = "SELECT 1 FROM asked JOIN batches ON number=batch WHERE key=? AND run=? AND state<>'collected' LIMIT 1"
        return self._store.row(sql, (bytes.fromhex(key), self.run)) is not None

    def asked(self, batch: Batch) -> Iterator[tuple[str, Prompt]]:
        """All that a batch asks, in the order of its keys."""
        sql = "SELECT key, system, shared, body, ask FROM asked WHERE batch=? ORDER BY key"
        for row in self._store.rows(sql, (batch.number,)):
            yield row[0].hex(), self._prompt(batch, row)

    def prompt(self, batch: Batch, key: str) -> Prompt | None:
        """What the batch asks under that key; None when it does not."""
        try:
            raw = bytes.fromhex(key)
        except ValueError:
            return None
        sql = "SELECT key, system, shared, body, ask FROM asked WHERE batch=? AND key=?"
        row = self._store.row(sql, (batch.number, raw))
        return None if row is None or raw.hex() != key else self._prompt(batch, row)

    # What came back

    async def put(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """Notes outcomes, each with its attempt; one that this batch brought already is left as it is."""

        def work(db: sqlite3.Connection) -> None:
            for one in outcomes:
                self._put(db, batch, one)

        await self._store.commit(work)

    def unanswered(self, batch: Batch) -> list[str]:
        """Keys that a batch asks and that it brought nothing for."""
        sql = (
            "SELECT key FROM asked WHERE batch=? AND key NOT IN "
            "(SELECT key FROM came WHERE run=? AND batch=?) ORDER BY key"
        )
        return [row[0].hex() for row in self._store.rows(sql, (batch.number, self.run, batch.number))]

    def came(self, key: str) -> Came | None:
        """What came of a request; None when nothing did, or its row is damaged: then it is asked again."""
        row = self._store.row("SELECT * FROM came WHERE run=? AND key=?", (self.run, bytes.fromhex(key)))
        if row is None:
            return None
        batch, attempt, kind, status, detail, body, usd, again, tries, charged, sealed = row[2:]
        if sealed != seal("came", key, batch, status, detail, body):
            self.ledger.damaged_replies += 1
            return None
        reply = None if body is None else unpack_reply(body)
        return Came(batch, attempt, kind, status, detail, reply, usd, bool(again), tries, bool(charged))

    def post_kept(self, key: str, came: Came) -> None:
        """A reply that was read well becomes one like any other, in the next COMMIT."""
        raw = bytes.fromhex(key)
        body = b"" if came.reply is None else pack_reply(came.reply)
        sealed = seal("replies", key, body)

        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO replies VALUES (?,?,?)", (raw, body, sealed))
            db.execute("UPDATE came SET kind='kept' WHERE run=? AND key=?", (self.run, raw))

        self._store.post(work)

    def post_unread(self, key: str, came: Came, status: str, detail: str) -> None:
        """A reply that cannot be read is none: its attempt says so, in the next COMMIT."""
        raw = bytes.fromhex(key)

        def work(db: sqlite3.Connection) -> None:
            db.execute("UPDATE came SET kind='unread' WHERE run=? AND key=?", (self.run, raw))
            row = db.execute("SELECT * FROM attempts WHERE number=?", (came.attempt,)).fetchone()
            cells = (*row[1:8], status, detail, *row[10:-1])
            sql = "UPDATE attempts SET status=?, detail=?, seal=? WHERE number=?"
            db.execute(sql, (status, detail, seal("attempts", *cells), came.attempt))

        self._store.post(work)

    def post_charged(self, keys: Sequence[str]) -> None:
        """A verdict has their cost, in the next COMMIT, which is the verdict's own."""
        rows = [(self.run, bytes.fromhex(key)) for key in keys]
        self._store.post(lambda db: db.executemany("UPDATE came SET charged=1 WHERE run=? AND key=?", rows))

    async def flush(self) -> None:
        """Commits what was posted."""
        await self._store.commit(lambda db: None)

    async def forgive(self, tries: int) -> None:
        """What failed that often in an earlier process is tried anew: who starts a run again wants that."""
        sql = "UPDATE came SET tries=0 WHERE run=? AND kind='fault' AND again=1 AND tries>=?"
        await self._store.commit(lambda db: db.execute(sql, (self.run, tries)))

    async def add_strays(self, batch: Batch, rows: Sequence[tuple[str, str, bytes]]) -> None:
        """Keeps lines that belong to nothing, each as (kind, custom_id, line)."""
        made = [
            (batch.number, kind, one, hashlib.sha256(kind.encode() + line).digest(), line) for kind, one, line in rows
        ]
        sql = "INSERT OR IGNORE INTO strays VALUES (?,?,?,?,?)"
        await self._store.commit(lambda db: db.executemany(sql, made))

    def strays(self) -> list[tuple[str, str]]:
        """(kind, custom_id) of what was quarantined in this run."""
        sql = "SELECT kind, custom_id FROM strays JOIN batches ON number=batch WHERE run=? ORDER BY kind, custom_id"
        return [(str(row[0]), str(row[1])) for row in self._store.rows(sql, (self.run,))]

    def _row(self, batch: Batch) -> tuple[int | str | float | bytes, ...]:
        cells = (
            batch.number, self.run, batch.provider, batch.label, batch.n, float(batch.worst), batch.made, batch.id,
            batch.state, batch.detail,
        )  # fmt: skip
        return (*cells, seal("batches", *cells))

    def _prompt(self, batch: Batch, row: tuple[bytes, ...]) -> Prompt:
        prompt = unpack_parts([self.ledger._text(part) for part in row[1:]])
        if call_key(batch.provider, prompt.key) != row[0].hex():
            raise StorageError(f"{self._store.path}: a request of batch {batch.number} is damaged; start over")
        return prompt

    def _put(self, db: sqlite3.Connection, batch: Batch, one: Outcome) -> None:
        raw = bytes.fromhex(one.key)
        had = db.execute("SELECT batch, tries FROM came WHERE run=? AND key=?", (self.run, raw)).fetchone()
        if had is not None and had[0] == batch.number:
            return
        self.ledger._put_attempt(db, raw, batch.provider, pack_parts(one.prompt), one.attempt)
        number = db.execute("SELECT MAX(number) FROM attempts").fetchone()[0]
        status, detail = str(Status(one.attempt.status)), one.attempt.detail
        body = None if one.reply is None else pack_reply(one.reply)
        kind = "fault" if body is None else "new"
        tries = (had[1] if had else 0) + (body is None)
        sealed = seal("came", one.key, batch.number, status, detail, body)
        cells = (batch.number, number, kind, status, detail, body, one.attempt.usd, int(one.again), tries, 0, sealed)
        db.execute(f"INSERT OR REPLACE INTO came VALUES ({','.join('?' * 13)})", (self.run, raw, *cells))  # noqa: S608


@dataclass(frozen=True, slots=True)
class Shelved:
    """What a run has with batch APIs, counted."""

    unsent: int
    """Batches that are noted and not with their provider, or not known to be."""
    waiting: int
    """Batches with their provider."""
    collected: int
    requests_waiting: int
    """Requests of the unsent and the waiting."""
    requests_collected: int
    requeued: int
    """Requests that went out once more, each time counted."""
    quarantined: int
    """Lines of results that belong to nothing."""


def shelved(store: Store, run: int) -> Shelved | None:
    """None for a run that never made a batch. Only reads, and checks no seal."""
    if store.row("SELECT 1 FROM sqlite_master WHERE name='batches'") is None:
        return None
    sums = """SELECT COALESCE(SUM(state<>'collected' AND id=''), 0), COALESCE(SUM(state<>'collected' AND id<>''), 0),
        COALESCE(SUM(state='collected'), 0), COALESCE(SUM(n*(state<>'collected')), 0),
        COALESCE(SUM(n*(state='collected')), 0) FROM batches WHERE run=?"""
    again = "SELECT COUNT(*)-COUNT(DISTINCT key) FROM asked JOIN batches ON number=batch WHERE run=?"
    strays = "SELECT COUNT(*) FROM strays JOIN batches ON number=batch WHERE run=?"
    cells = [int(cell) for sql in (sums, again, strays) for cell in store.row(sql, (run,)) or ()]
    found = Shelved(*cells)
    return found if found.unsent + found.waiting + found.collected else None
