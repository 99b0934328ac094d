"""Intervals: against scipy, against formulas by hand, at the edges, and the same for the same seed."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest
from recjudge.human_labels import Sums, bootstrap, interval, mean_of, wilson
from recjudge.human_labels.intervals import combine, jackknife_error
from recjudge.human_labels.validity.closeness import close
from scipy.stats import bootstrap as scipy_bootstrap
from scipy.stats import t

RANDOM = np.random.default_rng(5)
SKEWED = RANDOM.exponential(size=400)
USERS = np.repeat(np.arange(40), 10)
CLUSTERED = RANDOM.normal(size=40)[USERS] + RANDOM.normal(size=400)


def test_bca_of_a_mean_is_that_of_scipy() -> None:
    ours = interval(mean_of(SKEWED), draws=20_000)
    theirs = scipy_bootstrap((SKEWED,), np.mean, n_resamples=20_000, rng=1).confidence_interval
    width = theirs.high - theirs.low
    assert ours.method == "bca"
    assert ours.low == pytest.approx(theirs.low, abs=0.02 * width)
    assert ours.high == pytest.approx(theirs.high, abs=0.02 * width)
    assert ours.high - ours.value > ours.value - ours.low  # skewed to the right


def test_below_thirty_clusters_it_is_students_t_on_the_cluster_means() -> None:
    values, groups = CLUSTERED[:120], USERS[:120]
    means = values.reshape(12, 10).mean(axis=1)
    reach = t.ppf(0.975, 11) * means.std(ddof=1) / math.sqrt(12)
    found = interval(mean_of(values), groups)
    assert (found.method, found.clusters, found.n) == ("t", 12, 120)
    assert (found.low, found.high) == pytest.approx((means.mean() - reach, means.mean() + reach))


def test_students_t_keeps_within_the_limits_of_what_it_is_of() -> None:
    close = np.clip(0.97 + 0.02 * CLUSTERED[:120], None, 1.0)
    plain, kept = (interval(mean_of(close), USERS[:120], limits=limits) for limits in ((None, None), (-1.0, 1.0)))
    reach = (plain.high - plain.low) / 2
    fisher = np.tanh(np.arctanh(plain.value) + np.array([-1, 1]) * reach / (1 - plain.value**2))
    assert (kept.low, kept.high) == pytest.approx(tuple(fisher))
    above = interval(mean_of(close), USERS[:120], limits=(None, 1.0))
    assert above.low < plain.low < plain.value < above.high < 1
    below = interval(mean_of(1 - close), USERS[:120], limits=(0.0, None))
    assert (below.low, below.high) == pytest.approx((1 - above.high, 1 - above.low))


def test_the_jackknife_error_is_millers_cluster_robust_one_but_for_small_samples() -> None:
    sums = np.bincount(USERS, weights=CLUSTERED - CLUSTERED.mean())
    robust = math.sqrt((sums**2).sum()) / 400  # the cluster-robust error written out
    # equal clusters: the jackknife's error is Miller's times sqrt(G / (G - 1))
    assert jackknife_error(mean_of(CLUSTERED), USERS) == pytest.approx(robust * math.sqrt(40 / 39))


def test_rows_said_four_times_add_no_certainty() -> None:
    once = interval(mean_of(SKEWED), draws=4000)
    again = interval(mean_of(np.repeat(SKEWED, 4)), np.repeat(np.arange(400), 4), draws=4000)
    assert again.design_effect == pytest.approx(4, rel=0.01)
    assert (again.low, again.high) == pytest.approx((once.low, once.high), rel=0.01)


def test_a_share_has_wilsons_interval_at_its_ends_and_between() -> None:
    for count in (0, 3, 17, 20):
        found = interval(mean_of(np.arange(20.0) < count, share=True))
        assert found.method == "wilson"
        assert (found.low, found.high) == pytest.approx(wilson(count, 20))


def test_a_share_over_clusters_counts_each_text_once_when_its_rows_agree() -> None:
    right = np.repeat(np.arange(40) < 30, 5).astype(float)
    found = interval(mean_of(right, share=True), np.repeat(np.arange(40), 5))
    assert found.design_effect == pytest.approx(5, rel=0.05)
    assert (found.low, found.high) == pytest.approx(wilson(30, 40, float(t.ppf(0.975, 39))), abs=1e-6)


def test_a_share_of_one_over_clusters_is_as_wide_as_its_clusters_are_few() -> None:
    found = interval(mean_of(np.ones(50), share=True), np.repeat(np.arange(5), 10))
    assert (found.value, found.high) == (1, 1)
    assert found.low < wilson(5, 5)[0] < wilson(50, 50)[0]


def test_the_level_is_kept_by_every_method() -> None:
    for values, share in ((SKEWED, False), (SKEWED[:20], False), ((SKEWED > 1).astype(float), True)):
        narrow, wide = (interval(mean_of(values, share=share), level=level) for level in (0.8, 0.99))
        assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_the_same_seed_gives_the_same_interval() -> None:
    first, again, other = (interval(mean_of(SKEWED), seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_patterns_give_what_the_rows_written_out_give() -> None:
    kinds, rows = np.array([[1.0, 1], [2, 1], [7, 1]]), RANDOM.integers(0, 3, 300)
    patterns = Sums(kinds, lambda sums: sums[..., 0] / sums[..., 1], rows=rows)
    written = mean_of(kinds[rows, 0])
    for clusters in (None, RANDOM.integers(0, 60, 300)):
        assert interval(patterns, clusters) == interval(written, clusters)


def test_clusters_of_one_item_are_no_clusters() -> None:
    names = [f"item {place}" for place in range(400)]
    assert interval(mean_of(SKEWED), names) == interval(mean_of(SKEWED))


def test_items_that_do_not_enter_change_nothing() -> None:
    with_gaps = np.concatenate([SKEWED[:200], np.full(50, np.nan), SKEWED[200:]])
    found = interval(mean_of(with_gaps))
    assert (found.n, found.value) == (400, pytest.approx(SKEWED.mean()))


def test_too_many_undefined_draws_leave_no_bounds() -> None:
    rare = np.zeros((10, 2))
    rare[:2] = 1.0
    sums = Sums(rare, lambda sums: np.where(sums[..., 1] > 0, sums[..., 0], np.nan))
    found = interval(sums, method="percentile")
    assert found.undefined > 50
    assert math.isnan(found.low)
    assert found.value == 2


def test_one_cluster_has_no_bounds() -> None:
    for share in (False, True):
        found = interval(mean_of((SKEWED > 1).astype(float), share=share), ["all"] * 400)
        assert (found.clusters, found.method) == (1, "none")
        assert math.isnan(found.low)
        assert math.isnan(found.high)


def test_what_never_varies_has_no_bounds() -> None:
    found = interval(mean_of(np.full(50, 3.0)))
    assert (found.value, found.method) == (3, "none")
    assert math.isnan(found.high)


def test_nothing_has_no_value() -> None:
    found = interval(mean_of(np.full(4, np.nan)))
    assert math.isnan(found.value)
    assert (found.n, found.method) == (0, "none")


def test_combined_statistics_are_drawn_together() -> None:
    noise = 0.01 * RANDOM.normal(size=400)
    apart = combine(operator.sub, mean_of(SKEWED + noise), mean_of(SKEWED))
    found, alone = interval(apart), interval(mean_of(noise))
    assert apart.value == pytest.approx(noise.mean())
    assert jackknife_error(apart) == pytest.approx(jackknife_error(mean_of(noise)))
    assert found.high - found.low == pytest.approx(alone.high - alone.low, rel=0.15)


def test_statistics_of_other_items_cannot_be_combined() -> None:
    with pytest.raises(ValueError, match="same items"):
        combine(operator.sub, mean_of(SKEWED), mean_of(SKEWED[1:]))


def test_there_must_be_one_cluster_an_item() -> None:
    with pytest.raises(ValueError, match="3 clusters for 400 items"):
        interval(mean_of(SKEWED), [1, 2, 3])


def test_sparse_sums_give_the_interval_of_full_ones() -> None:
    one, other = RANDOM.normal(size=80), RANDOM.normal(size=80)
    sparse = close(one, other, "spearman")
    full = Sums(sparse.features.toarray(), sparse.finish)
    made, wanted = interval(sparse, USERS[:80]), interval(full, USERS[:80])
    assert (made.value, made.low, made.high) == pytest.approx((wanted.value, wanted.low, wanted.high))
    assert jackknife_error(sparse) == pytest.approx(jackknife_error(full))
    made, wanted = interval(sparse, draws=4000), interval(full, draws=4000)  # in another order: other draws
    assert (made.low, made.high) == pytest.approx((wanted.low, wanted.high), abs=0.02)


def test_a_jackknife_over_groups_of_clusters_has_about_the_error_of_the_full_one() -> None:
    one = RANDOM.normal(size=9000)
    other = one + RANDOM.normal(size=9000)  # 9,000 x 9,000 numbers: too many for single clusters
    rho = close(one, other, "spearman")
    linear = close(one, other, "pearson")
    assert jackknife_error(rho) == pytest.approx(jackknife_error(linear), rel=0.25)


def test_the_loop_draws_whole_clusters_too() -> None:
    by_sums = interval(mean_of(CLUSTERED), USERS, method="percentile", draws=4000)
    by_loop = bootstrap(lambda rows: float(CLUSTERED[rows].mean()), USERS.tolist(), draws=4000)
    assert (by_loop.clusters, by_loop.value) == (40, pytest.approx(by_sums.value))
    assert by_loop.high - by_loop.low == pytest.approx(by_sums.high - by_sums.low, rel=0.06)


def test_the_loop_gives_no_bounds_where_draws_are_undefined() -> None:
    found = bootstrap(lambda rows: math.nan if 0 not in rows else 1.0, range(10))
    assert found.undefined > 50
    assert math.isnan(found.low)
