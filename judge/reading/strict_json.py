"""The JSON door: one complete value, or a Fault that says what is wrong and at which byte. Nothing is guessed.

Refused beside broken JSON: NaN and Infinity, duplicate keys, NUL and lone surrogates, nesting past `MAX_DEPTH`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import orjson

from .problems import Fault, kind_of, quoted

MAX_DEPTH = 100
"""Levels of lists and objects: more than any record needs, fewer than what a recursive reader downstream survives."""

_NOT_A_NUMBER = re.compile(rb"\s*-?(NaN|nan|Infinity|inf)\b")
_REWRITE = "write the record again with a JSON library"
_UTF8 = "write the file as UTF-8 text"


def loads(raw: bytes) -> Any:
    """The value. Raises `Fault` (field empty) naming the byte of `raw` at which it goes wrong."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if raw.startswith(b"\xef\xbb\xbf"):  # files with a byte order mark, joined
            return loads(raw[3:])
        raise _explain(raw, error) from None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _refuse_depth(value)
    if b"\\u0000" in raw:
        _refuse_nul(value)
    # A colon stands behind each key and inside strings, nowhere else; a key that was overwritten took its colon along.
    # Only a colon written as an escape could upset the count, and then the slow parser looks.
    if b"\\u003" in raw or orjson.dumps(value).count(b":") != raw.count(b":"):
        json.loads(raw, object_pairs_hook=_refuse_twice)
    return value


def plain(value: Any, field: str = "", depth: int = 0) -> Any:
    """A Python value as the JSON value it stands for: dates in ISO form, tuples as lists, numpy as numbers.

    Raises `Fault` on what has no JSON form: NaN, Infinity, bytes, NUL, lone surrogates, integers past 64 bits, depth.
    """
    if depth > MAX_DEPTH:
        raise _too_deep(field)
    if isinstance(value, str):
        return _text(value.value if isinstance(value, Enum) else value, field)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return _number(value, field)
    if isinstance(value, Mapping):
        return {_text(str(key), field): plain(part, f"{field}.{key}", depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part, f"{field}[{number}]", depth + 1) for number, part in enumerate(value, 1)]
    return _from_library(value, field, depth)


def is_missing(value: Any) -> bool:
    """None, and what pandas writes for it: NaN, NaT, NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in ("NaTType", "NAType")


def _from_library(value: Any, field: str, depth: int) -> Any:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Enum):
        return plain(value.value, field, depth + 1)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return _number(int(value) if value == value.to_integral_value() else float(value), field)
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return plain(value.tolist(), field, depth + 1)
    raise Fault(
        field, f"is {kind_of(value)}, which has no JSON form", "give text, numbers, lists or objects, or drop it"
    )


def _number(value: int | float, field: str) -> int | float:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Fault(field, f"is {value}, which is not a JSON value", "leave the field out, or write null")
        return float(value)
    if not -(2**63) <= value < 2**64:
        raise Fault(field, "is an integer past 64 bits", "write it as a string")
    return int(value)


def _text(value: str, field: str) -> str:
    if "\x00" in value:
        raise Fault(field, "holds a NUL character", "remove it from the text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Fault(field, f"holds a lone surrogate at character {error.start}", _UTF8) from None
    return str(value)


def _explain(raw: bytes, error: orjson.JSONDecodeError) -> Fault:
    """What a person needs to know about a line that is no JSON, most telling cause first."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as bad:
        return Fault("", f"is not UTF-8: byte 0x{raw[bad.start]:02x} at byte {bad.start} of the line", _UTF8)
    if (nul := raw.find(b"\x00")) >= 0:
        return Fault("", f"holds a NUL at byte {nul} of the line", "remove it; the file may be damaged or not be text")
    at = len(text[: error.pos].encode())
    if "surrogate" in error.msg:
        return Fault(
            "", f"holds a lone surrogate escape at byte {at} of the line", "repair the text's encoding upstream"
        )
    if "depth" in error.msg:
        return _too_deep("")
    if "infinity" in error.msg or _NOT_A_NUMBER.match(raw, max(at - 1, 0)):
        return Fault(
            "", f"holds NaN, Infinity or a number too large at byte {at} of the line", "write null, or leave it out"
        )
    if text.lstrip().startswith("{'"):
        return Fault("", "is a printed Python dict, not JSON", "write it with json.dumps(record)")
    if at >= len(raw.rstrip()):
        return Fault("", f"is cut short: JSON ends at byte {at} of the line without being complete", _REWRITE)
    return Fault("", f"is not JSON: {error.msg.split(':')[0]} at byte {at} of the line", _REWRITE)


def _refuse_depth(value: Any) -> None:
    layer = [value]
    for _ in range(MAX_DEPTH):
        layer = [part for node in layer for part in _parts(node) if isinstance(part, (dict, list))]
        if not layer:
            return
    raise _too_deep("")


def _refuse_nul(value: Any) -> None:
    todo = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, str) and "\x00" in node:
            raise Fault("", "holds a NUL character (written \\u0000)", "remove it from the text")
        todo.extend(_parts(node))
        todo.extend(node if isinstance(node, dict) else ())


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) == len(pairs):
        return table
    names = [name for name, _ in pairs]
    twice = next(name for number, name in enumerate(names) if name in names[:number])
    raise Fault("", f"has the key {quoted(twice)} twice in one object", "keep one of the two")


def _parts(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _too_deep(field: str) -> Fault:
    return Fault(field, f"is nested deeper than {MAX_DEPTH} levels", "flatten it")
