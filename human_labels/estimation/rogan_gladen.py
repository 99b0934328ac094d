"""A judge's pass rate corrected by its sensitivity and specificity, where the labels come from another set."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...errors import Refused, UsageError
from ..proportions import wilson

PILOT = 10
"""Labels of each class that the first guess of sensitivity and specificity is worth, in `allocate`."""


@dataclass(frozen=True, slots=True)
class RoganGladen:
    """A pass rate corrected for a judge's errors, with Lee et al.'s interval."""

    value: float
    """As the formula gives it: outside 0 to 1 where the judge's errors explain more than all passes."""
    low: float
    high: float
    raw: float
    """The judge's own pass rate."""
    sensitivity: float
    specificity: float
    level: float
    notes: tuple[str, ...] = ()


def rogan_gladen(
    positives: int,
    n: int,
    true_negatives: int,
    negatives: int,
    true_positives: int,
    positives_labelled: int,
    *,
    level: float = 0.95,
) -> RoganGladen:
    """The share of true passes among n samples of which the judge passed `positives` (Rogan and Gladen 1978).

    theta = (p + q0 - 1)/(q0 + q1 - 1), q0 = true_negatives/negatives (specificity) and q1 = true_positives/
    positives_labelled (sensitivity) on labelled samples that are others than the n. The interval is that of Lee et al.
    (arXiv 2511.21140, section 4): z^2/2 passes and failures are added to the counts of p, one hit and one miss to those
    of q0 and q1. It takes samples as independent and is cut at 0 and 1, with a note. Raises `Refused` when q0 + q1, or
    the lower end of its own interval, is not above 1: such a judge may tell nothing.
    """
    from scipy.special import ndtri

    _check(positives, n, true_negatives, negatives, true_positives, positives_labelled)
    z = float(ndtri((1 + level) / 2))
    q0, q1 = true_negatives / negatives, true_positives / positives_labelled
    refuse_blind(true_negatives, negatives, true_positives, positives_labelled, z)
    raw = positives / n
    value = (raw + q0 - 1) / (q0 + q1 - 1)
    low, high = _lee(positives, n, true_negatives, negatives, true_positives, positives_labelled, z)
    notes = []
    if not 0 <= value <= 1:
        notes.append(f"the estimate {value:.4f} lies outside 0 to 1: the judge's errors are not those of the labels")
    if low < 0 or high > 1:
        notes.append("the interval is cut at the range 0 to 1")
    return RoganGladen(value, max(low, 0.0), min(high, 1.0), raw, q1, q0, level, tuple(notes))


def informedness(
    true_negatives: int, negatives: int, true_positives: int, positives_labelled: int, z: float
) -> tuple[float, float, float]:
    """Sensitivity + specificity with its interval (Newcombe 1998, Statistics in Medicine 17:873-890, method 10)."""
    parts = [(true_negatives / negatives, *wilson(true_negatives, negatives, z))]
    parts.append((true_positives / positives_labelled, *wilson(true_positives, positives_labelled, z)))
    total = sum(value for value, _, _ in parts)
    under = math.hypot(*(value - low for value, low, _ in parts))
    over = math.hypot(*(high - value for value, _, high in parts))
    return total, total - under, total + over


def refuse_blind(true_negatives: int, negatives: int, true_positives: int, positives_labelled: int, z: float) -> None:
    """Raises `Refused` for a judge that may pass the bad as often as the good."""
    total, low, high = informedness(true_negatives, negatives, true_positives, positives_labelled, z)
    if low > 1:
        return
    more = "label more of both classes, or estimate from people's labels of the samples themselves"
    if total <= 1:
        raise Refused(f"sensitivity + specificity is {total:.3f}, not above 1: this judge cannot be corrected; {more}")
    raise Refused(
        f"sensitivity + specificity is {total:.3f}, but its interval {low:.3f} to {high:.3f} reaches 1 "
        f"({negatives} failures and {positives_labelled} passes labelled): too little to correct by; {more}"
    )


def allocate(total: int, p: float, q0: float, q1: float, *, m_pilot: int = PILOT) -> tuple[int, int]:
    """How many of `total` labels to spend on true failures and on true passes: (m0, m1), each at least 1.

    m1/m0 = p/((1 - p) sqrt(kappa)), kappa = (1 - q0)/(1 - q1), q0 and q1 being first guesses worth `m_pilot` labels
    each, with one hit and one miss more (Lee et al., arXiv 2511.21140, section 5).
    """
    if not (0 < p < 1 and 0 <= q0 <= 1 and 0 <= q1 <= 1) or total < 2 or m_pilot < 0:
        raise UsageError("give at least 2 labels, p between 0 and 1, and q0, q1 within 0 to 1")
    miss0, miss1 = ((m_pilot * (1 - q) + 1) / (m_pilot + 2) for q in (q0, q1))
    odds = p / ((1 - p) * math.sqrt(miss0 / miss1))
    failures = min(max(round(total / (1 + odds)), 1), total - 1)
    return failures, total - failures


def _lee(positives: int, n: int, hits0: int, m0: int, hits1: int, m1: int, z: float) -> tuple[float, float]:
    """The two ends before they are cut."""
    size, size0, size1 = n + z * z, m0 + 2, m1 + 2
    p, q0, q1 = (positives + z * z / 2) / size, (hits0 + 1) / size0, (hits1 + 1) / size1
    spread0, spread1, told = q0 * (1 - q0) / size0, q1 * (1 - q1) / size1, q0 + q1 - 1
    theta = (p + q0 - 1) / told
    moved = 2 * z * z * (theta * spread1 - (1 - theta) * spread0)
    error = math.sqrt(p * (1 - p) / size + (1 - theta) ** 2 * spread0 + theta**2 * spread1) / told
    return theta + moved - z * error, theta + moved + z * error


def _check(positives: int, n: int, hits0: int, m0: int, hits1: int, m1: int) -> None:
    for count, of, what in (
        (positives, n, "samples"),
        (hits0, m0, "labelled failures"),
        (hits1, m1, "labelled passes"),
    ):
        if of < 1:
            raise Refused(f"no {what}: the judge's rate cannot be corrected; label samples of both classes")
        if not 0 <= count <= of:
            raise UsageError(f"{count} of {of} {what} is no count")
