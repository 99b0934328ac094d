"""Windows spread over worker processes, for judges that ask nobody; this process reads, commits and writes."""

from __future__ import annotations

import asyncio
import marshal
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from pickle import PicklingError
from typing import Any

from ...errors import StorageError, UsageError, error_named
from ..verdicts import Line
from .packing import Packed, pack_judge
from .work import Done, Judging, Work, close
from .worker import receive, send

_AHEAD = 2
"""Windows a worker holds: one that it judges, one that waits."""
_START = "from recjudge.judge.running.worker import main; main()"
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Every core has a process of its own: threads beside it would only get in its way."""


async def processes(work: Work) -> AsyncIterator[Sequence[Line]]:
    """Starts nothing before there is a window to judge. A worker that dies ends the run with what to do about it.

    What it had not handed in is judged by the next run; what it had is committed.
    """
    windows = iter(work.windows)
    if (first := next(windows, None)) is None:
        return
    done: Done = asyncio.Queue()
    crew = start(work.judge, work.processes)
    threads = ThreadPoolExecutor(len(crew), thread_name_prefix="recjudge-worker")
    shared = chain([first], windows)
    tasks = [asyncio.create_task(_drive(worker, shared, work, done, threads)) for worker in crew]
    closing = asyncio.create_task(close(tasks, work, done))
    try:
        while (lines := await done.get()) is not None:
            yield lines
        await closing
    finally:
        for worker in crew:
            worker.end()
        for task in (*tasks, closing):
            task.cancel()
        await asyncio.gather(*tasks, closing, return_exceptions=True)
        threads.shutdown(wait=True)


class Worker:
    """One process and its two pipes."""

    def __init__(self, packed: bytes) -> None:
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
        environment = os.environ | dict.fromkeys(_ONE_THREAD, "1") | {"PYTHONPATH": paths}
        self.process = subprocess.Popen(  # noqa: S603 - this interpreter, and words of our own
            [sys.executable, "-P", "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self._judge: bytes | None = packed

    def send(self, window: Sequence[Packed]) -> None:
        """Hands a window in; the first time, the judge before it."""
        try:
            message = marshal.dumps(list(window))
        except ValueError:
            raise UsageError(
                "the samples hold Python objects that cannot go to another process; judge them with one (--processes 1)"
            ) from None
        with suppress(BrokenPipeError):  # `receive` knows why
            if self._judge is not None:
                send(self._input, self._judge)
                self._judge = None
            send(self._input, message)

    def receive(self) -> list[Line]:
        """The lines of the oldest window under way. Raises what the worker raised, and `StorageError` if it died."""
        answer = receive(self._output)
        if answer is None:
            raise StorageError(_died(self.process.wait()))
        kind, *cells = marshal.loads(answer)  # noqa: S302 - from our own child
        if kind == "lines":
            return [Line(*line) for line in cells[0]]
        name, words = cells
        raise error_named(name, words) or RuntimeError(f"a worker process failed:\n{words}")

    def end(self) -> None:
        """Ends the process, whatever it is doing; what it has not handed in is lost to nobody."""
        self.process.kill()
        self.process.wait()
        for pipe in (self._input, self._output):
            with suppress(OSError):
                pipe.close()

    @property
    def _input(self) -> Any:
        return self.process.stdin

    @property
    def _output(self) -> Any:
        return self.process.stdout


def start(judge: Judging, count: int) -> list[Worker]:
    """So many workers with the judge. Raises `UsageError` for a judge that cannot go to another process."""
    try:
        packed = pack_judge(judge)
    except (PicklingError, TypeError, AttributeError) as error:
        raise UsageError(
            f"this judge cannot go to another process ({error}); let it judge in this one (--processes 1)"
        ) from error
    return [Worker(packed) for _ in range(count)]


async def _drive(
    worker: Worker, windows: Iterator[Sequence[Packed]], work: Work, done: Done, threads: ThreadPoolExecutor
) -> None:
    loop, held = asyncio.get_running_loop(), 0
    while True:
        while held < _AHEAD and not work.stop.is_set() and (window := next(windows, None)) is not None:
            await loop.run_in_executor(threads, worker.send, window)
            held += 1
        if not held:
            return
        lines = await loop.run_in_executor(threads, worker.receive)
        held -= 1
        await work.commit(lines)
        done.put_nowait(lines)


def _died(status: int) -> str:
    how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
    return (
        f"a worker process ended {how}, as when memory runs out; what was judged is safe: run the same command again, "
        "with fewer workers (--processes 1) if it happens again"
    )
