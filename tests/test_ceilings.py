"""Noise ceilings: by hand, fair to the judge, honest about one rater, ties and crowds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recjudge.errors import Refused, UsageError
from recjudge.human_labels import Table, interval, load_set, scale_of
from recjudge.human_labels.intervals import jackknife_error
from recjudge.human_labels.validity.ceilings import (
    attainable,
    ceiling,
    corrected,
    drawn,
    judge_against,
    leave_one_out,
    of_ceiling,
    reliability,
)
from recjudge.human_labels.validity.closeness import close
from scipy.stats import pearsonr, spearmanr

_ = math.nan
RANDOM = np.random.default_rng(8)
QUALITY = RANDOM.normal(size=300)


def _table(values: np.ndarray, scale: str | None = None) -> Table:
    names = tuple(str(place) for place in range(values.shape[1]))
    return Table(tuple(map(str, range(len(values)))), names, values, scale_of(scale) if scale else None)


def _people(items: int = 300, raters: int = 3, missing: float = 0.0) -> Table:
    heard = QUALITY[:items, None] + 0.8 * RANDOM.normal(size=(items, raters))
    values = np.digitize(heard, [-1.2, -0.4, 0.4, 1.2]) + 1.0
    values[RANDOM.random(values.shape) < missing] = _
    return _table(values, "ordinal:1..5")


PEOPLE = _people()


@pytest.mark.parametrize(("measure", "by"), [("spearman", spearmanr), ("pearson", pearsonr)])
def test_the_ceiling_leaves_each_rater_out_of_the_mean(measure: str, by: object) -> None:
    values = PEOPLE.values
    hand = [by(values[:, j], np.delete(values, j, axis=1).mean(axis=1)).statistic for j in range(3)]
    assert leave_one_out(PEOPLE, measure).value == pytest.approx(np.mean(hand), abs=1e-12)


def test_the_ceiling_of_few_items_is_that_of_all_raters() -> None:
    values = np.array([[1.0, 2, 3, 4, 5], [1.0, 2, 3, 5, 4], [2.0, 1, 3, 4, 5]]).T
    hand = [spearmanr(values[:, j], np.delete(values, j, axis=1).mean(axis=1)).statistic for j in range(3)]
    assert ceiling(_table(values)) == pytest.approx(np.mean(hand))


def test_gaps_leave_each_rater_the_others_that_are_there() -> None:
    table = _people(missing=0.4)
    values, hand = table.values, []
    for j in range(3):
        others = np.delete(values, j, axis=1)
        rows = ~np.isnan(values[:, j]) & (~np.isnan(others)).any(axis=1)
        hand.append(spearmanr(values[rows, j], np.nanmean(others[rows], axis=1)).statistic)
    assert leave_one_out(table).value == pytest.approx(np.mean(hand), abs=1e-12)


def test_summeval_has_the_ceiling_of_a_literal_computation() -> None:
    values = load_set("summeval").table("coherence").values
    hand = [spearmanr(values[:, j], np.delete(values, j, axis=1).mean(axis=1)).statistic for j in range(3)]
    found = interval(leave_one_out(load_set("summeval").table("coherence")))
    assert found.value == pytest.approx(np.mean(hand))
    assert 0 < found.high - found.low < 0.06


def test_one_rater_alone_has_no_ceiling_and_is_told_so() -> None:
    alone = _table(np.arange(4.0)[:, None])
    for ask in (leave_one_out, drawn, reliability):
        with pytest.raises(Refused, match="without a second rater there is no ceiling"):
            ask(alone)
    with pytest.raises(Refused, match="no claim of human level"):
        of_ceiling(alone, np.arange(4.0))
    assert math.isnan(ceiling(alone))


def test_raters_of_different_items_have_no_ceiling() -> None:
    with pytest.raises(Refused):
        leave_one_out(_table(np.array([[1.0, _], [_, 2.0]])))


def test_a_judge_who_is_a_rater_is_as_good_as_that_rater() -> None:
    values = PEOPLE.values
    judge = values[:, 0]
    hand = [spearmanr(judge, np.delete(values, j, axis=1).mean(axis=1)).statistic for j in range(3)]
    assert judge_against(PEOPLE, judge).value == pytest.approx(np.mean(hand), abs=1e-12)


def test_the_ratio_is_of_the_same_items_and_others_for_both() -> None:
    score = QUALITY + RANDOM.normal(size=300)
    score[::7] = _
    judged = ~np.isnan(score)
    part = _table(PEOPLE.values[judged])
    own, theirs = judge_against(part, score[judged]).value, leave_one_out(part).value
    assert of_ceiling(PEOPLE, score).value == pytest.approx(own / theirs)
    assert of_ceiling(PEOPLE, score).n == judged.sum()


def test_the_ratio_is_drawn_in_pairs() -> None:
    rater = PEOPLE.values[:, 0] + 0.1 * RANDOM.normal(size=300)
    paired, judge, people = (
        jackknife_error(sums) / sums.value
        for sums in (of_ceiling(PEOPLE, rater), judge_against(PEOPLE, rater), leave_one_out(PEOPLE))
    )
    assert paired < 0.6 * math.hypot(judge, people)  # their errors, were they drawn apart


def test_a_silent_judge_has_no_ratio() -> None:
    assert math.isnan(of_ceiling(PEOPLE, np.full(300, _)).value)
    assert math.isnan(corrected(PEOPLE, np.full(300, _)).value)


def test_a_label_drawn_from_the_mean_flatters() -> None:
    assert drawn(PEOPLE, seed=1).value > leave_one_out(PEOPLE).value + 0.05
    assert drawn(PEOPLE, seed=1).value == drawn(PEOPLE, seed=1).value
    assert drawn(PEOPLE, seed=1).value != drawn(PEOPLE, seed=2).value


def test_names_are_held_against_the_majority_and_ties_count_by_halves() -> None:
    table = _table(np.array([[0.0, 0, 1], [1, 1, 1], [0, 1, 2]]), "nominal:a|b|c")
    hand = [np.mean([(0.5, 1, 0)[k] for k in range(3)]), np.mean([0.5, 1, 0]), np.mean([0, 1, 0])]
    assert leave_one_out(table, "agreement").value == pytest.approx(np.mean(hand))
    judge = np.array([0.0, 1, 2])
    against = [np.mean([0.5, 1, 0.5]), np.mean([0.5, 1, 0.5]), np.mean([1, 1, 0])]
    assert judge_against(table, judge, "agreement").value == pytest.approx(np.mean(against))


def test_a_crowd_is_one_column() -> None:
    values = np.full((60, 40), _)
    for item in range(60):
        for slot in range(3):
            values[item, (3 * item + slot) % 40] = float(RANDOM.integers(1, 6))
    said, others = [], []
    for item in range(60):
        labels = values[item][~np.isnan(values[item])]
        for place in range(3):
            said.append(labels[place])
            others.append(np.delete(labels, place).mean())
    assert leave_one_out(_table(values)).value == pytest.approx(spearmanr(said, others).statistic)


def test_a_constant_rater_is_left_out_of_the_mean() -> None:
    values = PEOPLE.values.copy()
    values[:, 2] = 3.0
    hand = [spearmanr(values[:, j], np.delete(values, j, axis=1).mean(axis=1)).statistic for j in range(2)]
    assert leave_one_out(_table(values)).value == pytest.approx(np.mean(hand))


def test_correcting_for_noise_finds_the_correlation_behind_it() -> None:
    truth = np.random.default_rng(1).normal(size=20_000)
    random = np.random.default_rng(2)
    people = _table(truth[:, None] + random.normal(size=(20_000, 3)))
    judge = 0.6 * truth + 0.8 * random.normal(size=20_000)  # correlation .6 with what people mean
    assert corrected(people, judge).value == pytest.approx(0.6, abs=0.02)
    assert close(judge, people.means, "pearson").value < 0.55
    assert reliability(people).value == pytest.approx(0.75, abs=0.01)
    assert attainable(people).value == pytest.approx(math.sqrt(0.75), abs=0.01)


def test_the_reliability_of_a_crowd_counts_severity_as_noise() -> None:
    random = np.random.default_rng(3)
    truth, severity = random.normal(size=4000), random.normal(size=200)
    values = np.full((4000, 200), _)
    for item in range(4000):
        rows = random.choice(200, 3, replace=False)
        values[item, rows] = truth[item] + severity[rows] + random.normal(size=3)
    assert reliability(_table(values)).value == pytest.approx(3 / 5, abs=0.03)  # 1 / (1 + 2 / 3)


def test_people_who_do_not_agree_have_no_ratio_and_no_correction() -> None:
    values = np.array([[1.0, 2], [2, 1], [1, 2], [2, 1], [1, 2], [2, 1], [1, 2], [2, 1], [1, 2], [2, 1]])
    judge = np.arange(10.0)
    assert math.isnan(of_ceiling(_table(values), judge).value)
    assert math.isnan(corrected(_table(values), judge).value)


def test_an_unknown_measure_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="'rho'; known: spearman, pearson, agreement"):
        leave_one_out(PEOPLE, "rho")


def test_scores_are_one_an_item() -> None:
    with pytest.raises(ValueError, match="2 scores for 300 items"):
        of_ceiling(PEOPLE, np.ones(2))


@pytest.mark.parametrize("distinct", [3, 1000])
def test_resampled_ranks_are_made_anew(distinct: int) -> None:
    random = np.random.default_rng(distinct)
    one = random.integers(0, distinct, 60).astype(float)
    other = one + random.integers(0, distinct, 60)
    rows = random.integers(0, 60, 60)
    sums = close(one, other, "spearman")
    weights = np.bincount(rows, minlength=60)
    assert float(sums.finish(weights @ sums.features)) == pytest.approx(spearmanr(one[rows], other[rows]).statistic)
