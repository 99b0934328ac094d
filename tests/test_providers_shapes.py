"""What each client puts on the wire, read off a transport that never leaves the process."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from recjudge.errors import UsageError
from recjudge.judge.providers import AnthropicMessages, OpenAIChat, OpenAIDecisions, Prompt, Reply

from servers.asking import DECIDE, KEY, PROMPT, ask, with_wire
from servers.speech import chat, decisions, messages
from servers.wire import Wire


def _seen(
    kind: type, speak: Any, prompt: Prompt = PROMPT, **options: Any
) -> tuple[httpx2.Request, dict[str, Any], Reply]:
    """The one request of one call, its body, and the reply."""
    requests: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(200, json=speak(json.loads(request.content), None))

    async def run() -> Reply:
        provider = kind(model="m-1", api_key=KEY, transport=httpx2.MockTransport(answer), **options)
        try:
            return await provider.ask(prompt)  # type: ignore[no-any-return]  # kind is one of three classes
        finally:
            await provider.close()

    reply = asyncio.run(run())
    assert len(requests) == 1
    return requests[0], json.loads(requests[0].content), reply


def test_openai_gets_one_system_and_one_user_message_and_a_strict_schema() -> None:
    request, body, _ = _seen(OpenAIChat, chat)
    assert request.url == "https://api.openai.com/v1/chat/completions"
    assert [(part["role"], part["content"]) for part in body["messages"]] == [
        ("system", PROMPT.system),
        ("user", PROMPT.user),
    ]
    assert body["response_format"]["json_schema"] == {"name": "finding", "strict": True, "schema": PROMPT.schema}
    assert (body["logprobs"], body["top_logprobs"], body["max_completion_tokens"]) == (True, 5, 512)


def test_openai_gets_no_sampling_parameter_that_was_not_asked_for() -> None:
    _, body, _ = _seen(OpenAIChat, chat, logprobs=False)
    assert set(body) == {"model", "messages", "response_format", "max_completion_tokens"}


def test_openai_gets_the_sampling_parameters_that_were_asked_for() -> None:
    options = {"temperature": 0.0, "seed": 7, "top_p": 0.5, "effort": "low", "max_tokens": 99}
    _, body, _ = _seen(OpenAIChat, chat, **options)
    got = {name: body[name] for name in ("temperature", "seed", "top_p", "reasoning_effort", "max_completion_tokens")}
    want = {"temperature": 0.0, "seed": 7, "top_p": 0.5, "reasoning_effort": "low", "max_completion_tokens": 99}
    assert got == want


def test_openai_is_asked_for_no_compression_so_that_a_reply_stays_bounded() -> None:
    request, _, _ = _seen(OpenAIChat, chat)
    assert request.headers["accept-encoding"] == "identity"


def test_log_probabilities_are_asked_for_only_where_a_label_is_wanted() -> None:
    _, body, _ = _seen(OpenAIChat, chat, replace(PROMPT, label_key=None))
    assert "logprobs" not in body


def test_a_decisions_request_carries_questions_and_no_schema() -> None:
    request, body, reply = _seen(OpenAIDecisions, decisions, DECIDE)
    assert request.url.path == "/v1/decisions"
    assert set(body) == {"model", "input", "questions"}
    assert [part["content"] for part in body["input"]] == [DECIDE.system, DECIDE.shared + DECIDE.body]
    assert body["questions"][0] == {
        "type": "score",
        "name": "relevance",
        "instructions": "Does it fit?",
        "levels": [
            {"label": "weak", "description": "does not fit"},
            {"label": "fair", "description": "fits a little"},
            {"label": "strong", "description": "fits"},
        ],
    }
    assert reply.answers is not None
    assert list(reply.answers) == ["relevance", "clarity"]


def test_anthropic_gets_the_schema_in_output_config_and_no_temperature() -> None:
    request, body, _ = _seen(AnthropicMessages, messages)
    assert request.url == "https://api.anthropic.com/v1/messages"
    assert body["output_config"] == {"format": {"type": "json_schema", "schema": PROMPT.schema}}
    assert set(body) == {"model", "max_tokens", "system", "messages", "output_config"}


def test_anthropic_caches_up_to_the_end_of_the_shared_context() -> None:
    _, body, _ = _seen(AnthropicMessages, messages)
    shared, own = body["messages"][0]["content"]
    assert shared == {"type": "text", "text": PROMPT.shared, "cache_control": {"type": "ephemeral"}}
    assert own == {"type": "text", "text": PROMPT.body + PROMPT.question}
    assert body["system"] == PROMPT.system


def test_anthropic_gets_no_empty_block() -> None:
    _, body, _ = _seen(AnthropicMessages, messages, replace(PROMPT, shared=""))
    assert [part["text"] for part in body["messages"][0]["content"]] == [PROMPT.body + PROMPT.question]


def test_anthropic_can_be_forced_to_use_a_tool() -> None:
    _, body, reply = _seen(AnthropicMessages, messages, structured="tool", effort="low")
    assert body["tools"] == [{"name": "finding", "input_schema": PROMPT.schema, "strict": True}]
    assert body["tool_choice"] == {"type": "tool", "name": "finding", "disable_parallel_tool_use": True}
    assert body["output_config"] == {"effort": "low"}
    assert set(json.loads(reply.text)) == set(PROMPT.schema["properties"])


def test_anthropic_input_counts_what_the_cache_served_and_took() -> None:
    usage = _seen(AnthropicMessages, messages)[2].usage
    assert (usage.tokens_in, usage.tokens_cached) == (100, 50)
    assert usage.tokens_out > 0


def test_openai_input_includes_what_the_cache_served() -> None:
    usage = _seen(OpenAIChat, chat)[2].usage
    assert usage.tokens_cached == 16
    assert usage.tokens_in > 16


@pytest.mark.parametrize("kind", [OpenAIChat, OpenAIDecisions, AnthropicMessages])
def test_the_sdk_does_not_follow_a_redirect_with_the_prompt(kind: type) -> None:
    seen = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.host)
        return httpx2.Response(307, headers={"location": "https://elsewhere.example/v1"})

    async def run() -> None:
        provider = kind(model="m", api_key=KEY, transport=httpx2.MockTransport(answer))
        with pytest.raises(Exception, match="redirects are not followed"):
            await provider.ask(DECIDE if kind is OpenAIDecisions else PROMPT)
        await provider.close()

    asyncio.run(run())
    assert len(seen) == 1


def test_a_compressed_reply_is_not_unpacked() -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=httpx2.ByteStream(b"\x1f\x8b"))

    async def run() -> None:
        provider = OpenAIChat(model="m", api_key=KEY, transport=httpx2.MockTransport(answer))
        with pytest.raises(Exception, match="identity was asked for"):
            await provider.ask(PROMPT)
        await provider.close()

    asyncio.run(run())


def test_the_lean_path_sends_the_same_request_as_the_sdk() -> None:
    _, sdk, _ = _seen(OpenAIChat, chat, temperature=0.0)

    async def run(wire: Wire) -> dict[str, Any]:
        from servers.asking import ask_once

        await ask_once(wire, "compatible/m-1?temperature=0")
        return wire.requests[0]

    lean = with_wire(run)
    assert lean.pop("max_tokens") == sdk.pop("max_completion_tokens")
    assert lean == sdk


def test_the_lean_path_sends_the_key_only_when_there_is_one() -> None:
    async def run(wire: Wire) -> list[str | None]:
        from servers.asking import ask_once

        await ask_once(wire, "compatible/m")
        await ask_once(wire, "compatible/m", api_key=None)
        return [headers.get("authorization") for headers in wire.headers]

    assert with_wire(run) == [f"Bearer {KEY}", None]


def test_system_one_names_levels_by_position() -> None:
    odds = {"relevance": {"0": 0.1, "1": 0.2, "2": 0.7}, "clarity": {"0": 0.25, "1": 0.75}}
    reply = ask("compatible/m?endpoint=systemone", DECIDE, wire={"reply": lambda _: odds})
    assert reply.answers == {
        "relevance": {"weak": pytest.approx(0.1), "fair": pytest.approx(0.2), "strong": pytest.approx(0.7)},
        "clarity": {"poor": 0.25, "good": 0.75},
    }


def test_each_kind_of_request_needs_its_own_endpoint() -> None:
    for name, prompt in (("openai/m", DECIDE), ("compatible/m", DECIDE), ("anthropic/m", DECIDE),
                         ("openai-decisions/m", PROMPT), ("compatible/m?endpoint=decisions", PROMPT)):  # fmt: skip
        with pytest.raises(UsageError):
            ask(name, prompt)
