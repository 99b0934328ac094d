"""The listwise contrastive loss of RecGPT-V2 over any number of ordered levels, and its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]


def listwise(scores: Numbers, values: Numbers, groups: NDArray[int64]) -> tuple[float, Numbers]:
    """The loss, summed over groups, and its gradient by the scores.

    L = - sum over y above its group's lowest level of log[e^f(y) / (e^f(y) + sum over y' of lower levels of e^f(y'))]
    (RecGPT-V2, arXiv 2512.14503, the listwise reward model, there for S > A > B). scores: (n,) f. values: (n,) equal
    where samples are of one level, and then they do not compete; NaN where nothing is known. groups: (n,) numbers of
    what competes. A group of one level adds nothing. Convex in the scores.
    """
    return Lists.of(values, groups).loss(scores)


@dataclass(frozen=True)
class Lists:
    """Groups with something to order, ready for any scores: those of one size side by side, each worst first."""

    n: int
    places: tuple[NDArray[int64], ...]
    """Of each size: (groups, size) places in the scores."""
    below: tuple[NDArray[int64], ...]
    """How many of the group are of lower levels."""
    upto: tuple[NDArray[int64], ...]
    """How many of the group are of this level or a lower one."""
    degenerate: int
    """Groups of one level, those of one sample among them."""

    @classmethod
    def of(cls, values: Numbers, groups: NDArray[int64]) -> Lists:
        """Read `listwise`."""
        import numpy as np

        values = np.asarray(values, dtype=np.float64)
        order = np.lexsort((values, groups))
        order = order[~np.isnan(values[order])]
        starts = np.flatnonzero(np.diff(groups[order], prepend=-1 if not len(order) else groups[order[0]] - 1))
        found: dict[int, list[NDArray[int64]]] = {}
        degenerate = 0
        for part in np.split(order, starts[1:]) if len(order) else ():
            if values[part[0]] == values[part[-1]]:
                degenerate += 1
            else:
                found.setdefault(len(part), []).append(part)
        places = tuple(np.stack(found[size]) for size in sorted(found))
        sides = [_sides(values[rows]) for rows in places]
        return cls(len(values), places, tuple(low for low, _ in sides), tuple(high for _, high in sides), degenerate)

    @property
    def groups(self) -> int:
        """Those with something to order."""
        return sum(len(rows) for rows in self.places)

    @property
    def terms(self) -> int:
        """Samples above their group's lowest level: addends of the loss."""
        return sum(int((low > 0).sum()) for low in self.below)

    def loss(self, scores: Numbers) -> tuple[float, Numbers]:
        """The loss and its gradient, (n,)."""
        import numpy as np

        total, gradient = 0.0, np.zeros(self.n)
        for places, below, upto in zip(self.places, self.below, self.upto, strict=True):
            loss, slope = _one_size(np.asarray(scores, dtype=np.float64)[places], below, upto)
            total += loss
            gradient[places] = slope  # a sample stands in one group
        return total, gradient


def _sides(values: Numbers) -> tuple[NDArray[int64], NDArray[int64]]:
    """Of (groups, size) ascending values: how many of the row are lower, and how many are not higher."""
    import numpy as np

    size = values.shape[1]
    new = np.ones_like(values, dtype=bool)
    new[:, 1:] = values[:, 1:] > values[:, :-1]
    low = np.maximum.accumulate(np.where(new, np.arange(size), 0), axis=1)
    last = np.ones_like(new)
    last[:, :-1] = new[:, 1:]
    high = np.minimum.accumulate(np.where(last, np.arange(1, size + 1), size)[:, ::-1], axis=1)[:, ::-1]
    return low, high


def _one_size(f: Numbers, below: NDArray[int64], upto: NDArray[int64]) -> tuple[float, Numbers]:
    """Loss and gradient of (groups, size) scores, all in logarithms: no score is too large or too far from another.

    With D(y) the log of the sum of e^f over lower levels, an addend is log(1 + e^(D(y) - f(y))). Its slope by f(y) is
    -s(y) = -1 / (1 + e^(f(y) - D(y))), and by a lower f(y') it is s(y) e^(f(y') - D(y)).
    """
    import numpy as np

    above = below > 0
    sums = np.logaddexp.accumulate(f, axis=1)
    under = np.where(above, np.take_along_axis(sums, np.maximum(below - 1, 0), axis=1), 0.0)
    apart = np.where(above, under - f, 0.0)
    loss = float(np.logaddexp(0.0, apart)[above].sum())
    share = np.where(above, -np.logaddexp(0.0, -apart), -np.inf)  # log s(y)
    # from the best down: the log of the sum of s(y) e^-D(y) over this place and all better ones
    beyond = np.logaddexp.accumulate(np.where(above, share - under, -np.inf)[:, ::-1], axis=1)[:, ::-1]
    beyond = np.concatenate([beyond, np.full((len(f), 1), -np.inf)], axis=1)
    return loss, np.exp(f + np.take_along_axis(beyond, upto, axis=1)) - np.exp(share)
