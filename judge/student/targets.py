"""What a Student says: for each target an ordered scale, and how a score becomes a probability of each label."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

GRADE = "grade"
"""The target that is the sample's grade; every other is a dimension of the rubric."""


@dataclass(frozen=True, slots=True)
class Target:
    """One ordered answer of a Student: a cumulative logistic of its score.

    P(label <= k) = 1 / (1 + exp(slope * score - cuts[k])), the proportional-odds model (McCullagh 1980).
    """

    name: str
    """`grade`, or a dimension of the rubric."""
    labels: tuple[str, ...]
    """Worst first."""
    slope: float = 1.0
    """At least 0: a higher score never makes a worse label likelier. 0: nothing was learned, and nothing is said."""
    cuts: tuple[float, ...] = ()
    """Ascending; one fewer than labels."""

    def __post_init__(self) -> None:
        if len(self.cuts) != len(self.labels) - 1 or list(self.cuts) != sorted(self.cuts) or self.slope < 0:
            raise ValueError(f"target {self.name!r}: {len(self.labels)} labels need as many cuts less one, ascending")

    @property
    def learned(self) -> bool:
        """False where every sample would get the same answer: that is no word on any of them."""
        return self.slope > 0

    def shares(self, score: float) -> tuple[float, ...]:
        """The probability of each label, worst first."""
        below = [_logistic(cut - self.slope * score) for cut in self.cuts]
        return tuple(high - low for low, high in zip([0.0, *below], [*below, 1.0], strict=True))

    def shares_of(self, scores: NDArray[float64]) -> list[tuple[float, ...] | None]:
        """Of each of (n,) scores, the probability of each label, worst first; None where the score is NaN."""
        import numpy as np

        distance = np.asarray(self.cuts, dtype=np.float64) - self.slope * np.ascontiguousarray(scores)[:, None]
        small = np.exp(-np.abs(distance))
        below = np.where(distance >= 0, 1.0, small) / (1.0 + small)
        shares = np.diff(below, prepend=0.0, append=1.0, axis=1).tolist()
        return [None if blind else tuple(row) for row, blind in zip(shares, np.isnan(scores).tolist(), strict=True)]

    def expected(self, score: float) -> float:
        """The place expected on the scale, in [0, 1]; it orders samples as their scores do."""
        return expected(self.shares(score))


def expected(shares: tuple[float, ...]) -> float:
    """The place expected on a scale, in [0, 1], from the probability of each label, worst first."""
    return sum(place * share for place, share in enumerate(shares)) / max(1, len(shares) - 1)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
