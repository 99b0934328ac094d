"""`read_labels`: a file of people's labels in any of the known forms; what is wrong with it stops it with a list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import InputError, UsageError
from ...judge import Problem, no_collections, resolve
from ...rubrics import Rubric
from ..records import GRADE, Labels
from .columns import shown
from .pile import Pile
from .rulers import rulers
from .studio import is_export, read_export
from .tables import Rows, array_of, read_array, read_rows

SHOWN = 20
"""Most problems that a message lists."""
EMPTY = "; its first line names the columns sample, dimension, annotator, label, and each line below is one label"
"""What a file without any label is told."""


@dataclass(frozen=True)
class Reading:
    """What a file holds, good and bad. `cells == len(labels.rows) + listed + empty`."""

    labels: Labels
    problems: tuple[Problem, ...]
    """In the file's order."""
    cells: int
    """Cells that could hold a label, and rows that cannot be read."""
    listed: int
    """Of these, left out for a problem."""
    empty: int
    """Of these, without a label."""
    skipped: int
    """Label Studio: annotations that their annotator cancelled."""

    @property
    def why(self) -> str:
        """What was left out, by kind: `3 label, 1 role`."""
        return _kinds(self.problems)


def read_labels(
    path: Path | str,
    *,
    scales: Mapping[str, str] | None = None,
    rubrics: Iterable[Rubric] = (),
    annotators: Sequence[str] | None = None,
    names: Mapping[str, str] | None = None,
    default_role: str = "expert",
    drop: bool = False,
) -> Labels:
    """Labels of a CSV, TSV, JSONL (packed too) or Parquet table, long or wide, or of Label Studio's JSON.

    scales: dimension to its scale, `ordinal:1..5`. rubrics: whose dimensions' scales are known; `names` maps their
    dimensions to what the labels call them. annotators: the columns of a wide table that are annotators.
    drop: leave out what is wrong, and say how much in `Labels.notes`.
    Raises `InputError` with every problem (the first 20, then a count) unless they are dropped; for a file without any
    label; for a dimension whose scale nothing tells.
    """
    reading = read_all(
        path, scales=scales, rubrics=rubrics, annotators=annotators, names=names, default_role=default_role
    )
    if reading.problems and not drop:
        raise InputError(listing(reading))
    if not reading.labels.rows:
        why = f"; left out: {reading.why}" if drop and reading.listed else EMPTY
        raise InputError(f"{reading.labels.source}: holds no label{why}")
    return reading.labels


def read_all(
    path: Path | str,
    *,
    scales: Mapping[str, str] | None = None,
    rubrics: Iterable[Rubric] = (),
    annotators: Sequence[str] | None = None,
    names: Mapping[str, str] | None = None,
    default_role: str = "expert",
) -> Reading:
    """`read_labels`, with the problems beside the labels instead of raised."""
    path, rubrics, scales, names = Path(path), tuple(rubrics), scales or {}, names or {}
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "there is no such file of labels"
        raise InputError(f"{path}: {what}; give a CSV, JSONL or Label Studio JSON file")
    pile = Pile(default_role)
    known = {GRADE, *scales, *names.values()}
    known |= {name for rubric in rubrics for own in rubric.dimensions for name in (own.name, *own.aliases)}
    rows = Rows(pile, path.name, known, annotators, next(iter(scales)) if len(scales) == 1 else None)
    measure = rulers(scales, rubrics, names, path.name)
    with no_collections():
        FORMS[_form(path)](path, rows)
        rows.settle()
        _refuse_unknown(scales, pile)
        labels = pile.labels(measure)
    notes = (*pile.notes, *measure.notes, *_other_rubrics(pile, rubrics), *_counted(pile))
    return Reading(
        Labels(labels, pile.items, notes, path.name, resolve(path).fingerprint()),
        tuple(sorted(pile.problems, key=_in_order)), pile.cells, pile.listed, pile.empty, pile.skipped,
    )  # fmt: skip


def listing(reading: Reading) -> str:
    """The problems as a message: the first 20, then how many there are."""
    lines = [str(problem) for problem in reading.problems[:SHOWN]]
    if len(reading.problems) > SHOWN:
        lines.append(f"… and {len(reading.problems) - SHOWN} more")
    lines.append(
        f"{reading.labels.source}: {reading.listed} of {reading.cells} labels cannot be used; mend them, or leave them "
        "out with --drop"
    )
    return "\n".join(lines)


def _table(path: Path, rows: Rows) -> None:
    read_rows(path, rows)


def _array(path: Path, rows: Rows) -> None:
    found = array_of(path)
    if is_export(found):
        read_export(found, path.name, rows.pile)
    else:
        read_array(found, path.name, rows)


def _form(path: Path) -> str:
    """`array` for JSON that begins with a bracket, else `table`."""
    with path.open("rb") as file:
        head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return "array" if path.suffix.lower() == ".json" and head.startswith(b"[") else "table"


def _other_rubrics(pile: Pile, rubrics: Iterable[Rubric]) -> Iterator[str]:
    """People's words are about the rubric they read; what `labels export` wrote says which that was."""
    now = {rubric.name: rubric.id for rubric in rubrics}
    seen = Counter(known["rubric"] for known in pile.items.values() if "rubric" in known)
    for name, count in sorted(seen.items()):
        if now.get(name.partition("@")[0], name) != name:
            yield f"{count} samples were labelled by {name}, which is not today's {now[name.partition('@')[0]]}"


def _counted(pile: Pile) -> Iterator[str]:
    if pile.listed:
        yield f"{pile.listed} of {pile.cells} labels left out as unusable ({_kinds(pile.problems)})"
    if pile.empty:
        yield f"{pile.empty} of {pile.cells} cells are empty: no label"
    if pile.skipped:
        yield f"{pile.skipped} cancelled annotations not read"


def _kinds(problems: Iterable[Problem]) -> str:
    kinds = Counter(problem.field or "row" for problem in problems)
    listed = sorted(kinds, key=lambda name: (-kinds[name], name))
    return ", ".join(f"{kinds[name]} {name}" for name in listed[:6])


def _refuse_unknown(scales: Mapping[str, str], pile: Pile) -> None:
    found = dict.fromkeys(of.dimension for of in pile.ways)
    absent = [name for name in scales if name not in found]
    if absent and found:
        raise UsageError(f"--scale {absent[0]}: no label is of that dimension; labelled: {shown(found)}")


def _in_order(problem: Problem) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", problem.place.rpartition(":")[2])]


FORMS = {"table": _table, "array": _array}
