"""What a Student learns from: whose word, on which scale, against whom, and what is left out."""

from __future__ import annotations

import pytest
from recjudge.errors import UsageError
from recjudge.human_labels import Label, Labels, Scale, scale_of
from recjudge.judge import Finding, Grade, Sample, Status, Verdict
from recjudge.training import Row
from recjudge.training.distilling import examples_of, folds, split

from makers import rubric, sample

RUBRIC = rubric()
RUBRICS = {"text": RUBRIC}
OWN = scale_of("ordinal:bad|fair|good")


def judged(of: Sample, label: str | None = "fair", grade: Grade | None = Grade.AVERAGE, **more: object) -> Row:
    found = Finding("relevance", Status.OK if label else Status.ABSTAINED, label, distribution=(0.1, 0.5, 0.4))
    status = Status.OK if grade else Status.TIMEOUT
    return Row(of, Verdict(of.id, "text", "teacher", RUBRIC.id, status, grade, (found,), group=of.group, **more))


def labels(*said: tuple[str, str, float], scale: Scale = OWN) -> Labels:
    rows = [Label(id, dimension, f"ann{at}", value, scale) for at, (id, dimension, value) in enumerate(said)]
    return Labels(tuple(rows))


def test_a_judges_label_and_grade_are_places_on_their_scales() -> None:
    found = examples_of([judged(sample(group="u"), "good", Grade.SUPERIOR)], RUBRICS)["text"]
    assert found.targets == ("grade", "relevance")
    assert found.rows[0].values == {"relevance": 2.0, "grade": 2.0}
    assert not found.rows[0].human


def test_softly_a_judges_place_is_the_expected_one() -> None:
    found = examples_of([judged(sample(group="u"))], RUBRICS, soft=True)["text"]
    assert found.rows[0].values["relevance"] == pytest.approx(1.3)
    assert found.rows[0].labels["relevance"] == 1


def test_peoples_mean_is_taken_before_the_judges_word() -> None:
    said = labels(("s1", "relevance", 2), ("s1", "relevance", 1))
    row = examples_of([judged(sample(group="u"), "bad")], RUBRICS, said)["text"].rows[0]
    assert row.values["relevance"] == 1.5
    assert row.labels["relevance"] == 2
    assert row.people == {"relevance"}
    assert row.human
    assert row.values["grade"] == 1


def test_peoples_own_scale_is_cut_evenly_or_where_asked_and_a_note_says_so() -> None:
    said = labels(("s1", "relevance", 3), scale=scale_of("ordinal:1..5"))
    rows = [judged(sample(group="u"))]
    evenly = examples_of(rows, RUBRICS, said)["text"]
    asked = examples_of(rows, RUBRICS, said, cuts={"relevance": [3.5, 4.5]})["text"]
    assert (evenly.rows[0].values["relevance"], evenly.rows[0].labels["relevance"]) == (1.0, 1)
    assert asked.rows[0].values["relevance"] == 1.0
    assert asked.rows[0].labels["relevance"] == 0
    assert "2.333, 3.667 (evenly" in evenly.notes[0]
    assert "3.5, 4.5 (as asked)" in asked.notes[0]


def test_cuts_that_do_not_fit_are_refused() -> None:
    said = labels(("s1", "relevance", 3), scale=scale_of("ordinal:1..5"))
    with pytest.raises(UsageError, match=r"2 ascending numbers within ordinal:1\.\.5"):
        examples_of([judged(sample())], RUBRICS, said, cuts={"relevance": [3.5]})
    with pytest.raises(UsageError, match="--map relevanse: no rubric has it"):
        examples_of([judged(sample())], RUBRICS, said, names={"relevanse": "relevance"})


def test_labels_without_an_order_teach_nothing() -> None:
    said = labels(("s1", "relevance", 0), scale=scale_of("nominal:a|b"))
    found = examples_of([judged(sample(group="u"), None)], RUBRICS, said)["text"]
    assert found.targets == ("grade",)
    assert "no order" in found.notes[0]


def test_probes_benchmarks_unjudged_sealed_and_repeated_rows_are_counted_not_kept() -> None:
    rows = [
        judged(sample(id="p", meta={"probe": True})),
        judged(sample(id="b", meta={"kind": "benchmark"})),
        judged(sample(id="n"), None, None, error="late"),
        judged(sample(id="x")),
        judged(sample(id="s1")),
        judged(sample(id="s1")),
    ]
    found = examples_of(rows, RUBRICS, sealed={"x"})["text"]
    assert [row.sample.id for row in found.rows] == ["s1"]
    assert found.left_out == {
        "probe: never trained on": 1,
        "benchmark: never trained on": 1,
        "sealed labels of people: kept for tests": 1,
        "the same row again": 1,
        "unjudged, and no label of people": 1,
    }


def test_people_and_a_judge_are_not_held_against_each_other() -> None:
    rows = [judged(sample(id=id, group="u")) for id in ("s1", "s2", "s3")]
    found = examples_of(rows, RUBRICS, labels(("s1", "relevance", 2), ("s2", "relevance", 0)))["text"]
    assert found.groups("relevance").tolist() == [0, 0, 1]
    assert found.groups("grade").tolist() == [0, 0, 0]


def test_a_sample_of_unknown_context_competes_with_nobody() -> None:
    found = examples_of([judged(sample(id="s1")), judged(sample(id="s2"))], RUBRICS)["text"]
    assert found.rows[0].context != found.rows[1].context


def test_clusters_that_share_a_context_are_one() -> None:
    alike = {"context": {"source": "one article"}}
    rows = [judged(sample(id=id, **alike), parent=id) for id in ("s1", "s2")]
    found = examples_of(rows, RUBRICS)["text"]
    assert found.rows[0].context == found.rows[1].context
    assert found.rows[0].cluster == found.rows[1].cluster


def test_a_split_and_folds_keep_clusters_whole() -> None:
    rows = [judged(sample(id=f"{g}{at}", group=g, text=f"text {at} of {g}")) for g in "abcdefgh" for at in range(3)]
    found = examples_of(rows, RUBRICS)["text"]
    train, held = split(found, 0.25, seed=1)
    assert {row.cluster for row in train.rows}.isdisjoint(row.cluster for row in held.rows)
    assert (len(train.rows), len(held.rows)) == (18, 6)
    assert all(len(set(folds(found.clusters, 4)[found.clusters == name])) == 1 for name in range(8))
    with pytest.raises(UsageError, match="nothing can be held out"):
        split(found.take(range(3)), 0.5)


def test_a_scale_of_as_many_points_is_read_point_for_point() -> None:
    said = labels(
        ("s1", "relevance", 1), ("s1", "relevance", 2), ("s1", "relevance", 2), scale=scale_of("ordinal:1..3")
    )
    found = examples_of([judged(sample(group="u"))], RUBRICS, said)["text"]
    assert found.rows[0].labels["relevance"] == 1
    assert "1.5, 2.5 (point for point)" in found.notes[0]


def test_only_the_targets_that_are_asked_for_are_read() -> None:
    said = labels(("s1", "relevance", 3), scale=scale_of("ordinal:1..5"))
    found = examples_of([judged(sample(group="u"))], RUBRICS, said, dimensions=["grade"])["text"]
    assert found.targets == ("grade",)
    assert not found.notes
