"""A live cluster of Ray on the loopback net: a head and a worker, each a process with children, ended by their ids."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from programs import descendants, kill_all

STORE = str(80 << 20)
"""Bytes of a node's object store: the least that Ray takes is 75 MiB."""
QUICK = {
    "RAY_health_check_initial_delay_ms": "1000", "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "2000", "RAY_health_check_failure_threshold": "3", "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(20),
}  # fmt: skip
"""A lost node is noticed in seconds; who speaks to the cluster needs its token."""
NODES = ("127.0.0.2", "127.0.0.3")
"""Ray takes 127.0.0.1 for another name of the machine's outer address."""


@dataclass
class Node:
    """One node: the process that started it, and all below it."""

    process: subprocess.Popen[bytes]

    def pids(self) -> set[int]:
        """Of the node and its workers, as they are now."""
        return descendants(self.process.pid)

    def kill(self) -> None:
        """Ends all of it at once, as a power cut does."""
        kill_all(self.process.pid)
        self.process.wait()


@dataclass
class Live:
    """The cluster while it lives."""

    address: str
    head: Node
    worker: Node

    def pids(self) -> set[int]:
        """Of all nodes and their workers, as they are now."""
        return self.head.pids() | self.worker.pids()


@contextmanager
def live(python: Path) -> Iterator[Live]:
    """Two nodes of two CPUs each; nothing of them is left at the end."""
    # a short name: sockets lie in it, whose paths may have a hundred characters
    folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp")
    address = f"{NODES[0]}:{_free_port()}"
    nodes: list[Node] = []
    common = ["--num-cpus", "2", "--object-store-memory", STORE, "--block"]
    try:
        for ip, where in zip(
            NODES,
            (
                ["--head", "--port", address.rpartition(":")[2], "--include-dashboard", "false", "--temp-dir", folder],
                ["--address", address],
            ),
            strict=True,
        ):
            nodes.append(_started(python, [*where, "--node-ip-address", ip, *common]))
            _until(lambda: _knows(python, address, len(nodes)))
        yield Live(address, *nodes)
    finally:
        for node in reversed(nodes):
            node.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _started(python: Path, words: list[str]) -> Node:
    environment = os.environ | QUICK | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [str(python), "-m", "ray.scripts.scripts", "start", *words]
    quiet = subprocess.DEVNULL
    return Node(subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True))


def _knows(python: Path, address: str, nodes: int) -> bool:
    code = (
        f"import ray; ray.init(address={address!r}, log_to_driver=False, logging_level='ERROR'); "
        "print(sum(node['Alive'] for node in ray.nodes()))"
    )
    asked = subprocess.run(
        [str(python), "-c", code], capture_output=True, text=True, check=False, timeout=60, env=os.environ | QUICK
    )
    return asked.stdout.strip() == str(nodes)


def _until(holds: object, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((NODES[0], 0))
        return int(probe.getsockname()[1])
