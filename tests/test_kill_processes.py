"""Whoever hands work to workers is killed: they end too, and nobody judges again what was committed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from recjudge.judge.running.processes import _AHEAD
from recjudge.judge.running.work import WINDOW

from crew import Crew, crew
from killed import verdicts_on_disk
from test_engines import rows

WORKERS = 2


def noted(path: Path) -> dict[int, list[str]]:
    """The places that each worker judged."""
    found: dict[int, list[str]] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        pid, _, place = line.partition(" ")
        found.setdefault(int(pid), []).append(place)
    return found


def wait_until_gone(pids: set[int]) -> None:
    end = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < end, "a worker outlived its run"
        time.sleep(0.05)


def one(forks: Crew, folder: Path, number: int, kill_at: int = 0) -> tuple[int | None, dict[int, list[str]]]:
    """How one run ended, and what it judged, when all of it is gone."""
    notes = folder / f"notes{number}"
    ended = forks.run(
        folder / "told", kill_at, source=str(folder / "in.jsonl"), out=str(folder / "in.verdicts.jsonl"),
        processes=WORKERS, notes=str(notes),
    )  # fmt: skip
    judged = noted(notes)
    wait_until_gone(set(judged))
    return ended, noted(notes)


@pytest.mark.slow
def test_killed_at_any_commit_it_loses_and_repeats_no_committed_verdict_and_leaves_no_worker(tmp_path: Path) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows(1400)))
    with crew("killing.py") as forks:
        events, judged = one(forks, tmp_path, 0)
        assert events
        assert len(judged) == WORKERS
        whole = (tmp_path / "in.verdicts.jsonl").read_bytes()
        for n in range(2, events, 6):
            for file in tmp_path.glob("in.verdicts*"):
                file.unlink()
            ended, judged = one(forks, tmp_path, 2 * n, kill_at=n)
            kept = verdicts_on_disk(tmp_path / "in.verdicts.jsonl")
            lost = sum(map(len, judged.values())) - len(kept)
            assert lost <= WORKERS * _AHEAD * WINDOW + WINDOW, "what the workers held"
            ended, again = one(forks, tmp_path, 2 * n + 1)
            assert ended
            assert kept.keys().isdisjoint(place for places in again.values() for place in places)
            assert (tmp_path / "in.verdicts.jsonl").read_bytes() == whole
