"""Thresholds with a stated error: exact binomial bounds, walked in an order fixed before any label is looked at.

A threshold is accepted while its bound holds and the walk stops at the first that fails, so that all of them together
are wrong with probability at most delta and no correction is paid for their number (fixed-sequence testing: Jung,
Brahman, Choi, ICLR 2025, arXiv 2407.18370; Angelopoulos et al., "Learn then Test", arXiv 2110.01052). A threshold
whose bound fails is never returned, the first one neither.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..proportions import upper_bound
from ..records import ENOUGH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

Weigh = Literal["items", "clusters"]
STEPS = 100
"""Most thresholds of a grid."""
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Step:
    """One threshold that was tested."""

    threshold: float
    n: int
    """Independent labelled samples on its side."""
    wrong: int
    """Of those, the ones people say otherwise about."""
    bound: float
    """Exact upper bound of the share wrong."""
    held: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The thresholds tested, in order; the last may have failed, none after it was tried."""

    limit: float
    """Largest share wrong that is allowed."""
    delta: float
    start: int
    """Labelled samples at which the walk begins."""
    steps: tuple[Step, ...]

    @property
    def threshold(self) -> float | None:
        """The last whose bound holds; None when the first fails already."""
        held = [step.threshold for step in self.steps if step.held]
        return held[-1] if held else None

    @property
    def held(self) -> tuple[float, ...]:
        """Every threshold that is guaranteed."""
        return tuple(step.threshold for step in self.steps if step.held)

    @property
    def best(self) -> Step | None:
        """The step with the lowest bound."""
        return min(self.steps, key=lambda step: step.bound, default=None)


def walk(
    scores: Numbers,
    passed: Numbers,
    grid: Sequence[float],
    *,
    precision: float,
    delta: float,
    least: int = ENOUGH,
    start: int | None = None,
) -> Walk:
    """Tests "accept scores at or above" for each threshold of the grid, the most demanding first.

    `scores` and `passed` (1, 0) are (items,) of independent items; items with NaN in either do not enter. `grid` is
    descending and made without labels (`grid_of`). Thresholds with fewer labels than `start` are passed over, which
    looks at scores alone; default `start_size`, and never below `least`.
    """
    import numpy as np

    known = ~(np.isnan(scores) | np.isnan(passed))
    scores, wrong = scores[known], passed[known] == 0
    limit = 1 - precision
    first = max(least, start_size(len(scores), limit, delta) if start is None else start)
    steps = []
    for threshold in grid:
        taken = scores >= threshold
        n = int(taken.sum())
        if n < first:
            continue
        count = int(wrong[taken].sum())
        bound = upper_bound(count, n, delta)
        steps.append(Step(float(threshold), n, count, bound, bound <= limit))
        if bound > limit:
            break
    return Walk(limit, delta, first, tuple(steps))


def grid_of(scores: Numbers, most: int = STEPS) -> tuple[float, ...]:
    """Thresholds, highest first: the distinct scores of the whole judged pool, or `most` of its quantiles.

    Only scores that occur are thresholds, and no label is looked at, so that the walk's order is fixed beforehand.
    """
    import numpy as np

    known = scores[~np.isnan(scores)]
    distinct = np.unique(known)
    if len(distinct) > most:
        distinct = np.unique(np.quantile(known, np.arange(most) / most, method="inverted_cdf"))
    return tuple(float(value) for value in distinct[::-1])


def one_of_each(clusters: Sequence[str], *, weigh: Weigh = "items") -> Numbers:
    """(items,) True for at most one item a cluster, so that what is kept is independent and binomial bounds are exact.

    `items`: one of m places of each cluster is drawn, m being the largest cluster's size, and an item kept if it stands
    there: every item has the same chance, so the guarantee is about samples as they come. `clusters`: one item of each
    cluster, so it is about a sample of a cluster drawn at random. The draw is a hash of the cluster's name: no seed can
    be tried until it fits.
    """
    import numpy as np

    members: dict[str, list[int]] = {}
    for place, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(place)
    most = max(map(len, members.values()), default=0)
    kept = np.zeros(len(clusters), bool)
    for cluster, places in members.items():
        drawn = int(_uniform(cluster) * (most if weigh == "items" else len(places)))
        if drawn < len(places):
            kept[places[drawn]] = True
    return kept


