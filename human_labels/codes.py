"""Whole numbers from 0 on that stand for names: which there are, and in which order, in time linear in their number."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_ROOMY, _SPARE = 4, 1000
"""A table of all possible codes is made where these are at most so many a code, and so many more; else codes sort."""


def different(codes: Numbers, possible: int) -> tuple[Numbers, Numbers]:
    """The different codes, all below `possible`, in ascending order, and each code's place among them."""
    import numpy as np

    if possible > _ROOMY * len(codes) + _SPARE:
        known, place = np.unique(codes, return_inverse=True)
        return known, place.ravel()
    there = np.zeros(possible, bool)
    there[codes] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


def firsts(codes: Numbers, possible: int) -> Numbers:
    """(possible,): where each code appears first; as many as there are codes for one that does not."""
    import numpy as np

    first: Numbers = np.full(possible, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # of several places that one code has, the last written stays
    return first


def in_order(codes: Numbers, possible: int) -> Numbers:
    """The different codes in the order in which they first appear."""
    import numpy as np

    first = firsts(codes, possible)
    there = np.flatnonzero(first < len(codes))
    order: Numbers = there[np.argsort(first[there])]
    return order


def numbered(names: Sequence[Hashable] | Numbers) -> Numbers:
    """Each name's number, in the order in which they first appear; whole numbers from 0 on stay what they are."""
    import numpy as np

    if not len(names) or not isinstance(names[0], str):  # a long array of texts would be made for nothing
        known = np.asarray(names)
        if known.ndim == 1 and known.dtype.kind in "iu" and known.min(initial=0) >= 0:
            return known
    places: dict[Hashable, int] = {}
    return np.array([places.setdefault(name, len(places)) for name in names], dtype=np.int64)
