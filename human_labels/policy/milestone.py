"""Milestone: fresh labels against the line in use: ok, degraded, or too few to tell (RecGPT, section 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ...errors import Refused, RunMismatch, UsageError
from ..pairing import Pairing
from ..proportions import upper_bound
from ..records import Labels
from .evidence import evidence
from .guarantee import labels_needed
from .policy import TRUST, Decided, Evidence, Line, Policy
from .seal import trace
from .trust import outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

MARGIN = 0.02
"""Loss of precision that still counts as none, unless said otherwise; a choice of ours."""


@dataclass(frozen=True, slots=True)
class Relabelled:
    """People's word then and now on the same samples: whether the people, not the judge, have moved."""

    n: int
    stricter: int
    """Passed then, not now."""
    milder: int
    p: float
    """Exact McNemar test, two-sided; NaN where nobody changed their word."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """What fresh labels say of a line in use."""

    name: str
    status: Literal["ok", "degraded", "underpowered"]
    precision: float
    """What the line promises."""
    margin: float
    alpha: float
    low: float
    """Exact lower bound of the precision now, one-sided at alpha."""
    high: float
    """Exact upper bound, one-sided at alpha."""
    now: Evidence
    then: Evidence
    """The line's own: on its sealed labels, else on those it was calibrated with."""
    needed: int | None
    """Independent accepted labels at which this would be decided with probability 0.8 were the precision seen the true
    one; None where it is decided, or none would do."""
    change: tuple[float, float, float] | None
    """Precision now minus then, with its 95 % interval (Newcombe); None where either has no label."""
    relabelled: Relabelled | None
    words: str


def milestone(
    policy: Policy,
    fresh: Pairing,
    *,
    now: datetime,
    margin: float = MARGIN,
    alpha: float = 0.05,
    labels: Labels | None = None,
    old: Pairing | None = None,
) -> Milestone:
    """Holds fresh labels against the policy's line of their task and dimension.

    `ok`: the lower bound is above precision - margin (non-inferiority). `degraded`: the upper bound is below precision.
    `underpowered`: neither. `old` are earlier labels, to see where people changed their word on the same sample.
    Raises `RunMismatch` for verdicts of another judge or rubric, `Refused` for the labels the policy was made from. An
    expired policy may be held against fresh labels.
    """
    if not 0 < margin < 1 or not 0 < alpha < 0.5:
        raise UsageError(f"margin {margin:g}, alpha {alpha:g}: give shares, e.g. --margin 0.02 --alpha 0.05")
    line = policy.line(fresh.task, fresh.dimension)
    _same(line, fresh, policy, labels)
    right = outcome(fresh, line.rule, line.mode)
    found = evidence(
        fresh, right, score=line.score, accept=line.accept, reject=line.reject, confidence=1 - alpha,
        weigh="clusters" if line.weigh == "clusters" else "items", agreed=right if line.mode == TRUST else None,
    )  # fmt: skip
    then = line.test or line.calibration
    low = found.accepted.low
    high = upper_bound(found.accepted.units - found.accepted.failed, found.accepted.units, alpha)
    status = _status(low, high, line.precision, margin)
    needed = _needed(found.accepted, line.precision, margin, alpha) if status == "underpowered" else None
    moved = _relabelled(old, fresh, line.rule) if old else None
    words = _words(line, status, found, low, high, margin, needed)
    change = _change(then.accepted, found.accepted)
    return Milestone(
        line.name, status, line.precision, margin, alpha, low, high, found, then, needed, change, moved, words
    )


def unseen(policy: Policy, labels: Labels) -> Labels:
    """The labels that the policy does not rest on, with a note of how many it does. Raises `Refused` without any."""
    known = set(policy.seen)
    rows = tuple(row for row in labels.rows if trace(row) not in known)
    if labels.rows and not rows:
        raise Refused(
            f"{labels.source}: these are the labels the policy was made from, not fresh ones; label samples of today"
        )
    left = len(labels.rows) - len(rows)
    note = f"{left} labels that the policy was made from are left out" if left else ""
    return replace(labels, rows=rows, notes=(*labels.notes, note) if note else labels.notes)


