"""Interval plots as strips: one line a figure, its name in words beside it, so that a phone needs no smaller type."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...human_labels import Interval
from .marks import element, notch, number, picture, place, span

if TYPE_CHECKING:
    from markupsafe import Markup

_EDGE = 0.025
_LANE = 16
"""Pixels of height a mark takes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One interval on a strip."""

    who: str
    """`people`, `judge` or `ceiling`: its shape and colour."""
    name: str
    interval: Interval

    @property
    def words(self) -> str:
        """`judge 0.55 [0.49, 0.61], n 1600`."""
        found = self.interval
        if math.isnan(found.value):
            return f"{self.name} not defined, n {found.n}"
        bounds = span(found.low, found.high) or "no interval"
        return f"{self.name} {number(found.value)} {bounds}, n {found.n}"

    @property
    def sign(self) -> str:
        """Its shape as a character, to stand before its number."""
        return {"people": "○", "judge": "◆"}.get(self.who, "┃")


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of the plot: what is measured, and its marks one below the other."""

    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The values that a plot's width stands for."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """The place of a value as a share of the width; beyond the axis, its end. Marks at the ends have room."""
        return _EDGE + (1 - 2 * _EDGE) * min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def axis_of(strips: Iterable[Strip], most: float = 1.0) -> Axis:
    """An axis from 0 to 1, or as far down as intervals and as far up as values go.

    Student's t knows no bounds of a coefficient: where its interval goes beyond them it is drawn to the edge, open.
    """
    found = [mark.interval for strip in strips for mark in strip.marks]
    lows = [value for each in found for value in (each.value, each.low) if math.isfinite(value)]
    highs = [each.value for each in found if math.isfinite(each.value)]
    low = max(-1.0, math.floor(min([0.0, *lows]) * 5) / 5)
    high = min(2.0, math.ceil(max([most, *highs]) * 5 - 1e-9) / 5)
    step = 0.2 if high - low <= 1.4 else 0.5
    first = math.ceil(low / step - 1e-9)
    return Axis(low, high, tuple(round(n * step, 1) for n in range(first, int(high / step + 1e-9) + 1)))


def strip_picture(strip: Strip, axis: Axis) -> Markup:
    """The marks of one figure over the axis' grid."""
    height = _LANE * max(1, len(strip.marks)) + 4
    lines = [_grid(tick, axis, height) for tick in axis.ticks]
    marks = [piece for lane, mark in enumerate(strip.marks) for piece in _drawn(mark, axis, 2 + _LANE * (lane + 0.5))]
    words = "; ".join(mark.words for mark in strip.marks)
    return picture(strip.title, words, *lines, *marks, width="100%", height=height)


def axis_picture(axis: Axis) -> Markup:
    """The numbers under the strips."""
    texts = [element("text", notch(tick), x=place(axis.at(tick)), y=12, text_anchor="middle") for tick in axis.ticks]
    return picture("Axis", f"from {notch(axis.low)} to {notch(axis.high)}", *texts, width="100%", height=16)


def kinds(strips: Sequence[Strip]) -> tuple[tuple[str, str], ...]:
    """(who, name) of every kind of mark shown, for the legend."""
    return tuple(dict.fromkeys((mark.who, mark.name) for strip in strips for mark in strip.marks))


def key_picture(who: str) -> Markup:
    """A mark alone, for a legend."""
    shape = _shape(who, 0.5, 7)
    bar = element("line", x1="2", x2="26", y1=7, y2=7, class_=f"bar {who}")
    return picture(f"Mark of {who}", "point and interval", bar, *shape, width=28, height=14)


def _drawn(mark: Mark, axis: Axis, y: float) -> list[Markup]:
    found = mark.interval
    if math.isnan(found.value):
        return [element("text", "not defined", x="1%", y=y + 4, class_="none")]
    pieces = []
    if not math.isnan(found.low):
        ends = found.low, found.high
        x1, x2 = (place(axis.at(end)) for end in ends)
        pieces.append(element("line", x1=x1, x2=x2, y1=y, y2=y, class_=f"bar {mark.who}"))
        inside = [place(axis.at(end)) for end in ends if axis.low <= end <= axis.high]
        pieces += [element("line", x1=x, x2=x, y1=y - 3, y2=y + 3, class_=f"bar {mark.who}") for x in inside]
    return [*pieces, *_shape(mark.who, axis.at(found.value), y)]


def _shape(who: str, at: float, y: float) -> list[Markup]:
    """People a circle, a judge a diamond, a ceiling an upright: told apart without colour."""
    if who == "people":
        return [element("circle", cx=place(at), cy=y, r=4.5, class_="dot people")]
    if who == "ceiling":
        return [element("line", x1=place(at), x2=place(at), y1=y - 7, y2=y + 7, class_="upright ceiling")]
    # only a nested picture can be placed by a share of the width and drawn in pixels
    shape = element("path", d="M0,-6 L6,0 L0,6 L-6,0 Z", class_="dot judge")
    return [element("svg", shape, x=place(at), y=y, overflow="visible", aria_hidden="true")]


def _grid(tick: float, axis: Axis, height: float) -> Markup:
    kind = "zero" if tick == 0 and axis.low < 0 else "grid"
    return element("line", x1=place(axis.at(tick)), x2=place(axis.at(tick)), y1=0, y2=height, class_=kind)
