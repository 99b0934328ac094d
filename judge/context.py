"""A sample's context, read in one way by checks, prompts and tools: history events, item fields, the date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from .records import Sample

_ID_KEYS = ("id", "ID", "event_id", "index")
_TEXT_KEYS = ("title", "text", "item", "name", "query", "content")
_TIME_KEYS = ("time", "date", "timestamp", "ts", "when")
_ACTION_KEYS = ("action", "behavior", "behaviour", "type", "event")
_COMPRESSED = re.compile(r"^(?P<when>[^|]+?)\s*\|\s*(?P<items>.+)$")
_DATE = re.compile(r"\s*(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?")
_BUCKET = re.compile(r"(?P<time>\d{4}(?:[-/.]\d{1,2}){0,2})\s*(?:\((?P<actions>[^)]*)\))?")


class Event(NamedTuple):
    """One thing the user did."""

    id: str
    """As given, or `h1`, `h2`, … by position."""
    text: str
    action: str = ""
    when: date | None = None


def events(sample: Sample) -> tuple[Event, ...]:
    """The user's history, oldest or newest first as given; empty when there is none.

    Accepts a list of strings or of objects, and RecGPT's compressed line `2025-06(click,buy) | item, item`.
    """
    kept = sample.kept
    if (found := kept.get("events")) is None:
        found = kept["events"] = _events(sample.context.get("history"))
    known: tuple[Event, ...] = found
    return known


def _events(history: Any) -> tuple[Event, ...]:
    if isinstance(history, str):
        history = [line for line in history.splitlines() if line.strip()]
    if not isinstance(history, (list, tuple)):
        return ()
    return tuple(_event(entry, f"h{number}") for number, entry in enumerate(history, 1))


def item_fields(sample: Sample) -> Mapping[str, str]:
    """The item's fields as text, in the order given; a bare string is its title."""
    return context_fields(sample, "item")


def context_fields(sample: Sample, name: str) -> Mapping[str, str]:
    """One part of the context, flattened by `fields_of` once a sample."""
    kept, key = sample.kept, (fields_of, name)
    if (found := kept.get(key)) is None:
        found = kept[key] = fields_of(sample.context.get(name))
    known: Mapping[str, str] = found
    return known


def fields_of(value: Any, prefix: str = "") -> dict[str, str]:
    """Any context value flattened to `name: text`; nested names are joined with dots, a bare value is named `title`."""
    if value is None:
        return {}
    if isinstance(value, str):
        return {prefix or "title": str(value)}
    if isinstance(value, dict) or isinstance(value, Mapping):  # noqa: SIM101 (asking for a dict first is quick)
        flat: dict[str, str] = {}
        for name, part in value.items():
            path = f"{prefix}.{name}" if prefix else str(name)
            if isinstance(part, str) or type(part) is int or type(part) is float:
                flat[path or "title"] = str(part)
            else:
                flat.update(fields_of(part, path))
        return flat
    if isinstance(value, (list, tuple)):
        return {prefix or "title": ", ".join(plain(part) for part in value)}
    return {prefix or "title": str(value)}


def plain(value: Any) -> str:
    """A context value as one line of text."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict) or isinstance(value, Mapping):  # noqa: SIM101 (asking for a dict first is quick)
        flat = [f"{name}: {part}" for name, part in value.items() if type(part) is str and name and type(name) is str]
        if len(flat) < len(value):
            flat = [f"{name}: {text}" for name, text in fields_of(value).items()]
        return ", ".join(flat)
    return ", ".join(plain(part) for part in value) if isinstance(value, (list, tuple)) else str(value)


def today(sample: Sample) -> date | None:
    """The date of the recommendation (`context.now`), never the clock's."""
    return parse_date(sample.context.get("now"))


def parse_date(value: Any) -> date | None:
    """An ISO date or time, `2025/6/1`, `2025-06` or seconds since 1970; None when it is none of them."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return datetime.fromtimestamp(value).date() if 0 < value < 4e9 else None
    if not isinstance(value, str):
        return None
    found = _DATE.match(value)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None


def _event(entry: Any, position: str) -> Event:
    if isinstance(entry, dict) or isinstance(entry, Mapping):  # noqa: SIM101 (asking for a dict first is quick)
        ids, texts, actions, times = _present(tuple(entry))
        text = _first(entry, texts)
        return Event(
            str(_first(entry, ids) or position),
            plain(text) if text is not None else plain(entry),
            str(_first(entry, actions) or ""),
            parse_date(_first(entry, times)) if times else None,
        )
    line = plain(entry)
    if (parts := _COMPRESSED.match(line)) and (bucket := _BUCKET.search(parts["when"])):
        return Event(position, parts["items"], bucket["actions"] or "", parse_date(bucket["time"] + "-01"))
    return Event(position, line, when=parse_date(line))


@lru_cache(maxsize=1_024)  # the events of a log have the same few names
def _present(names: tuple[Any, ...]) -> tuple[tuple[str, ...], ...]:
    """Which of the keys of an id, a text, an action and a time are among these names."""
    return tuple(
        tuple(key for key in keys if key in names) for keys in (_ID_KEYS, _TEXT_KEYS, _ACTION_KEYS, _TIME_KEYS)
    )


def _first(entry: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    for key in keys:
        if (value := entry.get(key)) not in (None, ""):
            return value
    return None


def written_field(sample: Sample, name: str) -> str:
    """A context field as a prompt has it: a history one event a line, fields as `name: text`; empty for none.

    Transformer Students were trained on these words: a change raises `VERSION` of `student/wording.py`.
    """
    value: Any = sample.context.get(name)
    if name == "history" and (found := events(sample)):
        return "\n".join(
            " ".join(part for part in (event.id, str(event.when or ""), event.action, event.text) if part)
            for event in found
        )
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {text}" for key, text in fields_of(value).items())
    if isinstance(value, (list, tuple)):
        return "\n".join(", ".join(fields_of(part).values()) for part in value)
    return "" if value is None else str(value)
