"""Agreement coefficients: textbook values, equality with references on random tables, draws, intervals."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.human_labels import METRICS, Table, alpha, figure_sums, interval
from recjudge.human_labels.coefficients.raters import ac_error
from recjudge.human_labels.intervals import jackknife_error

import oracle_agreement as oracle
from rated import TEXTBOOK, _, close, columns, same, tables, value


@pytest.mark.parametrize(
    ("name", "wanted", "digits"),
    [
        ("alpha_nominal", 0.743421, 6),
        ("alpha_ordinal", 0.815388, 6),
        ("alpha_interval", 0.849107, 6),
        ("alpha_ratio", 0.797403, 6),
        ("ac1", 0.77544, 5),
        ("fleiss", 0.76117, 5),
        ("ac2_quadratic", 0.91400, 5),
        ("ac2_linear", 0.85874, 5),
    ],
)
def test_the_textbook_matrix_has_the_published_value(name: str, wanted: float, digits: int) -> None:
    assert round(value(name, columns(*TEXTBOOK, scale="ordinal:1..5")), digits) == wanted


def test_congers_published_value_is_that_of_the_matrix_whose_last_label_is_by_the_third_rater() -> None:
    # Krippendorff has the single label of unit 12 by rater B, irrCAC's copy by C; only Conger sees who said it
    moved = [list(column) for column in TEXTBOOK]
    moved[1][11], moved[2][11] = moved[2][11], moved[1][11]
    assert round(value("conger", columns(*moved)), 5) == 0.76282
    assert round(value("conger", columns(*TEXTBOOK)), 5) == 0.76207


def test_the_published_error_of_ac2_is_the_linearised_one() -> None:
    table = columns(*TEXTBOOK, scale="ordinal:1..5")
    assert round(ac_error(table, "quadratic"), 5) == 0.10396
    assert jackknife_error(METRICS["ac2_quadratic"].make(table)) == close(0.064772, abs=1e-6)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@settings(max_examples=60)
@given(table=tables())
def test_alpha_is_that_of_the_package_and_of_its_formula(level: str, table: Table) -> None:
    found = value(f"alpha_{level}", table)
    assert same(found, alpha(table, level))
    assert same(found, oracle.alpha(table.values.tolist(), level))


@settings(max_examples=60)
@given(table=tables())
def test_gwets_coefficients_and_their_error_are_those_of_the_formula(table: Table) -> None:
    rows = table.values.tolist()
    for name, weights in (("ac1", "identity"), ("ac2_linear", "linear"), ("ac2_quadratic", "quadratic")):
        if not any(len(oracle.said(row)) > 1 for row in rows):
            assert math.isnan(value(name, table))
            continue
        assert same(value(name, table), oracle.gwet(rows, table.codes, weights))
        if sum(map(bool, map(oracle.said, rows))) > 1:
            assert same(ac_error(table, weights), oracle.gwet_error(rows, table.codes, weights))


@settings(max_examples=60)
@given(table=tables())
def test_raw_agreement_fleiss_and_conger_are_those_of_the_formula(table: Table) -> None:
    rows = table.values.tolist()
    if any(len(oracle.said(row)) > 1 for row in rows):
        assert same(value("fleiss", table), oracle.fleiss(rows, table.codes))
        assert same(value("conger", table), oracle.conger(rows, table.codes))
        assert same(value("raw_agreement", table), oracle.observed(rows, lambda one, other: float(one == other)))


@settings(max_examples=60)
@given(table=tables())
def test_intraclass_correlations_are_those_of_the_mean_squares(table: Table) -> None:
    for name, mean in (("icc_2_1", False), ("icc_2_k", True)):
        assert same(value(name, table), oracle.icc(table.values.tolist(), mean=mean))
    assert METRICS["icc_2_1"].make(table).n == (~np.isnan(table.values)).all(axis=1).sum()


def _both(table: Table) -> tuple[np.ndarray, np.ndarray]:
    kept = (~np.isnan(table.values)).all(axis=1)
    return table.values[kept, 0], table.values[kept, 1]


@settings(max_examples=40)
@given(table=tables(raters=2))
def test_kappas_and_mcc_are_scikit_learns(table: Table) -> None:
    from sklearn.metrics import cohen_kappa_score, matthews_corrcoef

    one, other = _both(table)
    if len(one):
        for name, weights in (("kappa", None), ("kappa_linear", "linear"), ("kappa_quadratic", "quadratic")):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                wanted = cohen_kappa_score(one, other, labels=table.codes, weights=weights)
            assert same(value(name, table), wanted)
            assert same(value(name, table), oracle.kappa(table.values.tolist(), weights or "identity", table.codes))
    if len(np.unique(one)) > 1 and len(np.unique(other)) > 1:
        assert same(value("mcc", table), matthews_corrcoef(one, other))
    else:
        assert math.isnan(value("mcc", table))


@settings(max_examples=60)
@given(table=tables(raters=2))
def test_correlations_are_scipys_and_ccc_that_of_the_formula(table: Table) -> None:
    from scipy.stats import kendalltau, pearsonr, spearmanr

    one, other = _both(table)
    vary = len(np.unique(one)) > 1 and len(np.unique(other)) > 1
    for name, of in (("pearson", pearsonr), ("spearman", spearmanr), ("kendall", kendalltau)):
        assert same(value(name, table), of(one, other).statistic if vary else _)
    assert same(value("ccc", table), oracle.ccc(table.values.tolist()))


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=1, max_size=40))
def test_auc_is_scikit_learns(pairs: list[tuple[float, float]]) -> None:
    from sklearn.metrics import roc_auc_score

    scores, gold = map(list, zip(*pairs, strict=True))
    wanted = roc_auc_score(gold, scores) if len(set(gold)) > 1 else _
    assert same(value("auc", columns(scores, gold)), wanted)


@given(table=tables(raters=2, points=2, missing=False))
def test_indices_of_a_fourfold_table_are_byrts(table: Table) -> None:
    one, other = _both(table)
    n = len(one)
    a, d = ((one == 2) & (other == 2)).sum(), ((one == 1) & (other == 1)).sum()
    b, c = ((one == 2) & (other == 1)).sum(), ((one == 1) & (other == 2)).sum()
    assert same(value("bias_index", table), abs(b - c) / n)
    assert same(value("prevalence_index", table), abs(a - d) / n)
    assert same(value("pabak", table), 2 * (a + d) / n - 1)


def test_differences_have_the_judges_sign() -> None:
    judge, people = [3.0, 4, 4, 5, _], [2.0, 4, 3, 2, 1]
    table = columns(judge, people)
    assert value("bias", table) == close(1.25)
    assert value("mae", columns(people, judge)) == close(1.25)


@pytest.mark.parametrize("name", sorted(METRICS))
@settings(max_examples=25)
@given(table=tables(points=2), seed=st.integers(0, 5))
def test_a_draw_has_the_value_of_the_rows_drawn(name: str, table: Table, seed: int) -> None:
    if METRICS[name].raters == "two":
        table = table.columns([0, 1])
    if name == "auc":
        table = Table(table.ids, table.raters, table.values - 1)
    of = METRICS[name].make(table)
    plain = of.features if of.rows is None else of.features[of.rows]
    index = np.random.default_rng(seed).integers(0, of.items, (3, of.items))
    counts = np.stack([np.bincount(drawn, minlength=of.items) for drawn in index])
    found = of.finish(counts @ plain)
    assert found.shape == (3,)
    for drawn, place in zip(index, range(3), strict=True):
        assert same(float(found[place]), value(name, table.rows(drawn)))


@pytest.mark.parametrize("name", sorted(METRICS))
def test_many_items_of_few_patterns_keep_few_rows(name: str) -> None:
    values = np.random.default_rng(0).integers(0, 2, (20_000, 2)).astype(float)
    of = METRICS[name].make(columns(*values.T.tolist()))
    assert len(of.features) <= 5
    assert of.items == 20_000


def _clustered(make: Callable[[np.random.Generator], np.ndarray]) -> tuple[Table, list[int]]:
    random = np.random.default_rng(1)
    return columns(*make(random).T.tolist(), scale="ordinal:1..5"), (np.arange(300) // 5).tolist()


@pytest.mark.parametrize("name", sorted(set(METRICS) - {"auc", "bias_index", "prevalence_index"}))
def test_every_coefficient_has_a_cluster_interval_around_it(name: str) -> None:
    table, users = _clustered(
        lambda random: np.clip(random.integers(1, 6, (300, 1)) + random.integers(-1, 2, (300, 3)), 1, 5)
    )
    found = interval(figure_sums(table, name), users)
    assert found.low < found.value < found.high
    assert (found.clusters, found.n, found.undefined) == (60, 300, 0)
