"""The ways in which the fault server misbehaves: each mode is a function of the good reply that says what to send."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from typing import Any

import orjson

RESET = b"\0reset"
"""Yielded by a body to end the connection with a TCP reset."""
HTML = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True)
class Answer:
    """What goes out: status, headers, body, and how the bytes are sent."""

    payload: Any = None
    """JSON value of the body; ignored when `body` is given."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    claim: int = 0
    """Bytes that Content-Length promises beyond what is sent."""
    stream: Callable[[bytes], AsyncIterator[bytes]] | None = None
    """Sends the whole HTTP message its own way; gets head and body."""
    billed: bool = True
    """Whether the model ran, so that a provider would charge for it."""


Mode = Callable[[Answer, str, str], Answer]
"""(the good answer, the endpoint's family, the mode's argument) to what is sent."""


def misbehave(answer: Answer, mode: str, family: str) -> Answer:
    """Applies `name` or `name:argument`. Raises KeyError for a mode that is not known."""
    name, _, argument = mode.partition(":")
    return MODES[name](answer, family, argument)


def error(status: int, kind: str, message: str, code: str | None = None, **headers: str) -> Mode:
    """A refusal of the API, in the shape of the endpoint's family; the model did not run."""

    def mode(_: Answer, family: str, argument: str) -> Answer:
        body: dict[str, Any] = {"error": {"message": message, "type": kind, "param": None, "code": code}}
        if family == "anthropic":
            body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
        sent = {name.replace("_", "-"): value.format(argument) for name, value in headers.items()}
        return Answer(body, status, sent, billed=False)

    return mode


def _after_date(_: Answer, family: str, argument: str) -> Answer:
    when = formatdate(time.time() + float(argument or 1), usegmt=True)
    return error(429, "rate_limit_error", "slow down", retry_after=when)(_, family, argument)


def _body(content: bytes, kind: str = "application/json") -> Mode:
    return lambda answer, _family, _argument: replace(answer, body=content, headers={"content-type": kind})


def _payload(value: Any) -> Mode:
    return lambda answer, _family, _argument: replace(answer, payload=value)


def _text(change: Callable[[str, str], str]) -> Mode:
    """Changes the model's own words; everything around them stays good."""

    def mode(answer: Answer, family: str, argument: str) -> Answer:
        payload = orjson.loads(orjson.dumps(answer.payload))
        if family == "openai":
            message = payload["choices"][0]["message"]
            message["content"] = change(message["content"], argument)
            payload["choices"][0]["logprobs"] = None
        else:
            payload["content"] = [{"type": "text", "text": change(said_text(payload), argument)}]
        return replace(answer, payload=payload)

    return mode


def said_text(payload: Any) -> str:
    """The words of an Anthropic reply, whether text or a tool's input."""
    block = payload["content"][0]
    return block["text"] if block["type"] == "text" else orjson.dumps(block["input"]).decode()


def _finish(openai: str | None, anthropic: str | None) -> Mode:
    """Ends the reply for another reason; with an argument, cuts the text after that many characters."""

    def mode(answer: Answer, family: str, argument: str) -> Answer:
        if argument:
            answer = _text(lambda text, cut: text[: int(cut)])(answer, family, argument)
        payload = orjson.loads(orjson.dumps(answer.payload))
        if family == "openai":
            payload["choices"][0]["finish_reason"] = openai
        else:
            payload["stop_reason"] = anthropic
        return replace(answer, payload=payload)

    return mode


def _refusal(answer: Answer, family: str, _: str) -> Answer:
    payload = orjson.loads(orjson.dumps(answer.payload))
    if family == "openai":
        payload["choices"][0]["message"] |= {"content": None, "refusal": "I cannot help with that."}
    else:
        payload |= {"stop_reason": "refusal", "content": []}
    return replace(answer, payload=payload)


def _wrong_types(answer: Answer, family: str, _: str) -> Answer:
    wrong = {"choices": "none", "usage": 7} if family == "openai" else {"content": 5, "usage": []}
    return replace(answer, payload={**answer.payload, **wrong})


def _field(name: str, value: Any) -> Mode:
    return lambda answer, _family, _argument: replace(answer, payload={**answer.payload, name: value})


def _no_logprobs(answer: Answer, _: str, __: str) -> Answer:
    payload = orjson.loads(orjson.dumps(answer.payload))
    payload["choices"][0]["logprobs"] = None
    return replace(answer, payload=payload)


def _refuse_question(answer: Answer, family: str, _: str) -> Answer:
    payload = orjson.loads(orjson.dumps(answer.payload))
    answers = payload["answers"]
    if family == "systemone":
        answers.pop(next(iter(answers)))
    else:
        answers[0] = {"type": "refusal", "name": answers[0]["name"]}
    return replace(answer, payload=payload)


def _bad_answers(answer: Answer, family: str, _: str) -> Answer:
    payload = orjson.loads(orjson.dumps(answer.payload))
    one = payload["answers"][0] if family == "decisions" else next(iter(payload["answers"].values()))
    one["probabilities"] = {"somewhere": 3} if family == "systemone" else [{"label": "nowhere", "probability": 3}]
    return replace(answer, payload=payload)


def _large(answer: Answer, _: str, argument: str) -> Answer:
    return replace(answer, body=b'{"choices":"' + b"x" * int(float(argument or 60) * 1e6) + b'"}')


def _edit(find: str, put: str) -> Mode:
    """Rewrites the model's JSON text: a regular expression over the whole text."""
    import re

    return _text(lambda text, _: re.sub(find, put, text, count=1))


def _reset_before(answer: Answer, _: str, __: str) -> Answer:
    async def send(_message: bytes) -> AsyncIterator[bytes]:
        yield RESET

    return replace(answer, stream=send, billed=False)


