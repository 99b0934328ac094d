"""What each recorded model said of the items that people labelled, replies that could not be read among it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..labelled_sets import LabelledSet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

UNREAD = -1.0
"""The code of a reply that could not be read: a category of its own, never right. Scales here begin at 0 or 1."""


def replies(found: LabelledSet, dimension: str) -> dict[str, Numbers]:
    """Annotator to (items,) codes in the order of people's table: `UNREAD`, or NaN where it was not asked."""
    import numpy as np

    places = {id: place for place, id in enumerate(found.table(dimension).ids)}
    columns: dict[str, Numbers] = {}

    def column(name: str) -> Numbers:
        return columns.setdefault(name, np.full(len(places), np.nan))

    for label in found.labels:
        if label.dimension == dimension and not label.human:
            column(label.annotator)[places[label.id]] = label.value
    for id, of, name in found.unread:
        if of == dimension:
            column(name)[places[id]] = UNREAD
    return columns


def right_share(gold: Numbers, said: Numbers) -> float:
    """Share of the items with gold and a reply on which they are equal; an unreadable reply counts as not right."""
    import numpy as np

    asked = ~np.isnan(gold) & ~np.isnan(said)
    return float((gold == said)[asked].mean()) if asked.any() else float("nan")
