"""Judges with a line: what is doubted is abstained, unjudged is not Bad, and the rest stays as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from recjudge import score
from recjudge.cli import main
from recjudge.errors import UsageError
from recjudge.judge import (
    Cascade,
    Doubting,
    Floor,
    Grade,
    Judge,
    Jury,
    Reply,
    Sample,
    Scripted,
    Status,
    Verdict,
    load_judge,
)
from recjudge.judge.case import Case
from recjudge.judge.embedded.learned.domain import UNLIKE, stood_in
from recjudge.judge.embedded.local import Local
from recjudge.judge.examiners import Decisions
from recjudge.judge.findings import Said, labelled
from recjudge.judge.records import Finding
from recjudge.rubrics import Dimension

from makers import dimension, rubric, said, sample

RUBRIC = rubric(dimension("relevance"), dimension("fluency"), coverage=0.4)
SURE, TORN, DEFECT = (0.02, 0.08, 0.9), (0.25, 0.2, 0.55), (0.6, 0.3, 0.1)


def leaning(**shares: tuple[float, ...]) -> Judge:
    """A judge that gives each dimension these probabilities, worst label first."""

    def answers(prompt: object) -> Reply:
        labels = ("bad", "fair", "good")
        return Reply("", answers={name: dict(zip(labels, row, strict=True)) for name, row in shares.items()})

    return Judge(Decisions(Scripted(answers)), {"text": RUBRIC})


def judged(judge: Judge | Doubting | Jury | Cascade, of: Sample | None = None) -> Verdict:
    return asyncio.run(judge.judge(of or sample()))


def words(verdict: Verdict) -> Mapping[str, object]:
    return {found.dimension: found.label or found.status for found in verdict.findings}


def test_a_label_below_the_line_is_abstained_and_says_with_which_probability() -> None:
    verdict = judged(Doubting(leaning(relevance=SURE, fluency=TORN), 0.6))
    assert words(verdict) == {"relevance": "good", "fluency": Status.ABSTAINED}
    assert verdict.findings[1].reason.startswith("good with probability 0.55, below 0.60")
    assert (verdict.findings[1].polarity, verdict.findings[1].distribution) == (None, None)


def test_nothing_changes_but_the_name_where_all_is_above_the_line() -> None:
    judge = leaning(relevance=SURE, fluency=SURE)
    doubting = Doubting(judge, 0.6)
    assert doubting.name == f"{judge.name} (abstains below 0.6)"
    assert replace(judged(doubting), judge=judge.name) == judged(judge)


def test_a_doubted_defect_leaves_the_sample_unjudged_and_never_better() -> None:
    judge = leaning(relevance=SURE, fluency=DEFECT)
    assert judged(judge).grade is Grade.BAD
    verdict = judged(Doubting(judge, 0.7))
    assert (verdict.status, verdict.grade) == (Status.ABSTAINED, None)
    assert "no grade without the doubtful one" in verdict.reason


def test_a_sure_defect_stands_beside_a_doubted_finding() -> None:
    assert judged(Doubting(leaning(relevance=(0.9, 0.1, 0), fluency=DEFECT), 0.7)).grade is Grade.BAD


def test_too_little_left_to_judge_is_an_abstention() -> None:
    verdict = judged(Doubting(leaning(relevance=TORN, fluency=TORN), 0.6))
    assert (verdict.status, verdict.coverage) == (Status.ABSTAINED, 0)


def test_a_failure_stays_a_failure() -> None:
    failing = Judge.of(Scripted(lambda prompt: ""), RUBRIC)
    assert judged(Doubting(failing, 0.9)).status is Status.PARSE_FAILED


def test_a_label_without_probabilities_is_never_doubted() -> None:
    judge = Judge.of(Scripted(lambda prompt: said("good")), RUBRIC)
    assert judged(Doubting(judge, 1.0)).grade is Grade.SUPERIOR


def test_a_jurys_grade_is_as_sure_as_the_share_of_its_votes() -> None:
    sitting = [Judge.of(Scripted(lambda prompt, word=word: said(word), name=f"m{n}"), RUBRIC)
               for n, word in enumerate(("good", "good", "bad"))]  # fmt: skip
    jury = Jury(tuple(sitting))
    assert judged(Doubting(jury, 0.6)).grade is Grade.SUPERIOR
    assert judged(Doubting(jury, 0.7)).status is Status.ABSTAINED


def test_floors_doubt_only_what_they_name() -> None:
    judge = leaning(relevance=TORN, fluency=TORN)
    verdict = judged(Doubting(judge, floors=(Floor("text", "fluency", 0.6),)))
    assert words(verdict) == {"relevance": "good", "fluency": Status.ABSTAINED}


def test_a_floor_on_the_grade_holds_against_the_most_doubtful_dimension() -> None:
    judge = leaning(relevance=SURE, fluency=TORN)
    assert judged(Doubting(judge, floors=(Floor("text", "grade", 0.75),))).grade is judged(judge).grade
    assert judged(Doubting(judge, floors=(Floor("text", "grade", 0.76),))).status is Status.ABSTAINED


@pytest.mark.parametrize("wrong", [{"below": 1.1}, {"below": 0.5, "floors": (Floor("text", "grade", 0.5),)},
                                   {"unlike": True}])  # fmt: skip
def test_lines_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Doubting(leaning(relevance=SURE), **wrong)  # type: ignore[arg-type]


def test_score_abstains_below_by_command_and_a_run_goes_on_only_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "o.jsonl"
    source.write_text('{"id": "a", "task": "explanation", "output": "Waterproof boots for hikes in the rain.", '
                      '"context": {"item": {"title": "Boots"}, "interest": "hiking"}}\n')  # fmt: skip
    assert main(["score", str(source), "-j", "local/lexical", "--abstain-below", "0.99", "--json"]) == 0
    (verdict,) = list(score(source, load_judge("local/lexical", abstain_below=0.99), out=tmp_path / "o.verdicts.jsonl"))
    assert verdict.status is Status.ABSTAINED
    assert main(["score", str(source), "-j", "local/lexical", "--json"]) != 0, "another judge"


class Taught(Local):
    """Two dimensions that it learned: the measure says `good` of both, and stands in where the text says so."""

    taught = True

    async def examine(self, case: Case, open_: Sequence[Dimension]) -> list[Finding]:
        said = [
            labelled(of, Said("good", None, "measured", ()), by="measure:x", distribution={"good": 1}) for of in open_
        ]
        why = {True: f"{UNLIKE}: it is long", False: "no labels taught this"}
        return [stood_in(found, why[found.dimension in case.sample.text]) for found in said]


def test_a_dimension_whose_sample_is_unlike_what_was_learned_is_abstained_where_that_is_asked_for() -> None:
    judge = Judge(Taught(None), {"text": RUBRIC})
    verdict = judged(Doubting(judge, unlike=True), sample("about fluency"))
    assert words(verdict) == {"relevance": "good", "fluency": Status.ABSTAINED}
    assert verdict.findings[1].reason.startswith(f"good by a measure alone; prior: {UNLIKE}: it is long")
    assert (verdict.grade, judged(judge, sample("about fluency")).grade) == (Grade.AVERAGE, Grade.SUPERIOR)
    assert words(judged(Doubting(judge, 0.1), sample("about fluency"))) == {"relevance": "good", "fluency": "good"}


def test_a_sample_unlike_in_all_that_was_learned_goes_on_to_the_next_judge() -> None:
    judge = Doubting(Judge(Taught(None), {"text": RUBRIC}), unlike=True)
    cascade = Cascade((judge, leaning(relevance=SURE, fluency=DEFECT)))
    assert judged(judge, sample("relevance, fluency")).status is Status.ABSTAINED
    assert judged(cascade, sample("relevance, fluency")).grade is Grade.BAD
    assert judged(cascade, sample("of neither")).reviewed_by == judge.name


def test_measures_alone_have_learned_nothing_that_a_sample_could_be_unlike() -> None:
    with pytest.raises(UsageError, match="does not say what it was trained on"):
        Doubting(load_judge("local/prior"), unlike=True)
