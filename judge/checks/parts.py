"""A sample's named parts as text, and a step's parameters: what checks and measures are written in."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

from ..context import context_fields, events, fields_of, item_fields
from ..records import Sample
from .words import joined

_NOTHING = SimpleNamespace()
_MOST_KEPT = 1_024
_TITLE = ("title", "name", "标题", "名称")


class _Read(NamedTuple):
    """Parameters as they were read: a rubric's are asked for once a sample and stay the same."""

    of: Mapping[str, Any]
    """Held, so that no other mapping can have its id."""
    given: dict[str, Any]
    defaults: dict[str, Any]
    read: SimpleNamespace


_KEPT: dict[int, _Read] = {}


def options(given: Mapping[str, Any], **defaults: Any) -> Any:
    """The parameters of a step over their defaults, as attributes.

    Raises ValueError for a name that is not a parameter here, or a value of another type than its default.
    """
    if not given:
        return SimpleNamespace(**defaults) if defaults else _NOTHING
    kept = _KEPT.get(id(given))
    if kept is not None and kept.of is given and kept.given == given and kept.defaults == defaults:
        return kept.read
    for name, value in given.items():
        if name not in defaults:
            raise ValueError(f"unknown parameter {name!r}; known: {', '.join(sorted(defaults)) or 'none'}")
        if not _fits(value, defaults[name]):
            raise ValueError(f"parameter {name!r} must be like {defaults[name]!r}, not {value!r}")
    read = SimpleNamespace(**{**defaults, **given})
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    _KEPT[id(given)] = _Read(given, dict(given), defaults, read)
    return read


def part(sample: Sample, name: str) -> str:
    """One part as text, empty when the sample has none.

    `output` is the whole artefact, `text` its main words, `tag`, `interest` and `reason` its fields (an interest may
    stand in the context instead), `title` the item's title; any other name is a context field.
    """
    kept = sample.kept
    if (found := kept.get(name)) is None:
        found = kept[name] = _part(sample, name)
    return found


def _part(sample: Sample, name: str) -> str:
    if name in ("output", "text", "tag", "reason", "interest"):
        return _own(sample, name)
    if name == "title":
        return title(sample)
    if name == "history":
        return joined(event.text for event in events(sample))
    return joined(context_fields(sample, name).values())


def parts(sample: Sample, names: tuple[str, ...]) -> str:
    """Several parts as one text, one a line."""
    return joined(part(sample, name) for name in names)


def pieces(sample: Sample, name: str) -> list[str]:
    """A part as the texts to compare with one by one: history by event, everything else whole."""
    if name == "history":
        return [event.text for event in events(sample) if event.text]
    return [text] if (text := part(sample, name)) else []


def title(sample: Sample) -> str:
    """The item's title."""
    fields = item_fields(sample)
    return next((fields[name] for name in _TITLE if fields.get(name)), "")


def profile(sample: Sample) -> dict[str, str]:
    """The profile's fields, names in lower case."""
    return {name.lower(): text for name, text in context_fields(sample, "profile").items()}


def _own(sample: Sample, name: str) -> str:
    if name == "text":
        return sample.text
    if isinstance(sample.output, str):
        if name == "interest":
            return joined(context_fields(sample, "interest").values())
        return sample.output if name == "output" else ""
    if name == "output":
        return joined(str(value) for value in sample.output.values() if isinstance(value, str))
    value = sample.output.get(name) or (sample.context.get(name) if name == "interest" else "")
    return value if isinstance(value, str) else joined(fields_of(value).values())


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, (tuple, list)):
        return isinstance(value, (tuple, list))
    return isinstance(value, (int, float)) if isinstance(default, (int, float)) else isinstance(value, type(default))
