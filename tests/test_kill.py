"""A run that is killed, anywhere and often, ends like one that was not, and pays twice only what was in flight."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from killed import PAID_TWICE, every_event, kill_until_done, killer, write_input
from programs import ending
from servers.process import Process, wire_process


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
        assert 0 < run.worst <= PAID_TWICE


@pytest.mark.slow
def test_every_event_of_a_run_can_be_its_last(tmp_path: Path) -> None:
    with killer(tmp_path, 20) as run:
        every_event(run, least=120)


def test_a_sharded_run_that_is_killed_goes_on_with_the_shards_that_are_not_done(tmp_path: Path) -> None:
    with killer(tmp_path, 12) as run:
        run.shards = 400
        kill_until_done(run, random.Random(4), furthest=90)
        assert run.kills >= 2
        assert len(list(run.out.glob("*.done.json"))) >= 3


@pytest.mark.slow
def test_events_all_over_a_sharded_run_can_be_its_last(tmp_path: Path) -> None:
    with killer(tmp_path, 12) as run:
        run.shards = 400
        every_event(run, least=100, step=7)


# The command line


def command(folder: Path, url: str, *more: str) -> list[str]:
    words = ["-m", "recjudge.cli", "score", str(folder / "in.jsonl"), "--judge", "compatible/m", "--base-url", url]
    return [sys.executable, *words, "--rubric", str(folder / "headline.toml"), *more]


@contextmanager
def started(folder: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with ending(subprocess.Popen(command(folder, url, "--concurrency", "4"), text=True, **pipes)) as process:
        yield process


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
    with wire_process(latency_ms=3000) as wire, started(tmp_path, wire.url) as first:
        wait_for_requests(wire, 4)
        second = subprocess.run(command(tmp_path, wire.url), capture_output=True, text=True, check=False)
        wire.control(latency_ms=0)
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
        assert time.monotonic() - asked < 30
        assert run.returncode == 128 + number
        assert "the same command goes on where it was:\n  recjudge score" in said
        assert wire.stats()["requests"] < 120
        wire.control(latency_ms=0)
        finish(tmp_path, wire.url, 60)
        assert wire.stats()["repaid"] == 0


def test_asked_to_stop_it_abandons_a_provider_that_hangs(tmp_path: Path) -> None:
    write_input(tmp_path, 20)
    with wire_process(faults=[{"mode": "hang:600", "every": 2}]) as wire, started(tmp_path, wire.url) as run:
        wait_for_requests(wire, 6)
        run.send_signal(signal.SIGINT)
        asked = time.monotonic()
        run.communicate()
        assert run.returncode == 130
        assert time.monotonic() - asked < 60
        wire.control(faults=[])
        finish(tmp_path, wire.url, 20)
        assert wire.stats()["repaid"] <= 4


def test_asked_twice_it_ends_at_once_and_can_still_go_on(tmp_path: Path) -> None:
    write_input(tmp_path, 60)
    with wire_process(latency_ms=60_000) as wire, started(tmp_path, wire.url) as run:
        wait_for_requests(wire, 4)
        run.send_signal(signal.SIGINT)
        time.sleep(0.3)
        run.send_signal(signal.SIGINT)
        asked = time.monotonic()
        run.communicate()
        assert time.monotonic() - asked < 8  # a single wish to stop is given 10 s, a reply takes a minute
        assert run.returncode == 130
        wire.control(latency_ms=0)
        finish(tmp_path, wire.url, 60)
        assert wire.stats()["repaid"] <= 4
