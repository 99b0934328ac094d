"""What the wrappers around a provider promise, in virtual time: pace, retries, budget, and one row for each request."""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.errors import AccountError, ProviderDown, ProviderFault, StorageError, UsageError
from recjudge.judge.budget import Budgeted, Meter, Price
from recjudge.judge.ledger import Ledger
from recjudge.judge.limits import Breaker, Throttled
from recjudge.judge.providers.base import Prompt, Reply, Scripted, Usage
from recjudge.judge.wrappers import Retrying, stack

from virtual import run

PRICE = Price(input=1.0, cached_input=0.1, output=10.0)
THROTTLED = ProviderFault("429", retriable=True, throttled=True)
DOWN = ProviderFault("500", retriable=True)
QUOTA = ProviderFault("insufficient_quota", fatal=True, throttled=True)


def prompt(number: int = 0) -> Prompt:
    return Prompt("system", "context", f"body {number}", "question", max_tokens=100)


@dataclass
class Server:
    """Answers after `seconds`, or as `answer(n, prompt)` says for the n-th request; remembers when each one came."""

    answer: Callable[[int, Prompt], Any] = lambda n, prompt: Reply("{}", Usage(100, 0, 10))
    seconds: float = 1.0
    name: str = "server"
    times: list[float] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    in_flight: int = 0
    most: int = 0

    async def ask(self, prompt: Prompt) -> Reply:
        self.times.append(asyncio.get_running_loop().time())
        self.bodies.append(prompt.body)
        n = len(self.times)
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await asyncio.sleep(self.seconds)
            said = self.answer(n, prompt)
        finally:
            self.in_flight -= 1
        if isinstance(said, BaseException):
            raise fresh(said)
        return said

    async def close(self) -> None:
        """Nothing to give back."""


def fresh(fault: BaseException) -> BaseException:
    if not isinstance(fault, ProviderFault):
        return fault
    said = {k: getattr(fault, k) for k in ("status", "retriable", "retry_after", "fatal", "throttled", "sent")}
    return ProviderFault(str(fault), **said)


def good(n: int, prompt: Prompt) -> Reply:
    return Reply(f'"{prompt.body}"', Usage(100, 0, 10))


async def ask_all(provider: Any, n: int, workers: int = 16) -> list[Any]:
    """Asks n prompts with that many workers; a result or an error each."""
    results: list[Any] = [None] * n
    numbers = iter(range(n))

    async def work() -> None:
        for i in numbers:
            try:
                results[i] = await provider.ask(prompt(i))
            except ProviderFault as fault:
                results[i] = fault

    await asyncio.gather(*(work() for _ in range(workers)))
    return results


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "a.db", {"judge": "test"}) as ledger:
        yield ledger


def play(ledger: Ledger, work: Callable[[], Any]) -> Any:
    async def all_of_it() -> Any:
        return await work()

    return run(all_of_it(), lambda: ledger.writing)


def seconds_of(ledger: Ledger, work: Callable[[], Any]) -> float:
    async def timed() -> float:
        began = asyncio.get_running_loop().time()
        await work()
        return asyncio.get_running_loop().time() - began

    return play(ledger, timed)


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
        timed = Timed(server, pace.timed)
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


def test_a_slot_is_held_until_the_reply_is_committed(ledger: Ledger) -> None:
    open_calls = Counter()
    server = Server(good)
    add = ledger.add_reply

    class Watched:
        """A ledger that counts replies had and not yet committed."""

        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

        async def add_reply(self, *call: Any) -> None:
            open_calls["now"] += 1
            open_calls["most"] = max(open_calls["most"], open_calls["now"] + server.in_flight)
            await add(*call)
            open_calls["now"] -= 1

    play(ledger, lambda: ask_all(stack(server, Watched(), concurrency=8), 100, 32))
    assert 0 < open_calls["most"] <= 8


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


# Budgeted


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
