"""Who vouches for rows: a policy, or the certificate of a folder that `recjudge filter` wrote."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from ..errors import UsageError
from ..human_labels import Policy
from ..judge import Verdict
from .aside import words_in_context
from .candidates import UNCERTIFIED, Cover
from .certificate import Certificate, policy_digest
from .folder import read_audit, read_certificate, read_kept, read_left_out
from .selection import AUDITED, STEPS


def cover_of_policy(policy: Policy, *, now: datetime | date) -> Cover:
    """What the policy accepts; never a sample of a task that it has no line for. Raises `UsageError` once expired."""
    policy.check(now)
    tasks = {line.task for line in policy.lines}

    def accepts(verdict: Verdict) -> bool:
        return verdict.task in tasks and policy.accepts(verdict, now=now)

    return Cover(policy_digest(policy), accepts)


def cover_of_folder(folder: Path, *, now: datetime | date) -> Cover:
    """The kept rows of a folder, under the very verdicts they were accepted by; what its audit has seen stays aside.

    Raises `UsageError` for a folder without a certificate or changed since, and once its policy is expired.
    """
    certificate = read_certificate(folder)
    _check(folder, certificate, now)
    kept = {_identity(row.verdict) for row in read_kept(folder)}
    digest = certificate.policy["digest"] if certificate.certified and certificate.policy else UNCERTIFIED
    out = {(step, row.sample.id, _identity(row.verdict)) for step, row in read_left_out(folder) if step in STEPS}
    spared = {identity for _, _, identity in out} if certificate.certified else set()
    return Cover(
        digest,
        lambda verdict: _identity(verdict) in kept,
        frozenset({*certificate.audit["ids"], *(id for step, id, _ in out if step == AUDITED)}),
        frozenset(map(words_in_context, read_audit(folder))),
        lambda verdict: _identity(verdict) in spared,
    )


def _check(folder: Path, certificate: Certificate, now: datetime | date) -> None:
    """From the day on which the policy decides nothing any more its certificate vouches for nothing either."""
    today = now.date() if isinstance(now, datetime) else now
    if certificate.expires and today >= date.fromisoformat(certificate.expires):
        raise UsageError(
            f"{folder}: the policy of its certificate expired on {certificate.expires}; hold fresh labels against it "
            "with `recjudge milestone`, calibrate anew, and filter again"
        )


def _identity(verdict: Verdict) -> tuple[str, ...]:
    return verdict.key, verdict.judge, verdict.rubric, verdict.grade or ""
