"""The alternative annotator test: against a literal, slow version; clusters, few items, one expert, a silent judge."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from recjudge.errors import UsageError
from recjudge.human_labels import Table, scale_of
from recjudge.human_labels.numerals import short
from recjudge.human_labels.validity.alt_test import EPSILONS, alt_test, single_expert
from recjudge.human_labels.validity.differences import cluster_t, false_discoveries, p_value, signed_ranks
from recjudge.human_labels.validity.strata import by_length, distribution_distance, few, numeric_parts, unanimity
from scipy.stats import ttest_1samp, wilcoxon

_ = math.nan


def _table(values: np.ndarray, scale: str = "ordinal:1..5") -> Table:
    names = tuple(f"rater {place}" for place in range(values.shape[1]))
    return Table(tuple(map(str, range(len(values)))), names, values.astype(float), scale_of(scale))


def _world(
    seed: int, items: int = 120, raters: int = 4, right: float = 0.75, judge: float = 0.9
) -> tuple[Table, object]:
    """People who are right with one probability and a judge with another, on four labels."""
    random = np.random.default_rng(seed)
    truth = random.integers(1, 6, items)

    def heard(size: tuple[int, ...], share: float) -> np.ndarray:
        said = np.broadcast_to(truth if len(size) == 1 else truth[:, None], size)
        return np.where(random.random(size) < share, said, random.integers(1, 6, size)).astype(float)

    return _table(heard((items, raters), right)), heard((items,), judge)


def _literal(
    values: np.ndarray, judge: np.ndarray, epsilon: float, similarity: str
) -> tuple[float, float, list[float]]:
    """Omega, rho and p-values as the paper words them, one item after another."""
    ps, rhos = [], []
    for j in range(values.shape[1]):
        d, wins = [], []
        for i in range(len(values)):
            others = [values[i, k] for k in range(values.shape[1]) if k != j and not math.isnan(values[i, k])]
            if math.isnan(values[i, j]) or math.isnan(judge[i]) or not others:
                continue
            if similarity == "match":
                f, h = (sum(said == other for other in others) / len(others) for said in (judge[i], values[i, j]))
            else:
                f, h = (
                    -math.sqrt(sum((said - other) ** 2 for other in others) / len(others))
                    for said in (judge[i], values[i, j])
                )
            wins.append(f >= h)
            d.append(int(h >= f) - int(f >= h))
        ps.append(float(ttest_1samp(d, epsilon, alternative="less").pvalue))
        rhos.append(float(np.mean(wins)))
    count = len(ps)
    harmonic = sum(1 / k for k in range(1, count + 1))
    rejected = 0
    for rank, p in enumerate(sorted(ps), start=1):
        if p <= rank * 0.05 / (count * harmonic):
            rejected = rank
    return rejected / count, float(np.mean(rhos)), ps


@pytest.mark.parametrize("similarity", ["match", "rmse"])
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("judge", [0.5, 0.7, 0.95])
def test_it_is_the_papers_test_item_by_item(similarity: str, missing: float, judge: float) -> None:
    table, said = _world(int(100 * judge), judge=judge)
    random = np.random.default_rng(4)
    table.values[random.random(table.values.shape) < missing] = _
    said[random.random(len(said)) < missing / 3] = _
    omega, rho, ps = _literal(table.values, said, 0.1, similarity)
    found = alt_test(table, said, epsilon=0.1, similarity=similarity)
    assert found.winning_rate == omega
    assert found.advantage.value == pytest.approx(rho)
    assert [row.p for row in found.against] == pytest.approx(ps)
    assert {row.test for row in found.against} == {"t"}
    assert found.passed == (omega >= 0.5)


def test_a_good_judge_passes_and_a_poor_one_does_not() -> None:
    assert alt_test(*_world(1, judge=0.95)).passed is True
    assert alt_test(*_world(1, judge=0.3)).passed is False


def test_rho_has_an_interval_that_clusters_widen() -> None:
    table, said = _world(2, items=200)
    doubled = _table(np.repeat(table.values, 3, axis=0)), np.repeat(said, 3)
    alone, clustered = alt_test(*doubled), alt_test(*doubled, clusters=np.repeat(np.arange(200), 3).tolist())
    assert clustered.advantage.design_effect == pytest.approx(3, rel=0.02)
    assert alone.advantage.low < alone.advantage.value < alone.advantage.high
    width = clustered.advantage.high - clustered.advantage.low
    assert width > 1.5 * (alone.advantage.high - alone.advantage.low)


def test_copies_within_a_text_do_not_lower_p() -> None:
    table, said = _world(3, items=60, judge=0.75)
    once = alt_test(table, said)
    copied = _table(np.repeat(table.values, 5, axis=0)), np.repeat(said, 5)
    again = alt_test(*copied, clusters=np.repeat(np.arange(60), 5).tolist())
    assert {row.test for row in again.against} == {"cluster t"}
    assert [row.p for row in again.against] == pytest.approx([row.p for row in once.against])
    assert all(naive.p <= row.p for naive, row in zip(alt_test(*copied).against, once.against, strict=True))


def test_clusters_of_one_item_leave_the_t_test() -> None:
    table, said = _world(4)
    assert alt_test(table, said, clusters=table.ids).against == alt_test(table, said).against


def test_below_thirty_items_it_is_wilcoxons_and_nothing_is_passed() -> None:
    found = alt_test(*_world(5, items=25, judge=0.95))
    assert {row.test for row in found.against} == {"wilcoxon"}
    assert found.passed is None
    assert "no annotator has 30 items to compare; 50 to 100 are advised" in found.note


def test_an_annotator_of_few_items_is_named_and_not_tested() -> None:
    table, said = _world(6)
    table.values[9:, 3] = _
    found = alt_test(table, said)
    assert (found.against[3].n, found.against[3].test, found.against[3].rejected) == (9, "", False)
    assert math.isnan(found.against[3].p)
    assert "rater 3 below 10 items: not tested" in found.note
    assert found.passed is not None


def test_two_annotators_are_too_few() -> None:
    found = alt_test(*_world(7, raters=2))
    assert found.passed is None
    assert "2 annotators with labels to compare; the test needs 3" in found.note


def test_a_silent_judge_is_counted_with_what_losing_would_give() -> None:
    table, said = _world(8, judge=0.95)
    said[:40] = _
    found = alt_test(table, said)
    assert "no word on 40 of 120 items" in found.note
    assert found.advantage.n == 80
    lost = found.advantage.value * 80 / 120
    assert f"rho were {short(lost)}" in found.note


def test_items_with_one_label_are_counted() -> None:
    table, said = _world(9)
    table.values[:5, 1:] = _
    assert "5 items with a single label cannot be compared" in alt_test(table, said).note


def test_numbers_off_the_scale_cannot_match() -> None:
    table, said = _world(10)
    with pytest.raises(UsageError, match="similarity 'rmse'"):
        alt_test(table, said + 0.5)
    assert alt_test(table, said + 0.5, similarity="rmse").against


def test_one_expert_is_asked_whom_she_is_closer_to() -> None:
    random = np.random.default_rng(11)
    expert = random.integers(1, 6, 80).astype(float)
    crowd = np.where(random.random((80, 2)) < 0.5, expert[:, None], random.integers(1, 6, (80, 2))).astype(float)
    judge = np.where(random.random(80) < 0.8, expert, 1.0)
    found = single_expert(_table(expert[:, None]), judge, _table(crowd))
    for column, row in enumerate(found.against):
        f, h = judge == expert, crowd[:, column] == expert
        assert row.judge == pytest.approx(np.mean(f >= h))
        d = (h >= f).astype(int) - (f >= h).astype(int)
        assert row.p == pytest.approx(ttest_1samp(d, EPSILONS["crowd"], alternative="less").pvalue)
    assert found.passed is True
    with pytest.raises(UsageError, match="one expert"):
        single_expert(_table(crowd), judge, _table(crowd))


def test_the_cluster_test_of_clusters_of_one_is_students() -> None:
    values = np.random.default_rng(12).normal(size=40)
    assert cluster_t(values, 0.2, np.arange(40)) == pytest.approx(ttest_1samp(values, 0.2, alternative="less").pvalue)
    assert cluster_t(np.zeros(40), 0.2, np.arange(40)) == 0
    assert cluster_t(np.ones(40), 0.2, np.arange(40)) == 1


def test_signed_ranks_are_exact_with_and_without_ties() -> None:
    values = np.random.default_rng(13).normal(size=14)
    assert signed_ranks(values) == pytest.approx(wilcoxon(values, alternative="less", method="exact").pvalue)
    tied = np.array([-1.2, -0.2, -0.2, 0.8, -0.2, -1.2, -0.2, 0.8])
    ranks = np.array([7.5, 2.5, 2.5, 5.5, 2.5, 7.5, 2.5, 5.5])
    sums = [np.dot(signs, ranks) for signs in itertools.product((0, 1), repeat=8)]
    assert signed_ranks(tied) == pytest.approx(np.mean(np.array(sums) <= 11))
    assert p_value(tied, 0.0, None, least=5) == (signed_ranks(tied), "wilcoxon")


def test_false_discoveries_are_benjamini_and_yekutielis() -> None:
    # m = 4, 1 + 1/2 + 1/3 + 1/4 = 2.0833: the bounds are .006, .012, .018, .024
    assert false_discoveries([0.5, 0.011, 0.0115, 0.001], 0.05) == [False, True, True, True]
    assert false_discoveries([0.5, 0.02, 0.013, 0.007], 0.05) == [False, False, False, False]
    assert false_discoveries([], 0.05) == []


@pytest.mark.slow
def test_sub_items_of_one_text_reject_too_often_unless_texts_are_the_clusters() -> None:
    """H0 at its border: d has mean epsilon, and the items of a text share most of it."""
    random = np.random.default_rng(14)
    groups, worlds = np.repeat(np.arange(40), 8), 2000
    naive = clustered = 0
    for _world_number in range(worlds):
        shared = random.random((40, 8)) < 0.7  # takes the word of its text
        text, own = (random.choice([-1.0, 0, 1], size, p=[0.2, 0.4, 0.4]) for size in ((40, 1), (40, 8)))
        d = np.where(shared, text, own).ravel()  # mean .2
        naive += cluster_t(d, 0.2, np.arange(320)) < 0.05
        clustered += cluster_t(d, 0.2, groups) < 0.05
    assert naive / worlds > 0.15
    assert 0.03 <= clustered / worlds <= 0.07  # Monte-Carlo error .005


def test_items_are_unanimous_split_or_of_one_rater() -> None:
    table = _table(np.array([[1, 1, _], [1, 2, 1], [3, _, _], [_, _, _]]))
    assert unanimity(table) == ("unanimous", "split", "one rater", "")


def test_lengths_come_in_thirds_with_their_bounds() -> None:
    found = by_length([*("x" * size for size in range(1, 10)), ""])
    assert found == ("1/3: 1-3 characters",) * 3 + ("2/3: 4-6 characters",) * 3 + ("3/3: 7-9 characters",) * 3 + ("",)


def test_numbers_that_are_equal_are_never_parted() -> None:
    assert numeric_parts(["7", "7", "7", "7", "1200000", ""]) == ("1/2: 7",) * 4 + ("2/2: 1,200,000", "")
    with pytest.raises(ValueError):
        numeric_parts(["many"])


def test_small_parts_are_named() -> None:
    assert few(["a"] * 30 + ["b"] * 29 + [""] * 3) == ("b",)


def test_distributions_of_labels_are_alike_or_disjoint() -> None:
    table = _table(np.repeat([[1.0, 1], [4, 4]], 50, axis=0))
    assert distribution_distance(table, table.values[:, 0]).value == pytest.approx(0)
    assert distribution_distance(table, 5.0 - table.values[:, 0]).value == pytest.approx(1)
    half = np.where(np.arange(100) < 50, 1.0, 3.0)
    assert distribution_distance(table, half).value == pytest.approx(0.5)
    assert distribution_distance(table, half, np.arange(100) < 50).value == pytest.approx(0)


def test_a_judge_off_the_scale_has_no_distribution_on_it() -> None:
    with pytest.raises(UsageError, match=r"1 of the judge's words, 2.5 the first"):
        distribution_distance(_table(np.ones((2, 2))), np.array([1.0, 2.5]))


def test_nothing_to_compare_is_no_outcome() -> None:
    for values, said in ((np.ones((40, 1)), np.ones(40)), (np.full((40, 3), _), np.ones(40)), (np.ones((40, 3)), _)):
        for similarity in ("match", "rmse"):
            found = alt_test(_table(values), np.full(40, said), similarity=similarity)
            assert found.passed is None
            assert math.isnan(found.winning_rate)
            assert "0 annotators with labels to compare" in found.note


def test_a_table_without_scale_or_labels_has_no_outcome() -> None:
    empty = Table(("a", "b"), ("x", "y", "z"), np.full((2, 3), _))
    assert alt_test(empty, np.ones(2), similarity="rmse").passed is None
    assert alt_test(empty, np.full(2, _)).passed is None
    assert math.isnan(distribution_distance(empty, np.ones(2)).value)


def test_a_bins_divergence_is_jensen_and_shannons() -> None:
    table = _table(np.array([[1.0, 1], [1, 1], [1, 1], [1, 1]]))
    judge = np.array([1.0, 1, 2, 2])  # people (1, 0), judge (.5, .5)
    middle = -(0.75 * math.log2(0.75) + 0.25 * math.log2(0.25))
    assert distribution_distance(table, judge).value == pytest.approx(middle - 0.5)


def test_what_losing_the_unjudged_would_have_made_of_it_is_known() -> None:
    table, said = _world(8, judge=0.95)
    silent = said.copy()
    silent[: len(said) // 2] = _
    assert alt_test(table, said).passed
    found = alt_test(table, silent)
    assert found.winning_rate >= 0.5 > found.lost
    assert math.isnan(alt_test(table, said).lost)
