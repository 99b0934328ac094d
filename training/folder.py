"""A folder of filtered rows with its certificate, written as a whole: a crash leaves the old folder or the new one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson

from ..errors import UsageError
from ..judge import Sample, decode_verdict, encode_verdict
from .certificate import Certificate, certificate_json, certificate_of
from .certificate_words import markdown
from .filter import Filtered
from .rows import Row
from .whole_folder import whole_folder

KEPT, LEFT_OUT, AUDIT, WORDS, CERTIFICATE = (
    "kept.jsonl", "left_out.jsonl", "audit.jsonl", "certificate.md", "certificate.json",
)  # fmt: skip
FILES = (KEPT, LEFT_OUT, AUDIT, WORDS, CERTIFICATE)


def write_filtered(filtered: Filtered, folder: Path, *, before: Callable[[str], None] = lambda name: None) -> Path:
    """Writes the set into a folder of its own; one of an earlier filter is replaced.

    `before` hears the name of each operation on the disk before it is done. Raises `UsageError` for a folder that holds
    other files, `StorageError` where it cannot be written.
    """
    bodies = _bodies(filtered)
    bodies[WORDS] = markdown(replace(filtered.certificate, files=_digests(bodies))).encode()
    certificate = certificate_json(replace(filtered.certificate, files=_digests(bodies)))
    bodies[CERTIFICATE] = orjson.dumps(certificate, option=orjson.OPT_INDENT_2) + b"\n"

    def write(into: Path) -> None:
        for name, body in bodies.items():
            before(name)
            _write(into / name, body)

    return whole_folder(folder, write, may_replace=_ours, before=before, remedy="mend that and filter again")


def read_certificate(folder: Path) -> Certificate:
    """The certificate of a folder, once every file is found as it was written.

    Raises `UsageError` for a folder that has none, and for a file that is missing or was changed since.
    """
    folder = Path(folder)
    path = folder / CERTIFICATE
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); `recjudge filter` writes it") from error
    except ValueError as error:
        raise UsageError(f"{path}: not a certificate ({error}); `recjudge filter` writes it") from error
    certificate = certificate_of(content, str(path))
    for name, digest in certificate.files.items():
        if _digest(folder / name) != digest:
            raise UsageError(f"{folder / name}: not the file that was certified; filter again")
    return certificate


def read_kept(folder: Path) -> Iterator[Row]:
    """The kept rows of a folder, in their order, its certificate verified first. Raises `UsageError`."""
    folder = Path(folder)
    read_certificate(folder)
    with (folder / KEPT).open("rb") as lines:
        for line in lines:
            yield _row(orjson.loads(line))


def read_audit(folder: Path) -> Iterator[Sample]:
    """What a folder has put aside for people, as people see it; read `read_certificate` for the errors."""
    read_certificate(folder)
    with (folder / AUDIT).open("rb") as lines:
        for line in lines:
            yield Sample(**orjson.loads(line))


def read_left_out(folder: Path) -> Iterator[tuple[str, Row]]:
    """Why, in a word, and the row; read `read_certificate` for the errors."""
    read_certificate(folder)
    with (folder / LEFT_OUT).open("rb") as lines:
        for line in lines:
            fields = orjson.loads(line)
            yield fields["step"], _row(fields)


def _bodies(filtered: Filtered) -> dict[str, bytes]:
    certificate = filtered.certificate
    mark = {"certified": certificate.certified, "policy": certificate.policy["digest"] if certificate.policy else None}
    left = ({"step": one.step, "reason": one.reason} | _fields(one.row) for one in filtered.left_out)
    return {
        KEPT: _lines(mark | _fields(row) for row in filtered.kept),
        LEFT_OUT: _lines(left),
        AUDIT: _lines(_blind(row, filtered.audit.probability) for row in filtered.audit.rows),
    }


def _digests(bodies: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()}


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(row, option=orjson.OPT_NON_STR_KEYS) + b"\n" for row in rows)


def _fields(row: Row) -> dict[str, Any]:
    return {"sample": asdict(row.sample), "verdict": orjson.Fragment(encode_verdict(row.verdict))}


def _row(fields: Mapping[str, Any]) -> Row:
    return Row(Sample(**fields["sample"]), decode_verdict(orjson.dumps(fields["verdict"])))


def _blind(row: Row, probability: float) -> dict[str, Any]:
    """As the reader of samples wants it: no word of the judge, and no system to guess from."""
    own = row.sample
    names = ("id", "task", "output", "context", "group", "item")
    return {name: getattr(own, name) for name in names} | {"meta": {"audit_probability": probability}}


def _ours(folder: Path) -> None:
    """Nothing but what an earlier filter wrote may be replaced."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder}: a file; name a folder with --out")
    other = sorted(path.name for path in folder.iterdir() if path.name not in FILES)
    if other:
        raise UsageError(f"{folder}: holds {other[0]}, which no filter wrote; name another folder with --out")


def _write(path: Path, body: bytes) -> None:
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); filter again") from error
