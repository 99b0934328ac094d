"""An endpoint as generator: chat completions of OpenAI or of any compatible server, many at once, each with a seed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ...errors import ProviderFault
from ...judge import Provider
from ...judge.calls import paced
from ...judge.providers import Turns, turns_to
from ...rubrics import Rubric
from ..prompting import Template
from .generators import Failure, GeneratorSettings, named
from .prompted import Asked, read_prompts

_AT_ONCE = 64
"""Prompts whose completions are gathered before their records are given out."""


class Endpoint:
    """Asks k times for each prompt, with retries and at the pace that the server bears."""

    def __init__(self, settings: GeneratorSettings, rubrics: Mapping[str, Rubric], template: Template | None) -> None:
        self.settings, self.rubrics, self.template = settings, rubrics, template
        self.name = named(settings)
        self.failures: list[Failure] = []

    def generate(self, prompts: Sequence[Mapping[str, Any]], *, k: int, seed: int) -> Iterator[dict[str, Any]]:
        """Records in the prompts' order. Not to be called from within a running event loop.

        Raises `AccountError` and `ProviderDown` for what no further call can mend; a single call that fails is a
        failure: refused, filtered, cut at `max_tokens`, or out of attempts.
        """
        self.failures = []
        asked = read_prompts(prompts, self.rubrics, self.template)
        with asyncio.Runner() as runner:
            provider = self._provider(seed)
            try:
                rest = iter(asked)
                while batch := list(islice(rest, _AT_ONCE)):
                    yield from runner.run(self._answered(provider, batch, k, seed))
            finally:
                runner.run(provider.close())

    def _provider(self, seed: int) -> Provider:
        given = self.settings
        endpoint = turns_to(
            str(given.model),
            base_url=given.base_url,
            key_variable=given.api_key_env,
            timeout=given.timeout or 120.0,
            temperature=given.temperature,
            top_p=None if given.top_p == 1.0 else given.top_p,
        )
        return paced(endpoint, concurrency=given.concurrency, attempts=given.attempts, seed=seed)

    async def _answered(self, provider: Provider, batch: Sequence[Asked], k: int, seed: int) -> list[dict[str, Any]]:
        places = [(one, number) for one in batch for number in range(k)]
        all_said = await asyncio.gather(*(self._said(provider, one, number, seed) for one, number in places))
        records, written = [], dict.fromkeys((one.id for one in batch), 0)
        for (one, _), said in zip(places, all_said, strict=True):
            if isinstance(said, Failure):
                self.failures.append(said)
            else:
                records.append(one.of(written[one.id], said, self.name))
                written[one.id] += 1
        return records

    async def _said(self, provider: Provider, one: Asked, number: int, seed: int) -> str | Failure:
        turns = Turns(messages=one.messages, max_tokens=self.settings.max_tokens, seed=_seed(seed, one.id, number))
        try:
            text = (await provider.ask(turns)).text
        except ProviderFault as fault:
            return Failure(one.id, f"{fault.status}: {fault}")
        return text if text.strip() else Failure(one.id, "the reply is empty")


def _seed(seed: int, prompt: str, number: int) -> int:
    """Of one completion, so that k of them differ and a prompt's do not hang on which others are asked."""
    return int.from_bytes(hashlib.sha256(f"{seed} {number} {prompt}".encode()).digest()[:4]) >> 1
