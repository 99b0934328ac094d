"""The filter: rows that a policy accepts, what is taken of them, an audit sample for people, and the certificate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..errors import UsageError
from ..human_labels import Policy, draw
from ..judge import Grade, Status
from .certificate import Certificate, certify
from .rows import Row
from .selection import Left, Selection, check, content, defects, select

AUDIT = 50
"""Rows put aside for people unless asked otherwise; a choice of ours."""


@dataclass(frozen=True)
class Audit:
    """Accepted rows that people are to look at, drawn at random; none of them is kept."""

    rows: tuple[Row, ...]
    probability: float
    """With which each of the accepted rows was drawn; copies are one row."""
    seed: int


@dataclass(frozen=True)
class Filtered:
    """What is kept, what is not and why, what people shall look at, and what can be said of it."""

    kept: tuple[Row, ...]
    left_out: tuple[Left, ...]
    audit: Audit
    certificate: Certificate


def filter_rows(
    rows: Iterable[Row],
    policy: Policy | None,
    *,
    options: Selection | None = None,
    now: datetime | date,
    recjudge: str = "",
) -> Filtered:
    """Accepts by the policy alone, draws the audit sample from the accepted, then selects among the rest.

    What is unjudged is left out with its status and never kept, nor is a probe, a row of a benchmark, a negative made
    by shuffling, or what says the same as a row of the audit. Raises `UsageError` without a policy, unless
    `options.uncertified`, for an expired policy, for a task without a line and for an option that is none;
    `RunMismatch` for rows of another judge or rubric.
    """
    wanted, everything = options or Selection(), list(rows)
    today = now.date() if isinstance(now, datetime) else now
    check(wanted)
    _allowed(policy, wanted, today)
    accepted, left = _accepted(everything, policy, wanted, today)
    audit = _drawn(accepted, wanted)
    aside = {id(row) for row in audit.rows}
    rest = [row for row in accepted if id(row) not in aside]
    kept, more = select(rest, wanted, now=today, aside=audit.rows)
    certificate = certify(
        everything, accepted, kept, [*left, *more], [row.sample.id for row in audit.rows], audit.probability,
        policy=policy, options=wanted, now=today, recjudge=recjudge,
    )  # fmt: skip
    return Filtered(tuple(kept), (*left, *more), audit, certificate)


def _accepted(
    rows: Sequence[Row], policy: Policy | None, options: Selection, now: date
) -> tuple[list[Row], list[Left]]:
    accepted, left = [], []
    for row in rows:
        step, reason = _refused(row, policy, options, now)
        if step:
            left.append(Left(row, step, reason))
        else:
            accepted.append(row)
    return accepted, left


def _refused(row: Row, policy: Policy | None, options: Selection, now: date) -> tuple[str, str]:
    """Why a row is not accepted, as a word to count by and a reason; two empty strings where it is."""
    verdict = row.verdict
    if verdict.kind != "sample":
        return "a set", "the verdict is on a set of samples"
    if verdict.status is not Status.OK:
        return f"unjudged: {verdict.status.value}", verdict.error or "no verdict"
    if row.never:
        return row.never, "a judge is tested on it: never trained on"
    if row.negative:
        return "negative", f"made to fail {row.negative}: never wanted"
    if policy is None:
        if options.all_pass:
            return ("all-pass", f"defect: {defects(row)}") if defects(row) else ("", "")
        return ("graded Bad", verdict.reason) if verdict.grade is Grade.BAD else ("", "")
    said = policy.decide(verdict, now=now)
    if said is None:
        return "unjudged: no score", "a line of the policy has no score of this verdict"
    if said == "people" and not any(line.mode == "selective" for line in policy.lines if line.task == verdict.task):
        return "not accepted", "under the policy's line"
    return WORDS[said]


def _drawn(accepted: Sequence[Row], options: Selection) -> Audit:
    """A random sample of the distinct accepted rows, all with one probability, spread over groups."""
    distinct = list({content(row): row for row in reversed(accepted)}.values())[::-1]
    usual = min(AUDIT, math.ceil(len(distinct) / 5))
    n = usual if options.audit is None else options.audit
    if n and n >= len(distinct):
        raise UsageError(
            f"an audit of {n} would leave nothing of {len(distinct)} distinct accepted rows; give a smaller --audit "
            "(0: none)"
        )
    if not n:
        return Audit((), 0.0, options.seed)
    of = {id(row.verdict): row for row in distinct}
    rows = [of[id(drawn.sample)] for drawn in draw([row.verdict for row in distinct], n, seed=options.seed)]
    return Audit(tuple(rows), n / len(distinct), options.seed)


def _allowed(policy: Policy | None, options: Selection, now: date) -> None:
    if policy is None and not options.uncertified:
        raise UsageError(
            "no policy: nothing says how many of the accepted rows are bad; make one with `recjudge calibrate` and "
            "give it with --policy, or say --uncertified, which is then written into every row"
        )
    if policy is not None and options.uncertified:
        raise UsageError("a policy certifies: leave out --policy or --uncertified")
    if policy is not None:
        policy.check(now)


WORDS = {
    "accept": ("", ""),
    "reject": ("rejected", "under the policy's line to reject"),
    "people": ("for people", "between the policy's lines: people decide"),
}
