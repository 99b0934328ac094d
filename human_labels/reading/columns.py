"""Which column of a table means what: long, wide (a column an annotator), or a column a dimension."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from ...errors import InputError, UsageError

FIELDS: Mapping[str, tuple[str, ...]] = {
    "sample": ("sample", "sample_id", "id", "item_id"),
    "dimension": ("dimension", "criterion"),
    "annotator": ("annotator", "rater", "labeller", "worker"),
    "label": ("label", "value", "rating", "score"),
    "role": ("role",),
    "round": ("round",),
    "time": ("time", "created_at"),
    "scale": ("scale",),
    "task": ("task",),
    "annotator_type": ("annotator_type",),
}
"""A label's fields and the names that columns have for them, the first of them best."""
ASIDE = frozenset((
    "question", "choices", "code", "codes", "comment", "comments", "note", "notes", "reason", "confidence",
    "annotation_id", "lead_time", "updated_at",
))  # fmt: skip
"""Columns that speak of one label or help the annotator; they are not kept."""
ABOUT = frozenset((
    "group", "user", "item", "item_id", "system", "model", "language", "lang", "text", "output", "title", "popularity",
    "probability", "stratum", "rubric", "length", "category", "url",
))  # fmt: skip
"""Columns of a wide table that describe the sample and are no annotators."""
SHOWN = ("context.", "_")
"""Columns that begin so were shown to annotators, or hold their remarks; they are not kept."""


@dataclass(frozen=True)
class Cell:
    """A column whose cells are labels."""

    column: str
    annotator: str | None = None
    """Of a wide table: whose they are."""
    dimension: str | None = None
    """Of a table with a column a dimension: which."""


@dataclass(frozen=True)
class Layout:
    """What a row's columns mean."""

    columns: Mapping[str, str]
    """Field to column."""
    cells: tuple[Cell, ...]
    about: tuple[str, ...]
    """Columns that describe the sample."""
    notes: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The columns of sample, dimension, annotator, role, annotator_type, round, time, scale, task; "" for none."""
        return tuple(self.columns.get(name, "") for name in _ORDER)

    @cached_property
    def names_dimension(self) -> bool:
        """True when a column says of each row which dimension it is of."""
        return "dimension" in self.columns


def layout(
    names: Sequence[str], place: str, dimensions: Collection[str], annotators: Sequence[str] | None = None
) -> Layout:
    """The meaning of these columns. `dimensions` are names that a column of labels may have.

    Raises `UsageError` for annotators that are no columns, `InputError` when nothing holds a label.
    """
    plain = {_plain(name): name for name in reversed(names)}
    columns = {
        key: plain[found]
        for key, known in FIELDS.items()
        if (found := next((name for name in known if name in plain), None)) is not None
    }
    if annotators:
        absent = [name for name in annotators if name not in names]
        if absent:
            raise UsageError(f"{place}: no column {shown(absent)}; columns: {shown(names)}")
        columns = {key: name for key, name in columns.items() if name not in annotators}
        return _laid(names, columns, tuple(Cell(name, annotator=name) for name in annotators), "annotators")
    if "label" in columns:
        return _laid(names, columns, (Cell(columns["label"]),), "")
    rest = [name for name in names if name not in columns.values() and not _is_aside(name)]
    if "annotator" in columns:
        # Label Studio's short exports are such tables; it takes no dots in names
        names = [name for name in names if not name.startswith("context_")]
        cells = tuple(Cell(name, dimension=name) for name in rest if name in dimensions)
        if not cells:
            raise InputError(
                f"{place}: no column 'label' and none named like a dimension; columns: {shown(names)}; add "
                "'label', or name a column's scale with --scale relevance=ordinal:1..5"
            )
        return _laid(names, columns, cells, "dimensions")
    people = [name for name in rest if _plain(name) not in ABOUT]
    if not people:
        raise InputError(f"{place}: no column holds labels; columns: {shown(names)}; add 'annotator' and 'label'")
    return _laid(names, columns, tuple(Cell(name, annotator=name) for name in people), "annotators")


def shown(names: Iterable[str]) -> str:
    """Names out of a file as a message may print them: no control byte reaches a terminal."""
    return ", ".join(name if name.isprintable() else repr(name) for name in names)


def text(value: Any) -> str:
    """A cell's or a JSON value's words; "" for what is missing. 4.0 is "4"; a list or an object is its JSON."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if value == value // 1 else repr(value)
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _laid(names: Sequence[str], columns: dict[str, str], cells: tuple[Cell, ...], read_as: str) -> Layout:
    taken = {*columns.values(), *(cell.column for cell in cells)}
    others = [name for name in names if name not in taken and not _is_aside(name)]
    twins = [name for name in others if _plain(name) in _ALIASES and _plain(name) != "item_id"]
    about = tuple(name for name in others if name not in twins)
    notes = []
    if read_as:
        notes.append(f"columns read as {read_as}: {', '.join(cell.column for cell in cells)}")
    for name in twins:
        one = _ALIASES[_plain(name)]
        notes.append(f"column {name!r} was not read: {columns.get(one, one)!r} is the {one}")
    return Layout(columns, cells, about, tuple(notes))


def _is_aside(name: str) -> bool:
    return _plain(name) in ASIDE or name.startswith(SHOWN)


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


_ORDER = ("sample", "dimension", "annotator", "role", "annotator_type", "round", "time", "scale", "task")
_ALIASES = {alias: name for name, known in FIELDS.items() for alias in known}
