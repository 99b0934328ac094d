"""How many of the accepted rows people would not pass: expected, and bounded at a confidence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..human_labels import clopper_pearson, upper_bound
from ..human_labels.policy import Line

if TYPE_CHECKING:
    from ..judge import Verdict

CHANCE = 0.1
"""Share of a line's delta spent on the chance of a finite set; the bound's confidence is that much lower."""


@dataclass(frozen=True, slots=True)
class BadRows:
    """Bad rows of one line, among those that the line by itself accepts."""

    line: str
    precision: float
    """Guaranteed by the line with its confidence."""
    confidence: float
    accepted: int
    """Rows this line accepts; with several lines more than are accepted by all."""
    kept: int
    expected: float | None
    """Accepted × the share wrong among labelled samples; None without any."""
    low: float | None
    """95 % interval of the expected number: exact binomial over independent labelled samples."""
    high: float | None
    basis: str
    """`sealed test`, or `calibration, in-sample`."""
    labelled: int
    """Labelled samples that the expected number rests on."""
    wrong: int
    bound: int | None
    """Largest number at `bound_confidence`, from the guarantee; None where it says nothing of rows."""
    distinct_bound: int | None
    """The same of rows of which copies count once; `bound` where copies are kept."""
    bound_confidence: float
    tested_bound: int | None
    """Largest number at `confidence` from the sealed labels alone; None without them."""
    distinct_tested_bound: int | None
    """The same of rows of which copies count once; `tested_bound` where copies are kept."""
    words: str

    @property
    def expected_kept(self) -> float | None:
        """Conservatively: as if no bad row had been left out after acceptance."""
        return None if self.expected is None else min(float(self.kept), self.expected)

    @property
    def bound_kept(self) -> int | None:
        """As `expected_kept`."""
        return None if self.distinct_bound is None else min(self.kept, self.distinct_bound)


def bad_rows(
    line: Line,
    accepted: Sequence[Verdict],
    kept: int,
    contents: Sequence[str] | None = None,
    *,
    copies: bool = False,
) -> BadRows:
    """The numbers of a line; `accepted` are the verdicts it accepts by itself, `kept` how many of its task are kept.

    contents: a name for what each of them is of: copies are right or wrong together, in whichever cluster they stand.
    copies: they are kept, else once each: then the sum of what may be wrong is that of all rows, over fewer of them,
    and is the likeliest to be passed when equal for each (Hoeffding 1956, Ann. Math. Statist. 27:713-721).

    The guarantee says that a share of at most 1 − precision is wrong; in N rows so many may be wrong as a binomial
    quantile says. In clusters rows are not independent: N independent rows are counted as N / (the largest cluster)
    (Janson 2004, Random Structures & Algorithms 24:234-248, with the Chernoff bound). From the sealed labels: the exact
    prediction limit of the hypergeometric distribution (Thatcher 1964, JRSS B 26:176-210).
    """
    clusters, n, delta = _clusters(accepted, contents), len(accepted), 1 - line.confidence
    largest, once = _most(clusters), list(dict(zip(contents or (), clusters, strict=contents is not None)).values())
    of = line.test.accepted if line.test and line.test.accepted.n else line.calibration.accepted
    tested = line.test is not None and line.test.accepted.n > 0
    rate = of.wrong / of.n if of.n else math.nan
    low, high = clopper_pearson(of.failed, of.units)
    known, by_rows = of.n > 0, line.weigh == "items"
    share, spent = 1 - line.precision, CHANCE * delta
    bound = distinct = at_most(n, share, spent, largest) if by_rows else None
    seen = predicted(of.failed, of.units, n, delta, largest) if tested and by_rows else None
    distinct_seen = seen
    if by_rows and contents and not copies and len(once) < n:
        distinct = _once(share, n, once, spent, bound)
        # half of delta for the share of all rows, as `predicted` spends it, and half for the chance of the distinct
        distinct_seen = _once(upper_bound(of.failed, of.units, delta / 2), n, once, delta / 2, seen)
    return BadRows(
        line=line.name, precision=line.precision, confidence=line.confidence, accepted=n, kept=kept,
        expected=n * rate if known else None,
        low=n * min(low, rate) if known else None,
        high=n * max(high, rate) if known else None,
        basis="sealed test" if tested else "calibration, in-sample",
        labelled=of.n, wrong=of.wrong, bound=bound, distinct_bound=distinct,
        bound_confidence=line.confidence - CHANCE * delta,
        tested_bound=seen, distinct_tested_bound=distinct_seen,
        words=_words(line, n, largest, by_rows),
    )  # fmt: skip


def at_most(n: int, rate: float, delta: float, largest: int = 1) -> int:
    """The number that n rows, each bad with at most this probability, exceed with probability delta at most."""
    from scipy.stats import binom

    if largest <= 1:
        return int(binom.ppf(1 - delta, n, rate)) if n else 0
    units = n // largest
    number = math.ceil(n * rate)
    while number < n and units * _divergence((number + 1) / n, rate) < -math.log(delta):
        number += 1
    return min(n, number)


def _once(rate: float, n: int, once: Sequence[tuple[str, str]], delta: float, bound: int | None) -> int | None:
    """Of n rows wrong at this rate, copies counted once: at most `bound`, None where there is none."""
    if bound is None:
        return None
    return min(bound, at_most(len(once), min(1.0, n * rate / len(once)), delta, _most(once)))


def predicted(failed: int, units: int, n: int, delta: float, largest: int = 1) -> int:
    """The number of bad ones that n further rows, after so many in `units`, exceed with probability delta at most."""
    from scipy.stats import hypergeom

    if largest > 1:
        return at_most(n, upper_bound(failed, units, delta / 2), delta / 2, largest)
    low, high = 0, n
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(failed, units + n, failed + middle, units) > delta:
            low = middle
        else:
            high = middle - 1
    return low


def cluster_of(verdict: Verdict) -> str:
    """As labels have it: the group, else the list or item, else itself."""
    return verdict.group or verdict.parent or verdict.item or verdict.id


def _clusters(verdicts: Sequence[Verdict], contents: Sequence[str] | None) -> list[tuple[str, str]]:
    """Of each row a name for its cluster; clusters that share a copy are one."""
    owner: dict[tuple[str, str], tuple[str, str]] = {}

    def root(name: tuple[str, str]) -> tuple[str, str]:
        while owner.setdefault(name, name) != name:
            owner[name] = owner[owner[name]]
            name = owner[name]
        return name

    clusters = [("cluster", cluster_of(verdict)) for verdict in verdicts]
    for cluster, content in zip(clusters, contents or (), strict=contents is not None):
        owner[root(("content", content))] = root(cluster)
    return [root(cluster) for cluster in clusters]


def _most(clusters: Sequence[tuple[str, str]]) -> int:
    return max(Counter(clusters).values(), default=0)


def _divergence(share: float, rate: float) -> float:
    """Kullback-Leibler divergence of two coins."""
    if not 0 < rate < 1:
        return 0.0 if rate >= 1 else math.inf
    parts = [share * math.log(share / rate)] if share > 0 else []
    parts += [(1 - share) * math.log((1 - share) / (1 - rate))] if share < 1 else []
    return sum(parts)


def _words(line: Line, n: int, largest: int, by_rows: bool) -> str:
    if not by_rows:
        return "the line is guaranteed for a sample of a cluster drawn at random, which bounds no number of rows"
    how = "independent rows" if largest <= 1 else f"rows in clusters of up to {largest}, whose errors may come together"
    return f"{n} {how}, each wrong with probability at most {1 - line.precision:.4g}"
