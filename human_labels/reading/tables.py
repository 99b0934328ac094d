"""Rows of CSV, TSV, JSONL or Parquet as labels in words: one row a label, or a column an annotator or a dimension."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ...errors import InputError
from ...judge import Problem, resolve
from ..records import GRADE
from .columns import Cell, Layout, layout, text
from .pile import Pile, Said
from .rulers import loose

FORMULA = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
"""A cell that a spreadsheet would take for a formula, behind the quote that keeps it from doing so."""


@dataclass
class Rows:
    """Reads rows into a pile. What columns mean is decided once for each set of names."""

    pile: Pile
    name: str
    dimensions: Collection[str]
    """Names that a column of labels may have."""
    annotators: Sequence[str] | None = None
    only: str | None = None
    """The dimension of labels that name none; None where they must be grades."""
    _layouts: dict[tuple[str, ...], Layout] = field(default_factory=dict)

    def take(self, row: Mapping[str, Any], place: str, *, cells: bool = False) -> None:
        """One row. `cells`: it is of a spreadsheet, so that a quote before a formula is no part of the text."""
        names = tuple(row)
        if (known := self._layouts.get(names)) is None:
            known = self._layouts[names] = layout(names, self.name, self.dimensions, self.annotators)
            self.pile.notes |= dict.fromkeys(known.notes)
        self._take({name: text(row[name]) for name in names}, known, place, cells)

    def _take(self, row: dict[str, str], known: Layout, place: str, cells: bool) -> None:
        if cells:
            for name, words in row.items():
                if words[:1] == "'" and FORMULA.match(words):
                    row[name] = words[1:]
        columns, of = known.columns, row.get
        sample = of(columns.get("sample", ""), "")
        if sample and known.about and (problem := self._describe(sample, row, known, place)):
            for _ in self._filled(row, known.cells):
                self.pile.refuse(problem)
            return
        kind = of(columns.get("annotator_type", ""), "")
        dimension = of(columns["dimension"], "") if "dimension" in columns else None
        for cell in known.cells:
            self.pile.add(
                Said(
                    sample,
                    cell.dimension or (self.unnamed if dimension is None else dimension),
                    cell.annotator or of(columns.get("annotator", ""), ""),
                    row[cell.column],
                    of(columns.get("role", ""), ""),
                    of(columns.get("round", ""), ""),
                    of(columns.get("time", ""), ""),
                    of(columns.get("scale", ""), ""),
                    of(columns.get("task", ""), ""),
                    place,
                    cell.column,
                ),
                kind,
            )

    @property
    def unnamed(self) -> str:
        """The dimension of labels that name none."""
        return self.only or GRADE

    def _describe(self, sample: str, row: Mapping[str, str], known: Layout, place: str) -> Problem | None:
        return self.pile.describe(sample, {name: row[name] for name in known.about}, place)

    def _filled(self, row: Mapping[str, str], cells: Iterable[Cell]) -> Iterator[str]:
        yield from (row[cell.column] for cell in cells)

    def settle(self) -> None:
        """After the last row. Raises `InputError` where labels name no dimension and are no grades."""
        if self.only is not None or all("dimension" in known.columns for known in self._layouts.values()):
            return
        other = next(
            (said for said in self.pile.said if said.dimension == GRADE and loose(said.word) not in _GRADES), None
        )
        if other is not None and not any(cell.dimension for known in self._layouts.values() for cell in known.cells):
            raise InputError(
                f"{other.place}: no column 'dimension', and {other.word[:60]!r} is no grade (Bad, Average, Superior); add "
                "the column, or name dimension and scale: --scale relevance=ordinal:1..5"
            )


def read_rows(path: Path, rows: Rows) -> None:
    """All rows of a file, packed or not, that `recjudge score` could read as well."""
    for row in resolve(path).rows():
        if row.fault is not None:
            rows.pile.refuse(row.fault.at(row.place))
        elif not isinstance(row.value, dict):
            rows.pile.refuse(
                Problem(row.place, "", "is no object", 'write {"sample", "dimension", "annotator", "label"}')
            )
        else:
            rows.take(row.value, row.place, cells=row.origin.text_cells)


def read_array(found: Sequence[Any], name: str, rows: Rows) -> None:
    """The objects of a JSON array: one label each, or Label Studio's short form with a field a dimension."""
    for number, row in enumerate(found, 1):
        place = f"{name}:row {number}"
        if isinstance(row, dict):
            rows.take({key: _single(value) for key, value in row.items()}, place)
        else:
            rows.pile.refuse(Problem(place, "", "is no object", "write one object a label"))


def array_of(path: Path) -> list[Any]:
    """The JSON array of a file. Raises `InputError` for broken JSON, naming the byte."""
    try:
        value = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror}); check the path") from error
    except orjson.JSONDecodeError as error:
        raise InputError(f"{path.name}:{error.lineno}: not valid JSON ({error.msg}); export it again") from None
    return value if isinstance(value, list) else [value]


def _single(value: Any) -> Any:
    """`[{"rating": 4}]`, which Label Studio's short form writes for a rating, is 4."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return next((value[0][key] for key in ("rating", "number") if key in value[0]), value)
    return value


_GRADES = ("bad", "average", "superior")
