"""What stands around every call: the store, retries, pace, breaker, budget."""
