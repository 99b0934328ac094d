"""Coverage of the estimates: intervals at 95 % hold the truth in 93 to 97 of 100 simulated worlds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from recjudge.benchmarks.estimation_coverage import GROUPED, ROWS, grouped, independent
from recjudge.human_labels import active_estimate, label_probabilities, ppi

from estimable import words

WORLDS = 1000
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_ppi_and_lee_hold_the_truth_and_the_judges_opinion_does_not(row: tuple[float, float, float, int, int]) -> None:
    found = independent(row, WORLDS)
    assert 0.93 <= found["PPI++"].share <= 0.97
    assert 0.93 <= found["Lee et al."].share <= 0.97
    assert found["the judge's opinion"].share < 0.9
    assert found["PPI++"].width < found["people alone"].width < found["Lee et al."].width


@pytest.mark.parametrize("row", GROUPED, ids=str)
def test_ppi_over_groups_holds_the_truth_where_groups_ignored_do_not(row: tuple[float, float, int, int, int]) -> None:
    found = grouped(row, WORLDS)
    assert 0.93 <= found["PPI++ over groups"].share <= 0.97
    assert found["PPI++, groups ignored"].share < 0.9


def test_drawing_probabilities_keep_the_coverage() -> None:
    held = [_drawn_by_doubt(np.random.default_rng(seed)) for seed in range(WORLDS)]
    assert 0.93 <= np.mean(held) <= 0.97


def test_a_mean_near_the_end_of_its_range_keeps_its_coverage() -> None:
    held = [_skewed(np.random.default_rng(seed), seed) for seed in range(WORLDS)]
    assert 0.93 <= np.mean(held) <= 0.97


def test_strata_of_the_judges_own_word_keep_the_coverage() -> None:
    held = [_cut_by_verdict(seed) for seed in range(WORLDS)]
    assert 0.93 <= np.mean(held) <= 0.97


def _cut_by_verdict(seed: int) -> bool:
    truth, judge, other = words(0.8, 0.95, 0.9, 200, 200, seed=seed)
    found = ppi(truth, judge, other, strata=judge.tolist(), unlabelled_strata=other.tolist())
    return found.low <= 0.8 <= found.high


def _drawn_by_doubt(random: Any) -> bool:
    """The less sure the judge, the likelier a label; a part drawn evenly."""
    truth = random.random(2000) < 0.8
    judge = np.where(truth, random.beta(5, 2, 2000), random.beta(2, 4, 2000))
    chance = label_probabilities(judge * (1 - judge), 150)
    drawn = np.where(random.random(2000) < chance, truth, np.nan)
    found = active_estimate(drawn, judge, chance)
    return found.low <= 0.8 <= found.high


def _skewed(random: Any, seed: int) -> bool:
    """Scores from 1 to 5, most of them 1."""
    truth = 1 + random.binomial(4, 0.06, 600).astype(float)
    judge = np.clip(truth + random.normal(0, 0.5, 600), 1, 5)
    found = ppi(truth[:100], judge[:100], judge[100:], within=(1, 5), draws=500, seed=seed)
    return found.method == "studentised" and found.low <= 1.24 <= found.high
