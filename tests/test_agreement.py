"""Agreement: published check values, edges, clusters, and the labelled sets that ship."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from recjudge.errors import InputError, UsageError
from recjudge.human_labels import (
    METRICS,
    Table,
    alpha,
    auc,
    bootstrap,
    ceiling,
    load_set,
    majority,
    read_labels,
    set_names,
    spearman,
)

_ = math.nan
TEXTBOOK = [  # Krippendorff's example: four raters, twelve units, with gaps
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]


def _table(columns: list[list[float]]) -> Table:
    values = np.array(columns, float).T
    return Table(tuple(str(i) for i in range(len(values))), tuple("ABCDEFGH"[: len(columns)]), values)


@pytest.mark.parametrize(
    ("metric", "value"), [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)]
)
def test_alpha_has_the_textbook_value(metric: str, value: float) -> None:
    assert alpha(_table(TEXTBOOK), metric) == pytest.approx(value, abs=5e-7)


def test_alpha_of_labels_that_never_vary_is_not_defined() -> None:
    assert math.isnan(alpha(_table([[3, 3, 3], [3, 3, 3]]), "ordinal"))


def test_alpha_without_an_item_that_two_raters_share_is_not_defined() -> None:
    assert math.isnan(alpha(_table([[1, 2, _, _], [_, _, 1, 2]]), "ordinal"))


def test_spearman_equals_scipy_with_ties_and_gaps() -> None:
    from scipy.stats import spearmanr

    random = np.random.default_rng(3)
    one, other = random.integers(1, 6, 80).astype(float), random.integers(1, 6, 80).astype(float)
    one[:7] = math.nan
    assert spearman(one, other) == pytest.approx(spearmanr(one[7:], other[7:]).statistic, abs=1e-12)


def test_spearman_of_a_constant_judge_is_not_defined() -> None:
    assert math.isnan(spearman(np.ones(9), np.arange(9.0)))


def test_auc_counts_ties_as_half() -> None:
    scores, gold = np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])
    assert auc(scores, gold) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert auc(-scores, gold) == pytest.approx(1 - auc(scores, gold))
    assert math.isnan(auc(scores, np.ones(4)))


def test_auc_refuses_a_graded_gold_standard() -> None:
    with pytest.raises(ValueError, match="0 and 1"):
        auc(np.array([0.1, 0.2]), np.array([1.0, 2.0]))


def test_the_ceiling_leaves_each_rater_out_of_the_mean() -> None:
    columns = [[1.0, 2, 3, 4, 5], [1.0, 2, 3, 5, 4], [2.0, 1, 3, 4, 5]]
    values = np.array(columns).T
    by_hand = [spearman(values[:, j], np.delete(values, j, axis=1).mean(axis=1)) for j in range(3)]
    assert ceiling(_table(columns)) == pytest.approx(np.mean(by_hand))
    assert ceiling(_table(columns)) < 1


def test_one_rater_alone_has_no_ceiling() -> None:
    assert math.isnan(ceiling(_table([[1.0, 2, 3, 4]])))


def test_the_majority_baseline_is_the_commonest_share() -> None:
    assert majority(np.array([1.0, 1, 1, 0, math.nan])) == 0.75


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_puts_a_perfect_judge_at_one(name: str) -> None:
    gold = np.array([0.0, 1, 1, 0, 1, 0, 0])
    assert METRICS[name](gold, gold) == pytest.approx(1)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(1).normal(size=60)
    first, again, other = (bootstrap(lambda rows: values[rows].mean(), range(60), seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_interval_of_a_mean_is_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(2).normal(size=400)
    found = bootstrap(lambda rows: values[rows].mean(), range(400), draws=2000)
    assert found.low < found.value < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_copies_within_a_cluster_add_no_certainty() -> None:
    values, users = np.repeat(np.random.default_rng(4).normal(size=50), 20), np.repeat(np.arange(50), 20)
    once = bootstrap(lambda rows: values[::20][rows].mean(), range(50))
    clustered = bootstrap(lambda rows: values[rows].mean(), users.tolist())
    assert clustered.clusters == 50
    assert clustered.high - clustered.low == pytest.approx(once.high - once.low, rel=0.1)


@pytest.mark.slow
def test_the_cluster_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    users = np.repeat(np.arange(60), 5).tolist()
    hits = 0
    for seed in range(300):
        values = np.repeat(random.normal(size=60), 5) + random.normal(size=300)
        found = bootstrap(lambda rows, values=values: values[rows].mean(), users, seed=seed, draws=400)
        hits += found.low <= 0 <= found.high
    assert 0.91 <= hits / 300 <= 0.98


def test_too_many_undefined_draws_leave_no_bounds() -> None:
    gold = np.array([1.0] + [0.0] * 9)
    found = bootstrap(lambda rows: auc(np.arange(10.0)[rows], gold[rows]), range(10))
    assert found.undefined > 50
    assert math.isnan(found.low)
    assert found.value == 0


@pytest.mark.parametrize(
    ("name", "items", "dimension", "labels", "ordinal"),
    [("summeval", 1600, "coherence", 4800, 0.5537), ("abredial", 408, "relevance", 1299, None)],
)
def test_a_shipped_set_has_the_size_and_alpha_its_page_says(
    name: str, items: int, dimension: str, labels: int, ordinal: float | None
) -> None:
    found = load_set(name)
    table = found.table(dimension)
    assert len(found.samples) == items
    assert int((~np.isnan(table.values)).sum()) == labels
    if ordinal is not None:
        assert alpha(table, "ordinal") == pytest.approx(ordinal, abs=5e-5)


@pytest.mark.parametrize("name", set_names())
def test_every_label_of_a_shipped_set_has_its_sample_and_licence(name: str) -> None:
    import recjudge.human_labels as room

    found = load_set(name)
    ids = {sample.id for sample in found.samples}
    assert len(ids) == len(found.samples)
    assert {label.id for label in found.labels} <= ids
    assert all(sample.text.strip() for sample in found.samples)
    assert "Licence:" in (Path(room.__file__).parent / "sets" / name / "README.md").read_text()


def test_an_unknown_set_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'sumeval'; known: abredial, .*summeval"):
        load_set("sumeval")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"id":"a","dimension":"d","annotator":"x","scale":"ordinal:1..5"}', "2: 'label' is missing"),
        ('{"id":"a","dimension":"d","annotator":"x","label":10,"scale":"ordinal:1..5"}', "2: 'label' is 10"),
        ('{"id":"a","dimension":"d","annotator":"x","label":2.5,"scale":"ordinal:1..5"}', "2: 'label' is 2.5"),
        ('{"id":"a","dimension":"d","annotator":"x","label":1,"scale":"stars"}', "2: 'scale' is 'stars'"),
        ('{"id":"b","dimension":"d","annotator":"x","label":1,"scale":"ordinal:1..5"}', "labelled before, on line 1"),
        ("{oops", "2: not valid JSON"),
        ("[1]", "2: must be an object"),
    ],
)
def test_a_bad_label_names_line_field_and_remedy(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"id":"b","dimension":"d","annotator":"x","label":1,"scale":"ordinal:1..5"}\n' + line)
    with pytest.raises(InputError) as error:
        read_labels(path)
    assert words in str(error.value)


def test_labels_of_models_stay_apart_from_those_of_people() -> None:
    found = load_set("summeval")
    assert found.table("relevance").raters == ("expert_e0", "expert_e1", "expert_e2")
    assert len(found.table("relevance", human=False).raters) == 10


def test_a_dimension_that_nobody_labelled_is_an_error() -> None:
    with pytest.raises(UsageError, match="no human label of dimension 'charm'"):
        load_set("cola_dev").table("charm")
