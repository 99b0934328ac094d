"""What people said: labels in long form, the table raters make of them, and the labelled sets that ship."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ..errors import InputError, UsageError
from ..judge import Sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIELDS = ("id", "dimension", "annotator", "label", "scale")


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers a label may be: `ordinal:1..5`, `interval:0..1` or `binary:0|1`."""

    kind: str
    low: float
    high: float

    def holds(self, value: Any) -> bool:
        """True for a number on the scale; ordinal and binary scales hold whole numbers only."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return self.low <= value <= self.high and (self.kind == "interval" or value == int(value))


@dataclass(frozen=True, slots=True)
class Label:
    """One rater's word on one dimension of one item."""

    id: str
    dimension: str
    annotator: str
    value: float
    scale: Scale
    human: bool = True
    """False for a recorded model judge."""


@dataclass(frozen=True)
class Table:
    """Items in rows, raters in columns, NaN where a rater said nothing."""

    ids: tuple[str, ...]
    raters: tuple[str, ...]
    values: NDArray[Any]
    scale: Scale | None = None

    @cached_property
    def means(self) -> NDArray[Any]:
        """Mean label of each item; NaN for an item without labels."""
        return row_means(self.values)

    def rows(self, index: NDArray[Any]) -> Table:
        """The table of these rows, repeated where the index repeats them: a bootstrap draw."""
        return Table(tuple(self.ids[place] for place in index), self.raters, self.values[index], self.scale)


@dataclass(frozen=True)
class LabelledSet:
    """Real artefacts with what people said of them."""

    name: str
    samples: tuple[Sample, ...]
    labels: tuple[Label, ...]

    @cached_property
    def clusters(self) -> dict[str, str]:
        """Item id to the highest cluster it belongs to: its group, or itself."""
        return {sample.id: sample.group or sample.id for sample in self.samples}

    def table(self, dimension: str, *, human: bool = True) -> Table:
        """The human (or recorded model) labels of one dimension. Raises `UsageError` for one that nobody labelled."""
        return table_of(self.labels, dimension, human=human)


def load_set(name: str) -> LabelledSet:
    """A set that ships, by name. Raises `UsageError` with the known names."""
    if name not in set_names():
        raise UsageError(f"unknown labelled set {name!r}; known: {', '.join(set_names())}")
    folder = resources.files(__package__) / "sets" / name
    samples = tuple(Sample(**row) for _, row in _lines((folder / "items.jsonl.gz").read_bytes()))
    return LabelledSet(
        name, samples, tuple(_labels((folder / "labels.jsonl.gz").read_bytes(), f"{name}/labels.jsonl.gz"))
    )


def set_names() -> list[str]:
    """Names of the sets that ship, sorted."""
    folder = resources.files(__package__) / "sets"
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and (entry / "labels.jsonl.gz").is_file())


def read_labels(path: Path) -> list[Label]:
    """Labels from a JSONL file (`.gz` too) of id, dimension, annotator, label, scale and, if a model's, annotator_type.

    Raises `InputError` naming line, field and remedy; a label off its scale is an error, never clipped.
    """
    try:
        return list(_labels(path.read_bytes(), str(path)))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def table_of(labels: Iterable[Label], dimension: str, *, human: bool = True) -> Table:
    """One dimension's labels as a table, items and raters in the order they first appear."""
    import numpy as np

    chosen = [label for label in labels if label.dimension == dimension and label.human == human]
    if not chosen:
        raise UsageError(f"no {'human' if human else 'model'} label of dimension {dimension!r}")
    ids, raters = _places(label.id for label in chosen), _places(label.annotator for label in chosen)
    values = np.full((len(ids), len(raters)), np.nan)
    for label in chosen:
        values[ids[label.id], raters[label.annotator]] = label.value
    return Table(tuple(ids), tuple(raters), values, chosen[0].scale)


def row_means(values: NDArray[Any]) -> NDArray[Any]:
    """Mean of each row over what is given; NaN for an empty row."""
    import numpy as np

    count = (~np.isnan(values)).sum(axis=1)
    means: NDArray[Any] = np.full(len(values), np.nan)
    np.divide(np.nansum(values, axis=1), count, out=means, where=count > 0)
    return means


def _labels(content: bytes, place: str) -> Iterable[Label]:
    seen: dict[tuple[str, str, str], int] = {}
    scales: dict[str, Scale] = {}
    for number, row in _lines(content, place):
        label = _label(row, f"{place}:{number}", scales)
        key = (label.id, label.dimension, label.annotator)
        if key in seen:
            raise InputError(f"{place}:{number}: {key} was labelled before, on line {seen[key]}; keep one of them")
        seen[key] = number
        yield label


def _label(row: dict[str, Any], at: str, scales: dict[str, Scale]) -> Label:
    for name in _FIELDS:
        if row.get(name) is None:
            raise InputError(f"{at}: {name!r} is missing; every label needs {', '.join(_FIELDS)}")
    scale = scales.get(row["scale"]) or scales.setdefault(row["scale"], _scale(row["scale"], at))
    if not scale.holds(row["label"]):
        raise InputError(f"{at}: 'label' is {row['label']!r}, not on the scale {row['scale']!r}; mend one of them")
    human = row.get("annotator_type", "human") == "human"
    return Label(row["id"], row["dimension"], row["annotator"], float(row["label"]), scale, human)


def _scale(text: str, at: str) -> Scale:
    kind, _, ends = str(text).partition(":")
    low, _, high = ends.partition("|" if kind == "binary" else "..")
    try:
        if kind in ("ordinal", "interval", "binary") and float(low) < float(high):
            return Scale(kind, float(low), float(high))
    except ValueError:
        pass
    raise InputError(f"{at}: 'scale' is {text!r}; write it like ordinal:1..5, interval:0..1 or binary:0|1")


def _lines(content: bytes, place: str = "") -> Iterable[tuple[int, dict[str, Any]]]:
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise InputError(f"{place}:{number}: not valid JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputError(f"{place}:{number}: must be an object with {', '.join(_FIELDS)}")
        yield number, row


def _places(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(dict.fromkeys(names))}
