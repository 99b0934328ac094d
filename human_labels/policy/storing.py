"""A policy as a small file of JSON and back: strict, and aware of hands that changed it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ..records import Scale
from .policy import Policy
from .seal import write_json

VERSION = 1


def write_policy(policy: Policy, path: Path) -> Path:
    """Writes the policy, whole or not at all."""
    content = policy_json(policy)
    write_json(path, content | {"sha256": _digest(content)})
    return path


def read_policy(path: Path) -> Policy:
    """The policy of a file. Raises `UsageError` for what is none, has an unknown key, or was changed by hand."""
    try:
        found = json.loads(path.read_bytes(), parse_constant=_no_constant)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); `recjudge calibrate` writes it") from error
    except ValueError as error:
        raise UsageError(f"{path}: not a policy ({error}); `recjudge calibrate` writes it") from error
    if not isinstance(found, dict):
        raise UsageError(f"{path}: not a policy; `recjudge calibrate` writes it")
    if found.get("version") != VERSION:
        raise UsageError(f"{path}: version: {found.get('version')!r}, this recjudge reads {VERSION}; calibrate anew")
    digest = found.pop("sha256", None)
    try:
        policy: Policy = _made(Policy, found, "")
    except (ValueError, TypeError) as error:
        raise UsageError(f"{path}: not a policy: {error}; `recjudge calibrate` writes it") from error
    if digest != _digest(found):
        raise UsageError(
            f"{path}: changed by hand after it was made: its figures are not those of its lines; calibrate anew"
        )
    return policy


def policy_json(value: Any) -> Any:
    """A policy, a milestone or any noun in them as JSON; what is not defined (NaN) is null."""
    if isinstance(value, Scale):
        return {"points": list(value.points), "passing": sorted(value.passing or ())}
    if dataclasses.is_dataclass(value):
        return {one.name: policy_json(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, (tuple, list)):
        return [policy_json(one) for one in value]
    if isinstance(value, Mapping):
        return {key: policy_json(one) for key, one in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _made(kind: Any, value: Any, at: str) -> Any:
    """A value of a noun's field from its JSON. Raises ValueError naming the key."""
    if kind is Scale:
        _keys(value, {"points", "passing"}, at)
        points = tuple(map(str, value["points"]))
        return Scale("ordinal", 0, len(points) - 1, points, frozenset(map(float, value["passing"])))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        _keys(value, {one.name for one in dataclasses.fields(kind)}, at)
        built: Any = kind
        return built(**{name: _made(hints[name], value[name], f"{at}{name}.") for name in value})
    outer, inner = typing.get_origin(kind), typing.get_args(kind)
    if outer in (types.UnionType, typing.Union):
        return None if value is None else _made(inner[0], value, at)
    if outer is tuple and isinstance(value, list):
        each = [inner[0]] * len(value) if inner[-1] is ... else list(inner)
        return tuple(_made(of, one, f"{at}{place}.") for place, (of, one) in enumerate(zip(each, value, strict=True)))
    if isinstance(outer, type) and issubclass(outer, Mapping) and isinstance(value, dict):
        return {key: _made(inner[1], one, f"{at}{key}.") for key, one in value.items()}
    if kind is float:
        value = math.nan if value is None else value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
    elif type(value) is kind:
        return value
    raise ValueError(f"{at[:-1]}: {value!r} is no {getattr(kind, '__name__', kind)}")


def _keys(value: Any, wanted: set[str], at: str) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"{at[:-1] or 'top'}: {value!r} is no object")
    if extra := sorted(set(value) - wanted):
        raise ValueError(f"unknown key {at}{extra[0]}")
    if missing := sorted(wanted - set(value)):
        raise ValueError(f"{at}{missing[0]} is missing")


def _digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON")
