"""Any server that speaks chat completions, decisions or System One: vLLM, SGLang, llama.cpp, a proxy of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from ...errors import UsageError
from .base import Prompt, Reply
from .chat import chat_body, read_chat
from .decisions import decisions_body, read_decisions, read_systemone, systemone_body
from .remote import Remote, option
from .wire import Wire

ENDPOINTS = ("chat", "decisions", "systemone")
_PATHS = {"chat": "/chat/completions", "decisions": "/decisions", "systemone": "/systemone"}


@dataclass(kw_only=True)
class Compatible(Remote):
    """`compatible/MODEL` at a base URL, over the lean path: a tenth of an SDK's CPU a call."""

    kind: ClassVar[str] = "compatible"
    key_variables: ClassVar[tuple[str, ...]] = ("RECJUDGE_API_KEY",)
    needs_key: ClassVar[bool] = False

    endpoint: str = option("chat")
    """`chat`, `decisions` or `systemone`."""
    temperature: float | None = option()
    top_p: float | None = option()
    seed: int | None = option()
    effort: str | None = option()
    max_tokens: int | None = option()
    logprobs: bool = option(True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.base_url is None:
            raise UsageError(f"{self.name}: base_url is needed, as in http://127.0.0.1:8080/v1")
        if self.endpoint not in ENDPOINTS:
            raise UsageError(f"{self.name}: unknown endpoint {self.endpoint!r}; known: {', '.join(ENDPOINTS)}")

    def _open(self) -> Wire:
        return Wire.open(f"{self.base_url}{_PATHS[self.endpoint]}", self.key())

    async def _ask(self, client: Wire, prompt: Prompt) -> Reply:
        if bool(prompt.questions) != (self.endpoint != "chat"):
            raise UsageError(f"{self.name}: endpoint {self.endpoint!r} does not take this kind of request")
        content = await client.post(orjson.dumps(self._body(prompt)))
        if self.endpoint == "chat":
            return read_chat(content, prompt, client.secrets)
        read = read_decisions if self.endpoint == "decisions" else read_systemone
        return read(content, prompt, client.secrets)

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        if self.endpoint != "chat":
            return (decisions_body if self.endpoint == "decisions" else systemone_body)(self.model, prompt)
        sampling = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": self.seed,
            "reasoning_effort": self.effort,
            "max_tokens": self.max_tokens or prompt.max_tokens,
        }
        return chat_body(self.model, prompt, sampling, logprobs=self.logprobs)
