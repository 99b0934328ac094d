"""Where a sharded run is, from its folder: shards that are done by what they left, those at work by their ledgers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from ...errors import RecjudgeError, UsageError
from ..ledger.ledger import AGAIN
from ..ledger.pulses import utc_now
from ..ledger.rows import Totals
from ..ledger.status import Rate, RunStatus
from ..ledger.status import status as of_ledger
from ..records import Status
from .folder import BEGUN, MANIFEST, SETS, Folder

BEAT, GONE = 20.0, 90.0
"""Seconds between two signs of life of a driver, and after which one without is taken for gone."""


@dataclass
class Begun:
    """What a driver writes down of its run, so that others see it."""

    folder: Folder
    identity: Mapping[str, str]
    shards: Mapping[str, str]
    """Stem to what a shard that is done has to be `of`."""
    samples: int
    """Records, each taken for one sample."""
    now: Callable[[], datetime] = utc_now
    at: str = ""

    def __post_init__(self) -> None:
        self.began = self.at = self.now().isoformat(timespec="milliseconds")
        self._write(over=False)

    def beat(self) -> None:
        """Says that the driver lives, when the last time was long enough ago."""
        if _age(self.at, self.now()) >= BEAT:
            self.at = self.now().isoformat(timespec="milliseconds")
            self._write(over=False)

    def end(self) -> None:
        """Says that it has ended, however."""
        self._write(over=True)

    def _write(self, *, over: bool) -> None:
        told = {
            "began": self.began, "at": self.at, "over": over, "pid": os.getpid(), "identity": dict(self.identity),
            "samples": self.samples, "shards": dict(self.shards),
        }  # fmt: skip
        self.folder.write(BEGUN, orjson.dumps(told, option=orjson.OPT_INDENT_2))


def status(path: Path | str, *, now: Callable[[], datetime] = utc_now) -> RunStatus:
    """Where the newest run of a ledger is, or a sharded run, whose folder is on this machine or mounted.

    `path` is the ledger, the verdicts' file beside it, there or not yet, or the folder. Reads only and takes no lock.
    Shards at work are seen where their ledgers are in the folder. Raises `UsageError` where there is no run yet.
    """
    if not Path(path).is_dir():
        return of_ledger(path, now=now)
    folder = Folder(str(path))
    if not (begun := _read(folder, BEGUN)):
        raise UsageError(f"{path}: no sharded run began here; name the folder that `score --engine ray` writes")
    ends = {stem: _read(folder, f"{stem}.done.json") for stem in (*begun["shards"], SETS)}
    done = {stem: end for stem, end in ends.items() if end and end["of"] == begun["shards"].get(stem, end["of"])}
    listed = _read(folder, MANIFEST)
    complete = bool(listed) and listed["complete"] and listed.get("began") == begun["began"]
    at_work = list(_at_work(Path(path), [stem for stem in begun["shards"] if stem not in done], now))
    return _Sums(done, at_work).status(str(path), begun, now(), complete=complete)


class _Sums:
    """Of the shards that are done, and of those at work."""

    def __init__(self, done: Mapping[str, Any], at_work: Sequence[RunStatus]) -> None:
        self.done, self.at_work = done, at_work
        self.grades, self.unjudged, self.failures = Counter[str](), Counter[str](), Counter[str]()
        self.total = Totals(usd_at_most=0.0)
        for end in done.values():
            self.grades.update(end["grades"])
            self.unjudged.update(end["unjudged"])
            took = end["totals"]
            self.failures.update({name: n for name, n in took["by_status"].items() if name != Status.OK})
            self._add(took | {"requests": took["attempts"]})
        for seen in at_work:
            self.grades.update(seen.grades)
            self.unjudged.update(seen.unjudged)
            self.failures.update(seen.failures)
            self._add(asdict(seen))

    def _add(self, took: Mapping[str, Any]) -> None:
        self.total.attempts += took["requests"]
        for name in ("calls", "tokens_in", "tokens_cached", "tokens_out", "usd_at_most"):
            setattr(self.total, name, getattr(self.total, name) + took[name])
        if took["usd"] is not None:
            self.total.usd = (self.total.usd or 0.0) + took["usd"]

    def status(self, path: str, begun: Mapping[str, Any], at: datetime, *, complete: bool) -> RunStatus:
        running = not complete and not begun["over"] and _age(begun["at"], at) < GONE
        left, rests_on, rate = self._left(begun["samples"]) if running else (None, "", None)
        ready = sum(stem in self.done for stem in begun["shards"])
        told = f"{ready} of {len(begun['shards'])} shards are done"
        total = self.total
        # a record may hold several samples, or stand twice: before the end nobody has counted
        samples = sum(end["samples"] for end in self.done.values()) if complete else begun["samples"]
        return RunStatus(
            path=path, run=1, identity=begun["identity"], started=begun["began"], at=at.isoformat(timespec="seconds"),
            state="finished" if complete else "running" if running else "stopped",
            owner=begun["pid"] if running else None, samples=samples, sets=None, listed=None,
            judged=self.grades.total(), grades=dict(self.grades), unjudged=dict(self.unjudged),
            again=sum(n for name, n in self.unjudged.items() if name in AGAIN), failures=dict(self.failures),
            requests=total.attempts, calls=total.calls, tokens_in=total.tokens_in, tokens_cached=total.tokens_cached,
            tokens_out=total.tokens_out, usd=total.usd, usd_at_most=total.usd_at_most, last_minute=rate,
            seconds_left=left, rests_on=f"{told}; {rests_on}" if rests_on else told,
        )  # fmt: skip

    def _left(self, samples: int) -> tuple[float | None, str, Rate | None]:
        """Seconds left, what they rest on, and the rate of all workers together."""
        rates = [one.last_minute for one in self.at_work if one.last_minute and one.last_minute.verdicts]
        per_second = sum(rate.verdicts / rate.seconds for rate in rates)
        if not per_second:
            return None, "no worker's rate is known here", None
        seconds = max(rate.seconds for rate in rates)
        rest = max(0, samples - self.grades.total() - self.unjudged.total())
        told = f"some {rest} samples left at {per_second:.3g}/s, the last minute of {len(rates)} workers"
        return rest / per_second, told, Rate(round(per_second * seconds), seconds)


def _at_work(path: Path, stems: Sequence[str], now: Callable[[], datetime]) -> Iterator[RunStatus]:
    for stem in stems:
        with suppress(RecjudgeError):  # not begun, or it has no run yet
            yield of_ledger(path / f"{stem}.verdicts.db", now=now)


def _read(folder: Folder, name: str) -> dict[str, Any]:
    with suppress(orjson.JSONDecodeError):  # a disk that lost power
        return orjson.loads(folder.read(name) or b"{}")  # type: ignore[no-any-return]  # JSON
    return {}


def _age(then: str, now: datetime) -> float:
    return (now - datetime.fromisoformat(then)).total_seconds()
