"""How often each interval holds the true pass rate: simulated worlds, nominal 95 %.

python benchmarks/estimation_coverage.py [WORLDS] > benchmarks/results/estimation_coverage.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from recjudge.errors import Refused
from recjudge.human_labels import ppi, rogan_gladen, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

ROWS = (
    (0.8, 0.9, 0.7, 100, 100),
    (0.8, 0.9, 0.7, 100, 1000),
    (0.8, 0.9, 0.7, 200, 200),
    (0.6, 0.8, 0.8, 100, 100),
    (0.8, 0.95, 0.9, 200, 200),
    (0.95, 0.9, 0.8, 100, 1000),
)
"""True rate, sensitivity, specificity, labelled, unlabelled."""
GROUPED = ((0.8, 2, 40, 200, 5), (0.8, 2, 25, 50, 8), (0.95, 4, 40, 200, 5))
"""True rate, a + b of the groups' Beta rates, labelled groups, unlabelled groups, samples a group."""


class Covered(NamedTuple):
    """How often a method's intervals held the truth."""

    share: float
    width: float
    worlds: int


def independent(row: tuple[float, float, float, int, int], worlds: int) -> dict[str, Covered]:
    """Method to its coverage; a world that Lee's method refuses does not count for it."""
    import numpy as np

    rate, sensitivity, specificity, n, others = row
    held = _Counted(rate)
    random = np.random.default_rng([n, others, round(1000 * rate)])
    for _ in range(worlds):
        truth, judge = _words(random, random.random(n + others) < rate, sensitivity, specificity)
        held.add("the judge's opinion", *wilson(float(judge.sum()), n + others))
        held.add("people alone", *wilson(float(truth[:n].sum()), n))
        found = ppi(truth[:n], judge[:n], judge[n:])
        held.add("PPI++", found.low, found.high)
        try:
            lee = rogan_gladen(*_counts(truth[:n], judge[:n], judge[n:]))
        except Refused:
            continue
        held.add("Lee et al.", lee.low, lee.high)
    return held.all()


def grouped(row: tuple[float, float, int, int, int], worlds: int) -> dict[str, Covered]:
    """The same for samples in groups of different rates, by PPI++ with and without their groups."""
    import numpy as np

    rate, precision, groups, others, size = row
    held, n = _Counted(rate), groups * size
    random = np.random.default_rng([groups, others, round(1000 * rate)])
    names = np.repeat(np.arange(groups + others), size).tolist()
    for _ in range(worlds):
        rates = random.beta(rate * precision, (1 - rate) * precision, groups + others)
        truth, judge = _words(random, random.random(len(names)) < np.repeat(rates, size), 0.9, 0.8)
        alone = ppi(truth[:n], judge[:n], judge[n:])
        found = ppi(truth[:n], judge[:n], judge[n:], clusters=names[:n], unlabelled_clusters=names[n:])
        held.add("PPI++, groups ignored", alone.low, alone.high)
        held.add("PPI++ over groups", found.low, found.high)
    return held.all()


def table(worlds: int) -> Iterator[str]:
    """The page, line by line."""
    yield "# Coverage of the estimates of a pass rate"
    yield ""
    yield f"{worlds} simulated worlds a row, nominal 95 %. A cell: share of intervals that hold the truth / mean width;"
    yield "with the number of worlds in which the method gave an interval, where it refused the others."
    yield "Made by `python benchmarks/estimation_coverage.py`."
    yield ""
    yield from _lines("rate, sensitivity, specificity, labelled, unlabelled", ROWS, independent, worlds)
    yield ""
    yield "Samples in groups whose own rates vary (Beta), sensitivity .9, specificity .8:"
    yield ""
    yield from _lines("rate, a + b, labelled groups, unlabelled groups, samples a group", GROUPED, grouped, worlds)


class _Counted:
    """Intervals counted by method."""

    def __init__(self, truth: float) -> None:
        self._truth = truth
        self._seen: dict[str, list[tuple[bool, float]]] = {}

    def add(self, method: str, low: float, high: float) -> None:
        self._seen.setdefault(method, []).append((low <= self._truth <= high, high - low))

    def all(self) -> dict[str, Covered]:
        """Method to its coverage."""
        return {
            method: Covered(
                sum(hit for hit, _ in seen) / len(seen), sum(width for _, width in seen) / len(seen), len(seen)
            )
            for method, seen in self._seen.items()
        }


def _words(random: Any, truth: Numbers, sensitivity: float, specificity: float) -> tuple[Numbers, Numbers]:
    import numpy as np

    judge = np.where(truth, random.random(len(truth)) < sensitivity, random.random(len(truth)) >= specificity)
    return truth.astype(float), judge.astype(float)


def _counts(truth: Numbers, judge: Numbers, other: Numbers) -> tuple[int, int, int, int, int, int]:
    passes = truth == 1
    hits = judge == truth
    return (
        int(other.sum()), len(other),
        int(hits[~passes].sum()), int((~passes).sum()), int(hits[passes].sum()), int(passes.sum()),
    )  # fmt: skip


def _lines(title: str, rows: Any, simulate: Any, worlds: int) -> Iterator[str]:
    head = False
    for row in rows:
        found: Mapping[str, Covered] = simulate(row, worlds)
        if not head:
            yield f"| {title} | {' | '.join(found)} |"
            yield "|---" * (len(found) + 1) + "|"
            head = True
        cells = " | ".join(
            f"{one.share:.3f} / {one.width:.3f}" + (f" (of {one.worlds})" if one.worlds < worlds else "")
            for one in found.values()
        )
        yield f"| {', '.join(f'{part:g}' for part in row)} | {cells} |"


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in table(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)))
