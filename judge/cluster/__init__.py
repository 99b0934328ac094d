"""Many shards, each judged by a run of its own with a ledger of its own, on a cluster or one after the other."""

from .folder import is_sharded, verdict_files
from .settings import Cluster

__all__ = ["Cluster", "is_sharded", "verdict_files"]
