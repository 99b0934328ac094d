"""From verdicts to a Student: it learns a known order, says what it cannot know, and is written whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from recjudge.errors import Refused, UsageError
from recjudge.human_labels import Label, Labels, scale_of
from recjudge.judge.student import read_student
from recjudge.training import Row
from recjudge.training.distilling import better_by, calibration, distill, examples_of, learn, order
from recjudge.training.distilling.cuts import shares_of, target_of

from distill_world import LABELS, RUBRICS, rows

DRAWS = 50


def by_people(of: list[Row], flip: bool = False) -> Labels:
    """Their word is the name of the sample's last digit; flipped, where the judge says the opposite."""
    scale = scale_of(f"ordinal:{'|'.join(LABELS)}")
    said = [(row.sample.id, int(row.sample.id[-1])) for row in of]
    return Labels(
        tuple(Label(id, "relevance", "ann", float(2 - at if flip else at), scale) for id, at in said), digest="0" * 64
    )


def test_a_student_learns_the_order_of_its_teacher_on_clusters_it_has_not_seen(tmp_path: Path) -> None:
    found = distill(rows(), tmp_path / "student", rubrics=RUBRICS, draws=DRAWS)
    grade = found.lessons[0].learned[0]
    assert grade.target == "grade"
    assert grade.student.accuracy.value > 0.8
    assert grade.student.accuracy.low > 0.5
    assert (grade.student.contexts, grade.student.degenerate, grade.student.pairs) == (10, 0, 30)
    assert set(grade.student.between) == {"Superior over Average", "Superior over Bad", "Average over Bad"}


def test_a_written_student_judges_new_samples_as_it_was_taught(tmp_path: Path) -> None:
    distill(rows(20), tmp_path / "student", rubrics=RUBRICS, draws=DRAWS)
    student = read_student(tmp_path / "student", RUBRICS)
    fresh = rows(10, seed=7)
    scores = student.scores("text", [row.sample for row in fresh])[:, 0]
    assert order(examples_of(fresh, RUBRICS)["text"], "grade", scores, draws=DRAWS).accuracy.value > 0.8
    grade = student.targets["text"][0]
    superior = [grade.shares(score)[2] for score in scores]
    best, worst = ([at for at, row in enumerate(fresh) if row.sample.id[-1] == place] for place in "20")
    assert sum(superior[at] for at in best) > 2 * sum(superior[at] for at in worst)


def test_a_target_of_one_level_is_not_learned_and_named(tmp_path: Path) -> None:
    found = distill(rows(4), tmp_path / "student", rubrics=RUBRICS, draws=DRAWS)
    assert found.lessons[0].skipped == {"fluency": "one level only, on all 12 samples"}
    assert [target.name for target in found.student.targets["text"]] == ["grade", "relevance"]
    assert "fluency was not learned: one level only" in (tmp_path / "student" / "card.md").read_text("utf-8")


