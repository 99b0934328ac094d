"""One shard: a run of `score` with a ledger of its own, which a killed worker's successor goes on with.

What tells that a shard is done is written last, so that a shard is judged anew or done, and never in between.
"""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import orjson

from ...errors import LockedError, UsageError
from ..judges import AnyJudge, identity
from ..ledger.ledger import Ledger
from ..ledger.rows import Totals
from ..reading.problems import Problem
from ..records import digest
from ..running.both import waits
from ..running.packing import unpack_judge
from ..score import Options, Scored, score
from ..writing import ledger_path
from .folder import Folder, opened
from .ids import write_ids
from .pieces import Piece, Pieces

CHECKPOINT = 60.0
"""Seconds between two copies of a ledger that is not at work in the output folder: what a lost node may cost."""
PATIENCE = 90
"""Seconds for which a worker waits for one before it that was killed, or cut off, to let go of the ledger."""


@dataclass(frozen=True)
class Order:
    """One shard to judge."""

    stem: str
    what: Piece | Pieces
    out: str
    options: Options
    """Of this shard's run: its share of calls in flight and of dollars in them."""
    identity: Mapping[str, str]
    task: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def of(self) -> str:
        """Hash of what is judged, by whom, and all that says how it is read and written."""
        opt = self.options
        how = (self.task, dict(self.fields), opt.skip_invalid, opt.seed, opt.formats, opt.kinds)
        return digest([self.what.fingerprint(), dict(self.identity), how])

    @property
    def verdicts(self) -> str:
        """The name of its file of verdicts."""
        return f"{self.stem}.verdicts.jsonl"


@dataclass(frozen=True)
class Done:
    """What judging a shard came to."""

    stem: str
    of: str
    settled: bool = True
    """No: it was stopped, or holds verdicts that another attempt may mend. Then the same command judges these."""
    complete: bool = True
    """No: it was stopped."""
    records: int = 0
    samples: int = 0
    grouped: bool = False
    """Some of its samples belong to a list, a group or an item: there may be sets."""
    problems: tuple[Problem, ...] = ()
    totals: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0
    """Bytes of its verdicts."""
    grades: Mapping[str, int] = field(default_factory=dict)
    """Verdicts with one, by grade."""
    unjudged: Mapping[str, int] = field(default_factory=dict)
    """Verdicts without, by status."""
    seconds: float = 0.0
    """From when a worker took it to its end."""
    resumed: bool = field(default=False, compare=False)
    """It was found done."""


class Hand:
    """What an actor holds: one judge, and with it one model or one client."""

    def __init__(self, packed: bytes, known: Mapping[str, str]) -> None:
        """Raises `UsageError` where this machine has another recjudge than the one that sends orders."""
        self.judge: AnyJudge = unpack_judge(packed)
        here = identity(self.judge)
        if differing := sorted(name for name in {*known, *here} if known.get(name) != here.get(name)):
            raise UsageError(
                f"a machine of the cluster has another recjudge ({', '.join(differing)} differ); install the same one "
                "on every node"
            )

    def __call__(self, order: Order) -> Done:
        """Judges a shard, or finds it done."""
        return judge_shard(order, self.judge)


def judge_shard(order: Order, judge: AnyJudge) -> Done:
    """Judges what has no verdict yet. Raises what `score` raises."""
    folder = Folder(order.out)
    if (done := found_done(folder, order)) is not None:
        return done
    began = time.monotonic()
    folder.remove(f"{order.stem}.done.json")
    with _workplace(order, folder) as place:
        target = place / order.verdicts
        engine = "pool" if waits(judge) else "here"
        options = replace(order.options, engine=engine, processes=None)
        scored = _patiently(order, judge, target, options)
        done = _done(order, scored, target, round(time.monotonic() - began, 3))
        write_ids(ledger_path(target), folder, order.stem)
        for file in scored.files:
            folder.put(Path(file), Path(file).name)
        folder.put(ledger_path(target), ledger_path(target).name)
    if done.settled:
        folder.write(f"{order.stem}.done.json", orjson.dumps(_told(done)))
    return done


