"""A sharded run without a cluster: what is cut, what is done again, what is looked up across shards."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import fsspec
import pytest
from recjudge.cli import main
from recjudge.errors import InputError, UsageError
from recjudge.judge import (
    EVENTS,
    EventLog,
    Options,
    Sample,
    Scored,
    Scripted,
    Verdict,
    encode_verdict,
    load_judge,
    read_verdicts,
    score,
    shipped,
)
from recjudge.judge.cluster import Cluster, verdict_files
from recjudge.judge.cluster.folder import Folder
from recjudge.judge.cluster.ids import Reading, refuse_conflicts
from recjudge.judge.cluster.pieces import find, numbered, survey
from recjudge.judge.cluster.shard import Order, checkpoint
from recjudge.judge.cluster.sharded import _Run, score_sharded
from recjudge.judge.cluster.workers import OneByOne
from recjudge.judge.judges import identity
from recjudge.judge.panel import Judge

from makers import rubric, said
from plain_judges import Plain

ROOT = Path(__file__).parent.parent
ASKED: list[str] = []
"""Ids of the samples that `Counting` was asked for."""


@dataclass
class Counting(Plain):
    async def judge(self, sample: Sample) -> Verdict:
        ASKED.append(sample.id)
        return await super().judge(sample)


def answer(prompt: Any) -> dict[str, Any]:
    return said("good")


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"s{number}", "task": "text", "output": f"Text {number}.", "group": f"g{number % 3}"} | more


def written(path: Path, rows: list[dict[str, Any]], end: str = "\n") -> Path:
    path.write_bytes("".join(json.dumps(one) + end for one in rows).encode())
    return path


def sharded(source: Any, out: Any, judge: Any = None, size: int = 300, **more: Any) -> Scored:
    options = Options(engine="ray", cluster=Cluster(shard_size=size), **more)
    return score_sharded(str(source), judge or Counting(), out=out, options=options, workers=OneByOne())


def lines(verdicts: Any) -> list[bytes]:
    return [encode_verdict(verdict) for verdict in verdicts]


@pytest.mark.parametrize(
    "text", ["a\nbb\n\nccc\n", "a\r\nbb\r\nccc", "\n\na\n", "a\rb\ncc\r\n", "aaaaaaaaaaaaaaaaaa\nb"]
)
def test_wherever_a_file_is_cut_every_line_is_read_once_and_keeps_its_number(tmp_path: Path, text: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(text.replace("a", "1").replace("b", "2").replace("c", "3").encode())

    def seen(size: int) -> list[tuple[int, Any]]:
        pieces = numbered(part for piece in find(str(file), size) for part in survey(piece, size))
        return [(row.number, row.value) for piece in pieces for row in piece.rows()]

    assert seen(1000)
    assert all(seen(size) == seen(1000) for size in range(1, len(text) + 2))


def test_shards_together_give_the_verdicts_of_one_run_byte_by_byte(tmp_path: Path) -> None:
    source = ROOT / "examples" / "outputs.jsonl"
    judge = load_judge("local/prior")
    whole = score(source, judge, out=tmp_path / "whole.verdicts.jsonl")
    parts = sharded(source, tmp_path / "parts", judge, 40_000)
    assert len(list(verdict_files(tmp_path / "parts"))) > 2
    assert lines(parts) == lines(whole)
    assert any(verdict.kind == "set" for verdict in parts)
    assert (parts.n_records, parts.complete) == (whole.n_records, True)


def test_a_folder_of_packed_and_parquet_shards_keeps_places_and_ids(tmp_path: Path) -> None:
    import pandas as pd

    for kind in ("gz", "parquet"):
        folder = tmp_path / kind
        folder.mkdir()
        for part in range(2):
            rows = [{key: cell for key, cell in row(10 * part + n).items() if key != "id"} for n in range(6)]
            if kind == "gz":
                (folder / f"part-{part}.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
            else:
                pd.DataFrame(rows).to_parquet(folder / f"part-{part}.parquet", row_group_size=2)
        whole = score(folder, Counting(), out=tmp_path / f"{kind}.verdicts.jsonl")
        parts = sharded(folder, tmp_path / f"{kind}-parts", size=1)
        assert lines(parts) == lines(whole)
        assert len(list(verdict_files(tmp_path / f"{kind}-parts"))) == (3 if kind == "gz" else 7)


def test_input_and_output_may_lie_in_any_file_system(tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", [row(n) for n in range(12)])
    with fsspec.open("memory://cluster/in.jsonl", "wb") as copy:
        copy.write(file.read_bytes())
    done = sharded("memory://cluster/in.jsonl", "memory://cluster/out")
    assert done.path == "memory://cluster/out"
    near = sharded(file.as_uri(), (tmp_path / "out").as_uri())
    assert lines(done) == lines(near) == lines(read_verdicts("memory://cluster/out"))


def test_a_rerun_judges_only_what_is_missing(tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", [row(n) for n in range(12)])
    first = lines(sharded(file, tmp_path / "out"))
    ASKED.clear()
    assert lines(sharded(file, tmp_path / "out")) == first
    assert ASKED == []
    for name in ("in-00001.done.json", "in-00001.verdicts.jsonl", "in-00001.verdicts.db"):
        (tmp_path / "out" / name).unlink()
    again = sharded(file, tmp_path / "out")
    assert lines(again) == first
    assert 0 < len(ASKED) < 12
    written(file, [row(n) for n in range(14)])
    ASKED.clear()
    assert len([one for one in sharded(file, tmp_path / "out") if one.kind == "sample"]) == 14
    assert {"s12", "s13"} <= set(ASKED)
    assert "s0" not in ASKED


def test_another_judge_judges_every_shard_anew(tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", [row(n) for n in range(6)])
    sharded(file, tmp_path / "out")
    with pytest.raises(UsageError, match="judge: plain -> other"):
        sharded(file, tmp_path / "out", Counting("other"))
    done = sharded(file, tmp_path / "out", Counting("other"), fork=True)
    assert {verdict.judge for verdict in done} == {"other"}


def test_a_lost_worker_goes_on_from_the_copy_of_its_ledger(tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", [row(n) for n in range(6)])
    sharded(file, tmp_path / "out", size=10_000)
    store = Folder("memory://lost/out")
    store.make()
    checkpoint(tmp_path / "out" / "in.verdicts.db", store)
    ASKED.clear()
    done = sharded(file, store.url, size=10_000)
    assert ASKED == []
    assert lines(done) == lines(read_verdicts(tmp_path / "out"))


def test_an_id_for_two_samples_in_two_shards_is_an_error_with_both_places(tmp_path: Path) -> None:
    rows = [row(n) for n in range(12)]
    file = written(tmp_path / "in.jsonl", [*rows, row(0, output="Another text.")])
    with pytest.raises(InputError, match=r"in.jsonl:1, in.jsonl:13: 'id' 's0' stands for different samples"):
        sharded(file, tmp_path / "out")
    pieces = numbered(part for piece in find(str(file), 300) for part in survey(piece, 300))
    reading = Reading(str(tmp_path / "out"), shipped())
    with pytest.raises(InputError, match=r"(?s)'s0'.*; mend"):
        refuse_conflicts(Folder(str(tmp_path / "out")), pieces, reading, "mend", most=2)
    written(file, [*rows, row(0)])
    assert len([one for one in sharded(file, tmp_path / "out") if one.id == "s0"]) == 2


def test_what_would_refuse_the_input_is_found_in_all_shards_before_a_call_is_paid(tmp_path: Path) -> None:
    rows, provider = [row(n) for n in range(12)], Scripted(answer)
    file = written(tmp_path / "in.jsonl", [*rows, row(0, output="Another text.")])
    judge = Judge.of(provider, rubric())
    with pytest.raises(InputError, match=r"(?s)in.jsonl:1, in.jsonl:13: 'id' 's0'.*nothing was asked yet"):
        sharded(file, tmp_path / "out", judge)
    written(file, [*rows, {"id": "x", "task": "text"}])
    with pytest.raises(InputError, match=r"(?s)in.jsonl:13: 'output' is missing.*nothing was judged"):
        sharded(file, tmp_path / "out", judge)
    assert provider.prompts == []
    assert sharded(file, tmp_path / "out", judge, skip_invalid=True).complete
    written(file, [*rows, {"id": "x", "task": "text"}, row(1, output="A third text.")])
    with pytest.raises(InputError, match=r"in.jsonl:2, in.jsonl:14: 'id' 's1'"):
        sharded(file, tmp_path / "out", judge, skip_invalid=True)


def test_a_bad_record_is_named_with_its_line_in_the_whole_file(tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", [*(row(n) for n in range(12)), {"id": "x", "task": "text"}])
    with pytest.raises(InputError, match=r"in.jsonl:13: 'output' is missing"):
        sharded(file, tmp_path / "out")
    done = sharded(file, tmp_path / "out", skip_invalid=True)
    assert ([problem.place for problem in done.problems], done.n_records) == (["in.jsonl:13"], 13)


def test_calls_in_flight_and_dollars_are_shared_out(tmp_path: Path) -> None:
    judge = Judge.of(Scripted(answer), rubric())
    options = Options(concurrency=16, max_cost=8.0, cluster=Cluster(shard_size=300))
    run = _Run("in", judge, Folder(str(tmp_path)), None, {}, options, None)
    piece = find(str(written(tmp_path / "in.jsonl", [row(0)])), 300)[0]
    orders = [Order(str(n), piece, "", options, identity(judge)) for n in range(4)]
    shared = [order.options for order in run._shared(orders, 2)]
    assert {(one.concurrency, one.max_cost) for one in shared} == {(8, 2.0)}


def test_a_judge_that_asks_a_provider_is_sharded_like_any_other(tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", [row(n) for n in range(8)])
    judge = Judge.of(Scripted(answer), rubric())
    done = sharded(file, tmp_path / "out", judge)
    assert (done.totals.calls, done.totals.attempts) == (16, 16)
    assert all(verdict.grade for verdict in done if verdict.kind == "sample")


def test_asked_to_stop_it_leaves_a_folder_that_can_be_read_and_gone_on_with(tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", [row(n) for n in range(40)])
    options = Options(engine="ray", cluster=Cluster(shard_size=300))
    done = score_sharded(
        str(file), Counting(), out=tmp_path / "out", options=options, workers=OneByOne(),
        watch=lambda progress: progress.done and progress.stop(),
    )  # fmt: skip
    assert not done.complete
    assert 0 < len(lines(done)) < 40
    assert len([one for one in sharded(file, tmp_path / "out") if one.kind == "sample"]) == 40


def test_the_driver_of_a_sharded_run_tells_its_events_and_no_worker_gets_the_log(tmp_path: Path) -> None:
    file, calls = written(tmp_path / "in.jsonl", [row(n) for n in range(12)]), tmp_path / "log.jsonl"
    with EventLog(calls) as log:
        done = sharded(file, tmp_path / "out", Judge.of(Scripted(answer), rubric()), log=log)
        sharded(file, tmp_path / "out", Judge.of(Scripted(answer), rubric()), log=log)
    told = [json.loads(line) for line in calls.read_text().splitlines()]
    first, *committed, last, again, end = told
    shards = len(list(verdict_files(tmp_path / "out"))) - 1
    assert (first["event"], first["engine"], first["shards"], first["planned"]) == ("run_started", "ray", shards, 12)
    assert {one["event"] for one in committed} == {"committed"}
    assert sum(one["verdicts"] for one in committed) == len(list(done))
    assert [one["shard"] for one in committed] == [f"in-{n:05}" for n in range(shards)]
    assert (last["complete"], last["done"], last["calls"]) == (True, 12, done.totals.calls)
    assert (again["event"], end["event"], end["done"]) == ("run_started", "run_ended", 12)
    for one in told:
        words = EVENTS[one["event"]].replace(",", " ").replace(":", " ").split()
        assert one.keys() - {"time", "event", "failures"} <= set(words), one["event"]


def test_commands_read_the_folder_of_a_sharded_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "in.jsonl", [row(n) for n in range(12)])
    sharded(file, tmp_path / "in.verdicts", Judge.of(Scripted(answer), rubric()))
    assert main(["report", str(tmp_path / "in.verdicts"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["planned"] == 12
    assert main(["show", str(tmp_path / "in.verdicts"), "s7", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["calls"]


def test_a_folder_without_a_manifest_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no manifest.json"):
        list(read_verdicts(tmp_path))


def test_without_the_extra_the_line_that_installs_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    file = written(tmp_path / "in.jsonl", [row(0)])
    assert main(["score", str(file), "--engine", "ray"]) == 2
    assert 'pip install "recjudge[ray]"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "out", "options", "words"),
    [
        ([row(0)], "out", Options(), "reads files"),
        ("-", "out", Options(), "reads files"),
        ("in.jsonl", None, Options(), "out="),
        ("in.jsonl", "out", Options(limit=3), "--limit"),
        ("nowhere.jsonl", "out", Options(), "there is no"),
    ],
)
def test_what_cannot_be_sharded_is_refused(tmp_path: Path, source: Any, out: Any, options: Options, words: str) -> None:
    where = out and str(tmp_path / out)
    with pytest.raises(UsageError, match=words):
        score_sharded(source, Plain(), out=where, options=replace(options, engine="ray"), workers=OneByOne())


def test_the_page_has_the_table_that_the_arithmetic_prints() -> None:
    script = [sys.executable, str(ROOT / "benchmarks" / "cluster_arithmetic.py"), "--markdown"]
    printed = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    assert printed.strip() in (ROOT / "judge" / "cluster" / "RAY.md").read_text()
