"""The way of batches to a provider and back: each noted before it is sent, joined by its ids, and never sent twice."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

import orjson

from ...errors import AccountError, ProviderDown, ProviderFault
from ..calls.budget import Meter, may_be_billed
from ..ledger.rows import Attempt, pack_reply
from ..ledger.shelf import Ask, Batch, Outcome, Shelf
from ..providers.base import Prompt
from ..records import Status
from .desk import Box
from .services import Look, NotAnswered

T = TypeVar("T")
_TOGETHER = 500
"""Results that are committed together."""
_LONGEST_PAUSE = 60.0
_SHOWN = 60


class Post:
    """Sends and collects the batches of one run."""

    def __init__(
        self, shelf: Shelf, boxes: Mapping[str, Box], meter: Meter, *, attempts: int,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self.shelf, self.boxes, self.meter, self.attempts, self.sleep = shelf, boxes, meter, attempts, sleep
        self.repeated = 0
        """Results that came again, word for word, and were left out."""

    def tell(self, batch: Batch, state: str, **more: Any) -> None:
        """Tells who listens to the run what has become of a batch."""
        self.meter.tell("batch", provider=batch.provider, batch=batch.id, state=state, requests=batch.n, **more)

    async def send(self, box: Box, asks: Sequence[Ask]) -> Batch:
        """Notes a batch, sends it, notes its id."""
        made = datetime.now(UTC).isoformat(timespec="seconds")
        batch = await self.shelf.add(uuid4().hex, box.provider.name, made, asks)
        return await self._send(box, batch)

    async def send_noted(self, batch: Batch) -> Batch:
        """Sends a batch that an earlier process noted, unless it was sent: then it is found again."""
        box = self.boxes[batch.provider]
        return await self._found(box, batch) or await self._send(box, batch)

    async def look(self, batch: Batch) -> Look:
        """Where it is. Raises `AccountError` for one that the provider refused for good."""
        box = self.boxes[batch.provider]
        look = await self._patiently(box, lambda: box.service.look(batch.id), f"batch {batch.id}")
        if look.fault is not None and not look.fault.throttled:
            raise AccountError(f"{batch.provider}: batch {batch.id} was refused: {look.fault}")
        self.tell(batch, look.state, done=look.done)
        return look

    async def again(self, batch: Batch) -> Batch:
        """Sends a batch once more that the provider refused because too much was queued."""
        box = self.boxes[batch.provider]
        # another label: the refused one is there under this one, and would be found for it
        fresh = replace(batch, id="", state="made", label=uuid4().hex)
        return await self._send(box, await self.shelf.note(fresh))

    async def collect(self, batch: Batch, look: Look) -> Batch:
        """Joins the results by their ids; what the batch brought nothing for is noted as that."""
        box = self.boxes[batch.provider]
        reading = _Reading(self, box, batch)
        if not await self._patiently(box, lambda: reading.all(look), f"the results of batch {batch.id}"):
            return await self.shelf.note(replace(batch, id="", state="made", detail=f"{batch.detail} {batch.id}"))
        failed = reading.failed + await self._note_missing(box, batch, look)
        self.tell(batch, "collected", done=batch.n - failed.total())
        if failed:
            self.tell(batch, "requeued", missing=failed.total(), statuses=dict(failed))
        if reading.strays:
            self.tell(batch, "quarantined", lines=reading.strays.total(), kinds=dict(reading.strays))
        self.repeated += reading.repeated
        self.meter.reserved = max(0.0, self.meter.reserved - batch.worst)
        done = await self.shelf.note(replace(batch, state="collected"))
        if reading.fatal is not None:
            raise AccountError(f"{batch.provider}: {reading.fatal}")
        return done

    async def _send(self, box: Box, batch: Batch) -> Batch:
        lines = [box.service.line(key, prompt) for key, prompt in self.shelf.asked(batch)]
        for attempt in count(1):
            try:
                found = await box.service.send(batch.label, lines)
                sent = await self.shelf.note(replace(batch, id=found, state="sent"))
                self.tell(sent, "submitted")
                return sent
            except ProviderFault as fault:
                if fault.throttled:
                    self.tell(batch, "held_back")
                    return batch  # it stays noted, and is tried again at the next look
                if fault.fatal or not fault.retriable:
                    raise AccountError(f"{batch.provider}: the batch was refused: {fault}") from fault
                if fault.sent and (known := await self._found(box, batch)):
                    return known
                if attempt >= self.attempts:
                    raise ProviderDown(
                        f"{batch.provider}: no batch could be sent, last: {fault}; run the same command again"
                    ) from fault
            await self.sleep(min(_LONGEST_PAUSE, 2.0**attempt))
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _found(self, box: Box, batch: Batch) -> Batch | None:
        """The batch, where the provider has it: sure by its label, else to be proved by its results."""
        known = self.shelf.ids() | set(batch.detail.split())
        found = await self._patiently(box, lambda: box.service.find(batch, known), "the list of batches")
        if found is None:
            return None
        again = await self.shelf.note(replace(batch, id=found, state="sent" if box.service.labels else "found"))
        self.tell(again, "found")
        return again

    async def _patiently(self, box: Box, call: Callable[[], Awaitable[T]], what: str) -> T:
        for attempt in count(1):
            try:
                return await call()
            except ProviderFault as fault:
                if fault.fatal:
                    raise AccountError(f"{box.provider.name}: {what}: {fault}") from fault
                if not fault.retriable or attempt >= self.attempts:
                    raise ProviderDown(
                        f"{box.provider.name}: {what}: {fault}; run the same command again later"
                    ) from fault
                pause = fault.retry_after if fault.retry_after is not None else 2.0**attempt
            await self.sleep(min(_LONGEST_PAUSE, pause))
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _note_missing(self, box: Box, batch: Batch, look: Look) -> Counter[str]:
        """What no result came for, by status."""
        said = f"batch {batch.id} ended without a result for it"
        lost = ProviderFault(said, retriable=True)
        fault = NotAnswered(f"batch {batch.id} expired before it came to it") if look.expired else lost
        missing = self.shelf.unanswered(batch)
        for at in range(0, len(missing), _TOGETHER):
            outcomes = []
            for key in missing[at : at + _TOGETHER]:
                if (prompt := self.shelf.prompt(batch, key)) is not None:
                    outcomes.append(self.outcome(box, batch, key, prompt, fault))
                    self.meter.failures[Status(fault.status)] += 1
            await self.shelf.put(batch, outcomes)
        return Counter({str(Status(fault.status)): len(missing)} if missing else {})

    def outcome(self, box: Box, batch: Batch, key: str, prompt: Prompt, fault: ProviderFault) -> Outcome:
        """A request that brought no reply."""
        most = None
        if box.price is not None:
            most = box.price.worst(prompt) if may_be_billed(fault) else 0.0
            self.meter.spent += most
        attempt = Attempt(Status(fault.status), batch.made, _age(batch), str(fault)[:200], usd_at_most=most)
        return Outcome(key, prompt, attempt, None, fault.retriable or fault.fatal)


@dataclass
class _Reading:
    """One pass, or several, over the results of a batch."""

    post: Post
    box: Box
    batch: Batch
    repeated: int = 0
    fatal: ProviderFault | None = None
    failed: Counter[str] = field(default_factory=Counter)
    """Results that say why there is no reply, by status; strays: lines that belong to nothing, by kind."""
    strays: Counter[str] = field(default_factory=Counter)

    async def all(self, look: Look) -> bool:
        """Reads every line; False when the batch that was found is not ours."""
        seen: dict[str, bytes] = {}
        outcomes: list[Outcome] = []
        strays: list[tuple[str, str, bytes]] = []
        self.repeated = 0
        self.failed.clear()
        unproved = self.batch.state == "found"
        async for line in self.box.service.results(self.batch.id, look):
            row, key = _row(line)
            prompt = self.post.shelf.prompt(self.batch, key) if key else None
            if prompt is None:
                if unproved:
                    return False
                strays.append(("unknown id" if row is not None else "unreadable", key[:_SHOWN], line))
                continue
            unproved = False
            if (outcome := self._joined(key, prompt, row or {}, seen, strays, line)) is not None:
                outcomes.append(outcome)
            if len(outcomes) >= _TOGETHER:
                await self.post.shelf.put(self.batch, outcomes)
                outcomes = []
        await self.post.shelf.put(self.batch, outcomes)
        await self.post.shelf.add_strays(self.batch, strays)
        self.strays = Counter(kind for kind, _, _ in strays)
        return True

    def _joined(
        self, key: str, prompt: Prompt, row: dict[str, Any], seen: dict[str, bytes],
        strays: list[tuple[str, str, bytes]], line: bytes,
    ) -> Outcome | None:  # fmt: skip
        """What a line says of a request; None when it says nothing new."""
        outcome, mark = self._read(key, prompt, row)
        first = seen.setdefault(key, mark)
        if first is not mark:
            if first == mark:
                self.repeated += 1
            else:
                strays.append(("second answer", key, line))
            return None
        before = self.post.shelf.came(key)
        if before is not None and before.batch == self.batch.number:
            return None  # an earlier process, or an earlier pass, has it
        self._count(outcome)
        return outcome

    def _read(self, key: str, prompt: Prompt, row: dict[str, Any]) -> tuple[Outcome, bytes]:
        try:
            reply = self.box.service.read(row, prompt)
        except ProviderFault as fault:
            if fault.fatal:
                self.fatal = fault
            failed = self.post.outcome(self.box, self.batch, key, prompt, fault)
            return failed, hashlib.sha256(f"{fault.status} {fault}".encode()).digest()
        price = self.box.price
        usd = None if price is None else price.of(reply.usage)
        most = price.worst(prompt) if price is not None and usd is None else usd
        attempt = Attempt(Status.OK, self.batch.made, _age(self.batch), "", reply.usage, usd, most)
        return Outcome(key, prompt, attempt, reply), hashlib.sha256(pack_reply(reply)).digest()

    def _count(self, outcome: Outcome) -> None:
        meter, attempt = self.post.meter, outcome.attempt
        if outcome.reply is None:
            meter.failures[Status(attempt.status)] += 1
            self.failed[str(Status(attempt.status))] += 1
            return
        meter.add(attempt.usage, attempt.usd)
        meter.spent += attempt.usd_at_most or 0.0


def quarantined(shelf: Shelf, repeated: int) -> list[str]:
    """What was left out of the join, a sentence a kind."""
    found = shelf.strays()
    said = []
    for kind, n in sorted(Counter(kind for kind, _ in found).items()):
        names = [id for one, id in found if one == kind and id]
        shown = f": {', '.join(names[:3])}{', …' if len(names) > 3 else ''}" if names else ""
        said.append(f"quarantined, {kind}: {n}{shown}")
    return [*said, *([f"came twice, word for word: {repeated}"] if repeated else [])]


def _row(line: bytes) -> tuple[dict[str, Any] | None, str]:
    """A line and its id; an empty id where there is none."""
    try:
        row = orjson.loads(line)
    except ValueError:
        return None, ""
    if not isinstance(row, dict):
        return None, ""
    key = row.get("custom_id")
    return row, key if isinstance(key, str) else ""


def _age(batch: Batch) -> float:
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(batch.made)).total_seconds())
