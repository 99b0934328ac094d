"""What a line is asked to guarantee, before any label is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..records import ENOUGH, ENOUGH_OF_A_CLASS
from .guarantee import Weigh


@dataclass(frozen=True, slots=True)
class Aim:
    """What a line shall guarantee, and how people's word and the judge's score are read."""

    precision: float = 0.95
    confidence: float = 0.95
    score: str = "quality"
    mode: Literal["accept", "selective", "trust"] = "accept"
    """`accept`: people pass what is accepted. `selective`: and fail what is rejected. `trust`: they say what the judge
    says, where its confidence is above the line; the rest goes to the next judge of a cascade, or to people."""
    rule: str = "majority"
    min_yield: float | None = None
    """Least share of the judged pool that a line must accept to be worth having."""
    min_recall: float | None = None
    """Guarantee too that so large a share of the passing samples is accepted; the two losses share the confidence."""
    weigh: Weigh = "items"
    least: int = ENOUGH
    failing: int = ENOUGH_OF_A_CLASS
    """Fewest labels under which people say no."""
