"""From verdicts to a better generator."""
