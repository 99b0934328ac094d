"""Coefficients of many distinct values and many items: the first-order way, and what a million labels cost."""

from __future__ import annotations

import math
import sys
import time

import numpy as np
import pytest
from recjudge.human_labels import METRICS, Sums, Table, alpha, figure_sums, interval
from recjudge.human_labels.coefficients import ranks
from recjudge.human_labels.coefficients.alpha import alpha_sums
from recjudge.human_labels.coefficients.dominance import concordance
from recjudge.human_labels.coefficients.patterns import same_rows

ALPHA = sys.modules["recjudge.human_labels.coefficients.alpha"]
ORDERS = ("spearman", "kendall", "auc")


def table(*columns: np.ndarray) -> Table:
    """Columns as raters."""
    values = np.column_stack(columns).astype(float)
    return Table(tuple(map(str, range(len(values)))), tuple("ABCDE"[: len(columns)]), values)


def pair(name: str, items: int, seed: int = 0) -> Table:
    """A score and people's word, with ties and gaps."""
    random = np.random.default_rng(seed)
    truth = random.normal(size=items)
    score = np.round(truth + random.normal(size=items), 3)
    score[:5] = math.nan
    people = (truth > 0.3) if name == "auc" else np.round(truth + 0.5 * random.normal(size=items), 1)
    return table(score, people)


def reference(name: str, of: Table) -> float:
    """scipy's or scikit-learn's value."""
    from scipy.stats import kendalltau, spearmanr
    from sklearn.metrics import roc_auc_score

    one, other = of.values[~np.isnan(of.values).any(axis=1)].T
    if name == "auc":
        return float(roc_auc_score(other, one))
    return float({"spearman": spearmanr, "kendall": kendalltau}[name](one, other).statistic)


@pytest.mark.parametrize("name", ORDERS)
def test_the_value_on_all_items_is_exact_beyond_the_grid(name: str) -> None:
    found = pair(name, 3_000)
    of = METRICS[name].make(found)
    assert of.features.shape[1] < 10
    assert of.value == pytest.approx(reference(name, found), abs=1e-9)
    assert of.n == 2_995


@pytest.mark.parametrize("name", ORDERS)
def test_first_order_draws_spread_like_ranks_taken_anew(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = pair(name, 400, seed=3)
    anew = interval(METRICS[name].make(found), method="percentile", draws=4_000)
    monkeypatch.setattr(ranks, "GRID", 10)
    held = interval(METRICS[name].make(found), method="percentile", draws=4_000)
    assert held.value == pytest.approx(anew.value, abs=1e-12)
    assert held.high - held.low == pytest.approx(anew.high - anew.low, rel=0.06)
    assert (held.low, held.high) == pytest.approx((anew.low, anew.high), abs=0.015)


@pytest.mark.parametrize(("items", "width"), [(1, 1), (2, 2), (7, 3), (64, 64), (100, 9), (257, 300)])
def test_concordance_is_the_count_over_pairs(items: int, width: int) -> None:
    random = np.random.default_rng(items)
    one, other = random.integers(0, width, items), random.integers(0, width, items)
    signs = np.sign(np.subtract.outer(one, one)) * np.sign(np.subtract.outer(other, other))
    assert (concordance(one, other) == signs.sum(axis=1)).all()


@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio"])
def test_alpha_of_measurements_is_the_packages(level: str) -> None:
    random = np.random.default_rng(5)
    truth = random.gamma(4, 1, 90)
    raters = [np.round(truth * random.uniform(0.7, 1.3, 90), 4) for _ in range(3)]
    raters[1][:9] = math.nan
    found = table(*raters)
    assert alpha_sums(found, level).value == pytest.approx(alpha(found, level), abs=1e-9)
    assert interval(alpha_sums(found, level)).low > 0.5


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_where_the_package_would_fill_the_memory_is_its_equal(
    level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _labels(60, 3)
    by_package = alpha(found, level)
    monkeypatch.setattr(ALPHA, "_MOST_CELLS", 0)
    assert alpha(found, level) == pytest.approx(by_package, abs=1e-9)


def test_first_order_ratio_alpha_spreads_like_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(6)
    truth = random.gamma(3, 1, 250)
    found = table(*(np.ceil(9 * truth * random.uniform(0.6, 1.4, 250)) for _ in range(2)))
    anew = interval(alpha_sums(found, "ratio"), method="percentile", draws=2_000)
    monkeypatch.setattr(ALPHA, "MOST_CODES", 5)
    held = interval(alpha_sums(found, "ratio"), method="percentile", draws=2_000)
    assert held.value == pytest.approx(anew.value, abs=1e-9)
    assert held.high - held.low == pytest.approx(anew.high - anew.low, rel=0.1)


def test_negative_values_have_no_ratio_alpha() -> None:
    found = table(np.array([-1.0, 2, 3]), np.array([1.0, 2, 3]))
    assert math.isnan(alpha(found, "ratio"))
    assert math.isnan(alpha_sums(found, "ratio").value)


def test_more_than_three_hundred_pairs_of_raters_have_no_mean() -> None:
    values = np.random.default_rng(0).integers(1, 3, (4, 26)).astype(float)
    crowd = Table(tuple("abcd"), tuple(map(str, range(26))), values)
    assert math.isnan(figure_sums(crowd, "kappa").value)
    assert not math.isnan(figure_sums(crowd, "alpha_nominal").value)


def test_rows_of_hundreds_of_raters_and_thousands_of_values_are_told_apart() -> None:
    values = np.random.default_rng(0).normal(size=(40, 300))
    values[30:] = values[:10]
    first, rows = same_rows(values)
    assert len(first) == 30
    assert np.array_equal(values[first][rows], values)


def _labels(items: int, raters: int) -> Table:
    random = np.random.default_rng(0)
    truth = random.integers(1, 6, items)
    return table(*(np.clip(truth + random.integers(-1, 2, items), 1, 5) for _ in range(raters)))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(METRICS) - {"auc", "bias_index", "prevalence_index"}))
