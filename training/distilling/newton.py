"""The same minima for few samples, by Newton's method: a hundred small fits in the time of a few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import float64, int64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]
    Bend = Callable[[Numbers], tuple[float, Numbers, Numbers]]
    """(n,) scores to a convex loss, its (n,) gradient and its (n, n) second derivatives."""

FEW = 200
"""Samples up to which this is faster than a quasi-Newton method: second derivatives are a table of n by n."""
STEPS = 60
CLOSE = 1e-10


def path(columns: Numbers, bend: Bend, shrinkages: Sequence[float], free: bool) -> Iterator[Numbers]:
    """Weights at each shrinkage, of loss + shrinkage / 2 times their squares; free: with an intercept, not shrunk.

    The weights are combinations of the rows (representer theorem), so that no more of them are looked for than there
    are samples.
    """
    import numpy as np

    left, sizes, right = np.linalg.svd(columns, full_matrices=False)
    kept = sizes > 1e-10 * max(1.0, float(sizes.max(initial=0.0)))
    basis = left[:, kept] * sizes[kept]
    width = basis.shape[1]
    if free:
        basis = np.hstack([basis, np.ones((len(columns), 1))])
    at = np.zeros(basis.shape[1])
    for shrinkage in shrinkages:
        shrunk = np.full(len(at), shrinkage)
        shrunk[width:] = 1e-9  # where all is of one level the intercept has no end
        at = _minimum(basis, bend, at, shrunk)
        found: Numbers = right[kept].T @ at[:width]
        yield found


def _minimum(basis: Numbers, bend: Bend, at: Numbers, shrunk: Numbers) -> Numbers:
    """Newton steps, halved until they go down."""
    import numpy as np

    def total(place: Numbers) -> tuple[float, Numbers, Numbers]:
        loss, slope, curve = bend(basis @ place)
        return loss + float(shrunk @ place**2) / 2, basis.T @ slope + shrunk * place, curve

    if not len(at):
        return at
    value, slope, curve = total(at)
    for _ in range(STEPS):
        step = np.linalg.solve(basis.T @ curve @ basis + np.diag(shrunk), slope)
        gain, length = float(slope @ step), 1.0
        if gain < CLOSE:
            break
        while length > 1e-6:
            new = at - length * step
            told = total(new)
            if told[0] <= value - length * gain / 10:
                break
            length /= 2
        else:
            break
        at, (value, slope, curve) = new, told
    return at


def listwise_bend(values: Numbers, groups: NDArray[int64]) -> Bend:
    """The loss of `listwise`, a mean over its addends."""
    import numpy as np

    known = ~np.isnan(values)
    lower = (groups[:, None] == groups[None, :]) & (values[None, :] < values[:, None]) & known[:, None] & known[None, :]
    above = np.flatnonzero(lower.any(axis=1))
    among = lower[above]
    among[np.arange(len(above)), above] = True
    own = np.bincount(above, minlength=len(values)).astype(float)
    terms = max(1, len(above))

    def bend(f: Numbers) -> tuple[float, Numbers, Numbers]:
        scores = np.where(among, f[None, :], -np.inf)
        most = scores.max(axis=1, initial=-np.inf, keepdims=True)
        parts = np.exp(scores - most)
        sums = parts.sum(axis=1, keepdims=True)
        share = parts / sums
        loss = float((most[:, 0] + np.log(sums[:, 0]) - f[above]).sum())
        whole = share.sum(axis=0)
        return loss / terms, (whole - own) / terms, (np.diag(whole) - share.T @ share) / terms

    return bend


def pointwise_bend(values: Numbers, top: float) -> Bend:
    """Logistic regression of the place in [0, 1], a mean over what is known."""
    import numpy as np

    known = ~np.isnan(values)
    y, n = np.where(known, values, 0.0) / top, max(1, int(known.sum()))

    def bend(f: Numbers) -> tuple[float, Numbers, Numbers]:
        share = 1 / (1 + np.exp(-np.clip(f, -500, 500)))
        loss = float((np.logaddexp(0.0, f) - y * f)[known].sum())
        return loss / n, np.where(known, share - y, 0.0) / n, np.diag(np.where(known, share * (1 - share), 0.0)) / n

    return bend
