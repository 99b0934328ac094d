"""The desk between a judge and the batch APIs: answers what came back, and writes down what is missing.

A judge at the desk never waits: it gets a reply, the fault that the one call would have raised, or `NotYet`, which ends
its work on the sample until the next wave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ...errors import ProviderFault
from ..calls.budget import Meter, Price
from ..ledger.rows import call_key
from ..ledger.shelf import Ask, Came, Shelf
from ..providers.base import Prompt, Provider, Reply
from ..records import Status
from .services import Service
from .terms import Terms, cheaper


class NotYet(Exception):
    """The reply is not there yet. No fault: nothing may be concluded from it, so nothing catches it but the walk."""


@dataclass
class Box:
    """One provider, and what is to be asked of it next."""

    provider: Provider
    service: Service
    terms: Terms
    price: Price | None
    """Of a request in a batch."""
    asks: dict[str, Ask] = field(default_factory=dict)
    size: int = 0
    full: list[list[Ask]] = field(default_factory=list)

    def add(self, ask: Ask) -> None:
        """One more request; what would not fit any more goes into the next batch."""
        if self.asks and (len(self.asks) >= self.terms.requests or self.size + ask.size > self.terms.fill):
            self.close()
        self.asks[ask.key] = ask
        self.size += ask.size

    def close(self) -> None:
        """Nothing more goes into the batch in the making."""
        if self.asks:
            self.full.append(list(self.asks.values()))
        self.asks, self.size = {}, 0

    def has(self, key: str) -> bool:
        """Whether it is to be asked already."""
        return key in self.asks or any(ask.key == key for asks in self.full for ask in asks)

    def taken(self) -> Iterator[list[Ask]]:
        """The full ones, each given out once."""
        while self.full:
            yield self.full.pop(0)


class Desk:
    """What one run knows of its requests."""

    def __init__(self, shelf: Shelf, meter: Meter, *, price: Price | None, max_cost: float | None, tries: int) -> None:
        self.shelf, self.meter, self.price, self.max_cost, self.tries = shelf, meter, price, max_cost, tries
        self.boxes: dict[str, Box] = {}
        """By the provider's name."""
        self._moved: set[str] = set()
        """Posted in this window: the disk does not show it yet."""
        self._used: list[str] = []
        """Replies that the sample at the desk would be charged for."""
        self._charged: set[str] = set()
        self._cached = 0

    def over(self, provider: Provider, service: Callable[[Provider], Service], terms: Terms) -> Provider:
        """The provider as a judge sees it from now on."""
        if provider.name not in self.boxes:
            price = cheaper(self.price, terms.factor) if self.price else None
            self.boxes[provider.name] = Box(provider, service(provider), terms, price)
        return AtDesk(self.boxes[provider.name], self)

    def begin(self) -> None:
        """Told before a sample comes to the desk."""
        self._used, self._cached = [], 0

    def finish(self) -> None:
        """Told when the sample has its verdict, which is charged with what it used first; not told of one held back."""
        self.meter.cached += self._cached
        if self._used:
            self._charged.update(self._used)
            self.shelf.post_charged(self._used)

    def committed(self) -> None:
        """Told when the disk shows all that was posted."""
        self._moved.clear()
        self._charged.clear()

    def answer(self, box: Box, prompt: Prompt) -> Reply:
        """What came of a request. Raises its fault; `NotYet` when nothing came, and notes it to be asked."""
        key = call_key(box.provider.name, prompt.key)
        came = self.shelf.came(key)
        stored = self.shelf.ledger.reply(key)
        if stored is not None and (came is None or came.kind in ("kept", "new")):
            return self._bill(key, came, stored)
        if came is not None and came.reply is not None:
            self._read(key, prompt, came)
            return self._bill(key, came, came.reply)
        if came is not None and not (came.again and came.tries < self.tries):
            raise came.fault()
        if not box.has(key) and not self.shelf.is_open(key):
            self._note(box, key, prompt)
        raise NotYet

    def _bill(self, key: str, came: Came | None, reply: Reply) -> Reply:
        if came is None or came.charged or key in self._charged:
            self._cached += 1
            return replace(reply, cached=True)
        if key not in self._used:
            self._used.append(key)
        return replace(reply, cached=False, usd=came.usd)

    def _read(self, key: str, prompt: Prompt, came: Came) -> None:
        """The first who reads a reply says whether it becomes one like any other; the asker gets it in any case."""
        if came.kind != "new" or key in self._moved or came.reply is None:
            return
        self._moved.add(key)
        try:
            if prompt.accept is not None:
                prompt.accept(came.reply.text)
        except ProviderFault as fault:
            self.meter.failures[Status(fault.status)] += 1
            self.shelf.post_unread(key, came, str(Status(fault.status)), str(fault)[:200])
            return
        self.shelf.post_kept(key, came)

    def _note(self, box: Box, key: str, prompt: Prompt) -> None:
        worst = box.price.worst(prompt) if box.price is not None else 0.0
        if self.max_cost is not None and self.meter.spent + self.meter.reserved + worst > self.max_cost:
            if self.meter.spent + worst > self.max_cost or self.meter.reserved <= 0:
                left = max(self.max_cost - self.meter.spent, 0.0)
                raise ProviderFault(
                    f"the next call may cost ${worst:.4f} and ${left:.4f} of ${self.max_cost:.2f} is left",
                    status=Status.BUDGET_STOPPED, sent=False,
                )  # fmt: skip
            raise NotYet  # it may fit once what is under way is paid for less than its worst
        self.meter.reserved += worst
        box.add(Ask(key, replace(prompt, accept=None), worst, len(box.service.line(key, prompt)) + 2))


@dataclass
class AtDesk:
    """A provider that never sends: what is missing waits for its batch."""

    box: Box
    desk: Desk

    @property
    def name(self) -> str:
        """The provider's own."""
        return self.box.provider.name

    async def ask(self, prompt: Prompt) -> Reply:
        """The reply or its fault; raises `NotYet` when there is none."""
        return self.desk.answer(self.box, prompt)

    async def close(self) -> None:
        """Gives connections back."""
        await self.box.service.close()
        await self.box.provider.close()
