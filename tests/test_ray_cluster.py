"""On a live cluster of two nodes: the same verdicts, also where a node is lost half-way: 0 lost, 0 doubled."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from os import environ
from pathlib import Path

import pytest
from recjudge.judge import Verdict, encode_verdict, load_judge, read_verdicts, score
from recjudge.rubrics import load_rubric

from ray_cluster import QUICK, Live, live
from servers.process import wire_process
from test_kill import without_cost, write_input
from trl_environment import ROOT, python_with

pytestmark = pytest.mark.slow


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
    words = command(source, tmp_path / "out", cluster, "--judge", "local/prior", "--shard-size", "0.03")
    for _ in range(2):
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240, env=environ | QUICK)
        assert done.returncode == 0, done.stderr
        written = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "out").glob("*.verdicts.jsonl")}
        assert len(written) > 3
    together = b"".join(encode_verdict(verdict) + b"\n" for verdict in read_verdicts(tmp_path / "out"))
    assert together == (tmp_path / "one.verdicts.jsonl").read_bytes()


def test_a_node_lost_half_way_loses_no_sample_and_doubles_none(cluster: Live, tmp_path: Path) -> None:
    write_input(tmp_path, 160)
    source, out, rubric = tmp_path / "in.jsonl", tmp_path / "out", tmp_path / "headline.toml"
    with wire_process(latency_ms=150) as wire:
        words = command(
            source, out, cluster, "--judge", "compatible/m", "--base-url", wire.url, "--rubric", str(rubric),
            "--shard-size", "0.003", "--actors", "2", "--actor-cpus", "1.5", "--concurrency", "4",
        )  # fmt: skip
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ | QUICK
        ) as run:
            wait_for_a_shard_on(cluster, out, run)
            cluster.worker.kill()
            wire.control(latency_ms=10)
            _, words_of_it = run.communicate(timeout=240)
        assert run.returncode == 0, words_of_it
        assert wire.stats()["repaid"] <= 4
        judge = load_judge("compatible/m", rubrics=[load_rubric(rubric)], base_url=wire.url)
        score(source, judge, out=tmp_path / "one.verdicts.jsonl")
    found = list(read_verdicts(out))
    assert Counter(verdict.id for verdict in found) == Counter(f"s{n}" for n in range(160))
    assert list(map(shown, found)) == list(map(shown, read_verdicts(tmp_path / "one.verdicts.jsonl")))


def wait_for_a_shard_on(cluster: Live, out: Path, run: subprocess.Popen[str]) -> None:
    """Until an actor of the worker's is in the middle of a shard, and another shard is done."""
    while run.poll() is None:
        owners = {int(lock.read_text() or 0) for lock in out.glob("*.db-lock")}
        if any(out.glob("*.done.json")) and owners & cluster.worker.pids():
            return
        time.sleep(0.1)
    raise AssertionError(run.communicate()[1])
