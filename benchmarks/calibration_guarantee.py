"""How often a line of `recjudge calibrate` is not as right as it says, and how often a good judge gets one: simulated.

    python benchmarks/calibration_guarantee.py [--worlds 1000] [--out benchmarks/results/calibration_guarantee.md]

Takes some minutes on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from recjudge.human_labels.policy import grid_of, one_of_each, select, walk

Numbers = Any
PRECISION, DELTA = 0.95, 0.05


@dataclass(frozen=True)
class World:
    """P(people pass | score), and how the scores lie."""

    passes: Callable[[Numbers], Numbers]
    scores: Callable[[Any, int], Numbers] = lambda random, n: random.random(n)

    def draw(self, random: Any, n: int) -> tuple[Numbers, Numbers]:
        scores = self.scores(random, n)
        return scores, (random.random(n) < self.passes(scores)).astype(float)


MODELS = {
    "good: pass rises steeply around .4": World(lambda s: 1 / (1 + np.exp(-20 * (s - 0.4)))),
    "right in 98 % above .5, in 2 % below": World(lambda s: (s > 0.5) * 0.96 + 0.02),
    "right in 99 % above .8, in 93 % below": World(lambda s: np.where(s > 0.8, 0.99, 0.93)),
    "overconfident: from .6 to .97": World(lambda s: 0.6 + 0.37 * s),
    "sinuous: .88 to .97": World(lambda s: 0.97 - 0.09 * np.sin(9 * s) ** 2),
    "says nothing, 94.9 % pass": World(lambda s: np.full(len(s), 0.949)),
    "wrong at its surest": World(lambda s: np.where(s > 0.75, 0.93, 0.985)),
    "skewed scores, from .85 to .99": World(lambda s: 0.85 + 0.14 * s, lambda random, n: random.beta(8, 1, n)),
    "five grades": World(lambda s: 0.5 + 0.47 * s, lambda random, n: random.integers(0, 5, n) / 4),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    words = [
        f"Asked: precision {PRECISION}, confidence {1 - DELTA}; {asked.worlds:,} simulated label files a row. "
        "*Broken*: share of files whose line is in truth less precise than that; promised is at most 5 %.",
        "",
        "| The judge | Labels | Lines given | Broken | Mean yield (best) | Three ways: given | Broken | People |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(name, n, asked.worlds) for name in MODELS for n in (300, 1000)),
        "",
        "- *Best*: the share above the lowest threshold that is in truth precise enough.",
        "- *Three ways*: `--selective`; broken when either side is; *people*: share left to them by a line.",
        "",
        f"Clusters of 1 to 8, strict ones larger, no threshold precise enough, {asked.worlds:,} files of 300:",
        "",
        "| Labels counted | Broken at confidence 0.95 |",
        "|---|---|",
        *_clustered(asked.worlds),
    ]
    text = "\n".join(words) + "\n"
    if asked.out:
        asked.out.write_text(text)
    print(text)


def _row(name: str, n: int, worlds: int) -> str:
    world, random = MODELS[name], np.random.default_rng(n)
    scores = np.sort(world.scores(random, 400_000))
    passes = world.passes(scores)
    above = np.cumsum(passes[::-1])[::-1] / np.arange(len(passes), 0, -1)
    below = np.cumsum(1 - passes) / np.arange(1, len(passes) + 1)
    enough = np.flatnonzero(above >= PRECISION)
    best = 1 - enough[0] / len(scores) if len(enough) else 0.0
    given, broken, yields, ways, bent, people = 0, 0, 0.0, 0, 0, 0.0
    for _ in range(worlds):
        s, y = world.draw(random, n)
        grid = grid_of(s)
        line = walk(s, y, grid, precision=PRECISION, delta=DELTA).threshold
        at = len(scores) if line is None else int(np.searchsorted(scores, line))
        given, yields = given + (line is not None), yields + 1 - at / len(scores)
        broken += line is not None and above[min(at, len(above) - 1)] < PRECISION
        lines = select(s, y, grid, precision=PRECISION, delta=DELTA)
        top = len(scores) if lines.accept is None else int(np.searchsorted(scores, lines.accept))
        low = 0 if lines.reject is None else int(np.searchsorted(scores, lines.reject, side="right"))
        ways += lines.accept is not None or lines.reject is not None
        bent += (lines.accept is not None and above[min(top, len(above) - 1)] < PRECISION) or (
            low > 0 and below[low - 1] < PRECISION
        )
        if lines.accept is not None or lines.reject is not None:
            people += (top - low) / len(scores)
    left = f"{people / ways:.0%}" if ways else "–"
    mean = f"{yields / given:.0%}" if given else "–"
    return (
        f"| {name} | {n:,} | {given / worlds:.1%} | {broken / worlds:.1%} | {mean} ({best:.0%}) | "
        f"{ways / worlds:.1%} | {bent / worlds:.1%} | {left} |"
    )


def _draw(random: Any, count: int) -> tuple[Numbers, Numbers, Numbers]:
    strict = random.random(count) < 0.1
    sizes = np.where(strict, random.integers(3, 9, count), random.integers(1, 5, count))
    owner = np.repeat(np.arange(count), sizes)
    scores = random.random(count)[owner] + 0.01 * random.random(len(owner))
    return scores, (random.random(len(owner)) < np.where(strict[owner], 0.5, 0.99)).astype(float), owner


def _clustered(worlds: int) -> list[str]:
    random, broken, naive = np.random.default_rng(6), 0, 0
    precision = float(_draw(random, 300_000)[1].mean()) + 0.001
    for world in range(worlds):
        scores, passed, owner = _draw(random, 300)
        kept, grid = one_of_each([f"{world}-{name}" for name in owner]), grid_of(scores)
        broken += walk(scores[kept], passed[kept], grid, precision=precision, delta=DELTA).threshold is not None
        naive += walk(scores, passed, grid, precision=precision, delta=DELTA).threshold is not None
    return [
        f"| at most one a cluster (`recjudge calibrate`) | {broken / worlds:.1%} |",
        f"| each, as if independent | {naive / worlds:.1%} |",
    ]


if __name__ == "__main__":
    main()
