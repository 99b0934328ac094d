"""The page of `performance.py`: goals beside what was measured, every client of every scenario, the README's part."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import isnan, nan
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from clients import CLIENTS  # type: ignore[import-not-found]
from peer_places import PINNED  # type: ignore[import-not-found]

HERE = Path(__file__).parent
PAGE = HERE / "results" / "performance.md"
README = HERE.parent / "README.md"
MARKS = ("<!-- performance -->", "<!-- /performance -->")
OURS, WHOLE = "recjudge compatible/", "recjudge compatible/, with probabilities"
Line = dict[str, Any]
Rounds = list[dict[str, Line]]


@dataclass(frozen=True)
class Scenario:
    """How the server answers, and how many calls are in flight."""

    latency: float
    """Milliseconds."""
    flight: int

    @property
    def name(self) -> str:
        """In a table's heading."""
        return f"{self.latency:g} ms, {self.flight} in flight"


@dataclass(frozen=True)
class Figure:
    """What was measured, one value a round."""

    values: tuple[float, ...]
    unit: str = ""

    def __str__(self) -> str:
        if not self.values:
            return "not measured"
        if len(self.values) == 1:
            return _short(self.values[0]) + self.unit
        low, high = min(self.values), max(self.values)
        return f"{_short(median(self.values))} [{_short(low)}, {_short(high)}]{self.unit}"


@dataclass(frozen=True)
class Goal:
    """One promise and what came of it."""

    words: str
    most: float | None
    least: float | None
    figure: Figure

    def row(self) -> str:
        """Its line of the table."""
        if not self.figure.values:
            return f"| {self.words} | {self._asked} | not measured | 0 | — |"
        found = median(self.figure.values)
        met = found <= self.most if self.most is not None else found >= (self.least or 0)
        return f"| {self.words} | {self._asked} | {self.figure} | {len(self.figure.values)} | {_MET[met]} |"

    @property
    def _asked(self) -> str:
        return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:,g}"


ZERO, FEW, MANY = Scenario(0, 64), Scenario(50, 64), Scenario(50, 256)
LEXICAL, TAUGHT = (
    f"`{name}`, whole runs in two processes: explanations a second" for name in ("local/lexical", "local")
)
SPEEDS = {LEXICAL: 3000.0, TAUGHT: 180.0}
_GROWTH = ("growth.md", "growth_statistics.md")
_KEPT = "<!-- goals -->"
_MET = {True: "met", False: "**missed**"}


def goals(found: Mapping[Scenario, Rounds], first: Sequence[float], more: Mapping[str, Figure]) -> list[Goal]:
    """What was promised, each with what was measured."""
    zero, few, many = (found.get(one, []) for one in (ZERO, FEW, MANY))
    return [
        Goal("`compatible/`: CPU ms a call, everything included", 0.6, None,
             _figure(zero, lambda told: cost(told[OURS]))),
        Goal("the same with label probabilities (replies of 42 kB)", 0.6, None,
             _figure(zero, lambda told: cost(told[WHOLE]))),
        Goal("`compatible/`: start-up to first call, CPU s", 0.5, None, Figure(tuple(first))),
        Goal("`compatible/`, 50 ms, 64 in flight: wall over ideal", 1.15, None,
             _figure(few, lambda told: _over_ideal(told[OURS], FEW))),
        Goal("the same with label probabilities", 1.15, None,
             _figure(few, lambda told: _over_ideal(told[WHOLE], FEW))),
        Goal("`compatible/`, 50 ms, 256 in flight: calls a second", None, 1600,
             _figure(many, lambda told: told[OURS]["calls"] / told[OURS]["wall"])),
        Goal("the same with label probabilities", None, 1600,
             _figure(many, lambda told: told[WHOLE]["calls"] / told[WHOLE]["wall"])),
        Goal("`openai/`: CPU over that of the bare SDK on aiohttp", 1.05, None,
             _figure(zero, lambda told: cost(told["recjudge openai/"]) / cost(told["bare openai SDK"]))),
        Goal("`anthropic/`: CPU over that of the bare SDK on aiohttp", 1.05, None,
             _figure(zero, lambda told: cost(told["recjudge anthropic/"]) / cost(told["bare anthropic SDK"]))),
        Goal("best peer's CPU a call over that of `compatible/`, same replies", None, 8,
             _figure(zero, lambda told: _best(told) / cost(told[OURS]))),
        Goal("best peer's CPU a call over that of `openai/`", None, 1,
             _figure(zero, lambda told: _best(told) / cost(told["recjudge openai/"]))),
        Goal("calls made for one that was judged, all paths and scenarios", 1.0, None,
             Figure(tuple(told[name]["requests"] / told[name]["calls"]
                          for rounds in found.values() for told in rounds for name in told if "recjudge" in name))),
        *(Goal(name, None, least, more[name]) for name, least in SPEEDS.items() if name in more),
    ]  # fmt: skip


