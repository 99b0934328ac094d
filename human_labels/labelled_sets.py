"""The labelled sets that ship: real artefacts with what people, and recorded models, said of them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

import orjson

from ..errors import UsageError
from ..judge import Sample
from .records import Label, Scale, Table, scale_of, table_of


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
    samples = tuple(Sample(**row) for row in _lines((folder / "items.jsonl.gz").read_bytes()))
    return LabelledSet(name, samples, tuple(_labels((folder / "labels.jsonl.gz").read_bytes())))


def set_names() -> list[str]:
    """Names of the sets that ship, sorted."""
    folder = resources.files(__package__) / "sets"
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and (entry / "labels.jsonl.gz").is_file())


def _labels(content: bytes) -> Iterable[Label]:
    scales: dict[str, Scale] = {}
    for row in _lines(content):
        scale = scales.get(row["scale"]) or scales.setdefault(row["scale"], scale_of(row["scale"]))
        value = scale.code(row["label"])
        if value is None:
            raise ValueError(f"{row['label']!r} is not on the scale {row['scale']!r}")
        role = "model" if row.get("annotator_type") == "llm" else row.get("role", "expert")
        yield Label(row["id"], row["dimension"], row["annotator"], value, scale, role)


def _lines(content: bytes) -> Iterable[dict[str, Any]]:
    for line in gzip.decompress(content).splitlines():
        yield orjson.loads(line)
