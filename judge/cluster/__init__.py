"""Many shards, each judged by a run of its own with a ledger of its own, on a cluster or one after the other."""
