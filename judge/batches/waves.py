"""The engine `batch`: every sample is judged as far as replies go, what is missing goes out as batches, and again.

All first steps are one wave, the steps they call for the next. A sample that waits is held nowhere: the next wave
judges it anew from the ledger, so that a run goes on wherever its ledger is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ...errors import UsageError
from ..calls.budget import Meter, Price
from ..ledger.ledger import AGAIN, Ledger
from ..ledger.shelf import Batch, Shelf
from ..providers.base import Provider
from ..verdicts import Line
from .desk import Desk, NotYet
from .post import Post, quarantined
from .services import service_of
from .terms import TERMS, kind_of

if TYPE_CHECKING:
    from ..running.packing import Item
    from ..running.work import Work

GROWTH, LONGEST = 1.5, 10.0
"""A look comes later than the one before by this factor, up to so many times the first."""
TURNS = 4
"""Turns of the loop in which all that a sample asks at once has reached the desk."""


@dataclass(frozen=True)
class Batching:
    """When the batches are looked at. It changes no verdict. Raises `UsageError` for what cannot be."""

    poll: float = 30.0
    """Seconds to the second look; each pause is half as long again, up to ten times this."""
    wait: bool = True
    """False: send, collect what is ready, and leave; the same call later collects the rest."""
    sleep: Callable[[float], Awaitable[object]] = field(default=asyncio.sleep, compare=False)
    """The clock."""

    def __post_init__(self) -> None:
        if not self.poll > 0:
            raise UsageError(f"poll: {self.poll} seconds; give more than 0")


class Settings(Protocol):
    """What an office needs of a run's options."""

    @property
    def price(self) -> Price | None:
        """Of a single call."""

    @property
    def max_cost(self) -> float | None:
        """Dollars."""

    @property
    def attempts(self) -> int:
        """Most of one request."""

    @property
    def batches(self) -> Batching:
        """When to look."""


