"""One sample before the panel: the beginning its prompts share, one re-ask of an unreadable reply, and the bill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ..errors import ProviderFault
from ..rubrics import Rubric
from . import prompts
from .once import once
from .providers import Prompt, Provider, Reply
from .records import Cost, Sample, Status

T = TypeVar("T")


@dataclass
class Case:
    """One sample before the panel: its prompts' common beginning, and the bill of all that is asked about it."""

    sample: Sample
    rubric: Rubric
    provider: Provider
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Dimension name to what code checks noted without settling it."""
    cost: Cost = field(default_factory=Cost)
    flags: set[str] = field(default_factory=set)

    @once
    def shared(self) -> str:
        """The context block, built once a sample."""
        return prompts.context_block(self.sample, self.rubric)

    @once
    def body(self) -> str:
        """The artefact block, built once a sample."""
        return prompts.artefact_block(self.sample)

    def prompt(self, question: str, schema: Mapping[str, Any], **more: Any) -> Prompt:
        """A prompt on this sample: system, context, artefact, then the question."""
        parts = {"shared": self.shared, "body": self.body} | more
        return Prompt(system=prompts.SYSTEM, question=question, schema=schema, **parts)

    async def ask(self, prompt: Prompt, read: Callable[[str], T]) -> tuple[T, Reply, str]:
        """The reply as `read` understands it; asked once more, with the problem named, when it does not.

        Raises the second time's `ProviderFault`. Returns what was read, the reply and the key of its prompt.
        """
        read = _remembering(read)
        prompt = replace(prompt, accept=read)
        try:
            return await self._once(prompt, read)
        except ProviderFault as fault:
            if fault.status not in (Status.PARSE_FAILED, Status.OUT_OF_RANGE):
                raise
            again = prompts.fill(prompts.REASK, problem=str(fault))
            return await self._once(replace(prompt, question=prompt.question + again), read)

    async def _once(self, prompt: Prompt, read: Callable[[str], T]) -> tuple[T, Reply, str]:
        reply = await self.provider.ask(prompt)
        self.charge(reply)
        return read(reply.text), reply, prompt.key

    def charge(self, reply: Reply) -> None:
        """Adds a reply to the bill."""
        use = reply.usage
        if not _is_asked(reply.model, self.provider.name):
            self.flags.add(f"another model answered: {reply.model}")
        if reply.cached:
            self.cost += Cost(cached_calls=1)
        else:
            self.cost += Cost(1, 0, use.tokens_in, use.tokens_cached, use.tokens_out, reply.usd)


def _remembering(read: Callable[[str], T]) -> Callable[[str], T]:
    """The same reader, which reads a text but once: the store asks whether it can be read, then the asker reads it."""
    last: list[tuple[str, T]] = []

    def reading(text: str) -> T:
        if not last or last[0][0] is not text:
            last[:] = [(text, read(text))]
        return last[0][1]

    return reading


def _is_asked(model: str, provider: str) -> bool:
    """Whether the model that answered is the one in the provider's name, or a dated snapshot of it."""
    asked = provider.partition("/")[2].partition("?")[0]
    return not asked or not model or asked in model or model in asked
