"""A conversation sent as it is, for whoever wants a model to write and not to judge: no schema, no probabilities."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import AccountError
from .base import Prompt, Reply
from .chat import read_chat
from .compatible import Compatible
from .openai_chat import OpenAIChat


@dataclass(frozen=True)
class Turns(Prompt):
    """Messages in their order, and the seed of this one completion. The parts of a judge's prompt stay empty."""

    system: str = ""
    shared: str = ""
    body: str = ""
    question: str = ""
    messages: tuple[Mapping[str, str], ...] = ()
    seed: int | None = None


def turns_to(
    model: str, *, base_url: str | None = None, key_variable: str | None = None, **options: Any
) -> Compatible | OpenAIChat:
    """A provider of `Turns`: a compatible server at `base_url`, OpenAI's own through its client without one.

    key_variable: the environment variable that holds the key, in place of the provider's own. options: `timeout` in
    seconds, `temperature`, `top_p`. Raises `AccountError` when a key is needed and there is none.
    """
    if key_variable is not None:
        options["api_key"] = os.environ.get(key_variable)
        if not options["api_key"]:
            raise AccountError(f"{model}: no key; set {key_variable}, which was named for it")
    made = _Compatible(model=model, base_url=base_url, **options) if base_url else _OpenAI(model=model, **options)
    made.check_key()
    return made


@dataclass(kw_only=True)
class _Compatible(Compatible):
    def _body(self, prompt: Prompt) -> dict[str, Any]:
        return _body(self, prompt, "max_tokens")


@dataclass(kw_only=True)
class _OpenAI(OpenAIChat):
    async def _ask(self, client: Any, prompt: Prompt) -> Reply:
        body = _body(self, prompt, "max_completion_tokens")
        raw = await self._raw(client.chat.completions.with_raw_response.create, body)
        return read_chat(raw, prompt, self.secrets())


def _body(asked: Compatible | OpenAIChat, prompt: Prompt, most: str) -> dict[str, Any]:
    if not isinstance(prompt, Turns):
        raise TypeError("a provider of turns was asked a judge's prompt")
    sampling = {
        "temperature": asked.temperature,
        "top_p": asked.top_p,
        "seed": prompt.seed,
        "reasoning_effort": asked.effort,
        most: asked.max_tokens or prompt.max_tokens,
    }
    messages = [dict(message) for message in prompt.messages]
    return {"model": asked.model, "messages": messages} | {key: one for key, one in sampling.items() if one is not None}
