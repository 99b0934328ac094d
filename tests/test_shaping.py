"""Shaped rewards: gates, the sum beside them, sweeps, and what a group-relative trainer can learn from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recjudge.training import Gate, Groups, group_facts, shaped, summed, sweep

VALUE = st.one_of(st.none(), st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0]))
SIGNED = st.one_of(st.none(), st.floats(-2, 2))


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[float | None], list[Gate]]:
    """Main rewards and up to three gates."""
    size = draw(st.integers(0, 12))
    gates = [
        Gate(f"g{place}", draw(st.lists(SIGNED, min_size=size, max_size=size)), draw(st.floats(-1, 1)))
        for place in range(draw(st.integers(0, 3)))
    ]
    return draw(st.lists(VALUE, min_size=size, max_size=size)), gates


@given(batches())
def test_a_reward_is_none_exactly_where_something_is_unknown_and_zero_exactly_where_a_gate_fails(batch: tuple) -> None:
    main, gates = batch
    for place, reward in enumerate(shaped(main, gates).rewards):
        values = [gate.values[place] for gate in gates]
        if main[place] is None or None in values:
            assert reward is None
        elif any(value < gate.threshold for value, gate in zip(values, gates, strict=True)):
            assert reward == 0
        else:
            assert reward == main[place]


@given(batches())
def test_the_sum_knows_what_the_gates_know_and_none_never_becomes_a_number(batch: tuple) -> None:
    main, gates = batch
    gated, added = shaped(main, gates), summed(main, gates)
    assert [reward is None for reward in added.rewards] == [reward is None for reward in gated.rewards]
    assert (added.judged, added.unjudged) == (gated.judged, gated.unjudged)
    assert str(added.fail_rates) == str(gated.fail_rates)


def test_shaping_is_the_product_of_the_paper() -> None:
    rng = np.random.default_rng(7)
    main, align, spread = rng.random((3, 200))
    told = shaped(list(main), [Gate("align", list(align), 0.4), Gate("spread", list(spread), 0.7)])
    literal = main * (align >= 0.4) * (spread >= 0.7)
    assert told.rewards == tuple(literal)
    assert told.fail_rates == {"align": np.mean(align < 0.4), "spread": np.mean(spread < 0.7)}
    assert told.failed == np.mean((align < 0.4) | (spread < 0.7))
    assert told.zero_share == np.mean(literal == 0)
    assert told.mean == pytest.approx(literal.mean())


def test_a_value_at_the_threshold_passes() -> None:
    assert shaped([0.3], [Gate("g", [0.5], 0.5)]).rewards == (0.3,)


def test_shares_are_of_the_judged() -> None:
    told = shaped([1.0, 1.0, None, 0.0], [Gate("g", [0.0, 1.0, 0.0, 1.0], 0.5)])
    assert told.rewards == (0.0, 1.0, None, 0.0)
    assert (told.judged, told.unjudged) == (3, 1)
    assert (told.fail_rates["g"], told.failed, told.zero_share) == (1 / 3, 1 / 3, 2 / 3)


def test_where_nothing_is_judged_shares_are_undefined() -> None:
    told = shaped([None], [Gate("g", [1.0], 0.5)])
    assert told.rewards == (None,)
    assert all(map(math.isnan, (told.fail_rates["g"], told.failed, told.zero_share, told.mean)))


def test_the_sum_is_weighted_and_a_weight_left_out_is_one() -> None:
    gates = [Gate("a", [0.5, None], 0.9), Gate("b", [2.0, 1.0], 0.0)]
    assert summed([1.0, 1.0], gates, {"b": 0.25}).rewards == (2.0, None)
    assert summed([-1.0, 0.0], gates).rewards == (1.5, None)


def test_a_sweep_tries_every_combination_and_leaves_other_gates_alone() -> None:
    gates = [Gate("a", [0.1, 0.9], 0.0), Gate("b", [0.5, 0.5], 0.0), Gate("c", [1.0, 1.0], 0.5)]
    rows = sweep([1.0, 1.0], gates, {"a": [0.0, 0.5], "b": [0.4, 0.6]})
    assert [row.thresholds for row in rows] == [
        {"a": one, "b": other, "c": 0.5} for one in (0.0, 0.5) for other in (0.4, 0.6)
    ]
    assert [row.shaped.rewards for row in rows] == [(1.0, 1.0), (0.0, 0.0), (0.0, 1.0), (0.0, 0.0)]


@given(batches(), st.floats(-1, 1), st.floats(-1, 1))
def test_a_higher_threshold_never_fails_fewer(batch: tuple, one: float, other: float) -> None:
    main, gates = batch
    if gates:
        low, high = sweep(main, gates, {"g0": sorted([one, other])})
        assert not high.shaped.fail_rates["g0"] < low.shaped.fail_rates["g0"]


def test_groups_without_a_difference_have_no_advantage() -> None:
    rewards = [0.0, 0.0, 0.2, 0.4, None, 0.7, None, None, 0.1 + 0.2, 0.3]
    facts = group_facts(rewards, [place // 2 for place in range(10)])
    assert facts == Groups(n=5, empty=1, alone=1, flat=2)
    assert facts.zero_advantage == 0.8
    assert math.isnan(group_facts([], []).zero_advantage)


def test_zero_advantage_groups_are_those_whose_literal_advantages_are_all_zero() -> None:
    rng = np.random.default_rng(3)
    rewards = rng.choice([0.0, 0.5, 1.0], (300, 4)) * (rng.random((300, 4)) > 0.6)
    literal = np.all(rewards - rewards.mean(axis=1, keepdims=True) == 0, axis=1)
    facts = group_facts(list(rewards.ravel()), list(np.repeat(np.arange(300), 4)))
    assert facts.zero_advantage == literal.mean()


def test_gates_make_groups_flat_and_say_so() -> None:
    told = shaped([0.2, 0.4, 0.6, 0.8], [Gate("g", [0, 0, 1, 1], 0.5)], groups=["p", "p", "q", "q"])
    assert told.groups == Groups(n=2, empty=0, alone=0, flat=1)


@pytest.mark.parametrize(
    ("main", "gates", "words"),
    [
        ([-0.1], [], "shift the main reward"),
        ([math.nan], [], "give None"),
        ([1.0], [Gate("g", [math.inf], 0)], "give None"),
        ([1.0], [Gate("g", [1.0, 1.0], 0)], "'g' has 2 values for 1"),
        ([1.0], [Gate("g", [1.0], 0), Gate("g", [1.0], 0)], "two have one name"),
        ([1.0], [Gate("g", [1.0], math.nan)], "no number to reach"),
    ],
)
def test_what_cannot_be_shaped_is_refused(main: list, gates: list, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        shaped(main, gates)


def test_unknown_names_and_wild_grids_are_refused() -> None:
    gates = [Gate("g", [1.0], 0.5)]
    with pytest.raises(ValueError, match="no gate is named 'h'; there are g"):
        summed([1.0], gates, {"h": 1})
    with pytest.raises(ValueError, match="no gate is named 'h'"):
        sweep([1.0], gates, {"h": [1]})
    with pytest.raises(ValueError, match="0 combinations"):
        sweep([1.0], gates, {"g": []})
    with pytest.raises(ValueError, match="20000 combinations"):
        sweep([1.0], gates, {"g": [0.5] * 20_000})
    with pytest.raises(ValueError, match="2 names for 1 rewards"):
        shaped([1.0], gates, groups=["a", "b"])
