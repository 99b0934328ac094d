"""Simulated labels for planning: the spread of a coefficient, the power of the alt-test."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

TABLES = 20_000
"""2x2 tables simulated for a spread: it is then known to about 0.5 %."""
WORLDS = 400
"""Alt-tests simulated for a power: it is then known to about 2 points."""


def coefficient_error(name: str, value: float, rate: float, n: int, seed: int) -> float:
    """Standard deviation of kappa or AC1 over simulated tables of n pairs whose true value and pass rate are these.

    Raises `UsageError` where no table of equal marginals has this value.
    """
    import numpy as np

    both, one = _cells(name, value, rate)
    random = np.random.default_rng(seed)
    shares = random.multinomial(n, [both, one, one, max(0.0, 1 - both - 2 * one)], size=TABLES) / n
    found = _coefficient(name, shares)
    return float(np.nanstd(found))


def alt_test_power(
    n: int, annotators: int, people_noise: float, judge_noise: float, epsilon: float, seed: int
) -> float:
    """Share of simulated worlds in which the judge's winning rate is at least one half.

    Calderon, Reichart and Dror (arXiv 2501.10970): every annotator is left out in turn; the judge wins an item when it
    is at least as near to the others' mean; one-sided t-test against epsilon, Benjamini-Yekutieli at .05.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    block = max(1, min(WORLDS, 4_000_000 // (n * (annotators + 1))))
    passed = 0
    for start in range(0, WORLDS, block):
        many = min(block, WORLDS - start)
        people, judge = _labels(random, many, n, annotators, people_noise, judge_noise)
        passed += int(passes(people, judge, epsilon).sum())
    return passed / WORLDS


def passes(people: Numbers, judge: Numbers, epsilon: float) -> Numbers:
    """(worlds,) whether the judge wins against half of the annotators of people (worlds, n, annotators).

    Nearness to the others' mean orders judge and annotator as the negative RMSE to the others does.
    """
    import numpy as np
    from scipy.stats import t

    n, annotators = people.shape[1:]
    others = (people.sum(axis=2, keepdims=True) - people) / (annotators - 1)
    away_judge, away_people = np.abs(judge[:, :, None] - others), np.abs(people - others)
    gap = (away_people <= away_judge).astype(float) - (away_judge <= away_people)
    mean, spread = gap.mean(axis=1) - epsilon, gap.std(axis=1, ddof=1) / math.sqrt(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(spread > 0, mean / spread, np.where(mean < 0, -np.inf, np.inf))
    won: Numbers = _rejected(t.cdf(far, n - 1)).mean(axis=1) >= 0.5
    return won


def _labels(
    random: Any, worlds: int, n: int, annotators: int, people_noise: float, judge_noise: float
) -> tuple[Numbers, Numbers]:
    """(worlds, n, annotators) and (worlds, n) labels from 1 to 5."""
    import numpy as np

    truth = random.integers(1, 6, (worlds, n)).astype(float)
    people = truth[:, :, None] + people_noise * random.standard_normal((worlds, n, annotators))
    judge = truth + judge_noise * random.standard_normal((worlds, n))
    return np.clip(np.round(people), 1, 5), np.clip(np.round(judge), 1, 5)


def _rejected(p: Numbers, q: float = 0.05) -> Numbers:
    """Benjamini and Yekutieli's (2001) step-up over the last axis."""
    import numpy as np

    count = p.shape[-1]
    steps = np.arange(1, count + 1)
    limits = q * steps / (count * (1 / steps).sum())
    ordered = np.sort(p, axis=-1)
    last = np.where(ordered <= limits, steps, 0).max(axis=-1)
    line = np.take_along_axis(ordered, np.maximum(last - 1, 0)[..., None], axis=-1)
    rejected: Numbers = (p <= line) & (last > 0)[..., None]
    return rejected


@lru_cache
def _cells(name: str, value: float, rate: float) -> tuple[float, float]:
    """Shares of pairs that both pass, and of those where one (each) passes alone, for equal marginals."""
    chance = rate**2 + (1 - rate) ** 2 if name == "kappa" else 2 * rate * (1 - rate)
    agreed = value + (1 - value) * chance
    one = (1 - agreed) / 2
    if one < 0 or one > min(rate, 1 - rate):
        raise UsageError(
            f"no two raters who both pass {rate:g} can have a {name} of {value:g}; raise it or move --rate"
        )
    return rate - one, one


def _coefficient(name: str, shares: Numbers) -> Numbers:
    """(tables,) kappa or AC1 of (tables, 4) shares."""
    import numpy as np

    agreed = shares[:, 0] + shares[:, 3]
    left, right = shares[:, 0] + shares[:, 1], shares[:, 0] + shares[:, 2]
    middle = (left + right) / 2
    chance = left * right + (1 - left) * (1 - right) if name == "kappa" else 2 * middle * (1 - middle)
    out: Numbers = np.full(len(shares), np.nan)
    np.divide(agreed - chance, 1 - chance, out=out, where=chance < 1)
    return out
