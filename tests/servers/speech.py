"""What the loopback server says when it behaves: a reply that satisfies the request's schema, the same for one body."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from typing import Any

import orjson

WORDS = ("the", "item", "fits", "this", "user", "because", "history", "shows", "interest", "in", "it", "plainly")
Script = Callable[[dict[str, Any]], Any]
"""(the request's body) to the JSON value of the reply, or None to let the server make one up."""


def chat(body: dict[str, Any], script: Script | None) -> dict[str, Any]:
    """An OpenAI chat completion."""
    schema = (body.get("response_format") or {}).get("json_schema", {}).get("schema")
    value = _value(body, schema, script)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, "refusal": None},
        "finish_reason": "stop",
        "logprobs": {"content": tokens(text, schema, body.get("top_logprobs", 0))} if body.get("logprobs") else None,
    }
    return {
        "id": "chatcmpl-" + _hash(body)[:12],
        "object": "chat.completion",
        "created": 1700000000,
        "model": body["model"],
        "system_fingerprint": "fp_wire",
        "choices": [choice],
        "usage": {
            "prompt_tokens": len(orjson.dumps(body)) // 4,
            "completion_tokens": len(text) // 4,
            "total_tokens": (len(orjson.dumps(body)) + len(text)) // 4,
            "prompt_tokens_details": {"cached_tokens": 16},
        },
    }


def messages(body: dict[str, Any], script: Script | None) -> dict[str, Any]:
    """An Anthropic message: text under `output_config`, a tool call where a tool is forced."""
    forced = (body.get("tool_choice") or {}).get("type") == "tool"
    format_ = (body.get("output_config") or {}).get("format") or {}
    value = _value(body, body["tools"][0]["input_schema"] if forced else format_.get("schema"), script)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    block: dict[str, Any] = {"type": "text", "text": text}
    if forced:
        block = {"type": "tool_use", "id": "toolu_1", "name": body["tool_choice"]["name"], "input": value}
    return {
        "id": "msg_" + _hash(body)[:12],
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [block],
        "stop_reason": "tool_use" if forced else "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 40,
            "cache_creation_input_tokens": 10,
            "cache_read_input_tokens": 50,
            "output_tokens": len(text) // 4,
        },
    }


def decisions(body: dict[str, Any], script: Script | None) -> dict[str, Any]:
    """Answers of the decisions endpoint; a script returns {question: {label: probability}}."""
    said = script(body) if script else None
    usage = {"input_tokens": 30, "output_tokens": 0, "total_tokens": 30}
    usage |= {"input_tokens_details": {"cached_tokens": 8, "cache_write_tokens": 0}, "output_tokens_details": {}}
    answers = [_decide(question, said, _hash(body)) for question in body["questions"]]
    return {"model": body["model"], "answers": answers, "usage": usage}


def systemone(body: dict[str, Any], script: Script | None) -> dict[str, Any]:
    """Answers of llama.cpp's decision endpoint: score levels are named by their position."""
    said = script(body) if script else None
    answers = {}
    for name, question in body["questions"].items():
        levels = question["criteria"] if isinstance(question["criteria"], dict) else range(len(question["criteria"]))
        keys = [str(level) for level in levels]
        odds = (said or {}).get(name) or _odds(keys, _hash(body) + name)
        answers[name] = {"type": question["type"], "probabilities": odds, "confidence": max(odds.values())}
    return {"model": body.get("model", "wire"), "answers": answers, "usage": {"input_tokens": 30, "output_tokens": 0}}


def fill(schema: Any, seed: str, rows: int = 0) -> Any:
    """A value that satisfies the schema (objects, arrays, enums, strings, numbers), chosen by the seed.

    An array of objects has `rows` elements, where rows are asked for.
    """
    pick = int(_hash(seed)[:8], 16)
    if "enum" in schema:
        return schema["enum"][pick % len(schema["enum"])]
    if "anyOf" in schema:
        return fill(schema["anyOf"][pick % len(schema["anyOf"])], seed, rows)
    kind = schema.get("type")
    if kind == "object":
        return {name: fill(part, f"{seed}.{name}", rows) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        count = max(schema.get("minItems", 0), min(schema.get("maxItems", 2), pick % 3))
        count = rows if rows and schema["items"].get("type") == "object" else count
        return [fill(schema["items"], f"{seed}[{at}]") for at in range(count)]
    if kind in ("integer", "number"):
        low, high = schema.get("minimum", 0), schema.get("maximum", 10)
        return low + pick % (high - low + 1)
    if kind == "boolean":
        return bool(pick % 2)
    return None if kind == "null" else " ".join(WORDS[(pick >> at) % len(WORDS)] for at in range(4))


def tokens(text: str, schema: Any, top: int) -> list[dict[str, Any]]:
    """The text cut into tokens with log-probabilities: a label's token lists the other labels beside it."""
    labels = [str(value) for part in (schema or {}).get("properties", {}).values() for value in part.get("enum", ())]
    made = []
    for piece in re.findall(r"\w+|\W", text):
        others = [label for label in labels if label != piece] if piece in labels else []
        odds = {piece: 0.7 if others else 0.99} | {label: 0.3 / len(others) for label in others}
        ranked = [{"token": token, "logprob": math.log(p), "bytes": None} for token, p in odds.items()]
        made.append({**ranked[0], "top_logprobs": ranked[:top]})
    return made


def _decide(question: dict[str, Any], said: Any, seed: str) -> dict[str, Any]:
    name = question.get("name")
    keys = [level["label"] for level in question.get("levels", ())] or ["true", "false"]
    odds = (said or {}).get(name) or _odds(keys, f"{seed}{name}")
    if question["type"] == "predicate":
        return {"type": "predicate", "name": name, "probability": odds["true"]}
    rows = [{"label": key, "value": at, "probability": odds[key]} for at, key in enumerate(keys)]
    expected = sum(row["value"] * row["probability"] for row in rows)
    sure = max(odds.values())
    return {"type": "score", "name": name, "probabilities": rows, "score": expected, "confidence": sure}


def _odds(keys: list[str], seed: str) -> dict[str, float]:
    raw = [1 + int(_hash(f"{seed}{key}")[:4], 16) for key in keys]
    return {key: weight / sum(raw) for key, weight in zip(keys, raw, strict=True)}


def _value(body: dict[str, Any], schema: Any, script: Script | None) -> Any:
    said = script(body) if script else None
    if said is not None:
        return said
    return fill(schema, _hash(body), _numbered(body)) if schema else "no schema was asked for"


def _numbered(body: dict[str, Any]) -> int:
    """How many lines of the last message are numbered: as many answers are expected."""
    content = body["messages"][-1]["content"] if body.get("messages") else ""
    text = content if isinstance(content, str) else "".join(block.get("text", "") for block in content)
    return len(re.findall(r"(?m)^\d+\. ", text))


def _hash(value: Any) -> str:
    return hashlib.sha256(value.encode() if isinstance(value, str) else orjson.dumps(value)).hexdigest()
