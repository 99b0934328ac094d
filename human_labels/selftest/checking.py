"""A published figure beside ours, and what counts as a match."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..coefficients.metrics import METRICS
from ..records import Scale, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

REFERENCE = 1e-6
"""How far ours may be from a figure computed elsewhere, which is kept to six decimals."""
_NOTHING = 1e-12
"""Rounding of binary fractions: .0005 is not above .0005."""


@dataclass(frozen=True, slots=True)
class Reproduced:
    """One published figure and what recjudge makes of the same data."""

    source: str
    what: str
    published: float
    ours: float
    tolerance: float = REFERENCE
    right: float | None = None
    """Where the published figure is known to be wrong: what follows from its own data, computed elsewhere."""
    note: str = ""
    """Why the published figure is wrong, or what its tolerance holds besides the last printed digit."""

    @property
    def expected(self) -> float:
        """What ours has to be: the published figure, or the right one where that is known to be wrong."""
        return self.published if self.right is None else self.right

    @property
    def difference(self) -> float:
        """|ours - expected|; NaN where ours is undefined."""
        return abs(self.ours - self.expected)

    @property
    def match(self) -> bool:
        """True within the tolerance; an undefined figure of ours never matches."""
        return not math.isnan(self.ours) and self.difference <= self.tolerance + _NOTHING


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one source, counted."""

    source: str
    figures: int
    matches: int
    worst: float
    """Largest difference; NaN where a figure of ours is undefined."""


def summaries(figures: Iterable[Reproduced]) -> tuple[Summary, ...]:
    """One line a source, in the order they first appear."""
    found: dict[str, list[Reproduced]] = {}
    for figure in figures:
        found.setdefault(figure.source, []).append(figure)
    return tuple(
        Summary(name, len(of), sum(each.match for each in of), _worst([each.difference for each in of]))
        for name, of in found.items()
    )


def printed(text: str) -> tuple[float, float]:
    """A figure as it was printed, and half a unit of its last digit: ".850" is (.85, .0005)."""
    return float(text), 0.5 * 10.0 ** -len(text.partition(".")[2])


def value(name: str, table: Table) -> float:
    """A coefficient of `METRICS` on a table."""
    return METRICS[name].make(table).value


def two(one: Sequence[float] | Numbers, other: Sequence[float] | Numbers, scale: Scale | None = None) -> Table:
    """Two columns as a table."""
    import numpy as np

    values = np.column_stack([np.asarray(one, float), np.asarray(other, float)])
    return Table(tuple(str(row) for row in range(len(values))), ("one", "other"), values, scale)


def beside(
    source: str, what: str, expected: Mapping[str, float], ours: Mapping[str, float], tolerance: float = REFERENCE
) -> Iterator[Reproduced]:
    """One for each expected figure; one of ours that is missing is NaN, and no match."""
    for key, figure in expected.items():
        yield Reproduced(source, f"{what} {key}".strip(), float(figure), float(ours.get(key, math.nan)), tolerance)


def _worst(differences: Sequence[float]) -> float:
    return math.nan if any(math.isnan(found) for found in differences) else max(differences, default=0.0)
