"""Judges of a few lines that ask nobody, in a file of their own so that a worker process can find them."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from recjudge.judge import Finding, Grade, Sample, Status, Verdict, shipped


@dataclass
class Plain:
    """Finds every sample superior; dies, or fails, at one that says so."""

    name: str = "plain"
    rubrics: Any = field(default_factory=shipped)

    @property
    def members(self) -> tuple[Any, ...]:
        return (self,)

    def over(self, wrap: Any) -> Any:
        return self

    def prepare(self, samples: Sequence[Sample]) -> None:
        pass

    async def judge(self, sample: Sample) -> Verdict:
        if sample.meta.get("die_in_a_worker") and os.environ.get("PLAIN_PARENT") != str(os.getpid()):
            os.kill(os.getpid(), signal.SIGKILL)
        if sample.meta.get("bug"):
            raise ZeroDivisionError("a bug")
        rubric = self.rubrics[sample.task]
        found = tuple(Finding(dim.name, Status.OK, dim.labels[-1], 1) for dim in rubric.dimensions)
        return Verdict(
            sample.id, sample.task, self.name, rubric.id, Status.OK, Grade.SUPERIOR, found, group=sample.group,
            item=sample.item, place=sample.place, text=sample.text, key=sample.key,
        )  # fmt: skip

    async def close(self) -> None:
        pass


@dataclass
class Noting(Plain):
    """Writes a line for each sample it judges: who judged, and which."""

    notes: str = ""

    async def judge(self, sample: Sample) -> Verdict:
        line = f"{os.getpid()} {sample.place}\n".encode()
        file = os.open(self.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, line)
        os.close(file)
        return await super().judge(sample)
