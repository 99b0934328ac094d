"""Comparisons in simulated worlds whose truth is known: coverage of the intervals, false findings, power as stated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from recjudge.human_labels.comparing import mcnemar
from recjudge.human_labels.comparing.correction import powered
from recjudge.human_labels.comparing.differences import Draws, difference
from recjudge.human_labels.comparing.testing import cluster_test, smallest
from recjudge.human_labels.intervals import combine, mean_of
from recjudge.human_labels.multiplicity import adjust

pytestmark = pytest.mark.slow
WORLDS = 600


def world(random: Any, groups: int, each: int, gap: float) -> tuple[Any, Any, list[str]]:
    """Passes of a's and b's samples and their clusters; a context's difficulty is shared by both systems."""
    ease = np.repeat(random.uniform(0.2, 0.8, groups), each)
    a, b = (random.random(len(ease)) < ease + move for move in (gap / 2, -gap / 2))
    names = [f"u{group}" for group in np.repeat(np.arange(groups), each)]
    return np.concatenate([a, b]).astype(float), np.arange(2 * len(ease)) < len(ease), [*names, *names]


@pytest.mark.parametrize(("groups", "each"), [(100, 4), (20, 5)])
def test_the_interval_of_a_paired_difference_covers_the_truth_as_often_as_it_says(groups: int, each: int) -> None:
    random, held, errors = np.random.default_rng(groups), 0, 0
    for seed in range(WORLDS):
        values, of_a, clusters = world(random, groups, each, 0.1)
        found = difference("pass", "", values, of_a, clusters, Draws(seed, 600))
        held += found.delta.low <= 0.1 <= found.delta.high
        values, of_a, clusters = world(random, groups, each, 0.0)
        delta = combine(np.subtract, *(mean_of(np.where(mask, values, np.nan)) for mask in (of_a, ~of_a)))
        errors += cluster_test(delta, clusters) <= 0.05
    assert 0.93 <= held / WORLDS <= 0.97
    assert errors / WORLDS <= 0.07


def test_unpaired_systems_have_an_interval_that_covers_too() -> None:
    random, held = np.random.default_rng(7), 0
    for seed in range(WORLDS):
        values, of_a, _ = world(random, 60, 4, 0.0)
        other, _, _ = world(random, 60, 4, 0.0)
        values = np.where(of_a, values, other)
        clusters = [f"{'a' if mine else 'b'}{row // 4}" for row, mine in enumerate(of_a)]
        found = difference("pass", "", values, of_a, clusters, Draws(seed, 600), shared=False)
        held += found.delta.low <= 0.0 <= found.delta.high
    assert 0.93 <= held / WORLDS <= 0.97


@pytest.mark.parametrize("items", [20, 60, 400])
def test_mcnemar_finds_what_is_not_there_in_at_most_one_of_twenty_worlds(items: int) -> None:
    random = np.random.default_rng(items)
    counts = random.multinomial(items, [0.5, 0.15, 0.15, 0.2], size=20_000)
    names, repeats = np.unique(counts[:, 1:3], axis=0, return_counts=True)
    wrong = sum(int(many) for (a, b), many in zip(names, repeats, strict=True) if mcnemar(int(a), int(b))[0] <= 0.05)
    assert wrong / 20_000 <= 0.05


def test_the_corrected_difference_covers_the_truth_where_the_judge_favours_one_system() -> None:
    held = naive = 0
    for values, known, of_a, clusters, seed in favoured(np.random.default_rng(11)):
        a, b = (powered(values, known, mask) for mask in (of_a, ~of_a))
        found = Draws(seed, 600).of(combine(np.subtract, a, b), clusters, "t")
        held += found.low <= 0.1 <= found.high
        raw = difference("pass", "", values, of_a, clusters, Draws(seed, 200)).delta
        naive += raw.low <= 0.1 <= raw.high
    assert 0.93 <= held / WORLDS <= 0.97
    assert naive / WORLDS < 0.5


def favoured(random: Any) -> Iterator[tuple[Any, Any, Any, list[str], int]]:
    """The judge passes a fifth of what people reject, and of a's rejects half; a quarter is labelled."""
    for seed in range(WORLDS):
        truth, of_a, clusters = world(random, 100, 4, 0.1)
        lenient = random.random(len(truth)) < np.where(of_a, 0.5, 0.2)
        strict = random.random(len(truth)) < 0.1
        said = np.where(truth == 1, np.where(strict, 0.0, 1.0), np.where(lenient, 1.0, 0.0))
        yield said, np.where(random.random(len(truth)) < 0.25, truth, np.nan), of_a, clusters, seed


def test_the_least_difference_that_could_be_shown_is_shown_in_four_of_five_worlds() -> None:
    random, stated, shown = np.random.default_rng(13), [], 0
    for _ in range(1500):
        values, of_a, clusters = world(random, 80, 3, 0.12)
        delta = combine(np.subtract, *(mean_of(np.where(mask, values, np.nan)) for mask in (of_a, ~of_a)))
        stated.append(smallest(delta, clusters))
        shown += cluster_test(delta, clusters) <= 0.05
    assert np.mean(stated) == pytest.approx(0.12, abs=0.01)
    assert 0.75 <= shown / 1500 <= 0.85


def test_holm_keeps_any_false_finding_among_eight_dimensions_below_one_in_twenty() -> None:
    random = np.random.default_rng(17)
    values = random.random((20_000, 8))
    plain = (values <= 0.05).any(axis=1).mean()
    family = np.mean([min(adjust(row, "holm")) <= 0.05 for row in values[:5000].tolist()])
    assert plain > 0.3
    assert family <= 0.055
