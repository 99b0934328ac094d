"""The alternative annotator test: may this judge stand in for one of the annotators? (Calderon, Reichart, Dror 2025)"""

from __future__ import annotations

from dataclasses import dataclass

from ..intervals import Interval


@dataclass(frozen=True, slots=True)
class Against:
    """The test against one annotator."""

    annotator: str
    n: int
    """Items she labelled, with another annotator's label beside."""
    judge: float
    """P(W^f): how often the judge is at least as close to the others as she is."""
    annotator_wins: float
    """P(W^h): how often she is at least as close as the judge."""
    p: float
    rejected: bool
    """H0 (she is better by more than epsilon) is rejected at the false discovery rate."""
    test: str
    """`t`, `cluster t` or `wilcoxon`."""


@dataclass(frozen=True, slots=True)
class AltTest:
    """Its outcome. `passed` is None where it cannot be held: too few annotators or items; `note` says which."""

    winning_rate: float
    """omega: share of annotators against whom H0 is rejected."""
    advantage: Interval
    """rho: mean probability that the judge is at least as good as the annotator left out."""
    epsilon: float
    against: tuple[Against, ...]
    passed: bool | None
    note: str = ""
