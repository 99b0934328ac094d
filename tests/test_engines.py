"""Engines: the bytes are the same whichever judges, and a worker that dies loses nothing."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from recjudge import Judge, Options, Sample, Scripted, plan, score
from recjudge.cli import main
from recjudge.errors import StorageError, UsageError
from recjudge.judge import Ledger, ledger_path
from recjudge.judge.embedded.local import Local
from recjudge.judge.engine import NAMES, PAYS_FROM, choose
from recjudge.judge.panel import Judge as Panel
from recjudge.judge.running.both import Both
from recjudge.judge.running.packing import pack, unpack
from recjudge.judge.running.spool import Spool
from recjudge.judge.sets.sets import SetJudge, SetOf

from makers import rubric, said
from plain_judges import Plain


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    """Explanations in groups of five on items of two, a list among them, one twice."""
    made: list[dict[str, Any]] = [
        {
            "id": f"s{n}",
            "task": "explanation",
            "output": f"A quiet lamp for reading number {n}, since you like long evenings.",
            "context": {"item": {"id": f"i{n // 2}", "title": f"Lamp {n}", "price": n}, "interest": "reading at night"},
            "group": f"u{n // 5}",
            "system": "ab"[n % 2],
            "meta": {"ground_truth": [f"Lamp {n}"]} | more,
        }
        for n in range(count)
    ]
    listed = {"id": "list", "task": "explanation", "output": ["One lamp.", "One lamp!", "A pan."], "item": "i"}
    return [*made, listed, made[0]]


def bytes_of(folder: Path, judge: Any, options: Options, source: Any, name: str) -> bytes:
    done = score(source, judge, out=folder / f"{name}.verdicts.jsonl", options=options)
    assert done.complete
    return done.path.read_bytes()


ENGINES = {"pool": Options(engine="pool"), "here": Options(engine="here"), "two": Options(processes=2)}


def test_every_engine_writes_the_same_bytes(tmp_path: Path) -> None:
    found = {name: bytes_of(tmp_path, Plain(), options, rows(30), name) for name, options in ENGINES.items()}
    lines = [json.loads(line) for line in found["pool"].splitlines()]
    assert found["pool"] == found["here"] == found["two"]
    assert [line["id"] for line in lines[:30]] == [f"s{n}" for n in range(30)]
    assert [line["id"] for line in lines if line["kind"] == "set"][:2] == [
        "explanation:group:u0",
        "explanation:item:i0",
    ]


@pytest.mark.slow
def test_every_engine_writes_the_same_bytes_of_the_examples_and_of_generated_texts(tmp_path: Path) -> None:
    import sys

    root = Path(__file__).parent.parent
    sys.path.insert(0, str(root / "benchmarks"))
    from embedded_speed import explanations

    for number, source in enumerate((root / "examples" / "outputs.jsonl", list(explanations(300, 1)))):
        found = {bytes_of(tmp_path, "local", options, source, f"{number}{name}") for name, options in ENGINES.items()}
        assert len(found) == 1


def test_a_worker_that_is_killed_ends_the_run_with_a_remedy_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAIN_PARENT", str(os.getpid()))
    source, out = tmp_path / "in.jsonl", tmp_path / "in.verdicts.jsonl"
    made = rows(900)
    made[880]["meta"]["die_in_a_worker"] = True
    source.write_text("".join(json.dumps(row) + "\n" for row in made))
    with pytest.raises(StorageError, match=r"ended by SIGKILL.* run the same command again.*--processes 1"):
        score(source, Plain(), out=out, options=Options(processes=2))
    with Ledger.read(ledger_path(out)) as ledger:
        kept = ledger.n_verdicts()
    assert kept >= 256, "the windows handed in before"
    resumed: list[int] = []
    done = score(source, Plain(), out=out, options=Options(engine="here"), watch=lambda p: resumed.append(p.resumed))
    assert done.complete
    assert resumed[-1] >= kept


def test_a_bug_in_a_worker_is_shown_with_its_traceback(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError: a bug"):
        score(rows(3, bug=True), Plain(), options=Options(processes=1, engine="processes"))


def test_a_judge_that_asks_a_provider_stays_in_one_process() -> None:
    judge = Judge.of(Scripted(lambda prompt: said("good")), rubric())
    with pytest.raises(UsageError, match="one process, which paces its calls"):
        score([{"id": "s", "task": "text", "output": "x"}], judge, options=Options(processes=2))


def test_a_judge_that_cannot_travel_is_refused_where_processes_were_asked_for_and_else_judges_here() -> None:
    judge = Plain(name="plain", rubrics=Plain().rubrics)
    judge.prepare = lambda samples: None  # type: ignore[method-assign]
    with pytest.raises(UsageError, match="cannot go to another process"):
        score(rows(1), judge, options=Options(processes=2))


def test_engine_and_processes_follow_the_judge_and_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recjudge.judge.engine.cores", lambda: 2)
    local, asking = Panel(Local(None)), Judge.of(Scripted(lambda prompt: None), rubric())
    small, large = PAYS_FROM - 1, PAYS_FROM
    both = Both(local, SetJudge(local.name, local.rubrics))
    assert choose(both, small, None, None) == ("here", 1)
    assert choose(both, large, None, None) == ("processes", 2)
    assert choose(both, large, None, 1) == ("here", 1)
    assert choose(Both(asking, SetJudge(asking.name, asking.rubrics)), large, None, None) == ("pool", 1)


def test_every_engine_stands_wherever_engines_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(NAMES) == {"pool", "here", "processes", "batch", "ray"}
    for asking in (lambda: score([], Plain(), options=Options(engine="rye")), lambda: plan([], Plain(), engine="rye")):
        with pytest.raises(UsageError, match=f"unknown engine 'rye'; known: {', '.join(NAMES)}"):
            asking()
    assert main(["score", "--help"]) == 0
    told = capsys.readouterr().out.partition("--engine")[2].partition("--poll")[0]
    assert set(NAMES) <= set(re.findall(r"\w+", told))


def test_what_is_packed_comes_back_as_it_was() -> None:
    sample = Sample("a", "text", {"tag": "x", "n": [1, 2.5, None, ("t",)]}, {"now": "2026"}, "g", meta={"é": "\u4e00"})
    back = unpack(pack(sample))
    assert (back, back.key) == (sample, sample.key)
    found = SetOf(("list", "text", "r"), ("a", "b"), ("s", None), ("t",), 2)
    assert unpack(pack(found)) == found


def test_a_spool_gives_back_in_order_what_it_was_given_packed_or_not(tmp_path: Path) -> None:
    samples = [
        Sample(f"s{n}", "text", "x" * n, meta={"day": date(2026, 1, 1)} if n % 7 == 3 else {}) for n in range(3000)
    ]
    with Spool(tmp_path) as spool:
        for sample in samples:
            spool.add(sample)
        windows = list(spool.windows(256))
    assert [unpack(packed) for window in windows for _, packed in window] == samples
    assert {len(window) for window in windows[:-1]} == {256}
    assert list(tmp_path.iterdir()) == []


def test_a_finished_run_is_not_read_again_as_long_as_input_files_and_options_are_as_they_were(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "in.verdicts.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows(6)))
    first = bytes_of(tmp_path, Plain(), Options(), source, "in")
    stamp = out.stat().st_mtime_ns
    seen: list[tuple[int, int]] = []
    again = score(source, Plain(), out=out, watch=lambda p: seen.append((p.planned, p.resumed)))
    assert (again.complete, again.n_records, seen[-1], out.stat().st_mtime_ns) == (True, 8, (10, 10), stamp)
    out.write_bytes(b"meddled\n")
    assert bytes_of(tmp_path, Plain(), Options(), source, "in") == first
    assert len(list(score(source, Plain(), out=out, options=Options(limit=2)))) < 8
    source.write_text(source.read_text() + json.dumps({"id": "new", "task": "text", "output": "New."}) + "\n")
    assert [verdict.id for verdict in score(source, Plain(), out=out) if verdict.kind == "sample"][-1] == "new"


def test_a_run_with_a_passing_failure_is_not_finished(tmp_path: Path) -> None:
    from recjudge.errors import ProviderFault

    def fail(prompt: Any) -> str:
        raise ProviderFault("late", status="timeout")

    out = tmp_path / "o.verdicts.jsonl"
    score([{"id": "s", "task": "text", "output": "x"}], Judge.of(Scripted(fail), rubric()), out=out)
    with Ledger.read(ledger_path(out)) as ledger:
        assert ledger.finished() is None
