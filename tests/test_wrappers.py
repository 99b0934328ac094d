"""What the stack around a provider promises, in virtual time: one call, one row, and retries that end."""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from recjudge.errors import ProviderFault, StorageError
from recjudge.judge.calls.budget import Meter
from recjudge.judge.calls.wrappers import Retrying, stack
from recjudge.judge.ledger.ledger import Ledger
from recjudge.judge.providers.base import Reply, Scripted

from served import DOWN, PRICE, Server, ask_all, good, play, prompt, seconds_of
from virtual import run


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "a.db", {"judge": "test"}) as ledger:
        yield ledger


# Recalled and Recorded


def test_a_call_that_is_stored_is_not_sent_again(ledger: Ledger) -> None:
    server, meter = Server(good), Meter()
    first = play(ledger, lambda: stack(server, ledger, meter=meter).ask(prompt()))
    again = play(ledger, lambda: stack(server, ledger, meter=meter).ask(prompt()))
    assert (len(server.times), meter.calls, meter.cached) == (1, 1, 1)
    assert again == dataclasses.replace(first, cached=True)
    assert not first.cached


def test_another_provider_is_asked_for_itself(ledger: Ledger) -> None:
    one, other = Server(good), Server(good, name="other")
    play(ledger, lambda: stack(one, ledger).ask(prompt()))
    play(ledger, lambda: stack(other, ledger).ask(prompt()))
    assert (len(one.times), len(other.times)) == (1, 1)


def test_what_several_ask_for_at_once_is_sent_once(ledger: Ledger) -> None:
    server, meter = Server(good), Meter()

    async def eight() -> list[Reply]:
        provider = stack(server, ledger, meter=meter)
        return await asyncio.gather(*(provider.ask(prompt()) for _ in range(8)))

    replies = play(ledger, eight)
    assert len(server.times) == 1
    assert sorted(reply.cached for reply in replies) == [False] + [True] * 7
    assert meter.cached == 7


def test_when_the_one_who_asks_is_cut_off_the_next_one_asks(ledger: Ledger) -> None:
    server = Server(good)

    async def cut() -> Reply:
        provider = stack(server, ledger)
        first, second = (asyncio.create_task(provider.ask(prompt())) for _ in range(2))
        await asyncio.sleep(0.5)
        first.cancel()
        reply = await second
        assert first.cancelled()
        return reply

    assert play(ledger, cut).text == '"body 0"'
    assert len(server.times) == 2


def test_a_reply_is_on_disk_before_anyone_goes_on(ledger: Ledger) -> None:
    async def ask() -> None:
        await stack(Server(good), ledger).ask(prompt())
        with Ledger.read(ledger.path) as reader:
            assert reader.call(prompt().key).reply.text == '"body 0"'

    play(ledger, ask)


@pytest.mark.parametrize("status", ["refused", "truncated", "content_filtered", "provider_error", "context_overflow"])
def test_only_good_replies_are_stored_and_every_request_has_its_row(ledger: Ledger, status: str) -> None:
    server = Server(lambda n, prompt: ProviderFault("no", status=status))
    with pytest.raises(ProviderFault, match="no"):
        play(ledger, lambda: stack(server, ledger).ask(prompt()))
    call = ledger.call(prompt().key)
    assert call.reply is None
    assert [attempt.status for attempt in call.attempts] == [status]


def test_a_reply_that_its_asker_cannot_read_is_given_once_and_not_stored(ledger: Ledger) -> None:
    def read(text: str) -> None:
        raise ProviderFault("no label", status="parse_failed")

    server, asked = Server(good), dataclasses.replace(prompt(), accept=read)
    for _ in range(2):
        assert play(ledger, lambda: stack(server, ledger).ask(asked)).text == '"body 0"'
    assert len(server.times) == 2
    assert ledger.totals().by_status == {"parse_failed": 2}
    assert ledger.totals().tokens_in == 200


def test_what_the_provider_says_is_stored_without_secrets_and_short(ledger: Ledger) -> None:
    said = "Incorrect API key: sk-proj-abc123def456. Bearer tok_77 " + "x" * 500
    with pytest.raises(ProviderFault):
        play(ledger, lambda: stack(Server(lambda n, p: ProviderFault(said)), ledger).ask(prompt()))
    detail = ledger.call(prompt().key).attempts[0].detail
    assert len(detail) == 200
    assert "abc123" not in detail
    assert "tok_77" not in detail


