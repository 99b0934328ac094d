"""Fields: which key of a record means what. Knows names only, no shapes of artefacts and no files.

| field | also read from | notes |
|---|---|---|
| id | `ID`, `sample_id`, `record_id` | string or whole number; a record without one is `row17` after its line or row |
| task | `task_name` | a rubric's name or alias |
| output | `completion`, `response`, `prediction`, `generated`, `generation`, `generated_text` | or the artefact's own keys beside the id: `{"id": 1, "Item Tag": …}` |
| context | | an object |
| context.profile, .history, .interest, .now, .source, .prompt, .input | the bare name; `user_profile`, `user_history`, `document`, `instruction` | and every name in the rubric's `[context]` |
| group | else `user`, else `user_id` or `uid` | an object `user` is the profile, its `id` or `user_id` the group |
| item | else `item_id` | an object is `context.item`, its `id` or `item_id` the item; words are the item's title too |
| system | `model`, `generator`, `route` | |
| meta | `metadata` | an object; what no name above covers joins it |

`context.NAME` and `meta.NAME` may be one dotted key. Two names of one field with different values are a problem, not a
choice. A null is an absent field, except as `output`. `--map FIELD=KEY` reads FIELD from KEY, or from a dotted path, and
from nowhere else, and KEY then means nothing else. In a path a number is a place in a list, from 0, and -1 the last one:
`--map output=messages.-1.content`.
"""  # noqa: E501  (a table's row is one line)

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import InputError
from .problems import Fault, quoted

ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("ID", "sample_id", "record_id"),
    "task": ("task_name",),
    "output": ("completion", "response", "prediction", "generated", "generation", "generated_text"),
    "context": (),
    "context.profile": ("profile", "user_profile"),
    "context.history": ("history", "user_history"),
    "context.interest": ("interest",),
    "context.now": ("now",),
    "context.source": ("source", "document"),
    "context.prompt": ("prompt", "instruction"),
    "context.input": ("input",),
    "group": (),
    "user": (),
    "user_id": ("uid",),
    "item": (),
    "item_id": (),
    "system": ("model", "generator", "route"),
    "meta": ("metadata",),
}
"""Field to the other keys it is read from. `user`, `user_id` and `item_id` are fields on the way to group and item."""


@dataclass(slots=True)
class Picked:
    """A record's values under their one name."""

    own: dict[str, Any] = field(default_factory=dict)
    """`id`, `task`, `output`, `context`, `group`, `user`, …: a field of `ALIASES`."""
    context: dict[str, Any] = field(default_factory=dict)
    """What was given beside `context`."""
    meta: dict[str, Any] = field(default_factory=dict)
    """What no field covers."""


class Names:
    """One run's table of names: the aliases, the rubric's context fields, and what `--map` says instead."""

    def __init__(self, paths: Mapping[str, str], context: Iterable[str], unseen: set[str]) -> None:
        self._paths = paths
        self._unseen = unseen
        wanted = {**{f"context.{name}": (name,) for name in context if name != "item"}, **ALIASES}
        self._slots = {
            name: (target.startswith("context."), target.removeprefix("context."))
            for target, aliases in wanted.items()
            for name in (target, *aliases)
            if target not in paths and name not in paths.values()
        }

    def pick(self, record: Mapping[str, Any]) -> Picked:
        """The record's values under their one name. Raises `Fault` when two names of a field disagree."""
        picked, slots = Picked(), self._slots
        for key, value in record.items():
            if (slot := slots.get(key)) is None:
                _put_other(picked, key, value)
            elif value is not None or slot[1] == "output":
                table = picked.context if slot[0] else picked.own
                if slot[1] in table and table[slot[1]] != value:
                    raise self._disagree(slot, key, record)
                table[slot[1]] = value
        for target, path in self._paths.items():
            self._follow(record, picked, target, path)
        return picked

    def task(self, record: Mapping[str, Any]) -> Any:
        """The record's word for its task, before anything else of it is read."""
        if path := self._paths.get("task"):
            return at(record, path)
        return next((record[key] for key in ("task", *ALIASES["task"]) if record.get(key) is not None), None)

    def is_output(self, key: str) -> bool:
        return self._slots.get(key) == (False, "output") or self._paths.get("output") == key

    @property
    def output_keys(self) -> str:
        """For messages: where an output is looked for."""
        return ", ".join(key for key, slot in self._slots.items() if slot == (False, "output"))

    @property
    def output_path(self) -> str | None:
        """Where `--map` says the output is."""
        return self._paths.get("output")

    def _follow(self, record: Mapping[str, Any], picked: Picked, target: str, path: str) -> None:
        picked.meta.pop(path, None)
        if (value := at(record, path)) is None and path not in record:
            return
        self._unseen.discard(target)
        if value is None and target != "output":
            return
        head, _, rest = target.partition(".")
        if rest:
            put(picked.context if head == "context" else picked.meta, rest, value, target)
        else:
            picked.own[target] = value

    def _disagree(self, slot: tuple[bool, str], key: str, record: Mapping[str, Any]) -> Fault:
        first = next(name for name in record if self._slots.get(name) == slot)
        target = f"context.{slot[1]}" if slot[0] else slot[1]
        words = f"and {first!r} both mean {target!r} and differ"
        return Fault(key, words, f"drop one of them, or choose: --map {target}={first}")


def targets(mapping: Mapping[str, str]) -> dict[str, str]:
    """`--map`, checked: field to key or path. Raises `InputError` for a field that is none."""
    return {_target(name): path for name, path in mapping.items()}


def put(table: dict[str, Any], path: str, value: Any, field: str) -> None:
    """Sets a value at a dotted path, nested; the same value twice is fine. Raises `Fault` when two differ."""
    name, dot, rest = path.partition(".")
    if path.count(".") > _MAX_DOTS:
        raise Fault(field, f"has more than {_MAX_DOTS} dots", "write the nested value as an object")
    if not dot:
        if name in table and table[name] != value:
            raise Fault(field, "is given twice and differs", "keep one of the two")
        table[name] = value
        return
    inner = table.get(name, {})
    if not isinstance(inner, dict):
        raise Fault(field, f"stands beside a {name!r} that is no object", "keep one of the two")
    table[name] = dict(inner)  # the record's own object stays as it was read
    put(table[name], rest, value, field)


def at(record: Mapping[str, Any], path: str) -> Any:
    """The value at a key, else at a dotted path (`doc.text`, `messages.-1.content`), else None."""
    if path in record:
        return record[path]
    value: Any = record
    for name in path.split("."):
        value = _part(value, name)
    return value


def _part(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, (list, tuple)) and _PLACE.fullmatch(name) and -len(value) <= int(name) < len(value):
        return value[int(name)]
    return None


def _put_other(picked: Picked, key: str, value: Any) -> None:
    if key.startswith("context.") and key != "context.":
        if value is not None:
            put(picked.context, key.removeprefix("context."), value, key)
    else:
        picked.meta[key.removeprefix("meta.") or key] = value


def _target(name: str) -> str:
    if f"context.{name}" in ALIASES:
        return f"context.{name}"
    if name in ALIASES or (name.startswith(("context.", "meta.")) and not name.endswith(".")):
        return name
    known = ", ".join(target for target in ALIASES if "." not in target)
    raise InputError(f"--map: {quoted(name)} is not a field; known: {known}, context.NAME, meta.NAME")


_MAX_DOTS = 16
_PLACE = re.compile(r"-?[0-9]{1,9}")
