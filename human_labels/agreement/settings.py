"""What an agreement report may be asked for; the defaults are the recommended use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EPSILONS = {"expert": 0.2, "end_user": 0.15, "crowd": 0.1}
"""The alt-test's margin by role; Calderon et al. 2025 advise .2 for experts, .15 for skilled raters, .1 for a crowd."""


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
    epsilons: Mapping[str, float] = field(default_factory=lambda: EPSILONS)

    def margin(self, role: str) -> float:
        """The alt-test's epsilon for labels of a role."""
        return self.epsilon if self.epsilon is not None else self.epsilons.get(role.split("+")[0], 0.2)
