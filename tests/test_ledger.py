"""What the ledger has acknowledged it keeps, and what it gives back is what was put in."""

import asyncio
import dataclasses
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from recjudge.errors import LockedError, RunMismatch, StorageError, UsageError
from recjudge.judge.ledger.ledger import Ledger
from recjudge.judge.ledger.rows import Attempt, InputRow
from recjudge.judge.providers.base import Prompt, Question
from recjudge.judge.records import Status, digest

from kept import COLUMNS, KEY, OK, PROMPT, REPLY, WHO, add_replies, index, key_of, prompt, rows


def test_a_stored_reply_comes_back_whole_and_marked_as_cached(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        assert ledger.reply(KEY) is None
        asyncio.run(ledger.add_reply(KEY, "scripted", PROMPT, REPLY, OK))
        assert ledger.reply(KEY) == dataclasses.replace(REPLY, cached=True)


def test_a_call_is_shown_as_it_was_sent_with_every_attempt(tmp_path: Path) -> None:
    failed = Attempt("timeout", "2026-01-01T00:00:00+00:00", 120.0, "silence", usd_at_most=0.5)
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        asyncio.run(ledger.add_attempt(KEY, "scripted", PROMPT, failed))
        asyncio.run(ledger.add_reply(KEY, "scripted", PROMPT, REPLY, OK))
    with Ledger.read(tmp_path / "a.db") as ledger:
        by_prompt, by_call = ledger.call(PROMPT.key), ledger.call(KEY)
    assert by_prompt == by_call
    assert by_call.prompt == PROMPT
    assert by_call.prompt.key == PROMPT.key
    assert by_call.provider == "scripted"
    assert by_call.attempts == [failed, OK]


def test_every_field_of_a_prompt_is_stored_and_changes_the_key() -> None:
    from recjudge.judge.ledger.rows import pack_parts, unpack_parts

    other = Prompt(
        "s", "c", "b", "q", {"x": 1}, "name", "key", ("l",), 7, (Question("n", "t", (("bad", "w"), ("good", "w"))),)
    )
    plain = Prompt("", "", "", "")
    for field in dataclasses.fields(Prompt):
        changed = dataclasses.replace(plain, **{field.name: getattr(other, field.name)})
        back = unpack_parts([part.encode() if isinstance(part, str) else part for part in pack_parts(changed)])
        assert back == changed
        assert (changed.key != plain.key) == (field.name != "accept")


def test_texts_that_prompts_share_are_stored_once(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        asyncio.run(add_replies(ledger, range(10)))
    assert sqlite3.connect(tmp_path / "a.db").execute("SELECT count(*) FROM texts").fetchone() == (3 + 10,)


def test_the_same_identity_goes_on_and_another_is_refused_with_the_difference(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as first, pytest.raises(LockedError):
        Ledger.open(first.path, WHO)
    with Ledger.open(tmp_path / "a.db", dict(reversed(WHO.items()))) as again:
        assert again.run == first.run
    with pytest.raises(RunMismatch, match=r"rubric: text@1 -> text@2\n  seed: \(none\) -> 1"):
        Ledger.open(tmp_path / "a.db", {**WHO, "rubric": "text@2", "seed": "1"})


def test_a_fork_is_a_new_run_that_shares_replies_and_no_verdicts(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        asyncio.run(ledger.add_reply(KEY, "scripted", PROMPT, REPLY, OK))
        asyncio.run(ledger.add_verdict(digest(0), Status.OK, "Bad", b"{}"))
    with Ledger.open(tmp_path / "a.db", {**WHO, "rubric": "text@2"}, fork=True) as fork:
        assert fork.run == 2
        assert fork.identity["rubric"] == "text@2"
        assert fork.reply(KEY) is not None
        assert not fork.has_verdict(digest(0))
        assert fork.totals().attempts == 0
    with pytest.raises(RunMismatch):
        Ledger.open(tmp_path / "a.db", WHO)


def test_a_second_process_is_told_who_owns_the_run_and_the_lock_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    script = "import sys; from pathlib import Path; from recjudge.judge.ledger.ledger import Ledger;"
    script += f"Ledger.open(Path(sys.argv[1]), {WHO!r})"
    with Ledger.open(path, WHO):
        done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    assert f"process {os.getpid()} owns this run" in done.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.db"]


def test_a_reader_sees_what_is_committed_while_the_owner_writes(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        index(ledger, 3)
        asyncio.run(ledger.add_verdict(digest(1), "ok", "Bad", b"one"))
        with Ledger.read(tmp_path / "a.db") as reader:
            assert [judged.body for judged in reader.verdicts()] == [b"one"]
            with pytest.raises(StorageError, match="opened to be read only"):
                reader.start_input()


def test_only_the_owner_of_the_machine_may_read_a_ledger(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO):
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("place", ["missing/a.db", "folder", "file/a.db"])
def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=str(tmp_path / place)):
        Ledger.open(tmp_path / place, WHO)


def test_files_of_other_programs_and_releases_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, and longer than a header of one" * 10)
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE t(x)")
    with Ledger.open(tmp_path / "old.db", WHO):
        pass
    old = sqlite3.connect(tmp_path / "old.db")
    old.execute("PRAGMA user_version=0")
    old.close()
    for name, words in (("text", "not a database"), ("other", "another program"), ("old", "an older release")):
        with pytest.raises(StorageError, match=words):
            Ledger.open(tmp_path / f"{name}.db", WHO)
        with pytest.raises(StorageError, match=words):
            Ledger.read(tmp_path / f"{name}.db")


def test_reading_what_is_not_there_names_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        Ledger.read(tmp_path / "a.db")


def test_an_index_that_was_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        index(ledger, 3)
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        ledger.start_input()
        ledger.add_inputs(rows(2))
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        assert list(ledger.inputs()) == rows(3)
        assert (ledger.given().sha256, ledger.given().n_in, ledger.given().n_listed) == ("sha", 4, 1)
        assert [one.place for one in ledger.listed()] == ["in.jsonl:9"]


def test_an_error_among_the_rows_of_the_input_ends_the_index_and_is_raised_as_it_is(tmp_path: Path) -> None:
    def broken() -> Iterator[InputRow]:
        yield rows(1)[0]
        raise UsageError("line 2")

    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        ledger.start_input()
        with pytest.raises(UsageError, match="line 2"):
            ledger.add_inputs(broken())
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        assert list(ledger.inputs()) == []
        assert ledger.given() is None


def test_ids_that_stand_for_different_content_are_found_and_identical_rows_are_not(tmp_path: Path) -> None:
    same = [
        InputRow(0, digest(0), "a", "in:1"),
        InputRow(1, digest(0), "a", "in:2"),
        InputRow(2, digest(1), "b", "in:3"),
    ]
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        ledger.start_input()
        ledger.add_inputs([*same, InputRow(3, digest(2), "b", "in:4"), InputRow(4, digest(3), "b", "", "set")])
        ledger.finish_input("sha", 5)
        assert ledger.conflicts() == [("b", ["in:3", "in:4"])]


def test_verdicts_come_in_input_order_and_duplicates_share_one(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        ledger.start_input()
        ledger.add_inputs([*rows(3), InputRow(3, digest(0), "id0", "in.jsonl:4")])
        ledger.finish_input("sha", 4)
        for i in (2, 0):
            asyncio.run(ledger.add_verdict(digest(i), Status.OK, "Bad", b"%d" % i))
        assert [(judged.seq, judged.place, judged.body) for judged in ledger.verdicts()] == [
            (0, "in.jsonl:1", b"0"),
            (2, "in.jsonl:3", b"2"),
            (3, "in.jsonl:4", b"0"),
        ]
        assert ledger.standing([row.key for row in rows(3)]) == {digest(0), digest(2)}
        assert ledger.n_verdicts() == 2


def test_a_verdict_of_a_passing_failure_is_had_again_and_replaced(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        index(ledger, 1)
        asyncio.run(ledger.add_verdict(digest(0), Status.TIMEOUT, None, b"late"))
        assert not ledger.has_verdict(digest(0))
        assert ledger.has_verdict(digest(0), again=frozenset())
        asyncio.run(ledger.add_verdict(digest(0), Status.OK, "Bad", b"good"))
        assert ledger.has_verdict(digest(0))
        assert [judged.body for judged in ledger.verdicts()] == [b"good"]


@pytest.mark.parametrize(("status", "grade"), [("ok", None), ("timeout", "Bad"), ("fine", "Bad")])
def test_a_grade_goes_with_status_ok_and_nothing_else(tmp_path: Path, status: str, grade: str | None) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        with pytest.raises(ValueError, match=r"grade|fine"):
            asyncio.run(ledger.add_verdict(digest(0), status, grade, b"{}"))
        asyncio.run(ledger.add_verdict(digest(1), "ok", "Bad", b"{}"))
    with sqlite3.connect(tmp_path / "a.db") as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(f"INSERT INTO verdicts({COLUMNS}) VALUES (1, x'00', ?, ?, x'', x'')", (status, grade))


def test_totals_add_up_over_processes_and_tell_failures_apart(tmp_path: Path) -> None:
    failed = Attempt("timeout", "2026-01-01T00:00:00+00:00", 1.0, usd_at_most=0.5)
    for i in range(2):
        with Ledger.open(tmp_path / "a.db", WHO) as ledger:
            asyncio.run(ledger.add_reply(key_of(i), "scripted", prompt(i), REPLY, OK))
            asyncio.run(ledger.add_attempt(key_of(i), "scripted", prompt(i), failed))
    totals = Ledger.read(tmp_path / "a.db").totals()
    assert (totals.attempts, totals.calls, totals.tokens_in, totals.tokens_cached, totals.tokens_out) == (
        4,
        2,
        200,
        20,
        10,
    )
    assert (totals.usd, totals.usd_at_most, totals.by_status, totals.damaged) == (0.5, 1.5, {"ok": 2, "timeout": 2}, 0)


def test_what_a_cancelled_caller_had_to_say_is_in_the_ledger(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a.db", WHO) as ledger:
        ledger.post_attempt(KEY, "scripted", PROMPT, dataclasses.replace(OK, status="interrupted"))
    assert Ledger.read(tmp_path / "a.db").totals().by_status == {"interrupted": 1}
