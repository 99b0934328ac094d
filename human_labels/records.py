"""The nouns of people's words: a Scale, a Label on it, the Labels of a file, the Table raters make of a dimension."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .coded import Coded, Label
from .codes import in_order
from .scale import KINDS, Kind, Scale, scale_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

__all__ = [
    "ENOUGH",
    "ENOUGH_OF_A_CLASS",
    "GRADE",
    "KINDS",
    "ROLES",
    "Coded",
    "Kind",
    "Label",
    "Labels",
    "Scale",
    "Table",
    "row_means",
    "scale_of",
    "table_of",
]

ROLES = ("end_user", "expert", "crowd", "model")
"""Who may label. `model` is a recorded judge, not a person; roles are never pooled unless that is asked for."""
GRADE = "grade"
"""The dimension that stands for a sample's grade as a whole."""
ENOUGH, ENOUGH_OF_A_CLASS = 30, 10
"""Fewest labelled samples, and fewest of the rarer class, to act on: below, figures warn, lines are refused."""


@dataclass(frozen=True)
class Labels:
    """All labels of a file, in its order, with what its reader has to say about them."""

    rows: Sequence[Label]
    items: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Sample id to what the file says of the sample: group, item, system, language, text, …"""
    notes: tuple[str, ...] = ()
    """What must be printed beside every figure: an assumed scale, labels left out on request, a wide table's raters."""
    source: str = ""
    digest: str = ""
    """SHA-256 of the file's bytes."""
    unread: tuple[tuple[str, str, str], ...] = ()
    """(sample, dimension, annotator) of a recorded model's replies that could not be read: unjudged, not missing."""

    @cached_property
    def columns(self) -> Coded:
        """The labels as columns."""
        return Coded.of(self.rows)

    @cached_property
    def roles(self) -> Counter[str]:
        """Role to number of labels."""
        return Counter({role: count for (role,), count in self.columns.kinds("role").items()})

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Dimensions labelled, in the order they first appear."""
        return tuple(dimension for (dimension,) in self.columns.kinds("dimension"))

    @cached_property
    def rounds(self) -> tuple[str, ...]:
        """Rounds, in the order they first appear."""
        return tuple(round for (round,) in self.columns.kinds("round"))

    def only(self, **wanted: str) -> Labels:
        """Those whose fields have these values: `only(role="expert", dimension="relevance")`."""
        return replace(self, rows=self.columns.where(**wanted))

    def of_one_role(self, role: str | None = None) -> Labels:
        """People's labels of one role. Raises `UsageError` when there are several and none is named: never pooled."""
        self.check_role(role)
        found = [name for name in self.roles if name != "model"]
        if role is None and len(found) > 1:
            raise UsageError(f"labels of several roles are never pooled: {self._counts()}; name one with --role")
        chosen = role or (found[0] if found else "")
        return self.only(role=chosen)

    def check_role(self, role: str | None) -> None:
        """Raises `UsageError` when a role is named by which there is no label of people."""
        if role is not None and (role == "model" or not self.roles[role]):
            raise UsageError(f"no label of people by {role!r}; the file has {self._counts() or 'none'}")

    def table(self, dimension: str, *, human: bool = True) -> Table:
        """The human (or recorded model) labels of one dimension. Raises `UsageError` for one that nobody labelled."""
        return table_of(self.columns, dimension, human=human)

    def _counts(self) -> str:
        return ", ".join(f"{count} by {name}" for name, count in self.roles.items() if name != "model")


@dataclass(frozen=True)
class Table:
    """Items in rows, raters in columns, NaN where a rater said nothing; all numbers are codes on one scale."""

    ids: tuple[str, ...]
    raters: tuple[str, ...]
    values: Numbers
    """(items, raters), float."""
    scale: Scale | None = None

    @cached_property
    def means(self) -> Numbers:
        """Mean label of each item; NaN for an item without labels."""
        return row_means(self.values)

    @cached_property
    def codes(self) -> tuple[float, ...]:
        """The scale's codes; where there is none, or it is continuous, the distinct values in order."""
        import numpy as np

        if self.scale is not None and self.scale.codes:
            return self.scale.codes
        return tuple(float(value) for value in np.unique(self.values[~np.isnan(self.values)]))

    def rows(self, index: Numbers) -> Table:
        """The table of these rows, repeated where the index repeats them."""
        return Table(tuple(self.ids[place] for place in index), self.raters, self.values[index], self.scale)

    def columns(self, index: Sequence[int]) -> Table:
        """The table of these raters."""
        return Table(self.ids, tuple(self.raters[place] for place in index), self.values[:, list(index)], self.scale)


def table_of(labels: Iterable[Label], dimension: str, *, human: bool = True) -> Table:
    """One dimension's labels as a table, items and raters in the order they first appear.

    Raises `UsageError` for a dimension nobody labelled, or one labelled on several scales.
    """
    import numpy as np

    chosen = Coded.of(labels).where(dimension=dimension, human=human)
    if not len(chosen):
        raise UsageError(f"no {'human' if human else 'model'} label of dimension {dimension!r}")
    scale = chosen.manners[chosen.manner[0]].scale
    others = np.array([of.scale != scale for of in chosen.manners])[chosen.manner]
    if others.any():
        other = chosen[int(np.argmax(others))]
        raise UsageError(
            f"{other.place or dimension}: dimension {dimension!r} is labelled on {other.scale} and on {scale}; bring "
            "the labels to one scale"
        )
    ids = in_order(chosen.sample, len(chosen.samples))
    row = np.zeros(len(chosen.samples), np.int32)
    row[ids] = np.arange(len(ids), dtype=np.int32)
    names = dict.fromkeys(chosen.manners[code].annotator for code in in_order(chosen.manner, len(chosen.manners)))
    number = {name: place for place, name in enumerate(names)}
    column = np.array([number.get(of.annotator, -1) for of in chosen.manners])[chosen.manner]
    values = np.full((len(ids), len(names)), np.nan)
    values[row[chosen.sample], column] = chosen.values  # of two labels of one rater the last stays
    return Table(tuple(map(chosen.samples.__getitem__, ids.tolist())), tuple(names), values, scale)


def row_means(values: Numbers) -> Numbers:
    """Mean of each row over what is given; NaN for an empty row."""
    import numpy as np

    count = (~np.isnan(values)).sum(axis=1)
    means: Numbers = np.full(len(values), np.nan)
    np.divide(np.nansum(values, axis=1), count, out=means, where=count > 0)
    return means
