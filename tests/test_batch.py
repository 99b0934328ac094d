"""The engine batch: the verdicts of single calls, whatever a batch service does to its results."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from recjudge import Options, Price, plan, score
from recjudge.cli import main
from recjudge.errors import AccountError, ProviderDown, UsageError
from recjudge.judge import Batching, Prompt
from recjudge.judge.batches.desk import Box
from recjudge.judge.batches.services import UNREADABLE, split
from recjudge.judge.batches.terms import TERMS, Terms
from recjudge.judge.ledger.shelf import Ask
from recjudge.judge.providers.faults import MOST_BODY

from batch_world import CARELESS, KEY, NAMES, in_batches, judge_at, rows, steps, written
from makers import dimension, rubric, said
from servers.batch import BatchService, Mischief

TWO = (dimension("relevance"), dimension("fluency"))


def one_call(label: str = "good") -> Any:
    return lambda body: said(label)


@pytest.mark.parametrize("name", NAMES)
def test_a_careless_service_gives_the_bytes_that_single_calls_give(name: str) -> None:
    with BatchService(CARELESS) as service:
        judge = judge_at(service, name)
        batched = in_batches(rows(12), judge)
        assert service.single == 0
        single = score(rows(12), judge, options=Options(engine="pool", concurrency=1))
    assert batched.complete
    assert batched.path.read_bytes() == single.path.read_bytes()
    words = "\n".join(batched.said)
    for part in ("unknown id: ", "unreadable: ", "second answer: ", "came twice, word for word: "):
        assert part in words
    assert batched.totals.calls == single.totals.calls, "what came twice was not billed twice"


def test_what_nobody_asked_for_is_kept_in_the_ledger_and_named() -> None:
    with BatchService(Mischief(unknown=1)) as service:
        done = in_batches(rows(3), judge_at(service, "openai/m", rubric(*TWO)))
    assert f"quarantined, unknown id: 1: {0:060x}" in done.said


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_whose_sending_failed_after_it_was_made_is_found_and_not_sent_again(name: str) -> None:
    with BatchService() as service:
        call = "POST /batches" if name.startswith("openai") else "POST /messages/batches"
        service.hiccups = [(call, "after")]
        done = in_batches(rows(4), judge_at(service, name, rubric(*TWO)))
    assert done.complete
    assert len(service.batches) == 1
    assert set(service.asked.values()) == {1}


def test_a_batch_that_looks_like_the_lost_one_and_is_not_is_given_back() -> None:
    with BatchService() as service:
        mine, other = judge_at(service, "anthropic/m", rubric(*TWO)), judge_at(service, "anthropic/n", rubric(*TWO))
        in_batches(rows(4), other)
        service.hiccups = [("POST /messages/batches", "before")]
        done = in_batches(rows(4), mine, batches=Batching(0.002, sleep=no_time))
        assert done.complete
        assert len(service.batches) == 2, "the other's, which was taken for ours, and ours"
        assert set(service.asked.values()) == {1}


async def no_time(_: float) -> None:
    await asyncio.sleep(0)


@pytest.mark.parametrize("mode", ["throttled", "full", "before"])
def test_a_batch_that_the_provider_did_not_take_is_sent_when_it_takes_more(mode: str) -> None:
    with BatchService() as service:
        service.hiccups = [("POST /batches", mode)]
        done = in_batches(rows(2), judge_at(service, "openai/m", rubric(*TWO)), batches=Batching(0.001, sleep=no_time))
    assert done.complete
    assert sum(not batch.refused for batch in service.batches) == 1
    assert done.totals.attempts == 4


def test_no_wait_leaves_and_the_same_command_on_another_machine_collects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    source = written(here, 3)
    with BatchService(script=one_call(), looks=2) as service:
        command = ["--judge", "openai/m", "--base-url", service.url, "--engine", "batch", "--poll", "0.002"]
        assert main(["score", str(source), *command, "--no-wait"]) == 75
        told = capsys.readouterr()
        assert re.search(r"1 batch with the provider, 0 of \d+ requests done", told.err)
        assert "later, the same command collects them:\n  recjudge" in told.err
        shutil.copytree(here, there)
        (there / "in.verdicts.jsonl").unlink()
        assert main(["score", str(there / "in.jsonl"), *command]) == 0
        assert "batches: 2 collected" in capsys.readouterr().out, "the other one is a re-ask of what was off the scale"
        assert len(service.batches) == 2
        assert set(service.asked.values()) == {1}
    assert len((there / "in.verdicts.jsonl").read_text().splitlines()) == 3


def test_a_run_that_is_done_says_nothing_of_waiting_and_asks_nothing(tmp_path: Path) -> None:
    with BatchService() as service:
        judge, out = judge_at(service, "openai/m", rubric(*TWO)), tmp_path / "o.verdicts.jsonl"
        first = in_batches(rows(2), judge, out)
        calls = len(service.calls)
        assert in_batches(rows(2), judge, out).complete
        assert len(service.calls) == calls
    assert not any("waiting" in words for words in first.said)


def test_what_came_in_a_batch_is_a_stored_reply_for_every_engine(tmp_path: Path) -> None:
    with BatchService() as service:
        judge, out = judge_at(service, "openai/m", rubric(*TWO)), tmp_path / "o.verdicts.jsonl"
        in_batches(rows(2), judge, out)
        out.unlink()
        (tmp_path / "o.jsonl").write_text("")
        done = score(rows(3), judge, out=out, options=Options(engine="pool"))
        assert service.single == 2, "of the third alone"
    assert done.complete


def test_a_request_that_never_comes_back_is_unjudged_and_tried_anew_by_the_next_run(tmp_path: Path) -> None:
    class Deaf(BatchService):
        def _worked(self, made: Any) -> Any:
            return [], [], False

    with Deaf() as service:
        judge, out = judge_at(service, "openai/m", rubric(dimension("relevance"))), tmp_path / "o.verdicts.jsonl"
        done = in_batches(rows(1), judge, out, attempts=2)
        assert next(iter(done)).status == "provider_error"
        assert "ended without a result for it" in (next(iter(done)).error or "")
        assert len(service.batches) == 2
        in_batches(rows(1), judge, out, attempts=2)
        assert len(service.batches) == 4


def test_a_refused_key_ends_the_run_and_a_service_that_is_down_too() -> None:
    class Shut(BatchService):
        def _route(self, method: str, *rest: Any) -> tuple[int, Any]:
            return 401, {"error": {"message": "bad key", "type": "authentication_error"}}

    with Shut() as service, pytest.raises(AccountError, match="the key was refused"):
        in_batches(rows(1), judge_at(service, "openai/m"))
    with BatchService() as service:
        service.hiccups = [("POST /files", "before")] * 3
        with pytest.raises(ProviderDown, match=r"no batch could be sent.*run the same command again"):
            in_batches(rows(1), judge_at(service, "openai/m"), attempts=3, batches=Batching(0.001, sleep=no_time))


def test_a_batch_costs_half_and_the_cap_holds() -> None:
    price = Price(100, 10, 200)
    with BatchService(script=one_call()) as service:
        judge = judge_at(service, "openai/m", rubric(*TWO))
        half = in_batches(rows(3), judge, price=price)
        full = score(rows(3), judge, options=Options(engine="pool", price=price))
        assert half.totals.usd == pytest.approx((full.totals.usd or 0) / 2)
        capped = in_batches(rows(3), judge, price=price, max_cost=0.2)
    assert {verdict.status for verdict in capped if verdict.grade is None} == {"budget_stopped"}
    assert capped.totals.usd_at_most <= 0.2
    with pytest.raises(UsageError, match="a cap on cost needs prices"):
        in_batches(rows(1), judge, max_cost=1.0)


def test_looks_come_later_and_later() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    with BatchService(looks=10) as service:
        in_batches(rows(1), judge_at(service, "openai/m", rubric(*TWO)), batches=Batching(10.0, sleep=sleep))
    assert pauses == [10 * min(1.5**n, 10) for n in range(10)]


def test_a_judge_without_a_batch_api_is_refused() -> None:
    with pytest.raises(UsageError, match="asks no provider"):
        score(rows(1), "local/lexical", options=Options(engine="batch"))
    with BatchService() as service, pytest.raises(UsageError, match=r"no batch API.*known: openai/MODEL"):
        in_batches(rows(1), judge_at(service, "compatible/m"))


def test_a_batch_is_closed_before_it_is_over_a_limit() -> None:
    box = Box(None, None, Terms(requests=3, bytes=100, factor=0.5, hours=24, source=""), None)  # type: ignore[arg-type]
    prompt = Prompt("", "", "", "")
    for n, size in enumerate([10, 10, 10, 10, 80, 30]):
        box.add(Ask(f"{n:064x}", prompt, 0.0, size))
    box.close()
    assert [[ask.size for ask in asks] for asks in box.taken()] == [[10, 10, 10], [10, 80], [30]]
    assert [(terms.requests, terms.bytes) for terms in TERMS.values()] == [
        (50_000, 200_000_000),
        (100_000, 256_000_000),
    ]


def test_lines_are_found_whatever_the_chunks_and_a_line_without_end_is_given_up() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for piece in (b'{"a"', b':"\xe2\x80\xa8"}\n\n{"b":1}', b"\n", b"x" * MOST_BODY, b"yy", b'zz\n{"c":2}'):
            yield piece

    async def found() -> list[bytes]:
        return [line async for line in split(chunks())]

    assert asyncio.run(found()) == [b'{"a":"\xe2\x80\xa8"}', b'{"b":1}', UNREADABLE, b'{"c":2}']


def test_the_plan_halves_the_price_and_says_waves_and_batches() -> None:
    with BatchService() as service:
        judge, price = judge_at(service, "openai/m"), Price(1, 0.1, 2)
        single = plan(rows(5), judge, price=price)
        batched = plan(rows(5), judge, price=price, engine="batch")
    assert batched.low.usd == pytest.approx((single.low.usd or 0) / 2)
    assert (batched.low.calls, batched.high.calls) == (single.low.calls, single.high.calls)
    assert (single.low.waves, single.low.batches) == (None, None)
    # look-ups: three turns and the answer; then the senior reviewer; and a re-ask of each
    assert (batched.high.waves, batched.high.batches) == (2 * 5, 2 * 5)


def test_the_waves_of_a_run_lie_between_the_plans_bounds() -> None:
    with BatchService() as service:
        judge = judge_at(service, "openai/m")
        foretold = plan(rows(10), judge, engine="batch")
        in_batches(rows(10), judge)
    assert (foretold.low.batches or 0) <= len(service.batches) <= (foretold.high.batches or 0)


def test_a_plan_refuses_an_engine_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="unknown engine 'bach'; known: pool"):
        plan(rows(1), "local", engine="bach")


def test_json_says_what_the_engine_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    source = written(tmp_path, 2)
    with BatchService(script=one_call()) as service:
        command = ["--judge", "anthropic/m", "--base-url", service.root, "--engine", "batch", "--poll", "0.002"]
        assert main(["score", str(source), *command, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["engine"] == [f"batches: {len(service.batches)} collected, {len(service.asked)} requests"]
    assert steps().name == "text"
