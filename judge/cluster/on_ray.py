"""Workers that are actors of Ray Data: it starts them, hands out, holds back, and gives a lost actor's work to another.

Needs `pip install "recjudge[ray]"`, here and on every node; nothing of Ray is imported before a run asks for it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from ...errors import UsageError
from ..running.packing import pack_judge, unpack_judge
from .settings import Cluster
from .workers import Failed, tried

T = TypeVar("T")
R = TypeVar("R")
_INSTALL = 'the engine ray needs Ray Data: pip install "recjudge[ray]"'


class OnRay:
    """A connection to a cluster; ends it, and one that it started, unless the caller had it before."""

    def __init__(self, cluster: Cluster) -> None:
        """Raises `UsageError` where Ray is not installed."""
        self.cluster = cluster
        try:
            import ray
            import ray.data
        except ImportError as error:
            raise UsageError(f"{_INSTALL} ({error})") from error
        self._ray: Any = ray

    def __enter__(self) -> OnRay:
        """Raises `UsageError` where no cluster answers."""
        self._ours = not self._ray.is_initialized()
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        if self._ours:
            address = self.cluster.address
            quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
            alone = {"include_dashboard": False} if address == "local" else {}
            try:
                self._ray.init(address=address, **quiet, **alone)
            except (ConnectionError, ValueError, RuntimeError, ImportError) as error:
                raise UsageError(
                    f"no Ray cluster answers at {address} ({error}); start one (ray start --head), or give another "
                    "--address: auto, local, HOST:PORT"
                ) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._ours:
            self._ray.shutdown()

    def count(self, items: int) -> int:
        """As many as were asked for, else as the cluster's CPUs have room for; never more than items."""
        room = int(self._ray.cluster_resources().get("CPU", 1) // self.cluster.actor_cpus)
        return max(1, min(items, self.cluster.actors or room))

    def each(self, make: Callable[[], Callable[[T], R]], items: Sequence[T], count: int) -> Iterator[R]:
        """An item at a time to each actor, and one that waits: a lost actor's are done again by another."""
        data = self._ray.data
        context = data.DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        rows = data.from_items([{"item": pack_judge(item)} for item in items], override_num_blocks=len(items))
        # Ray Data starts a lost actor again without end, and does its items again, unless it is told otherwise
        hands = data.ActorPoolStrategy(size=count, max_tasks_in_flight_per_actor=2)
        done = rows.map(
            _Actor, fn_constructor_args=(pack_judge(make),), num_cpus=self.cluster.actor_cpus, compute=hands
        )
        for row in done.iter_rows():
            result = unpack_judge(row["item"])  # from our own actors
            if isinstance(result, Failed):
                raise result.error()
            yield result


class _Actor:
    """Holds one tool for as long as it lives."""

    def __init__(self, made: bytes) -> None:
        self._tool: Any = tried(lambda: unpack_judge(made)())  # from who started this actor

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        if isinstance(self._tool, Failed):
            return {"item": pack_judge(self._tool)}
        return {"item": pack_judge(tried(lambda: self._tool(unpack_judge(row["item"]))))}
