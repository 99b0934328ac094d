"""A Student judges like any other judge."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from recjudge import Grade, Sample, Status, load_judge, load_rubric, score
from recjudge.errors import InputError, UsageError
from recjudge.judge.student import Target
from recjudge.training import reward_function

from makers_students import small_student

TEXT = "Waterproof mesh keeps your feet dry on wet mountain trails"
SHOE = {"title": "Ridge shoe", "material": "waterproof mesh"}


def _sample(text: str = TEXT, **more: object) -> Sample:
    return Sample("a", "explanation", text, {"item": SHOE}, **more)


def test_a_students_grade_is_its_cumulative_logistic(tmp_path: Path) -> None:
    verdict = small_student(tmp_path / "s").at_once([_sample()])[0]
    points = (10 - 8) / 4
    bad, best = 1 / (1 + math.exp(points + 1)), 1 - 1 / (1 + math.exp(points - 1))
    assert verdict.distribution == pytest.approx((bad, 1 - bad - best, best))
    assert verdict.grade is Grade.AVERAGE
    assert verdict.reviewed_by == "student"


def test_a_student_read_by_name_scores_a_run_like_any_judge(tmp_path: Path) -> None:
    small_student(tmp_path / "student")
    judge = load_judge(str(tmp_path / "student"))
    done = list(score([_sample()], judge))
    assert judge.name.startswith("student/student@")
    assert [(v.judge, v.grade) for v in done if v.kind == "sample"] == [(judge.name, Grade.AVERAGE)]


def test_its_name_changes_with_a_weight(tmp_path: Path) -> None:
    assert small_student(tmp_path / "s").name != small_student(tmp_path / "s", weight=1.5).name


def test_a_defect_that_a_guard_finds_stands_whatever_the_score(tmp_path: Path) -> None:
    text = f"{TEXT}, guaranteed 100% the best shoe in the world"
    verdict = small_student(tmp_path / "s", weight=100).at_once([_sample(text)])[0]
    assert (verdict.grade, verdict.distribution) == (Grade.BAD, (1.0, 0.0, 0.0))


def test_a_dimension_it_did_not_learn_is_abstained(tmp_path: Path) -> None:
    verdict = small_student(tmp_path / "s").at_once([_sample()])[0]
    assert {f.status for f in verdict.findings if f.dimension == "attractiveness"} == {Status.ABSTAINED}


def test_its_reward_is_the_place_expected_of_the_grade(tmp_path: Path) -> None:
    student = small_student(tmp_path / "s")
    short, long = reward_function(student)(None, ["Waterproof mesh for your trails", TEXT], item=[SHOE] * 2)
    assert short is not None
    assert long is not None
    assert 0 < short < long < 1


def test_a_student_of_another_rubric_is_refused_by_name(tmp_path: Path) -> None:
    small_student(tmp_path / "s")
    other = load_rubric("explanation").model_copy(update={"title": "another"})
    with pytest.raises(InputError, match=r"was trained under explanation@.*--rubric"):
        load_judge(str(tmp_path / "s"), rubrics=[other])


def test_a_task_it_was_not_trained_on_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not trained on task 'text'"):
        small_student(tmp_path / "s").at_once([Sample("a", "text", "words")])


def test_a_file_that_is_no_student_is_named(tmp_path: Path) -> None:
    (tmp_path / "student.json").write_text("{}")
    with pytest.raises(InputError, match=r"student\.json: not a student"):
        load_judge(str(tmp_path))


def test_probabilities_are_whole_at_any_score() -> None:
    target = Target("grade", ("Bad", "Average", "Superior"), 1.0, (-1.0, 1.0))
    for points in (-1e6, -3.0, 0.0, 3.0, 1e6):
        assert math.fsum(target.shares(points)) == pytest.approx(1)
        assert min(target.shares(points)) >= 0
