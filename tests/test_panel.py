"""The panel: checks first, one sub-evaluator a dimension, then the review."""

from __future__ import annotations

import asyncio

import pytest
from recjudge.errors import AccountError, ProviderFault, RubricError
from recjudge.judge import Grade, Judge, Prompt, Reply, Scripted, Status, Verdict
from recjudge.judge.examiners import Decisions, Single
from recjudge.rubrics import Rubric

from makers import asked, dimension, rubric, said, sample


def judged(answer: object, made: Rubric | None = None, **more: object) -> Verdict:
    judge = Judge.of(Scripted(answer), made or rubric())  # type: ignore[arg-type]
    return asyncio.run(judge.judge(sample(**more)))  # type: ignore[arg-type]


def test_all_positive_is_superior() -> None:
    verdict = judged(lambda prompt: said("good"))
    assert (verdict.grade, verdict.positive_share, verdict.coverage) == (Grade.SUPERIOR, 1.0, 1.0)


def test_one_defect_is_bad_whatever_the_rest_says() -> None:
    verdict = judged(lambda prompt: said("bad", code="wrong") if asked(prompt) == "fluency" else said("good"))
    assert verdict.grade is Grade.BAD
    assert verdict.findings[1].code == "wrong"
    assert "fluency (wrong)" in verdict.reason


def test_neutral_findings_make_average() -> None:
    assert judged(lambda prompt: said("fair")).grade is Grade.AVERAGE


def test_a_silent_model_leaves_a_sample_unjudged() -> None:
    verdict = judged(lambda prompt: "")
    assert (verdict.grade, verdict.status) == (None, Status.PARSE_FAILED)
    assert verdict.error
    assert all(found.label is None for found in verdict.findings)


def test_a_defect_decides_although_another_dimension_failed() -> None:
    verdict = judged(lambda prompt: said("bad") if asked(prompt) == "fluency" else "")
    assert verdict.grade is Grade.BAD
    assert verdict.findings[0].status is Status.PARSE_FAILED


def test_an_unreadable_reply_is_asked_once_more_with_the_problem_named() -> None:
    replies = iter(["I would say good.", said("good")])
    provider = Scripted(lambda prompt: next(replies))
    verdict = asyncio.run(Judge.of(provider, rubric(dimension("relevance"))).judge(sample()))
    assert verdict.grade is Grade.SUPERIOR
    assert len(provider.prompts) == 2
    assert "could not be used" in provider.prompts[1].question


def test_a_label_off_the_scale_is_never_mended() -> None:
    verdict = judged(lambda prompt: said("excellent"), rubric(dimension("relevance")))
    assert verdict.grade is None
    assert verdict.status in (Status.OUT_OF_RANGE, Status.PARSE_FAILED)


def test_a_check_that_settles_costs_no_call() -> None:
    empty = dimension(
        "relevance", {"kind": "check", "check": "blank", "label": "bad", "code": "wrong"}, {"kind": "ask"}
    )
    provider = Scripted(lambda prompt: said())
    verdict = asyncio.run(Judge.of(provider, rubric(empty)).judge(sample("…")))
    assert (verdict.grade, provider.prompts) == (Grade.BAD, [])
    assert verdict.findings[0].by == "check:blank"


def test_a_missing_context_field_is_abstained_and_nobody_is_asked() -> None:
    provider = Scripted(lambda prompt: said())
    made = rubric(dimension("relevance"), dimension("factuality", needs=("source",)))
    verdict = asyncio.run(Judge.of(provider, made).judge(sample()))
    assert verdict.findings[1].status is Status.ABSTAINED
    assert [asked(prompt) for prompt in provider.prompts] == ["relevance"]


def test_what_was_abstained_on_a_veto_dimension_cannot_be_superior() -> None:
    made = rubric(dimension("relevance"), dimension("factuality", needs=("source",), veto=True), threshold=0.4)
    verdict = judged(lambda prompt: said("good"), made)
    assert verdict.grade is Grade.AVERAGE
    assert "could not be judged" in verdict.reason


