"""A run that stopped, or is over: what its ledger keeps so that the next call has little to do, and what it checks."""

from __future__ import annotations

import io
import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from recjudge import Options, score, summarise
from recjudge.errors import StorageError
from recjudge.judge import Ledger, Scored, ledger_path
from recjudge.judge.counts import Values
from recjudge.judge.indexing import Indexing
from recjudge.judge.reading.listing import KEPT, listing
from recjudge.judge.reading.problems import Problem
from recjudge.reports import as_json, print_summary
from rich.console import Console

from plain_judges import Plain
from programs import ending

EXAMPLES = Path(__file__).parent.parent / "examples" / "outputs.jsonl"


def shown(summary: Any) -> str:
    page = io.StringIO()
    print_summary(Console(file=page, width=120), summary)
    return page.getvalue() + json.dumps(as_json(summary))


def run(folder: Path, judge: Any = "local/prior", **more: Any) -> Scored:
    return score(EXAMPLES, judge, out=folder / "o.verdicts.jsonl", options=Options(engine="here", **more))


def edit(out: Path, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(ledger_path(out))) as db, db:
        db.execute(sql, values)


def test_the_summary_is_the_same_counted_as_written_kept_counted_again_or_made_of_the_verdicts(tmp_path: Path) -> None:
    first = run(tmp_path)
    said = shown(summarise(first))
    assert "Worst samples" in said
    assert "near_duplicate_share" in said
    assert said == shown(summarise(iter(first))) == shown(summarise(run(tmp_path)))
    edit(first.path, "UPDATE counted SET totals = X'00'")
    again = run(tmp_path)
    assert (shown(summarise(again)), again.totals) == (said, first.totals)


def test_a_ledger_of_an_earlier_release_opens_and_goes_on(tmp_path: Path) -> None:
    first = run(tmp_path, Plain())
    written = first.path.read_bytes()
    first.path.unlink()
    for table in ("finished", "counted", "indexed"):
        edit(first.path, f"DROP TABLE {table}")
    with Ledger.read(ledger_path(first.path)) as ledger:
        assert ledger.finished() is None
    again = run(tmp_path, Plain())
    assert (again.complete, again.path.read_bytes()) == (True, written)


def test_a_damaged_verdict_is_an_error_that_names_it_when_the_file_is_written(tmp_path: Path) -> None:
    first = run(tmp_path, Plain())
    line = json.loads(first.path.read_bytes().splitlines()[3])
    name, key = line["id"], line["key"]
    first.path.unlink()
    edit(first.path, "UPDATE verdicts SET body = CAST(body || ' ' AS BLOB) WHERE key = ?", bytes.fromhex(key))
    with pytest.raises(StorageError, match=f"the verdict on '{name}' .* is damaged"):
        run(tmp_path, Plain())
    assert not first.path.exists()


@pytest.mark.parametrize("left", [None, b"", b"{}"])
def test_a_finished_file_that_was_lost_or_changed_is_written_again_without_reading_the_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: bytes | None
) -> None:
    first = run(tmp_path, Plain())
    written, said = first.path.read_bytes(), shown(summarise(first))
    first.path.unlink() if left is None else first.path.write_bytes(left)
    monkeypatch.setattr(Indexing, "go", None)
    again = run(tmp_path, Plain())
    assert (again.complete, again.path.read_bytes(), shown(summarise(again))) == (True, written, said)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_the_index_is_left_alone_as_long_as_the_input_is_read_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    start = Ledger.start_input
    monkeypatch.setattr(Ledger, "start_input", lambda self: (made.append(1), start(self)))
    first = run(tmp_path, Plain())
    written = first.path.read_bytes()
    for _ in range(2):
        first.path.unlink()
        edit(first.path, "DELETE FROM finished")
        assert run(tmp_path, Plain()).path.read_bytes() == written
    assert len(made) == 1
    assert len(list(run(tmp_path, Plain(), limit=2))) < len(list(written.splitlines()))
    edit(first.path, "UPDATE indexed SET rows = 'other'")
    edit(first.path, "DELETE FROM finished")
    first.path.unlink()
    assert run(tmp_path, Plain()).path.read_bytes() == written
    assert len(made) == 3


def test_problems_are_a_sequence_however_many_there_are(tmp_path: Path) -> None:
    made = [Problem(f"in\udcff:{n}", "output", "is empty", f"mend {n}") for n in range(2 * KEPT + 7)]
    few, many = listing(made[:5]), listing(made)
    assert few == tuple(made[:5])
    assert list(many) == made
    assert len(many) == len(made)
    assert (many[KEPT + 3], many[-1], many[KEPT - 2 : KEPT + 2]) == (
        made[KEPT + 3], made[-1], tuple(made[KEPT - 2 : KEPT + 2]),
    )  # fmt: skip
    with pytest.raises(IndexError):
        many[len(made)]


def test_as_many_unreadable_records_as_there_are_come_back_from_a_run_and_from_its_end(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "in.verdicts.jsonl"
    rows = [{"id": "good", "task": "text", "output": "A text."}] + [{"id": str(n)} for n in range(KEPT + 9)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = [score(source, Plain(), out=out, options=Options(skip_invalid=True)) for _ in range(2)]
    assert [len(done.problems) for done in found] == [KEPT + 9] * 2
    assert list(found[0].problems) == list(found[1].problems)
    assert found[0].problems[-1].place == f"in.jsonl:{KEPT + 10}"


def test_the_median_of_many_values_is_exact() -> None:
    values = Values()
    for n in range(200_001):
        values.add(round((n * 7919 % 200_003) / 200_003, 6))
    plain = sorted(round((n * 7919 % 200_003) / 200_003, 6) for n in range(200_001))
    spread = values.spread
    assert (spread.n, spread.median, spread.least, spread.most) == (200_001, plain[100_000], plain[0], plain[-1])


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_in_processes_that_is_stopped_half_way_ends_with_the_same_bytes(
    tmp_path: Path, sent: signal.Signals, status: int
) -> None:
    sys.path.insert(0, str(EXAMPLES.parent.parent / "benchmarks"))
    from embedded_speed import explanations

    source, out = tmp_path / "in.jsonl", tmp_path / "in.verdicts.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in explanations(1500, 2)))
    words = ["score", str(source), "--judge", "local/prior", "--processes", "2", "--json"]
    command = [sys.executable, "-c", "import sys; from recjudge.cli import main; sys.exit(main())", *words]
    with ending(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)) as process:
        kept = 0
        while kept < 256 and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
            kept = n_verdicts(out)
        process.send_signal(sent)
        assert process.wait(60) == status
    assert 256 <= n_verdicts(out) < 1500 + 525
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    whole = score(source, "local/prior", out=tmp_path / "other.verdicts.jsonl", options=Options(engine="here"))
    assert out.read_bytes() == whole.path.read_bytes()


def n_verdicts(out: Path) -> int:
    with suppress(Exception), Ledger.read(ledger_path(out)) as ledger:
        return ledger.n_verdicts()
    return 0
