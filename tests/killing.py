"""Runs `recjudge.score` in children that kill themselves at their n-th event; forks them from one warm process.

An event is a moment at which dying hurts: before a request is sent, after it is sent, after the reply is there, before
and after a COMMIT, before and after the verdicts' file gets its name. As a script it reads one JSON order a line:
{"source": …, "out": …, "url": …, "rubric": …, "kill_at": 17, "workers": 8, "shards": 0, "told": …}, and answers each
with one line {"signal": 9} or {"signal": 0}. A child that comes to its end writes the number of its events to `told`.
"""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any


class Fate:
    """Counts the events of this process and ends it at one of them."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.kill_at = 0
        self.seen = 0

    def event(self) -> None:
        self.seen = next(self.numbers)
        if self.seen == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


FATE = Fate()


class Connection(sqlite3.Connection):
    """A connection with an event on each side of a COMMIT."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql != "COMMIT":
            return super().execute(sql, *values)
        FATE.event()
        done = super().execute(sql)
        FATE.event()
        return done


class Events:
    """A provider with an event before a request is sent, while it is under way, and after its reply."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.name = inner, inner.name

    async def ask(self, prompt: Any) -> Any:
        FATE.event()
        asking = asyncio.create_task(self.inner.ask(prompt))
        await asyncio.sleep(0.002)
        FATE.event()
        reply = await asking
        FATE.event()
        return reply

    async def close(self) -> None:
        await self.inner.close()


def name_with_events(self: Path, target: Path) -> Path:
    """`Path.replace` with an event on each side."""
    both_sides(os.replace)(self, target)
    return Path(target)


def trial(order: dict[str, Any]) -> None:
    """One run of `score`, from its start to its end or its killing."""
    from recjudge import Options, load_judge, load_rubric, score

    FATE.kill_at = order["kill_at"]
    if order.get("processes"):
        in_processes(order)
        return
    rubrics, first = [load_rubric(Path(order["rubric"]))], order.get("first")
    if first:  # a cascade: what the first judge abstains on goes to the provider
        judge = load_judge(first, then=["compatible/m"], rubrics=rubrics, base_url=order["url"])
    else:
        judge = load_judge("compatible/m", rubrics=rubrics, base_url=order["url"])
    source, out = Path(order["source"]), Path(order["out"])
    if order.get("shards"):
        in_shards(source, judge.over(Events), out, order)
    else:
        score(source, judge.over(Events), out=out, options=Options(concurrency=order["workers"]))
    Path(order["told"]).write_text(str(FATE.seen))


def in_shards(source: Path, judge: Any, out: Path, order: dict[str, Any]) -> None:
    """The engine ray without Ray: this process is its one worker."""
    from recjudge import Options
    from recjudge.judge.cluster import Cluster
    from recjudge.judge.cluster.sharded import score_sharded
    from recjudge.judge.cluster.workers import OneByOne

    options = Options(engine="ray", concurrency=order["workers"], cluster=Cluster(shard_size=order["shards"]))
    score_sharded(str(source), judge, out=out, options=options, workers=OneByOne())


def in_processes(order: dict[str, Any]) -> None:
    """Workers that ask nobody; each writes down what it judges."""
    from recjudge import Options, score

    from plain_judges import Noting

    options = Options(engine="processes", processes=order["processes"])
    score(Path(order["source"]), Noting(notes=order["notes"]), out=Path(order["out"]), options=options)
    Path(order["told"]).write_text(str(FATE.seen))


def both_sides(work: Callable[..., Any]) -> Callable[..., Any]:
    """The same with an event on each side."""

    def done(*given: Any) -> Any:
        FATE.event()
        said = work(*given)
        FATE.event()
        return said

    return done


def serve(trial: Callable[[dict[str, Any]], None]) -> None:
    """Forks a child for each order, which tries it, and tells how it ended."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                try:
                    trial(json.loads(line))
                    os._exit(0)
                except BaseException:
                    traceback.print_exc()
            os._exit(1)
        _, status = os.waitpid(child, 0)
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        sys.stdout.write(json.dumps({"signal": ended}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sqlite3.connect = partial(sqlite3.connect, factory=Connection)  # type: ignore[assignment]  # before recjudge takes it
    Path.replace = name_with_events  # type: ignore[assignment, method-assign]
    # warm, so that a child starts in milliseconds
    import aiohttp  # noqa: F401
    from recjudge import Options, load_judge, load_rubric, score  # noqa: F401
    from recjudge.judge.cluster.folder import _Whole
    from recjudge.judge.cluster.sharded import score_sharded  # noqa: F401

    _Whole.__exit__ = both_sides(_Whole.__exit__)  # type: ignore[method-assign]  # files of a sharded run get their names
    load_judge("compatible/m", rubrics=[load_rubric("text")], base_url="http://127.0.0.1:9/v1")
    serve(trial)
