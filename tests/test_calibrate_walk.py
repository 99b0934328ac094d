"""The walk down the scores: it ends at the first bound that fails, and labels choose nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from recjudge.human_labels.policy import grid_of, labels_needed, one_of_each, select, walk
from recjudge.human_labels.policy.guarantee import learn_then_test, start_size, zero_failures
from recjudge.human_labels.proportions import upper_bound

import worlds


def test_the_top_threshold_is_not_returned_when_its_bound_fails() -> None:
    # published reference code returns it: 40 labels at the top, 5 of them wrong
    scores, passed = np.full(40, 0.9), np.array([0.0] * 5 + [1.0] * 35)
    found = walk(scores, passed, [0.9, 0.5], precision=0.95, delta=0.05, start=30)
    assert found.threshold is None
    assert [step.held for step in found.steps] == [False]


def test_the_walk_stops_at_the_first_failure_though_a_later_bound_would_hold() -> None:
    scores = np.array([0.9] * 100 + [0.8] * 100 + [0.7] * 1000)
    passed = np.concatenate([np.ones(100), np.zeros(20), np.ones(80), np.ones(1000)])
    found = walk(scores, passed, [0.9, 0.8, 0.7], precision=0.95, delta=0.05, start=30)
    assert found.threshold == 0.9
    assert [step.held for step in found.steps] == [True, False]
    assert upper_bound(20, 1200, 0.05) < 0.05


@pytest.mark.parametrize(("n", "threshold"), [(58, None), (59, 0.5)])
def test_a_line_without_an_error_takes_59_labels(n: int, threshold: float | None) -> None:
    found = walk(np.full(n, 0.5), np.ones(n), [0.5], precision=0.95, delta=0.05, start=30)
    assert found.threshold == threshold
    assert zero_failures(0.05, 0.05) == 59


def test_fewer_than_30_labels_are_never_enough() -> None:
    assert walk(np.full(29, 0.5), np.ones(29), [0.5], precision=0.5, delta=0.05, start=1).threshold is None


def test_unjudged_and_unlabelled_items_do_not_enter() -> None:
    scores = np.concatenate([np.full(60, 0.5), np.full(60, np.nan), np.full(60, 0.5)])
    passed = np.concatenate([np.ones(60), np.zeros(60), np.full(60, np.nan)])
    assert walk(scores, passed, [0.5], precision=0.95, delta=0.05, start=30).steps[0].n == 60


def test_the_grid_holds_scores_that_occur_and_sees_no_label() -> None:
    scores = np.random.default_rng(0).random(10_000)
    grid = grid_of(np.append(scores, np.nan))
    assert len(grid) == 100
    assert set(grid) <= set(scores)
    assert list(grid) == sorted(grid, reverse=True)
    assert grid_of(np.array([0.0, 1.0, 0.5, 0.5])) == (1.0, 0.5, 0.0)


def test_where_the_walk_begins_depends_on_the_number_of_labels_alone() -> None:
    assert [start_size(n, 0.05, 0.05) for n in (50, 400, 10_000)] == [59, 100, labels_needed(0.05 / 3, 0.05, 0.05)]


def test_labels_needed_give_the_power_they_promise_and_one_fewer_does_not() -> None:
    from recjudge.human_labels.policy.guarantee import _power

    needed = labels_needed(0.02, 0.05, 0.05)
    assert needed is not None
    assert _power(0.02, needed, 0.05, 0.05) >= 0.8
    assert _power(0.02, needed - 1, 0.05, 0.05) < 0.8
    assert labels_needed(0.05, 0.05, 0.05) is None


def test_of_a_cluster_at_most_one_item_counts_and_every_item_with_the_same_chance() -> None:
    clusters = [f"c{n // 3}" if n < 3000 else f"d{n}" for n in range(6000)]
    kept = one_of_each(clusters)
    assert len({c for c, k in zip(clusters, kept, strict=True) if k}) == kept.sum()
    assert 0.28 < kept[:3000].mean() < 0.38
    assert 0.28 < kept[3000:].mean() < 0.38
    assert one_of_each(clusters, weigh="clusters").sum() == 4000
    assert one_of_each(["a", "b", "c"]).all()


def test_three_ways_keep_their_lines_apart_and_both_sides_right() -> None:
    world = worlds.good(3000)
    passed = world.approved()
    lines = select(world.scores["quality"], passed, grid_of(world.scores["quality"]), precision=0.9, delta=0.1)
    assert lines.accept is not None
    assert lines.reject is not None
    assert lines.reject < lines.accept
    assert passed[world.scores["quality"] >= lines.accept].mean() > 0.9
    assert passed[world.scores["quality"] <= lines.reject].mean() < 0.1


def test_a_perfect_judge_decides_everything() -> None:
    scores = np.linspace(0, 1, 1000)
    lines = select(scores, (scores >= 0.5).astype(float), grid_of(scores), precision=0.95, delta=0.05)
    assert lines.accept is not None
    assert lines.reject is not None
    assert lines.reject < lines.accept
    assert ((scores >= lines.accept) | (scores <= lines.reject)).mean() > 0.95


def test_several_losses_are_tested_together() -> None:
    p_values = {"precision": np.array([0.001, 0.01, 0.02, 0.3]), "recall": np.array([0.4, 0.02, 0.01, 0.001])}
    assert learn_then_test(p_values, 0.05, first={"recall": -1}).tolist() == [False, True, True, False]
    assert learn_then_test(p_values, 0.1, rule="bonferroni").tolist() == [False, True, True, False]
    assert learn_then_test(p_values, 0.05, rule="fixed").tolist() == [False] * 4
