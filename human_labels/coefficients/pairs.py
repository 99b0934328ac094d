"""Two raters, categories: Cohen's kappas, PABAK, MCC, and the indices that explain them, from sums over a 2-way table.

Sums kept are the count, the disagreement and both raters' marginals, so that whether a value is defined is decided on
whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from ..intervals import Sums, ratio
from ..records import Table
from .patterns import categories, two

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

Weights = Literal["identity", "linear", "quadratic"]


def kappa(table: Table, weights: Weights = "identity") -> Sums:
    """Cohen's kappa, 1 - observed / expected disagreement over the items both labelled.

    Cohen 1960, EPM 20:37-46; weighted: Cohen 1968, Psychological Bulletin 70:213-220, disagreement |k - l| (linear) or
    (k - l)^2 (quadratic) of the codes. NaN where both give one and the same label only; 0 where one of them never
    varies.
    """
    return _of_margins(table, weights, _kappa)


def pabak(table: Table) -> Sums:
    """Prevalence- and bias-adjusted kappa, (q p_o - 1)/(q - 1) for the q codes of the scale; binary: 2 p_o - 1.

    Byrt, Bishop and Carlin 1993, J Clin Epidemiol 46:423-429; for q > 2, Brennan and Prediger 1981. Depends on q.
    """
    return _of_margins(table, "identity", lambda n, apart, first, second, far: _pabak(n, apart, len(far)))


def mcc(table: Table) -> Sums:
    """Matthews' correlation; for more than two labels Gorodkin's R_K (2004, Comput Biol Chem 28:367-374).

    NaN where a rater never varies.
    """
    return _of_margins(table, "identity", lambda n, apart, first, second, far: matthews(n - apart, first, second))


def bias_index(table: Table) -> Sums:
    """|b - c| / n: by how much the two raters' shares of the higher label differ. Binary scales; NaN on others."""
    return _of_margins(table, "identity", lambda n, apart, first, second, far: _index(n, first, -second, 0.0))


def prevalence_index(table: Table) -> Sums:
    """|a - d| / n: how far the two labels are from equally frequent. Binary scales; NaN on others."""
    return _of_margins(table, "identity", lambda n, apart, first, second, far: _index(n, first, second, -n))


def disagreement(codes: Numbers, weights: Weights) -> Numbers:
    """(q, q): 1 off the diagonal, |k - l|, or (k - l)^2 of the codes."""
    import numpy as np

    apart = np.abs(np.subtract.outer(codes, codes))
    return {"identity": (apart > 0).astype(float), "linear": apart, "quadratic": apart**2}[weights]


def _of_margins(table: Table, weights: Weights, of: Callable[..., Numbers]) -> Sums:
    """`of(n, disagreement, first's counts, second's counts, disagreement matrix)`."""
    import numpy as np

    two(table)
    found = categories(table)
    q, far = len(found.codes), disagreement(found.codes, weights)
    both = found.complete
    apart = np.zeros(len(found.cells))
    apart[both] = far[found.cells[both, 0], found.cells[both, 1]]
    features = np.column_stack([both, apart, found.one_hot(0), found.one_hot(1)])

    def finish(sums: Numbers) -> Numbers:
        return of(sums[..., 0], sums[..., 1], sums[..., 2 : 2 + q], sums[..., 2 + q :], far)

    return found.sums(features, finish, both)


def _kappa(n: Numbers, apart: Numbers, first: Numbers, second: Numbers, far: Numbers) -> Numbers:
    return 1 - ratio(n * apart, ((first @ far) * second).sum(axis=-1))


def _pabak(n: Numbers, apart: Numbers, q: int) -> Numbers:
    return ratio(q * (1 - ratio(apart, n)) - 1, q - 1)  # type: ignore[arg-type]


def matthews(alike: Numbers, first: Numbers, second: Numbers) -> Numbers:
    """R_K of the number of items on which both say the same and (..., q) counts of what each says."""
    import numpy as np

    n = first.sum(axis=-1)
    over = alike * n - (first * second).sum(axis=-1)
    one, other = (np.sqrt(n * n - (counts**2).sum(axis=-1)) for counts in (first, second))
    return ratio(over, one * other)


def _index(n: Numbers, first: Numbers, second: Numbers, more: Numbers | float) -> Numbers:
    import numpy as np

    if first.shape[-1] != 2:
        return np.full(np.shape(n), np.nan)
    return ratio(np.abs(first[..., 1] + second[..., 1] + more), n)
