"""On a live cluster of two nodes: the same verdicts, also where a node is lost half-way: 0 lost, 0 doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from recjudge.judge import Verdict, encode_verdict, load_judge, read_verdicts, score, status
from recjudge.rubrics import load_rubric

from killed import without_cost, write_input
from programs import ending
from ray_cluster import QUICK, Live, live
from servers.process import Process, wire_process
from trl_environment import ROOT, python_with

pytestmark = pytest.mark.slow

IN_FLIGHT = 4
PAID_TWICE = IN_FLIGHT * 5 // 4


@pytest.fixture(scope="module")
def cluster() -> Iterator[Live]:
    with live(python_with("ray")) as running:
        yield running


def command(source: Path, out: Path, cluster: Live, *more: str) -> list[str]:
    words = ["-m", "recjudge.cli", "score", str(source), "--engine", "ray", "--address", cluster.address]
    return [str(python_with("ray")), *words, "--out", str(out), "--json", *more]


def shown(verdict: Verdict) -> dict[str, object]:
    return without_cost(json.loads(encode_verdict(verdict)))


def test_a_cluster_gives_the_bytes_that_one_process_gives_and_a_rerun_nothing_new(
    cluster: Live, tmp_path: Path
) -> None:
    source = ROOT / "examples" / "outputs.jsonl"
    score(source, "local/prior", out=tmp_path / "one.verdicts.jsonl")
    log = tmp_path / "log.jsonl"
    words = command(
        source, tmp_path / "out", cluster, "--judge", "local/prior", "--shard-size", "0.03", "--log-json", str(log)
    )
    for _ in range(2):
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240, env=os.environ | QUICK)
        assert done.returncode == 0, done.stderr
        written = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "out").glob("*.verdicts.jsonl")}
        assert len(written) > 3
    together = b"".join(encode_verdict(verdict) + b"\n" for verdict in read_verdicts(tmp_path / "out"))
    assert together == (tmp_path / "one.verdicts.jsonl").read_bytes()
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["event"] for one in told if one["event"] != "committed"] == ["run_started", "run_ended"] * 2
    assert sum(one["verdicts"] for one in told if one["event"] == "committed") == len(together.splitlines())
    assert status(tmp_path / "out").state == "finished"


def test_an_actor_and_then_the_driver_killed_half_way_lose_no_sample_and_double_none(
    cluster: Live, tmp_path: Path
) -> None:
    write_input(tmp_path, 160)
    with wire_process(latency_ms=150) as wire:
        words = asking(cluster, tmp_path, wire)
        with started(words) as run:
            os.kill(working_actor(cluster.pids, tmp_path / "out", run), signal.SIGKILL)
            working_actor(cluster.pids, tmp_path / "out", run, shards=3)
            run.process.kill()  # the driver: its actors are ended by the cluster
            assert run.ended() == -signal.SIGKILL
        before = set((tmp_path / "out").glob("*.done.json"))
        assert 0 < len(before) < len(list((tmp_path / "out").glob("*.verdicts.db")))
        stamps = {file: file.stat().st_mtime_ns for file in before}
        wire.control(latency_ms=10)
        with started(words) as again:
            assert again.ended() == 0, again.said()
        assert wire.stats()["repaid"] <= 2 * PAID_TWICE
        assert {file: file.stat().st_mtime_ns for file in before} == stamps, "what was done was left alone"
        all_is_there_once(tmp_path, wire)


def test_a_node_lost_half_way_loses_no_sample_and_doubles_none(cluster: Live, tmp_path: Path) -> None:
    write_input(tmp_path, 160)
    with wire_process(latency_ms=150) as wire:
        with started(asking(cluster, tmp_path, wire)) as run:
            working_actor(cluster.worker.pids, tmp_path / "out", run)
            cluster.worker.kill()
            wire.control(latency_ms=10)
            assert run.ended() == 0, run.said()
        assert wire.stats()["repaid"] <= PAID_TWICE
        all_is_there_once(tmp_path, wire)


def asking(cluster: Live, folder: Path, wire: Process) -> list[str]:
    """A run of many small shards, on an actor a node."""
    return command(
        folder / "in.jsonl", folder / "out", cluster, "--judge", "compatible/m", "--base-url", wire.url,
        "--rubric", str(folder / "headline.toml"), "--shard-size", "0.003", "--actors", "2", "--actor-cpus", "1.5",
        "--concurrency", str(IN_FLIGHT),
    )  # fmt: skip


@contextmanager
def started(words: list[str]) -> Iterator[Run]:
    """What it says goes to a file: nobody reads it while it runs."""
    with tempfile.TemporaryFile("w+") as said:
        command = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=said, text=True, env=os.environ | QUICK)
        with ending(command) as process:
            yield Run(process, said)


@dataclass
class Run:
    """A driver, and all that it has said."""

    process: subprocess.Popen[str]
    file: IO[str]

    def ended(self) -> int:
        """Its exit status, waited for."""
        return self.process.wait(240)

    def said(self) -> str:
        self.file.seek(0)
        return self.file.read()


def all_is_there_once(folder: Path, wire: Process) -> None:
    """The verdicts of a run in one process on the same samples."""
    judge = load_judge("compatible/m", rubrics=[load_rubric(folder / "headline.toml")], base_url=wire.url)
    score(folder / "in.jsonl", judge, out=folder / "one.verdicts.jsonl")
    found = list(read_verdicts(folder / "out"))
    assert Counter(verdict.id for verdict in found) == Counter(f"s{n}" for n in range(160))
    assert list(map(shown, found)) == list(map(shown, read_verdicts(folder / "one.verdicts.jsonl")))


def working_actor(among: Callable[[], set[int]], out: Path, run: Run, shards: int = 1) -> int:
    """Waits until so many shards are done and one of these processes is in the middle of another; which it is."""
    while run.process.poll() is None:
        owners = {int(lock.read_text() or 0) for lock in out.glob("*.db-lock")} & among()
        if len(list(out.glob("*.done.json"))) >= shards and owners:
            return owners.pop()
        time.sleep(0.1)
    raise AssertionError(run.said())
