"""A batch run that is killed anywhere goes on elsewhere from its ledger: nothing is sent twice or joined wrong."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from recjudge import Options, score

from batch_world import NAMES, in_batches, judge_at, rows, written
from crew import Crew, crew
from makers import dimension, rubric, said
from servers.batch import BatchService, Mischief


@dataclass
class Killer:
    """A service that goes on, machines that do not."""

    folder: Path
    service: BatchService
    name: str
    crew: Crew
    machine: int = 0

    @property
    def here(self) -> Path:
        return self.folder / f"machine{self.machine}"

    def begin(self, samples: int) -> None:
        """A fresh machine, and a service that has never seen us."""
        self.machine += 1
        self.here.mkdir()
        written(self.here, samples)
        self.service.batches.clear()
        self.service.asked.clear()

    def move(self) -> None:
        """Another machine gets the input and the ledger, and nothing else."""
        before = self.here
        self.machine += 1
        self.here.mkdir()
        shutil.copy(before / "in.jsonl", self.here)
        for left in before.glob("in.verdicts.db*"):
            shutil.copy(left, self.here)
        shutil.rmtree(before)

    def run(self, kill_at: int = 0) -> int | None:
        """One process; None when it was killed, else its number of events."""
        return self.crew.run(
            self.here / "told", kill_at, source=str(self.here / "in.jsonl"), name=self.name,
            out=str(self.here / "in.verdicts.jsonl"), url=self.service.base_url(self.name),
        )  # fmt: skip

    def table(self) -> bytes:
        return (self.here / "in.verdicts.jsonl").read_bytes()


@contextmanager
def killer(folder: Path, name: str) -> Iterator[Killer]:
    with BatchService(looks=1) as service, crew("batch_killing.py") as forks:
        yield Killer(folder, service, name, forks)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_any_event_can_be_the_last_on_one_machine_and_another_goes_on(tmp_path: Path, name: str) -> None:
    with killer(tmp_path, name) as run:
        run.begin(3)
        events = run.run() or 0
        whole, batches = run.table(), len(run.service.batches)
        assert events > 50
        assert batches >= 2
        for n in range(1 + NAMES.index(name), events + 4, 3):
            run.begin(3)
            if run.run(kill_at=n) is None:
                run.move()
                assert run.run() is not None
            assert run.table() == whole, "the costs too: each call is charged once, to the same sample"
            assert len(run.service.batches) == batches
            assert set(run.service.asked.values()) == {1}


@pytest.mark.slow
def test_killed_again_and_again_it_comes_to_the_same_end(tmp_path: Path) -> None:
    rng = random.Random(4)
    with killer(tmp_path, "openai/m") as run:
        run.begin(20)
        run.run()
        whole, batches = run.table(), len(run.service.batches)
        run.begin(20)
        kills = 0
        while run.run(kill_at=rng.randint(8, 40)) is None:
            kills += 1
            run.move()
        assert kills >= 4
        assert run.table() == whole
        assert len(run.service.batches) == batches
        assert set(run.service.asked.values()) == {1}


def named(body: dict[str, Any]) -> dict[str, Any]:
    """A reply that names the text it is about, and the dimension."""
    words = body["messages"][-1]["content"]
    text = words if isinstance(words, str) else "".join(block["text"] for block in words)
    about = text.split("Text ")[1].split('"')[0].split()[0]
    dimension_ = text.split("Dimension: ")[1].split("\n")[0]
    return said("good", f"about {about} {dimension_}")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_ten_thousand_replies_and_none_at_another_sample(name: str) -> None:
    careless = Mischief(drop=0.03, twice=0.03, second=0.03, expire=0.03, error=0.03, unknown=50, broken=20)
    with BatchService(careless, script=named) as service:
        judge = judge_at(service, name, rubric(dimension("relevance"), dimension("fluency")))
        done = in_batches(rows(5_000), judge)
        wrong = [
            verdict.id
            for verdict in done
            for found in verdict.findings
            if found.reason != f"about {verdict.id[1:]} {found.dimension}"
        ]
        assert wrong == []
        assert done.totals.calls == 10_000
        assert len(service.batches) < 5
        assert max(service.answered.values()) <= 2
    words = "\n".join(done.said)
    assert f"unknown id: {50 * len(service.batches)}" in words
    assert f"unreadable: {20 * len(service.batches)}" in words


@pytest.mark.slow
def test_a_pool_goes_on_where_batches_stopped(tmp_path: Path) -> None:
    with BatchService(looks=3) as service:
        judge, out = judge_at(service, "openai/m"), tmp_path / "o.verdicts.jsonl"
        assert not in_batches(rows(10), judge, out, wait=False).complete
        done = score(rows(10), judge, out=out, options=Options(engine="pool"))
        assert done.complete
        assert service.single > 0
