"""Selective accuracy: equals the closed form where the judge's probabilities are known, and its intervals hold."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from recjudge.human_labels import Labels
from recjudge.human_labels.agreement import Settings, agree, selective
from recjudge.human_labels.agreement.selective import _aurc

import worlds

USING = Settings(draws=300)


def test_a_calibrated_judges_curve_is_the_closed_form() -> None:
    # confidence p uniform on [.5, 1], right with probability p: of the surest share c, 1 - c / 4 are right
    found = selective(worlds.trusted(60_000), USING)
    assert found is not None
    assert [one.coverage for one in found.kept] == pytest.approx([step / 10 for step in range(1, 11)], abs=1e-4)
    for one in found.kept:
        assert one.threshold == pytest.approx(1 - one.coverage / 2, abs=0.01)
        assert one.agreement.value == pytest.approx(1 - one.coverage / 4, abs=0.012)
    assert found.area.value == pytest.approx(1 / 8, abs=0.004)
    assert found.gain.value == pytest.approx(1 / 4 - 1 / 8, abs=0.004)
    assert found.halves.value == pytest.approx(1 / 4, abs=0.01)
    assert found.rises == "rises"
    for coverage, agreement in found.line[20:]:
        assert agreement == pytest.approx(1 - coverage / 4, abs=0.02)


def test_the_area_is_the_textbooks_mean_of_risks_over_all_coverages() -> None:
    random = np.random.default_rng(1)
    right = (random.random(150) < 0.7).astype(float)
    risks = 1 - np.cumsum(right) / np.arange(1, 151)
    assert _aurc(np.ones(150), right) == pytest.approx(risks.mean())


def test_ties_count_as_the_mean_over_their_orders() -> None:
    random, n, right = np.random.default_rng(2), np.array([3.0, 4.0]), np.array([2.0, 1.0])
    items = [np.array([1.0, 1, 0]), np.array([1.0, 0, 0, 0])]
    orders = [np.concatenate([random.permutation(part) for part in items]) for _ in range(20_000)]
    areas = 1 - (np.cumsum(orders, axis=1) / np.arange(1, 8)).mean(axis=1)
    assert _aurc(n, right) == pytest.approx(areas.mean(), abs=0.003)


def test_a_judge_whose_confidence_says_nothing_gains_nothing() -> None:
    found = selective(worlds.trusted(3000, right=lambda sure: np.full(len(sure), 0.7)), USING)
    assert found is not None
    assert found.rises == "open"
    assert found.gain.low < 0 < found.gain.high


def test_a_judge_that_is_surest_where_it_errs_is_found_out() -> None:
    found = selective(worlds.trusted(2000, right=lambda sure: 1.4 - sure), USING)
    assert found is not None
    assert found.rises == "falls"
    assert found.falls
    assert found.gain.high < 0


def test_no_curve_without_probabilities_or_with_few_labels() -> None:
    one = worlds.trusted(400)
    flat = replace(one, scores=one.scores | {"confidence": np.ones(400)})
    assert selective(flat, USING) is None
    assert selective(worlds.trusted(29), USING) is None
    assert selective(worlds.good(400), USING) is None


def test_intervals_draw_whole_clusters() -> None:
    base = worlds.trusted(300)
    copies = worlds.trusted(1500, clusters=[f"c{place % 300}" for place in range(1500)])
    five = np.tile(np.arange(300), 5)
    copies = replace(
        copies, said=base.said[five], passed=base.passed[five],
        people=replace(copies.people, values=base.people.values[five]),
        scores={name: of[five] for name, of in base.scores.items()},
    )  # fmt: skip
    one, other = selective(base, USING), selective(copies, USING)
    assert one is not None
    assert other is not None
    assert other.area.value == pytest.approx(one.area.value, abs=0.01)
    width = lambda of: of.high - of.low  # noqa: E731
    assert width(other.area) == pytest.approx(width(one.area), rel=0.15)
    assert width(other.kept[-1].agreement) == pytest.approx(width(one.kept[-1].agreement), rel=0.15)


@pytest.mark.slow
def test_the_intervals_hold_the_truth_in_some_94_of_100_worlds() -> None:
    inside = {"area": 0, "gain": 0, "half": 0}
    for seed in range(300):
        found = selective(worlds.trusted(500, seed=seed), Settings())
        assert found is not None
        inside["area"] += found.area.low <= 1 / 8 <= found.area.high
        inside["gain"] += found.gain.low <= 1 / 8 <= found.gain.high
        half = found.at(0.5)
        inside["half"] += half.agreement.low <= (1 + half.threshold) / 2 <= half.agreement.high
    assert all(count >= 270 for count in inside.values()), json.dumps(inside)


def test_the_report_has_it_on_every_dimension_with_a_sentence() -> None:
    labels = Labels((), {}, ())
    (section,) = agree(labels, [worlds.trusted(800)], settings=USING).sections
    assert section.selective is not None
    (said,) = [words for words in section.sentences if "AURC" in words]
    assert said.startswith("Agreement rises as the judge abstains where it is least sure: .79 [")
    assert "on the surest 50%" in said
