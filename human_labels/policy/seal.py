"""The seal: labels are split once, by a hash of their cluster, and every look at the test side is written down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...judge import write_whole
from ..records import Label

SHARE = 0.3
"""Share of clusters that are test, unless said otherwise at the first sealing."""
_WITNESSES = 1000
"""Samples whose side is written down, so that a split that was not kept is noticed."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One look at the test labels."""

    time: str
    """ISO 8601."""
    command: str
    purpose: str


@dataclass(frozen=True)
class Seal:
    """Which side a cluster is on. Labels added later, of whatever round, fall on the side of their cluster."""

    path: Path
    salt: str
    share: float
    made: str
    openings: tuple[Opening, ...] = ()
    witnesses: Mapping[str, str] | None = None
    """Hash of a sample's id to its side, for those with the lowest hashes."""
    searches: Mapping[str, int] = field(default_factory=dict)
    """How often a line was looked for on the calibration side, by the line's name; those not found count too."""

    def side(self, cluster: str) -> str:
        """`calibration` or `test`: SHA-256 of salt and cluster, read as a number in [0, 1), against the share."""
        digest = hashlib.sha256(f"{self.salt}\0{cluster}".encode()).digest()
        return "test" if int.from_bytes(digest[:7]) / 2**56 < self.share else "calibration"

    def open(self, purpose: str, now: datetime, command: str = "") -> Seal:
        """The seal with one more opening, already in its file: what could not be written down was not opened."""
        current = _read(self.path) if self.path.exists() else self
        opened = replace(current, openings=(*current.openings, Opening(_time(now), command, purpose)))
        _write(opened)
        return opened

    def search(self, names: Iterable[str]) -> Seal:
        """The seal with one more search for each of these lines, already in its file."""
        current = _read(self.path) if self.path.exists() else self
        counts = dict(current.searches)
        for name in names:
            counts[name] = counts.get(name, 0) + 1
        searched = replace(current, searches=counts)
        _write(searched)
        return searched

    @property
    def words(self) -> str:
        """`test labels opened 3 times`."""
        count = len(self.openings)
        return "test labels never opened" if not count else f"test labels opened {_times(count)}"


def seal_for(
    labels: Path, *, now: datetime, share: float | None = None, clusters: Mapping[str, str] | None = None
) -> Seal:
    """The seal beside a label file, made at the first call.

    `clusters`, sample id to its highest cluster, lets it notice that samples would change sides. The split follows from
    the clusters' names alone, so that a seal that was deleted and made again gives the same one. Raises `UsageError`
    for a seal of another share, one changed by hand, or clusters that would break the split.
    """
    path = seal_path(labels)
    if share is not None and not 0 < share < 1:
        raise UsageError(f"a share of {share} cannot be sealed; give one between 0 and 1, e.g. {SHARE}")
    if not path.exists():
        seal = _witnessed(Seal(path, "recjudge", share or SHARE, _time(now)), clusters)
        _write(seal)
        return seal
    seal = _read(path)
    if share is not None and share != seal.share:
        raise UsageError(f"{path}: sealed with a share of {seal.share}; labels are split once, so leave out {share}")
    known = _witnessed(_kept(seal, clusters or {}), clusters)
    if known != seal:
        _write(known)
    return known


def find_seal(labels: Path) -> Seal | None:
    """The seal beside a label file; None where nobody sealed it. Raises `UsageError` for a damaged one."""
    path = seal_path(labels)
    return _read(path) if path.exists() else None


def seal_path(labels: Path) -> Path:
    """`labels.csv` has its seal in `labels.csv.seal.json`."""
    return labels.with_name(f"{labels.name}.seal.json")


def _kept(seal: Seal, clusters: Mapping[str, str]) -> Seal:
    """Raises `UsageError` when a sample whose side is written down would be on the other one."""
    before = seal.witnesses or {}
    moved = [(id, side) for id in clusters if (side := before.get(_witness(id))) and side != seal.side(clusters[id])]
    if moved:
        id, side = moved[0]
        raise UsageError(
            f"{seal.path}: the split cannot be kept: {len(moved)} of {len(before)} samples looked at would change "
            f"sides, {id!r} from {side} to {seal.side(clusters[id])}, because they are in other clusters than when the "
            "labels were sealed; give the samples their former group, or keep the regrouped labels in a file of their "
            "own and count all of them as seen"
        )
    return seal


def _witnessed(seal: Seal, clusters: Mapping[str, str] | None) -> Seal:
    if not clusters:
        return seal
    sides = {_witness(id): seal.side(cluster) for id, cluster in clusters.items()}
    kept = dict(sorted((dict(seal.witnesses or {}) | sides).items())[:_WITNESSES])
    return replace(seal, witnesses=kept)


def trace(label: Label) -> str:
    """A label's mark: first digits of the SHA-256 of who said what of what, however the file is written."""
    said = (label.id, label.dimension, label.annotator, label.round, label.time, label.word)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:8]


def _witness(id: str) -> str:
    return hashlib.sha256(f"witness\0{id}".encode()).hexdigest()[:12]


def _read(path: Path) -> Seal:
    try:
        found = json.loads(path.read_bytes())
        digest = found.pop("digest")
        seal = Seal(
            path,
            found["salt"],
            found["share"],
            found["made"],
            tuple(Opening(**opening) for opening in found["openings"]),
            found["witnesses"],
            found.get("searches", {}),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path}: not a seal ({error}); bring back the file, or delete it and count its openings as lost"
        ) from error
    if digest != _digest(found):
        raise UsageError(f"{path}: changed by hand after it was written, so its count of openings is worth nothing")
    return seal


def _write(seal: Seal) -> None:
    content: dict[str, Any] = {
        "salt": seal.salt,
        "share": seal.share,
        "made": seal.made,
        "openings": [{"time": at.time, "command": at.command, "purpose": at.purpose} for at in seal.openings],
        "witnesses": None if seal.witnesses is None else dict(seal.witnesses),
        "searches": dict(seal.searches),
    }
    write_json(seal.path, content | {"digest": _digest(content)})


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """JSON, whole or not at all. Raises `StorageError`."""
    write_whole(path, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _time(now: datetime) -> str:
    return now.isoformat(timespec="seconds")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
