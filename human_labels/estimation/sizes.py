"""How many labels are needed: one goal, one number, and every assumption it rests on."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Refused, UsageError
from ..proportions import upper_bound
from .simulated import alt_test_power, coefficient_error

MOST = 1_000_000
"""Beyond so many labels a goal is called out of reach."""
POWER = 0.8


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """How many labels reach a goal."""

    goal: str
    n: int
    """Samples to label (in the alt-test: by every annotator)."""
    clusters: int
    """Groups they come from; n where each sample stands alone."""
    words: str
    """What the number is for."""
    assumptions: tuple[str, ...]


def plan_labels(goal: str, **options: Any) -> LabelPlan:
    """The labels a goal of `GOALS` needs; options are those of its function, each with a default.

    Raises `UsageError` for an unknown goal, an option it has not, or a value out of range, and `Refused` for a goal
    that no number of labels reaches.
    """
    if goal not in GOALS:
        raise UsageError(f"unknown goal {goal!r}; known: {', '.join(GOALS)}")
    known = inspect.signature(GOALS[goal]).parameters
    for name, value in options.items():
        if name not in known:
            own = ", ".join(f"--{key.replace('_', '-')}" for key in known)
            raise UsageError(f"goal {goal} has no --{name.replace('_', '-')}; it has {own}")
        _check(name, value)
    return GOALS[goal](**options)


def rate_labels(
    *, rate: float = 0.8, half_width: float = 0.05, deff: float = 1.0, per_cluster: int = 1, level: float = 0.95
) -> LabelPlan:
    """A share from people's labels alone: n = z^2 p(1 - p)/d^2, times the design effect (Kish 1965)."""
    alone = _z(level) ** 2 * rate * (1 - rate) / half_width**2
    return _plan(
        "rate",
        alone * deff,
        per_cluster,
        f"a pass rate near {rate:g} to ±{half_width:g} from people's labels alone",
        f"{level:.0%} interval, by the normal approximation",
        _spread(deff),
    )


def ppi_labels(
    *,
    rate: float = 0.8,
    half_width: float = 0.05,
    sensitivity: float = 0.9,
    specificity: float = 0.8,
    unlabelled: int = 1000,
    deff: float = 1.0,
    per_cluster: int = 1,
    level: float = 0.95,
) -> LabelPlan:
    """A share by PPI++: the least n with z^2 p(1 - p)/n (1 - rho^2 N/(n + N)) <= d^2, N judged and unlabelled.

    rho is the correlation of people's and the judge's word, from the rate, sensitivity and specificity.
    """
    passed = rate * sensitivity + (1 - rate) * (1 - specificity)
    spread = rate * (1 - rate) * passed * (1 - passed)
    rho = rate * (1 - rate) * (sensitivity + specificity - 1) / math.sqrt(spread) if spread > 0 else 0.0
    if rho <= 0:
        raise Refused("sensitivity + specificity is not above 1: such a judge saves no label; plan with --goal rate")
    need = (half_width / _z(level)) ** 2 / deff

    def reaches(n: int) -> bool:
        return rate * (1 - rate) / n * (1 - rho**2 * unlabelled / (n + unlabelled)) <= need

    n = _least(reaches)
    alone = math.ceil(rate * (1 - rate) / need)
    return _plan(
        "ppi",
        n,
        per_cluster,
        f"a pass rate near {rate:g} to ±{half_width:g} with the judge's word on {unlabelled:,} other samples "
        f"(people alone: {alone:,})",
        f"sensitivity {sensitivity:g} and specificity {specificity:g}, so a correlation with people of {rho:.2f}",
        f"{level:.0%} interval, by the normal approximation; labels drawn at random from these samples",
        _spread(deff),
    )


def kappa_labels(
    *,
    kappa: float = 0.6,
    rate: float = 0.8,
    half_width: float = 0.1,
    deff: float = 1.0,
    per_cluster: int = 1,
    level: float = 0.95,
    seed: int = 0,
) -> LabelPlan:
    """Cohen's kappa of judge and people: simulated 2x2 tables of equal marginals until z times the spread is d."""
    return _coefficient("kappa", kappa, rate, half_width, deff, per_cluster, level, seed)


def ac1_labels(
    *,
    ac1: float = 0.6,
    rate: float = 0.8,
    half_width: float = 0.1,
    deff: float = 1.0,
    per_cluster: int = 1,
    level: float = 0.95,
    seed: int = 0,
) -> LabelPlan:
    """Gwet's AC1 of judge and people, simulated as kappa is."""
    return _coefficient("ac1", ac1, rate, half_width, deff, per_cluster, level, seed)


