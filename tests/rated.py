"""Tables of raters, and the value of a coefficient on them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import strategies as st
from recjudge.human_labels import METRICS, Table, scale_of

_ = math.nan
TEXTBOOK = [  # Krippendorff's example: four raters, twelve units, with gaps
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
TWO = [name for name, metric in METRICS.items() if metric.raters == "two"]
MANY = [name for name, metric in METRICS.items() if metric.raters == "any"]
close = pytest.approx


def columns(*given: list[float], scale: str | None = None) -> Table:
    """A table of these raters."""
    values = np.array(given, float).T
    ids = tuple(f"i{place}" for place in range(len(values)))
    return Table(ids, tuple("ABCDEFGH"[: len(given)]), values, scale_of(scale) if scale else None)


@st.composite
def tables(draw: st.DrawFn, raters: int | None = None, points: int | None = None, missing: bool = True) -> Table:
    """Random labels on ordinal:1..q, with missing cells."""
    width = raters or draw(st.integers(2, 5))
    q = points or draw(st.integers(2, 5))
    cell = st.integers(1, q).map(float)
    cell = st.one_of(cell, cell, cell, st.just(_)) if missing else cell
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=14))
    return columns(*map(list, zip(*rows, strict=True)), scale=f"ordinal:1..{q}")


def value(name: str, table: Table) -> float:
    """The coefficient on all items."""
    return METRICS[name].make(table).value


def same(found: float, wanted: float) -> bool:
    """Equal to 1e-9, or both undefined."""
    return found == close(wanted, rel=1e-9, abs=1e-9, nan_ok=True)
