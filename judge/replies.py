"""The strict reader of model replies: one JSON object of the asked schema, or a fault; never a guess, clamp or default.

The one declared repair is to strip a single ``` fence around the whole reply.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from ..errors import ProviderFault
from ..rubrics import Dimension
from .findings import Said
from .records import Status

MOST_CHARACTERS = 65_536
"""A longer reply is not a verdict."""
_FENCE = re.compile(r"\s*```(?:json)?[ \t]*\n(.*)\n[ \t]*```\s*", re.DOTALL | re.IGNORECASE)
_NO_CODE = "none"


@dataclass(frozen=True, slots=True)
class Move:
    """One turn of a sub-evaluator that may look things up: a look-up with its query, or the answer."""

    action: str
    query: str
    label: str
    code: str | None
    reason: str
    evidence: tuple[str, ...]


def parse_finding(text: str, dimension: Dimension) -> Said:
    """One dimension's answer. Raises `ProviderFault` (parse_failed or out_of_range) for anything else."""
    value = _load(text)
    if not _is_finding(value, dimension):
        _check(value, _finding_schema(dimension), "reply")
    return _said(value, dimension)


def parse_all(text: str, dimensions: Sequence[Dimension]) -> dict[str, Said]:
    """Every dimension's answer from one object with a member each; one that is missing fails the whole reply."""
    value = parse_object(text, all_schema(dimensions))
    return {dim.name: _said(value[dim.name], dim) for dim in dimensions}


def parse_look(text: str, dimension: Dimension, actions: Sequence[str]) -> Move:
    """One turn; an answer's label must be on the scale, a look-up's label is not read."""
    value = parse_object(text, look_schema(dimension, actions))
    if value["action"] == "answer" and value["label"] not in dimension.labels:
        raise _fault("label", f"an answer needs one of {', '.join(dimension.labels)}", Status.OUT_OF_RANGE)
    code = _code(value, dimension) if value["action"] == "answer" else None
    return Move(value["action"], value["query"], value["label"], code, value["reason"], tuple(value["evidence"]))


def parse_object(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The reply as the schema describes it; every key there and no other, types exact, enums case-sensitive.

    The dialect: objects (closed, all keys required), arrays, strings, integers, numbers, booleans and enums.
    """
    value = _load(text)
    _check(value, schema, "reply")
    return value  # type: ignore[no-any-return]  # _check has just made sure


def finding_schema(dimension: Dimension) -> dict[str, Any]:
    """The JSON schema of one dimension's answer: the reason before the label, every key required, no default."""
    return dict(_finding_schema(dimension))


def all_schema(dimensions: Sequence[Dimension]) -> dict[str, Any]:
    """The schema of one object with a member for each dimension."""
    return _closed({dim.name: finding_schema(dim) for dim in dimensions})


def look_schema(dimension: Dimension, actions: Sequence[str]) -> dict[str, Any]:
    """The schema of one turn of a sub-evaluator that may look things up."""
    base = _finding_schema(dimension)["properties"]
    label = {"type": "string", "enum": [*dimension.labels, *({_NO_CODE} - set(dimension.labels))]}
    first = {"action": {"type": "string", "enum": list(actions)}, "query": {"type": "string"}}
    return _closed(
        {**first, "reason": base["reason"], "evidence": base["evidence"], "label": label, "code": base["code"]}
    )


@lru_cache(maxsize=256)
def _of_scale(labels: tuple[str, ...], codes: tuple[str, ...]) -> dict[str, Any]:
    return _closed(
        {
            "reason": {"type": "string"},
            "evidence": {"type": "array", "items": {"type": "string"}},
            "label": {"type": "string", "enum": list(labels)},
            "code": {"type": "string", "enum": [*codes, *({_NO_CODE} - set(codes))]},
        }
    )


def _finding_schema(dimension: Dimension) -> dict[str, Any]:
    return _of_scale(dimension.labels, tuple(dimension.codes))


def _is_finding(value: Any, dimension: Dimension) -> bool:
    """What `_check` asks of a finding's schema, at once; it says what is wrong where this is False."""
    if type(value) is not dict or len(value) != 4:
        return False
    code, label, evidence = value.get("code"), value.get("label"), value.get("evidence")
    return (
        type(value.get("reason")) is str
        and type(label) is str
        and label in dimension.labels
        and type(code) is str
        and (code == _NO_CODE or code in dimension.codes)
        and type(evidence) is list
        and all(type(one) is str for one in evidence)
    )


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _said(value: Mapping[str, Any], dimension: Dimension) -> Said:
    return Said(value["label"], _code(value, dimension), value["reason"], tuple(value["evidence"]))


def _code(value: Mapping[str, Any], dimension: Dimension) -> str | None:
    """A failure code stands beside a defect only; a defect may have none."""
    defect = dimension.polarity(value["label"]) < 0
    return value["code"] if defect and value["code"] in dimension.codes else None


def _load(text: str) -> Any:
    """Exactly one JSON value. Raises `ProviderFault` for NaN, a key given twice, text around it, too much of it."""
    if len(text) > MOST_CHARACTERS:
        raise _fault("reply", f"{len(text)} characters, {MOST_CHARACTERS} at most")
    fenced = _FENCE.fullmatch(text) if "```" in text else None
    text = fenced[1] if fenced else text
    try:
        value = orjson.loads(text)  # strict: no NaN, no lone surrogate, nothing after the value
        return value if _plainly_once(value, text) else json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _fault("reply", f"not one JSON object ({_plain(str(error), 60)})") from None


def _plainly_once(value: Any, text: str) -> bool:
    """Whether no key can stand twice in an object of texts: each is found once, and none is spelled with an escape."""
    if not isinstance(value, dict) or "\\u" in text:
        return False
    return all(key.isidentifier() and text.count(f'"{key}"') == 1 and _texts(one) for key, one in value.items())


def _texts(value: Any) -> bool:
    return type(value) is str or (type(value) is list and all(type(one) is str for one in value))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key is given twice")
    return made


def _check(value: Any, schema: Mapping[str, Any], at: str) -> None:
    kind = schema.get("type")
    if kind is not None and not _KINDS[kind](value):
        raise _fault(at, f"must be {kind}")
    if "enum" in schema and not any(type(value) is type(one) and value == one for one in schema["enum"]):
        known = ", ".join(str(one) for one in schema["enum"])
        raise _fault(at, f"{_plain(str(value), 24)!r} is not one of {known}", Status.OUT_OF_RANGE)
    if kind == "object":
        _check_members(value, schema, at)
    if kind == "array" and "items" in schema:
        for number, one in enumerate(value):
            _check(one, schema["items"], f"{at}[{number}]")


def _check_members(value: Mapping[str, Any], schema: Mapping[str, Any], at: str) -> None:
    properties = schema["properties"]
    if unknown := value.keys() - properties.keys():
        raise _fault(at, f"has a key that was not asked for: {_plain(min(unknown), 24)!r}")
    for name, part in properties.items():
        if name not in value:
            raise _fault(f"{at}.{name}", "is missing")
        _check(value[name], part, f"{at}.{name}")


def _fault(at: str, words: str, status: Status = Status.PARSE_FAILED) -> ProviderFault:
    return ProviderFault(f"{at}: {words}", status=status, retriable=True)


def _plain(text: str, most: int) -> str:
    """Harmless in a message that a model is shown again: letters, digits and spaces, not many."""
    return re.sub(r"[^\w .,:-]", "?", text[:most])


def _finite(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


_KINDS: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,  # a bool is an int to isinstance
    "number": _finite,
    "boolean": lambda value: isinstance(value, bool),
}
