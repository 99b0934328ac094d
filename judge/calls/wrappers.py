"""Providers around a provider: what is known is not asked again, what fails is retried, what is paid is on disk.

From the outside in, and why in this order:
- Recalled: a stored reply costs nothing, not even a turn; one call that several ask for at once is sent once.
- Retrying: the only layer that sends again, outside the pace, so that a call which waits holds no slot.
- Throttled: the pace. Its slot is held until the reply is there; some may wait behind it for their COMMIT.
- Breaker: sees every attempt, and holds back also those that have a slot already.
- Budgeted: reserves the worst case last, so that nothing waits with money reserved.
- Recorded: one request, one deadline, one row; around the provider itself, so that nothing paid escapes it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from math import inf
from random import Random
from typing import TYPE_CHECKING

from ...errors import ProviderFault, RecjudgeError, UsageError
from ..ledger.rows import Attempt, call_key
from ..observing.spans import traced
from ..providers.base import Prompt, Provider, Reply, Usage
from ..records import Status
from .budget import Budgeted, Meter, Price, may_be_billed
from .limits import Breaker, Throttled

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..ledger.ledger import Ledger

__all__ = ["Meter", "Price", "Recalled", "Recorded", "Retrying", "paced", "stack"]

_LONGEST_PAUSE = 60.0
_NO_USAGE = Usage()
_REFUSALS = frozenset({Status.REFUSED, Status.CONTENT_FILTERED})
_SECRET = re.compile(r"(?i)\b(?:sk|pk|key|xox[a-z])-[\w-]{6,}|(?<=bearer )\S+|(?<=api_key=)[^\s&]+|(?<=api-key: )\S+")


def stack(
    provider: Provider,
    ledger: Ledger,
    *,
    concurrency: int = 16,
    attempts: int = 5,
    deadline: float = 120.0,
    give_up_after: float = 900.0,
    prices: Price | None = None,
    max_cost: float | None = None,
    seed: int = 0,
    meter: Meter | None = None,
) -> Provider:
    """The provider with all its wrappers. `deadline` bounds one request, `give_up_after` the retries of one call.

    `max_cost` is dollars for the whole run, earlier processes included; stacks that share a `meter` share it. Times are
    seconds of the running loop's clock. Raises UsageError for a cap without prices.
    """
    if max_cost is not None and prices is None:
        raise UsageError(
            "a cap on cost needs prices: give dollars per million tokens of input, cached input and output"
        )
    meter = meter or Meter()
    rng = Random(seed)  # noqa: S311 - spreads retries, guards nothing
    recorded = Recorded(traced(provider), ledger, deadline, prices, meter)
    inner: Provider = recorded
    if prices is not None and max_cost is not None:
        meter.spent = meter.spent or ledger.totals().usd_at_most
        inner = Budgeted(inner, prices, max_cost, meter)
    throttled = Throttled(Breaker(inner, meter), concurrency, rng, meter, patience=give_up_after)
    recorded.answered = throttled.answered
    return Recalled(Retrying(throttled, attempts, give_up_after, rng, meter), ledger, meter)


def paced(
    provider: Provider, *, concurrency: int = 16, attempts: int = 5, give_up_after: float = 900.0, seed: int = 0
) -> Provider:
    """The provider with its retries, pace and breaker, and without a store: for replies that are wanted anew.

    Raises as it is asked what `stack` raises, but for a cap on cost.
    """
    rng, meter = Random(seed), Meter()  # noqa: S311 - spreads retries, guards nothing
    throttled = Throttled(Breaker(provider, meter), concurrency, rng, meter, patience=give_up_after)
    return Retrying(throttled, attempts, give_up_after, rng, meter)


class Recalled:
    """Answers from the ledger what it holds; sends once what several ask for at once."""

    def __init__(self, inner: Provider, ledger: Ledger, meter: Meter) -> None:
        self.inner, self.ledger, self.meter, self.name = inner, ledger, meter, inner.name
        self._asked: dict[str, asyncio.Future[Reply]] = {}

    async def ask(self, prompt: Prompt) -> Reply:
        """The stored reply, the reply to the same call in flight, or a new one."""
        key = call_key(self.name, prompt.key)
        while (asked := self._asked.get(key)) is not None:
            try:
                reply = await asyncio.shield(asked)
            except asyncio.CancelledError:
                if asked.cancelled() and not _being_cancelled():
                    continue
                raise
            return self._count(replace(reply, cached=True))
        stored = self.ledger.reply(key)
        return await self._lead(key, prompt) if stored is None else self._count(stored)

    async def close(self) -> None:
        """Gives connections back."""
        await self.inner.close()

    async def _lead(self, key: str, prompt: Prompt) -> Reply:
        self._asked[key] = asked = asyncio.get_running_loop().create_future()
        try:
            reply = await self.inner.ask(prompt)
            asked.set_result(reply)
            return reply
        except (ProviderFault, RecjudgeError) as error:
            asked.set_exception(error)
            asked.exception()  # marks it as seen: often nobody else has asked
            raise
        finally:
            asked.cancel()  # of no effect unless this call was cut off: then the next who waits asks for itself
            del self._asked[key]

    def _count(self, reply: Reply) -> Reply:
        self.meter.cached += 1
        return reply


class Retrying:
    """Sends again what may succeed later: a budget of attempts, and of time from the first failure on."""

    def __init__(
        self, inner: Provider, attempts: int, give_up_after: float, rng: Random, meter: Meter | None = None
    ) -> None:
        self.inner, self.attempts, self.give_up_after, self.meter = inner, attempts, give_up_after, meter or Meter()
        self.name, self._rng = inner.name, rng

    async def ask(self, prompt: Prompt) -> Reply:
        """A reply, or the last attempt's fault."""
        loop = asyncio.get_running_loop()
        gives_up = float("inf")
        for attempt in count(1):
            try:
                return await self.inner.ask(prompt)
            except ProviderFault as fault:
                gives_up = min(gives_up, loop.time() + self.give_up_after)
                pause = self._pause(fault, attempt)
                due = loop.time() + (fault.retry_after or pause)
                if not fault.retriable or attempt >= self.attempts or due > gives_up:
                    raise
                told = {"call": call_key(self.name, prompt.key), "status": fault.status, "attempt": attempt}
                self.meter.tell("retry", provider=self.name, **told, wait=fault.retry_after or pause)
            await asyncio.sleep(pause)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def close(self) -> None:
        """Gives connections back."""
        await self.inner.close()

    def _pause(self, fault: ProviderFault, attempt: int) -> float:
        if fault.retry_after is not None:
            return 0.0  # the pace holds everybody back until then
        return self._rng.uniform(0.0, min(_LONGEST_PAUSE, 2.0 ** (attempt - 1)))