def _same(line: Line, fresh: Pairing, policy: Policy, labels: Labels | None) -> None:
    pairs = [("judge", line.judge, fresh.judge), ("rubric", line.rubric, fresh.rubric), ("role", line.role, fresh.role)]
    if wrong := "; ".join(f"{name}: policy {own}, fresh {theirs}" for name, own, theirs in pairs if own != theirs):
        raise RunMismatch(f"{line.name}: fresh labels are not about what the policy is for ({wrong}); calibrate anew")
    if labels is not None and labels.digest and labels.digest == policy.digest:
        raise Refused(
            f"{labels.source}: these are the labels the policy was made from, not fresh ones; label samples of today"
        )
    if line.accept is None:
        raise Refused(f"{line.name}: the line accepts nothing, so there is no precision to hold fresh labels against")


def _status(low: float, high: float, precision: float, margin: float) -> Literal["ok", "degraded", "underpowered"]:
    if low > precision - margin:
        return "ok"
    return "degraded" if high < precision else "underpowered"


def _needed(found: Decided, precision: float, margin: float, alpha: float) -> int | None:
    """Labels for non-inferiority where the precision seen is above the border, for degradation where it is below."""
    if not found.n:
        return None
    rate = 1 - found.precision
    border = 1 - precision + margin
    return labels_needed(rate, border, alpha) if rate < border else labels_needed(1 - rate, precision, alpha)


def _change(then: Decided, now: Decided) -> tuple[float, float, float] | None:
    """Difference of two shares with Newcombe's hybrid score interval (1998, Stat. Med. 17:873), of independent ones."""
    from ..proportions import wilson

    if not then.units or not now.units:
        return None
    shares = [(1 - of.failed / of.units, *wilson(of.units - of.failed, of.units)) for of in (now, then)]
    (one, one_low, one_high), (two, two_low, two_high) = shares
    apart = one - two
    return apart, apart - math.hypot(one - one_low, two_high - two), apart + math.hypot(one_high - one, two - two_low)


def _relabelled(old: Pairing, fresh: Pairing, rule: str) -> Relabelled | None:
    from scipy.stats import binomtest

    before = dict(zip(old.ids, old.approved(rule), strict=True))
    pairs = [
        (before[id], word)
        for id, word in zip(fresh.ids, fresh.approved(rule), strict=True)
        if id in before and not math.isnan(before[id]) and not math.isnan(word)
    ]
    stricter, milder = pairs.count((1.0, 0.0)), pairs.count((0.0, 1.0))
    changed = stricter + milder
    p = float(binomtest(stricter, changed).pvalue) if changed else math.nan
    return Relabelled(len(pairs), stricter, milder, p) if pairs else None


def _decided(line: Line) -> str:
    if line.mode == TRUST:
        return "trusted samples labelled afresh people say what the judge says of"
    return "accepted samples labelled afresh people pass"


def _words(line: Line, status: str, found: Evidence, low: float, high: float, margin: float, needed: int | None) -> str:
    seen = found.accepted
    if not seen.n:
        return f"{line.name}: underpowered: the line accepts none of the fresh labelled samples"
    start = (
        f"{line.name}: {status}: of {seen.n} {_decided(line)} {seen.precision:.1%} "
        f"(bounds {low:.1%} and {high:.1%}, from {seen.units} independent ones), promised were {line.precision:.1%}"
    )
    if status == "ok":
        below = "; below the promise, yet within the margin" if high < line.precision else ""
        return f"{start}, less a margin of {margin:.1%}{below}"
    if status == "degraded":
        return f"{start}; stop acting on this line, and calibrate anew"
    more = f"label about {needed:,} accepted ones in all" if needed else "no number of labels would tell"
    return f"{start}; too few to tell: {more}"
