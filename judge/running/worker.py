"""A worker process: packed windows come by its standard input, lines of verdicts go by its standard output.

A message is its length in eight bytes, then marshalled bytes. First comes the judge; then windows, until the input
ends. Each window is answered by `("lines", …)`, or by `("error", name, words)`, after which the process ends.
"""

from __future__ import annotations

import asyncio
import marshal
import os
import signal
import sys
import traceback
from queue import Queue
from threading import Thread
from typing import IO, Any

from ...errors import RecjudgeError
from ..garbage import collect_rarely
from ..verdicts import Line
from .here import ready
from .packing import unpack_judge

_AHEAD = 2
"""Windows that may wait here, so that who sends one is not held up by the one under way."""


def main() -> None:
    """Judges until the input ends. Ctrl-C is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    try:
        judge = unpack_judge(receive(sys.stdin.buffer) or b"")
        collect_rarely()
        asyncio.run(_serve(judge, sys.stdin.buffer, out))
    except RecjudgeError as error:
        _tell(out, ("error", type(error).__name__, str(error)))
    except BrokenPipeError:
        os._exit(1)  # nobody is there to read
    except Exception:
        _tell(out, ("error", "", traceback.format_exc()))


def receive(file: IO[bytes]) -> bytes | None:
    """The next message; None where the stream ends, be it in the middle of one."""
    head = file.read(8)
    size = int.from_bytes(head)
    body = file.read(size) if len(head) == 8 else b""
    return body if len(head) == 8 and len(body) == size else None


def send(file: IO[bytes], body: bytes) -> None:
    """One message, whole."""
    file.write(len(body).to_bytes(8) + body)
    file.flush()


async def _serve(judge: Any, source: IO[bytes], out: IO[bytes]) -> None:
    waiting: Queue[bytes | None] = Queue(_AHEAD)
    Thread(target=_read, args=(source, waiting), daemon=True).start()
    while (message := waiting.get()) is not None:
        items = ready(judge, marshal.loads(message))  # noqa: S302 - from our own parent
        lines = [tuple(Line.of(await judge.judge(item))) for item in items]
        send(out, marshal.dumps(("lines", lines)))


def _read(source: IO[bytes], waiting: Queue[bytes | None]) -> None:
    while (message := receive(source)) is not None:
        waiting.put(message)
    waiting.put(None)


def _tell(out: IO[bytes], message: tuple[str, ...]) -> None:
    try:
        send(out, marshal.dumps(message))
    except BrokenPipeError:
        os._exit(1)
