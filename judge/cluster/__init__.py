"""Many shards, each judged by a run of its own with a ledger of its own, on a cluster or one after the other."""

from .folder import verdict_files
from .settings import Cluster

__all__ = ["Cluster", "verdict_files"]
