"""Anthropic through its official client: messages whose form is a JSON schema or a forced tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson

from ...errors import ProviderFault, UsageError
from ..records import Status
from .base import Prompt, Reply, Usage
from .chat import count, load, part, text_of
from .faults import MOST_BODY, body_fault, connection_fault, http_fault
from .remote import Remote, option
from .sdk import http_client, sent

_ENDED = frozenset({"end_turn", "stop_sequence", "tool_use"})
_STOPPED = {
    "max_tokens": (Status.TRUNCATED, "the reply was cut at max_tokens"),
    None: (Status.TRUNCATED, "the reply does not say that it ended"),
    "refusal": (Status.REFUSED, "the model refused to answer"),
    "model_context_window_exceeded": (Status.CONTEXT_OVERFLOW, "the reply ran into the end of the context window"),
}


@dataclass(kw_only=True)
class AnthropicMessages(Remote):
    """`anthropic/MODEL`. There is no temperature and there are no log-probabilities: the API has neither."""

    kind: ClassVar[str] = "anthropic"
    key_variables: ClassVar[tuple[str, ...]] = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
    url_variable: ClassVar[str | None] = "ANTHROPIC_BASE_URL"

    effort: str | None = option()
    max_tokens: int | None = option()
    structured: str = option("schema")
    """`schema` (output_config) or `tool` (a forced tool, for models and proxies without it)."""
    transport: Any = field(default="aiohttp", repr=False, compare=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.structured not in ("schema", "tool"):
            raise UsageError(f"{self.name}: structured is 'schema' or 'tool', not {self.structured!r}")

    def _open(self) -> Any:
        return self.opened(MOST_BODY)

    def opened(self, most: int) -> Any:
        """A client whose replies may have `most` bytes; who opens it closes it."""
        import anthropic

        # aiohttp warns of each large body that it is given whole, which a batch is
        large = most > MOST_BODY and self.transport == "aiohttp"
        http = http_client(anthropic, "httpx2" if large else self.transport, self.timeout, most)
        return anthropic.AsyncAnthropic(
            api_key=self.api_key, base_url=self.base_url, max_retries=0, timeout=self.timeout, http_client=http
        )

    async def _ask(self, client: Any, prompt: Prompt) -> Reply:
        import aiohttp
        import anthropic
        import httpx2

        body = self.body(prompt)
        try:
            raw = await client.messages.with_raw_response.create(**sent(body, ("model", "max_tokens", "messages")))
        except anthropic.APIStatusError as error:
            found = error.response
            raise http_fault(found.status_code, found.headers, found.content, self.secrets()) from None
        except (anthropic.AnthropicError, httpx2.HTTPError, aiohttp.ClientError) as error:
            raise connection_fault(error, self.secrets()) from None
        return read_message(await raw.read(), self.secrets())

    def body(self, prompt: Prompt) -> dict[str, Any]:
        """What one call sends. Raises `UsageError` for a decisions request."""
        if prompt.questions:
            raise UsageError(f"{self.name}: this API has no decisions endpoint; use the panel or single mode")
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.max_tokens or prompt.max_tokens,
            "system": prompt.system,
            "messages": [{"role": "user", "content": _blocks(prompt)}],
        }
        config: dict[str, Any] = {"effort": self.effort} if self.effort else {}
        if prompt.schema and self.structured == "tool":
            tool = {"name": prompt.schema_name, "input_schema": dict(prompt.schema), "strict": True}
            choice = {"type": "tool", "name": prompt.schema_name, "disable_parallel_tool_use": True}
            body |= {"tools": [tool], "tool_choice": choice}
        elif prompt.schema:
            config["format"] = {"type": "json_schema", "schema": dict(prompt.schema)}
        return {**body, "output_config": config} if config else body


def read_message(body: bytes, secrets: Sequence[str | None] = ()) -> Reply:
    """The reply of a call that ended well. Raises `ProviderFault` with a status of its own for any other."""
    data = load(body, secrets)
    stop = data.get("stop_reason")
    if "content" not in data:
        raise body_fault("the reply has no content", body, secrets)
    if stop is None or (isinstance(stop, str) and stop in _STOPPED):
        status, why = _STOPPED[stop]
        raise ProviderFault(why, status=status)
    if stop not in _ENDED:
        raise body_fault(f"the reply ended for another reason ({str(stop)[:40]!r})", body, secrets)
    text = _text(data["content"])
    if text is None:
        raise body_fault("the reply's content is neither text nor a tool's input", body, secrets)
    return Reply(text=text, usage=_usage(data.get("usage")), model=text_of(data.get("model")))


def _blocks(prompt: Prompt) -> list[dict[str, Any]]:
    """The shared context first, marked to be cached up to its end."""
    own = {"type": "text", "text": prompt.body + prompt.question}
    if not prompt.shared:
        return [own]
    return [{"type": "text", "text": prompt.shared, "cache_control": {"type": "ephemeral"}}, own]


def _text(content: Any) -> str | None:
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    tools = [block.get("input") for block in blocks if block.get("type") == "tool_use"]
    if tools:
        return orjson.dumps(tools[0]).decode() if len(tools) == 1 and isinstance(tools[0], dict) else None
    texts = [block.get("text") for block in blocks if block.get("type") == "text"]
    said = [text for text in texts if isinstance(text, str)]
    return "".join(said) if said and len(said) == len(texts) else None


def _usage(value: Any) -> Usage:
    """Input is the sum of what was read from the cache, written to it and neither, as the provider bills it."""
    cached = count(part(value, "cache_read_input_tokens"))
    written = count(part(value, "cache_creation_input_tokens"))
    return Usage(count(part(value, "input_tokens")) + written + cached, cached, count(part(value, "output_tokens")))
