"""What calls cost: prices, the meter that counts a run, and the layer that never lets a call pass the cap."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from ...errors import ProviderFault
from ..providers.base import Prompt, Provider, Reply, Usage
from ..records import Status

_FRAME = 512
"""Tokens allowed for what a provider puts around a prompt: roles, separators, the notice of a schema."""
_MILLION = 1e6
_UNBILLED = frozenset({Status.CONTEXT_OVERFLOW, Status.INPUT_INVALID, Status.BUDGET_STOPPED})


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens."""

    input: float
    cached_input: float
    """Input that the provider served from its prompt cache."""
    output: float

    def cost(self, tokens_in: int, tokens_cached: int, tokens_out: int) -> float:
        """Dollars; `tokens_cached` are among `tokens_in`."""
        fresh = (tokens_in - tokens_cached) * self.input
        return (fresh + tokens_cached * self.cached_input + tokens_out * self.output) / _MILLION

    def of(self, usage: Usage) -> float | None:
        """Dollars of a reply; None when the provider did not count its tokens."""
        return self.cost(usage.tokens_in, usage.tokens_cached, usage.tokens_out) if usage.tokens_in else None

    def worst(self, prompt: Prompt) -> float:
        """The most one call can cost: a token is at least a byte, and the reply ends at `max_tokens`."""
        dearest = max(self.input, self.cached_input)
        return (_most_tokens(prompt) * dearest + prompt.max_tokens * self.output) / _MILLION


@dataclass
class Meter:
    """Where a run's calls stand; read it at any time. Stacks that share a meter share one budget."""

    calls: int = 0
    """Complete replies had from a provider by this process."""
    cached: int = 0
    """Replies that were in the ledger and cost nothing."""
    in_flight: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    """Requests that brought no usable reply, by status."""
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    usd: float | None = None
    """Known cost of this process; None where nothing had a price."""
    spent: float = 0.0
    """What the run can have cost at most, earlier processes included: what the cap is held against."""
    reserved: float = 0.0
    """Worst case of the calls in flight."""
    concurrency: int = 0
    """Calls the pace allows in flight now."""
    paused: bool = False
    """The provider failed too often in a row; it is probed from time to time."""
    listener: Callable[[str, Mapping[str, Any]], None] | None = None
    """Told of every event of a call that did not go as it should (see `judge/observing/events.py`)."""

    def tell(self, event: str, **fields: Any) -> None:
        """Tells the listener, if there is one."""
        if self.listener is not None:
            self.listener(event, fields)

    def add(self, usage: Usage, usd: float | None) -> None:
        """Counts one complete reply."""
        self.calls += 1
        self.tokens_in += usage.tokens_in
        self.tokens_cached += usage.tokens_cached
        self.tokens_out += usage.tokens_out
        if usd is not None:
            self.usd = (self.usd or 0.0) + usd


class Budgeted:
    """Sends a call only when its worst case, with that of all calls in flight, stays within the cap.

    A call that would fit once others have settled waits for them; one that cannot fit is stopped with `budget_stopped`.
    """

    def __init__(self, inner: Provider, price: Price, max_cost: float, meter: Meter) -> None:
        self.inner, self.price, self.max_cost, self.meter = inner, price, max_cost, meter
        self._settled = asyncio.Event()

    @property
    def name(self) -> str:
        """The inner provider's."""
        return self.inner.name

    async def ask(self, prompt: Prompt) -> Reply:
        """One call, its worst case reserved first and replaced by what it cost."""
        worst = self.price.worst(prompt)
        await self._reserve(worst)
        spent = worst  # of a call that is cut off nothing is known but its worst case
        try:
            reply = await self.inner.ask(prompt)
            cost = self.price.of(reply.usage)
            spent = worst if cost is None else cost
            return reply
        except ProviderFault as fault:
            spent = worst if may_be_billed(fault) else 0.0
            raise
        finally:
            self.meter.reserved -= worst
            self.meter.spent += spent
            self._settled.set()

    async def close(self) -> None:
        """Gives connections back."""
        await self.inner.close()

    async def _reserve(self, worst: float) -> None:
        meter = self.meter
        while meter.spent + meter.reserved + worst > self.max_cost:
            if meter.spent + worst > self.max_cost or meter.reserved <= 0:
                left = self.max_cost - meter.spent
                raise ProviderFault(
                    f"the next call may cost ${worst:.4f} and ${max(left, 0.0):.4f} of ${self.max_cost:.2f} is left",
                    status=Status.BUDGET_STOPPED,
                    sent=False,
                )
            await self._another_settled()
        meter.reserved += worst

    async def _another_settled(self) -> None:
        # stacks share a meter, not this event: the wait is bounded so that another stack's call is noticed too
        self._settled.clear()
        try:
            async with asyncio.timeout(1.0):
                await self._settled.wait()
        except TimeoutError:
            return


def may_be_billed(fault: ProviderFault) -> bool:
    """Whether the model may have run for a request that failed: not when it was refused at the door, or never sent."""
    return fault.sent and not fault.throttled and not fault.fatal and fault.status not in _UNBILLED


def _most_tokens(prompt: Prompt) -> int:
    asked = [prompt.system, prompt.shared, prompt.body, prompt.question]
    asked += [f"{question.name}{question.text}{question.levels}" for question in prompt.questions]
    schema = len(orjson.dumps(dict(prompt.schema))) if prompt.schema else 0
    return sum(len(text.encode()) for text in asked) + schema + _FRAME