def alt_test_labels(
    *,
    annotators: int = 3,
    people_noise: float = 0.8,
    judge_noise: float = 0.8,
    epsilon: float = 0.15,
    power: float = POWER,
    seed: int = 0,
) -> LabelPlan:
    """Samples that every annotator labels so that a judge passes the alt-test (omega >= .5) with this power.

    Labels are the truth, even on 1 to 5, plus normal noise, rounded and kept on the scale; simulated with a seed.
    """
    if annotators < 3:
        raise UsageError("the alt-test needs at least 3 annotators")

    def reached(n: int) -> bool:
        return alt_test_power(n, annotators, people_noise, judge_noise, epsilon, seed) >= power

    if not reached(2000):
        raise Refused(
            f"a judge with noise {judge_noise:g} beside people's {people_noise:g} does not pass the alt-test at "
            f"epsilon {epsilon:g} with power {power:g}, whatever is labelled; a better judge is needed, not more labels"
        )
    n = _least(reached, start=30, most=2000)
    return _plan(
        "alt-test",
        n,
        1,
        f"the judge passes the alt-test with power {power:g}: samples, each labelled by all {annotators} annotators",
        "labels are a truth from 1 to 5 plus normal noise, rounded: "
        f"people {people_noise:g}, judge {judge_noise:g} points",
        f"epsilon {epsilon:g}, negative distance to the others' mean, one-sided t-test, BY at .05; never fewer than 30",
    )


def certificate_labels(
    *, defect_rate: float = 0.05, confidence: float = 0.95, failures: int = 0, deff: float = 1.0, per_cluster: int = 1
) -> LabelPlan:
    """Accepted samples to label so that, with at most `failures` bad ones found, the defect rate is shown.

    Exact (Clopper and Pearson 1934): the upper bound of `failures` of n is at most the rate; with none it is
    n = ln(1 - confidence)/ln(1 - rate).
    """
    n = _least(lambda n: n > failures and upper_bound(failures, n, 1 - confidence) <= defect_rate)
    return _plan(
        "certificate",
        n * deff,
        per_cluster,
        f"accepted samples that show, with at most {failures} bad among them, fewer than {defect_rate:.1%} bad",
        f"confidence {confidence:.0%}, exact binomial bound; drawn at random from what is accepted",
        _spread(deff),
    )


def _coefficient(
    name: str, value: float, rate: float, half_width: float, deff: float, per_cluster: int, level: float, seed: int
) -> LabelPlan:
    n, wanted = 400, half_width / _z(level)
    for _ in range(4):  # the spread falls nearly as 1/sqrt(n): a few steps settle it
        error = coefficient_error(name, value, rate, n, seed)
        n = min(max(math.ceil(n * (error / wanted) ** 2), 10), MOST)
    return _plan(
        name,
        n * deff,
        per_cluster,
        f"{name.upper() if name == 'ac1' else name} near {value:g} to ±{half_width:g}",
        f"simulated 2x2 tables (seed {seed}); people and judge both pass {rate:g}",
        f"{level:.0%} interval",
        _spread(deff),
    )


def _plan(goal: str, n: float, per_cluster: int, words: str, *assumptions: str) -> LabelPlan:
    if not n <= MOST:
        raise Refused(f"{goal}: more than {MOST:,} labels; ask for less: {words}")
    whole = math.ceil(n - 1e-9)
    return LabelPlan(goal, whole, math.ceil(whole / per_cluster), words, tuple(one for one in assumptions if one))


def _spread(deff: float) -> str:
    if deff == 1:
        return "samples are independent; where they share groups, give --deff = 1 + (samples a group - 1) x ICC"
    return f"design effect {deff:g}"


def _least(reaches: Callable[[int], bool], start: int = 1, most: int = MOST) -> int:
    """The least n from `start` for which it holds, once it holds for all above."""
    high = start
    while not reaches(high):
        if high >= most:
            raise Refused(f"more than {most:,} labels are needed; ask for less")
        high = min(2 * high, most)
    low = max(start - 1, high // 2 if high > start else start - 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def _z(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def _check(name: str, value: Any) -> None:
    least, most, ends = _RANGES[name]
    inside = least <= value <= most if ends else least < value < most
    if not inside:
        raise UsageError(f"--{name.replace('_', '-')} {value:g}: give a value between {least:g} and {most:g}")


_RANGES: Mapping[str, tuple[float, float, bool]] = {
    "ac1": (-1, 1, False),
    "annotators": (3, 100, True),
    "confidence": (0, 1, False),
    "deff": (1, 1000, True),
    "defect_rate": (0, 1, False),
    "epsilon": (0, 1, True),
    "failures": (0, 10_000, True),
    "half_width": (0, 1, False),
    "judge_noise": (0, 10, True),
    "kappa": (-1, 1, False),
    "level": (0, 1, False),
    "people_noise": (0, 10, True),
    "per_cluster": (1, 1_000_000, True),
    "power": (0, 1, False),
    "rate": (0, 1, False),
    "seed": (0, 2**63, True),
    "sensitivity": (0, 1, True),
    "specificity": (0, 1, True),
    "unlabelled": (0, 1e12, True),
}
"""Option to the least and the greatest value, and whether these are themselves allowed."""

GOALS: Mapping[str, Callable[..., LabelPlan]] = {
    "rate": rate_labels,
    "ppi": ppi_labels,
    "kappa": kappa_labels,
    "ac1": ac1_labels,
    "alt-test": alt_test_labels,
    "certificate": certificate_labels,
}
"""What labels are for: name to the function that counts them."""
