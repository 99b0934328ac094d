"""Limits of a set: what crosses them, what decides nothing, and the collector that gathers sets."""

from collections import Counter

import pytest
from recjudge.errors import RubricError, UsageError
from recjudge.judge.records import Status
from recjudge.judge.sets.diversity import (
    SetCollector,
    TextSet,
    measure,
    measure_set,
    set_findings,
)
from recjudge.rubrics import SetCheck, load_rubric, rubric_names

from set_texts import sentences


def rubric_with(**limits):
    check = SetCheck(code="repeats", words="The list repeats itself.", **limits)
    return load_rubric("item_tag").model_copy(update={"sets": (check,)})


def test_a_crossed_limit_is_a_defect_of_the_set_with_the_nearest_pair_as_evidence():
    metrics = measure_set(["red dress", "Red dress", "lamp"])
    (finding,) = set_findings(rubric_with(metric="near_duplicate_share", above=0.5), metrics)
    assert (finding.dimension, finding.status, finding.label) == ("diversity", Status.OK, "repetitive")
    assert (finding.polarity, finding.code, finding.by) == (-1, "repeats", "set:near_duplicate_share")
    assert finding.evidence == ("Red dress", "red dress")
    assert finding.reason.startswith("The list repeats itself: near_duplicate_share 0.667, n = 3, ")
    assert "the rubric asks for at most 0.5" in finding.reason


def test_a_limit_that_is_kept_is_diverse_and_its_border_is_kept():
    metrics = measure_set(["red dress", "blue dress"])
    (finding,) = set_findings(rubric_with(metric="rouge_diversity", below=0.5), metrics)
    assert (finding.label, finding.polarity, finding.code) == ("diverse", 1, None)
    assert finding.evidence == ("blue dress", "red dress")


def test_a_metric_without_a_value_is_abstained():
    (finding,) = set_findings(rubric_with(metric="cross_route_duplicates", above=0.1), measure_set(["a", "b"]))
    assert (finding.status, finding.label, finding.polarity) == (Status.ABSTAINED, None, None)
    (finding,) = set_findings(rubric_with(metric="distinct_1", below=0.1), {})
    assert finding.status is Status.ABSTAINED


def test_an_estimate_whose_interval_holds_the_limit_decides_nothing():
    texts = sentences(80, 30)
    exact = measure_set(texts)["rouge_diversity"].value
    metrics = measure_set(texts, cap=500)
    (finding,) = set_findings(rubric_with(metric="rouge_diversity", below=exact), metrics)
    assert finding.status is Status.ABSTAINED
    (finding,) = set_findings(rubric_with(metric="rouge_diversity", below=exact + 0.1), metrics)
    assert finding.label == "repetitive"


def test_an_unknown_metric_is_named_with_those_that_exist():
    with pytest.raises(UsageError, match="unknown metric 'novelty'; known: distinct_1"):
        measure(TextSet(("a",)), ["novelty"])


def test_an_unknown_metric_is_the_rubrics_fault():
    with pytest.raises(RubricError, match="unknown metric 'novelty'; known: distinct_1"):
        set_findings(rubric_with(metric="novelty", below=0.5), {})


def test_the_collector_gathers_each_set_in_any_order():
    collector = SetCollector()
    collector.add("u1", "red dress", "a", ["dress"])
    collector.add("u2", "lamp", "b")
    collector.add("u1", "tea", "b", ["dress", "tea"])
    sets = dict(collector.sets())
    assert sets["u1"].texts == ("red dress", "tea")
    assert sets["u1"].systems == ("a", "b")
    assert sets["u1"].truth == ("dress", "tea")
    assert measure(sets["u1"])["exclusive_recall:b"].value == pytest.approx(1 / 2)
    assert measure(sets["u2"])["rouge_diversity"].value is None


def test_beyond_its_cap_the_collector_keeps_the_same_sample_in_any_order_and_says_so():
    rows = [(f"id{k}", text) for k, text in enumerate(sentences(200, 3))]
    kept = []
    for order in (rows, rows[::-1]):
        collector = SetCollector(cap=20)
        for id, text in order:
            collector.add("list", text, id=id)
        ((_, texts),) = collector.sets()
        kept.append(sorted(texts.texts))
    metric = measure(texts)["distinct_1"]
    assert kept[0] == kept[1]
    assert len(texts.texts) == 20
    assert not metric.exact
    assert "sample of 20 of 200 texts" in metric.words


def test_every_text_has_the_same_chance_to_be_kept():
    times = Counter()
    for seed in range(400):
        collector = SetCollector(cap=5, seed=seed)
        for number in range(20):
            collector.add("list", str(number))
        ((_, texts),) = collector.sets()
        times.update(texts.texts)
    assert sum(times.values()) == 2000
    assert all(60 <= times[str(number)] <= 140 for number in range(20))  # 100 expected, sd 8.7


def test_every_shipped_limit_is_on_a_metric_that_exists():
    for name in rubric_names():
        rubric = load_rubric(name)
        findings = set_findings(rubric, measure_set(["red dress", "lamp", "garden bench"]))
        assert len(findings) == len(rubric.sets) > 0
        assert all(finding.polarity != -1 for finding in findings)


def test_a_list_that_says_one_thing_is_a_defect_in_every_shipped_rubric():
    metrics = measure_set(["trail running shoes", "Trail running shoes", "trail running shoe", "trail-running shoes!"])
    for name in rubric_names():
        assert -1 in [finding.polarity for finding in set_findings(load_rubric(name), metrics)]
