"""Plots with two axes: the reliability diagram, precision against yield, and agreement against what is kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...human_labels.agreement import Bin, Kept, Reached, Selective
from .marks import element, notch, number, percent, picture, span, whole

if TYPE_CHECKING:
    from markupsafe import Markup

_WIDE, _HIGH = 340, 268
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 330, 10, 226
_STARTS = (0.0, 0.5, 0.75, 0.9)
"""Where the axis of precision may begin, so that its ticks are round."""
MOST = 60
"""Most points drawn of a curve; the ends always are."""


def reliability(bins: Sequence[Bin]) -> Markup:
    """What people passed against how sure the judge was; on the diagonal a judge is as sure as it is right."""
    drawn = [one for one in bins if one.n]
    most = max((one.n for one in drawn), default=1)
    words = "; ".join(
        f"judge {percent(one.confidence)} sure, people passed {percent(one.passed)} "
        f"[{percent(one.interval[0])}, {percent(one.interval[1])}] of {whole(one.n)}"
        for one in drawn
    )
    diagonal = element("line", x1=_x(0), y1=_y(0), x2=_x(1), y2=_y(1), class_="diagonal")
    marks = [piece for one in drawn for piece in _bin(one, 2.5 + 4.5 * math.sqrt(one.n / most))]
    return _framed(
        "Reliability diagram", words or "no bins", [diagonal, *marks], (0.0, 1.0),
        "judge's probability of a pass", "share that people passed",
    )  # fmt: skip


def precision_yield(curve: Sequence[Reached], chosen: float | None = None) -> Markup:
    """Precision of what is accepted, with its lower bound, against the share accepted; the chosen line marked."""
    points = _thinned(sorted(curve, key=lambda one: (one.accepted, -one.threshold)))
    ends = (max(start for start in _STARTS if start <= min([0.9, *(one.low for one in points)])), 1.0)
    parts = [
        _path([(one.accepted, one.low) for one in points], ends, "line low"),
        _path([(one.accepted, one.precision) for one in points], ends, "line judge"),
    ]
    words = [
        f"accepting {percent(one.accepted)} of all gives precision {percent(one.precision, 1)}, "
        f"at least {percent(one.low, 1)}, n {whole(one.n)}"
        for one in _thinned(points, 6)
    ]
    line = _chosen(curve, chosen)
    if line is not None:
        parts += _marked(line, ends)
        words.append(f"chosen line: score at least {number(line.threshold, 3)}, {percent(line.accepted)} accepted")
    return _framed("Precision and yield", "; ".join(words), parts, ends, "share accepted", "share that people pass")


def kept_curve(found: Selective) -> Markup:
    """Agreement on what is kept against the share kept, with intervals; dashed, what abstaining by lot would keep."""
    lows = [one.agreement.low for one in found.kept if not math.isnan(one.agreement.low)]
    least = min([0.9, *lows, *(agreed for _, agreed in found.line)])
    ends = (max(start for start in _STARTS if start <= least), 1.0)
    level = _y(found.kept[-1].agreement.value, ends)
    parts = [
        element("line", x1=_x(0), x2=_x(1), y1=level, y2=level, class_="diagonal"),
        _path(found.line, ends, "line judge"),
    ]
    for one in found.kept:
        parts += _spread(one, ends)
    words = "; ".join(
        f"keeping {percent(one.coverage)}, confidence at least {number(one.threshold, 3)}: "
        f"{number(one.agreement.value)} {span(one.agreement.low, one.agreement.high)}, n {whole(one.agreement.n)}"
        for one in found.kept
    )
    return _framed("Agreement and the share kept", words, parts, ends, "share kept, the surest first", "agreement")


def _spread(one: Kept, ends: tuple[float, float]) -> list[Markup]:
    x, found = _x(one.coverage), one.agreement
    dot = element("circle", cx=x, cy=_y(found.value, ends), r=3.5, class_="dot judge")
    if math.isnan(found.low):
        return [dot]
    return [element("line", x1=x, x2=x, y1=_y(found.low, ends), y2=_y(found.high, ends), class_="bar judge"), dot]


def _bin(one: Bin, radius: float) -> list[Markup]:
    x = _x(one.confidence)
    low, high = (_y(bound) for bound in one.interval)
    return [
        element("line", x1=x, x2=x, y1=low, y2=high, class_="bar judge"),
        element("circle", cx=x, cy=_y(one.passed), r=f"{radius:.1f}", class_="dot judge"),
    ]


def _framed(
    title: str, words: str, parts: Sequence[Markup], ends: tuple[float, float], under: str, beside: str
) -> Markup:
    grid: list[Markup] = []
    for step in range(6):
        share = step / 5
        grid += _tick(share, ends[0] + share * (ends[1] - ends[0]))
    labels = [
        element("text", under, x=(_LEFT + _RIGHT) / 2, y=_HIGH - 8, text_anchor="middle", class_="axis"),
        element("text", beside, transform=f"translate(12,{(_TOP + _BOTTOM) / 2:.0f}) rotate(-90)",
                text_anchor="middle", class_="axis"),
    ]  # fmt: skip
    return picture(title, words, *grid, *parts, *labels, viewBox=f"0 0 {_WIDE} {_HIGH}", class_="chart")


def _tick(share: float, value: float) -> list[Markup]:
    x, y = _x(share), _y(share)
    return [
        element("line", x1=x, x2=x, y1=_TOP, y2=_BOTTOM, class_="grid"),
        element("line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, class_="grid"),
        element("text", notch(share), x=x, y=_BOTTOM + 18, text_anchor="middle"),
        element("text", notch(value), x=_LEFT - 10, y=float(y) + 4, text_anchor="end"),
    ]


def _path(points: Sequence[tuple[float, float]], ends: tuple[float, float], kind: str) -> Markup:
    steps = " ".join(f"{'L' if n else 'M'}{_x(x)},{_y(y, ends)}" for n, (x, y) in enumerate(points))
    return element("path", d=steps or "M0,0", class_=kind)


def _marked(line: Reached, ends: tuple[float, float]) -> list[Markup]:
    x = _x(line.accepted)
    anchor, shift = ("end", -5) if line.accepted > 0.5 else ("start", 5)
    return [
        element("line", x1=x, x2=x, y1=_TOP, y2=_BOTTOM, class_="chosen"),
        element("circle", cx=x, cy=_y(line.precision, ends), r=4.5, class_="dot judge"),
        element("text", f"line at {number(line.threshold, 3)}", x=float(x) + shift, y=_BOTTOM - 6, text_anchor=anchor,
                class_="said"),
    ]  # fmt: skip


def _chosen(curve: Sequence[Reached], chosen: float | None) -> Reached | None:
    """The point of the curve nearest at or above the chosen threshold."""
    reached = [one for one in curve if chosen is not None and one.threshold >= chosen - 1e-12]
    return min(reached, key=lambda one: one.threshold, default=None)


def _thinned(points: Sequence[Reached], most: int = MOST) -> list[Reached]:
    if len(points) <= most:
        return list(points)
    return [points[round(n * (len(points) - 1) / (most - 1))] for n in range(most)]


def _x(share: float) -> str:
    return f"{_LEFT + share * (_RIGHT - _LEFT):.1f}"


def _y(share: float, ends: tuple[float, float] = (0.0, 1.0)) -> str:
    return f"{_BOTTOM - (share - ends[0]) / (ends[1] - ends[0]) * (_BOTTOM - _TOP):.1f}"
