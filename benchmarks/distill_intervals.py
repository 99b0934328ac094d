"""How often the intervals of a Student's card hold the truth, in worlds whose order of pairs is known.

    python benchmarks/distill_intervals.py [--worlds 1000] [--out benchmarks/results/distill_intervals.md]

Two scorers of one difficulty for each cluster, so that pairs of a cluster hang together and the scorers hang together
too; the truth is their share of pairs in order over sixty thousand clusters. Takes some minutes on one core.
"""

from __future__ import annotations

import argparse
import operator
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from recjudge.human_labels import Interval, combine, interval
from recjudge.training.distilling.evaluating import in_order
from recjudge.training.distilling.pairs import Pairs

STRENGTHS = (0.3, 0.8, 2.5)
CLUSTERS = (12, 29, 80)
ENDLESS = 60_000
HEADER = ("in order, difference", "contexts a cluster", "clusters", "in order: held", "below, above", "none",
          "difference: held", "below, above", "none")  # fmt: skip
NOTES = """
Each line: the share of {worlds:,} worlds whose 95 % interval holds the truth, lies below it, lies above it; and of
worlds without an interval, where no two clusters differ. Below 30 clusters the interval is Student's t on the
jackknife's error, from there on BCa with {draws:,} draws; where all pairs are in order, Wilson's with each cluster
counting once. One context of 4 samples a cluster, or an uneven number of contexts (geometric, mean 2) of 2 to 8.
"""


def main() -> None:
    """Simulates, prints and writes the page."""
    options = _options()
    page = "\n".join(_page(options)) + "\n"
    print(page)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page)


def _page(options: Any) -> Iterator[str]:
    yield "Coverage of the intervals of pairs in order, and of the paired difference of two scorers."
    yield from ("", f"| {' | '.join(HEADER)} |", f"|{'---|' * len(HEADER)}")
    for strength in STRENGTHS:
        for uneven in (False, True):
            truth = [of.value for of in _statistics(np.random.default_rng(99), ENDLESS, strength, uneven)[0]]
            for clusters in CLUSTERS:
                found: list[list[Interval]] = [[], []]
                for world in range(options.worlds):
                    random = np.random.default_rng([world, clusters, int(10 * strength), uneven])
                    sums, names = _statistics(random, clusters, strength, uneven)
                    for at, of in enumerate(sums):
                        limits = (-1.0 if at else 0.0, 1.0)
                        found[at].append(interval(of, names, draws=options.draws, seed=world, limits=limits))
                told = [cell for at in (0, 1) for cell in _held(found[at], truth[at])]
                kind = "uneven" if uneven else "one"
                yield f"| {' | '.join([f'{truth[0]:.3f}, {truth[1]:+.3f}', kind, str(clusters), *told])} |"
    yield NOTES.format(worlds=options.worlds, draws=options.draws)


def _held(found: list[Interval], truth: float) -> Iterator[str]:
    """Of those with an interval: the share that holds the truth, and the tails; of all: the share without one."""
    known = [one for one in found if one.low == one.low]
    below = np.mean([one.high < truth for one in known])
    above = np.mean([one.low > truth for one in known])
    yield f"{1 - below - above:.3f}"
    yield f"{below:.3f}, {above:.3f}"
    yield f"{1 - len(known) / len(found):.3f}"


def _statistics(random: np.random.Generator, clusters: int, strength: float, uneven: bool) -> tuple[list[Any], Any]:
    """Pairs in order of one scorer, and how much more than another's, as sums; each sample's cluster."""
    contexts = random.geometric(0.5, clusters) if uneven else np.ones(clusters, dtype=int)
    easy = np.repeat(random.normal(0, 0.6, clusters), contexts)
    sizes = random.integers(2, 9, len(easy)) if uneven else np.full(len(easy), 4)
    group = np.repeat(np.arange(len(easy)), sizes)
    cluster = np.repeat(np.repeat(np.arange(clusters), contexts), sizes)
    values = random.integers(0, 3, len(group)).astype(float)
    shared, own = random.normal(size=(2, len(group)))
    one = (strength + easy[group]) * values + shared
    other = (strength / 2 + easy[group]) * values + 0.5 * shared + 0.87 * own
    pairs = Pairs.of(values, group)
    ordered = in_order(pairs, one)
    return [ordered, combine(operator.sub, ordered, in_order(pairs, other))], cluster.tolist()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "distill_intervals.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
