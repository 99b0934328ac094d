"""What stands around every call: the store, retries, pace, breaker, budget."""

from .wrappers import Meter, Price, Retrying, paced, stack

__all__ = ["Meter", "Price", "Retrying", "paced", "stack"]
