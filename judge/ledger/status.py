"""Where a run is, read from its ledger alone: by anyone, at any time, while it goes on or after it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ..writing import ledger_path
from .ledger import AGAIN, Ledger
from .pulses import Pulse, pulses, utc_now
from .shelf import Shelved, shelved
from .store import Store

MINUTE = 60.0
_LEAST = 5.0
"""Seconds of pulses below which the last minute says too little to foretell from."""


@dataclass(frozen=True)
class Rate:
    """Verdicts a second, with what it rests on."""

    verdicts: int
    seconds: float

    @property
    def per_second(self) -> float | None:
        """None where no time has passed."""
        return self.verdicts / self.seconds if self.seconds > 0 else None


@dataclass(frozen=True)
class RunStatus:
    """What a ledger says of its newest run. Sums are over all processes of the run."""

    path: str
    run: int
    identity: dict[str, str]
    """What the run was started with: judge, rubrics, hashes of prompts and code."""
    started: str
    at: str
    """When the ledger was read; both UTC, ISO 8601."""
    state: str
    """`reading` (its input), `running`, `stopped` (the same command goes on), `finished`."""
    owner: int | None
    """The process that holds the lock of the run; None when nobody does."""
    samples: int | None
    """To be judged, those that stand twice counted once; None while the input is read. The next four too."""
    sets: int | None
    listed: int | None
    """Records that could not be read."""
    judged: int
    """Verdicts with a grade, on samples and sets of this input."""
    grades: dict[str, int] = field(default_factory=dict)
    unjudged: dict[str, int] = field(default_factory=dict)
    """Verdicts without a grade, by status."""
    again: int = 0
    """Of the unjudged, those that the same command asks again."""
    requests: int = 0
    calls: int = 0
    """Requests that brought a whole reply."""
    failures: dict[str, int] = field(default_factory=dict)
    """Requests that brought none, by status."""
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    usd: float | None = None
    """Known cost; None where nothing had a price."""
    usd_at_most: float = 0.0
    batches: Shelved | None = None
    """Of the engine batch; None of any other."""
    last_minute: Rate | None = None
    """Of the process at work; None where nobody is, or it is too young."""
    since_start: Rate | None = None
    """Of the process that worked last, without what earlier ones judged; None in a ledger that tells no times."""
    seconds_left: float | None = None
    """None where nobody is at work, nothing is left, or no rate is known."""
    rests_on: str = ""
    """What `seconds_left` was reckoned from, or why there is none."""


def status(path: Path | str, *, now: Callable[[], datetime] = utc_now) -> RunStatus:
    """Where the newest run of a ledger is; `path` is the ledger, or the verdicts' file beside it, there or not yet.

    Reads only, takes no lock, and adds up rows without checking their hashes. Raises `UsageError` where there is no
    ledger, or it holds no run yet.
    """
    found = _ledger_of(Path(path))
    with Ledger.read(found) as ledger:
        return _status(ledger, ledger._store, now())


def _status(ledger: Ledger, store: Store, at: datetime) -> RunStatus:
    run, given, owner = ledger.run, ledger.given(), holder(ledger.path)
    counts = _verdicts(store, run)
    grades = {grade: n for _, grade, n in counts if grade is not None}
    unjudged = {name: n for name, grade, n in counts if grade is None}
    kinds = _planned(store, run) if given else {}
    beats = pulses(store, run)
    if given is None:
        state = "reading" if owner is not None else "stopped"
    elif owner is not None:
        state = "running"
    else:
        state = "finished" if ledger.finished() or _complete(kinds, counts) else "stopped"
    rates = _rates(beats, at.timestamp(), live=state == "running")
    left, rests_on = _left(beats, rates, state)
    return RunStatus(
        path=str(ledger.path), run=run, identity=ledger.identity, started=_started(store, run),
        at=at.isoformat(timespec="seconds"), state=state, owner=owner,
        samples=kinds.get("sample", 0) if given else None, sets=kinds.get("set", 0) if given else None,
        listed=given.n_listed if given else None, judged=sum(grades.values()), grades=grades, unjudged=unjudged,
        again=sum(n for name, n in unjudged.items() if name in AGAIN), **_calls(store, run),
        batches=shelved(store, run), last_minute=rates[0], since_start=rates[1], seconds_left=left, rests_on=rests_on,
    )  # fmt: skip


def holder(path: Path) -> int | None:
    """The process that holds the lock of a ledger; None when nobody does; 0 for one that does not say who it is."""
    try:
        descriptor = os.open(f"{path}-lock", os.O_RDONLY)
    except OSError:
        return None  # a run takes its lock away when it ends
    try:
        # a killed run leaves the file, not the lock: only asking for the lock tells, and it is given back at once
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        said = os.pread(descriptor, 32, 0).strip()
        return int(said) if said.isdigit() else 0
    finally:
        os.close(descriptor)
    return None


def calls_so_far(ledger: Ledger) -> dict[str, Any]:
    """Requests, whole replies, failures by status, tokens and dollars of the run, added up by the database."""
    return _calls(ledger._store, ledger.run)


def _ledger_of(path: Path) -> Path:
    tried = [path] if path.suffix == ".db" else [ledger_path(path), path.with_name(f"{path.stem}.verdicts.db")]
    for one in tried:
        if one.exists():
            return one
    raise UsageError(f"{tried[0]}: no such file; name the verdicts' file of a run, or its ledger (….verdicts.db)")


def _started(store: Store, run: int) -> str:
    return str(store.row("SELECT started FROM runs WHERE run=?", (run,))[0])


def _planned(store: Store, run: int) -> dict[str, int]:
    return dict(store.rows("SELECT kind, COUNT(DISTINCT key) FROM inputs WHERE run=? GROUP BY kind", (run,)))


def _verdicts(store: Store, run: int) -> list[tuple[str, str | None, int]]:
    # those on an earlier state of the input stay in the ledger and count for nothing here
    sql = """SELECT status, grade, COUNT(*) FROM verdicts WHERE run=?
        AND lower(hex(key)) IN (SELECT key FROM inputs WHERE run=?) GROUP BY status, grade"""
    return [(status, grade, n) for status, grade, n in store.rows(sql, (run, run))]


def _calls(store: Store, run: int) -> dict[str, Any]:
    sql = """SELECT status, COUNT(*), SUM(tokens_in), SUM(tokens_cached), SUM(tokens_out), SUM(usd), SUM(usd_at_most)
        FROM attempts WHERE run=? GROUP BY status"""
    rows = store.rows(sql, (run,))
    dollars = [row[5] for row in rows if row[5] is not None]
    return {
        "requests": sum(row[1] for row in rows),
        "calls": sum(row[1] for row in rows if row[0] == "ok"),
        "failures": {row[0]: row[1] for row in rows if row[0] != "ok"},
        "tokens_in": sum(row[2] for row in rows),
        "tokens_cached": sum(row[3] for row in rows),
        "tokens_out": sum(row[4] for row in rows),
        "usd": sum(dollars) if dollars else None,
        "usd_at_most": float(sum(row[6] or 0.0 for row in rows)),
    }


def _complete(kinds: dict[str, int], counts: Sequence[tuple[str, str | None, int]]) -> bool:
    return sum(kinds.values()) == sum(n for name, _, n in counts if name not in AGAIN)


def _rates(beats: Sequence[Pulse], at: float, *, live: bool) -> tuple[Rate | None, Rate | None]:
    """Of the last minute and since the process began; the last minute ends now, so that a run that hangs shows it."""
    if not beats:
        return None, None
    first, last = beats[0], beats[-1]
    whole = Rate(last.done - last.resumed, last.at - last.begun)
    if not live:
        return None, whole
    before = next((beat for beat in reversed(beats) if beat.at <= at - MINUTE), first)
    seconds = at - before.at
    return (Rate(last.done - before.done, seconds) if seconds >= _LEAST else None), whole


def _left(beats: Sequence[Pulse], rates: tuple[Rate | None, Rate | None], state: str) -> tuple[float | None, str]:
    """Seconds, and what they rest on."""
    if state != "running":
        return None, "nobody is at work on it" if state == "stopped" else ""
    recent, whole = rates
    if recent and not recent.verdicts:
        return None, f"no verdict in the last {recent.seconds:.0f} s"
    rate = recent or whole
    if rate is None or not rate.per_second:
        return None, "no verdict yet in this process"
    rest = beats[-1].planned - beats[-1].done
    told = f"{rest} samples left at {rate.per_second:.3g}/s: {rate.verdicts} verdicts in {rate.seconds:.0f} s"
    return rest / rate.per_second, told
