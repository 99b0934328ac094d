"""The straight line of a sharded run: find, survey, judge what is not done, look across the shards, list.

Every shard is a run of `score` with its own ledger. What no shard can know alone is done at the end: ids that stand for
different samples, and sets (a group may be in several shards), which one more run judges over the whole input.
"""

from __future__ import annotations

import dataclasses
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import orjson

from ...errors import InputError, UsageError
from ..cascade import asks
from ..judges import AnyJudge, identity
from ..ledger.rows import Totals
from ..observing.driver import DriverWatcher
from ..reading.problems import Problem
from ..records import Status
from ..running.packing import pack_judge
from ..running.progress import Progress
from ..running.refusals import narrow, several
from ..score import TICK, Options, Scored
from .folder import MANIFEST, SETS, Folder
from .glance import Begun
from .ids import Reading, refuse_conflicts
from .on_ray import OnRay
from .pieces import Piece, Pieces, find, numbered, samples_at_most, survey
from .shard import Done, Hand, Order, found_done
from .workers import Workers

T = TypeVar("T")
_END: Any = object()
_KEPT = "the rest is judged and kept: mend these and run the same command again"
_UNPAID = "nothing was asked yet: mend these and run the same command again"


def score_sharded(
    source: Any,
    judge: AnyJudge,
    *,
    out: Path | str | None,
    task: str | None = None,
    fields: Mapping[str, str] | None = None,
    options: Options | None = None,
    watch: Callable[[Progress], None] | None = None,
    workers: Workers | None = None,
) -> Scored:
    """Judges a file, folder or glob of shards, and leaves a folder: per shard verdicts and a ledger, and a manifest.

    `source` and `out` are paths or addresses that fsspec knows. The same call does only what is missing. `workers`
    stands in for the cluster of `options.cluster`. Raises `UsageError` for what cannot be sharded, and what `score`
    raises for one shard: what was judged by then is kept.
    """
    options = options or Options()
    if not isinstance(source, (str, os.PathLike)) or source == "-":
        raise UsageError("the engine ray reads files: give a path or an address of a file, a folder or a glob")
    if out is None:
        raise UsageError("the engine ray writes a folder: say where, with out=")
    if options.limit is not None:
        raise UsageError("--limit: not with the engine ray; judge a file of that many records, or leave --engine out")
    run = _Run(str(source), judge, Folder(str(out)), task, dict(fields or {}), options, watch)
    with workers or OnRay(options.cluster) as crew, run.watcher:
        return run.go(crew)


