"""How sure a judge is of its own word: the probability it gives the label it said, or the grade."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..rubrics import Rubric
from .records import RANKS, Finding, Grade, Status, Verdict

Ladder = Sequence[tuple[str, bool]]
"""A scale's labels, worst first, each with whether it is no defect."""
OF_GRADE = "grade"
"""What is asked about is the grade, not a dimension."""


def confidence(verdict: Verdict, dimension: str, ladders: Mapping[str, Ladder]) -> float:
    """The probability in [0, 1] that the judge gives its word on a dimension, or on the grade; NaN where it has none.

    Of a dimension, that of the label said. Of a grade: by its own distribution (a Student); the share of a jury's
    members that gave it; else, as the review makes a grade of findings, the likeliest defect of a Bad, and of another
    grade the least probability of no defect. A label without probabilities is a word of 1. `ladders` holds the scale of
    every dimension asked about; for the grade, of all.
    """
    if dimension == OF_GRADE:
        return _of_grade(verdict, ladders)
    found = next((found for found in verdict.findings if found.dimension == dimension), None)
    return math.nan if found is None else said_with(found, ladders.get(dimension, ()))


def said_with(finding: Finding, ladder: Ladder) -> float:
    """The probability of the label said; NaN without one."""
    if finding.status is not Status.OK or not finding.distribution:
        return math.nan
    place = next((place for place, (label, _) in enumerate(ladder) if label == finding.label), None)
    # a verdict by another version of the rubric may have other labels
    known = place is not None and len(ladder) == len(finding.distribution)
    return min(1.0, finding.distribution[place]) if known and place is not None else math.nan


def ladders_of(rubric: Rubric) -> dict[str, Ladder]:
    """Each dimension of a rubric to its ladder."""
    return {
        dimension.name: tuple((label, dimension.polarity(label) >= 0) for label in dimension.labels)
        for dimension in rubric.dimensions
    }


def _of_grade(verdict: Verdict, ladders: Mapping[str, Ladder]) -> float:
    if verdict.grade is None:
        return math.nan
    if verdict.distribution:
        return min(1.0, verdict.distribution[RANKS.index(verdict.grade)])
    if verdict.members and verdict.reviewed_by == "jury":
        return sum(member.grade is verdict.grade for member in verdict.members) / len(verdict.members)
    if verdict.members:
        # a cascade: the word is that of the last who was asked
        return _of_grade(verdict.members[-1], ladders)
    known = [_no_defect(found, ladders) for found in verdict.findings if found.status is Status.OK]
    known = [share for share in known if not math.isnan(share)]
    if not known:
        return math.nan
    return 1 - min(known) if verdict.grade is Grade.BAD else min(known)


def _no_defect(finding: Finding, ladders: Mapping[str, Ladder]) -> float:
    ladder, shares = ladders.get(finding.dimension, ()), finding.distribution or ()
    if not shares or len(ladder) != len(shares):
        return math.nan
    pairs = zip(shares, ladder, strict=True)
    return min(1.0, math.fsum(share for share, (_, passes) in pairs if passes))
