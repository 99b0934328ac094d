"""Drawing whole clusters with replacement, and leaving one out at a time: what intervals are made of.

Clusters whose sums cannot be told apart are one row with its count; they are drawn by one multinomial.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from .codes import different, numbered
from .sums import Sums, sparse, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_CELLS = 4_000_000
"""Most numbers in one block of weights (32 MB)."""
_MOST, _GROUPS = 60_000_000, 400
"""Above so many numbers a jackknife over single clusters gives way to one over so many groups of them."""


def resample(of: Sums, sums: Numbers, sizes: Numbers, draws: int, seed: int) -> Numbers:
    """(draws,) values of the statistic over clusters drawn with replacement.

    `sums` holds the distinct sums of a cluster, `sizes` how many clusters have each: what cannot be told apart is drawn
    by one multinomial, so that the cost grows with the distinct ones.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    total, block = int(sizes.sum()), max(1, _CELLS // max(*sums.shape, 1))
    values = []
    for start in range(0, draws, block):
        many = min(block, draws - start)
        values.append(of.finish(_drawn(random, sizes, total, many) @ sums))
    return np.concatenate(values)


def by_cluster(of: Sums, clusters: Sequence[Hashable] | None) -> tuple[Numbers, Numbers]:
    """Distinct sums of features over a cluster, and how many clusters have each; only items used count."""
    import numpy as np

    if clusters is None:
        many = weights(of)
        sums, sizes = of.features[many > 0], many[many > 0]
        return (sums, sizes) if of.rows is not None else _distinct(sums, sizes)
    if len(clusters) != of.items:
        raise ValueError(f"{len(clusters)} clusters for {of.items} items; give one an item")
    codes = numbered(clusters)
    keep = np.ones(of.items, bool) if of.used is None else of.used
    rows = np.arange(of.items) if of.rows is None else of.rows
    names, codes = different(codes[keep], int(codes.max(initial=-1)) + 1)
    if len(names) == keep.sum():  # every item its own cluster
        return by_cluster(of, None)
    if sparse(of.features):
        return _summed(of.features[rows[keep]], codes, len(names)), np.ones(len(names))
    columns = [np.bincount(codes, weights=column[rows[keep]], minlength=len(names)) for column in of.features.T]
    return _distinct(np.stack(columns, axis=1), np.ones(len(names)))


def jackknife(of: Sums, sums: Any, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """The statistic without one cluster of each kind, and how many there are of the kind.

    Where that would be too much to compute, clusters are left out in `_GROUPS` groups drawn once (the delete-a-group
    jackknife, Kott 2001, J. Official Statistics 17:521-526).
    """
    import numpy as np

    whole = sizes @ sums
    if sparse(sums) and sums.shape[0] * sums.shape[1] > _MOST and len(sizes) > 2 * _GROUPS:
        places = np.random.default_rng(0).permutation(len(sizes)) % _GROUPS
        sums, sizes = _summed(sums, places, _GROUPS), np.ones(_GROUPS)
    block = max(1, _CELLS // max(sums.shape[1], 1))
    parts = (sums[start : start + block] for start in range(0, len(sizes), block))
    left = [of.finish(whole - (part.toarray() if sparse(part) else part)) for part in parts]
    return (np.concatenate(left) if left else np.zeros(0)), sizes


def error_of(left: Numbers, sizes: Numbers) -> float:
    import numpy as np

    count = float(sizes.sum())
    if count < 2 or np.isnan(left).any():
        return math.nan
    mean = float(sizes @ left) / count
    return math.sqrt((count - 1) / count * float(sizes @ (left - mean) ** 2))


def _distinct(sums: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """Equal rows as one with its count, unless the first thousand show that few are equal."""
    import numpy as np

    if sparse(sums):
        return sums, sizes
    head = sums[:1000]
    if len(sums) > 1000 and len(np.unique(head, axis=0)) > 0.5 * len(head):
        return sums, sizes
    return np.unique(sums, axis=0, return_counts=True) if len(sums) else (sums, sizes)


def _drawn(random: Any, sizes: Numbers, total: int, many: int) -> Numbers:
    """(many, distinct): how often each distinct cluster was drawn."""
    import numpy as np

    if len(sizes) < total / 4:
        drawn: Numbers = random.multinomial(total, sizes / total, size=many).astype(float)
        return drawn
    owner = np.repeat(np.arange(len(sizes)), sizes.astype(int))
    places = owner[random.integers(0, total, (many, total), dtype=np.int32)]
    places = places + np.arange(many)[:, None] * len(sizes)
    return np.bincount(places.ravel(), minlength=many * len(sizes)).reshape(many, -1).astype(float)


def _summed(features: Any, codes: Numbers, groups: int) -> Any:
    """Sparse rows added up by code."""
    import numpy as np
    from scipy.sparse import csr_array

    member = csr_array((np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(groups, len(codes)))
    return member @ features
