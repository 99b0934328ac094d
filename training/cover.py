"""Who vouches for rows: a policy, or the certificate of a folder that `recjudge filter` wrote."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from ..human_labels import Policy
from ..judge import Verdict
from .candidates import UNCERTIFIED, Cover
from .certificate import policy_digest
from .folder import read_certificate, read_kept


def cover_of_policy(policy: Policy, *, now: datetime | date) -> Cover:
    """What the policy accepts; never a sample of a task that it has no line for. Raises `UsageError` once expired."""
    policy.check(now)
    tasks = {line.task for line in policy.lines}

    def accepts(verdict: Verdict) -> bool:
        return verdict.task in tasks and policy.accepts(verdict, now=now)

    return Cover(policy_digest(policy), accepts)


def cover_of_folder(folder: Path) -> Cover:
    """The kept rows of a folder, under the very verdicts they were accepted by; its audit sample stays aside.

    Raises `UsageError` for a folder without a certificate or changed since.
    """
    certificate = read_certificate(folder)
    kept = {_identity(row.verdict) for row in read_kept(folder)}
    digest = certificate.policy["digest"] if certificate.certified and certificate.policy else UNCERTIFIED
    return Cover(digest, lambda verdict: _identity(verdict) in kept, frozenset(certificate.audit["ids"]))


def _identity(verdict: Verdict) -> tuple[str, ...]:
    return verdict.key, verdict.judge, verdict.rubric, verdict.grade or ""
