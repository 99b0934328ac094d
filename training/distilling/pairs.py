"""Pairs of one context of which one is better: what a scorer is held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]

MOST = 600
"""In contexts of more samples each is held against so many others, drawn: a fixed prompt may have thousands."""


@dataclass(frozen=True)
class Pairs:
    """Places of the better and of the worse one."""

    n: int
    better: NDArray[int64]
    worse: NDArray[int64]

    @classmethod
    def of(cls, values: Numbers, groups: NDArray[int64], seed: int = 0) -> Pairs:
        """All pairs of unequal value within a group; NaN is in none."""
        import numpy as np

        random = np.random.default_rng(seed)
        better, worse = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for part in members(values, groups):
            one = np.repeat(part, len(part))
            other = np.tile(part, len(part))
            if len(part) > MOST:
                one, other = np.repeat(part, MOST), random.choice(part, MOST * len(part))
            above = values[one] > values[other]
            better.append(one[above])
            worse.append(other[above])
        return cls(len(values), np.concatenate(better), np.concatenate(worse))

    def right(self, scores: Numbers) -> Numbers:
        """(pairs,) 1 where the scores have the better one above, 0 below, 1/2 equal; NaN where one has no score."""
        import numpy as np

        return np.asarray((np.sign(scores[self.better] - scores[self.worse]) + 1) / 2, dtype=np.float64)

    def accuracy(self, scores: Numbers) -> float:
        """The share in order, of pairs with both scores; NaN without any."""
        import numpy as np

        right = self.right(scores)
        right = right[~np.isnan(right)]
        return float(right.mean()) if len(right) else float("nan")


def members(values: Numbers, groups: NDArray[int64]) -> list[NDArray[int64]]:
    """The places of each group's samples with a value, groups by number."""
    import numpy as np

    order = np.argsort(groups, kind="stable")
    order = order[~np.isnan(values[order])]
    starts = np.flatnonzero(np.diff(groups[order])) + 1
    return list(np.split(order, starts)) if len(order) else []
