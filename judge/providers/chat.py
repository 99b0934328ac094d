"""The chat-completions protocol: the body we send, and the strict door a reply comes in by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ...errors import ProviderFault
from ..records import Status
from .base import Prompt, Reply, Usage
from .faults import body_fault, embedded_fault
from .logprobs import label_distribution, skimmed, tail_distribution

_ENDED = frozenset({"stop", "end_turn", "eos", "eos_token", "stop_sequence"})
_LEAST_TOP = 5
_MOST_TOP = 20


def chat_body(model: str, prompt: Prompt, sampling: Mapping[str, Any], *, logprobs: bool) -> dict[str, Any]:
    """One system and one user message, and a strict schema; `sampling` as the endpoint spells it, without its Nones."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        **{name: value for name, value in sampling.items() if value is not None},
    }
    if prompt.schema:
        format_ = {"name": prompt.schema_name, "strict": True, "schema": prompt.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": format_}
    if logprobs and prompt.label_key:
        body |= {"logprobs": True, "top_logprobs": min(_MOST_TOP, max(_LEAST_TOP, len(prompt.labels) + 2))}
    return body


def read_chat(body: bytes, prompt: Prompt, secrets: Sequence[str | None] = ()) -> Reply:
    """The reply of a call that ended well. Raises `ProviderFault` with a status of its own for any other."""
    brief = _skimmed(body) if prompt.label_key else None
    data = _no_error(load(body, secrets) if brief is None else brief, body, secrets)
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise body_fault("the reply has no choices", body, secrets)
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        raise body_fault("the reply has no message", body, secrets)
    _check_end(choice.get("finish_reason"), message.get("refusal"), body, secrets)
    text = message.get("content")
    if not isinstance(text, str):
        raise body_fault("the reply's content is not text", body, secrets)
    return Reply(
        text=text,
        usage=_usage(data.get("usage")),
        model=text_of(data.get("model")),
        fingerprint=text_of(data.get("system_fingerprint")),
        distribution=_distribution(choice.get("logprobs"), text, prompt, None if brief is None else body),
    )


def load(body: bytes, secrets: Sequence[str | None] = ()) -> dict[str, Any]:
    """The body as one JSON object that is no error."""
    try:
        data = orjson.loads(body)
    except ValueError:
        raise body_fault("the reply is not JSON" if body else "the reply is empty", body, secrets) from None
    if not isinstance(data, dict):
        raise body_fault("the reply is not a JSON object", body, secrets)
    return _no_error(data, body, secrets)


def count(value: Any) -> int:
    """A number of tokens; 0 for anything that is none."""
    return value if type(value) is int and value >= 0 else 0


def part(value: Any, key: str) -> Any:
    """A member of what may or may not be an object."""
    return value.get(key) if isinstance(value, dict) else None


def text_of(value: Any) -> str:
    """A name the provider gives itself; empty when it gives none."""
    return value if isinstance(value, str) else ""


def _no_error(data: dict[str, Any], body: bytes, secrets: Sequence[str | None]) -> dict[str, Any]:
    if error := data.get("error"):
        raise embedded_fault(error, body, secrets)
    return data


def _skimmed(body: bytes) -> dict[str, Any] | None:
    """What a long reply says without most of its log-probabilities; None where it must be read whole."""
    brief = skimmed(body)
    try:
        data = None if brief is None else orjson.loads(brief)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _distribution(logprobs: Any, text: str, prompt: Prompt, skimmed_from: bytes | None) -> dict[str, float] | None:
    if skimmed_from is None:
        return label_distribution(logprobs, text, prompt.label_key, prompt.labels)
    found = tail_distribution(logprobs, text, prompt.label_key, prompt.labels)
    if found is not None:
        return found
    try:
        whole = orjson.loads(skimmed_from)["choices"][0]["logprobs"]
    except (ValueError, LookupError, TypeError):
        return None
    return label_distribution(whole, text, prompt.label_key, prompt.labels)


def _check_end(finish: Any, refusal: Any, body: bytes, secrets: Sequence[str | None]) -> None:
    if finish == "length" or finish is None:
        why = "the reply was cut at max_tokens" if finish else "the reply does not say that it ended"
        raise ProviderFault(why, status=Status.TRUNCATED)
    if finish == "content_filter":
        raise ProviderFault("the provider's content filter stopped the reply", status=Status.CONTENT_FILTERED)
    if refusal:
        raise ProviderFault("the model refused to answer", status=Status.REFUSED)
    if finish not in _ENDED:
        raise body_fault(f"the reply ended for another reason ({str(finish)[:40]!r})", body, secrets)


def _usage(value: Any) -> Usage:
    cached = part(part(value, "prompt_tokens_details"), "cached_tokens")
    return Usage(count(part(value, "prompt_tokens")), count(cached), count(part(value, "completion_tokens")))
