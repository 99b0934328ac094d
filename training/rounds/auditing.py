"""People's word on a round: precision of what was accepted, the gap between judge and people, the milestone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import Refused, RunMismatch, UsageError
from ...human_labels import Labels, Policy, latest, milestone, pair, read_labels
from ...human_labels.policy import unseen
from ...judge import Verdict
from ...rubrics import Rubric
from .figures import NONE, mean, share
from .records import Figure

if TYPE_CHECKING:
    from ...human_labels import Pairing
    from .config import AuditSettings

WORST = ("ok", "underpowered", "degraded")


@dataclass(frozen=True, slots=True)
class Audited:
    """What the labels of one round say."""

    precision: Figure
    gap: Figure
    milestone: str | None
    reason: str
    notes: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def audited(
    labels: Path,
    drawn: Sequence[str],
    verdicts: Iterable[Verdict],
    rubrics: Sequence[Rubric],
    settings: AuditSettings,
    *,
    policy: Policy | None,
    now: datetime,
) -> Audited:
    """Holds a label file against the accepted rows that were `drawn` (ids); labels of others do not enter.

    The gap is the share that the judge passes minus the share that people pass, of rows with both words. Raises
    `UsageError` for labels that cannot be read or say nothing of the drawn.
    """
    ids = set(drawn)
    read = latest(read_labels(labels, rubrics=rubrics))
    own = replace(read, rows=tuple(row for row in read.rows if row.id in ids))
    if not own.rows:
        raise UsageError(f"{labels}: labels none of the {len(ids)} rows of the audit sample; label audit.jsonl")
    of_role = own if settings.pool else own.of_one_role(settings.role)
    seen = [verdict for verdict in verdicts if verdict.id in ids]
    pairings = pair(seen, of_role, rubrics, role=settings.role, pool=settings.pool, passing=settings.passing)
    chosen = [one for one in pairings if one.dimension == settings.dimension]
    if not chosen:
        known = ", ".join(dict.fromkeys(one.dimension for one in pairings))
        raise UsageError(f"{labels}: no labels of {settings.dimension!r}; name one as [audit] dimension: {known}")
    precision, labelled = _precision(chosen, settings.rule)
    gap = _gap(chosen, settings.rule)
    status, reason = _milestone(policy, of_role, seen, rubrics, settings, now)
    others = len(read.rows) - len(own.rows)
    notes = [f"audit: {len(ids) - labelled} of {len(ids)} rows have no word of people"] if labelled < len(ids) else []
    notes += [f"audit: {others} labels of other samples are left out"] if others else []
    return Audited(precision, gap, status, reason, tuple(notes))


def _precision(pairings: Sequence[Pairing], rule: str) -> tuple[Figure, int]:
    said = [
        (bool(word), cluster)
        for one in pairings
        for word, cluster in zip(one.approved(rule), one.clusters, strict=True)
        if word == word
    ]
    return (share([word for word, _ in said], [name for _, name in said]) if said else NONE), len(said)


def _gap(pairings: Sequence[Pairing], rule: str) -> Figure:
    """In passes, where nothing cancels: on the scale, an Average that people call Bad and one they call Superior do."""
    apart = [
        (float(value), cluster)
        for one in pairings
        for value, cluster in zip(one.passed - one.approved(rule), one.clusters, strict=True)
        if value == value
    ]
    values, clusters = [value for value, _ in apart], [cluster for _, cluster in apart]
    if set(values) <= {0.0, 1.0}:
        return share([value == 1.0 for value in values], clusters)
    return mean(values, clusters, least=-1.0)


def _milestone(
    policy: Policy | None,
    labels: Labels,
    verdicts: Sequence[Verdict],
    rubrics: Sequence[Rubric],
    settings: AuditSettings,
    now: datetime,
) -> tuple[str | None, str]:
    """The worst of the policy's lines, and each line's words; None with the reason where it could not be checked."""
    if policy is None:
        return None, "no policy"
    try:
        fresh = unseen(policy, labels)
        pairings = pair(verdicts, fresh, rubrics, role=settings.role, pool=settings.pool, passing=settings.passing)
        found = [
            milestone(policy, one, now=now, margin=settings.margin, alpha=settings.alpha, labels=fresh)
            for one in pairings
            if any((line.task, line.dimension) == (one.task, one.dimension) for line in policy.lines)
        ]
    except (Refused, RunMismatch) as error:
        return None, str(error)
    if not found:
        return None, "no fresh label of a dimension that the policy has a line for"
    return max((one.status for one in found), key=WORST.index), "; ".join(one.words for one in found)


def words_of(figure: Mapping[str, Any] | Figure | None, form: str = ".3f") -> str:
    """`0.120 [0.050, 0.190]`."""
    own = figure if isinstance(figure, Figure) or figure is None else Figure(**figure)
    if own is None or own.value is None:
        return "unknown"
    bounds = "no interval" if own.low is None or own.high is None else f"{own.low:{form}}, {own.high:{form}}"
    return f"{own.value:{form}} [{bounds}]"
