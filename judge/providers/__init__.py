"""Who answers: official clients, any compatible server, and a scripted fake; each a Provider of the same contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from ...errors import UsageError
from .anthropic_messages import AnthropicMessages
from .base import Prompt, Provider, Question, Reply, Scripted, Usage
from .compatible import Compatible
from .openai_chat import OpenAIChat, OpenAIDecisions
from .remote import Remote, named_options
from .turns import Turns, turns_to

__all__ = [
    "PROVIDERS",
    "AnthropicMessages",
    "Compatible",
    "OpenAIChat",
    "OpenAIDecisions",
    "Prompt",
    "Provider",
    "Question",
    "Reply",
    "Scripted",
    "Turns",
    "Usage",
    "connect",
    "turns_to",
]


def connect(
    name: str, *, base_url: str | None = None, api_key: str | None = None, timeout: float = 120.0, **sampling: Any
) -> Provider:
    """The provider of that name: `openai/MODEL`, `anthropic/MODEL?effort=low`, `compatible/MODEL` with a base URL.

    Sampling parameters stand in the name or among the arguments. Raises `UsageError` for an unknown provider or
    option and for a name without a model, `AccountError` when the key is missing.
    """
    start, _, query = name.partition("?")
    kind, _, model = start.partition("/")
    if kind not in PROVIDERS or not model:
        known = ", ".join(f"{one}/MODEL" for one in PROVIDERS)
        raise UsageError(f"{name!r} is not a provider and a model; known: {known}")
    options = _options(PROVIDERS[kind], query, sampling)
    made = PROVIDERS[kind](model=model, base_url=base_url, api_key=api_key, timeout=timeout, **options)
    made.check_key()
    return made


def _options(kind: type[Remote], query: str, sampling: dict[str, Any]) -> dict[str, Any]:
    known = named_options(kind)
    made = dict(sampling)
    for option, text in parse_qsl(query, keep_blank_values=True):
        if option == "base_url":
            raise UsageError("base_url in a name is not followed, for a key would follow it; give it as an argument")
        if option in made:
            raise UsageError(f"{kind.kind}: {option} is given twice")
        made[option] = _read(option, text) if option in known else text
    if unknown := [option for option in made if option not in (*known, "transport")]:
        raise UsageError(f"{kind.kind}: unknown option {unknown[0]!r}; known: {', '.join(known) or 'none'}")
    return made


def _read(option: str, text: str) -> Any:
    try:
        return _READERS.get(option, str)(text)
    except (ValueError, KeyError):
        raise UsageError(f"{option}={text!r} cannot be read") from None


_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_READERS: dict[str, Callable[[str], Any]] = {
    "temperature": float,
    "top_p": float,
    "seed": int,
    "max_tokens": int,
    "logprobs": lambda text: _TRUTH[text.lower()],
}

PROVIDERS: dict[str, type[Remote]] = {
    "openai": OpenAIChat,
    "openai-decisions": OpenAIDecisions,
    "anthropic": AnthropicMessages,
    "compatible": Compatible,
}
