"""What an agreement report may be asked for; the defaults are the recommended use."""

from __future__ import annotations

from dataclasses import dataclass

from ..validity.alt_test import EPSILONS


@dataclass(frozen=True, slots=True)
class Settings:
    """How figures are made."""

    rule: str = "majority"
    """People's word on an item, a name in `RULES`."""
    draws: int = 1000
    seed: int = 0
    epsilon: float | None = None
    """Of the alt-test; None takes that of the role."""
    most: int = 100
    """Most disagreements listed a section."""
    values: int = 12
    """A column with more values than this is no stratum, but a name."""
    few: int = 30
    """Below so many labelled items figures are printed as too few to act on."""

    def margin(self, role: str) -> float:
        """The alt-test's epsilon for labels of a role; the strictest of several pooled."""
        return self.epsilon if self.epsilon is not None else min(EPSILONS[name] for name in role.split("+"))
