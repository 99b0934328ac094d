"""The nouns of people's words: a Scale, a Label on it, the Labels of a file, the Table raters make of a dimension."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from ..errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

Kind = Literal["nominal", "binary", "ordinal", "interval", "ratio"]
KINDS: tuple[Kind, ...] = ("nominal", "binary", "ordinal", "interval", "ratio")
ROLES = ("end_user", "expert", "crowd", "model")
"""Who may label. `model` is a recorded judge, not a person; roles are never pooled unless that is asked for."""
GRADE = "grade"
"""The dimension that stands for a sample's grade as a whole."""
ENOUGH, ENOUGH_OF_A_CLASS = 30, 10
"""Fewest labelled samples, and fewest of the rarer class, to act on: below, figures warn, lines are refused."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What a label may be: `ordinal:1..5`, `ordinal:bad|fair|good`, `nominal:a|b|tie`, `binary:0|1`, `interval:0..1`.

    A scale of named points codes them 0, 1, 2, …; a scale of numbers codes each as itself. `low` and `high` are the
    least and the greatest code.
    """

    kind: Kind
    low: float
    high: float
    points: tuple[str, ...] = ()
    """Names of the points, worst first; empty for a scale of numbers."""
    passing: frozenset[float] | None = None
    """The codes that count as a pass; None where nothing says so."""

    @property
    def codes(self) -> tuple[float, ...]:
        """Every code, in order; empty for a continuous scale (interval, ratio)."""
        if self.kind in ("interval", "ratio"):
            return ()
        return tuple(float(code) for code in range(int(self.low), int(self.high) + 1))

    def code(self, said: Any) -> float | None:
        """The number of what was said; None when it is not on the scale. Nothing is clipped or rounded."""
        if isinstance(said, bool) or said is None:
            return None
        if self.points:
            word = str(said).strip()
            return float(self.points.index(word) + self.low) if word in self.points else None
        try:
            number = float(said)
        except (TypeError, ValueError):
            return None
        whole = self.kind in ("interval", "ratio") or number == number // 1
        return number if whole and self.low <= number <= self.high else None

    def word(self, code: float) -> str:
        """How people write this code."""
        if self.points:
            return self.points[int(code - self.low)]
        return f"{code:g}"

    def holds(self, value: Any) -> bool:
        """True for what is on the scale."""
        return self.code(value) is not None

    def __str__(self) -> str:
        if self.kind == "binary" and not self.points:
            return f"binary:{self.low:g}|{self.high:g}"
        return f"{self.kind}:" + ("|".join(self.points) or f"{self.low:g}..{self.high:g}")


def scale_of(text: str) -> Scale:
    """The scale a text names. Raises ValueError with the remedy for one that names none."""
    kind, _, rest = str(text).strip().partition(":")
    remedy = f"{text!r} is no scale; write ordinal:1..5, ordinal:bad|good, nominal:a|b, binary:0|1, interval:0..1"
    if kind not in KINDS:
        raise ValueError(remedy)
    if ".." in rest and kind in ("ordinal", "interval", "ratio"):
        low, _, high = rest.partition("..")
        try:
            ends = float(low), float(high)
        except ValueError:
            raise ValueError(remedy) from None
        if not ends[0] < ends[1] or (kind == "ordinal" and (ends[0] % 1 or ends[1] % 1)):
            raise ValueError(remedy)
        return Scale(kind, *ends)
    points = tuple(part.strip() for part in rest.split("|"))
    if kind == "binary" and points == ("0", "1"):
        return Scale("binary", 0, 1, passing=frozenset({1.0}))
    if kind in ("interval", "ratio") or len(points) < 2 or len(set(points)) < len(points) or not all(points):
        raise ValueError(remedy)
    if kind == "binary" and len(points) != 2:
        raise ValueError(remedy)
    passing = frozenset({1.0}) if kind == "binary" else None
    return Scale(kind, 0, len(points) - 1, points, passing)


@dataclass(frozen=True, slots=True)
class Label:
    """One rater's word on one dimension of one sample."""

    id: str
    """The sample."""
    dimension: str
    """A dimension's name, or `grade` for the sample as a whole."""
    annotator: str
    value: float
    """Its code on the scale."""
    scale: Scale
    role: str = "expert"
    """One of `ROLES`."""
    round: str = ""
    """The labelling round; "" where there is one only."""
    time: str = ""
    """ISO 8601, or ""."""
    task: str = ""
    place: str = ""
    """`labels.csv:17`, for messages."""

    @property
    def human(self) -> bool:
        """False for a recorded model judge."""
        return self.role != "model"

    @property
    def word(self) -> str:
        """What was said, as people write it."""
        return self.scale.word(self.value)


@dataclass(frozen=True)
class Labels:
    """All labels of a file, in its order, with what its reader has to say about them."""

    rows: tuple[Label, ...]
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
    def roles(self) -> Counter[str]:
        """Role to number of labels."""
        return Counter(label.role for label in self.rows)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Dimensions labelled, in the order they first appear."""
        return tuple(dict.fromkeys(label.dimension for label in self.rows))

    @cached_property
    def rounds(self) -> tuple[str, ...]:
        """Rounds, in the order they first appear."""
        return tuple(dict.fromkeys(label.round for label in self.rows))

    def only(self, **wanted: str) -> Labels:
        """Those whose fields have these values: `only(role="expert", dimension="relevance")`."""
        rows = tuple(label for label in self.rows if all(getattr(label, key) == to for key, to in wanted.items()))
        return replace(self, rows=rows)

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
        return table_of(self.rows, dimension, human=human)

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

    chosen = [label for label in labels if label.dimension == dimension and label.human == human]
    if not chosen:
        raise UsageError(f"no {'human' if human else 'model'} label of dimension {dimension!r}")
    other = next((label for label in chosen if label.scale != chosen[0].scale), None)
    if other is not None:
        raise UsageError(
            f"{other.place or dimension}: dimension {dimension!r} is labelled on {other.scale} and on "
            f"{chosen[0].scale}; bring the labels to one scale"
        )
    ids, raters = _places(label.id for label in chosen), _places(label.annotator for label in chosen)
    values = np.full((len(ids), len(raters)), np.nan)
    for label in chosen:
        values[ids[label.id], raters[label.annotator]] = label.value
    return Table(tuple(ids), tuple(raters), values, chosen[0].scale)


def row_means(values: Numbers) -> Numbers:
    """Mean of each row over what is given; NaN for an empty row."""
    import numpy as np

    count = (~np.isnan(values)).sum(axis=1)
    means: Numbers = np.full(len(values), np.nan)
    np.divide(np.nansum(values, axis=1), count, out=means, where=count > 0)
    return means


def _places(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(dict.fromkeys(names))}
