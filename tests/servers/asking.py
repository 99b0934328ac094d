"""One call of a provider against the loopback server, in a line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from recjudge.errors import ProviderFault
from recjudge.judge.providers import Prompt, Provider, Question, Reply, connect
from recjudge.judge.replies import finding_schema
from recjudge.rubrics import load_rubric

from .wire import Wire

T = TypeVar("T")
KEY = "sk-wire-secret-123"
RELEVANCE = load_rubric("explanation").dimensions[0]
PROMPT = Prompt(
    system="You are an evaluator.\n",
    shared="<context>\nhiking\n</context>\n",
    body='<artefact>\n"A light tent."\n</artefact>\n\n',
    question="Does it fit?\n",
    schema=finding_schema(RELEVANCE),
    label_key="label",
    labels=RELEVANCE.labels,
)
QUESTIONS = (
    Question("relevance", "Does it fit?", (("weak", "does not fit"), ("fair", "fits a little"), ("strong", "fits"))),
    Question("clarity", "Is it clear?", (("poor", "is not"), ("good", "is"))),
)
DECIDE = Prompt(PROMPT.system, PROMPT.shared, PROMPT.body, "", questions=QUESTIONS)


def address(name: str, wire: Wire) -> str:
    """The base URL as this provider's client wants it."""
    return wire.root if name.startswith("anthropic/") else wire.url


def with_wire(use: Callable[[Wire], Awaitable[T]], **options: Any) -> T:
    """Runs a coroutine function beside a server of its own."""

    async def run() -> T:
        async with Wire(**options) as wire:
            return await use(wire)

    return asyncio.run(run())


async def ask_once(wire: Wire, name: str, prompt: Prompt = PROMPT, **options: Any) -> Reply:
    """Connects, asks, closes."""
    provider: Provider = connect(name, base_url=address(name, wire), **{"api_key": KEY, **options})
    try:
        return await provider.ask(prompt)
    finally:
        await provider.close()


def ask(name: str, prompt: Prompt = PROMPT, *, wire: dict[str, Any] | None = None, **options: Any) -> Reply:
    """The reply of one call."""
    return with_wire(lambda server: ask_once(server, name, prompt, **options), **(wire or {}))


def fault(name: str, prompt: Prompt = PROMPT, **options: Any) -> ProviderFault:
    """The fault of one call that must fail."""
    try:
        reply = ask(name, prompt, **options)
    except ProviderFault as found:
        return found
    raise AssertionError(f"{name} answered: {reply.text}")