def found_done(folder: Folder, order: Order) -> Done | None:
    """The end of this very shard by this very judge; None where it is missing, or its verdicts are not as long."""
    told = folder.read(f"{order.stem}.done.json")
    try:
        cells = orjson.loads(told or b"null")
    except orjson.JSONDecodeError:
        return None  # a disk that lost power
    if not cells or cells["of"] != order.of or folder.size(order.verdicts) != cells["size"]:
        return None
    problems = tuple(Problem(**one) for one in cells.pop("problems"))
    return Done(**cells, problems=problems, resumed=True)


def _told(done: Done) -> dict[str, Any]:
    return {name: value for name, value in asdict(done).items() if name != "resumed"}


def _patiently(order: Order, judge: AnyJudge, target: Path, options: Options) -> Scored:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return score(order.what, judge, out=target, task=order.task, fields=order.fields, options=options)
        except LockedError:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def _done(order: Order, scored: Scored, target: Path, seconds: float) -> Done:
    with Ledger.read(ledger_path(target)) as ledger:
        settled = ledger.finished() is not None
    seen = _Seen(target)
    return Done(
        order.stem, order.of, settled, scored.complete, scored.n_records, seen.samples, seen.grouped,
        tuple(scored.problems), _cells(scored.totals), target.stat().st_size, dict(seen.grades), dict(seen.unjudged),
        seconds,
    )  # fmt: skip


def _cells(totals: Totals) -> dict[str, Any]:
    cells = {cell.name: getattr(totals, cell.name) for cell in dataclasses.fields(totals)}
    return cells | {"by_status": {str(status): n for status, n in totals.by_status.items()}}


class _Seen:
    """One pass over a shard's verdicts."""

    def __init__(self, verdicts: Path) -> None:
        self.samples, self.grouped = 0, False
        """grouped: a sample is one of several."""
        self.grades: Counter[str] = Counter()
        self.unjudged: Counter[str] = Counter()
        with opened(str(verdicts)) as lines:
            for line in lines:
                self._add(orjson.loads(line))

    def _add(self, row: dict[str, Any]) -> None:
        self.samples += row["kind"] == "sample"
        self.grouped = self.grouped or any(row[name] is not None for name in ("group", "item", "parent"))
        if row["grade"] is None:
            self.unjudged[row["status"]] += 1
        else:
            self.grades[row["grade"]] += 1


@contextmanager
def _workplace(order: Order, folder: Folder) -> Iterator[Path]:
    """Where the ledger is at work: the output folder, or a folder of this node from which copies go there."""
    scratch = order.options.cluster.scratch
    if folder.path is not None and scratch is None:
        folder.make()
        yield folder.path
        return
    # named after the run and the shard: a second worker on this node finds what the first had judged
    place = Path(scratch or tempfile.gettempdir()) / f"recjudge-{digest([order.out, order.stem])[:16]}"
    place.mkdir(parents=True, exist_ok=True)
    ledger = ledger_path(place / order.verdicts)
    if not ledger.exists():
        folder.get(ledger.name, ledger)
    with _copying(ledger, folder):
        yield place
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _copying(ledger: Path, folder: Folder) -> Iterator[None]:
    """Now and then a copy of the ledger goes to the output folder, and one more when the run ends otherwise."""
    over = Event()

    def copy() -> None:
        while not over.wait(CHECKPOINT):
            checkpoint(ledger, folder)

    thread = Thread(target=copy, name="recjudge-checkpoint", daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        with suppress(OSError, sqlite3.Error):
            checkpoint(ledger, folder)
        raise
    finally:
        over.set()
        thread.join()


def checkpoint(ledger: Path, folder: Folder) -> None:
    """A ledger at work, copied as it is at one moment."""
    copy = ledger.with_suffix(".copy")
    if not ledger.exists():
        return
    with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    folder.put(copy, ledger.name)
    copy.unlink()
