"""The cap on cost: no call that could pass it is sent, whatever the calls cost and however they fail."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.errors import ProviderFault, UsageError
from recjudge.judge.calls.budget import Budgeted, Meter
from recjudge.judge.calls.wrappers import stack
from recjudge.judge.ledger.ledger import Ledger
from recjudge.judge.providers.base import Prompt, Reply, Usage

from served import DOWN, PRICE, QUOTA, THROTTLED, Server, ask_all, good, play, prompt
from virtual import run


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "a.db", {"judge": "test"}) as ledger:
        yield ledger


def test_a_cap_needs_prices(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="needs prices"):
        stack(Server(good), ledger, max_cost=1.0)


def test_cost_is_counted_from_usage_with_the_price_of_cached_input() -> None:
    assert PRICE.of(Usage(1_000_000, 400_000, 100_000)) == pytest.approx(0.6 + 0.04 + 1.0)
    assert PRICE.of(Usage()) is None


def test_the_cap_stops_before_the_call_that_could_pass_it(ledger: Ledger) -> None:
    server, meter, cost = Server(good), Meter(), PRICE.cost(100, 0, 10)
    cap = 50 * cost + PRICE.worst(prompt())
    results = play(ledger, lambda: ask_all(stack(server, ledger, prices=PRICE, max_cost=cap, meter=meter), 500))
    stopped = [result for result in results if isinstance(result, ProviderFault)]
    assert {fault.status for fault in stopped} == {"budget_stopped"}
    assert 50 <= len(server.times) <= 51
    assert meter.spent <= cap
    assert meter.usd == pytest.approx(meter.spent)


def test_a_second_process_goes_on_with_what_the_first_has_left(tmp_path: Path) -> None:
    cap = 50 * PRICE.cost(100, 0, 10) + PRICE.worst(prompt())
    server = Server(good)
    for workers in (3, 4):
        with Ledger.open(tmp_path / "b.db", {}) as ledger:
            asked = 30 if workers == 3 else 500
            play(ledger, lambda: ask_all(stack(server, ledger, prices=PRICE, max_cost=cap), asked, workers))  # noqa: B023
    assert 50 <= len(server.times) <= 51


def test_stacks_that_share_a_meter_share_the_cap(ledger: Ledger) -> None:
    meter, servers = Meter(), [Server(good, name=name) for name in "abc"]
    cap = 30 * PRICE.cost(100, 0, 10) + PRICE.worst(prompt())

    async def jury() -> None:
        stacks = [stack(server, ledger, prices=PRICE, max_cost=cap, meter=meter) for server in servers]
        await asyncio.gather(*(ask_all(one, 100, 8) for one in stacks))

    play(ledger, jury)
    assert 30 <= sum(len(server.times) for server in servers) <= 31


def test_requests_that_may_have_been_billed_count_with_their_worst_case(ledger: Ledger) -> None:
    def spent(fault: ProviderFault) -> float:
        meter = Meter()

        async def ask() -> None:
            with pytest.raises(ProviderFault):
                await Budgeted(Server(lambda n, p: fault), PRICE, 1.0, meter).ask(prompt())

        run(ask())
        assert meter.reserved == 0
        return meter.spent

    assert spent(ProviderFault("lost", retriable=True)) == PRICE.worst(prompt())
    assert spent(ProviderFault("silence", status="timeout")) == PRICE.worst(prompt())
    assert spent(THROTTLED) == spent(QUOTA) == spent(ProviderFault("no route", sent=False)) == 0
    assert spent(ProviderFault("too long", status="context_overflow")) == 0


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.0001, 0.05), st.integers(1, 64))
def test_whatever_the_calls_cost_and_however_they_fail_the_cap_is_never_passed(
    seed: int, cap: float, workers: int
) -> None:
    rng, meter, true_cost = Random(seed), Meter(), [0.0]
    faults = [DOWN, THROTTLED, ProviderFault("cut", status="truncated"), ProviderFault("lost", sent=False)]

    def answer(n: int, asked: Prompt) -> Any:
        fault = rng.choice(faults) if rng.random() < 0.3 else None
        usage = Usage(rng.randint(1, 500), 0, rng.randint(0, 100))
        if fault is None or (fault.sent and not fault.throttled):
            true_cost[0] += PRICE.cost(usage.tokens_in, 0, usage.tokens_out)
        return fault or Reply("{}", usage)

    server = Server(answer, seconds=rng.random())
    run(ask_all(Budgeted(server, PRICE, cap, meter), 40, workers))
    assert true_cost[0] <= meter.spent + 1e-12 <= cap + 2e-12
    assert meter.reserved == pytest.approx(0)
