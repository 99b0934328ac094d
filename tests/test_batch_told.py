"""What the engine batch tells while it goes on: events of its batches, and the same in the run's status."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from recjudge.judge import EVENTS, EventLog, RunStatus, status
from recjudge.reports import status_rows

from batch_world import CARELESS, in_batches, judge_at, rows
from makers import dimension, rubric
from servers.batch import BatchService, Mischief

TWO = rubric(dimension("relevance"), dimension("fluency"))


def told(folder: Path, service: BatchService, n: int, **more: Any) -> tuple[list[dict[str, Any]], RunStatus]:
    """The events of batches, and the status afterwards."""
    with EventLog(folder / "log.jsonl") as log:
        in_batches(rows(n), judge_at(service, "openai/m", TWO), folder / "o.verdicts.jsonl", log=log, **more)
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert (events[0]["event"], events[0]["engine"], events[-1]["event"]) == ("run_started", "batch", "run_ended")
    return [one for one in events if one["event"] == "batch"], status(folder / "o.verdicts.jsonl")


def test_submissions_looks_collections_requeues_and_quarantines_are_told_and_add_up(tmp_path: Path) -> None:
    with BatchService(CARELESS) as service:
        found, seen = told(tmp_path, service, 30)
        batches = {one["batch"] for one in found}
        assert len(batches) == len(service.batches)
    states = Counter(one["state"] for one in found)
    assert states["submitted"] == states["collected"] == states["ended"] == len(batches)
    assert states["waiting"] >= len(batches)
    held = seen.batches
    assert held is not None
    assert held.requests_collected == sum(one["requests"] for one in found if one["state"] == "submitted")
    assert held.requeued == sum(one["missing"] for one in found if one["state"] == "requeued") > 0
    assert held.quarantined == sum(one["lines"] for one in found if one["state"] == "quarantined") > 0
    assert (held.unsent, held.waiting, held.collected) == (0, 0, len(batches))
    words = EVENTS["batch"].partition(":")[0].split(", ")
    assert all(one.keys() - {"time", "event"} <= set(words) for one in found)


def test_what_waits_with_the_provider_is_in_the_status(tmp_path: Path) -> None:
    with BatchService(looks=3) as service:
        found, seen = told(tmp_path, service, 5, wait=False)
    assert [one["state"] for one in found] == ["submitted", "waiting"]
    assert dict(status_rows(seen))["batches"] == "0 collected (0 requests); 1 with the provider (10 requests)"


def test_a_batch_that_is_held_back_and_one_that_is_found_again_are_told(tmp_path: Path) -> None:
    with BatchService(Mischief()) as service:
        service.hiccups = [("POST /batches", "throttled")]
        found, _ = told(tmp_path, service, 2)
    assert [one["state"] for one in found][:2] == ["held_back", "submitted"]
    (tmp_path / "again").mkdir()
    with BatchService(Mischief()) as service:
        service.hiccups = [("POST /batches", "after")]
        found, _ = told(tmp_path / "again", service, 2)
    assert found[0]["state"] == "found"