def cost(line: Line) -> float:
    """CPU milliseconds a call after start-up."""
    return 1000 * float(line["cpu"]) / float(line["calls"])


def _over_ideal(line: Line, scenario: Scenario) -> float:
    return float(line["wall"]) / (float(line["calls"]) * scenario.latency / 1000 / scenario.flight)


def _best(told: Mapping[str, Line]) -> float:
    """The cheapest peer's; not a number where none was there."""
    return min((cost(line) for name, line in told.items() if name in PINNED), default=nan)


def _figure(rounds: Rounds, value: Callable[[dict[str, Line]], float]) -> Figure:
    return Figure(tuple(found for told in rounds if not isnan(found := value(told))))


def page(
    asked: Any,
    found: Mapping[Scenario, Rounds],
    skipped: Mapping[str, str],
    first: Sequence[float],
    more: Mapping[str, Figure],
) -> str:
    """The whole page; its part between the marks also stands in the README."""
    short = [
        MARKS[0],
        "| goal | asked | measured [least, most] | n | |",
        "|---|---|---|---|---|",
        *(goal.row() for goal in goals(found, first, more)),
        *(row for name in _GROWTH for row in kept(PAGE.with_name(name))),
        "",
        f"n runs of {asked.samples} samples × 4 calls, clients in turn, {_machine()}. What grows is measured by `make "
        "bench-growth`, one run a size.",
        MARKS[1],
    ]
    lines = [
        "# What recjudge costs",
        "",
        "`make bench MOCK=PATH` writes this page. Ratios are of one round.",
        "",
        *short,
    ]
    if asked.mock is None:
        lines += ["", "**No mock server was given**: the tests' own answered, and walls are its own."]
    for scenario, rounds in found.items():
        lines += ["", f"## {scenario.name}", "", *_table(scenario, rounds)]
    for name, why in skipped.items():
        lines += ["", f"{name} was left out: {why}."]
    lines += [
        "",
        "Of the samples the SDKs get one in 2, the peers one in 4, deepeval one in 32; with latency one in 8.",
    ]
    if more:
        lines += ["", "## Without a provider", "", "| what | measured [least, most] | n |", "|---|---|---|"]
        lines += [f"| {name} | {figure} | {len(figure.values)} |" for name, figure in more.items()]
    return "\n".join(lines) + "\n"


def _table(scenario: Scenario, rounds: Rounds) -> list[str]:
    head = "| client | CPU ms a call | calls/s | wall over ideal | start-up CPU s | peak MiB | calls made a judgement |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    for name in sorted(rounds[0], key=[*CLIENTS, *PINNED].index):
        mine = [told[name] for told in rounds]
        ideal = Figure(tuple(_over_ideal(line, scenario) for line in mine)) if scenario.latency else "—"
        speed = Figure(tuple(line["calls"] / line["wall"] for line in mine))
        start, peak, made = (
            _short(median(one)) for one in zip(*((x["startup"], x["peak"], x["requests"] / x["calls"]) for x in mine),
                                               strict=True)
        )  # fmt: skip
        spread = Figure(tuple(map(cost, mine)))
        title = " ".join((name, mine[0].get("version", ""))).strip()
        lines.append(f"| {title} | {spread} | {speed} | {ideal} | {start} | {peak} | {made} |")
    return lines


def with_block(readme: str, text: str) -> str:
    """The README with the page's table of goals between its marks. Raises ValueError where the marks are not there."""
    begun, ended = (readme.index(mark) for mark in MARKS)
    return readme[:begun] + block(text) + readme[ended + len(MARKS[1]) :]


def block(text: str) -> str:
    """What stands between the marks of a page, marks included."""
    return text[text.index(MARKS[0]) : text.index(MARKS[1]) + len(MARKS[1])]


def kept(page: Path) -> list[str]:
    """The goals that another page has between the marks of `kept_block`; none where it was not written."""
    text = page.read_text() if page.exists() else ""
    return text.split(_KEPT)[1].strip().splitlines()[2:] if text.count(_KEPT) == 2 else []


def kept_block(found: Sequence[Goal]) -> list[str]:
    """Lines of a page whose goals the page of performance takes over."""
    return [_KEPT, "| goal | asked | measured | n | |", "|---|---|---|---|---|", *(goal.row() for goal in found), _KEPT]


def _machine() -> str:
    told = ", ".join(f"{name} {version(name)}" for name in ("aiohttp", "openai", "anthropic"))
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {told}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
