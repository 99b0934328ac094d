"""A provider for tests in virtual time: it answers, fails and counts as it is told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from recjudge.errors import ProviderFault
from recjudge.judge.calls.budget import Price
from recjudge.judge.ledger.ledger import Ledger
from recjudge.judge.providers.base import Prompt, Reply, Usage

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