def test_a_thousand_cluster_draws_of_ten_thousand_items_take_a_moment(name: str) -> None:
    found, users = _labels(10_000, 5), np.arange(10_000) // 5
    started = time.process_time()
    of: Sums = figure_sums(found, name)
    interval(of, users, draws=1_000)
    assert time.process_time() - started < 1


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(name for name, metric in METRICS.items() if metric.raters == "any"))
def test_a_million_labels_are_one_pass(name: str) -> None:
    found = _labels(200_000, 5)
    started = time.process_time()
    of = figure_sums(found, name)
    assert -1 <= of.value <= 1
    assert len(of.features) < 4_000
    assert time.process_time() - started < 1


def test_statistics_that_are_combined_keep_one_row_for_items_that_are_alike() -> None:
    from recjudge.human_labels.validity.ceilings import attainable, drawn, leave_one_out

    random = np.random.default_rng(0)
    truth = random.integers(1, 6, 20_000)
    found = table(*(np.clip(truth + random.integers(-1, 2, 20_000), 1, 5) for _ in range(3)))
    for of in (leave_one_out(found), drawn(found), attainable(found, "spearman")):
        assert of.rows is not None
        assert of.features.shape[0] < 200
        assert of.n == 20_000
        assert interval(of).method == "bca"


def test_combined_statistics_are_the_same_listed_or_counted() -> None:
    from recjudge.human_labels import combine, mean_of

    random = np.random.default_rng(1)
    values = random.integers(0, 3, (5_000, 2)).astype(float)
    values[:7, 0] = math.nan
    listed = [mean_of(column) for column in values.T]
    first, rows = np.unique(np.nan_to_num(values, nan=9.0), return_inverse=True)
    counted = []
    for part, row in zip(listed, rows.reshape(values.shape).T, strict=True):
        kinds = np.stack(
            [part.features[np.flatnonzero(row == k)[0]] if (row == k).any() else np.zeros(2) for k in range(len(first))]
        )
        counted.append(Sums(kinds, part.finish, row, part.used))
    ours, plain = combine(np.subtract, *counted), combine(np.subtract, *listed)
    assert ours.rows is not None
    assert ours.value == pytest.approx(plain.value, abs=1e-12)
    assert ours.n == plain.n
    groups = np.arange(5_000) // 10
    assert interval(ours, groups.tolist()).low == pytest.approx(interval(plain, groups.tolist()).low, abs=0.003)
