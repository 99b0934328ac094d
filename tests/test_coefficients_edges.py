"""Coefficients at their edges: empty, constant, off the scale, one rater; what each says of itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recjudge.human_labels import METRICS, alpha, figure_sums, interval
from recjudge.human_labels.coefficients.patterns import complete

from rated import MANY, TEXTBOOK, TWO, _, close, columns, same, value

EDGES: dict[str, list[list[float]]] = {
    "empty": [[], []],
    "nothing said": [[_, _], [_, _]],
    "single item": [[1], [0]],
    "single item alike": [[1], [1]],
    "one item with two raters": [[1, _, 0], [1, 0, _]],
    "constant rater": [[1, 1, 1, 1], [1, 0, 1, 0]],
    "all constant": [[1, 1, 1], [1, 1, 1]],
    "constant apart": [[1, 1, 1], [0, 0, 0]],
    "no shared item": [[1, 0, _, _], [_, _, 1, 0]],
}


@pytest.mark.parametrize("edge", sorted(EDGES))
@pytest.mark.parametrize("name", sorted(METRICS))
def test_an_edge_has_a_value_or_nan_and_no_warning(name: str, edge: str) -> None:
    nothing = edge in ("empty", "nothing said") or (edge == "no shared item" and METRICS[name].raters == "two")
    for scale in (None, "binary:0|1", "ordinal:0..4"):
        of = figure_sums(columns(*EDGES[edge], scale=scale), name)
        assert interval(of, draws=50).n == of.n <= len(EDGES[edge][0])
        assert math.isnan(of.value) if nothing else math.isnan(of.value) or abs(of.value) <= 3
        assert of.n == 0 or not nothing


@pytest.mark.parametrize("name", MANY)
def test_one_rater_alone_has_no_agreement(name: str) -> None:
    assert math.isnan(figure_sums(columns([1.0, 2, 3, 1]), name).value)


GOLDEN: list[tuple[str, str, float]] = [
    ("kappa", "constant rater", 0.0),
    ("kappa", "all constant", _),
    ("mcc", "constant rater", _),
    ("fleiss", "all constant", _),
    ("conger", "all constant", _),
    ("alpha_nominal", "all constant", _),
    ("ac1", "all constant", 1.0),
    ("pabak", "all constant", 1.0),
    ("pabak", "constant rater", 0.0),
    ("raw_agreement", "constant rater", 0.5),
    ("ccc", "constant apart", 0.0),
    ("spearman", "constant rater", _),
    ("prevalence_index", "all constant", 1.0),
]


@pytest.mark.parametrize(("name", "edge", "wanted"), GOLDEN)
def test_a_constant_rater_gives_the_defined_value_never_a_silent_one(name: str, edge: str, wanted: float) -> None:
    assert same(value(name, columns(*EDGES[edge], scale="binary:0|1")), wanted)


@pytest.mark.parametrize("name", sorted(set(METRICS) - {"pearson", "spearman", "kendall", "auc"}))
def test_labels_off_the_scale_are_refused(name: str) -> None:
    # LLMBar's slip: the judge's winners as 0 and 1 beside a gold standard of 1 and 2
    table = columns([0, 1, 1, 0], [1, 2, 2, 1], scale="ordinal:1..2")
    with pytest.raises(ValueError, match=r"2 values are off the scale ordinal:1..2: 0 by A on i0"):
        METRICS[name].make(table)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_of_the_package_refuses_them_too(level: str) -> None:
    with pytest.raises(ValueError, match="off the scale"):
        alpha(columns([0, 1], [1, 2], scale="ordinal:1..2"), level)


def test_a_judge_on_other_codes_has_the_kappa_of_chance_unless_the_scale_is_named() -> None:
    judge, gold = [0, 1, 1, 0, 1, 0], [1, 2, 2, 1, 2, 1]
    assert value("kappa", columns([said + 1 for said in judge], gold, scale="ordinal:1..2")) == 1
    assert value("kappa", columns(judge, gold)) < 0.2


def test_a_measurement_is_no_category() -> None:
    with pytest.raises(ValueError, match="no categories"):
        METRICS["kappa"].make(columns(list(range(600)), list(range(600))))


def test_a_coefficient_of_two_refuses_three_columns() -> None:
    with pytest.raises(ValueError, match="of two raters, not 3"):
        METRICS["kappa"].make(columns([1, 2], [1, 2], [1, 2]))


def test_auc_refuses_a_graded_gold_standard() -> None:
    with pytest.raises(ValueError, match="0 and 1"):
        METRICS["auc"].make(columns([0.1, 0.2], [1, 2]))


@pytest.mark.parametrize("name", sorted(set(TWO) - {"auc", "bias_index", "prevalence_index"}))
def test_a_coefficient_of_two_over_four_raters_is_the_mean_over_pairs(name: str) -> None:
    table = columns(*TEXTBOOK, scale="ordinal:1..5")
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    each = [value(name, table.columns(pair)) for pair in pairs]
    assert figure_sums(table, name).value == close(np.nanmean(each))
    assert figure_sums(table, name).n == 11


def test_pairs_that_share_fewer_than_two_items_do_not_enter() -> None:
    table = columns([1, 2, 1, 2, 1], [1, 2, 2, 2, 1], [_, _, _, _, 2])
    assert figure_sums(table, "kappa").value == close(value("kappa", table.columns([0, 1])))


def test_categories_nobody_used_count_where_the_definition_counts_them() -> None:
    one, other = [1, 2, 1, 2, 2, 1], [1, 2, 1, 2, 1, 1]
    narrow, wide = columns(one, other, scale="ordinal:1..2"), columns(one, other, scale="ordinal:1..5")
    for name in ("pabak", "ac1", "ac2_linear", "ac2_quadratic"):
        assert value(name, narrow) != close(value(name, wide))
    for name in ("kappa", "kappa_quadratic", "fleiss", "conger", "alpha_nominal", "alpha_ordinal", "mcc"):
        assert value(name, narrow) == close(value(name, wide))


def test_complete_takes_out_items_with_one_word() -> None:
    found = complete(columns([1, 2, _], [1, _, 2], scale="ordinal:1..2"))
    assert METRICS["ac1"].make(found).n == 1
    assert len(found.ids) == 3


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_perfect_judge_is_at_one_or_no_distance(name: str) -> None:
    gold = [0.0, 1, 1, 0, 1, 0, 0, 1]
    wanted = 0 if name in ("bias_index", "prevalence_index", "mae", "bias") else 1
    assert value(name, columns(gold, gold, scale="binary:0|1")) == close(wanted)


def test_every_coefficient_says_what_it_is_blind_to_and_for_which_scales() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.kinds <= {"nominal", "binary", "ordinal", "interval", "ratio"}
        assert metric.meaning.endswith(".")
        assert len(metric.meaning) > 60
