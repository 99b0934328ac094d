"""Runs rounds in children that kill themselves at their n-th naming of a file, and looks at what a second run makes.

`python rounds_killed.py FOLDER STEP`: prints as JSON how many events there are, and at which of every STEP-th the
finished rounds were not those of a run that nobody killed, or a finished step was done again.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from itertools import count
from pathlib import Path
from typing import Any

import rounds_world as world

NAMING = {"replace": os.replace, "rename": os.rename}
EVENTS = count(1)


def run(folder: Path, kill_at: int = 0) -> int:
    """A run in a child, and the signal it ended by; it writes down how many events it saw."""
    child = os.fork()
    if child == 0:
        for name, call in NAMING.items():
            setattr(Path, name, with_events(call, kill_at))
        try:
            config = world.made(folder, change={"skill": 0.9}, count=6, audit=world.labelled(n=4))
            world.run(config, rounds=1)
            (folder / "events").write_text(str(next(EVENTS) - 1))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def with_events(call: Any, kill_at: int) -> Any:
    """An event on each side of giving a file its name."""

    def named(self: Path, target: Path) -> Path:
        for act in (lambda: None, lambda: call(self, target)):
            act()
            if next(EVENTS) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return Path(target)

    return named


def manifests(folder: Path) -> dict[str, Any]:
    """Those that are there."""
    return {path.parent.name: json.loads(path.read_text()) for path in folder.glob("rounds/*/manifest.json")}


def timeless(found: dict[str, Any]) -> dict[str, Any]:
    """Without what no two runs share."""
    return {name: {key: value for key, value in of.items() if key != "times"} for name, of in found.items()}


def again(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Steps that were finished before and have another time now."""
    return [
        f"{name} {step}"
        for name, of in before.items()
        for step in of["steps"]
        if of["times"][step] != after[name]["times"][step]
    ]


def main(folder: Path, every: int) -> None:
    assert run(folder) == 0
    whole, events = timeless(manifests(folder)), int((folder / "events").read_text())
    wrong = {}
    for kill_at in range(1, events + 1, every):
        shutil.rmtree(folder)
        killed, before = run(folder, kill_at), manifests(folder)
        ended, after = run(folder), manifests(folder)
        left = [path.name for path in folder.rglob("*.part")]
        if (killed, ended) != (9, 0) or timeless(after) != whole or again(before, after) or left:
            wrong[kill_at] = [killed, ended, timeless(after) == whole, again(before, after), left]
    sys.stdout.write(json.dumps({"events": events, "wrong": wrong}) + "\n")


if __name__ == "__main__":
    # warm, so that a child starts in milliseconds
    import scipy.special  # noqa: F401

    main(Path(sys.argv[1]), int(sys.argv[2]))
