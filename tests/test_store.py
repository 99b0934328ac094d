"""Failing statements, full disks, cut logs and flipped bits: nothing acknowledged is lost, nothing wrong is served."""

import asyncio
import dataclasses
import random
import sqlite3
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.errors import RecjudgeError, StorageError
from recjudge.judge.ledger.ledger import Ledger
from recjudge.judge.ledger.rows import InputRow, Listed
from recjudge.judge.ledger.sealing import seal, seal_input, seal_verdict
from recjudge.judge.providers.base import Reply
from recjudge.judge.records import Status, digest

from kept import KEY, OK, PROMPT, REPLY, WHO, add_replies, index, key_of, prompt, rows


class Counting(sqlite3.Connection):
    """Counts statements."""

    seen: list[str] = []  # noqa: RUF012 - shared by the connections of one test on purpose

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self.seen.append(sql.split()[0])
        return super().execute(sql, *values)


def test_waiters_of_one_moment_share_one_commit(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO, connect=partial(sqlite3.connect, factory=Counting)) as ledger:
        Counting.seen.clear()
        asyncio.run(add_replies(ledger, range(64)))
        assert Counting.seen.count("COMMIT") <= 2


def test_a_full_disk_stops_every_waiter_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "a.db", WHO)
    ledger._store.now(lambda db: db.execute("PRAGMA max_page_count=60"))
    acknowledged: list[int] = []

    async def add(i: int) -> None:
        await ledger.add_reply(key_of(i), "scripted", prompt(i), Reply("long " * 400), OK)
        acknowledged.append(i)

    async def fill() -> list[object]:
        results: list[object] = []
        for start in range(0, 400, 8):
            results += await asyncio.gather(*map(add, range(start, start + 8)), return_exceptions=True)
        return results

    failed = [result for result in asyncio.run(fill()) if result is not None]
    ledger.close()
    assert acknowledged
    assert {type(error) for error in failed} == {StorageError}
    assert "free some space" in str(failed[0])
    assert len(failed) + len(acknowledged) == 400
    with Ledger.open(tmp_path / "a.db", WHO) as again:
        assert [i for i in range(400) if again.reply(key_of(i))] == acknowledged


class Failing(sqlite3.Connection):
    """Fails its n-th statement, before or after SQLite has done it."""

    left = 0
    after = False

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._fail(super().execute, sql, *values)

    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._fail(super().executemany, sql, *values)

    def _fail(self, act: Callable[..., sqlite3.Cursor], sql: str, *values: Any) -> sqlite3.Cursor:
        Failing.left -= 1
        if Failing.left != 0:
            return act(sql, *values)
        if Failing.after:
            act(sql, *values)
        raise sqlite3.OperationalError("disk I/O error")


def play(path: Path, acknowledged: set[str], **how: Any) -> None:
    """A small run; `acknowledged` gets a name for each thing the ledger said it has."""
    n = 6
    with Ledger.open(path, WHO, **how) as ledger:
        if ledger.given() is None:
            index(ledger, n)
        acknowledged.add("input")

        async def judge(row: InputRow) -> None:
            if ledger.reply(key_of(row.seq)) is None:
                await ledger.add_attempt(
                    key_of(row.seq), "scripted", prompt(row.seq), dataclasses.replace(OK, status="timeout")
                )
                await ledger.add_reply(key_of(row.seq), "scripted", prompt(row.seq), Reply(f"reply {row.seq}"), OK)
            acknowledged.add(f"reply {row.seq}")
            await ledger.add_verdict(row.key, Status.OK, "Bad", b"%d" % row.seq)
            acknowledged.add(f"verdict {row.seq}")

        async def all_of_them() -> None:
            todo = [row for row in ledger.inputs() if not ledger.has_verdict(row.key)]
            for start in range(0, len(todo), 3):
                await asyncio.gather(*map(judge, todo[start : start + 3]))

        asyncio.run(all_of_them())


def held(path: Path) -> set[str]:
    """What the file holds, by the same names."""
    with Ledger.open(path, WHO) as ledger:
        found = {f"reply {i}" for i in range(6) if ledger.reply(key_of(i)) == Reply(f"reply {i}", cached=True)}
        if ledger.given() is not None:
            assert list(ledger.inputs()) == rows(6)
            found |= {"input"} | {f"verdict {int(judged.body)}" for judged in ledger.verdicts()}
        return found


@pytest.mark.parametrize("after", [False, True])
def test_whichever_statement_fails_nothing_acknowledged_is_lost_and_nothing_is_half(
    tmp_path: Path, after: bool
) -> None:
    for n in count(1):
        path = tmp_path / f"{n}.db"
        Failing.left, Failing.after = n, after
        acknowledged: set[str] = set()
        try:
            play(path, acknowledged, connect=partial(sqlite3.connect, factory=Failing))
            break
        except StorageError:
            assert acknowledged <= held(path)
        play(path, acknowledged)
        assert held(path) == {"input", *(f"{what} {i}" for what in ("reply", "verdict") for i in range(6))}
    assert n > 40


