"""How often the rule `gap` stops a run of rounds that it should let go on, and one that it should stop.

    python benchmarks/round_stops.py [--runs 1000] [--out benchmarks/results/round_stops.md]

Each round's audit is n accepted rows, each of a group of its own, of which people pass a share; the judge passes all,
so that judge minus people is one less that share. The rules see the intervals of a real round. Seconds on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from recjudge.human_labels import wilson
from recjudge.training.rounds.config import StopRules
from recjudge.training.rounds.figures import share
from recjudge.training.rounds.records import Figure, Round
from recjudge.training.rounds.stopping import stops

ROUNDS = 5
MOST, GROWTH = 0.1, 0.05
WORLDS: Sequence[tuple[str, Sequence[float]]] = (
    ("at the limit in every round", (0.1,) * ROUNDS),
    ("half the limit in every round", (0.05,) * ROUNDS),
    ("twice the limit in every round", (0.2,) * ROUNDS),
    ("growing from .05 to .45", (0.05, 0.15, 0.25, 0.35, 0.45)),
)


def main() -> None:
    """Simulates, prints and writes the page."""
    options = _options()
    rng = np.random.default_rng(options.seed)
    lines = [
        "| true gap | labelled rows a round | runs | stopped by `most = 0.1` [95 %] | by `growth = 0.05` [95 %] |",
        "|---|---|---|---|---|",
    ]
    for name, gaps in WORLDS:
        for n in (20, 40, 100):
            stopped = [
                sum(_stopped(rng, gaps, n, {key: value}) for _ in range(options.runs))
                for key, value in (("most", MOST), ("growth", GROWTH))
            ]
            shown = " | ".join(_share(count, options.runs) for count in stopped)
            lines.append(f"| {name} | {n} | {options.runs:,} | {shown} |")
    page = "\n".join([f"Runs of {ROUNDS} rounds stopped by the rule `gap`.", "", *lines, "", *NOTES]) + "\n"
    print(page)
    options.out.write_text(page)


def _stopped(rng: Any, gaps: Sequence[float], n: int, rule: dict[str, float]) -> bool:
    rules = StopRules.model_validate({"gap": rule})
    made = [_round(0, Figure(None))]
    for number, gap in enumerate(gaps, 1):
        wrong = (rng.random(n) < gap).tolist()
        made.append(_round(number, share(wrong, range(n))))
        if any(stop.rule == "gap" for stop in stops(made, rules)):
            return True
    return False


def _round(number: int, gap: Figure) -> Round:
    return replace(_EMPTY, number=number, gap=gap)


def _share(count: int, n: int) -> str:
    low, high = wilson(count, n)
    return f"{100 * count / n:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


def _options() -> Any:
    here = Path(__file__).parent / "results" / "round_stops.md"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=here)
    return parser.parse_args()


NOTES = (
    "In the first two worlds a stop by `most` is false, in the first three one by `growth`: five looks at 95 % each",
    "let some come. Elsewhere it is right; what is missing of 100 % says how many labels a small gap takes.",
)
_NONE = Figure(None)
_EMPTY = Round(
    0, Path(), "", "", "", "", 0, 0, {}, _NONE, _NONE, None, {}, _NONE, {}, 0, None, None,
)  # fmt: skip

if __name__ == "__main__":
    main()