@dataclass
class _Run:
    source: str
    judge: AnyJudge
    folder: Folder
    task: str | None
    fields: dict[str, str]
    options: Options
    watch: Callable[[Progress], None] | None
    progress: Progress = field(default_factory=Progress)
    stopped: threading.Event = field(default_factory=threading.Event)
    done: dict[str, Done] = field(default_factory=dict)
    watcher: DriverWatcher = field(init=False)
    begun: Begun | None = None

    def __post_init__(self) -> None:
        self.watcher = DriverWatcher(self.folder.url, identity(self.judge), self.progress, self.options.log)

    def go(self, crew: Workers) -> Scored:
        """Find, survey, judge, look across, list."""
        self.progress.stop = self.stopped.set
        self.folder.make()
        pieces = self._surveyed(crew)
        self.progress.planned = samples_at_most(pieces)
        stems = [piece.stem for piece in pieces]
        orders = [self._order(piece.stem, piece, "sample") for piece in pieces]
        shards = {order.stem: order.of for order in orders}
        self.begun = Begun(self.folder, identity(self.judge), shards, self.progress.planned)
        self.watcher.starting(len(stems), crew.count(len(stems)), self.options.concurrency)
        try:
            paid = asks(self.judge)
            if paid:
                self._read_ahead(crew, pieces, orders)
            self._judged(crew, orders)
            if not paid and not self._open(stems):
                refuse_conflicts(self.folder, pieces, self._reading, _KEPT)
            if not self.stopped.is_set() and any(done.grouped for done in self.done.values()):
                stems.append(SETS)
                whole = Pieces(tuple(pieces), self.source, SETS)
                self._judged(crew, [self._order(SETS, whole, "set")])
        finally:
            self._list(stems)
            self.begun.end()
            self.watcher.sums = _told(_summed(done.totals for done in self.done.values()))
        if not self._open(stems):
            self.folder.tidy()
        return self._scored(stems)

    def _surveyed(self, crew: Workers) -> tuple[Piece, ...]:
        size = self.options.cluster.shard_size
        found = find(self.source, size)
        tool = partial(_Surveyor, size)
        parts = dict(self._watched(crew.each(tool, found, crew.count(len(found)))))
        pieces = numbered(part for piece in found for part in parts.get((piece.url, piece.start), ()))
        if not pieces and not self.stopped.is_set():
            raise InputError(f"{self.source}: holds no records; give a file with one record a line")
        return pieces

    def _read_ahead(self, crew: Workers, pieces: Sequence[Piece], orders: Sequence[Order]) -> None:
        """What would refuse the input is found before a call is paid: what cannot be read, and ids that clash."""
        fresh = [piece for piece, order in zip(pieces, orders, strict=True) if found_done(self.folder, order) is None]
        if not fresh:
            return
        problems: list[Problem] = []
        for found in self._watched(crew.each(partial(_itself, self._reading), fresh, crew.count(len(fresh)))):
            problems.extend(found)
        if self.stopped.is_set():
            return
        if problems and not self.options.skip_invalid:
            raise InputError("\n".join([several(problems), *narrow(self.judge, problems)]))
        refuse_conflicts(self.folder, pieces, self._reading, _UNPAID)

    @property
    def _reading(self) -> Reading:
        return Reading(self.folder.url, self.judge.rubrics, self.task, self.fields)

    def _order(self, stem: str, what: Piece | Pieces, kind: str) -> Order:
        options = replace(self.options, kinds=(kind,), engine=None, log=None)
        return Order(stem, what, self.folder.url, options, identity(self.judge), self.task, self.fields)

    def _judged(self, crew: Workers, orders: Sequence[Order]) -> None:
        """Those that are not done, each with its share of calls in flight and of dollars."""
        missing = []
        for order in orders:
            if (done := found_done(self.folder, order)) is None:
                missing.append(order)
            else:
                self._count(done)
        if not missing or self.stopped.is_set():
            return
        count = crew.count(len(missing))
        if asks(self.judge):
            count = min(count, self.options.concurrency)
        shared = self._shared(missing, count)
        make = partial(Hand, _packed(self.judge), identity(self.judge))
        for done in self._watched(crew.each(make, shared, count)):
            self._count(done)

    def _shared(self, orders: Sequence[Order], count: int) -> list[Order]:
        """The calls in flight are shared out among the workers, the dollars that are left among the shards."""
        each, cap = max(1, self.options.concurrency // count), self.options.max_cost
        spent = sum(done.totals.get("usd_at_most", 0.0) for done in self.done.values())
        left = None if cap is None else max(0.0, cap - spent) / len(orders)
        return [replace(order, options=replace(order.options, concurrency=each, max_cost=left)) for order in orders]

    def _count(self, done: Done) -> None:
        self.done[done.stem] = done
        self.progress.done += done.samples
        self.progress.resumed += done.samples if done.resumed else 0
        if not done.resumed:
            for status, n in done.unjudged.items():
                self.progress.unjudged[status] = self.progress.unjudged.get(status, 0) + n
            self.watcher.judged(done.stem, done.grades, done.unjudged, done.seconds)

    def _watched(self, results: Iterator[T]) -> Iterator[T]:
        """Results as they come, while somebody watches and may ask to stop."""
        with ThreadPoolExecutor(1, thread_name_prefix="recjudge-cluster") as thread:
            while not self.stopped.is_set():
                coming: Future[Any] = thread.submit(next, results, _END)
                while not coming.done() and not self.stopped.is_set():
                    self._show()
                    _waited(coming)
                if not coming.done() or (result := coming.result()) is _END:
                    return
                yield result

    def _show(self) -> None:
        if self.begun:
            self.begun.beat()
        if self.watch:
            self.watch(self.progress)

    def _open(self, stems: Sequence[str]) -> list[str]:
        return [stem for stem in stems if stem not in self.done or not self.done[stem].complete]

    def _list(self, stems: Sequence[str]) -> None:
        """The manifest: which shards there are, in order, and how each ended."""
        shards = []
        for stem in stems:
            done = self.done.get(stem)
            shards.append({
                "stem": stem, "verdicts": f"{stem}.verdicts.jsonl" if done else None,
                "ledger": f"{stem}.verdicts.db" if done else None, "records": done.records if done else None,
                "samples": done.samples if done else None, "settled": bool(done and done.settled),
                "of": done.of if done else None,
            })  # fmt: skip
        told = {
            "recjudge": version("recjudge"), "source": self.source, "judge": identity(self.judge),
            "began": self.begun and self.begun.began, "complete": not self._open(stems), "shards": shards,
        }  # fmt: skip
        self.folder.write(MANIFEST, orjson.dumps(told, option=orjson.OPT_INDENT_2))

    def _scored(self, stems: Sequence[str]) -> Scored:
        judged = [self.done[stem] for stem in stems if stem in self.done]
        samples = [done for done in judged if done.stem != SETS]
        problems = tuple(problem for done in samples for problem in done.problems)
        complete = self.watcher.complete = not self.stopped.is_set() and not self._open(stems)
        if complete:
            self.progress.planned = self.progress.done
        self._show()
        path = self.folder.path or self.folder.url
        records = sum(done.records for done in samples)
        return Scored(path, (path,), problems, records, complete, _summed(done.totals for done in judged))


def _itself(reading: Reading) -> Reading:
    return reading


class _Surveyor:
    """Counts and hashes pieces."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __call__(self, piece: Piece) -> tuple[tuple[str, int], tuple[Piece, ...]]:
        """The piece's address and start, and what it came to."""
        return (piece.url, piece.start), survey(piece, self.size)


def _packed(judge: AnyJudge) -> bytes:
    try:
        return pack_judge(judge)
    except Exception as error:  # pickle raises what the judge's own classes raise
        raise UsageError(f"this judge cannot go to another machine ({error}); let it judge here (--engine)") from error


def _waited(coming: Future[Any]) -> None:
    done = threading.Event()
    coming.add_done_callback(lambda _: done.set())
    done.wait(TICK)


def _told(total: Totals) -> dict[str, Any]:
    """The sums by the names that `run_ended` has for them."""
    failures = {str(status): n for status, n in total.by_status.items() if status != Status.OK}
    names = ("calls", "tokens_in", "tokens_cached", "tokens_out", "usd", "usd_at_most")
    return {"requests": total.attempts, "failures": failures} | {name: getattr(total, name) for name in names}


def _summed(each: Iterator[Mapping[str, Any]]) -> Totals:
    """What all shards took; dollars are None where nothing had a price."""
    total = Totals()
    for one in each:
        for cell in dataclasses.fields(Totals):
            value = one.get(cell.name)
            if cell.name == "by_status":
                total.by_status += Counter(value or {})
            elif value is not None:
                setattr(total, cell.name, (getattr(total, cell.name) or 0) + value)
    return total