def test_a_call_that_is_cut_off_in_flight_leaves_its_row(tmp_path: Path) -> None:
    async def cut(ledger: Ledger) -> None:
        task = asyncio.create_task(stack(Server(good), ledger, prices=PRICE).ask(prompt()))
        await asyncio.sleep(0.5)
        task.cancel()
        await asyncio.wait([task])

    with Ledger.open(tmp_path / "b.db", {}) as ledger:
        play(ledger, lambda: cut(ledger))
    totals = Ledger.read(tmp_path / "b.db").totals()
    assert totals.by_status == {"interrupted": 1}
    assert totals.usd_at_most == PRICE.worst(prompt())


def test_a_dead_disk_ends_the_call_with_a_storage_error(ledger: Ledger) -> None:
    ledger._store.dead = StorageError("disk full")
    with pytest.raises(StorageError):
        play(ledger, lambda: stack(Server(good), ledger).ask(prompt()))


# Retrying and the deadline


def test_what_may_succeed_later_is_sent_again_and_each_attempt_has_a_row(ledger: Ledger) -> None:
    server = Server(lambda n, p: DOWN if n < 4 else good(n, p))
    play(ledger, lambda: stack(server, ledger).ask(prompt()))
    assert [attempt.status for attempt in ledger.call(prompt().key).attempts] == ["provider_error"] * 3 + ["ok"]


@pytest.mark.parametrize("fault", [ProviderFault("bad request"), ProviderFault("cut", status="truncated")])
def test_what_cannot_succeed_later_is_sent_once(ledger: Ledger, fault: ProviderFault) -> None:
    server = Server(lambda n, p: fault)
    with pytest.raises(ProviderFault):
        play(ledger, lambda: stack(server, ledger).ask(prompt()))
    assert len(server.times) == 1


def test_one_item_that_always_fails_ends_after_its_attempts_and_the_others_go_on(ledger: Ledger) -> None:
    server = Server(lambda n, p: DOWN if p.body == "body 3" else good(n, p))
    results = play(ledger, lambda: ask_all(stack(server, ledger), 40))
    assert Counter(server.bodies)["body 3"] == 5
    assert [i for i, result in enumerate(results) if isinstance(result, ProviderFault)] == [3]


def test_silence_ends_at_the_deadline(ledger: Ledger) -> None:
    server = Server(good, seconds=10_000)
    took = seconds_of(ledger, lambda: ask_all(stack(server, ledger, attempts=1, deadline=120), 8))
    assert took == pytest.approx(120, abs=0.1)
    assert ledger.totals().by_status == {"timeout": 8}


def test_retries_of_one_call_end_in_time_whatever_the_attempts() -> None:
    server = Server(lambda n, p: DOWN, seconds=60)

    async def ask() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        with pytest.raises(ProviderFault):
            await Retrying(server, 1000, 900.0, Random(1)).ask(prompt())
        return loop.time() - began

    assert run(ask()) <= 60 + 900 + 60
    assert len(server.times) > 8


def test_pauses_between_attempts_are_spread_over_the_whole_of_their_range() -> None:
    def pauses(seed: int) -> list[float]:
        server = Server(lambda n, p: DOWN, seconds=0)
        asking = Retrying(server, 5, 900.0, Random(seed)).ask(prompt())
        with pytest.raises(ProviderFault):
            run(asking)
        return [later - sooner for sooner, later in zip(server.times, server.times[1:], strict=False)]

    fourth = [pauses(seed)[3] for seed in range(200)]
    assert 0 <= min(fourth) < 1 < 7 < max(fourth) <= 8.001
    assert pauses(3) == pauses(3)


# The meter


def test_the_meter_tells_where_a_run_is(ledger: Ledger) -> None:
    server, meter = Server(lambda n, p: DOWN if n == 3 else good(n, p)), Meter()

    async def watch() -> tuple[int, int]:
        provider = stack(server, ledger, concurrency=4, prices=PRICE, meter=meter)
        asking = asyncio.create_task(ask_all(provider, 12, 8))
        await asyncio.sleep(0.5)
        seen = meter.in_flight, meter.concurrency
        await asking
        return seen

    assert play(ledger, watch) == (4, 4)
    assert (meter.calls, meter.in_flight, meter.failures) == (12, 0, {"provider_error": 1})
    assert (meter.tokens_in, meter.tokens_out) == (1200, 120)
    assert meter.usd == pytest.approx(12 * PRICE.cost(100, 0, 10))


def test_a_scripted_provider_works_behind_the_stack_without_virtual_time(ledger: Ledger) -> None:
    provider = stack(Scripted(lambda asked: {"label": asked.body}), ledger)
    replies = asyncio.run(ask_all(provider, 20))
    assert [reply.text for reply in replies] == [f'{{"label":"body {i}"}}' for i in range(20)]
