"""A run that is killed, anywhere and often, ends like one that was not, and pays twice only what was in flight."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from recjudge.errors import UsageError
from recjudge.judge.ledger.ledger import Ledger

from servers.process import Process, wire_process

WORKERS = 8
RUBRIC = """
name = "headline"
title = "Headlines"
artefact = "text"
subject = "a headline"

[context]
source = "the article"

[review]
rule = "positive_share"
threshold = 0.6
"""
DIMENSION = """
[[dimension]]
name = "{name}"
question = "Is this headline {name}, would you say?"
scale = [
  {{ label = "no", polarity = -1, words = "It is not." }},
  {{ label = "so", polarity = 0, words = "It is so-so." }},
  {{ label = "yes", polarity = 1, words = "It is." }},
]
[[dimension.steps]]
kind = "ask"
"""


@dataclass
class Killer:
    """A folder with samples, a server that bills, and a process that forks runs."""

    folder: Path
    wire: Process
    forks: subprocess.Popen[str]
    first: str = ""
    """Of a cascade, the judge that abstains on all before the provider is asked; empty: no cascade."""
    kills: int = 0
    worst: int = 0
    """Most requests that one kill made us pay twice."""
    seen: dict[str, bytes] = field(default_factory=dict)
    """Verdicts that were on disk after some kill."""

    @property
    def out(self) -> Path:
        return self.folder / "in.verdicts.jsonl"

    def run(self, kill_at: int = 0) -> int | None:
        """One process; None when it was killed, else its number of events."""
        before = self.wire.stats()["repaid"]
        told = self.folder / "told"
        order = {"source": str(self.folder / "in.jsonl"), "out": str(self.out), "url": self.wire.url}
        order |= {"rubric": str(self.folder / "headline.toml"), "told": str(told), "first": self.first}
        assert self.forks.stdin is not None
        assert self.forks.stdout is not None
        self.forks.stdin.write(json.dumps(order | {"kill_at": kill_at, "workers": WORKERS}) + "\n")
        self.forks.stdin.flush()
        ended = json.loads(self.forks.stdout.readline())["signal"]
        assert ended in (0, signal.SIGKILL)
        self._check(self.wire.stats()["repaid"] - before)
        if ended:
            self.kills += 1
            return None
        return int(told.read_text())

    def _check(self, repaid: int) -> None:
        """Only what the process before left in flight was paid again, and nothing that was on disk is gone."""
        assert repaid <= WORKERS
        self.worst = max(self.worst, repaid)
        found = verdicts_on_disk(self.out.with_suffix(".db"))
        assert self.seen.items() <= found.items()
        self.seen = found

    def table(self) -> list[dict[str, Any]]:
        """The verdicts' file without what the calls cost."""
        lines = self.out.read_bytes().splitlines()
        return [without_cost(json.loads(line)) for line in lines]

    def restart(self) -> None:
        """An empty folder and an empty bill."""
        for file in self.folder.glob("*verdicts*"):
            file.unlink()
        for file in self.folder.glob(".*"):
            file.unlink()
        self.seen = {}
        self.wire.reset()


def without_cost(verdict: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in verdict.items() if key != "cost"}
    return kept | {"members": [without_cost(member) for member in verdict["members"]]}


def verdicts_on_disk(path: Path) -> dict[str, bytes]:
    try:
        with closing(Ledger.read(path)) as ledger:
            return {judged.place: judged.body for judged in ledger.verdicts()}
    except UsageError:  # killed before there was a run
        return {}


@contextmanager
def killer(folder: Path, items: int) -> Iterator[Killer]:
    write_input(folder, items)
    script = Path(__file__).with_name("killing.py")
    with (
        wire_process(latency_ms=4) as wire,
        subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forks,
    ):
        yield Killer(folder, wire, forks)
        assert forks.stdin is not None
        forks.stdin.close()


def write_input(folder: Path, items: int) -> None:
    samples = (
        {"id": f"s{i}", "task": "headline", "output": f"Headline {i}", "context": {"source": "x"}} for i in range(items)
    )
    (folder / "in.jsonl").write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    (folder / "headline.toml").write_text(RUBRIC + "".join(DIMENSION.format(name=name) for name in ("clear", "true")))


def kill_until_done(run: Killer, rng: random.Random, furthest: int) -> None:
    """Kills a run again and again, each time after up to `furthest` events, until it comes to its end."""
    run.restart()
    assert run.run() is not None
    whole, bills = run.table(), run.wire.stats()["bills"]
    run.restart()
    before = run.kills
    while run.run(rng.randint(1, furthest)) is None:
        assert run.kills - before < 2000
    assert run.table() == whole
    stats = run.wire.stats()
    assert stats["bodies"] == bills
    assert stats["repaid"] <= WORKERS * (run.kills - before)
    assert {file.name for file in run.folder.iterdir()} == {
        "in.jsonl", "headline.toml", "told", "in.verdicts.jsonl", "in.verdicts.db"
    }  # fmt: skip


