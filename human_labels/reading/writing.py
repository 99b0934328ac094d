"""Labels written in long form, as CSV, TSV or JSONL; `read_labels` reads the same labels again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from ...errors import UsageError
from ...judge import write_whole
from ..records import Label, Labels
from .cells import table
from .rulers import named

COLUMNS = ("sample", "dimension", "annotator", "role", "label", "scale", "round", "time", "task")


def write_labels(labels: Labels, path: Path | str) -> Path:
    """One row a label, then what is known of its sample. The suffix is the format: .csv, .tsv, .jsonl.

    Raises `UsageError` for another suffix, `StorageError` where it cannot be written.
    """
    path = Path(path)
    about = tuple(dict.fromkeys(name for known in labels.items.values() for name in known))
    rows = ({**_fields(label), **labels.items.get(label.id, {})} for label in labels.rows)
    if path.suffix in (".csv", ".tsv"):
        return write_whole(path, table((*COLUMNS, *about), rows, tabs=path.suffix == ".tsv"))
    if path.suffix == ".jsonl":
        return write_whole(path, "".join(_lines(labels)))
    raise UsageError(f"{path}: unknown format; name it .csv, .tsv or .jsonl")


def _lines(labels: Labels) -> Iterator[str]:
    for label in labels.rows:
        fields = {name: words for name, words in _fields(label).items() if words}
        yield orjson.dumps({**fields, **labels.items.get(label.id, {})}).decode() + "\n"


def _fields(label: Label) -> dict[str, str]:
    scale = named(label.scale)
    return {
        "sample": label.id,
        "dimension": label.dimension,
        "annotator": label.annotator,
        "role": label.role,
        "label": _word(label),
        "scale": scale,
        "round": label.round,
        "time": label.time,
        "task": label.task,
    }


def _word(label: Label) -> str:
    """The label in full: `Label.word` rounds what a continuous scale holds."""
    if label.scale.points:
        return label.word
    return str(int(label.value)) if label.value == label.value // 1 else repr(label.value)
