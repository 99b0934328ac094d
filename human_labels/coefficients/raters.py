"""Any number of raters, categories, missing cells: raw agreement, Fleiss, Conger, Gwet's AC1 and AC2.

All share the observed agreement p_a, the mean over items with at least two labels of the (weighted) share of agreeing
pairs, and differ in the agreement p_e expected by chance.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..intervals import Sums, ratio
from ..records import Table
from .pairs import Weights, disagreement
from .patterns import Patterns, categories

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def raw_agreement(table: Table) -> Sums:
    """Mean over items with at least two labels of the share of its pairs of raters who agree."""
    import numpy as np

    found = categories(table, ordered=False)
    agreeing, several = _observed(found, np.eye(len(found.codes)))
    features = np.column_stack([agreeing, several])
    return found.sums(features, lambda sums: ratio(sums[..., 0], sums[..., 1]), several, share=True)


def fleiss(table: Table) -> Sums:
    """Fleiss' kappa, p_e = sum of pi_k^2 with pi_k the mean share of label k.

    Fleiss 1971, Psychological Bulletin 76:378-382. Missing cells by Gwet's generalisation: p_a over the items with at
    least two labels, pi_k over those with at least one (each item weighs the same, however many labelled it). NaN where
    one label only occurs.
    """
    import numpy as np

    found = categories(table, ordered=False)
    return _corrected(found, np.eye(len(found.codes)), lambda shares: (shares**2).sum(axis=-1))


def ac(table: Table, weights: Weights = "identity") -> Sums:
    """Gwet's AC1 (identity weights) and AC2, p_e = T_w / (q (q - 1)) * sum of pi_k (1 - pi_k).

    Gwet 2008, BJMSP 61:29-48; "Handbook of Inter-Rater Reliability", chapter 5. T_w is the sum of all weights, and
    weights are 1 - distance / greatest distance of the codes. q counts every code of the scale, seen or not, and the
    value depends on it. Where one label only occurs it is 1: AC says that labels coincide, not that they discriminate.
    """
    found = categories(table, ordered=False)
    near = _closeness(found.codes, weights)
    return _corrected(found, near, _by_gwet(near))


def ac_error(table: Table, weights: Weights = "identity") -> float:
    """Standard error of AC1 or AC2 over items by Gwet's linearisation (Gwet 2008, section 4), items independent.

    The jackknife over items, `jackknife_error(ac(table, weights))`, is another estimate of the same.
    """
    import numpy as np

    found = categories(table, ordered=False)
    near = _closeness(found.codes, weights)
    agreeing, several = _observed(found, near)
    counts = found.counts()
    labels = counts.sum(axis=1)
    times = np.bincount(found.rows, minlength=len(labels)) * (labels > 0)  # type: ignore[arg-type]
    n, q = float(times.sum()), len(found.codes)
    if n < 2 or q < 2 or not times[several].any():
        return math.nan
    shares = counts / np.maximum(labels, 1)[:, None]
    common = times @ shares / n
    expected = float(_by_gwet(near)(common))
    observed = float((times * agreeing).sum() / times[several].sum())
    value = (observed - expected) / (1 - expected)
    own = n / times[several].sum() * (agreeing - expected * several) / (1 - expected)
    chance = near.sum() / (q * (q - 1)) * shares @ (1 - common)
    moved = own - 2 * (1 - value) * (chance - expected) / (1 - expected)
    return math.sqrt(float(times @ (moved - value) ** 2) / (n * (n - 1)))


def conger(table: Table) -> Sums:
    """Conger's kappa, p_e = mean over pairs of raters of sum_k p_gk p_hk, each rater with the marginals of their own.

    Conger 1980, Psychological Bulletin 88:322-328; Cohen's kappa for two raters with no missing cell. A rater's
    marginals are over the items that rater labelled; p_a is over the items with at least two labels. A rater without
    any label is left out. NaN where one label only occurs.
    """
    import numpy as np

    found = categories(table)
    q, raters = len(found.codes), len(table.raters)
    agreeing, several = _observed(found, np.eye(q))
    hots = [found.one_hot(column) for column in range(raters)]
    features = np.concatenate([np.column_stack([agreeing, several]), *hots], axis=1)

    def finish(sums: Numbers) -> Numbers:
        counts = sums[..., 2:].reshape(*sums.shape[:-1], raters, q)
        each = counts.sum(axis=-1, keepdims=True)
        own = np.divide(counts, each, out=np.zeros_like(counts), where=each > 0)
        many = (each[..., 0] > 0).sum(axis=-1)
        alike = (own.sum(axis=-2) ** 2).sum(axis=-1) - (own**2).sum(axis=(-1, -2))
        return _beyond(ratio(sums[..., 0], sums[..., 1]), ratio(alike, many * (many - 1)))

    return found.sums(features, finish, np.asarray((found.cells >= 0).any(axis=1)))


def _observed(found: Patterns, near: Numbers) -> tuple[Numbers, Numbers]:
    """Each pattern's share of agreeing pairs, sum_k r_k (r*_k - 1) / (r (r - 1)); and which have two labels at all."""
    import numpy as np

    counts = found.counts()
    labels = counts.sum(axis=1)
    several = labels >= 2
    pairs = (counts * (counts @ near - 1)).sum(axis=1)
    return np.where(several, pairs / np.maximum(labels * (labels - 1), 1), 0.0), several


def _corrected(found: Patterns, near: Numbers, chance: Any) -> Sums:
    """(p_a - p_e) / (1 - p_e), p_e = chance(mean shares of the codes)."""
    import numpy as np

    agreeing, several = _observed(found, near)
    counts = found.counts()
    labels = counts.sum(axis=1)
    shares = counts / np.maximum(labels, 1)[:, None]
    features = np.column_stack([agreeing, several, labels > 0, shares])

    def finish(sums: Numbers) -> Numbers:
        common = ratio(sums[..., 3:], sums[..., 2:3])
        return _beyond(ratio(sums[..., 0], sums[..., 1]), chance(common))

    return found.sums(features, finish, labels > 0)


def _beyond(observed: Numbers, expected: Numbers) -> Numbers:
    import numpy as np

    left = 1 - expected
    return ratio(observed - expected, np.where(left > 1e-12, left, 0.0))


def _closeness(codes: Numbers, weights: Weights) -> Numbers:
    far = disagreement(codes, weights)
    return 1 - far / far.max() if len(codes) > 1 else 1 - far


def _by_gwet(near: Numbers) -> Any:
    import numpy as np

    q = len(near)
    size = near.sum() / (q * (q - 1)) if q > 1 else np.nan
    return lambda common: size * (common * (1 - common)).sum(axis=-1)
