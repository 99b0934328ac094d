"""Sample sizes: known numbers, simulated ones checked against formulas, and what no number of labels reaches."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from recjudge.cli import main
from recjudge.errors import Refused, UsageError
from recjudge.human_labels import GOALS, Scale, Table, plan_labels
from recjudge.human_labels.estimation.simulated import alt_test_power, coefficient_error, passes
from recjudge.human_labels.proportions import clopper_pearson
from recjudge.human_labels.validity.alt_test import alt_test


@pytest.mark.parametrize(("failures", "n"), [(0, 59), (1, 93), (2, 124), (5, 208)])
def test_a_certificate_at_five_percent_takes_the_known_numbers(failures: int, n: int) -> None:
    assert plan_labels("certificate", defect_rate=0.05, confidence=0.95, failures=failures).n == n


@pytest.mark.parametrize("failures", [0, 3, 11])
def test_a_certificate_is_the_least_number_whose_exact_bound_holds(failures: int) -> None:
    n = plan_labels("certificate", defect_rate=0.1, confidence=0.9, failures=failures).n
    assert clopper_pearson(failures, n, 0.8)[1] <= 0.1 < clopper_pearson(failures, n - 1, 0.8)[1]


def test_a_rate_takes_the_normal_formula_times_the_design_effect() -> None:
    assert plan_labels("rate", rate=0.8, half_width=0.05).n == 246
    assert plan_labels("rate", rate=0.8, half_width=0.05, deff=1.5).n == 369
    assert plan_labels("rate", rate=0.8, half_width=0.05, deff=1.5, per_cluster=5).clusters == 74


def test_ppi_labels_solve_the_error_for_the_width() -> None:
    n = plan_labels("ppi", rate=0.8, half_width=0.05, sensitivity=0.9, specificity=0.8, unlabelled=1000).n
    passed = 0.8 * 0.9 + 0.2 * 0.2
    rho = 0.8 * 0.2 * 0.7 / math.sqrt(0.8 * 0.2 * passed * (1 - passed))

    def half(n: int) -> float:
        return 1.959964 * math.sqrt(0.16 / n * (1 - rho**2 * 1000 / (n + 1000)))

    assert half(n) <= 0.05 < half(n - 1)


def test_without_unlabelled_samples_ppi_takes_as_many_as_people_alone() -> None:
    assert plan_labels("ppi", unlabelled=0).n == plan_labels("rate").n


def test_a_judge_at_chance_saves_no_label() -> None:
    with pytest.raises(Refused, match="saves no label"):
        plan_labels("ppi", sensitivity=0.6, specificity=0.4)


def test_simulated_kappa_has_the_large_sample_error() -> None:
    agreed, chance, n = 0.6 * 0.32 + 0.68, 0.68, 2000  # kappa .6, both pass .8
    cells = ((agreed + 0.6) / 2, (1 - agreed) / 2, (1 - agreed) / 2, (agreed - 0.6) / 2)
    # Fleiss, Cohen and Everitt (1969) for equal marginals
    first = sum(
        cell * ((1 - chance) - 2 * share * (1 - agreed)) ** 2 for cell, share in ((cells[0], 0.8), (cells[3], 0.2))
    )
    second = (1 - agreed) ** 2 * sum(cell for cell in cells[1:3])
    error = math.sqrt(first + second - (agreed * chance - 2 * chance + agreed) ** 2) / (1 - chance) ** 2
    assert coefficient_error("kappa", 0.6, 0.8, n, seed=1) == pytest.approx(error / math.sqrt(n), rel=0.02)


def test_ac1_needs_fewer_labels_than_kappa_under_skew() -> None:
    assert plan_labels("ac1", ac1=0.8, rate=0.9).n < plan_labels("kappa", kappa=0.5, rate=0.9).n


def test_simulated_plans_repeat_with_their_seed() -> None:
    assert plan_labels("kappa", seed=3) == plan_labels("kappa", seed=3)


def test_an_impossible_kappa_is_named() -> None:
    with pytest.raises(UsageError, match="no two raters"):
        plan_labels("kappa", kappa=-0.9, rate=0.9)


def test_the_power_of_the_alt_test_grows_with_the_labels_and_the_judge() -> None:
    powers = [alt_test_power(n, 3, 0.8, 0.8, 0.15, seed=1) for n in (40, 100, 250)]
    assert powers == sorted(powers)
    assert powers[0] < 0.6 < 0.9 < powers[2]
    assert alt_test_power(100, 3, 0.8, 0.5, 0.15, seed=1) > alt_test_power(100, 3, 0.8, 1.2, 0.15, seed=1)


def test_the_simulated_alt_test_decides_as_the_alt_test_does() -> None:
    random = np.random.default_rng(4)
    truth = random.integers(1, 6, (60, 80)).astype(float)
    people = np.clip(np.round(truth[:, :, None] + 0.8 * random.standard_normal((60, 80, 3))), 1, 5)
    judge = np.clip(np.round(truth + 0.9 * random.standard_normal((60, 80))), 1, 5)
    ids = tuple(map(str, range(80)))
    scale = Scale("ordinal", 1, 5)
    tested = [
        alt_test(Table(ids, ("a", "b", "c"), said, scale), of, epsilon=0.15, similarity="rmse", draws=100)
        for said, of in zip(people, judge, strict=True)
    ]
    won = passes(people, judge, 0.15)
    assert [one.winning_rate >= 0.5 for one in tested] == won.tolist()
    assert 5 < won.sum() < 55


def test_a_judge_worse_than_people_by_more_than_epsilon_is_not_helped_by_labels() -> None:
    with pytest.raises(Refused, match="not more labels"):
        plan_labels("alt-test", judge_noise=2.5)


def test_an_unknown_goal_and_a_foreign_option_are_named() -> None:
    with pytest.raises(UsageError, match="known: rate, ppi, kappa"):
        plan_labels("f1")
    with pytest.raises(UsageError, match="goal rate has no --failures"):
        plan_labels("rate", failures=2)
    with pytest.raises(UsageError, match=r"--rate 1\.2: give a value between 0 and 1"):
        plan_labels("rate", rate=1.2)


def test_the_command_prints_every_goal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "plan", "--json"]) == 0
    assert [plan["goal"] for plan in json.loads(capsys.readouterr().out)] == list(GOALS)


def test_the_command_takes_one_goal_with_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    words = "--goal certificate --defect-rate .05 --confidence .95 --failures 2"
    assert main(["labels", "plan", *words.split()]) == 0
    printed = capsys.readouterr().out
    assert "124" in printed
    assert "exact binomial bound" in printed


def test_options_without_a_goal_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "plan", "--rate", ".9"]) == 2
    assert "--goal" in capsys.readouterr().err
