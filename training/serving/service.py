"""From a request's body to its answers: admits it to the queue, waits until its deadline, counts what came of it."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import InputError, UsageError
from ...judge import AnyJudge, Options, Status, read
from ...rubrics import Rubric, by_task
from ..adapters import query_rows
from ..reward import ID, OUTPUT, TASK, Reward, by_row, fault_words
from .asks import Answer, Ask, Read, Silence
from .crew import Scoring
from .limits import Limits
from .metrics import Metrics
from .refusals import Refusal
from .shapes import QueriesAsked, RewardsAsked
from .worker import Worker


class Service:
    """A judge that answers requests. Knows no HTTP: what is wrong with a request it raises as a `Refusal`.

    All but the worker's thread is in one event loop. `task` is that of inputs that name none; `fields` are our names to
    theirs; `unjudged` is the number that OpenRLHF gets for what has no reward, an error when None; `ends` are the
    tokens behind which a query holds no response.
    """

    def __init__(
        self,
        judge: AnyJudge,
        *,
        task: str | None = None,
        fields: Mapping[str, str] | None = None,
        score: str | None = None,
        dimension: str = "grade",
        limits: Limits | None = None,
        options: Options | None = None,
        store: Path | None = None,
        unjudged: float | None = None,
        ends: Sequence[str] = (),
    ) -> None:
        self.judge, self.limits, self.unjudged, self.ends = judge, limits or Limits(), unjudged, tuple(ends)
        if unjudged is not None and not math.isfinite(unjudged):
            raise UsageError(f"unjudged: {unjudged} is no reward; give a number")
        self.score, self.dimension = score or ("graded" if dimension == "grade" else "quality"), dimension
        self.fields = dict(fields or {})
        self.rubrics = _served(judge, task)
        self.tasks = by_task(self.rubrics.values())
        only = next(iter(self.rubrics)) if len(self.rubrics) == 1 else None
        self._scoring = Scoring(self.score, self.dimension, only)
        self.reward = self._reward(options or Options(), only)
        self.metrics = Metrics(
            {"judge": judge.name, "score": self.score, "dimension": dimension},
            {
                "recjudge_queue_depth": ("Completions accepted and not yet answered.", lambda: self.held),
                "recjudge_queue_limit": ("Completions that are accepted at most.", lambda: self.limits.queue),
                "recjudge_ready": ("Whether the judge is at work.", lambda: not self.unready),
            },
        )
        self._worker = Worker(
            judge, self._scoring, self.limits, options or Options(), store,
            batches=self.metrics.batch, late=self.metrics.late,
        )  # fmt: skip
        self.held = 0
        self._open: set[Ask] = set()
        self._pace = 0.0
        self._stopping = ""

    def _reward(self, options: Options, only: str | None) -> Reward:
        """The reader of completions and the score of verdicts; what it is asked for may name its task."""
        columns = {ours: theirs for ours, theirs in self.fields.items() if ours not in ("id", "output", "task")}
        measure = self._scoring.of(self.judge)
        own = {"id": ID, "output": OUTPUT, "task": TASK}
        return Reward(self.judge, only, columns | own, measure, options, None, "recjudge")

    def start(self) -> None:
        """Returns once the judge is at work."""
        self._worker.start()

    def drain(self) -> None:
        """Takes nothing more in; what is under way gets until the grace is over. Call it in the service's loop."""
        if not self._stopping:
            self._stopping = "the service is stopping"
            asyncio.get_running_loop().call_later(self.limits.grace, self._end_all)

    def stop(self) -> None:
        """Ends the judge's thread."""
        self._worker.stop(self.limits.grace)

    @property
    def unready(self) -> str:
        """Why no request should be sent now; empty when all is well."""
        return self._stopping or self._worker.trouble

    def seconds(self, header: str | None, field: float | None) -> float:
        """The deadline that a request asked for, else the service's."""
        asked = _header(header) if field is None else field
        if asked is None:
            return self.limits.deadline
        if asked > self.limits.deadline:
            words = f"{asked:g} s is beyond the service's {self.limits.deadline:g} s"
            raise Refusal(422, "deadline", words, "ask for less, or raise --deadline")
        return asked

    async def rewards(self, asked: RewardsAsked, began: float, seconds: float, verdicts: bool = False) -> list[Answer]:
        """One answer an input, in order, with verdicts if asked for. `began` is when it came, of `time.monotonic`."""
        self._checked_task(asked.task)
        return await self._answers(self._reading(asked), asked.size, began, seconds, verdicts)

    async def queries(self, asked: QueriesAsked, began: float, seconds: float) -> list[Answer]:
        """The same for OpenRLHF's queries."""
        labels = asked.labels or [{}] * len(asked.query)
        try:
            answers, columns = query_rows(asked.query, asked.prompts, labels, self.ends)
        except ValueError as error:
            raise Refusal(422, "query", str(error), "send the prompt as it stands in the query") from None
        records = self.reward.records(asked.prompts, answers, columns)
        return await self._answers(lambda: self.reward.read(records), len(records), began, seconds)

    def _checked_task(self, task: str | None) -> None:
        if task is not None and task not in self.tasks:
            known = ", ".join(sorted(self.rubrics))
            raise Refusal(422, "task", "is none of this service", f"known: {known}")

    def _reading(self, asked: RewardsAsked) -> Read:
        if asked.records is None:
            records = self.reward.records(asked.prompts, asked.completions or (), asked.columns, asked.task)
            return lambda: self.reward.read(records)
        given, task = asked.records, asked.task or self.reward.task

        def rows() -> Any:
            samples, faults = by_row(read(given, tasks=self.tasks, task=task, fields=self.fields), len(given))
            return samples, [fault_words(fault) for fault in faults]

        return rows

    async def _answers(
        self, reading: Read, size: int, began: float, seconds: float, verdicts: bool = False
    ) -> list[Answer]:
        if not size:
            return []
        ask, over = self._admitted(reading, size, began + seconds, verdicts)
        try:
            async with asyncio.timeout(ask.due - time.monotonic()):
                await over.wait()
        except TimeoutError:
            pass
        finally:
            self.held -= size
            self._open.discard(ask)
            answers = ask.answers(self._silence(seconds), self.reward.score)
        if ask.wrong is not None:
            raise _wrong(ask.wrong)
        self._pace = 0.8 * self._pace + 0.2 * (time.monotonic() - began) / size
        self.metrics.rewards([answer.status for answer in answers])
        return answers

    def _admitted(self, reading: Read, size: int, due: float, verdicts: bool) -> tuple[Ask, asyncio.Event]:
        if why := self._stopping or self._worker.ended:
            raise Refusal(503, "", why, "ask another one", headers={"Retry-After": "5"})
        if size > self.limits.batch:
            words = f"{size} inputs are more than the {self.limits.batch} of one request"
            raise Refusal(422, "", words, "send them in several requests, or raise --batch")
        if self.held + size > self.limits.queue:
            pause = min(60, max(1, math.ceil(self._pace * self.held)))
            words = f"{self.held} inputs wait already, of {self.limits.queue} at most"
            raise Refusal(429, "", words, f"try again in {pause} s", headers={"Retry-After": str(pause)})
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        ask = Ask(reading, size, due, lambda: _tell(loop, over), verdicts)
        self._worker.put(ask)
        self.held += size
        self._open.add(ask)
        return ask, over

    def _silence(self, seconds: float) -> Silence:
        if self._stopping:
            return Silence(Status.INTERRUPTED, "the service was stopped before it was judged")
        return Silence(Status.TIMEOUT, f"not judged within {seconds:g} s")

    def _end_all(self) -> None:
        for ask in self._open:
            ask.tell()


def _served(judge: AnyJudge, task: str | None) -> Mapping[str, Rubric]:
    """The rubrics that are served: all of the judge's, or the task's."""
    if task is None:
        return judge.rubrics
    found = by_task(judge.rubrics.values()).get(task)
    if found is None:
        raise UsageError(f"unknown task {task!r}; known: {', '.join(sorted(judge.rubrics))}")
    return {found.name: found}


def _tell(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    try:
        loop.call_soon_threadsafe(over.set)
    except RuntimeError:
        return  # the service has ended; nobody waits


def _header(words: str | None) -> float | None:
    if words is None:
        return None
    try:
        seconds = float(words)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise Refusal(422, "X-Deadline-Seconds", "is no number above 0", "give seconds: X-Deadline-Seconds: 2.5")
    return seconds


def _wrong(error: InputError) -> Refusal:
    words, _, remedy = str(error).rpartition("; ")
    return Refusal(422, "", words or remedy, remedy if words else "mend the request")
