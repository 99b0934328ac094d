"""The labelled sets that ship: real artefacts with what people, and recorded models, said of them."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

import orjson

from ..errors import UsageError
from ..judge import Sample
from .records import Label, Labels, Scale, Table, scale_of, table_of

INVALID = "invalid"
"""What a recorded model's label says where its reply could not be read: no label, and not to be left out silently."""
_STRATA = ("subset", "level", "app")


@dataclass(frozen=True)
class LabelledSet:
    """Real artefacts with what people said of them."""

    name: str
    samples: tuple[Sample, ...]
    labels: tuple[Label, ...]
    unread: tuple[tuple[str, str, str], ...] = ()
    """(sample, dimension, annotator) of each recorded reply that could not be read: unjudged, not a label."""

    @cached_property
    def clusters(self) -> dict[str, str]:
        """Item id to the highest cluster it belongs to: its group, or itself."""
        return {sample.id: sample.group or sample.id for sample in self.samples}

    @cached_property
    def invalid(self) -> Mapping[tuple[str, str], int]:
        """(annotator, dimension) to the number of its replies that could not be read."""
        return Counter((annotator, dimension) for _, dimension, annotator in self.unread)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Dimensions labelled, by people or models, in the order they first appear."""
        return tuple(dict.fromkeys(label.dimension for label in self.labels))

    @cached_property
    def reference(self) -> Mapping[str, Any]:
        """`reference_stats.json`: figures of this set computed elsewhere, and published ones."""
        found: Mapping[str, Any] = orjson.loads((_folder(self.name) / "reference_stats.json").read_bytes())
        return found

    def table(self, dimension: str, *, human: bool = True) -> Table:
        """The human (or recorded model) labels of one dimension. Raises `UsageError` for one that nobody labelled."""
        return table_of(self.labels, dimension, human=human)


def load_set(name: str) -> LabelledSet:
    """A set that ships, by name. Raises `UsageError` with the known names."""
    if name not in set_names():
        raise UsageError(f"unknown labelled set {name!r}; known: {', '.join(set_names())}")
    samples = tuple(Sample(**row) for row in _lines(name, "items"))
    rows = list(_lines(name, "labels"))
    unread = tuple((row["id"], row["dimension"], row["annotator"]) for row in rows if _unread(row))
    return LabelledSet(name, samples, tuple(_labels(row for row in rows if not _unread(row))), unread)


def as_labels(found: LabelledSet) -> Labels:
    """A set as a label file would be read, with group, system and text of its items: what `agree` works on."""
    notes = [f"the labelled set {found.name} that ships with recjudge; its README.md says where it is from"]
    notes += [
        f"{annotator}: {count} replies on {dimension} could not be read; they are unjudged"
        for (annotator, dimension), count in found.invalid.items()
    ]
    items = {sample.id: _item(sample) for sample in found.samples}
    return Labels(
        found.labels, items, tuple(notes), source=f"set {found.name}", digest=_digest(found.name), unread=found.unread
    )


def set_names() -> list[str]:
    """Names of the sets that ship, sorted."""
    folder = resources.files(__package__) / "sets"
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and (entry / "labels.jsonl.gz").is_file())


def _item(sample: Sample) -> dict[str, str]:
    known = {"group": sample.group, "system": sample.system, "text": sample.text}
    known |= {key: sample.meta.get(key) for key in _STRATA}
    return {key: str(value) for key, value in known.items() if value}


def _unread(row: Mapping[str, Any]) -> bool:
    return bool(row["role"] == "model" and row["label"] == INVALID)


def _labels(rows: Iterable[Mapping[str, Any]]) -> Iterator[Label]:
    scales: dict[str, Scale] = {}
    for row in rows:
        scale = scales.get(row["scale"]) or scales.setdefault(row["scale"], scale_of(row["scale"]))
        value = scale.code(row["label"])
        if value is None:
            raise ValueError(f"{row['label']!r} is not on the scale {row['scale']!r}")
        yield Label(row["id"], row["dimension"], row["annotator"], value, scale, row["role"])


def _digest(name: str) -> str:
    import hashlib

    return hashlib.sha256((_folder(name) / "labels.jsonl.gz").read_bytes()).hexdigest()


def _lines(name: str, part: str) -> Iterator[dict[str, Any]]:
    for line in gzip.decompress((_folder(name) / f"{part}.jsonl.gz").read_bytes()).splitlines():
        yield orjson.loads(line)


def _folder(name: str) -> Any:
    return resources.files(__package__) / "sets" / name
