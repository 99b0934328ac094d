"""Lines across rounds: a figure of each round with its interval; a missing one breaks the line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .marks import element, notch, number, picture, span, whole

if TYPE_CHECKING:
    from markupsafe import Markup

    from ...training.rounds import Figure

_WIDE, _HIGH = 300, 168
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 292, 10, 136
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_MOST_TICKS = 10
LEAST = 0.2
"""The smallest height that an axis stands for, so that noise does not look like a move."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The values that a chart's height stands for."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """From bottom to top."""
        return tuple(
            round(n * self.step, 6) for n in range(round(self.low / self.step), round(self.high / self.step) + 1)
        )


def reach(figures: Iterable[Figure | None], also: Iterable[float | None] = (), least: float = 0.0) -> Reach:
    """Room for all values and bounds, between `least` and 1, on round numbers; 0 to 1 where there is no figure."""
    known = [end for one in figures if one is not None for end in (one.value, one.low, one.high)]
    found = [value for value in (*known, *also) if value is not None and math.isfinite(value)]
    if not found:
        return Reach(least, 1.0, 0.25 if least >= 0 else 0.5)
    low, high = min(found), max(found)
    spare = max(0.0, LEAST - (high - low)) / 2
    low, high = low - spare, high + spare
    if low < least:
        low, high = least, max(high, least + LEAST)
    if high > 1:
        low, high = min(low, 1 - LEAST), max(1.0, max(found))
    step = next((step for step in _STEPS if (high - low) / step <= 4.001), _STEPS[-1])
    return Reach(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)


def line_chart(
    title: str,
    rounds: Sequence[int],
    figures: Sequence[Figure | None],
    axis: Reach,
    who: str = "judge",
    promised: Sequence[float | None] = (),
) -> Markup:
    """Points with bars of their intervals, joined from round to round; `promised` is a dashed line a round."""
    places = [_x(at, len(rounds)) for at in range(len(rounds))]
    parts = [*_frame(rounds, places, axis), *_promises(places, promised, axis)]
    for run in _runs(figures):
        steps = " ".join(
            f"{'L' if n else 'M'}{places[at]:.1f},{_y(value, axis):.1f}" for n, (at, value) in enumerate(run)
        )
        parts.append(element("path", d=steps, class_=f"line {who}"))
    for at, one in enumerate(figures):
        parts += _point(places[at], one, axis, who)
    words = "; ".join(f"round {name}: {said(one)}" for name, one in zip(rounds, figures, strict=True))
    promises = sorted({value for value in promised if value is not None})
    more = f"; promised: at least {', '.join(number(value) for value in promises)}" if promises else ""
    return picture(title, f"{words or 'no rounds'}{more}", *parts, viewBox=f"0 0 {_WIDE} {_HIGH}", class_="chart")


def said(one: Figure | None) -> str:
    """`.62 [.55, .68], n 200`; `not known` where there is none."""
    if one is None or one.value is None:
        return "not known"
    return f"{number(one.value)} {bounds(one) or 'no interval'}, n {whole(one.n)}"


def bounds(one: Figure | None, digits: int = 2) -> str:
    """`[.55, .68]`; nothing where there are none."""
    if one is None or one.low is None or one.high is None:
        return ""
    return span(one.low, one.high, digits)


def _frame(rounds: Sequence[int], places: Sequence[float], axis: Reach) -> list[Markup]:
    parts = []
    for tick in axis.ticks:
        y, kind = _y(tick, axis), "zero" if tick == 0 and axis.low < 0 else "grid"
        parts.append(element("line", x1=_LEFT, x2=_RIGHT, y1=f"{y:.1f}", y2=f"{y:.1f}", class_=kind))
        parts.append(element("text", notch(tick), x=_LEFT - 8, y=f"{y + 4:.1f}", text_anchor="end"))
    every = math.ceil(len(rounds) / _MOST_TICKS)
    for at, (name, x) in enumerate(zip(rounds, places, strict=True)):
        if (len(rounds) - 1 - at) % every == 0:
            parts.append(element("text", str(name), x=f"{x:.1f}", y=_BOTTOM + 18, text_anchor="middle"))
    return [*parts, element("text", "round", x=_LEFT - 8, y=_BOTTOM + 18, text_anchor="end", class_="axis")]


def _point(x: float, one: Figure | None, axis: Reach, who: str) -> list[Markup]:
    if one is None or one.value is None:
        return [element("text", "?", x=f"{x:.1f}", y=_BOTTOM - 5, text_anchor="middle", class_="none")]
    y, parts = _y(one.value, axis), []
    if one.low is not None and one.high is not None:
        ends = [_y(end, axis) for end in (one.low, one.high)]
        parts.append(
            element("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=f"{ends[0]:.1f}", y2=f"{ends[1]:.1f}", class_=f"bar {who}")
        )
        parts += [
            element("line", x1=f"{x - 3:.1f}", x2=f"{x + 3:.1f}", y1=f"{end:.1f}", y2=f"{end:.1f}", class_=f"bar {who}")
            for end in ends
        ]
    if who == "people":
        return [*parts, element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=4, class_="dot people")]
    return [*parts, element("path", d=f"M{x:.1f},{y - 5:.1f} l5,5 l-5,5 l-5,-5 Z", class_="dot judge")]


def _promises(places: Sequence[float], promised: Sequence[float | None], axis: Reach) -> list[Markup]:
    half = (places[1] - places[0]) / 2 if len(places) > 1 else (_RIGHT - _LEFT) / 2
    parts = []
    for x, value in zip(places, promised, strict=False):
        if value is not None:
            ends, y = (max(_LEFT, x - half), min(_RIGHT, x + half)), f"{_y(value, axis):.1f}"
            parts.append(element("line", x1=f"{ends[0]:.1f}", x2=f"{ends[1]:.1f}", y1=y, y2=y, class_="promise"))
    return parts


def _runs(figures: Sequence[Figure | None]) -> list[list[tuple[int, float]]]:
    """Rounds that follow each other with a figure: (place, value) each."""
    runs: list[list[tuple[int, float]]] = [[]]
    for at, one in enumerate(figures):
        if one is not None and one.value is not None:
            runs[-1].append((at, one.value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _x(at: int, n: int) -> float:
    edge = 16
    return (_LEFT + _RIGHT) / 2 if n < 2 else _LEFT + edge + at * (_RIGHT - _LEFT - 2 * edge) / (n - 1)


def _y(value: float, axis: Reach) -> float:
    """Beyond the axis, its end."""
    share = (value - axis.low) / (axis.high - axis.low)
    return _BOTTOM - min(1.0, max(0.0, share)) * (_BOTTOM - _TOP)
