"""The fault server as a process of its own, for tests that end processes or measure their own memory."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from programs import ending

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Process:
    """A running server: `url` for the OpenAI-shaped endpoints, `root` for Anthropic's, and its control."""

    url: str
    pid: int

    @property
    def root(self) -> str:
        """The address without `/v1`."""
        return self.url.removesuffix("/v1")

    def stats(self) -> dict[str, Any]:
        """Counts since the start or the last reset."""
        return self._call("stats")  # type: ignore[no-any-return]  # JSON

    def log(self) -> list[dict[str, Any]]:
        """One entry a request."""
        return self._call("log")  # type: ignore[no-any-return]  # JSON

    def control(self, **settings: Any) -> None:
        """Sets `faults`, `replies`, `latency_ms` or `keys`."""
        self._call("control", settings)

    def reset(self) -> None:
        """Forgets what was counted."""
        self._call("reset", {})

    def _call(self, name: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.root}/__{name}", data, timeout=120) as answer:
            return json.load(answer)


@contextmanager
def wire_process(
    *, port: int = 0, latency_ms: float = 0, keys: tuple[str, ...] = (), **settings: Any
) -> Iterator[Process]:
    """Starts `python -m tests.servers.wire` and ends it afterwards; `settings` are those of `control`."""
    command = [sys.executable, "-m", "tests.servers.wire", "--port", str(port), "--latency-ms", str(latency_ms)]
    command += [word for key in keys for word in ("--key", key)]
    with ending(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)) as process:
        assert process.stdout is not None
        running = Process(json.loads(process.stdout.readline())["url"], process.pid)
        if settings:
            running.control(**settings)
        yield running
