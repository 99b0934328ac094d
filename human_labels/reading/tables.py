"""Rows of CSV, TSV, JSONL or Parquet as labels in words: one row a label, or a column an annotator or a dimension."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ...errors import InputError
from ...judge import Problem, resolve
from ..records import GRADE
from .cells import uncelled
from .columns import Layout, layout, text
from .pile import Pile, Spot, placed
from .rulers import loose


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
    _described: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What rows said of their sample last, so that the same words need no second look."""

    def take(self, row: dict[str, Any], spot: Spot, *, cells: bool = False) -> None:
        """One row. `cells`: it is of a spreadsheet, so that a quote before a formula is no part of the text."""
        if not cells:
            row = dict.fromkeys(self.annotators or (), "") | {name: text(value) for name, value in row.items()}
        names = tuple(row)
        if (known := self._layouts.get(names)) is None:
            try:
                known = layout(names, self.name, self.dimensions, self.annotators)
                _same_form(known, self._layouts.values())
            except InputError:
                if cells:
                    raise
                self.pile.refuse(
                    Problem(placed(spot), "label", "is missing", "give the label, or null where there is none")
                )
                return
            self._layouts[names] = known
            self.pile.notes |= dict.fromkeys(known.notes)
        self._take(_unquoted(row) if cells else row, known, spot)

    def _take(self, row: dict[str, str], known: Layout, spot: Spot) -> None:
        sample, dimension, annotator, role, kind, round, time, scale, task = [row.get(of, "") for of in known.fields]
        if known.about and sample and (problem := self._describe(sample, row, known, spot)):
            for _ in known.cells:
                self.pile.refuse(problem)
            return
        if not known.names_dimension:
            dimension = self.unnamed
        for cell in known.cells:
            self.pile.add(
                sample, cell.dimension or dimension, cell.annotator or annotator, row[cell.column], role, kind,
                (round, time, scale, task, cell.column), spot,
            )  # fmt: skip

    @property
    def unnamed(self) -> str:
        """The dimension of labels that name none."""
        return self.only or GRADE

    def _describe(self, sample: str, row: Mapping[str, str], known: Layout, spot: Spot) -> Problem | None:
        about = tuple([row[name] for name in known.about])
        if self._described.get(sample) == about:
            return None
        problem = self.pile.describe(sample, dict(zip(known.about, about, strict=True)), placed(spot))
        if problem is None:
            self._described[sample] = about
        return problem

    def settle(self) -> None:
        """After the last row. Raises `InputError` where labels name no dimension and are no grades."""
        seen = self._layouts.values()
        if self.only is not None or all(known.names_dimension or known.cells[0].dimension for known in seen):
            return
        for word, place in self.pile.words(GRADE):
            if loose(word) not in _GRADES:
                raise InputError(
                    f"{place}: no column 'dimension', and {word[:60]!r} is no grade (Bad, Average, Superior); "
                    "add the column, or name dimension and scale: --scale relevance=ordinal:1..5"
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
            rows.take(row.value, (f"{row.origin.name}{row.origin.unit}", row.number), cells=row.origin.text_cells)


def read_array(found: Sequence[Any], name: str, rows: Rows) -> None:
    """The objects of a JSON array: one label each, or Label Studio's short form with a field a dimension."""
    for number, row in enumerate(found, 1):
        spot = (f"{name}:row ", number)
        if isinstance(row, dict):
            rows.take({key: _single(value) for key, value in row.items()}, spot)
        else:
            rows.pile.refuse(Problem(placed(spot), "", "is no object", _OBJECT))


def array_of(path: Path) -> list[Any]:
    """The JSON array of a file. Raises `InputError` for broken JSON, naming the byte."""
    try:
        value = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror}); check the path") from error
    except orjson.JSONDecodeError as error:
        raise InputError(f"{path.name}:{error.lineno}: not valid JSON ({error.msg}); export it again") from None
    return value if isinstance(value, list) else [value]


def _same_form(known: Layout, others: Iterable[Layout]) -> None:
    """Raises `InputError` for an object without a label among objects of one label each."""
    if known.cells[0].annotator and any("label" in other.columns for other in others):
        raise InputError("no label")


def _unquoted(row: dict[str, str]) -> dict[str, str]:
    """A spreadsheet's row without the quotes that keep cells from being formulas."""
    for name, words in row.items():
        if words[:1] == "'":
            row[name] = uncelled(words)
    return row


def _single(value: Any) -> Any:
    """`[{"rating": 4}]`, which Label Studio's short form writes for a rating, is 4."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return next((value[0][key] for key in ("rating", "number") if key in value[0]), value)
    return value


_OBJECT = 'write one object a label: {"sample", "dimension", "annotator", "label"}'
_GRADES = ("bad", "average", "superior")
