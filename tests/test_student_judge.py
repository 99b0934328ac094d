"""A Student behind the commands, and every way in which its folder can be broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recjudge import Sample, Scripted, load_judge, load_rubric, score
from recjudge.cli import main
from recjudge.errors import InputError
from recjudge.judge import Judge, read_verdicts
from recjudge.judge.jury import Jury
from recjudge.judge.student import Linear, Stem, Target, write_student
from recjudge.judge.student.student import AHEAD

from makers_students import GRADES, small_student

EXAMPLES = Path(__file__).parent.parent / "examples"
TEXT = "Waterproof mesh keeps your feet dry on wet mountain trails"
SHOE = {"title": "Ridge shoe", "material": "waterproof mesh"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student of explanations beside the examples' explanations."""
    rows = [json.loads(line) for line in (EXAMPLES / "outputs.jsonl").read_text().splitlines()]
    chosen = [json.dumps(row) for row in rows if row["task"] == "explanation"]
    (tmp_path / "outputs.jsonl").write_text("\n".join(chosen))
    small_student(tmp_path / "student")
    return tmp_path


def _sample(number: int = 0, text: str = TEXT) -> Sample:
    return Sample(f"s{number}", "explanation", text, {"item": SHOE})


def test_a_folder_with_a_slash_behind_it_scores_a_file_and_goes_on_where_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert main(["score", "outputs.jsonl", "--judge", "student/", "--limit", "5"]) == 0
    assert main(["score", "outputs.jsonl", "--judge", "./student"]) == 0
    done = [verdict for verdict in read_verdicts(folder / "outputs.verdicts.jsonl") if verdict.kind == "sample"]
    assert len(done) == 34
    assert {verdict.reviewed_by for verdict in done} == {"student"}
    assert all(verdict.distribution for verdict in done)
    capsys.readouterr()
    assert main(["show", "outputs.verdicts.jsonl", "exp-03"]) == 0
    assert "contradicted by the item's fields" in capsys.readouterr().out
    assert main(["plan", "outputs.jsonl", "--judge", "student"]) == 0
    assert main(["report", "outputs.verdicts.jsonl"]) == 0


