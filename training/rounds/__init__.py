"""Self-training in rounds: generate, judge, filter, train, evaluate, audit."""

from .records import Figure, Round, Stop

__all__ = ["Figure", "Round", "Stop"]
