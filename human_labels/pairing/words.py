"""What a verdict says on one dimension, or as a grade: its label, whether that is a pass, and the judge's scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...judge import Finding, Grade, Ladder, Status, Verdict
from ...judge import confidence as sure_of
from ...judge.student import expected
from ...rubrics import Dimension, Rubric
from ..records import GRADE, Scale
from .pairing import MISSING

GRADES = Scale("ordinal", 0, 2, tuple(grade.value for grade in reversed(Grade)), frozenset({1.0, 2.0}))
"""Bad, Average, Superior; all but Bad pass."""

Scales = Mapping[str, Scale]
"""Dimension to its scale, the grade's among them."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the judge said, or the status that says why it did not."""

    status: str
    label: str | None = None
    passed: bool | None = None
    reason: str = ""


def word_of(verdict: Verdict | None, dimension: str) -> Word:
    """The judge's word on a dimension, or its grade."""
    if verdict is None:
        return Word(MISSING)
    if dimension == GRADE:
        passed = None if verdict.grade is None else verdict.grade is not Grade.BAD
        return Word(
            verdict.status, verdict.grade and verdict.grade.value, passed, verdict.reason or verdict.error or ""
        )
    finding = finding_of(verdict, dimension)
    if finding is None:
        return Word(MISSING)
    passed = None if finding.polarity is None else finding.polarity >= 0
    return Word(finding.status, finding.label, passed, finding.reason)


def finding_of(verdict: Verdict, dimension: str) -> Finding | None:
    """The verdict's finding on a dimension."""
    return next((finding for finding in verdict.findings if finding.dimension == dimension), None)


def scales_of(rubric: Rubric | None) -> dict[str, Scale]:
    """Each dimension of a rubric to its scale, and the grade to Bad, Average, Superior."""
    dimensions = rubric.dimensions if rubric else ()
    return {dimension.name: dimension_scale(dimension) for dimension in dimensions} | {GRADE: GRADES}


def dimension_scale(dimension: Dimension) -> Scale:
    """The scale of a rubric's dimension: its points, worst first; those that are no defect pass."""
    points = tuple(point.label for point in dimension.scale)
    passing = frozenset(float(place) for place, point in enumerate(dimension.scale) if point.polarity >= 0)
    return Scale("ordinal", 0, len(points) - 1, points, passing)


def quality(verdict: Verdict, dimension: str, scales: Scales) -> float:
    """Where on the scale the judge expects the sample, in [0, 1].

    For the grade: by its own distribution where the verdict has one (a Student), else the mean over what was judged.
    """
    if dimension == GRADE and verdict.distribution:
        return expected(verdict.distribution)
    known = [_place(finding) for finding in _spoken(verdict, dimension)]
    return sum(known) / len(known) if known else math.nan


def sureness(verdict: Verdict, dimension: str, scales: Scales) -> float:
    """The probability the judge gives to no defect; of a grade by its distribution, or the most doubtful dimension."""
    if dimension == GRADE and verdict.distribution:
        return min(1.0, sum(verdict.distribution[1:]))
    known = [_no_defect(finding, scales[finding.dimension]) for finding in _spoken(verdict, dimension)]
    return min(known) if known else math.nan


def rank(verdict: Verdict, dimension: str, scales: Scales) -> float:
    """The place of the label the judge gave, in [0, 1]."""
    word, scale = word_of(verdict, dimension), scales.get(dimension)
    if word.label is None or scale is None or (place := scale.code(word.label)) is None:
        return math.nan
    return place / scale.high


def confidence(verdict: Verdict, dimension: str, scales: Scales) -> float:
    """The probability that the judge gives its own word, pass or fail: how far it is to be believed, not how good."""
    return sure_of(verdict, dimension, {name: _ladder(scale) for name, scale in scales.items()})


def _ladder(scale: Scale) -> Ladder:
    passing = scale.passing or frozenset()
    return tuple((label, float(place) in passing) for place, label in enumerate(scale.points))


def _spoken(verdict: Verdict, dimension: str) -> list[Finding]:
    """The findings that carry a distribution: of the dimension, or all of a verdict that has a grade."""
    if dimension == GRADE and verdict.grade is None:
        return []
    return [
        finding
        for finding in verdict.findings
        if dimension in (GRADE, finding.dimension) and finding.status is Status.OK and finding.distribution
    ]


def _place(finding: Finding) -> float:
    return expected(finding.distribution or ())


def _no_defect(finding: Finding, scale: Scale) -> float:
    shares, passing = finding.distribution or (), scale.passing or frozenset()
    return min(1.0, sum(share for place, share in enumerate(shares) if float(place) in passing))


SCORES: Mapping[str, Callable[[Verdict, str, Scales], float]] = {
    "quality": quality,
    "sureness": sureness,
    "rank": rank,
}
"""The judge's scores on a verdict: (verdict, dimension, scales) to a number in [0, 1], NaN where it has no word."""

READINGS: Mapping[str, Callable[[Verdict, str, Scales], float]] = {**SCORES, "confidence": confidence}
"""The scores, which say how good a sample is, and how sure the judge is of it."""
