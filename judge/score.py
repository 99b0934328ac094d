"""The straight line from a file of outputs to verdicts: read, index, judge, gather sets, write. Read this first."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import weakref
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import InputError
from ..rubrics import by_task
from .batches.waves import Batching, Office
from .calls.wrappers import Meter, Price, stack
from .cluster.settings import Cluster
from .counts import Counts
from .engine import ENGINES, SHARDED, WINDOW, Work, check_engine, choose
from .findings import Embedder
from .garbage import rare_collections
from .indexing import Indexing
from .judges import AnyJudge, identity, load_judge
from .ledger.finished import Finished
from .ledger.ledger import Ledger
from .ledger.rows import Totals
from .observing.events import EventLog
from .observing.watcher import Watcher
from .providers import Provider
from .reading.listing import listing
from .reading.problems import Problem
from .reading.readers import Source, resolve
from .reading.samples import SampleSet, Tally, read
from .records import Sample, Verdict, digest
from .running.both import Both
from .running.packing import Packed, pack
from .running.prefix import spool_for
from .running.progress import Progress
from .running.refusals import narrow
from .running.spool import Spool
from .sets.sets import SetJudge, Sets
from .verdicts import Line, read_verdicts
from .writing import count, ledger_path, restore, write

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")
TICK = 0.1


@dataclass(frozen=True)
class Options:
    """How a run goes about its work; nothing here can change a verdict.

    `deadline` is in seconds, `max_cost` in dollars, `price` in dollars per million tokens; `formats`: jsonl, parquet.
    """

    concurrency: int = 16
    """Most calls in flight; the run finds the pace the provider bears, up to this."""
    attempts: int = 5
    deadline: float = 120.0
    """Seconds that one call may take in all."""
    price: Price | None = None
    max_cost: float | None = None
    """Dollars. No call is sent that could pass it."""
    fork: bool = False
    """Start a new run beside one that was started with another judge, instead of refusing."""
    skip_invalid: bool = False
    """Judge what can be read and list the rest, instead of stopping before the first call."""
    engine: str | None = None
    """pool, here, processes, batch or ray; None: one of the first three, by the judge and by how much there is."""
    processes: int | None = None
    """Worker processes of a judge that asks nobody; None: as many as cores where there is enough to judge."""
    seed: int = 0
    formats: tuple[str, ...] = ("jsonl",)
    limit: int | None = None
    """Judge the first records alone; a later run without it goes on from there."""
    log: EventLog | None = None
    """Told what happens, event by event; who made it closes it."""
    kinds: tuple[str, ...] = ("sample", "set")
    """What gets a verdict: a shard's run leaves the sets, which others may share with it, to a run of their own."""
    cluster: Cluster = field(default_factory=Cluster)
    """Of the engine ray."""
    batches: Batching = field(default_factory=Batching)
    """Of the engine batch."""


@dataclass(frozen=True)
class Scored:
    """What a run left behind. Iterating gives the verdicts, in input order, streamed from the file.

    Set verdicts (`kind == "set"`) come after those of samples. `frame()` is a pandas frame, one row a verdict.
    """

    path: Path | str
    """The verdicts' file; of a sharded run its folder, as an address where it is no path."""
    files: tuple[Path | str, ...]
    problems: Sequence[Problem]
    """Records that could not be read; n records in = judged or unjudged verdicts + these."""
    n_records: int
    complete: bool
    """False when the run was stopped; the same call goes on where it was."""
    totals: Totals
    """What the run has taken so far, earlier processes and failed requests included."""
    said: tuple[str, ...] = ()
    """What the engine has to say: what batches brought that belongs to nothing, what still waits."""
    counts: Counts | None = None
    """What the verdicts come to, counted as they were written; None where nobody counted."""

    def __iter__(self) -> Iterator[Verdict]:
        # a generator of this object's own keeps it, and so its folder, until the last verdict is read
        yield from read_verdicts(self.path)

    def frame(self) -> pandas.DataFrame:
        """One row a verdict; findings as one column a dimension."""
        from .writing import frame

        return frame(self)


