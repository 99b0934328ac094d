"""The pace and the breaker, in virtual time: nobody too early, no wave, and an end to trying."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from recjudge.errors import AccountError, ProviderDown, ProviderFault
from recjudge.judge.calls.budget import Meter
from recjudge.judge.calls.limits import Breaker, Throttled
from recjudge.judge.calls.wrappers import Retrying, stack
from recjudge.judge.ledger.ledger import Ledger
from recjudge.judge.providers.base import Prompt, Reply

from served import DOWN, QUOTA, THROTTLED, Server, ask_all, fresh, good, play, prompt
from virtual import run


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "a.db", {"judge": "test"}) as ledger:
        yield ledger


# Throttled


def throttled(server: Server, concurrency: int = 16, **how: Any) -> Retrying:
    rng = Random(5)
    return Retrying(Throttled(server, concurrency, rng, Meter(), **how), 5, 900.0, rng)


def test_the_pace_grows_to_the_concurrency_and_never_above() -> None:
    server = Server(good)
    run(ask_all(throttled(server, 32), 400, workers=64))
    assert server.most == 32
    assert sum(time < server.times[0] + 0.5 for time in server.times) == 8


@pytest.mark.parametrize("named", [1.0, 7.0, 30.0])
def test_nobody_leaves_before_the_time_the_provider_named(named: float) -> None:
    busy = fresh(THROTTLED)
    busy.retry_after = named
    server = Server(lambda n, p: busy if n == 20 else good(n, p))
    run(ask_all(throttled(server), 200))
    rejected = server.times[19] + 1.0
    assert [time for time in server.times if rejected < time < rejected + named] == []
    assert len(server.times) == 201


def storm(named: float | None, seed: int) -> tuple[Server, list[Any], list[tuple[float, float]]]:
    """80 % of requests rejected for 60 s; returns what came of 300 prompts, and when nobody was to leave."""
    rng = Random(seed)
    shut: list[tuple[float, float]] = []
    began: list[float] = []

    def answer(n: int, asked: Prompt) -> Any:
        now = asyncio.get_running_loop().time()
        began.append(now)
        if now - began[0] > 60 or rng.random() > 0.8:
            return good(n, asked)
        if named is not None:
            shut.append((now, now + named))
        return ProviderFault("429", retriable=True, throttled=True, retry_after=named)

    server = Server(answer)
    return server, run(ask_all(throttled(server), 300)), shut


@pytest.mark.parametrize("named", [1.0, 5.0])
def test_a_storm_of_rejections_is_sat_out_and_everything_finishes(named: float) -> None:
    for seed in range(5):
        server, results, shut = storm(named, seed)
        assert all(isinstance(result, Reply) for result in results)
        assert not any(start < time < end for start, end in shut for time in server.times)
        assert len(server.times) <= 1.3 * 300


def test_a_storm_without_a_named_time_brings_few_requests_and_no_wave() -> None:
    for seed in range(5):
        server, results, _ = storm(None, seed)
        assert all(isinstance(result, Reply) for result in results)
        assert max(Counter(server.bodies).values()) <= 5
        assert len(server.times) <= 1.3 * 300
        shut = [time for time in server.times if time > server.times[0] + 5]
        assert max(Counter(int(time * 10) for time in shut).values()) <= 4


def test_a_rejection_halves_the_pace_once_a_round_trip() -> None:
    server = Server(lambda n, p: THROTTLED if 100 < n <= 116 else good(n, p))
    limits: list[float] = []

    async def watched() -> None:
        pace = Throttled(server, 16, Random(5), Meter())
        server.answer, answer = (lambda n, p: (limits.append(pace.limit), answer(n, p))[1]), server.answer
        await ask_all(Retrying(pace, 5, 900.0, Random(1)), 200)

    run(watched())
    assert max(limits) == 16
    assert 2 <= min(limits) <= 8


def test_a_strong_rise_of_latency_slows_down_and_a_fall_speeds_up_again() -> None:
    server = Server(good)

    async def laden() -> tuple[float, float, float]:
        pace = Throttled(server, 64, Random(5), Meter())
        timed = Timed(server, pace.answered)
        pace.inner = timed
        await ask_all(pace, 600, 64)
        light, server.seconds = pace.limit, 8.0
        await ask_all(pace, 300, 64)
        heavy, server.seconds = pace.limit, 1.0
        await ask_all(pace, 3000, 64)
        return light, heavy, pace.limit

    light, heavy, after = run(laden())
    assert light == 64
    assert heavy <= 32
    assert after > heavy


@dataclass
class Timed:
    """Tells how long each reply took."""

    inner: Server
    tell: Callable[[float], None]
    name: str = "timed"

    async def ask(self, asked: Prompt) -> Reply:
        began = asyncio.get_running_loop().time()
        reply = await self.inner.ask(asked)
        self.tell(asyncio.get_running_loop().time() - began)
        return reply


def test_a_wait_of_hours_ends_the_run_instead_of_hanging_it() -> None:
    server = Server(lambda n, p: ProviderFault("429", retriable=True, throttled=True, retry_after=7200.0))
    with pytest.raises(ProviderDown, match="asks to wait 7200 s"):
        run(ask_all(throttled(server), 100))
    assert len(server.times) <= 8


def test_a_reply_that_is_not_committed_yet_gives_its_slot_to_at_most_a_fourth_more_calls(ledger: Ledger) -> None:
    open_calls: Counter[str] = Counter()
    server = Server(good)
    add = ledger.add_reply

    class Watched:
        """A ledger that counts replies had and not yet committed."""

        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

        async def add_reply(self, *call: Any) -> None:
            open_calls["now"] += 1
            open_calls["most"] = max(open_calls["most"], open_calls["now"] + server.in_flight)
            await asyncio.sleep(0.3)
            await add(*call)
            open_calls["now"] -= 1

    pace = stack(server, Watched(), concurrency=8)  # type: ignore[arg-type]
    play(ledger, lambda: ask_all(pace, 100, 32))
    assert (open_calls["most"], server.most) == (10, 8)
    assert throttle_of(pace) == (0, set())


def throttle_of(pace: Any) -> tuple[int, set[Any]]:
    """Slots taken, and replies not committed, when all is done."""
    return pace.inner.inner._used, pace.inner.inner._behind


def test_callers_that_are_cut_off_give_their_slots_back() -> None:
    server = Server(good)

    async def cut() -> int:
        pace = Throttled(server, 4, Random(1), Meter())
        tasks = [asyncio.create_task(pace.ask(prompt(i))) for i in range(50)]
        await asyncio.sleep(0.5)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.wait(tasks)
        await asyncio.gather(*(pace.ask(prompt(i)) for i in range(50)))
        return pace._used

    assert run(cut()) == 0


# Breaker


def test_a_provider_that_is_down_is_probed_and_then_given_up(ledger: Ledger) -> None:
    server = Server(lambda n, p: DOWN, seconds=0.1)

    async def down() -> float:
        began = asyncio.get_running_loop().time()
        with pytest.raises(ProviderDown, match="fails every call"):
            await ask_all(stack(server, ledger), 500)
        return asyncio.get_running_loop().time() - began

    took = play(ledger, down)
    assert len(server.times) <= 60
    assert 200 < took < 600


def test_a_provider_that_nothing_has_ever_reached_is_given_up_in_seconds(ledger: Ledger) -> None:
    server = Server(lambda n, p: ProviderFault("connection refused", retriable=True, sent=False), seconds=0)

    async def nobody_there() -> float:
        began = asyncio.get_running_loop().time()
        with pytest.raises(ProviderDown, match=r"cannot be reached.*connection refused"):
            await ask_all(stack(server, ledger), 500)
        return asyncio.get_running_loop().time() - began

    assert play(ledger, nobody_there) < 30


def test_a_provider_that_comes_back_is_used_again_and_nothing_is_lost(ledger: Ledger) -> None:
    server = Server(lambda n, p: DOWN if 50 <= n < 80 else good(n, p))
    meter = Meter()
    results = play(ledger, lambda: ask_all(stack(server, ledger, meter=meter), 300))
    assert all(isinstance(result, Reply) for result in results)
    assert not meter.paused


@pytest.mark.parametrize("workers", [1, 16])
def test_an_exhausted_quota_stops_the_run_after_the_calls_in_flight(ledger: Ledger, workers: int) -> None:
    server = Server(lambda n, p: QUOTA if n > 30 else good(n, p))
    with pytest.raises(AccountError, match="insufficient_quota"):
        play(ledger, lambda: ask_all(stack(server, ledger), 500, workers))
    assert len(server.times) - 30 <= workers + 1
    assert ledger.totals().calls == 30


def test_a_probe_that_is_cut_off_leaves_the_next_one_to_probe() -> None:
    server = Server(lambda n, p: DOWN if n <= 20 else good(n, p), seconds=0)

    async def cut() -> Reply:
        breaker = Breaker(server, Meter())
        await ask_all(breaker, 20, 1)
        first = asyncio.create_task(breaker.ask(prompt()))
        second = asyncio.create_task(breaker.ask(prompt()))
        await asyncio.sleep(1)
        first.cancel()
        return await second

    assert run(cut()).text
