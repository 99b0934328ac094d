"""How many waves and batches a run would take, found by walking it: each sample is judged as often as it would be."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import UsageError
from ..calls.budget import Price
from ..providers.base import Prompt, Provider, Reply
from ..records import Sample, Verdict
from .desk import NotYet
from .services import Service, service_of
from .terms import TERMS, cheaper, kind_of
from .waves import TURNS

if TYPE_CHECKING:
    from ..judges import AnyJudge

_ID = 64
"""Characters of a request's id."""


class Forecast:
    """Of one bound of a plan."""

    def __init__(self) -> None:
        self.waves = 0
        self._loads: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        """(provider, wave) to requests and bytes."""
        self._kinds: set[str] = set()
        self._wave = 0
        self._known: dict[str, Reply] = {}
        self._new: dict[str, Reply] = {}

    def over(self, provider: Provider, counting: Provider) -> Provider:
        """The counting provider, answering in waves. Raises `UsageError` for a provider without a batch API."""
        service = service_of(provider)
        self._kinds.add(kind_of(provider))
        return _Waved(self, provider, counting, service)

    async def judged(self, judge: AnyJudge, sample: Sample) -> Verdict:
        """The verdict, after as many waves as it takes."""
        self._known.clear()
        self._wave = 1
        while True:
            try:
                return await judge.judge(sample)
            except NotYet:
                for _ in range(TURNS):
                    await asyncio.sleep(0)
            self._known |= self._new
            self._new.clear()
            self._wave += 1

    def batches(self) -> int:
        """Those of all waves, filled to the providers' limits and ours."""
        return sum(
            max(math.ceil(n / TERMS[kind].requests), math.ceil(size / TERMS[kind].fill))
            for (kind, _), (n, size) in self._loads.items()
        )

    def price(self, price: Price | None) -> Price | None:
        """Of a request in a batch. Raises `UsageError` for a judge that asks no provider."""
        if not self._kinds:
            raise UsageError("this judge asks no provider: there is nothing to batch; leave --engine out")
        return None if price is None else cheaper(price, max(TERMS[kind].factor for kind in self._kinds))

    def ask(self, kind: str, key: str, reply: Reply, size: int) -> None:
        """A request of this wave: its reply is there in the next."""
        self._new[key] = reply
        self.waves = max(self.waves, self._wave)
        load = self._loads[kind, self._wave]
        load[0] += 1
        load[1] += size

    def knows(self, key: str) -> Reply | None:
        """What an earlier wave brought."""
        return self._known.get(key)


@dataclass
class _Waved:
    forecast: Forecast
    provider: Provider
    counting: Provider
    service: Service

    @property
    def name(self) -> str:
        return self.provider.name

    async def ask(self, prompt: Prompt) -> Reply:
        key = f"{self.name}\n{prompt.key}"
        if (known := self.forecast.knows(key)) is not None:
            return known
        reply = await self.counting.ask(prompt)
        if reply.cached:
            return reply
        self.forecast.ask(kind_of(self.provider), key, reply, len(self.service.line("x" * _ID, prompt)) + 1)
        raise NotYet

    async def close(self) -> None:
        await self.counting.close()
