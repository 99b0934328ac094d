"""Labels in and out: every cell is a label, listed or empty; nothing is guessed without saying so."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from recjudge.cli import main
from recjudge.errors import InputError, UsageError
from recjudge.human_labels import (
    Label,
    Labels,
    check_labels,
    latest,
    load_set,
    read_all,
    read_labels,
    scale_of,
)
from recjudge.human_labels.pairing import GRADES
from recjudge.rubrics import load_rubric

from label_files import LONG, file_of

EXPLANATION = load_rubric("explanation")


def _said(labels: Labels) -> list[tuple[str, str, str, str]]:
    return [(label.id, label.dimension, label.annotator, label.word) for label in labels.rows]


def test_a_long_table_is_read_with_what_it_says_of_its_samples(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        "sample,dimension,annotator,role,label,scale,round,time,task,group,language\n"
        "a,relevance,ann,crowd,4,ordinal:1..5,r1,2026-01-02,explanation,u1,de\n",
    )
    labels = read_labels(path)
    label = Label("a", "relevance", "ann", 4.0, scale_of("ordinal:1..5"), "crowd", "r1", "2026-01-02", "explanation")
    assert labels.rows == (replace(label, place="labels.csv:2"),)
    assert labels.items == {"a": {"group": "u1", "language": "de"}}
    assert labels.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (labels.source, labels.notes) == ("labels.csv", ())


@pytest.mark.parametrize("header", ["id,dimension,rater,value", "Sample_ID,Dimension,Worker,Rating"])
def test_columns_have_other_names_as_well(tmp_path: Path, header: str) -> None:
    labels = read_labels(file_of(tmp_path, f"{header}\na,relevance,ann,1\nb,relevance,ann,3\n"))
    assert _said(labels) == [("a", "relevance", "ann", "1"), ("b", "relevance", "ann", "3")]


def test_bom_crlf_and_no_last_newline_change_nothing(tmp_path: Path) -> None:
    plain = read_labels(file_of(tmp_path, LONG + "a,relevance,ann,1\nb,relevance,ann,0\n"))
    odd = read_labels(
        file_of(tmp_path, "\ufeff" + LONG.replace("\n", "\r\n") + "a,relevance,ann,1\r\nb,relevance,ann,0")
    )
    assert odd.rows == plain.rows


def test_jsonl_is_read_packed_or_not_and_numbers_are_numbers(tmp_path: Path) -> None:
    rows = [{"id": "a", "dimension": "d", "annotator": "x", "label": 4.0, "scale": "ordinal:1..5", "n": 3}]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    path = tmp_path / "labels.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode()))
    labels, plain = read_labels(path), read_labels(file_of(tmp_path, lines, "labels.jsonl"))
    assert labels.rows == (replace(plain.rows[0], place=labels.rows[0].place),)
    assert (plain.rows[0].value, plain.items) == (4.0, {"a": {"n": "3"}})


def test_a_recorded_model_is_a_model_and_no_expert(tmp_path: Path) -> None:
    lines = '{"id":"a","dimension":"d","annotator":"%s","annotator_type":"%s","label":1,"scale":"binary:0|1"}\n'
    labels = read_labels(file_of(tmp_path, lines % ("gpt", "llm") + lines % ("ann", "human"), "labels.jsonl"))
    assert [label.role for label in labels.rows] == ["model", "expert"]


def test_a_wide_table_has_a_column_an_annotator_and_says_which(tmp_path: Path) -> None:
    path = file_of(tmp_path, "id,group,ann,bob\na,u1,Bad,Superior\nb,u1,,Average\n")
    labels = read_labels(path)
    assert _said(labels) == [
        ("a", "grade", "ann", "Bad"), ("a", "grade", "bob", "Superior"), ("b", "grade", "bob", "Average"),
    ]  # fmt: skip
    assert labels.rows[0].scale == GRADES
    assert labels.items["a"] == {"group": "u1"}
    assert labels.notes == ("columns read as annotators: ann, bob", "1 of 4 cells are empty: no label")


def test_the_annotators_of_a_wide_table_can_be_named(tmp_path: Path) -> None:
    path = file_of(tmp_path, "id,shelf,ann\na,3,1\nb,4,5\n")
    labels = read_labels(path, annotators=["ann"], scales={"relevance": "ordinal:1..5"})
    assert _said(labels) == [("a", "relevance", "ann", "1"), ("b", "relevance", "ann", "5")]
    assert labels.items == {"a": {"shelf": "3"}, "b": {"shelf": "4"}}
    with pytest.raises(UsageError, match="no column eve; columns: id, shelf, ann"):
        read_labels(path, annotators=["eve"])


def test_a_column_can_be_a_dimension(tmp_path: Path) -> None:
    path = file_of(tmp_path, "sample,annotator,relevance,clarity\na,ann,strong,poor\nb,ann,,clear\n")
    labels = read_labels(path, rubrics=[EXPLANATION])
    assert _said(labels) == [
        ("a", "relevance", "ann", "strong"), ("a", "clarity", "ann", "poor"), ("b", "clarity", "ann", "clear"),
    ]  # fmt: skip
    assert labels.rows[0].scale.passing == frozenset({1.0, 2.0})


def test_labels_without_a_dimension_must_be_grades(tmp_path: Path) -> None:
    path = file_of(tmp_path, "sample,annotator,label\na,ann,4\nb,ann,2\n")
    with pytest.raises(
        InputError, match=r"labels.csv:2: no column 'dimension', and '4' is no grade .*--scale relevance="
    ):
        read_labels(path)
    assert read_labels(path, scales={"fit": "ordinal:1..5"}).dimensions == ("fit",)


@pytest.mark.parametrize(
    ("words", "scale"),
    [
        ("0 1 1", "binary:0|1"),
        ("1 2 5", "ordinal:1..5"),
        ("0.5 1", "interval:0.5..1"),
        ("0 1 900", "interval:0..900"),
        ("yes no", "binary:no|yes"),
        ("tie left right", "nominal:left|right|tie"),
    ],
)
def test_a_scale_that_nothing_names_is_assumed_and_said(tmp_path: Path, words: str, scale: str) -> None:
    rows = "".join(f"s{number},fit,ann,{word}\n" for number, word in enumerate(words.split()))
    labels = read_labels(file_of(tmp_path, LONG + rows))
    assert str(labels.rows[0].scale) == scale
    assert labels.notes == (f"fit: scale {scale} assumed from the labels seen; say it with --scale fit={scale}",)


def test_labels_that_tell_no_scale_are_an_error_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"every label of 'fit' is 5, which tells no scale; say the scale with --scale"
    ):
        read_labels(file_of(tmp_path, LONG + "a,fit,ann,5\nb,fit,ann,5\n"))


def test_a_rubric_s_words_are_its_scale_and_a_near_word_is_an_error_that_proposes_it(tmp_path: Path) -> None:
    path = file_of(
        tmp_path, LONG + "a,relevance,ann,strong\nb,relevance,ann,Weak\nc,relevance,ann, fair\nd,relevance,ann,4\n"
    )
    with pytest.raises(InputError) as caught:
        read_labels(path, rubrics=[EXPLANATION])
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("labels.csv:3: 'label' is 'Weak'; write 'weak'")
    assert lines[1].startswith("labels.csv:4: 'label' is ' fair'; write 'fair'")
    assert lines[2].startswith("labels.csv:5: 'label' is '4', not on the scale ordinal:weak|fair|strong")
    assert lines[3].startswith("labels.csv: 3 of 4 labels cannot be used")


def test_people_s_own_scale_on_a_rubric_s_dimension_is_taken_and_said(tmp_path: Path) -> None:
    labels = read_labels(file_of(tmp_path, LONG + "a,relevance,ann,1\nb,relevance,ann,5\n"), rubrics=[EXPLANATION])
    assert str(labels.rows[0].scale) == "ordinal:1..5"
    assert "no label is a word of explanation's scale" in labels.notes[0]


def test_a_dimension_under_another_name_has_the_rubric_s_scale(tmp_path: Path) -> None:
    path = file_of(tmp_path, LONG + "a,coherence,ann,clear\nb,coherence,ann,poor\n")
    labels = read_labels(path, rubrics=[EXPLANATION], names={"clarity": "coherence"})
    assert labels.rows[0].scale.points == ("poor", "plain", "clear")


@pytest.mark.parametrize("name", ["summeval", "intentionqa", "abredial", "cola_dev", "helpsteer2"])
def test_the_sets_that_ship_are_label_files_like_any_other(name: str) -> None:
    with as_file(files("recjudge.human_labels") / "sets" / name / "labels.jsonl.gz") as path:
        labels = read_labels(path, rubrics=[EXPLANATION])
    assert tuple(replace(row, place="") for row in labels.rows) == load_set(name).labels
    assert labels.notes == ()


BAD = (
    "sample,dimension,annotator,role,label,scale,system\n"
    "a,fit,ann,expert,4,ordinal:1..5,s1\n"
    "a,fit,ann,expert,4,ordinal:1..5,s1\n"
    "b,fit,ann,expert,9,ordinal:1..5,s1\n"
    "c,fit,ann,boss,3,ordinal:1..5,s1\n"
    "d,fit,,expert,3,ordinal:1..5,s1\n"
    "e,fit,ann,crowd,3,ordinal:1..5,s1\n"
    "f,fit,ann,expert,3,thumbs,s1\n"
    "a,fit,bob,expert,3,ordinal:1..5,s2\n"
    "g,fit,bob,expert,,ordinal:1..5,s2\n"
)


def test_everything_that_is_wrong_is_listed_at_once_by_line_field_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_labels(file_of(tmp_path, BAD))
    assert [line.split(" is ")[0] for line in str(caught.value).splitlines()] == [
        "labels.csv:3: 'label'",
        "labels.csv:4: 'label'",
        "labels.csv:5: 'role'",
        "labels.csv:6: 'annotator'",
        "labels.csv:7: 'role'",
        "labels.csv:8: 'scale'",
        "labels.csv:9: 'system'",
        "labels.csv: 7 of 9 labels cannot be used; mend them, or leave them out with --drop",
    ]
    assert "first: labels.csv:2; keep one of them" in str(caught.value)
    assert "who is expert at labels.csv:2" in str(caught.value)


def test_what_is_dropped_on_request_is_counted_in_a_note(tmp_path: Path) -> None:
    labels = read_labels(file_of(tmp_path, BAD), drop=True)
    assert _said(labels) == [("a", "fit", "ann", "4")]
    assert labels.notes == (
        "7 of 9 labels left out as unusable (2 label, 2 role, 1 annotator, 1 scale, 1 system)",
        "1 of 9 cells are empty: no label",
    )


def test_a_long_list_of_problems_ends_with_a_count(tmp_path: Path) -> None:
    rows = "".join(f"s{number},fit,ann,{number % 7}\n" for number in range(100))
    with pytest.raises(InputError) as caught:
        read_labels(file_of(tmp_path, LONG + rows), scales={"fit": "ordinal:0..4"})
    lines = str(caught.value).splitlines()
    assert len(lines) == 22
    assert lines[20] == "… and 8 more"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no label; its first line names the columns sample, dimension, annotator, label"),
        (LONG.encode(), "holds no label; its first line names the columns sample, dimension, annotator, label"),
        (LONG.encode() + b"a,fit,ann,\n", "holds no label"),
        (LONG.encode() + b"a,fit,\xff,1\n", "labels.csv:2: is not UTF-8"),
        (LONG.encode() + b"a,fit,1\n", "labels.csv:2: has 3 cells under a header of 4"),
        (b"sample,group\na,u1\n", "no column holds labels; columns: sample, group"),
        (b"sample,annotator\na,u1\n", "no column 'label' and none named like a dimension"),
        (LONG.encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_holds_no_table_of_labels_is_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_labels(path)
    assert words in str(caught.value)


def test_broken_lines_of_json_are_listed_with_the_others(tmp_path: Path) -> None:
    lines = (
        '{"sample":"a","dimension":"d","annotator":"x","label":1}\n{"sample":\n[1]\n{"sample":"b","dimension":"d"}\n'
    )
    reading = read_all(file_of(tmp_path, lines, "labels.jsonl"))
    assert [problem.place for problem in reading.problems] == ["labels.jsonl:2", "labels.jsonl:3", "labels.jsonl:4"]
    assert reading.cells == len(reading.labels.rows) + reading.listed == 4


@pytest.mark.parametrize(
    "content", ["sample,\x1b]52;c;x\x07\n", LONG + "a,\x1b[31mfit,ann,5\n", LONG + "a,fit,\x1b[31m,\x1b9\n"]
)
def test_no_control_byte_of_a_file_reaches_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    main(["labels", "check", str(file_of(tmp_path, content))])
    said = capsys.readouterr()
    assert said.err
    assert "\x1b" not in said.out + said.err


def test_a_scale_named_for_a_dimension_nobody_labelled_is_a_slip(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--scale fti: no label is of that dimension; labelled: fit"):
        read_labels(file_of(tmp_path, LONG + "a,fit,ann,1\n"), scales={"fti": "ordinal:1..5"})


def test_an_annotators_last_word_counts_and_one_round_can_be_taken(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        "sample,dimension,annotator,label,round\na,fit,ann,0,r1\nb,fit,ann,1,r1\na,fit,ann,1,r2\na,fit,bob,0,r1\n",
    )
    labels = read_labels(path)
    last = latest(labels)
    assert check_labels(labels).warnings[0] == "2 rounds; 1 labels were given again in a later one: the last counts"
    assert [(row.id, row.annotator, row.word, row.round) for row in last.rows] == [
        ("b", "ann", "1", "r1"), ("a", "ann", "1", "r2"), ("a", "bob", "0", "r1"),
    ]  # fmt: skip
    assert last.notes[-1] == "1 labels superseded by the same annotator's in a later round (r1, r2)"
    assert len(labels.only(round="r1").rows) == 3


@pytest.mark.slow
def test_a_million_labels_are_read_within_half_a_minute(tmp_path: Path) -> None:
    import time

    path = tmp_path / "labels.csv"
    with path.open("w") as file:
        file.write("sample,dimension,annotator,label,group\n")
        file.writelines(
            f"s{n},{dimension},ann{rater},{1 + (n * 7 + rater) % 5},g{n // 10}\n"
            for n in range(50_000) for dimension in ("fit", "clarity", "safety", "truth") for rater in range(5)
        )  # fmt: skip
    before = time.process_time()
    assert len(read_labels(path).rows) == 1_000_000
    assert time.process_time() - before < 30


def test_a_folder_is_called_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; give a CSV"):
        read_labels(tmp_path)
