"""The listwise loss against the paper's formula written out, its gradient against differences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from recjudge.training.distilling import Lists, listwise


def as_printed(scores: Sequence[float], values: Sequence[float], groups: Sequence[int]) -> float:
    """L = - sum over groups, levels above the lowest and their y of log[e^f(y) / (e^f(y) + sum of lower e^f(y'))]."""
    total = 0.0
    for y, level in enumerate(values):
        lower = 0.0
        for other, its_level in enumerate(values):
            if groups[other] == groups[y] and its_level < level:
                lower += math.exp(scores[other])
        if lower:
            total -= math.log(math.exp(scores[y]) / (math.exp(scores[y]) + lower))
    return total


def a_world(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.normal(size=40) * 3, random.integers(0, 5, 40) * 0.5, random.integers(0, 9, 40)


@pytest.mark.parametrize("seed", range(5))
def test_the_loss_is_the_papers(seed: int) -> None:
    scores, values, groups = a_world(seed)
    assert listwise(scores, values, groups)[0] == pytest.approx(as_printed(scores, values, groups), abs=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_is_the_losss(seed: int) -> None:
    scores, values, groups = a_world(seed)
    steps = 1e-5 * np.eye(len(scores))
    told = [
        (listwise(scores + step, values, groups)[0] - listwise(scores - step, values, groups)[0]) / 2e-5
        for step in steps
    ]
    assert listwise(scores, values, groups)[1] == pytest.approx(np.array(told), abs=1e-7)


def test_three_grades_by_hand() -> None:
    loss, _ = listwise(np.zeros(3), np.array([2.0, 1.0, 0.0]), np.zeros(3, int))
    assert loss == pytest.approx(math.log(3) + math.log(2))


def test_samples_of_one_level_do_not_compete() -> None:
    loss, gradient = listwise(np.array([3.0, -1.0]), np.ones(2), np.zeros(2, int))
    assert loss == 0
    assert not gradient.any()


def test_degenerate_groups_are_counted_and_the_unknown_has_no_part() -> None:
    values = np.array([1.0, 1.0, 2.0, math.nan, 0.0, 1.0])
    lists = Lists.of(values, np.array([0, 0, 1, 1, 2, 2]))
    loss, gradient = lists.loss(np.arange(6.0))
    assert (lists.degenerate, lists.groups, lists.terms) == (2, 1, 1)
    assert loss == pytest.approx(math.log1p(math.exp(-1)))
    assert np.flatnonzero(gradient).tolist() == [4, 5]


def test_scores_far_apart_neither_overflow_nor_vanish() -> None:
    loss, gradient = listwise(np.array([1000.0, -800.0, -801.0]), np.array([0.0, 2.0, 1.0]), np.zeros(3, int))
    assert loss == pytest.approx(1800 + 1801)
    assert gradient == pytest.approx([2.0, -1.0, -1.0])


def test_nothing_to_order_is_no_loss() -> None:
    assert listwise(np.zeros(0), np.zeros(0), np.zeros(0, int))[0] == 0


@pytest.mark.parametrize("kind", ["listwise", "pointwise"])
def test_few_samples_and_many_are_fitted_to_the_same_minimum(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from recjudge.training.distilling import fitting

    random = np.random.default_rng(4)
    columns, groups = random.normal(size=(40, 90)), np.repeat(np.arange(10), 4)
    values = (columns[:, 0] + random.normal(size=40) > 0).astype(float) + random.integers(0, 2, 40)
    values[3] = np.nan
    task = fitting.Task(values, 2.0, groups, groups, np.arange(40))
    few = list(fitting._path(columns, task, kind))
    monkeypatch.setattr(fitting, "FEW", 0)
    loss, extra = fitting.LOSSES[kind](columns, task)
    for one, other, shrinkage in zip(few, fitting._path(columns, task, kind), fitting.SHRINKAGE, strict=True):

        def total(weights: NDArray[np.float64], shrinkage: float = shrinkage) -> float:
            """With the best intercept there is."""
            tried = np.linspace(-2, 2, 401) if extra else np.zeros(1)
            ends = [np.append(weights, end)[: len(weights) + extra] for end in tried]
            return min(loss(end)[0] for end in ends) + shrinkage / 2 * float(weights @ weights)

        assert total(one) <= total(other) + 1e-6
        assert total(other) - total(one) < 1e-3
