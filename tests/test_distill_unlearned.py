"""What was not learned is no word: it is named with its figure, and the Student abstains on it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from recjudge.cli import main
from recjudge.errors import Refused
from recjudge.judge import Sample, Status
from recjudge.judge.student import Student, Target, read_student, write_student
from recjudge.training import Row
from recjudge.training.distilling import distill, examples_of, learn, order

from distill_world import RUBRICS, rows, verdict
from makers_students import small_student
from test_distill_command import written

DRAWS = 20


def torn(of: list[Row], *, grade: bool = False, relevance: bool = False) -> list[Row]:
    """In every second group grade or relevance the other way round: there is no order to be learned."""
    found = []
    for row in of:
        said, other = row.verdict, verdict(row.sample, 2 - int(row.sample.id[-1]))
        if int(row.sample.group[1:]) % 2 and relevance:
            said = replace(said, findings=(other.findings[0], *said.findings[1:]))
        if int(row.sample.group[1:]) % 2 and grade:
            said = replace(said, grade=other.grade)
        found.append(Row(row.sample, said))
    return found


def test_a_grade_that_was_not_learned_is_abstained_on_and_not_called_bad(tmp_path: Path) -> None:
    found = distill(torn(rows(12), grade=True), tmp_path / "s", rubrics=RUBRICS, draws=DRAWS)
    (lesson,) = found.lessons
    assert [one.target for one in lesson.learned] == ["relevance"]
    assert "held-out pairs in order" in lesson.skipped["grade"]
    assert "- grade was not learned: ." in (tmp_path / "s" / "card.md").read_text("utf-8")
    unguarded = replace(found.student, guards=frozenset())
    said = unguarded.at_once([row.sample for row in rows(4, seed=9)])
    assert {one.grade for one in said} == {None}
    assert {one.status for one in said} == {Status.ABSTAINED}
    assert {one.findings[0].status for one in said} == {Status.OK}
    assert "grade" not in found.card["tasks"]["text"]["features"]["characters"]["effect"]


def test_a_finding_that_was_not_learned_is_abstained_on(tmp_path: Path) -> None:
    found = distill(torn(rows(12), relevance=True), tmp_path / "s", rubrics=RUBRICS, draws=DRAWS)
    assert [target.name for target in found.student.targets["text"]] == ["grade"]
    unguarded = replace(found.student, guards=frozenset())
    said = unguarded.at_once([row.sample for row in rows(4, seed=9)])
    assert {one.findings[0].status for one in said} == {Status.ABSTAINED}
    assert {one.status for one in said} == {Status.OK}


def test_where_nothing_was_learned_the_command_refuses_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts = written(torn(rows(12), grade=True, relevance=True), tmp_path)
    assert main(["distill", str(verdicts), "-o", str(tmp_path / "s")]) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "held-out pairs in order, no more than a coin" in told
    assert "give more judged samples, several of each context, in more groups" in told
    assert not (tmp_path / "s").exists()


def test_a_task_of_which_nothing_was_learned_is_not_in_the_student(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from recjudge import load_rubric

    strangers = [
        replace(row.sample, id=f"e{row.sample.id}", task="explanation", context={"interest": "tea"})
        for row in rows(1, seed=5)
    ]
    rubric = load_rubric("explanation")
    more = [
        Row(of, replace(verdict(of, 1), task="explanation", rubric=rubric.id, findings=(), id=of.id))
        for of in strangers
    ]
    verdicts = written([*rows(6), *more], tmp_path)
    assert main(["distill", str(verdicts), "-o", str(tmp_path / "s")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "explanation is not in the student: nothing of it could be learned" in told
    student = read_student(tmp_path / "s", {**RUBRICS, "explanation": rubric})
    assert list(student.targets) == ["text"]
    assert (tmp_path / "s" / "card.md").read_text("utf-8").startswith("# A Student: text\n")


def test_a_target_that_says_the_same_of_every_sample_is_silent_in_any_folder(tmp_path: Path) -> None:
    """As in folders that were written before such targets were left out."""
    old = small_student(tmp_path / "old")
    flat = Target("grade", ("Bad", "Average", "Superior"), 0.0, (1.0, 2.0))
    made: Student = write_student(
        tmp_path / "new", old.scorer, {"explanation": [flat]}, old.rubrics, made={}, guards=frozenset()
    )
    (said,) = made.at_once([Sample("a", "explanation", "Mesh dries fast", {"interest": "running"})])
    assert (said.status, said.grade, said.distribution) == (Status.ABSTAINED, None, None)
    assert said.reason == "the student did not learn the grade"


def test_what_is_printed_fits_a_hundred_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = written(torn(rows(12), grade=True), tmp_path)
    assert main(["distill", str(verdicts), "-o", str(tmp_path / "s")]) == 0
    said = capsys.readouterr().out
    table = said.split("\n\n")[1]
    assert max(map(len, table.splitlines())) <= 100
    assert "point-wise" in table
    assert "; grade (." in said


def test_a_text_in_another_cluster_tells_nothing_of_the_one_held_out() -> None:
    """Labels are drawn by lot for each text; every text stands in four clusters, with the same label."""
    chance, kinds = random.Random(2), []
    for _ in range(30):
        kinds.append((" ".join(chance.choices("abcdefghijklmnop", k=9)), chance.randrange(3)))
    found = []
    for group in range(40):
        for at in chance.sample(range(30), 3):
            text, place = kinds[at]
            of = Sample(f"s{group}-{at}", "text", text, {"source": f"source {group}"}, group=f"g{group}")
            found.append(Row(of, replace(verdict(of, place), findings=())))
    examples = examples_of(found, RUBRICS)["text"]
    lesson = learn(examples, draws=2)
    copies = order(examples, "grade", lesson.scores["grade", "listwise"], draws=2).accuracy.value
    naive = learn(replace(examples, rows=tuple(map(_unlike, examples.rows, range(120)))), draws=2)
    told = order(examples, "grade", naive.scores["grade", "listwise"], draws=2).accuracy.value
    assert told > 0.75  # texts that only differ by what nobody sees give their labels away
    assert copies < 0.6


def _unlike(row: object, number: int) -> object:
    """The same text with so many zero-width marks after it that no two are equal."""
    from recjudge.training.distilling import Example

    assert isinstance(row, Example)
    return replace(row, sample=replace(row.sample, output=row.sample.text + "\u200b" * (number + 1)))


def test_all_pairs_in_order_are_no_certainty() -> None:
    found = examples_of(rows(5), RUBRICS)["text"]
    told = order(found, "grade", found.values("grade"), draws=DRAWS).accuracy
    assert (told.value, told.method) == (1.0, "wilson")
    assert 0.3 < told.low < 0.6
    assert np.isnan(order(found, "grade", np.zeros(15), draws=DRAWS).accuracy.low)


def test_refused_where_no_row_is_left() -> None:
    with pytest.raises(Refused, match="no judged or labelled row is left"):
        distill([], "nowhere", rubrics=RUBRICS)
