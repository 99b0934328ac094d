"""OpenAI through its official client: chat completions with a strict schema, and the decisions endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from ...errors import UsageError
from .base import Prompt, Reply
from .chat import chat_body, read_chat
from .decisions import decisions_body, read_decisions
from .faults import MOST_BODY, connection_fault, http_fault
from .remote import Remote, option
from .sdk import http_client, sent


@dataclass(kw_only=True)
class _OpenAI(Remote):
    key_variables: ClassVar[tuple[str, ...]] = ("OPENAI_API_KEY",)
    url_variable: ClassVar[str | None] = "OPENAI_BASE_URL"

    transport: Any = field(default="aiohttp", repr=False, compare=False)
    """`aiohttp`, `httpx2` (which honours proxy variables), or an httpx2 transport."""

    def _open(self) -> Any:
        return self.opened(MOST_BODY)

    def opened(self, most: int) -> Any:
        """A client whose replies may have `most` bytes; who opens it closes it."""
        import openai

        http = http_client(openai, self.transport, self.timeout, most)
        # one layer retries, and it is not the SDK's: each attempt is ours to count and to bill
        return openai.AsyncOpenAI(
            api_key=self.key(), base_url=self.base_url, max_retries=0, timeout=self.timeout, http_client=http
        )

    async def _raw(self, create: Any, body: dict[str, Any]) -> bytes:
        """The reply's own bytes: the SDK's objects would hide HTML, null and errors behind None."""
        import aiohttp
        import httpx2
        import openai

        try:
            content: bytes = (await create(**sent(body, ("model", "messages", "input", "questions")))).content
        except openai.APIStatusError as error:
            found = error.response
            raise http_fault(found.status_code, found.headers, found.content, self.secrets()) from None
        except (openai.OpenAIError, httpx2.HTTPError, aiohttp.ClientError) as error:
            raise connection_fault(error, self.secrets()) from None
        return content


@dataclass(kw_only=True)
class OpenAIChat(_OpenAI):
    """`openai/MODEL`. A model that refuses log-probabilities or a temperature is asked without them."""

    kind: ClassVar[str] = "openai"

    temperature: float | None = option()
    top_p: float | None = option()
    seed: int | None = option()
    effort: str | None = option()
    """Reasoning effort, for the models that reason."""
    max_tokens: int | None = option()
    """In place of the prompt's own bound; a model that reasons needs more."""
    logprobs: bool = option(True)
    """Ask for the label's token probabilities; False for a model that refuses them."""

    async def _ask(self, client: Any, prompt: Prompt) -> Reply:
        raw = await self._raw(client.chat.completions.with_raw_response.create, self.body(prompt))
        return read_chat(raw, prompt, self.secrets())

    def body(self, prompt: Prompt) -> dict[str, Any]:
        """What one call sends. Raises `UsageError` for a decisions request."""
        if prompt.questions:
            raise UsageError(f"{self.name}: a decisions request needs openai-decisions/{self.model}")
        sampling = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": self.seed,
            "reasoning_effort": self.effort,
            "max_completion_tokens": self.max_tokens or prompt.max_tokens,
        }
        return chat_body(self.model, prompt, sampling, logprobs=self.logprobs)


@dataclass(kw_only=True)
class OpenAIDecisions(_OpenAI):
    """`openai-decisions/MODEL`: probabilities of every question's levels in one call."""

    kind: ClassVar[str] = "openai-decisions"

    async def _ask(self, client: Any, prompt: Prompt) -> Reply:
        if not prompt.questions:
            raise UsageError(f"{self.name}: only decisions requests are answered here; use openai/{self.model}")
        body = decisions_body(self.model, prompt)
        return read_decisions(await self._raw(client.decisions.with_raw_response.create, body), prompt, self.secrets())
