"""Verdict files written from the ledger, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import StorageError, UsageError
from .counts import Counts
from .ledger.ledger import Ledger
from .ledger.rows import Judged
from .records import Verdict
from .verdicts import decode, encode
from .whole import whole

if TYPE_CHECKING:
    import pandas

_BUFFER = 1 << 18
"""Bytes that are written at once: a line alone is two or three thousand."""
_REMEDY = "the verdicts are safe in the ledger: mend that and run the same command again"


def ledger_path(out: Path) -> Path:
    """`outputs.verdicts.jsonl` has its ledger in `outputs.verdicts.db`."""
    return out.with_suffix(".db")


def write(ledger: Ledger, out: Path, formats: Sequence[str]) -> tuple[tuple[Path, ...], Counts]:
    """Writes the run's verdicts in each format, in input order, and counts them; raises `UsageError` for an unknown."""
    for name in formats:
        if name not in FORMATS:
            raise UsageError(f"unknown format {name!r}; known: {', '.join(FORMATS)}")
    counts = Counts()
    passes = chain([counts.through(lines(ledger))], iter(partial(lines, ledger), None))
    return tuple(FORMATS[name](rows, out) for name, rows in zip(formats, passes, strict=False)), counts


def restore(ledger: Ledger, out: Path, sha256: str) -> bool:
    """Writes a file of lines again that was lost or changed; False, and nothing written, where its hash is another.

    One hash of all stands for the hash of every row, and nothing is parsed.
    """
    written = hashlib.sha256()
    with suppress(StorageError, _Other), whole(out, _REMEDY) as temporary:
        with temporary.open("wb", _BUFFER) as file:
            for line in _placed(ledger.unproved()):
                written.update(line)
                written.update(b"\n")
                file.write(line)
                file.write(b"\n")
            file.flush()
            os.fsync(file.fileno())
        if written.hexdigest() != sha256:
            raise _Other
        return True
    return False


class _Other(Exception):
    """What was written is not what had been."""


def count(ledger: Ledger) -> Counts:
    """What the run's verdicts come to."""
    counts = Counts()
    deque(counts.through(lines(ledger)), 0)
    return counts


def write_jsonl(rows: Iterable[bytes], out: Path) -> Path:
    """One verdict a line."""
    with whole(out, _REMEDY) as temporary, temporary.open("wb", _BUFFER) as file:
        file.writelines(line + b"\n" for line in rows)
        file.flush()
        os.fsync(file.fileno())
    return out


def write_parquet(rows: Iterable[bytes], out: Path) -> Path:
    """One verdict a row; findings as one column a dimension and, whole, as JSON."""
    target = out.with_suffix(".parquet")
    with whole(target, _REMEDY) as temporary:
        frame(map(decode, rows)).to_parquet(temporary, index=False)
    return target


def lines(ledger: Ledger) -> Iterator[bytes]:
    """The verdicts as lines without their ends; a duplicate row repeats its verdict under its own place."""
    return _placed(ledger.verdicts())


def _placed(verdicts: Iterable[Judged]) -> Iterator[bytes]:
    for judged in verdicts:
        body = judged.body
        if f'"place":"{judged.place}"'.encode() not in body:
            body = encode(replace(decode(body), place=judged.place))
        yield body


def frame(verdicts: Iterable[Verdict]) -> pandas.DataFrame:
    """One row a verdict, one column a dimension (its label; None where there is none)."""
    import pandas

    return pandas.DataFrame([_row(verdict) for verdict in verdicts])


def _row(verdict: Verdict) -> dict[str, Any]:
    names = ("kind", "id", "task", "grade", "status", "reason", "error", "group", "item", "system", "parent", "place")
    row: dict[str, Any] = {name: getattr(verdict, name) for name in names}
    row["grade"], row["status"] = verdict.grade and verdict.grade.value, verdict.status.value
    row |= {"text": verdict.text, "positive_share": verdict.positive_share, "coverage": verdict.coverage}
    if verdict.kind == "sample":
        row |= {found.dimension: found.label for found in verdict.findings}
    row |= {"judge": verdict.judge, "rubric": verdict.rubric, "verdict": encode(verdict).decode()}
    return row


FORMATS = {"jsonl": write_jsonl, "parquet": write_parquet}
