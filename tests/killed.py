"""A run that is killed again and again: what it may repay, what it may never lose, how it has to end."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recjudge.errors import UsageError
from recjudge.judge.cluster import verdict_files
from recjudge.judge.ledger.ledger import Ledger

from crew import Crew, crew
from servers.process import Process, wire_process

WORKERS = 8
PAID_TWICE = WORKERS * 5 // 4
"""Most calls that a kill can make us pay again: those in flight, and a fourth more that wait for their COMMIT."""
RUBRIC = """
name = "headline"
title = "Headlines"
artefact = "text"
subject = "a headline"

[context]
source = "the article"

[review]
rule = "positive_share"
threshold = 0.6
"""
DIMENSION = """
[[dimension]]
name = "{name}"
question = "Is this headline {name}, would you say?"
scale = [
  {{ label = "no", polarity = -1, words = "It is not." }},
  {{ label = "so", polarity = 0, words = "It is so-so." }},
  {{ label = "yes", polarity = 1, words = "It is." }},
]
[[dimension.steps]]
kind = "ask"
"""


@dataclass
class Killer:
    """A folder with samples, a server that bills, and a process that forks runs."""

    folder: Path
    wire: Process
    crew: Crew
    first: str = ""
    """Of a cascade, the judge that abstains on all before the provider is asked; empty: no cascade."""
    shards: int = 0
    """Bytes of a shard, of a run in shards; 0: one file, one ledger."""
    kills: int = 0
    worst: int = 0
    """Most requests that one kill made us pay twice."""
    seen: dict[str, bytes] = field(default_factory=dict)
    """Verdicts that were on disk after some kill."""

    @property
    def out(self) -> Path:
        return self.folder / ("in.verdicts" if self.shards else "in.verdicts.jsonl")

    def run(self, kill_at: int = 0) -> int | None:
        """One process; None when it was killed, else its number of events."""
        before = self.wire.stats()["repaid"]
        ended = self.crew.run(
            self.folder / "told", kill_at, source=str(self.folder / "in.jsonl"), out=str(self.out), url=self.wire.url,
            rubric=str(self.folder / "headline.toml"), first=self.first, shards=self.shards, workers=WORKERS,
        )  # fmt: skip
        self._check(self.wire.stats()["repaid"] - before)
        self.kills += ended is None
        return ended

    def _check(self, repaid: int) -> None:
        """Only what the process before left in flight was paid again, and nothing that was on disk is gone."""
        assert repaid <= PAID_TWICE
        self.worst = max(self.worst, repaid)
        found = verdicts_on_disk(self.out)
        assert self.seen.items() <= found.items()
        self.seen = found

    def table(self) -> list[dict[str, Any]]:
        """The verdicts, in their order, without what the calls cost."""
        lines = (line for file in verdict_files(self.out) for line in Path(file).read_bytes().splitlines())
        return [without_cost(json.loads(line)) for line in lines]

    def restart(self) -> None:
        """An empty folder and an empty bill."""
        shutil.rmtree(self.folder / "in.verdicts", ignore_errors=True)
        for file in (*self.folder.glob("*verdicts*"), *self.folder.glob(".*")):
            file.unlink()
        self.seen = {}
        self.wire.reset()

    def litter(self) -> list[str]:
        """Files that no finished run has: temporary ones, locks, journals."""
        files = [file for file in self.folder.rglob("*") if file.is_file() and file.name != "told"]
        known = (".jsonl", ".toml", ".db", ".ids", ".json")
        return [file.name for file in files if file.name.startswith(".") or file.suffix not in known]


def without_cost(verdict: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in verdict.items() if key != "cost"}
    return kept | {"members": [without_cost(member) for member in verdict["members"]]}


def verdicts_on_disk(out: Path) -> dict[str, bytes]:
    """By the place of the sample, of the ledger of a run or those of its shards."""
    found: dict[str, bytes] = {}
    for path in out.glob("*.db") if out.is_dir() else [out.with_suffix(".db")]:
        try:
            with closing(Ledger.read(path)) as ledger:
                found |= {judged.place: judged.body for judged in ledger.verdicts()}
        except UsageError:  # killed before there was a run
            continue
    return found


@contextmanager
def killer(folder: Path, items: int) -> Iterator[Killer]:
    write_input(folder, items)
    with wire_process(latency_ms=4) as wire, crew("killing.py") as forks:
        yield Killer(folder, wire, forks)


def write_input(folder: Path, items: int) -> None:
    samples = (
        {"id": f"s{i}", "task": "headline", "output": f"Headline {i}", "context": {"source": "x"}} for i in range(items)
    )
    (folder / "in.jsonl").write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    (folder / "headline.toml").write_text(RUBRIC + "".join(DIMENSION.format(name=name) for name in ("clear", "true")))


def kill_until_done(run: Killer, rng: random.Random, furthest: int) -> None:
    """Kills a run again and again, each time after up to `furthest` events, until it comes to its end."""
    run.restart()
    assert run.run() is not None
    whole, bills = run.table(), run.wire.stats()["bills"]
    run.restart()
    before = run.kills
    while run.run(rng.randint(1, furthest)) is None:
        assert run.kills - before < 2000
    assert run.table() == whole
    stats = run.wire.stats()
    assert stats["bodies"] == bills
    assert stats["repaid"] <= PAID_TWICE * (run.kills - before)
    assert run.litter() == []


def every_event(run: Killer, least: int, step: int = 1) -> None:
    """Kills a run once at each of its events, or each `step`-th, of which it has `least` or more; it goes on."""
    events = run.run() or 0
    whole, bills = run.table(), run.wire.stats()["bills"]
    assert events > least
    for n in range(1, events + 20, step):  # the number differs a little from run to run
        run.restart()
        if run.run(kill_at=n) is None:
            assert run.run() is not None
        assert run.table() == whole
        assert run.wire.stats()["bodies"] == bills
        assert run.litter() == []
    assert run.kills * step > least - 20
