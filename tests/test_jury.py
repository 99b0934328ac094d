"""A jury: one grade from several judges, every member's verdict kept."""

from __future__ import annotations

import asyncio

import pytest
from recjudge.errors import UsageError
from recjudge.judge import Grade, Judge, Jury, Scripted, Verdict
from recjudge.judge.jury import majority, mean_rank

from makers import rubric, said, sample

S, A, B = Grade.SUPERIOR, Grade.AVERAGE, Grade.BAD


def sits(*labels: str, rule: str = "majority") -> Verdict:
    def member(number: int, label: str) -> Judge:
        return Judge.of(Scripted(lambda prompt: said(label) if label else "", name=f"m{number}"), rubric())

    jury = Jury(tuple(member(number, label) for number, label in enumerate(labels)), rule)
    return asyncio.run(jury.judge(sample()))


def test_most_votes_win_and_every_members_verdict_is_kept() -> None:
    verdict = sits("good", "good", "bad")
    assert (verdict.grade, verdict.reviewed_by) == (S, "jury")
    assert [member.grade for member in verdict.members] == [S, S, B]


def test_a_tie_takes_the_lower_grade() -> None:
    assert (majority([S, B]), majority([S, S, A, A]), majority([A, A, B])) == (B, A, A)


def test_the_mean_rank_rounds_a_half_down() -> None:
    assert (mean_rank([S, A]), mean_rank([S, S, A]), mean_rank([S, B]), mean_rank([A, B, B])) == (A, S, A, B)


def test_no_grade_unless_more_than_half_of_the_members_gave_one() -> None:
    assert sits("good", "", "").grade is None
    assert sits("good", "good", "").grade is S


def test_findings_are_the_members_mean_distribution() -> None:
    found = sits("good", "good", "bad").findings[0]
    assert found.distribution == pytest.approx((1 / 3, 0, 2 / 3))
    assert found.reason.startswith("2 of 3 members")


def test_one_judge_cannot_sit_twice() -> None:
    judge = Judge.of(Scripted(lambda prompt: said()), rubric())
    with pytest.raises(UsageError, match="sits twice"):
        Jury((judge, judge))


def test_an_unknown_rule_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="majority, mean_rank"):
        Jury((), "loudest")
