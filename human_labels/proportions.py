"""A share of samples with all that keeps it honest: how many were judged, an interval, and bounds for the unjudged."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion. `value` is None when nothing was judged: not measured is not zero."""

    count: int
    n: int
    """Judged."""
    planned: int
    """Judged and unjudged."""

    @property
    def value(self) -> float | None:
        """count / n."""
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval over the judged; (0, 1) when there is none. Takes samples as independent."""
        return wilson(self.count, self.n)

    @property
    def bounds(self) -> tuple[float, float]:
        """The share among all planned if no unjudged sample counted, and if every one did."""
        if not self.planned:
            return 0.0, 1.0
        return self.count / self.planned, (self.count + self.planned - self.n) / self.planned


def wilson(count: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval for a proportion (Wilson 1927, JASA 22:209-212); (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    share = count / n
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    width = 1 + z * z / n
    return max(0.0, (middle - half) / width), min(1.0, (middle + half) / width)


def clopper_pearson(count: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The exact two-sided interval of a share (Clopper and Pearson 1934, Biometrika 26:404-413); (0, 1) for n = 0."""
    return (1 - upper_bound(n - count, n, (1 - level) / 2), upper_bound(count, n, (1 - level) / 2))


def upper_bound(count: int, n: int, delta: float) -> float:
    """sup{r : P(Binomial(n, r) <= count) >= delta}: a rate above it would show so few with probability under delta.

    The exact one-sided upper bound; 1 for n = 0 or count = n. Zero of n gives 1 - delta ** (1/n).
    """
    from scipy.special import betaincinv

    return 1.0 if count >= n else float(betaincinv(count + 1, n - count, 1 - delta))