def score(
    source: Any,
    judge: AnyJudge | str = "local",
    *,
    out: Path | str | None = None,
    task: str | None = None,
    fields: Mapping[str, str] | None = None,
    options: Options | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Scored:
    """Judges samples and returns their verdicts; prints nothing.

    `source` is a path (JSONL, .gz, .zst, CSV, Parquet, a datasets folder), a pandas frame, or an iterable of dicts or
    `Sample`s. `out` is the verdicts' file; the ledger `….verdicts.db` lies beside it, and the same call goes on where a
    killed one stopped. Without `out` both are in a temporary folder. `task` is for records that name none; `fields`
    maps our field names to yours. `watch` is called a few times a second.

    Raises `InputError` naming file, line, field and remedy before anything is judged; `RunMismatch` when the ledger was
    begun with another judge; `AccountError`, `ProviderDown`, `StorageError` and `LockedError` as their names say.
    """
    judge = load_judge(judge) if isinstance(judge, str) else judge
    check_engine(options.engine if options else None)
    if options and options.engine == SHARDED:
        from .cluster.sharded import score_sharded

        return score_sharded(source, judge, out=out, task=task, fields=fields, options=options, watch=watch)
    folder = None
    if out is None:
        folder = tempfile.mkdtemp(prefix="recjudge-")
        out = Path(folder) / "samples.verdicts.jsonl"
    run = _Run(resolve(source), judge, Path(out), task, dict(fields or {}), options or Options(), watch)
    with rare_collections():
        done = blocking(run.go())
    if folder:
        # the folder lives as long as what was scored
        weakref.finalize(done, shutil.rmtree, folder, ignore_errors=True)
    return done


@dataclass
class _Run:
    source: Source
    judge: AnyJudge
    out: Path
    task: str | None
    fields: dict[str, str]
    options: Options
    watch: Callable[[Progress], None] | None
    progress: Progress = field(default_factory=Progress)
    watcher: Watcher = field(init=False)
    office: Office | None = None
    indexed: bool = False
    """The input was read whole and found good: from here on there may be paid replies in the ledger."""

    async def go(self) -> Scored:
        """Index, judge, gather sets, write."""
        before = self.source.fingerprint()
        path = ledger_path(self.out)
        fresh = not path.exists()
        try:
            return await self._run(path, before)
        except InputError:
            # nothing was asked yet: leave nothing behind that a mended file would have to fit
            if fresh and not self.indexed:
                path.unlink(missing_ok=True)
            raise

    async def _run(self, path: Path, before: str) -> Scored:
        with (
            Ledger.open(path, identity(self.judge), fork=self.options.fork) as ledger,
            spool_for(self.judge, path.parent) as spool,
            Sets(self.judge.rubrics, self.options.seed) as sets,
            Watcher(ledger, self.progress, self.options.log) as self.watcher,
        ):
            of = self._call(before)
            if (done := ledger.ending.finished()) and done.of == of and self._stands(ledger, done):
                return self._again(ledger, done)
            problems = self._index(ledger, spool, sets, before, of)
            self.indexed = True
            self.progress.meter = meter = Meter()
            judge = self._over(ledger, meter)
            try:
                windows = partial(self._windows, ledger, spool, sets)
                complete = await self._judge(ledger, judge, windows)
                if self.source.fingerprint() != before:
                    raise InputError(
                        f"{self.source.name}: changed while it was judged; run again to judge what it holds now"
                    )
            finally:
                await judge.close()
            given = ledger.given()
            files, counts = write(ledger, self.out, self.options.formats)
            totals = ledger.totals()
            if complete and not ledger.passing:
                ledger.ending.finish(of, self.progress.planned, files, counts.packed(), totals)
            said = self.office.said() if self.office else ()
        return Scored(self.out, files, problems, given.n_in if given else 0, complete, totals, said, counts)

    def _call(self, fingerprint: str) -> str:
        """Hash of the input, and of all that says how it is read and what is written; the judge is in the identity."""
        opt = self.options
        read_by = (self.task, self.fields, opt.limit, opt.skip_invalid, opt.seed, opt.kinds)
        return digest([fingerprint, read_by, self.out.name, opt.formats])

    def _stands(self, ledger: Ledger, done: Finished) -> bool:
        """Whether the files are as they were written, or can be made so without judging."""
        lost = done.lost(self.out.parent)
        return all(name == self.out.name and restore(ledger, self.out, sha256) for name, sha256 in lost)

    def _again(self, ledger: Ledger, done: Finished) -> Scored:
        """The same call once more: all is there."""
        self.progress.planned = self.progress.done = self.progress.resumed = done.n_samples
        self._show()
        problems = listing(Problem(one.place, one.field, one.problem, one.remedy) for one in ledger.listed())
        given, files = ledger.given(), tuple(self.out.parent / name for name, _ in done.files)
        counts, totals = Counts.unpacked(done.counts) if done.counts else None, done.totals
        if counts is None or totals is None:
            counts, totals = count(ledger), ledger.totals()
            ledger.ending.finish(done.of, done.n_samples, files, counts.packed(), totals)
        return Scored(self.out, files, problems, given.n_in if given else 0, True, totals, counts=counts)

    def _index(self, ledger: Ledger, spool: Spool, sets: Sets, sha256: str, of: str) -> Sequence[Problem]:
        indexing = Indexing(self._units, ledger, spool, sets, self.options.kinds)
        problems = indexing.go(sha256, of, self.options.skip_invalid, partial(narrow, self.judge))
        self.progress.planned = indexing.n_samples
        return problems.found

    def _units(self, tally: Tally) -> Iterator[Sample | SampleSet | Problem]:
        limit, tasks = self.options.limit, by_task(self.judge.rubrics.values())
        for unit in read(self.source, tasks=tasks, task=self.task, fields=self.fields, tally=tally):
            if limit is not None and tally.records > limit:
                tally.records = limit
                return
            yield unit

    def _embedder(self) -> Embedder | None:
        seeing = (getattr(getattr(member, "examiner", None), "embedder", None) for member in self.judge.members)
        return next((embedder for embedder in seeing if embedder is not None), None)

    def _over(self, ledger: Ledger, meter: Meter) -> AnyJudge:
        """The judge, its provider behind the store, the pace, the retries and the budget."""
        opt = self.options
        if opt.engine == "batch":
            self.office = Office(ledger, meter, opt, self.progress.say)
            return self.judge.over(self.office.over)

        def wrap(provider: Provider) -> Provider:
            return stack(
                provider, ledger, concurrency=opt.concurrency, attempts=opt.attempts, deadline=opt.deadline,
                prices=opt.price, max_cost=opt.max_cost, seed=opt.seed, meter=meter,
            )  # fmt: skip

        return self.judge.over(wrap)

    async def _judge(self, ledger: Ledger, judge: AnyJudge, windows: Callable[..., Iterator[list[Packed]]]) -> bool:
        """Judges what has no verdict yet; True when nothing is left."""
        opt = self.options
        both = Both(judge, SetJudge(judge.name, judge.rubrics, opt.seed, self._embedder()))
        engine, count = choose(both, self.progress.planned, opt.engine, opt.processes)
        judging = self.watcher.starting(both, engine, count, opt.concurrency)
        work = Work(windows(), judging, partial(_commit, ledger), opt.concurrency, count)
        work.office, work.again = self.office, partial(windows, again=True)
        self.progress.stop = work.stop.set
        ticking = asyncio.create_task(self._tick())
        try:
            async for lines in ENGINES[engine](work):
                for line in lines:
                    self.progress.add(line)
                self.watcher.saw(lines)
        finally:
            ticking.cancel()
            self._show()
        self.watcher.complete = not work.stop.is_set()
        return self.watcher.complete

    def _windows(self, ledger: Ledger, spool: Spool, sets: Sets, again: bool = False) -> Iterator[list[Packed]]:
        """What has no standing verdict: the samples, then the sets. Equal rows of a window are one."""
        for rows in spool.windows(WINDOW):
            fresh = _without(ledger, rows)
            known = 0 if again else len(rows) - len(fresh)
            self.progress.resumed += known
            self.progress.done += known
            if fresh:
                yield fresh
        packed = iter((found.key, pack(found)) for found in sets)
        while page := list(islice(packed, WINDOW)):
            if fresh := _without(ledger, page):
                yield fresh

    async def _tick(self) -> None:
        while True:
            self._show()
            self.watcher.tick()
            await asyncio.sleep(TICK)

    def _show(self) -> None:
        if self.watch:
            self.watch(self.progress)


def blocking(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end, also where a loop runs already (a notebook): then in a thread of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def _commit(ledger: Ledger, lines: Sequence[Line]) -> None:
    await ledger.add_verdicts([(line.key, line.status, line.grade, line.body) for line in lines])


def _without(ledger: Ledger, rows: Sequence[tuple[str, Packed]]) -> list[Packed]:
    standing = ledger.standing([key for key, _ in rows])
    return list({key: packed for key, packed in rows if key not in standing}.values())
