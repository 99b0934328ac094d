"""Label Studio both ways: a rubric as its configuration, samples as tasks, an export as the same labels again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from recjudge.cli import main
from recjudge.errors import InputError, UsageError
from recjudge.human_labels import draw, read_all, read_labels, write_sheet, write_tasks
from recjudge.human_labels.pairing import GRADES
from recjudge.human_labels.reading import labelling_config
from recjudge.judge import Finding, Grade, Sample, Status, Verdict
from recjudge.rubrics import Rubric, load_rubric

RUBRIC = load_rubric("explanation")
NASTY = "<script>alert(1)</script> & \"two\" 'words' ]]> {{7*7}} \u202e $x"

ABOUT = {"item": "i1", "probability": "1.0"}


def _sample(number: int, group: str = "u1", system: str = "a") -> Sample:
    context = {"item": {"title": NASTY, "price": 3}, "interest": "hiking", "secret": "never shown"}
    return Sample(f"s{number}", "explanation", f"=text {number}", context, group, "i1", system)


def _verdict(id: str) -> Verdict:
    found = Finding("relevance", Status.OK, "weak", -1, (1.0, 0.0, 0.0), "weak_relevance", "off topic")
    return Verdict(id, "explanation", "local", RUBRIC.id, Status.OK, Grade.BAD, (found,))


def _annotated(tasks: list[dict[str, Any]], words: dict[str, str], **more: Any) -> list[dict[str, Any]]:
    """What Label Studio exports after one annotator gave these labels on every task."""
    result = [
        {"id": name, "from_name": name, "to_name": "_artefact", "type": "choices", "value": {"choices": [word]}}
        for name, word in words.items()
    ]
    annotation = {
        "id": 1, "completed_by": {"id": 7, "email": "ann@example.org"}, "result": result, "was_cancelled": False,
        "created_at": "2026-01-02T03:04:05Z", "lead_time": 9.5, "prediction": {}, **more,
    }  # fmt: skip
    return [{"id": number, "data": task["data"], "annotations": [annotation]} for number, task in enumerate(tasks, 1)]


def _export(folder: Path, tasks: list[Any]) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(tasks))
    return path


def test_the_configuration_asks_every_question_with_its_words_and_shows_nothing_as_html() -> None:
    view = ElementTree.fromstring(labelling_config(RUBRIC))
    choices = {tag.get("name"): [choice.get("value") for choice in tag] for tag in view.iter("Choices")}
    for dimension in RUBRIC.dimensions:
        assert choices[dimension.name] == list(dimension.labels)
        assert choices[f"_code_{dimension.name}"] == list(dimension.codes)
    assert choices["grade"] == list(GRADES.points)
    headers = [tag.get("value") for tag in view.iter("Header")]
    assert f"weak: {RUBRIC.dimensions[0].scale[0].words}" in headers
    hints = {choice.get("value"): choice.get("hint") for choice in view.iter("Choice")}
    assert hints["weak"] == RUBRIC.dimensions[0].scale[0].words
    assert {tag.get("required") for tag in view.iter("Choices")} == {"false"}
    assert not {tag.tag for tag in view.iter()} & {"HyperText", "Style", "HTML"}
    names = [tag.get("name") for tag in view.iter() if tag.get("name")]
    assert len(names) == len(set(names))


def test_words_of_a_rubric_cannot_break_out_of_the_configuration() -> None:
    rubric = RUBRIC.model_copy(update={"title": NASTY, "subject": NASTY})
    view = ElementTree.fromstring(labelling_config(rubric))
    assert view[0].get("value") == NASTY


def test_tasks_hold_text_and_named_context_and_no_judge_s_word_nor_the_system(tmp_path: Path) -> None:
    files = write_tasks(draw([_sample(1)]), RUBRIC, tmp_path)
    task = json.loads(files[0].read_text())[0]
    assert task["data"]["text"] == "=text 1"
    assert task["data"]["context_item"] == f"title: {NASTY}\nprice: 3"
    assert "predictions" not in task
    assert "never shown" not in files[0].read_text()
    assert "system" not in task["data"]
    wanted = {tag.get("value", "").removeprefix("$") for tag in ElementTree.parse(files[1]).iter("Text")}
    assert wanted <= set(task["data"])


def test_an_export_gives_the_labels_that_annotators_gave(tmp_path: Path) -> None:
    tasks = json.loads(write_tasks(draw([_sample(1), _sample(2, "u2")]), RUBRIC, tmp_path, round="r1")[0].read_text())
    words = {"relevance": "strong", "clarity": "plain", "_code_relevance": "weak_relevance", "grade": "Average"}
    labels = read_labels(_export(tmp_path, _annotated(tasks, words)), rubrics=[RUBRIC])
    assert [(row.id, row.dimension, row.word) for row in labels.rows] == [
        ("s1", "relevance", "strong"), ("s1", "clarity", "plain"), ("s1", "grade", "Average"),
        ("s2", "relevance", "strong"), ("s2", "clarity", "plain"), ("s2", "grade", "Average"),
    ]  # fmt: skip
    first = labels.rows[0]
    assert (first.annotator, first.round, first.time, first.task) == (
        "ann@example.org", "r1", "2026-01-02T03:04:05Z", "explanation",
    )  # fmt: skip
    assert first.scale.passing == frozenset({1.0, 2.0})
    assert labels.items["s2"] == {"rubric": RUBRIC.id, **ABOUT, "text": "=text 2", "group": "u2"}
    assert labels.notes == ()


def test_labels_made_by_another_version_of_the_rubric_say_so(tmp_path: Path) -> None:
    older = Rubric.model_validate(RUBRIC.model_dump(by_alias=True) | {"title": "An older one"})
    tasks = json.loads(write_tasks(draw([_sample(1)]), older, tmp_path)[0].read_text())
    labels = read_labels(_export(tmp_path, _annotated(tasks, {"relevance": "weak"})), rubrics=[RUBRIC])
    assert labels.notes == (
        f"1 samples were labelled by {tasks[0]['data']['rubric']}, which is not today's {RUBRIC.id}",
    )


def test_cancelled_annotations_are_counted_and_empty_answers_are_no_labels(tmp_path: Path) -> None:
    tasks = [{"data": {"sample": "s1"}}, {"data": {"sample": "s2"}}]
    done = _annotated(tasks, {"relevance": "weak"}, completed_by=3)
    done[0]["annotations"].append({**done[0]["annotations"][0], "was_cancelled": True, "completed_by": 4})
    done[1]["annotations"][0] = {**done[1]["annotations"][0], "result": []}
    done[1]["annotations"][0]["result"] = [
        {"from_name": "relevance", "to_name": "_artefact", "type": "choices", "value": {"choices": []}}
    ]
    labels = read_labels(_export(tmp_path, done), rubrics=[RUBRIC])
    assert [(row.id, row.annotator) for row in labels.rows] == [("s1", "3")]
    assert labels.notes == ("1 of 2 cells are empty: no label", "1 cancelled annotations not read")


def test_ratings_and_numbers_are_labels_as_well(tmp_path: Path) -> None:
    tasks = _annotated([{"data": {"id": "s1"}}], {})
    tasks[0]["annotations"][0]["result"] = [
        {"from_name": "fit", "to_name": "t", "type": "rating", "value": {"rating": 4}},
        {"from_name": "worth", "to_name": "t", "type": "number", "value": {"number": 0.5}},
        {"from_name": "where", "to_name": "t", "type": "labels", "value": {"start": 1, "labels": ["x"]}},
    ]
    scales = {"fit": "ordinal:1..5", "worth": "interval:0..1"}
    labels = read_labels(_export(tmp_path, tasks), scales=scales)
    assert [(row.dimension, row.value) for row in labels.rows] == [("fit", 4.0), ("worth", 0.5)]


def test_what_is_wrong_in_an_export_is_listed_by_task_and_annotation(tmp_path: Path) -> None:
    tasks = _annotated([{"data": {"sample": f"s{n}"}} for n in range(4)], {"relevance": "weak"})
    tasks[0]["annotations"][0] = json.loads(json.dumps(tasks[0]["annotations"][0]))
    tasks[0]["annotations"][0]["result"][0]["value"]["choices"] = ["weak", "fair"]
    tasks[1]["annotations"] = [tasks[1]["annotations"][0]] * 2
    tasks[2]["data"] = {}
    reading = read_all(_export(tmp_path, [*tasks, {"data": {}, "annotations": 3}]), rubrics=[RUBRIC])
    assert [str(problem).split(";")[0] for problem in reading.problems] == [
        "export.json:task 1, annotation 1: 'relevance' has 2 labels",
        "export.json:task 2, annotation 2: 'relevance' is a second label of sample 's1', dimension 'relevance', "
        "annotator 'ann@example.org'",
        "export.json:task 3, annotation 1: 'sample' is missing",
        "export.json:task 5: 'annotations' is no list beside 'data'",
    ]
    assert reading.cells == len(reading.labels.rows) + reading.listed == 6


def test_two_answers_of_one_annotation_to_one_question_are_one_too_many(tmp_path: Path) -> None:
    tasks = _annotated([{"data": {"sample": "s1"}}], {"relevance": "weak"})
    tasks[0]["annotations"][0]["result"] *= 2
    with pytest.raises(InputError, match="second label"):
        read_labels(_export(tmp_path, tasks), rubrics=[RUBRIC])


def test_the_short_form_of_an_export_is_read_too(tmp_path: Path) -> None:
    common = {"context_item": "shown only", "annotator": 1, "annotation_id": 9, "lead_time": 2.0}
    rows = [
        {
            "id": 5,
            "sample": "s1",
            "text": "t",
            "relevance": "fair",
            "_code_relevance": {"choices": ["a", "b"]},
            **common,
        },
        {"id": 6, "sample": "s2", "text": "u", "relevance": "weak", **common},
    ]
    labels = read_labels(_export(tmp_path, rows), rubrics=[RUBRIC])
    assert [(row.id, row.annotator, row.word) for row in labels.rows] == [("s1", "1", "fair"), ("s2", "1", "weak")]
    assert labels.items["s1"] == {"text": "t"}
    assert "column 'id' was not read: 'sample' is the sample" in labels.notes


def test_broken_json_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text('[\n{"id": 1,}\n]')
    with pytest.raises(InputError, match=r"export.json:2: not valid JSON"):
        read_labels(path)


def test_labels_made_beside_a_judge_s_predictions_say_so(tmp_path: Path) -> None:
    files = write_tasks(draw([_sample(1)]), RUBRIC, tmp_path, predictions=[_verdict("s1")])
    task = json.loads(files[0].read_text())[0]
    given = {one["from_name"]: one["value"]["choices"] for one in task["predictions"][0]["result"]}
    assert given == {"relevance": ["weak"], "grade": ["Bad"]}
    done = _annotated([task], {"relevance": "weak"})
    done[0]["predictions"] = task["predictions"]
    labels = read_labels(_export(tmp_path, done), rubrics=[RUBRIC])
    assert labels.notes == ("annotators saw a judge's labels first: agreement with that judge is inflated",)


def test_a_sheet_is_filled_in_and_read_back(tmp_path: Path) -> None:
    path = write_sheet(draw([_sample(1)]), RUBRIC, tmp_path / "sheet.csv")
    assert "'=text 1" in path.read_text()
    asked = len(RUBRIC.dimensions) + 1
    filled = path.read_text().replace("weak | fair | strong,,", "weak | fair | strong,ann,strong")
    path.write_text(filled)
    labels = read_labels(path, rubrics=[RUBRIC])
    assert [(row.id, row.dimension, row.annotator, row.word) for row in labels.rows] == [
        ("s1", "relevance", "ann", "strong")
    ]
    assert labels.items["s1"] == {"rubric": RUBRIC.id, **ABOUT, "text": "=text 1", "group": "u1"}
    assert labels.notes == (f"{asked - 1} of {asked} cells are empty: no label",)


def test_every_sample_is_drawn_as_often_as_its_probability_says() -> None:
    samples = [_sample(n, f"u{n // 7}", "ab"[n % 3 == 0]) for n in range(30)]
    times: Counter[str] = Counter()
    for seed in range(1500):
        drawn = draw(samples, 9, by="system", seed=seed)
        assert len(drawn) == 9
        times.update(one.sample.id for one in drawn)
    for one in draw(samples, 9, by="system"):
        # 4.5 standard errors of a share of 1,500 draws
        assert times[one.sample.id] / 1500 == pytest.approx(one.probability, abs=0.057)
    assert {one.probability for one in draw(samples, 9, by="system")} == {0.3}


def test_a_draw_is_spread_over_clusters_and_repeats_with_its_seed() -> None:
    samples = [_sample(n, f"u{n // 10}") for n in range(100)]
    for seed in range(50):
        groups = Counter(one.sample.group for one in draw(samples, 20, seed=seed))
        assert set(groups.values()) == {2}
    assert draw(samples, 20, seed=1) == draw(samples, 20, seed=1) != draw(samples, 20, seed=2)


def test_strata_share_the_draw_by_size_and_each_gets_one() -> None:
    samples = [_sample(n, f"u{n}", "rare" if n == 0 else "often") for n in range(50)]
    drawn = draw(samples, 5, by="system")
    assert Counter(one.stratum for one in drawn) == {"rare": 1, "often": 4}
    assert {one.stratum: one.probability for one in drawn} == {"rare": 1.0, "often": 4 / 49}
    with pytest.raises(UsageError, match="1 samples cannot cover 2 strata"):
        draw(samples, 1, by="system")
    with pytest.raises(UsageError, match="cannot be drawn by 'mood'"):
        draw(samples, 1, by="mood")


def test_the_command_export_writes_tasks_configuration_and_guideline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "outputs.jsonl"
    lines = [{"id": f"e{n}", "task": "explanation", "output": f"Text {n}.", "system": "a"} for n in range(9)]
    lines.append({"id": "t", "task": "text", "output": "Another task."})
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = tmp_path / "out"
    common = ["labels", "export", str(source), "--rubric", "explanation", "--out", str(out), "--n", "4"]
    assert main([*common, "--by", "system", "--round", "r1"]) == 0
    tasks = json.loads((out / "tasks.json").read_text())
    assert [task["data"]["probability"] for task in tasks] == [repr(4 / 9)] * 4
    assert (out / "GUIDELINE.md").read_text().startswith("# Guideline")
    assert "4 samples" in capsys.readouterr().out
    assert main([*common, "--to", "jsonl"]) == 0
    assert len((out / "labels.jsonl").read_text().splitlines()) == 4 * (len(RUBRIC.dimensions) + 1)
    assert main([*common, "--to", "xls"]) == 2
    assert "known: label-studio, csv, jsonl" in capsys.readouterr().err