def start_size(n: int, limit: float, delta: float) -> int:
    """Where a walk begins: enough labels that a judge with a third of the allowed error passes with probability 0.8.

    A walk that begins with fewer would mostly be stopped by chance, one that begins with more misses judges that are
    sure of little. At most a quarter of the labels, but never fewer than a certificate without any error takes. It
    depends on the number of labels alone. A choice of ours, by simulation: `benchmarks/calibration_guarantee.py`.
    """
    zero = zero_failures(limit, delta)
    wanted = labels_needed(limit / 3, limit, delta)
    return max(zero, min(wanted or zero, n // 4))


def zero_failures(limit: float, delta: float) -> int:
    """Labels without one error that a certificate takes: ln(delta) / ln(1 - limit); 59 for 5 % at 95 %."""
    return math.ceil(math.log(delta) / math.log1p(-limit) - 1e-9)


def labels_needed(rate: float, limit: float, delta: float, *, power: float = POWER) -> int | None:
    """Independent labels under the threshold at which a true error of `rate` is certified with this probability.

    None when the rate is not below the limit, where no number of labels will do, or when it takes over ten million.
    """
    if not rate < limit:
        return None
    low, high = zero_failures(limit, delta) - 1, zero_failures(limit, delta)
    while _power(rate, high, limit, delta) < power:
        low, high = high, 2 * high
        if high > 10**7:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(rate, middle, limit, delta) >= power else (middle, high)
    return high


def binomial_p(wrong: Numbers, n: Numbers, limit: float) -> Numbers:
    """P(Binomial(n, limit) <= wrong): small where the share wrong is surely below the limit; 1 for n = 0."""
    import numpy as np
    from scipy.stats import binom

    return np.where(np.asarray(n) > 0, binom.cdf(wrong, n, limit), 1.0)


def learn_then_test(
    p_values: Mapping[str, Numbers],
    delta: float,
    *,
    rule: str = "sequences",
    first: Mapping[str, int] | None = None,
) -> Numbers:
    """(grid,) True where every loss is below its limit, all of it wrong with probability at most delta.

    `p_values` holds, for each loss, (grid,) p-values of "the loss is not below its limit", thresholds in the grid's
    order. A rule of `TESTS`: `fixed` walks the largest of the losses' p-values in the grid's order; `bonferroni` tests
    each threshold at delta / thresholds; `sequences` walks each loss in an order of its own at delta / losses, from the
    start of the grid (`first` +1, the default) or from its end (-1), and takes what all certify: for losses that pull
    apart, as precision and recall do.
    """
    return TESTS[rule](p_values, delta, first or {})


def _fixed(p_values: Mapping[str, Numbers], delta: float, first: Mapping[str, int]) -> Numbers:
    import numpy as np

    return np.logical_and.accumulate(np.max(list(p_values.values()), axis=0) <= delta)


def _bonferroni(p_values: Mapping[str, Numbers], delta: float, first: Mapping[str, int]) -> Numbers:
    import numpy as np

    worst = np.max(list(p_values.values()), axis=0)
    return np.asarray(worst <= delta / max(1, len(worst)))


def _sequences(p_values: Mapping[str, Numbers], delta: float, first: Mapping[str, int]) -> Numbers:
    import numpy as np

    def certified(name: str, values: Numbers) -> Numbers:
        way = first.get(name, 1)
        return np.logical_and.accumulate((values <= delta / len(p_values))[::way])[::way]

    return np.asarray(np.logical_and.reduce([certified(name, values) for name, values in p_values.items()]))


def _power(rate: float, n: int, limit: float, delta: float) -> float:
    """P(the certificate is given) with n labels: at most so many wrong that P(Binomial(n, limit) <= them) <= delta."""
    from scipy.stats import binom

    most = int(binom.ppf(delta, n, limit))
    most = most if binom.cdf(most, n, limit) <= delta else most - 1
    return float(binom.cdf(most, n, rate)) if most >= 0 else 0.0


def _uniform(name: str) -> float:
    return int.from_bytes(hashlib.sha256(f"one of each\0{name}".encode()).digest()[:7]) / 2**56


TESTS: Mapping[str, Callable[[Mapping[str, Numbers], float, Mapping[str, int]], Numbers]] = {
    "sequences": _sequences,
    "fixed": _fixed,
    "bonferroni": _bonferroni,
}
