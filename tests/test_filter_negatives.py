"""Negatives by shuffling: every output beside a context it was not written for, unless it matches by accident."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recjudge.errors import UsageError
from recjudge.training import Row, shuffle_negatives

from filtered import row, word


def pairs(n: int, **more: object) -> list[Row]:
    return [
        row(f"r{k}", text=f"{word(k)} {word(k + 50)} {word(k + 99)}", group=f"u{k}", item=f"i{k}",
            context={"interest": word(k + 1000), "k": k}, **more)
        for k in range(n)
    ]  # fmt: skip


def test_every_output_gets_the_context_of_another_row_whole() -> None:
    rows = {one.sample.id: one.sample for one in pairs(30)}
    found = shuffle_negatives(pairs(30), "relevance", seed=1)
    assert len(found.negatives) == 30
    for one in found.negatives:
        own, other = rows[one.output_of], rows[one.context_of]
        assert own.id != other.id
        assert (one.sample.output, one.sample.context) == (own.output, other.context)
        assert (one.sample.group, one.sample.item, one.sample.system) == (other.group, other.item, None)
        assert one.dimension == one.sample.meta["negative"] == "relevance"
    assert len({one.context_of for one in found.negatives}) == 30


def test_pairs_that_match_by_accident_are_left_out_and_counted() -> None:
    one, other = pairs(2)
    cases = {
        "same group": replace(other.sample, group="u0"),
        "same item": replace(other.sample, item="i0"),
        "same interest": replace(other.sample, context={"interest": one.sample.context["interest"].upper() + "!"}),
        "near-duplicate output": replace(other.sample, output=f"{one.sample.output}."),
        "same context": replace(other.sample, context={"k": 0}),
    }
    for why, sample in cases.items():
        first = replace(one.sample, context={"k": 0}) if why == "same context" else one.sample
        found = shuffle_negatives([Row(first, one.verdict), Row(sample, other.verdict)], "relevance")
        assert found.negatives == ()
        assert found.reasons == {why: 2}
        assert {match[:2] for match in found.matched} == {("r0", "r1"), ("r1", "r0")}


def test_negatives_and_matches_add_up_to_the_rows() -> None:
    rows = [Row(replace(one.sample, group=f"u{place % 4}"), one.verdict) for place, one in enumerate(pairs(40))]
    found = shuffle_negatives(rows, "relevance", seed=3)
    assert len(found.negatives) + len(found.matched) == 40
    # about one pair of four shares the user
    assert 3 <= found.reasons["same group"] <= 20


def test_tasks_are_not_mixed_and_a_row_alone_is_counted() -> None:
    rows = pairs(5)
    lone = Row(replace(rows[4].sample, task="explanation"), replace(rows[4].verdict, task="explanation"))
    found = shuffle_negatives([*rows[:4], lone], "relevance")
    assert found.alone == 1
    assert "r4" not in {one.context_of for one in found.negatives}


def test_the_seed_draws_the_pairs() -> None:
    first, again, other = (shuffle_negatives(pairs(20), "relevance", seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_a_dimension_that_no_verdict_has_is_an_error() -> None:
    with pytest.raises(UsageError, match="no verdict has a dimension 'charm'; known: relevance"):
        shuffle_negatives(pairs(3), "charm")
    assert shuffle_negatives([], "charm").negatives == ()
