"""How many items each item is concordant with: a merge sort that counts, one sort a level, no loop over items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def concordance(one: Numbers, other: Numbers) -> Numbers:
    """(items,): concordant less discordant partners of each item; whole numbers from 0 in both columns."""
    import numpy as np

    found = np.zeros(len(one))
    for turned in (one, one.max() - one):
        for place in (other, other.max() - other):
            sign = 1 if (turned is one) == (place is other) else -1
            found += sign * _dominated(turned, place)
    return found


def _dominated(one: Numbers, other: Numbers) -> Numbers:
    """How many items are below each item in both columns."""
    import numpy as np

    # equal in the first: the greater of the second comes first, so that none of them counts as below another
    order = np.lexsort((-other, one))
    counts = np.empty(len(one), dtype=np.int64)
    counts[order] = _smaller_before(other[order])
    return counts


def _smaller_before(values: Numbers) -> Numbers:
    """How many earlier entries are smaller than each entry, level by level of a merge sort."""
    import numpy as np

    n, width = len(values), 1
    counts = np.zeros(n, dtype=np.int64)
    places = np.arange(n)
    span = int(values.max()) + 1 if n else 1
    while width < n:
        block, right = places // (2 * width), (places // width) % 2 == 1
        keys = block * span + values
        left = np.sort(keys[~right])
        # every block that has a right half has a full left one
        counts[right] += np.searchsorted(left, keys[right]) - block[right] * width
        width *= 2
    return counts