def test_a_run_that_is_killed_twenty_times_loses_nothing_and_repays_what_was_in_flight(tmp_path: Path) -> None:
    with killer(tmp_path, 150) as run:
        kill_until_done(run, random.Random(1), furthest=60)
        assert run.kills >= 20


def test_a_cascade_that_is_killed_goes_on_in_the_same_way(tmp_path: Path) -> None:
    with killer(tmp_path, 60) as run:
        run.first = "local/lexical"
        kill_until_done(run, random.Random(3), furthest=60)
        assert run.kills >= 8
        assert all(len(verdict["members"]) == 2 for verdict in run.table())


@pytest.mark.slow
def test_a_thousand_kills_lose_nothing(tmp_path: Path) -> None:
    rng = random.Random(2)
    with killer(tmp_path, 200) as run:
        while run.kills < 1000:
            kill_until_done(run, rng, furthest=60)
        assert 0 < run.worst <= WORKERS


@pytest.mark.slow
def test_every_event_of_a_run_can_be_its_last(tmp_path: Path) -> None:
    with killer(tmp_path, 20) as run:
        events = run.run()
        whole, bills = run.table(), run.wire.stats()["bills"]
        assert events > 120
        for n in range(1, events + 20):  # the number differs a little from run to run
            run.restart()
            if run.run(kill_at=n) is None:
                assert run.run() is not None
            assert run.table() == whole
            assert run.wire.stats()["bodies"] == bills
        assert run.kills > 100


# The command line


def command(folder: Path, url: str, *more: str) -> list[str]:
    words = ["-m", "recjudge.cli", "score", str(folder / "in.jsonl"), "--judge", "compatible/m", "--base-url", url]
    return [sys.executable, *words, "--rubric", str(folder / "headline.toml"), *more]


@contextmanager
def started(folder: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command(folder, url, "--concurrency", "4"), text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_requests(wire: Process, n: int) -> None:
    while wire.stats()["requests"] < n:
        time.sleep(0.02)


def finish(folder: Path, url: str, items: int) -> None:
    """The same command again judges the rest."""
    done = subprocess.run(command(folder, url), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len((folder / "in.verdicts.jsonl").read_text().splitlines()) == items


def test_a_second_process_on_one_run_is_refused_and_asks_nothing(tmp_path: Path) -> None:
    write_input(tmp_path, 60)
    with wire_process(latency_ms=100) as wire, started(tmp_path, wire.url) as first:
        wait_for_requests(wire, 8)
        second = subprocess.run(command(tmp_path, wire.url), capture_output=True, text=True, check=False)
        first.communicate()
        assert (first.returncode, second.returncode) == (0, 75)
        assert f"process {first.pid} owns this run" in second.stderr
        assert wire.stats()["requests"] == 120


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_finishes_what_is_in_flight_and_names_the_command_that_goes_on(
    tmp_path: Path, number: signal.Signals
) -> None:
    write_input(tmp_path, 60)
    with wire_process(latency_ms=100) as wire, started(tmp_path, wire.url) as run:
        wait_for_requests(wire, 24)
        run.send_signal(number)
        asked = time.monotonic()
        _, said = run.communicate()
        assert time.monotonic() - asked < 10
        assert run.returncode == 128 + number
        assert "the same command goes on where it was:\n  recjudge score" in said
        assert wire.stats()["requests"] < 120
        wire.control(latency_ms=0)
        finish(tmp_path, wire.url, 60)
        assert wire.stats()["repaid"] == 0


def test_asked_to_stop_it_abandons_a_provider_that_hangs(tmp_path: Path) -> None:
    write_input(tmp_path, 20)
    with wire_process(faults=[{"mode": "hang:60", "every": 2}]) as wire, started(tmp_path, wire.url) as run:
        wait_for_requests(wire, 6)
        run.send_signal(signal.SIGINT)
        asked = time.monotonic()
        run.communicate()
        assert run.returncode == 130
        assert time.monotonic() - asked < 12
        wire.control(faults=[])
        finish(tmp_path, wire.url, 20)
        assert wire.stats()["repaid"] <= 4


def test_asked_twice_it_ends_at_once_and_can_still_go_on(tmp_path: Path) -> None:
    write_input(tmp_path, 60)
    with wire_process(latency_ms=2000) as wire, started(tmp_path, wire.url) as run:
        wait_for_requests(wire, 4)
        run.send_signal(signal.SIGINT)
        time.sleep(0.3)
        run.send_signal(signal.SIGINT)
        asked = time.monotonic()
        run.communicate()
        assert time.monotonic() - asked < 1.5
        assert run.returncode == 130
        wire.control(latency_ms=0)
        finish(tmp_path, wire.url, 60)
        assert wire.stats()["repaid"] <= 4
