"""Verdicts as lines of JSON and back: what `outputs.verdicts.jsonl` holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ..errors import InputError
from .cluster.folder import opened, verdict_files
from .records import Cost, Finding, Grade, Status, Verdict


class Line(NamedTuple):
    """A verdict on its way to the disk: what a ledger's row needs, and the line it will be in the file."""

    key: str
    kind: str
    status: str
    grade: str | None
    body: bytes

    @classmethod
    def of(cls, verdict: Verdict) -> Line:
        """The verdict, encoded."""
        grade = verdict.grade
        return cls(verdict.key, verdict.kind, verdict.status.value, grade and grade.value, encode(verdict))


def encode(verdict: Verdict) -> bytes:
    """One line of JSON, without its end. Equal verdicts give equal bytes."""
    return orjson.dumps(as_line(verdict))


def decode(line: bytes | str) -> Verdict:
    """The verdict of a line. Raises ValueError, KeyError or TypeError for what is none."""
    return verdict_of(orjson.loads(line))


def read_verdicts(path: str | Path) -> Iterator[Verdict]:
    """The verdicts of a file, or of the folder of a sharded run, in order.

    Raises `InputError` naming file and line for what is none.
    """
    for file in verdict_files(path):
        yield from _of_file(file)


def _of_file(path: str) -> Iterator[Verdict]:
    name = path.rpartition("/")[2]
    try:
        with opened(path) as lines:
            for number, line in enumerate(lines, 1):
                yield _decoded(line, f"{name}:{number}")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); `recjudge score` writes it") from error


def _decoded(line: bytes, place: str) -> Verdict:
    try:
        return decode(line)
    except (ValueError, KeyError, TypeError) as error:
        why = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{place}: not a verdict ({why}); give a file that `recjudge score` wrote") from error


def as_line(verdict: Verdict) -> dict[str, Any]:
    """The verdict as its line of JSON has it."""
    fields = dict(zip(Verdict.__slots__, _of_verdict(verdict), strict=True))
    fields["findings"] = [finding_as_line(found) for found in verdict.findings]
    fields["members"] = [as_line(member) for member in verdict.members]
    fields["cost"] = dict(zip(Cost.__slots__, _of_cost(verdict.cost), strict=True))
    return fields


def finding_as_line(found: Finding) -> dict[str, Any]:
    """One of its findings; name by name, as a run has several a sample and a loop over names takes twice as long."""
    return {
        "dimension": found.dimension,
        "status": found.status,
        "label": found.label,
        "polarity": found.polarity,
        "distribution": found.distribution,
        "code": found.code,
        "reason": found.reason,
        "evidence": found.evidence,
        "by": found.by,
        "prompts": found.prompts,
    }


def verdict_of(fields: Mapping[str, Any]) -> Verdict:
    """The verdict of what a line holds. Raises ValueError, KeyError or TypeError for what is none."""
    parts = dict(fields)
    parts["status"] = Status(parts["status"])
    parts["grade"] = None if parts["grade"] is None else Grade(parts["grade"])
    parts["findings"] = tuple(map(finding_of, parts["findings"]))
    parts["members"] = tuple(map(verdict_of, parts["members"]))
    parts["flags"] = tuple(parts["flags"])
    shares = parts.get("distribution")
    parts["distribution"] = None if shares is None else tuple(shares)
    parts["cost"] = Cost(**parts["cost"])
    return Verdict(**parts)


def finding_of(fields: Mapping[str, Any]) -> Finding:
    """One of its findings."""
    parts = dict(fields)
    parts["status"] = Status(parts["status"])
    shares = parts["distribution"]
    parts["distribution"] = None if shares is None else tuple(shares)
    parts["evidence"], parts["prompts"] = tuple(parts["evidence"]), tuple(parts["prompts"])
    return Finding(**parts)


_of_verdict, _of_cost = attrgetter(*Verdict.__slots__), attrgetter(*Cost.__slots__)
