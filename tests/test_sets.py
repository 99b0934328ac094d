"""The labelled sets that ship: whole, sourced, licensed, on their scales, and small."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import recjudge.human_labels as room
from recjudge.errors import UsageError
from recjudge.human_labels import LabelledSet, as_labels, consensus, load_set, read_labels, set_names, write_labels
from recjudge.human_labels.records import ROLES
from recjudge.rubrics import load_rubric, rubric_names

SETS = Path(room.__file__).parent / "sets"
NAMES = ["abredial", "cola_dev", "helpsteer2", "intentionqa", "llmbar", "pandalm", "summeval"]


@pytest.fixture(scope="module", params=NAMES)
def found(request: pytest.FixtureRequest) -> LabelledSet:
    return load_set(request.param)


def test_these_sets_ship() -> None:
    assert set_names() == NAMES


def test_all_sets_together_weigh_under_twelve_megabytes() -> None:
    assert sum(path.stat().st_size for path in SETS.rglob("*") if path.is_file()) < 12_000_000


@pytest.mark.parametrize("name", NAMES)
def test_a_sets_page_names_source_licence_changes_and_limits(name: str) -> None:
    page = (SETS / name / "README.md").read_text()
    assert all(word in page for word in ("- Source: ", "- Licence: ", "What was changed: ", "Worth knowing: "))
    assert "ut: " in page or "othing was cut" in page


@pytest.mark.parametrize("name", NAMES)
def test_notice_names_every_sets_licence(name: str) -> None:
    notice = (SETS.parent.parent / "NOTICE").read_text().partition("3. Labelled data sets")[2]
    assert f"- {name} " in notice


@pytest.mark.parametrize("path", sorted(SETS.rglob("*.gz")), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_packed_file_carries_no_time_and_no_name(path: Path) -> None:
    head = path.read_bytes()[:10]
    assert head[3] == 0
    assert head[4:8] == bytes(4)
    assert gzip.decompress(path.read_bytes()).endswith(b"\n")


def test_items_and_labels_are_as_many_as_the_reference_counts(found: LabelledSet) -> None:
    assert len(found.samples) == found.reference["n_items"]
    assert len(found.labels) + len(found.unread) == found.reference["n_labels"]


def test_every_label_is_on_its_scale_of_a_known_role_and_of_a_sample(found: LabelledSet) -> None:
    ids = {sample.id for sample in found.samples}
    assert len(ids) == len(found.samples)
    assert {label.id for label in found.labels} <= ids
    assert {label.role for label in found.labels} <= set(ROLES)
    assert all(label.scale.holds(label.word) for label in found.labels)


def test_nobody_labels_one_dimension_of_one_item_twice(found: LabelledSet) -> None:
    said = [(label.id, label.dimension, label.annotator) for label in found.labels] + list(found.unread)
    assert len(set(said)) == len(said)


def test_texts_are_there_but_for_the_set_whose_page_says_they_were_cut(found: LabelledSet) -> None:
    assert all(bool(sample.text.strip()) == (found.name != "llmbar") for sample in found.samples)
    assert "all texts" in (SETS / "llmbar" / "README.md").read_text()


def test_a_reply_that_could_not_be_read_is_no_label_and_not_forgotten() -> None:
    found = load_set("pandalm")
    assert found.invalid == {("gpt-3.5-turbo", "preference"): 25}
    assert any("25 replies on preference could not be read" in note for note in as_labels(found).notes)
    assert sum(load_set("llmbar").invalid.values()) == 71


def test_a_set_is_a_label_file_with_group_system_and_text() -> None:
    labels = as_labels(load_set("summeval"))
    known = labels.items["se_000_M11"]
    assert known["group"].startswith("dm-test-")
    assert known["system"] == "M11"
    assert known["text"].startswith("paul merson")
    assert labels.of_one_role().roles == {"expert": 19200}


@pytest.mark.parametrize("name", ["abredial", "intentionqa", "pandalm"])
def test_a_set_written_as_a_label_file_is_read_back_whole(name: str, tmp_path: Path) -> None:
    labels = as_labels(load_set(name))
    again = read_labels(write_labels(labels, tmp_path / "labels.csv"))
    assert [(label.id, label.annotator, label.role, label.value, str(label.scale)) for label in again.rows] == [
        (label.id, label.annotator, label.role, label.value, str(label.scale)) for label in labels.rows
    ]


def test_people_and_recorded_models_stay_apart() -> None:
    found = load_set("summeval")
    assert found.table("relevance").raters == ("expert_e0", "expert_e1", "expert_e2")
    assert len(found.table("relevance", human=False).raters) == 10


def test_a_turn_of_a_dialogue_shares_its_cluster() -> None:
    clusters = load_set("abredial").clusters
    assert clusters["abr_161_t1"] == clusters["abr_d001"] == "G3"


def test_the_examples_labels_are_declared_made_up_and_follow_the_planted_defects() -> None:
    examples = SETS.parent.parent / "examples"
    planted = json.loads((examples / "defects.json").read_text())
    labels = read_labels(examples / "labels.csv", rubrics=[load_rubric(name) for name in rubric_names()])
    grades = labels.only(dimension="grade").table("grade")
    bad = consensus(grades).values == 0
    known = [(id in planted) == said for id, said in zip(grades.ids, bad, strict=True)]
    assert "no person gave these labels" in (examples / "README.md").read_text()
    assert len(grades.ids) == 92
    assert len(labels.rounds) == 2
    assert sum(known) >= 0.9 * len(known)


def test_an_unknown_set_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'sumeval'; known: abredial, .*summeval"):
        load_set("sumeval")


def test_a_dimension_that_nobody_labelled_is_an_error() -> None:
    with pytest.raises(UsageError, match="no human label of dimension 'charm'"):
        load_set("cola_dev").table("charm")
