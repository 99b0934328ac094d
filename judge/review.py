"""The review: any defect makes a sample Bad; else the share of positive findings lifts Average to Superior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..rubrics import Rubric
from .records import Finding, Grade, Status


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the rule says of a sample's findings."""

    status: Status
    grade: Grade | None
    reason: str
    share: float
    coverage: float
    undecided: bool = False
    """True when the rubric leaves Superior or Average to a senior reviewer."""


def review(rubric: Rubric, findings: Sequence[Finding]) -> Reviewed:
    """Grades findings by the rubric's rule (RecGPT-V2, stage 1: defect detection; stage 2: excellence elevation).

    A defect decides, whatever else could not be judged. Without one, a finding that failed leaves the sample unjudged,
    and so does a coverage below the rubric's. What the judge abstained on can lower a grade's reach, never raise it.
    """
    share = _weight(rubric, [f.dimension for f in findings if f.polarity == 1])
    coverage = _weight(rubric, [f.dimension for f in findings if f.status is Status.OK])
    if defects := _defects(rubric, findings):
        return Reviewed(Status.OK, Grade.BAD, f"defect: {', '.join(map(_named, defects))}", share, coverage)
    if failed := [f for f in findings if f.status not in (Status.OK, Status.ABSTAINED)]:
        words = "; ".join(f"{f.dimension}: {f.reason or f.status}" for f in failed)
        return Reviewed(failed[0].status, None, words, share, coverage)
    if coverage < rubric.review.coverage:
        words = f"only {coverage:.0%} of the rubric's weight could be judged, {rubric.review.coverage:.0%} is needed"
        return Reviewed(Status.ABSTAINED, None, words, share, coverage)
    if blind := _unseen_vetoes(rubric, findings):
        words = f"no defect found, but {', '.join(blind)} could not be judged"
        return Reviewed(Status.OK, Grade.AVERAGE, words, share, coverage)
    superior = share >= rubric.review.threshold
    words = f"no defect; {share:.0%} positive, {rubric.review.threshold:.0%} makes Superior"
    grade = Grade.SUPERIOR if superior else Grade.AVERAGE
    return Reviewed(Status.OK, grade, words, share, coverage, undecided=rubric.review.rule == "reviewer")


def _defects(rubric: Rubric, findings: Sequence[Finding]) -> list[Finding]:
    if all(found.polarity != -1 for found in findings):
        return []
    counted = {dim.name for dim in rubric.dimensions if dim.veto or rubric.review.defects == "any"}
    return [found for found in findings if found.polarity == -1 and found.dimension in counted]


def _unseen_vetoes(rubric: Rubric, findings: Sequence[Finding]) -> list[str]:
    seen = {found.dimension for found in findings if found.status is Status.OK}
    return [dim.name for dim in rubric.dimensions if dim.veto and dim.name not in seen]


def _weight(rubric: Rubric, names: Sequence[str]) -> float:
    return sum([dim.weight for dim in rubric.dimensions if dim.name in names]) / rubric.weight


def _named(finding: Finding) -> str:
    return f"{finding.dimension} ({finding.code})" if finding.code else finding.dimension