def cut_logs(tmp_path: Path, trials: int) -> None:
    made = tmp_path / "made"
    made.mkdir()
    ledger = Ledger.open(made / "a.db", WHO)
    index(ledger, 40)
    for i in range(40):
        asyncio.run(ledger.add_verdict(digest(i), "ok", "Bad", b"%d" % i))
    whole, log = (made / "a.db").read_bytes(), (made / "a.db-wal").read_bytes()
    ledger.close()
    rng = random.Random(7)
    lengths = set()
    for trial in range(trials):
        torn = log[: rng.randrange(len(log) + 1)]
        if trial % 2:
            torn = torn[:-4096] + rng.randbytes(min(4096, len(torn)))
        path = tmp_path / "cut.db"
        path.write_bytes(whole)
        Path(f"{path}-wal").write_bytes(torn)
        with Ledger.open(path, WHO) as cut:
            bodies = [int(judged.body) for judged in cut.verdicts()]
        assert bodies == list(range(len(bodies)))
        checking = sqlite3.connect(path)
        assert checking.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        checking.close()
        path.unlink()
        lengths.add(len(bodies))
    assert len(lengths) > min(trials, 40) / 3


def test_a_log_cut_anywhere_leaves_a_prefix_of_what_was_committed(tmp_path: Path) -> None:
    cut_logs(tmp_path, 60)


@pytest.mark.slow
def test_a_thousand_cut_logs_leave_prefixes(tmp_path: Path) -> None:
    cut_logs(tmp_path, 1000)


def flip_bits(tmp_path: Path, trials: int) -> None:
    made, path = tmp_path / "made.db", tmp_path / "flipped.db"
    play(made, set())
    whole = made.read_bytes()
    rng = random.Random(11)
    noticed = 0
    for _ in range(trials):
        at = rng.randrange(len(whole) * 8)
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        path.write_bytes(flipped)
        noticed += read_flipped(path)
    assert noticed > trials / 50


def read_flipped(path: Path) -> bool:
    """Reads all there is to read; True when damage was noticed. Fails on any value that was not put in."""
    try:
        with Ledger.read(path) as ledger:
            assert ledger.identity == WHO
            for i in range(6):
                assert ledger.reply(key_of(i)) in (None, Reply(f"reply {i}", cached=True))
                call = ledger.call(key_of(i))
                assert call is None or (call.prompt, call.provider) == (prompt(i), "scripted")
            for judged in ledger.verdicts():
                assert judged.body == b"%d" % judged.seq
                assert judged.id == f"id{judged.seq}"
            assert list(ledger.listed()) == [Listed("in.jsonl:9", "output", "is missing", "add it")]
            totals = ledger.totals()
            assert totals.damaged or (totals.attempts, totals.usd, totals.tokens_in) == (12, 3.0, 1200)
            return bool(ledger.damaged_replies or totals.damaged)
    except RecjudgeError:
        return True
    finally:
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)


def test_a_flipped_bit_never_changes_a_value_that_is_served(tmp_path: Path) -> None:
    flip_bits(tmp_path, 300)


@pytest.mark.slow
def test_four_thousand_flipped_bits_change_no_value(tmp_path: Path) -> None:
    flip_bits(tmp_path, 4000)


def test_a_damaged_reply_is_dropped_counted_and_can_be_had_again(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        asyncio.run(ledger.add_reply(KEY, "scripted", PROMPT, REPLY, OK))
        ledger._store.now(lambda db: db.execute("UPDATE replies SET body=replace(body, 'model-1', 'model-2')"))
        assert ledger.reply(KEY) is None
        assert ledger.damaged_replies == 1
        asyncio.run(ledger.add_reply(KEY, "scripted", PROMPT, REPLY, OK))
        assert ledger.reply(KEY) is not None


def test_a_damaged_verdict_stops_with_its_name(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        index(ledger, 1)
        asyncio.run(ledger.add_verdict(digest(0), "ok", "Bad", b"{}"))
        ledger._store.now(lambda db: db.execute("UPDATE verdicts SET grade='Superior'"))
        with pytest.raises(StorageError, match=r"the verdict on 'id0' \(in.jsonl:1\) is damaged"):
            list(ledger.verdicts())


CELLS = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary() | st.floats(allow_nan=False))


@settings(max_examples=300)
@given(CELLS, CELLS)
def test_rows_with_one_seal_are_one_row(one: list[Any], other: list[Any]) -> None:
    assert (seal(*one) == seal(*other)) == (list(map(repr, one)) == list(map(repr, other)))


@pytest.mark.parametrize("group", [None, "", "u1", "\u00e9", "\udc80"])
@pytest.mark.parametrize("record", [None, b"{}"])
@pytest.mark.parametrize("place", ["p:1", 7, None])
def test_the_quick_seal_of_an_input_is_the_plain_one(group, record, place):
    row = (1, 5, "a" * 64, 'x"1', place, "sample", group, record)
    assert seal_input(row) == seal("inputs", *row)


@pytest.mark.parametrize("body", [b"", b"{}", "{}", None])
@pytest.mark.parametrize(("status", "grade"), [("ok", "Bad"), ("timeout", None)])
def test_the_quick_seal_of_a_verdict_is_the_plain_one(status, grade, body):
    row = (1, bytes(32), status, grade, body)
    assert seal_verdict(row) == seal("verdicts", *row)
