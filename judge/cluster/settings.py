"""What a sharded run needs to know of its cluster. It changes no verdict."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import UsageError

SHARD = 64 << 20
"""Bytes of a shard: some 10^5 samples of some hundred bytes, so an actor's hour with a network and minutes without."""


@dataclass(frozen=True)
class Cluster:
    """Where the actors are and how many. Raises `UsageError` for what cannot be."""

    address: str = "auto"
    """`auto`: the cluster of this machine; `local`: one of this process alone; `HOST:PORT`, `ray://HOST:PORT`."""
    actors: int | None = None
    """None: as many as the cluster has room for, and not more than there are shards."""
    actor_cpus: float = 0.5
    """CPUs that an actor reserves: a half where it waits for a provider, 1 where it computes."""
    shard_size: int = SHARD
    """Bytes after which a file is cut; a packed or CSV file is never cut, a Parquet file between its row groups."""
    scratch: str | None = None
    """Folder on each node for ledgers at work. None: the output folder itself where it is a path, else a temporary one.
    """

    def __post_init__(self) -> None:
        if self.actors is not None and self.actors < 1:
            raise UsageError(f"actors: {self.actors}; give 1 or more")
        if self.actor_cpus <= 0:
            raise UsageError(f"actor CPUs: {self.actor_cpus}; give a share of a CPU, e.g. 0.5")
        if self.shard_size < 1:
            raise UsageError(f"shard size: {self.shard_size} bytes; give 1 or more, e.g. {SHARD}")