def test_too_little_to_hold_anything_out_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="something to order in 1 clusters, 2 are needed"):
        distill(rows(1), tmp_path / "student", rubrics=RUBRICS)
    assert not list(tmp_path.iterdir())


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        distill(rows(4), tmp_path / name, rubrics=RUBRICS, draws=DRAWS)
    for file in ("student.json", "card.json", "card.md"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_people_are_believed_before_the_judge_and_the_judge_is_held_to_them(tmp_path: Path) -> None:
    of = rows(8)
    found = distill(of, tmp_path / "s", rubrics=RUBRICS, labels=by_people(of, flip=True), draws=DRAWS)
    told = {one.target: one for one in found.lessons[0].learned}
    assert told["relevance"].by_people == 24
    assert told["relevance"].judge is not None
    assert told["relevance"].judge.accuracy.value == 0
    assert told["relevance"].over_judge.value == told["relevance"].student.accuracy.value > 0.7
    assert told["grade"].judge is None
    assert found.agreement is not None
    assert {section.dimension for section in found.agreement.sections} == {"relevance"}


def test_the_card_says_what_was_learned_from_what(tmp_path: Path) -> None:
    of = rows(4)
    distill([*of, of[0]], tmp_path / "s", rubrics=RUBRICS, labels=by_people(of), draws=DRAWS, kind="pointwise")
    card = json.loads((tmp_path / "s" / "card.json").read_text("utf-8"))
    assert card["made"]["judges"] == {"teacher": 12}
    assert card["made"]["kind"] == "pointwise"
    assert card["left_out"] == {"the same row again": 1}
    assert card["tasks"]["text"]["targets"]["grade"]["student"]["pairs"] == 12
    assert "fewer than 10 clusters" in " ".join(card["tasks"]["text"]["targets"]["grade"]["warnings"])
    assert json.loads((tmp_path / "s" / "student.json").read_text("utf-8"))["made"] == card["made"]


def test_a_folder_of_something_else_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds other files and no Student"):
        distill(rows(4), tmp_path, rubrics=RUBRICS)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_student_of_another_run_is_replaced_whole(tmp_path: Path) -> None:
    first = distill(rows(4), tmp_path / "s", rubrics=RUBRICS, draws=DRAWS).student
    second = distill(rows(5), tmp_path / "s", rubrics=RUBRICS, draws=DRAWS).student
    assert first.name != second.name == read_student(tmp_path / "s", RUBRICS).name
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_run_that_dies_at_any_step_leaves_the_old_student(tmp_path: Path) -> None:
    from recjudge.training.distilling import student_folder

    distill(rows(4), tmp_path / "s", rubrics=RUBRICS, draws=DRAWS)
    before = (tmp_path / "s" / "student.json").read_bytes()

    def dies(into: Path) -> None:
        (into / "student.json").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        student_folder(tmp_path / "s", dies)
    assert (tmp_path / "s" / "student.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_held_out_score_does_not_know_its_own_label() -> None:
    """With labels drawn by lot nothing can be known, however well the training rows are remembered."""
    of = rows(30)
    values = np.random.default_rng(3).integers(0, 3, len(of))
    scale = scale_of(f"ordinal:{'|'.join(LABELS)}")
    lot = Labels(
        tuple(Label(row.sample.id, "relevance", "a", float(at), scale) for row, at in zip(of, values, strict=True))
    )
    examples = examples_of(of, RUBRICS, lot, dimensions=["relevance"])["text"]
    lesson = learn(examples, draws=200)
    found = order(examples, "relevance", lesson.scores["relevance", "listwise"], draws=200).accuracy
    assert found.low < 0.5 < found.high


def test_equal_scores_count_half_and_missing_ones_in_no_pair() -> None:
    found = examples_of(rows(2), RUBRICS)["text"]
    scores = np.zeros(len(found.rows))
    assert order(found, "grade", scores, draws=DRAWS).accuracy.value == 0.5
    scores[0] = np.nan
    assert order(found, "grade", scores, draws=DRAWS).unscored == 2


def test_a_perfect_order_and_its_difference_from_the_worst() -> None:
    found = examples_of(rows(4), RUBRICS)["text"]
    right = found.values("grade")
    told = order(found, "grade", right, draws=DRAWS)
    assert (told.accuracy.value, told.ndcg.value, told.spearman.value) == pytest.approx((1, 1, 1))
    assert better_by(found, "grade", right, -right, draws=DRAWS).value == 1
    assert order(found, "grade", -right, draws=DRAWS).ndcg.value == pytest.approx(
        (1 / np.log2(3) + 3 / np.log2(4)) / (3 + 1 / np.log2(3))
    )


def test_cuts_give_back_the_probabilities_that_drew_the_labels() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(2, 3, 20000)
    noise = random.logistic(size=20000)
    places = (1.5 * scores + noise > 1).astype(int) + (1.5 * scores + noise > 4)
    target = target_of("grade", ("Bad", "Average", "Superior"), scores, places.astype(float))
    assert (target.slope, *target.cuts) == pytest.approx((1.5, 1, 4), abs=0.1)
    assert shares_of(target, scores).mean(axis=0) == pytest.approx(np.bincount(places) / 20000, abs=0.005)


def test_scores_that_go_against_the_labels_say_the_same_of_every_sample() -> None:
    scores = np.arange(30.0)
    target = target_of("grade", ("Bad", "Average", "Superior"), scores, np.repeat([2.0, 1.0, 0.0], 10))
    assert target.slope == 0
    assert target.shares(-9) == target.shares(9) == pytest.approx((1 / 3, 1 / 3, 1 / 3), abs=1e-3)


def test_a_label_that_nobody_gave_keeps_a_finite_border() -> None:
    target = target_of("grade", ("Bad", "Average", "Superior"), np.arange(20.0), np.repeat([1.0, 2.0], 10))
    assert 0 < target.shares(0.0)[0] < 0.25


def test_calibration_is_of_the_probability_of_no_defect() -> None:
    found = examples_of(rows(10), RUBRICS)["text"]
    labels = found.labels("relevance").astype(int)
    told = calibration(found, "relevance", np.eye(3)[labels], draws=DRAWS)
    assert told is not None
    assert (told.brier.value, told.ece.value, told.passing) == (0, 0, ("partial", "relevant"))
    assert told.base.value == pytest.approx(2 / 9)
    assert sum(one.n for one in told.bins) == 30


def test_a_few_samples_in_perfect_order_are_no_proof_of_certainty() -> None:
    target = target_of("grade", ("Bad", "Superior"), np.arange(4.0), np.array([0.0, 0.0, 1.0, 1.0]))
    assert 0.5 < target.shares(3.0)[1] < 0.97