class Recorded:
    """Sends one request under one deadline, and returns when its row, and the reply if it is good, are committed."""

    def __init__(self, inner: Provider, ledger: Ledger, deadline: float, prices: Price | None, meter: Meter) -> None:
        self.inner, self.ledger, self.prices, self.meter, self.name = inner, ledger, prices, meter, inner.name
        # a provider that keeps a shorter deadline itself needs no second clock for every call
        self.deadline = None if getattr(inner, "timeout", inf) <= deadline else deadline
        self.answered: Callable[[float], None] = lambda seconds: None
        """Told that a reply is there, and how long it took."""

    async def ask(self, prompt: Prompt) -> Reply:
        """One request. Its fault is recorded before it is raised."""
        request = _Request(call_key(self.name, prompt.key), self.name, prompt)
        self.meter.in_flight += 1
        try:
            reply = await self._send(prompt)
        except ProviderFault as fault:
            self.meter.failures[Status(fault.status)] += 1
            self._tell(request, fault)
            await self.ledger.add_attempt(*request.call, self._failed(request, fault))
            raise
        except asyncio.CancelledError:
            cut = ProviderFault("the run was stopped while it was in flight", status=Status.INTERRUPTED)
            self.ledger.post_attempt(*request.call, self._failed(request, cut))
            raise
        finally:
            self.meter.in_flight -= 1
        return await self._keep(request, reply)

    async def close(self) -> None:
        """Gives connections back."""
        await self.inner.close()

    async def _send(self, prompt: Prompt) -> Reply:
        if self.deadline is None:
            return await self.inner.ask(prompt)
        try:
            async with asyncio.timeout(self.deadline):
                return await self.inner.ask(prompt)
        except TimeoutError:
            said = f"no complete reply within {self.deadline:g} s"
            raise ProviderFault(said, status=Status.TIMEOUT, retriable=True) from None

    async def _keep(self, request: _Request, reply: Reply) -> Reply:
        usd = None if self.prices is None else self.prices.of(reply.usage)
        most = self.prices.worst(request.prompt) if self.prices is not None and usd is None else usd
        seconds = request.seconds()
        self.meter.add(reply.usage, usd)
        self.answered(seconds)
        unread = _unread(request.prompt, reply)
        if unread is None:
            attempt = Attempt(Status.OK, request.started, seconds, "", reply.usage, usd, most)
            await self.ledger.add_reply(*request.call, reply, attempt)
            return reply if usd is None else replace(reply, usd=usd)
        self.meter.failures[Status(unread.status)] += 1
        self._tell(request, unread)
        attempt = Attempt(Status(unread.status), request.started, seconds, _said(unread), reply.usage, usd, most)
        await self.ledger.add_attempt(*request.call, attempt)
        return reply if usd is None else replace(reply, usd=usd)

    def _tell(self, request: _Request, fault: ProviderFault) -> None:
        if self.meter.listener is not None:
            event = "refused" if fault.status in _REFUSALS else "call_failed"
            told = {"provider": self.name, "call": request.call[0], "status": fault.status}
            self.meter.tell(event, **told, seconds=round(request.seconds(), 3), detail=_said(fault))

    def _failed(self, request: _Request, fault: ProviderFault) -> Attempt:
        most = None
        if self.prices is not None:
            most = self.prices.worst(request.prompt) if may_be_billed(fault) else 0.0
        status = Status(fault.status)
        return Attempt(status, request.started, request.seconds(), _said(fault), _NO_USAGE, None, most)


class _Request:
    """One request on its way: what it is stored under, and when it left."""

    __slots__ = ("_left", "call", "prompt", "started")

    def __init__(self, key: str, name: str, prompt: Prompt) -> None:
        self.call = (key, name, prompt)
        self.prompt = prompt
        self.started = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._left = asyncio.get_running_loop().time()

    def seconds(self) -> float:
        """Since it left, by the loop's clock, which never goes back."""
        return asyncio.get_running_loop().time() - self._left


def _unread(prompt: Prompt, reply: Reply) -> ProviderFault | None:
    """Why the asker cannot read the reply; it gets it all the same, but the store must not give it out again."""
    if prompt.accept is None:
        return None
    try:
        prompt.accept(reply.text)
    except ProviderFault as fault:
        return fault
    return None


def _said(fault: ProviderFault) -> str:
    return _SECRET.sub("[secret]", str(fault))[:200]


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
