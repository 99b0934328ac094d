"""Runs commands of recjudge in children that are killed at a given time; forks them from one warm process.

As a script it reads one JSON order a line, {"argv": […], "after": .05, "since": "start" or "write"}, and answers each
with one line {"ended": 9, "seconds": …, "writing": …}. The time is counted from the child's start, or from when it
first touches a file under a temporary name. Without `after` it comes to its end.

A fork of a process that has threads may wait for ever for a lock that none of its own holds, as no command started by
itself does: an alarm ends it, which its order's answer tells as any signal.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from contextlib import redirect_stdout, suppress
from typing import Any

STUCK = 60
"""Seconds after which a child is ended; it takes one or two."""


def child(argv: list[str], pipe: int) -> None:
    """The command as it is; the first open, mkdir or rename under a temporary name is told through the pipe."""
    from recjudge.cli import main

    told = []

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "os.mkdir") and not told and ".part" in str(arguments[0]):
            told.append(os.write(pipe, b"w"))

    sys.addaudithook(hear)
    with redirect_stdout(open(os.devnull, "w")):
        os._exit(main(argv))


def trial(order: dict[str, Any]) -> dict[str, Any]:
    """One command, from its start to its end or its killing."""
    listen, tell = os.pipe()
    began = time.monotonic()
    number = os.fork()
    if number == 0:
        signal.alarm(STUCK)
        with suppress(BaseException):
            try:
                child(order["argv"], tell)
            except BaseException:
                traceback.print_exc()
        os._exit(99)
    os.close(tell)
    if order.get("since") == "write":
        select.select([listen], [], [])
    if order.get("after") is not None:
        time.sleep(order["after"])
        os.kill(number, signal.SIGKILL)
    else:
        select.select([listen], [], [])
    writing = time.monotonic()
    _, status = os.waitpid(number, 0)
    os.close(listen)
    ended = time.monotonic()
    return {"ended": os.waitstatus_to_exitcode(status), "seconds": ended - began, "writing": ended - writing}


if __name__ == "__main__":
    warm = json.loads(sys.stdin.readline())
    from recjudge.cli import main

    for argv in warm:
        with redirect_stdout(open(os.devnull, "w")):
            assert main(argv) == 0
    for line in sys.stdin:
        sys.stdout.write(json.dumps(trial(json.loads(line))) + "\n")
        sys.stdout.flush()
