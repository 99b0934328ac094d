"""Agreement coefficients: textbook values, equality with references on random tables, draws, edges, label spaces."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.human_labels import METRICS, Table, alpha, figure_sums, interval, scale_of
from recjudge.human_labels.coefficients.moments import bland_altman
from recjudge.human_labels.coefficients.patterns import complete
from recjudge.human_labels.coefficients.raters import ac_error
from recjudge.human_labels.intervals import jackknife_error

import oracle_agreement as oracle

_ = math.nan
TEXTBOOK = [  # Krippendorff's example: four raters, twelve units, with gaps
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
TWO = [name for name, metric in METRICS.items() if metric.raters == "two"]
MANY = [name for name, metric in METRICS.items() if metric.raters == "any"]
close = pytest.approx


def columns(*given: list[float], scale: str | None = None) -> Table:
    """A table of these raters."""
    values = np.array(given, float).T
    ids = tuple(f"i{place}" for place in range(len(values)))
    return Table(ids, tuple("ABCDEFGH"[: len(given)]), values, scale_of(scale) if scale else None)


@st.composite
def tables(draw: st.DrawFn, raters: int | None = None, points: int | None = None, missing: bool = True) -> Table:
    """Random labels on ordinal:1..q, with missing cells."""
    width = raters or draw(st.integers(2, 5))
    q = points or draw(st.integers(2, 5))
    cell = st.integers(1, q).map(float)
    cell = st.one_of(cell, cell, cell, st.just(_)) if missing else cell
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=14))
    return columns(*map(list, zip(*rows, strict=True)), scale=f"ordinal:1..{q}")


def value(name: str, table: Table) -> float:
    """The coefficient on all items."""
    return METRICS[name].make(table).value


def same(found: float, wanted: float) -> bool:
    """Equal to 1e-9, or both undefined."""
    return found == close(wanted, rel=1e-9, abs=1e-9, nan_ok=True)


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


def test_differences_have_the_judges_sign_and_limits() -> None:
    judge, people = [3.0, 4, 4, 5, _], [2.0, 4, 3, 2, 1]
    table = columns(judge, people)
    apart = np.array([1.0, 0, 1, 3])
    assert value("bias", table) == close(1.25)
    assert value("mae", columns(people, judge)) == close(1.25)
    low, mean, high = (found.value for found in bland_altman(table))
    assert (low, mean, high) == close(
        (1.25 - 1.96 * apart.std(ddof=1), 1.25, 1.25 + 1.96 * apart.std(ddof=1)), abs=1e-4
    )


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
