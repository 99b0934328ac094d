"""The runs of one file, each started with an identity; a run goes on only with the identity it was started with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import orjson

from ...errors import RunMismatch, StorageError
from ..records import canonical
from .sealing import seal
from .store import Store


def continue_or_start(store: Store, identity: Mapping[str, str], fork: bool) -> int:
    """The number of the run to write to. Raises RunMismatch when the newest has another identity, unless `fork`."""
    newest = newest_run(store)
    if newest is not None and newest[1] == dict(identity):
        return newest[0]
    if newest is not None and not fork:
        raise RunMismatch(f"{store.path}: the run in it was started otherwise:\n{_difference(newest[1], identity)}")
    return _start(store, 1 if newest is None else newest[0] + 1, identity)


def _start(store: Store, run: int, identity: Mapping[str, str]) -> int:
    cells = (run, canonical(dict(identity)), datetime.now(UTC).isoformat(timespec="seconds"))
    row = (*cells, seal("runs", *cells))
    store.now(lambda db: db.execute("INSERT INTO runs VALUES (?,?,?,?)", row))
    return run


def newest_run(store: Store, run: int | None = None) -> tuple[int, dict[str, str]] | None:
    """Number and identity of the newest run, or of `run`; None when there is none. Raises StorageError when damaged."""
    sql = "SELECT * FROM runs WHERE run=coalesce(?, (SELECT MAX(run) FROM runs))"
    row = store.row(sql, (run,))
    if row is None:
        return None
    if row[-1] != seal("runs", *row[:-1]):
        raise StorageError(f"{store.path}: run {row[0]} is damaged; copy the file aside and start over")
    return row[0], orjson.loads(row[1])


def _difference(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    names = sorted({*old, *new}, key=lambda name: (name not in old, name))
    changed = [name for name in names if old.get(name) != new.get(name)]
    lines = [f"  {name}: {old.get(name, '(none)')} -> {new.get(name, '(none)')}" for name in changed]
    return "\n".join([*lines, "run it as it was, give another name (--out), or fork it into a new run (--fork)"])