def test_its_verdicts_are_held_against_people_and_calibrated_by_its_own_distribution(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    labels = str(EXAMPLES / "labels.csv")
    assert main(["score", "outputs.jsonl", "--judge", "student"]) == 0
    assert main(["agree", "outputs.verdicts.jsonl", "-l", labels, "--draws", "200"]) == 0
    assert "the judge differ on" in capsys.readouterr().out.replace("\n", " ")
    calibrated = main(["calibrate", "outputs.verdicts.jsonl", "-l", labels, "--all-labels", "--score", "quality"])
    assert calibrated == 1  # refused: too few labels; nothing else went wrong
    assert "no line has at most" in capsys.readouterr().err


def test_a_task_it_does_not_know_is_refused_before_anything_is_judged(tmp_path: Path) -> None:
    student = small_student(tmp_path / "student")
    rows = [{"id": "a", "task": "explanation", "output": TEXT}, {"id": "b", "task": "intent", "output": "tea"}]
    with pytest.raises(InputError) as raised:
        score(rows, student, out=tmp_path / "x.verdicts.jsonl")
    assert "'intent' is unknown; known: explanation" in str(raised.value)
    assert f"{student.name} was trained on explanation alone: judge the rest with another --judge" in str(raised.value)
    assert not list(tmp_path.glob("x*"))


def test_a_jury_with_a_student_knows_the_tasks_that_all_know_and_claims_no_distribution(tmp_path: Path) -> None:
    student = small_student(tmp_path / "student")
    jury = load_judge(str(tmp_path / "student"), "local/lexical")
    assert isinstance(jury, Jury)
    assert set(Jury((load_judge("local/lexical"), student)).rubrics) == {"explanation"}  # type: ignore[arg-type]
    verdicts = [verdict for verdict in score([_sample()], jury) if verdict.kind == "sample"]
    assert [verdict.distribution for verdict in verdicts] == [None]
    assert verdicts[0].members[0].distribution is not None


def test_a_jury_whose_others_are_silent_leaves_a_students_sample_unjudged(tmp_path: Path) -> None:
    def silent(prompt: object) -> str:
        return "no JSON"

    jury = Jury((small_student(tmp_path / "s"), Judge.of(Scripted(silent))))
    verdict = next(iter(score([_sample()], jury)))
    assert verdict.grade is None
    assert verdict.distribution is None


def test_what_was_prepared_and_never_judged_does_not_pile_up(tmp_path: Path) -> None:
    student = small_student(tmp_path / "s")
    for start in range(0, AHEAD + 1500, 500):
        student.prepare([_sample(number) for number in range(start, start + 500)])
    assert len(student._ready) <= AHEAD


def test_a_verdict_is_the_same_alone_and_in_any_batch(tmp_path: Path) -> None:
    student = small_student(tmp_path / "s", weight=0.37)
    texts = [" ".join(TEXT.split()[:count]) for count in range(3, 10)] * 11
    samples = [_sample(number, text) for number, text in enumerate(texts)]
    assert student.at_once(samples) == [student.at_once([sample])[0] for sample in samples]


def test_the_probabilities_of_a_batch_are_those_of_each_score() -> None:
    import numpy as np

    target = Target("grade", GRADES, 1.7, (-1.0, 2.0))
    scores = np.array([-800.0, -3.0, 0.0, float("nan"), 0.4, 900.0])
    found = target.shares_of(scores)
    assert found[3] is None
    for score_, shares in zip(scores.tolist(), found, strict=True):
        assert shares is None or shares == pytest.approx(target.shares(score_), abs=1e-15)


def _weights(said: dict[str, Any], value: Any) -> None:
    said["scorer"]["stems"]["explanation"]["weights"] = value


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "nan": (lambda said: _weights(said, [[None]]), r"weights\[0\] holds a value that is no finite number"),
    "words": (lambda said: _weights(said, [["1"]]), "no finite number"),
    "shape": (lambda said: _weights(said, [[1.0, 2.0]]), r"weights\[0\] has 2 numbers, 1 are needed"),
    "targets": (lambda said: _weights(said, [[1.0], [1.0]]), "2 rows of weights, the task has 1 targets"),
    "feature": (
        lambda said: said["scorer"]["stems"]["explanation"].update(features=["wit"]),
        "unknown feature 'wit'",
    ),
    "scale": (lambda said: said["scorer"]["stems"]["explanation"].update(scale=[0]), "not above 0"),
    "centre": (lambda said: said["scorer"]["stems"]["explanation"].update(centre=[]), "1 features and 0 of centre"),
    "stem": (lambda said: said["scorer"].update(stems={}), "no stem for task 'explanation'"),
    "version": (lambda said: said["scorer"].update(features=1), "distill it anew"),
    "cuts": (lambda said: said["targets"]["explanation"][0].update(cuts=[1, -1]), "ascending"),
    "labels": (
        lambda said: said["targets"]["explanation"][0].update(labels=["a", "b", "c"]),
        "the student's target 'grade' is on",
    ),
    "kind": (lambda said: said.update(kind="oracle"), "unknown kind 'oracle'; known: embedded"),
    "format": (lambda said: said.update(format=99), "format 99, known: 1"),
    "guards": (lambda said: said.update(guards=["taste"]), "unknown code check 'taste' among its guards"),
    "missing": (lambda said: said.pop("targets"), "'targets' is missing"),
    "list": (lambda said: said.update(rubrics=[]), "not a student"),
    "rubric": (lambda said: said.update(rubrics={}), "no rubric for it"),
}


@pytest.mark.parametrize(("change", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_student_is_found_when_it_is_read(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    small_student(tmp_path / "s")
    said = json.loads((tmp_path / "s/student.json").read_text())
    change(said)
    (tmp_path / "s/student.json").write_text(json.dumps(said))
    with pytest.raises(InputError, match=words) as raised:
        load_judge(str(tmp_path / "s"))
    assert "s/student.json" in str(raised.value) or "distill it anew" in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'{"format": 1', b"\xff\xfe\x00"])
def test_a_truncated_or_foreign_file_is_no_student(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "student.json").write_bytes(content)
    with pytest.raises(InputError, match=r"student\.json: not a student"):
        load_judge(f"{tmp_path}/")


def test_a_folder_without_the_file_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"student\.json: cannot be read .*recjudge distill"):
        load_judge(str(tmp_path))


def test_weights_that_are_not_numbers_are_not_written_as_a_student(tmp_path: Path) -> None:
    stem = Stem(("words",), (8.0,), (4.0,), ((),), ((float("nan"),),))
    target, rubric = Target("grade", GRADES, 1.0, (-1.0, 1.0)), load_rubric("explanation")
    with pytest.raises(InputError, match="no finite number"):
        write_student(
            tmp_path, Linear({"explanation": stem}), {"explanation": [target]}, {"explanation": rubric}, made={}
        )