class Office:
    """The batches of one run: its desk, its post, and how long it waits."""

    def __init__(self, ledger: Ledger, meter: Meter, opt: Settings, tell: Callable[[str], None]) -> None:
        """tell: gets the status, whenever there is a new one. Raises `UsageError` for a cap on cost without prices."""
        if opt.max_cost is not None and opt.price is None:
            raise UsageError("a cap on cost needs prices: give dollars per million tokens of input, cached and output")
        self.shelf, self.meter, self.settings, self.tries, self.tell = (
            Shelf(ledger), meter, opt.batches, opt.attempts, tell,
        )  # fmt: skip
        self.desk = Desk(self.shelf, meter, price=opt.price, max_cost=opt.max_cost, tries=opt.attempts)
        self.post = Post(self.shelf, self.desk.boxes, meter, attempts=opt.attempts, sleep=opt.batches.sleep)
        meter.spent = meter.spent or ledger.totals().usd_at_most

    def over(self, provider: Provider) -> Provider:
        """The provider as a judge sees it. Raises `UsageError` for one without a batch API."""
        service = service_of(provider)
        return self.desk.over(provider, lambda _: service, TERMS[kind_of(provider)])

    async def open(self) -> None:
        """What an earlier process left: batches that it may or may not have sent."""
        if not self.desk.boxes:
            raise UsageError("this judge asks no provider: there is nothing to batch; leave --engine out")
        await self.shelf.forgive(self.tries)
        for batch in self.shelf.batches(open_only=True):
            self.meter.reserved += batch.worst
            if batch.state == "made":
                await self.post.send_noted(batch)

    async def send(self, *, rest: bool = False) -> None:
        """Sends the batches that are full; with `rest` those that are not, too."""
        for box in self.desk.boxes.values():
            if rest:
                box.close()
            for asks in box.taken():
                await self.post.send(box, asks)
                self.tell(self.status())

    async def next(self, stop: asyncio.Event) -> bool:
        """Waits until all batches are collected, or, without waiting, looks once; False when there is nothing new."""
        pauses = _growing(self.settings.poll)
        while not stop.is_set():
            open_, collected = await self._round()
            if not open_:
                return True
            if not self.settings.wait:
                return collected
            await self._pause(next(pauses), stop)
        return False

    def status(self, done: int | None = None) -> str:
        """Where the batches are, in a line."""
        open_ = self.shelf.batches(open_only=True)
        if not open_:
            return ""
        unsent = sum(not batch.id for batch in open_)
        later = f", {unsent} of them wait until the provider takes more" if unsent else ""
        n = sum(batch.n for batch in open_)
        of = f"{n} requests" if done is None else f"{done} of {n} requests done"
        return f"{len(open_)} batch{'es' if len(open_) > 1 else ''} with the provider, {of}{later}"

    def said(self) -> tuple[str, ...]:
        """What a reader of the verdicts should know, a sentence a line."""
        made = self.shelf.batches()
        done = [batch for batch in made if batch.state == "collected"]
        asked = sum(batch.n for batch in done)
        first = [f"batches: {len(done)} collected, {asked} requests"] if done else []
        waiting = [f"waiting: {words}; the same command collects them"] if (words := self.status()) else []
        return (*first, *quarantined(self.shelf, self.post.repeated), *waiting)

    async def _round(self) -> tuple[int, bool]:
        """One look at every open batch: how many stay open, and whether any was collected."""
        done, collected = 0, False
        for batch in self.shelf.batches(open_only=True):
            looked, n = await self._one(batch)
            done += n
            collected |= looked.state == "collected"
        open_ = len(self.shelf.batches(open_only=True))
        self.meter.in_flight = sum(batch.n for batch in self.shelf.batches(open_only=True))
        if open_:
            self.tell(self.status(done))
        return open_, collected

    async def _one(self, batch: Batch) -> tuple[Batch, int]:
        if not batch.id:
            return await self.post.send_noted(batch), 0
        look = await self.post.look(batch)
        if look.state == "refused":
            return await self.post.again(batch), 0
        return (await self.post.collect(batch, look), 0) if look.state == "ended" else (batch, look.done)

    async def _pause(self, seconds: float, stop: asyncio.Event) -> None:
        tasks = [asyncio.ensure_future(self.settings.sleep(seconds)), asyncio.ensure_future(stop.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()


async def waves(work: Work) -> AsyncIterator[Sequence[Line]]:
    """Verdicts as they become complete, wave by wave; sets `stop` when it leaves batches with the provider."""
    office = work.office
    if office is None:
        raise UsageError("the engine batch is made by score(options=Options(engine='batch'))")
    await office.open()
    windows, over = work.windows, set[str]()
    while True:
        held = 0
        for window in windows:
            lines, waiting = await _judged(window, work, office, over)
            held += waiting
            await work.commit(lines)
            office.desk.committed()
            yield lines
            await office.send()
            if work.stop.is_set():
                return
        await office.send(rest=True)
        if not held:
            return
        if not await office.next(work.stop):
            work.stop.set()
            return
        windows = work.again()


async def _judged(window: Sequence[object], work: Work, office: Office, over: set[str]) -> tuple[list[Line], int]:
    """The verdicts that can be had now, and how many samples wait. `over`: keys that failed in this run for now."""
    from ..running.packing import unpack

    items = [item for packed in window if (item := unpack(packed)).key not in over]  # type: ignore[arg-type]
    if items:
        work.judge.prepare(items)
    lines, held = [], 0
    for item in items:
        line = await _verdict(item, work, office)
        if line is None:
            held += 1
            continue
        lines.append(line)
        if line.status in AGAIN:
            over.add(line.key)
    return lines, held


async def _verdict(item: Item, work: Work, office: Office) -> Line | None:
    office.desk.begin()
    try:
        verdict = await work.judge.judge(item)
    except NotYet:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        return None
    office.desk.finish()
    return Line.of(verdict)


def _growing(first: float) -> Iterator[float]:
    pause = first
    while True:
        yield pause
        pause = min(pause * GROWTH, first * LONGEST)