def test_too_little_coverage_gives_no_grade() -> None:
    made = rubric(dimension("relevance"), *(dimension(f"d{n}", needs=("source",)) for n in range(3)))
    verdict = judged(lambda prompt: said("good"), made)
    assert (verdict.grade, verdict.status, verdict.coverage) == (None, Status.ABSTAINED, 0.25)


def test_the_senior_reviewer_decides_where_the_rubric_says_so() -> None:
    def answer(prompt: Prompt) -> dict[str, object]:
        return {"reason": "dull", "grade": "Average"} if prompt.schema_name == "review" else said("good")

    verdict = judged(answer, rubric(rule="reviewer"))
    assert (verdict.grade, verdict.reviewed_by, verdict.reason) == (Grade.AVERAGE, "reviewer", "dull")


def test_the_senior_reviewer_is_not_asked_about_a_defect() -> None:
    provider = Scripted(lambda prompt: said("bad"))
    verdict = asyncio.run(Judge.of(provider, rubric(rule="reviewer")).judge(sample()))
    assert verdict.grade is Grade.BAD
    assert {prompt.schema_name for prompt in provider.prompts} == {"finding"}


def test_single_mode_asks_everything_at_once() -> None:
    provider = Scripted(lambda prompt: {"relevance": said("good"), "fluency": said("fair")})
    judge = Judge(Single(provider), {"text": rubric()})
    verdict = asyncio.run(judge.judge(sample()))
    assert [found.label for found in verdict.findings] == ["good", "fair"]
    assert len(provider.prompts) == 1


def test_decisions_bring_distributions_and_refusals() -> None:
    answers = {"relevance": {"bad": 0.1, "fair": 0.2, "good": 0.7}, "fluency": None}
    provider = Scripted(lambda prompt: Reply("", answers=answers))
    verdict = asyncio.run(Judge(Decisions(provider), {"text": rubric()}).judge(sample()))
    assert verdict.findings[0].distribution == (0.1, 0.2, 0.7)
    assert verdict.findings[1].status is Status.REFUSED
    assert verdict.grade is None
    assert [question.name for question in provider.prompts[0].questions] == ["relevance", "fluency"]


def test_log_probabilities_become_the_distribution() -> None:
    import orjson

    shares = {"bad": 0.2, "fair": 0.2, "good": 0.6}
    reply = Reply(orjson.dumps(said("good")).decode(), distribution=shares)
    verdict = judged(lambda prompt: reply, rubric(dimension("relevance")))
    assert verdict.findings[0].distribution == (0.2, 0.2, 0.6)


def test_a_providers_fault_is_the_findings_status() -> None:
    def refuse(prompt: Prompt) -> str:
        raise ProviderFault("no", status="refused")

    verdict = judged(refuse)
    assert (verdict.status, verdict.grade) == (Status.REFUSED, None)


def test_what_ends_a_run_is_raised() -> None:
    def broke(prompt: Prompt) -> str:
        raise AccountError("no credit")

    with pytest.raises(AccountError):
        judged(broke)


def test_an_unknown_check_is_refused_with_the_known_ones() -> None:
    made = rubric(dimension("relevance", {"kind": "check", "check": "nosuch"}))
    with pytest.raises(RubricError, match=r"steps\[1\]: unknown check 'nosuch'; known: "):
        Judge.of(Scripted(lambda prompt: ""), made)


def test_the_judges_name_holds_the_provider_and_the_mode() -> None:
    provider = Scripted(lambda prompt: "", name="compatible/tiny?temperature=0.0")
    assert Judge.of(provider, rubric()).name == "compatible/tiny?temperature=0.0"
    assert Judge(Single(provider), {"text": rubric()}).name == "compatible/tiny?temperature=0.0 (single)"
