"""What a run tells while it goes on, and what its ledger says of it from outside."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main
from recjudge.errors import ProviderFault, UsageError
from recjudge.judge import (
    EVENTS,
    EventLog,
    Judge,
    Ledger,
    Options,
    Price,
    Progress,
    Prompt,
    Reply,
    Scripted,
    score,
    status,
)
from recjudge.judge.ledger.pulses import Pulses
from recjudge.judge.ledger.rows import InputRow
from recjudge.judge.providers import Usage
from recjudge.judge.records import digest

from makers import dimension, rubric, said

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ROWS = [{"id": f"s{n}", "task": "text", "output": f"Text {n}"} for n in range(4)]
LIMIT = ProviderFault("429 slow down", retriable=True, throttled=True, retry_after=0.001)


def judge_of(answer: Any) -> Judge:
    return Judge.of(Scripted(answer), rubric(dimension("relevance")))


def good(prompt: Prompt) -> Reply:
    return Reply(json.dumps(said("good")), Usage(100, 40, 10))


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def logged(folder: Path, answer: Any, **more: Any) -> list[dict[str, Any]]:
    with EventLog(folder / "log.jsonl", **more) as log:
        score(ROWS, judge_of(answer), out=folder / "o.verdicts.jsonl", options=Options(log=log))
    return events(folder / "log.jsonl")


def faltering(*faults: ProviderFault) -> Any:
    left = list(faults)

    def answer(prompt: Prompt) -> Reply:
        if left:
            raise left.pop(0)
        return good(prompt)

    return answer


def test_the_status_of_a_finished_run_adds_up(tmp_path: Path) -> None:
    out = tmp_path / "o.verdicts.jsonl"
    score(ROWS, judge_of(good), out=out, options=Options(price=Price(1, 0.1, 2)))
    seen = status(out)
    assert (seen.state, seen.owner, seen.samples, seen.judged, seen.unjudged) == ("finished", None, 4, 4, {})
    assert (seen.calls, seen.tokens_in, seen.tokens_cached, seen.tokens_out) == (4, 400, 160, 40)
    assert seen.usd == pytest.approx(4 * (60 + 4 + 20) / 1e6)
    assert seen == status(tmp_path / "o.verdicts.db", now=lambda: datetime.fromisoformat(seen.at))


def test_a_run_at_work_is_seen_with_its_process(tmp_path: Path) -> None:
    out, seen = tmp_path / "o.verdicts.jsonl", []

    def watch(progress: Progress) -> None:
        if progress.done == 4:
            seen.append(status(out))

    score(ROWS, judge_of(good), out=out, watch=watch)
    assert (seen[0].state, seen[0].owner) == ("running", os.getpid())


def test_what_a_run_could_not_judge_is_in_its_status(tmp_path: Path) -> None:
    out = tmp_path / "o.verdicts.jsonl"
    refused = ProviderFault("no", status="refused")
    down = ProviderFault("500", status="provider_error")
    score(ROWS, judge_of(faltering(refused, down)), out=out)
    seen = status(out)
    assert (seen.unjudged, seen.again, seen.state) == ({"refused": 1, "provider_error": 1}, 1, "stopped")
    assert seen.failures == seen.unjudged


def test_rates_and_time_left_come_from_pulses(tmp_path: Path) -> None:
    clock = [NOON]
    with Ledger.open(tmp_path / "o.db", {"judge": "j"}) as ledger:
        ledger.start_input()
        ledger.add_inputs(InputRow(n, digest(n), f"s{n}", "") for n in range(1000))
        ledger.finish_input("x", 1000)
        pulses = Pulses(ledger, lambda: clock[0])
        for second in range(0, 121, 10):
            clock[0] = NOON + timedelta(seconds=second)
            pulses.beat(1000, 100 + 2 * second if second <= 60 else 220 + second - 60, 100)
            asyncio.run(ledger.add_verdict(digest(0), "ok", "Bad", b"{}"))
        seen = status(tmp_path / "o.db", now=lambda: clock[0])
    assert (seen.state, seen.last_minute, seen.since_start) == ("running", *_rates(60, 180))
    assert seen.seconds_left == pytest.approx((1000 - 280) / 1.0)
    assert "60 verdicts in 60 s" in seen.rests_on


def _rates(*verdicts: int) -> Iterator[Any]:
    from recjudge.judge import Rate

    return (Rate(n, 60.0 * place) for place, n in enumerate(verdicts, 1))


def test_there_is_no_status_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        status(tmp_path / "o.verdicts.jsonl")


def test_a_run_is_told_from_start_to_end(tmp_path: Path) -> None:
    first, *_, committed, last = told = logged(tmp_path, good, now=lambda: NOON)
    assert (first["event"], first["planned"], first["engine"]) == ("run_started", 4, "pool")
    assert (committed["event"], committed["grades"], committed["done"]) == ("committed", {"Superior": 4}, 4)
    assert (last["event"], last["complete"], last["calls"], last["tokens_in"]) == ("run_ended", True, 4, 400)
    assert {one["time"] for one in told} == {"2026-01-01T12:00:00.000+00:00"}


def test_what_goes_wrong_is_told_as_it_does(tmp_path: Path) -> None:
    told = logged(tmp_path, faltering(LIMIT, ProviderFault("I will not", status="refused")))
    names = [one["event"] for one in told]
    assert {"call_failed", "backoff", "retry", "refused", "unjudged"} <= set(names)
    retry = told[names.index("retry")]
    assert (retry["status"], retry["attempt"], retry["wait"]) == ("provider_error", 1, 0.001)


def test_events_hold_the_fields_that_are_documented(tmp_path: Path) -> None:
    for one in logged(tmp_path, faltering(LIMIT, ProviderFault("I will not", status="refused")), texts=True):
        words = EVENTS["call_failed" if one["event"] == "refused" else one["event"]].replace(",", " ").replace(":", " ")
        assert one.keys() - {"time", "event"} <= set(words.split()) | {"failures"}, one["event"]


def test_no_text_is_told_unless_texts_are_wanted(tmp_path: Path) -> None:
    refusing = faltering(*[ProviderFault("I will not", status="refused")] * 4)
    assert "Text 0" not in str(logged(tmp_path, refusing))
    assert "I will not" not in str(events(tmp_path / "log.jsonl"))
    (tmp_path / "o.verdicts.db").unlink()
    told = str(logged(tmp_path, faltering(*[ProviderFault("I will not", status="refused")] * 4), texts=True))
    assert "Text 0" in told
    assert "I will not" in told


def test_a_full_disk_is_said_once_and_does_not_end_the_run(tmp_path: Path) -> None:
    said: list[str] = []
    with EventLog("/dev/full", troubled=said.append) as log:
        done = score(ROWS, judge_of(good), options=Options(log=log))
    assert done.complete
    assert said == ["/dev/full: No space left on device; the run goes on, and no more events are written"]


def test_a_line_that_was_cut_off_stays_a_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b'{"time":"2026')
    with EventLog(tmp_path / "log.jsonl") as log:
        log("batch", {"state": "ended"})
    cut, whole = (tmp_path / "log.jsonl").read_text().splitlines()
    assert (cut, json.loads(whole)["state"]) == ('{"time":"2026', "ended")


def test_a_failed_run_ends_its_stream_with_its_error(tmp_path: Path) -> None:
    fatal = ProviderFault("401", fatal=True)
    with pytest.raises(Exception, match="401"):
        logged(tmp_path, faltering(*[fatal] * 9))
    last = events(tmp_path / "log.jsonl")[-1]
    assert (last["event"], last["complete"], last["error"]) == ("run_ended", False, "AccountError")


def test_the_command_streams_to_standard_output_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "o.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    assert main(["score", str(file), "-j", "local/lexical", "--log-json", "-"]) == 0
    names = [json.loads(line)["event"] for line in capfd.readouterr().out.splitlines()]
    assert (names[0], names[-1]) == ("run_started", "run_ended")
    assert main(["score", str(file), "-j", "local/lexical", "--log-json", "-", "--json"]) == 2


def test_the_command_shows_a_run_to_people_and_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "o.verdicts.jsonl"
    score(ROWS, judge_of(good), out=out)
    assert main(["status", str(out), "--watch", "1"]) == 0
    assert "4 (4 Superior)" in capsys.readouterr().out
    assert main(["status", str(out), "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert (seen["state"], seen["since_start"]["verdicts"]) == ("finished", 4)
    assert seen["since_start"]["per_second"] > 0
