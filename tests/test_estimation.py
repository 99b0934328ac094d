"""Estimates: the published formulas, their edges, and what an estimate of a pass rate says beside its number."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recjudge.errors import Refused, UsageError
from recjudge.human_labels import active_estimate, estimate, label_probabilities, ppi
from recjudge.human_labels.estimation.rogan_gladen import allocate, rogan_gladen

from estimable import labelled_pairing, words


def _literal(truth: np.ndarray, judge: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """PPI++ as its paper writes it, for a mean."""
    n, count = len(truth), len(other)
    tuned = np.cov(truth, judge)[0, 1] / ((1 + n / count) * np.concatenate([judge, other]).var(ddof=1))
    tuned = min(max(tuned, 0.0), 1.0)
    value = truth.mean() + tuned * (other.mean() - judge.mean())
    error = math.sqrt((truth - tuned * judge).var(ddof=1) / n + tuned**2 * other.var(ddof=1) / count)
    return value, error, tuned


@given(st.integers(0, 10_000), st.integers(5, 60), st.integers(2, 200))
def test_ppi_equals_the_formula_of_its_paper(seed: int, n: int, count: int) -> None:
    random = np.random.default_rng(seed)
    truth, other = random.normal(size=n), random.normal(size=count)
    judge = truth * random.uniform(-0.5, 1) + random.normal(size=n)
    found = ppi(truth, judge, other)
    assert (found.value, found.error, found.tuning) == pytest.approx(_literal(truth, judge, other), rel=1e-9)


def test_single_item_clusters_give_the_independent_error_for_the_same_lambda() -> None:
    truth, judge, other = words(0.7, 0.9, 0.8, 120, 300, seed=1)
    alone = ppi(truth, judge, other)
    each = ppi(truth, judge, other, clusters=range(120), unlabelled_clusters=range(120, 420))
    assert each.error == pytest.approx(alone.error, rel=0.01)
    assert each.clusters == 120


def test_doubled_items_in_clusters_of_two_tell_no_more() -> None:
    truth, judge, other = words(0.7, 0.9, 0.8, 60, 200, seed=2)
    names, others = range(60), range(60, 260)
    once = ppi(truth, judge, other, clusters=names, unlabelled_clusters=others)
    twice = ppi(
        *(np.repeat(column, 2) for column in (truth, judge, other)),
        clusters=np.repeat(names, 2).tolist(),
        unlabelled_clusters=np.repeat(others, 2).tolist(),
    )
    assert twice.value == pytest.approx(once.value)
    assert twice.error == pytest.approx(once.error)


def test_a_useless_judge_costs_nothing() -> None:
    random = np.random.default_rng(103)
    truth, judge, other = words(0.7, 0.9, 0.8, 200, 400, seed=3)
    found = ppi(truth, random.permutation(judge), other)
    people = ppi(truth, 0 * judge, 0 * other)
    assert people.tuning == 0
    assert people.value == truth.mean()
    assert found.error < 1.01 * people.error


def test_a_perfect_judge_gives_the_error_of_all_samples() -> None:
    truth, _, other = words(0.7, 1.0, 1.0, 100, 900, seed=4)
    found = ppi(truth, truth, other)
    assert found.tuning == pytest.approx(0.9, abs=0.05)
    assert found.error == pytest.approx(math.sqrt(0.21 / 1000), rel=0.1)


def test_a_perfect_judge_of_few_labels_is_not_taken_for_perfect() -> None:
    truth, _, other = words(0.9, 1.0, 1.0, 40, 5000, seed=5)
    found = ppi(truth, truth, other)
    assert found.high - found.low > 1.5 * 2 * 1.96 * found.error


def test_labels_all_alike_leave_the_judge_out() -> None:
    found = ppi(np.ones(50), np.ones(50), np.zeros(500))
    assert (found.value, found.high, found.method) == (1.0, 1.0, "wilson")
    assert found.low == pytest.approx(0.9287, abs=1e-4)
    assert "alike" in found.notes[0]


def test_an_estimate_outside_its_range_is_kept_and_said() -> None:
    truth = np.array([1.0] * 28 + [0.0] * 2)
    judge = np.array([1.0] * 20 + [0.0] * 10)
    found = ppi(truth, judge, np.ones(1000))
    assert found.value > 1
    assert found.high == 1
    assert any("outside 0 to 1" in note for note in found.notes)


def test_strata_that_explain_the_truth_shorten_the_interval() -> None:
    random = np.random.default_rng(6)
    easy = random.random(2400) < 0.5
    truth = np.where(easy, random.random(2400) < 0.95, random.random(2400) < 0.4).astype(float)
    flat = np.zeros(2400)
    plain = ppi(truth[:400], flat[:400], flat[400:])
    cut = ppi(truth[:400], flat[:400], flat[400:], strata=easy[:400].tolist(), unlabelled_strata=easy[400:].tolist())
    assert cut.high - cut.low < 0.9 * (plain.high - plain.low)


def test_a_stratum_of_few_labels_is_taken_with_another() -> None:
    truth, judge, other = words(0.7, 0.9, 0.8, 100, 200, seed=7)
    names = ["a"] * 60 + ["b"] * 36 + ["c"] * 4
    found = ppi(truth, judge, other, strata=names, unlabelled_strata=["a"] * 100 + ["b"] * 90 + ["c"] * 10)
    assert found.notes == ("strata taken together: c, b",)


def test_a_cluster_across_strata_is_refused() -> None:
    truth, judge, other = words(0.5, 0.9, 0.8, 80, 80, seed=8)
    with pytest.raises(UsageError, match="reaches across strata"):
        ppi(
            truth, judge, other,
            clusters=[0, *range(79)], unlabelled_clusters=list(range(100, 180)),
            strata=["a", *["b"] * 39, *["a"] * 40], unlabelled_strata=["a"] * 80,
        )  # fmt: skip


def test_unequal_drawing_is_undone_by_its_probabilities() -> None:
    random = np.random.default_rng(109)
    truth, judge, _ = words(0.8, 0.9, 0.7, 40_000, 0, seed=9)
    chance = np.where(judge == 0, 0.2, 0.02)
    drawn = random.random(40_000) < chance
    naive = truth[drawn].mean()
    found = ppi(truth[drawn], judge[drawn], judge[~drawn], probabilities=chance[drawn])
    assert naive < 0.65
    assert found.low < truth.mean() < found.high


@pytest.mark.parametrize(
    ("more", "words_of"),
    [
        ({"probabilities": [0.0, 1.0, 1.0]}, "probability above 0"),
        ({"clusters": [1, 2]}, "a cluster for each item"),
        ({"clusters": [1, 2, 3]}, "of neither"),
        ({"strata": ["a"]}, "a stratum for each item"),
    ],
)
def test_ppi_names_what_is_wrong(more: dict[str, object], words_of: str) -> None:
    with pytest.raises(UsageError, match=words_of):
        ppi([0.0, 1.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0], **more)  # type: ignore[arg-type]


def test_nan_never_enters() -> None:
    with pytest.raises(UsageError, match="NaN"):
        ppi([0.0, 1.0], [0.0, math.nan], [1.0])


def test_a_mean_near_the_end_of_its_range_gets_the_studentised_bootstrap() -> None:
    random = np.random.default_rng(10)
    truth = 1 + random.poisson(0.1, 300).clip(0, 4).astype(float)
    found = ppi(truth[:100], truth[:100], truth[100:], within=(1, 5), draws=500)
    again = ppi(truth[:100], truth[:100], truth[100:], within=(1, 5), draws=500)
    assert found.method == "studentised"
    assert found == again
    assert found.high - found.value > found.value - found.low


def test_lee_gives_the_published_interval() -> None:
    found = rogan_gladen(400, 1000, 140, 200, 180, 200)
    assert found.value == pytest.approx(0.166667, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.056351, 0.262730), abs=5e-6)


def test_lee_spends_labels_as_published() -> None:
    assert allocate(200, 0.4, 0.7, 0.9, m_pilot=10) == (136, 64)


def test_a_judge_no_better_than_chance_is_refused() -> None:
    with pytest.raises(Refused, match="not above 1"):
        rogan_gladen(400, 1000, 80, 200, 100, 200)


def test_a_judge_not_surely_better_than_chance_is_refused() -> None:
    with pytest.raises(Refused, match="reaches 1"):
        rogan_gladen(400, 1000, 6, 10, 6, 10)


def test_a_corrected_rate_outside_its_range_is_kept_and_said() -> None:
    found = rogan_gladen(10, 1000, 140, 200, 180, 200)
    assert found.value < 0
    assert found.low == 0
    assert "outside 0 to 1" in found.notes[0]


def test_the_estimate_stands_beside_the_judges_opinion_and_peoples_labels() -> None:
    found = estimate(labelled_pairing(*words(0.6, 0.95, 0.7, 200, 2000, seed=11)))
    assert found.method == "ppi"
    assert found.rate.low < 0.6 < found.rate.high
    assert found.opinion.low > 0.65
    assert found.people.high - found.people.low > found.rate.high - found.rate.low
    assert found.effective > 1.2 * found.n
    assert (found.n, found.unlabelled, found.planned) == (200, 2000, 2200)
    assert found.sensitivity.value == pytest.approx(0.95, abs=0.06)
    assert found.specificity.value == pytest.approx(0.7, abs=0.12)
    assert found.enough
    assert "assumed: the labelled samples were drawn at random from these" in found.notes


def test_few_labels_still_print_and_say_so() -> None:
    found = estimate(labelled_pairing(*words(0.9, 0.9, 0.7, 20, 500, seed=12)))
    assert not found.enough
    assert found.notes[0].startswith("too few to act on: 20 labels (30 needed)")
    assert found.rate.low < found.rate.value < found.rate.high


def test_one_label_is_refused() -> None:
    with pytest.raises(Refused, match="label at least 30"):
        estimate(labelled_pairing(np.ones(1), np.ones(1), np.ones(50)))


def test_all_labelled_means_people_alone() -> None:
    found = estimate(labelled_pairing(*words(0.6, 0.9, 0.8, 100, 0, seed=13)))
    assert found.method == "people"
    assert found.rate == found.people


def test_labels_of_another_set_correct_the_others_alone() -> None:
    truth, judge, _ = words(0.8, 0.9, 0.8, 400, 0, seed=14)
    target, seen, _ = words(0.3, 0.9, 0.8, 3000, 0, seed=15)
    found = estimate(labelled_pairing(truth, judge, seen), shifted=True)
    assert found.method == "lee"
    assert found.rate.low < target.mean() < found.rate.high
    assert (found.rate.n, found.planned) == (3000, 3000)
    assert any("errs on these samples" in note for note in found.notes)


def test_shifted_labels_do_not_go_with_ppi() -> None:
    with pytest.raises(UsageError, match="another set"):
        estimate(labelled_pairing(*words(0.6, 0.9, 0.8, 100, 100, seed=16)), shifted=True, method="ppi")


def test_labels_that_look_not_drawn_at_random_are_warned_of() -> None:
    truth, judge, _ = words(0.8, 0.9, 0.8, 200, 0, seed=17)
    _, seen, _ = words(0.3, 0.9, 0.8, 2000, 0, seed=18)
    found = estimate(labelled_pairing(truth, judge, seen))
    assert any("look not drawn at random" in note for note in found.notes)


def test_unjudged_samples_widen_the_bounds_and_enter_no_rate() -> None:
    truth, judge, other = words(0.6, 0.9, 0.8, 200, 800, seed=19)
    all_judged = estimate(labelled_pairing(truth, judge, other))
    found = estimate(labelled_pairing(truth, judge, np.concatenate([other, np.full(250, math.nan)])))
    assert found.rate == all_judged.rate
    assert found.planned == 1250
    assert found.unjudged.total() == 250
    assert found.bounds == pytest.approx((0.8 * found.rate.low, 0.8 * found.rate.high + 0.2))


def test_samples_that_share_a_group_make_the_interval_wider() -> None:
    truth, judge, other = words(0.6, 0.9, 0.8, 40, 200, seed=20)
    five = [np.repeat(column, 5) for column in (truth, judge, other)]
    names = [f"user {place // 5}" for place in range(1200)]
    alone, grouped = estimate(labelled_pairing(*five)), estimate(labelled_pairing(*five, clusters=names))
    assert grouped.rate.clusters == 40
    assert grouped.rate.high - grouped.rate.low > 1.8 * (alone.rate.high - alone.rate.low)


def test_each_system_has_its_estimate() -> None:
    systems = ["a", "b"] * 150 + ["a", "b"] * 500
    pairing = labelled_pairing(*words(0.6, 0.9, 0.8, 300, 1000, seed=21), systems=systems)
    found = estimate(pairing, by="system")
    assert [(part.system, part.n, part.unlabelled) for part in found.systems] == [("a", 150, 500), ("b", 150, 500)]
    assert "2 systems: each interval holds alone at 95%, not all of them at once" in found.notes


def test_a_system_without_labels_is_named_not_guessed() -> None:
    systems = ["a", "b"] * 40 + ["a", "b", "c", "c"] * 50
    found = estimate(labelled_pairing(*words(0.6, 0.9, 0.8, 80, 200, seed=22), systems=systems), by="system")
    assert [part.system for part in found.systems] == ["a", "b"]
    assert any(note.startswith("c: 0 judged samples are labelled") for note in found.notes)


def test_grades_have_their_shares() -> None:
    random = np.random.default_rng(23)
    grades = random.integers(0, 3, 1200).astype(float)
    seen = np.where(random.random(1200) < 0.8, grades, random.integers(0, 3, 1200))
    found = estimate(labelled_pairing(grades[:300], seen[:300], seen[300:], points=("Bad", "Average", "Superior")))
    assert list(found.shares) == ["Bad", "Average", "Superior"]
    assert all(share.low < 1 / 3 < share.high for share in found.shares.values())
    assert found.shares["Bad"].value == pytest.approx(1 - found.rate.value)


def test_drawing_probabilities_of_the_label_file_are_used() -> None:
    random = np.random.default_rng(1024)
    truth, judge, _ = words(0.8, 0.9, 0.7, 20_000, 0, seed=24)
    chance = np.where(judge == 0, 0.2, 0.02)
    drawn = random.random(20_000) < chance
    pairing = labelled_pairing(truth[drawn], judge[drawn], judge[~drawn])
    weighed = replace(pairing, drawn=tuple(map(str, chance[drawn])))
    found = estimate(weighed)
    assert found.rate.low < truth.mean() < found.rate.high
    assert found.people.low < truth.mean() < found.people.high
    assert any("one over the probability" in note for note in found.notes)


def test_a_missing_drawing_probability_is_an_error() -> None:
    pairing = labelled_pairing(*words(0.6, 0.9, 0.8, 50, 50, seed=25))
    with pytest.raises(UsageError, match="fill it in"):
        estimate(replace(pairing, drawn=("0.1",) * 49 + ("",)))


def test_probabilities_of_labelling_sum_to_the_budget_and_follow_the_doubt() -> None:
    doubt = np.random.default_rng(26).random(500) ** 4
    chance = label_probabilities(doubt, 60)
    assert chance.sum() == pytest.approx(60)
    assert chance.min() >= 0.1 * 60 / 500
    assert chance.max() <= 1
    assert (np.diff(chance[np.argsort(doubt)]) >= 0).all()


def test_without_doubt_every_sample_has_the_same_probability() -> None:
    assert label_probabilities(np.zeros(40), 10) == pytest.approx(np.full(40, 0.25))


def test_labels_where_the_judge_is_in_doubt_estimate_the_rate_of_all() -> None:
    random = np.random.default_rng(27)
    truth = (random.random(20_000) < 0.7).astype(float)
    judge = np.where(truth == 1, random.beta(5, 2, 20_000), random.beta(2, 4, 20_000))
    chance = label_probabilities(judge * (1 - judge), 1000)
    drawn = random.random(20_000) < chance
    found = active_estimate(np.where(drawn, truth, math.nan), judge, chance)
    assert found.low < 0.7 < found.high
    assert found.gain > 1.2


@pytest.mark.parametrize(("budget", "floor"), [(0, None), (41, None), (10, 0.5), (10, 0.0)])
def test_a_budget_or_floor_out_of_reach_is_an_error(budget: int, floor: float | None) -> None:
    with pytest.raises(UsageError):
        label_probabilities(np.ones(40), budget, floor=floor)