def _reset_body(answer: Answer, _: str, __: str) -> Answer:
    async def send(message: bytes) -> AsyncIterator[bytes]:
        yield message[: len(message) * 2 // 3]
        yield RESET

    return replace(answer, stream=send)


def _hang(answer: Answer, _: str, argument: str) -> Answer:
    async def send(_message: bytes) -> AsyncIterator[bytes]:
        await asyncio.sleep(float(argument or 3600))
        yield RESET

    return replace(answer, stream=send)


def _slow(headers: bool) -> Mode:
    """One byte each 50 ms (or the argument, in seconds); of the headers too when asked."""

    def mode(answer: Answer, _: str, argument: str) -> Answer:
        async def send(message: bytes) -> AsyncIterator[bytes]:
            start = 0 if headers else message.index(b"\r\n\r\n") + 4
            yield message[:start]
            for at in range(start, len(message)):
                yield message[at : at + 1]
                await asyncio.sleep(float(argument or 0.05))

        return replace(answer, stream=send)

    return mode


def _cut_chunk(answer: Answer, _: str, __: str) -> Answer:
    async def send(message: bytes) -> AsyncIterator[bytes]:
        body = message.partition(b"\r\n\r\n")[2]
        yield b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        yield b"%x\r\n" % len(body) + body[: len(body) // 2]

    return replace(answer, stream=send)


MODES: dict[str, Mode] = {
    "ok": lambda answer, _family, _argument: answer,
    "429": error(429, "rate_limit_error", "slow down"),
    "429-after": error(429, "rate_limit_error", "slow down", retry_after="{}"),
    "429-date": _after_date,
    "429-reset": error(429, "rate_limit_error", "slow down", x_ratelimit_reset_requests="{}"),
    "quota": error(429, "insufficient_quota", "You exceeded your current quota.", "insufficient_quota"),
    "401": error(401, "authentication_error", "Incorrect API key provided: sk-wire-secret-123.", "invalid_api_key"),
    "403": error(403, "permission_error", "not allowed here", "access_denied"),
    "404": error(404, "not_found_error", "The model `none` does not exist", "model_not_found"),
    "400": error(400, "invalid_request_error", "Unknown parameter: 'colour'.", "unknown_parameter"),
    "400-context": error(
        400, "invalid_request_error", "maximum context length is 8192 tokens", "context_length_exceeded"
    ),
    "echo": error(400, "invalid_request_error", "you sent Bearer sk-wire-secret-123, key sk-wire-secret-123"),
    "400-logprobs": error(400, "invalid_request_error", "logprobs are not supported with this model.", "unsupported"),
    "413": error(413, "request_too_large", "too large"),
    "500": error(500, "server_error", "internal error"),
    "503": error(503, "server_error", "overloaded", retry_after="{}"),
    "529": error(529, "overloaded_error", "Overloaded"),
    "307": error(307, "moved", "elsewhere", location="http://127.0.0.1:9/v1/chat/completions"),
    "reset-before": _reset_before,
    "reset-body": _reset_body,
    "short": lambda answer, _family, _argument: replace(answer, claim=64),
    "cut-chunk": _cut_chunk,
    "hang": _hang,
    "slow": _slow(headers=False),
    "slow-headers": _slow(headers=True),
    "html": _body(HTML, "text/html"),
    "html-502": lambda answer, _family, _argument: replace(answer, body=HTML, status=502, billed=False),
    "empty": _body(b""),
    "null": _body(b"null"),
    "array": _body(b"[]"),
    "not-json": _body(b'{"choices":[{'),
    "not-utf8": _body(b'{"choices":"\xff\xfe"}'),
    "deep": _body(b"[" * 100_000),
    "error-200": _payload({"error": {"message": "upstream failed", "type": "server_error"}}),
    "no-choices": lambda answer, family, _: replace(
        answer, payload={**answer.payload, "choices" if family == "openai" else "content": []}
    ),
    "wrong-types": _wrong_types,
    "large": _large,
    "other-model": _field("model", "another-model-2"),
    "other-fingerprint": _field("system_fingerprint", "fp_other"),
    "length": _finish("length", "max_tokens"),
    "content-filter": _finish("content_filter", "refusal"),
    "no-finish": _finish(None, None),
    "context-window": _finish("length", "model_context_window_exceeded"),
    "refusal": _refusal,
    "no-logprobs": _no_logprobs,
    "garbage": _text(lambda _text, _argument: "{label: ??"),
    "blank": _text(lambda _text, _argument: ""),
    "wrong-enum": _edit(r'"label":"[^"]*"', '"label":"splendid"'),
    "wrong-case": _text(lambda text, _: _upper_label(text)),
    "two-verdicts": _text(lambda text, _: text + "\n" + text),
    "fenced": _text(lambda text, _: f"```json\n{text}\n```"),
    "prose": _text(lambda text, _: f"Here is my verdict: {text}"),
    "nan": _edit(r'"label":"[^"]*"', '"label":NaN'),
    "bool": _edit(r'"label":"[^"]*"', '"label":true'),
    "number": _edit(r'"label":"[^"]*"', '"label":5'),
    "duplicate": _edit(r"^\{", '{"label":"strong",'),
    "extra-key": _edit(r"^\{", '{"colour":"red",'),
    "missing-key": _edit(r'"label":"[^"]*",?', ""),
    "refuse-question": _refuse_question,
    "bad-answers": _bad_answers,
}


def _upper_label(text: str) -> str:
    value = orjson.loads(text)
    return orjson.dumps({**value, "label": str(value.get("label")).upper()}).decode()
