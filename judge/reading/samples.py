"""Samples: rows of any source to what a judge reads. Every record is judged or listed; none vanishes.

`read` yields, for each record, its Samples (one; or one an element, then the SampleSet, when the output is a list) or a
Problem. Counting: a record is one unit, or as many units as its output's list has elements, and each unit is one Sample
or one Problem. So `units = samples + problems`, and `records = judged + listed`, where a record is judged when at least
one of its units is a Sample. An empty list is one unit and one Problem. `Tally` holds these counts.

What keys mean is in `fields`, the shapes of outputs in `artefacts`, the kinds of files in `readers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import InputError
from ...rubrics import Rubric
from ..records import Sample
from .fields import ALIASES, targets
from .formats import Row
from .problems import Problem, quoted
from .readers import MAX_LINE, default_stem, fingerprint, resolve, spool
from .units import Maker, SampleSet, Unit, find_task, known_tasks

__all__ = [
    "ALIASES",
    "MAX_LINE",
    "Problem",
    "Row",
    "SampleSet",
    "Tally",
    "Unit",
    "default_stem",
    "fingerprint",
    "read",
    "resolve",
    "samples_from",
    "spool",
]


@dataclass
class Tally:
    """Counts of one reading, as far as it has come."""

    records: int = 0
    judged: int = 0
    """Records of which at least one Sample came."""
    listed: int = 0
    """Records of which only Problems came."""
    units: int = 0
    """Records, a list counted as its elements."""
    samples: int = 0
    problems: int = 0
    sets: int = 0

    @property
    def adds_up(self) -> bool:
        return self.records == self.judged + self.listed and self.units == self.samples + self.problems

    def count(self, units: list[Unit], expected: int) -> None:
        """One record's units; `expected` is how many the record should have given."""
        samples = sets = 0
        for unit in units:
            samples += type(unit) is Sample
            sets += type(unit) is SampleSet
        self.records += 1
        self.judged += samples > 0
        self.listed += samples == 0
        self.units += expected
        self.samples += samples
        self.problems += len(units) - sets - samples
        self.sets += sets


def read(
    source: Any,
    *,
    tasks: Mapping[str, Rubric],
    task: str | None = None,
    fields: Mapping[str, str] | None = None,
    max_line: int = MAX_LINE,
    tally: Tally | None = None,
) -> Iterator[Unit]:
    """What is to be judged in a source, record by record, in constant memory.

    source: a path (JSONL, CSV, Parquet, `datasets` folder, folder of shards; gzip and zstd unpacked), `-`, a DataFrame,
    an iterable of dicts or Samples, or what `resolve` made of one of these. tasks: `rubrics.by_task`. task: for records
    that name none. fields: `--map`, field to key or dotted path. tally: counted up as units are yielded.
    Raises `InputError` for what is wrong with the whole source: missing, empty, damaged, a map that fits no record.
    """
    if task is not None and find_task(task, tasks) is None:
        raise InputError(f"unknown task {quoted(task)}; known: {known_tasks(tasks)}")
    rows = resolve(source)
    maker = Maker(tasks, task, targets(fields or {}))
    return _units(rows.rows(max_line), rows.name, maker, Tally() if tally is None else tally)


def samples_from(
    records: Any,
    *,
    tasks: Mapping[str, Rubric],
    task: str | None = None,
    fields: Mapping[str, str] | None = None,
    tally: Tally | None = None,
) -> Iterator[Unit]:
    """`read` for what Python holds: a DataFrame (a NaN cell is an absent field), dicts, or Samples (kept as is)."""
    if isinstance(records, str):
        raise InputError("samples_from takes a DataFrame or an iterable of dicts; read a file with read(path)")
    return read(records, tasks=tasks, task=task, fields=fields, tally=tally)


def _units(rows: Iterable[Row], name: str, maker: Maker, tally: Tally) -> Iterator[Unit]:
    for row in rows:
        expected, units = maker.units(row)
        tally.count(units, expected)
        yield from units
    if not tally.records:
        raise InputError(f"{name}: holds no records; give a file with one record a line")
    if maker.picked and maker.unseen:
        raise InputError(f"{name}: no record has {', '.join(maker.unseen)}, named by --map; mend the mapping")
