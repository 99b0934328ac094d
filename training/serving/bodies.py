"""Bytes of a request to a JSON value: capped, timed, and refused when it is no JSON object."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import orjson

from .refusals import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

_REMEDY = "send one JSON object, written by a JSON library"


async def read_object(request: Request, most: int, seconds: float) -> dict[str, Any]:
    """The body as an object. Raises `Refusal`: 400 no JSON, 408 too slow, 413 too large, 415 of another type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        # a web page can post any other type without asking first
        raise Refusal(415, "Content-Type", f"is {kind[:80]!r}", "send application/json")
    raw = await _raw(request, most, seconds)
    try:
        value = orjson.loads(raw)
        if b"\\u003" in raw or orjson.dumps(value).count(b":") != raw.count(b":"):
            # as in files of outputs: a key that stands twice is not a choice
            json.loads(raw, object_pairs_hook=_once)
    except orjson.JSONDecodeError as error:
        where = f"at line {error.lineno}, column {error.colno}"
        raise Refusal(400, "", f"the body is not JSON: {error.msg.partition(':')[0]} {where}", _REMEDY) from None
    except (ValueError, TypeError, RecursionError):
        words = "the body holds what no reader takes: nested too deep, or a number too long"
        raise Refusal(400, "", words, _REMEDY) from None
    if not isinstance(value, dict):
        raise Refusal(422, "", "the body is not an object", _REMEDY)
    return value


async def _raw(request: Request, most: int, seconds: float) -> bytes:
    from starlette.requests import ClientDisconnect

    too_large = Refusal(413, "", f"the body has more than {most} bytes", "send fewer at a time, or raise --body")
    told = request.headers.get("content-length", "")
    if told.isdigit() and (len(told) > 18 or int(told) > most):
        raise too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                parts.append(part)
                size += len(part)
                if size > most:
                    raise too_large
    except ClientDisconnect:
        raise Refusal(400, "", "the body broke off", "send it whole") from None
    except TimeoutError:
        raise Refusal(408, "", f"the body did not come within {seconds:g} s", "send it at once") from None
    return b"".join(parts)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise Refusal(400, "", "an object has one key twice", "keep one of the two")
    return table
