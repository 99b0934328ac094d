"""Pairs and listwise groups: who competes with whom, what a margin is, what has nothing to order."""

from __future__ import annotations

from typing import Any

import pytest
from recjudge.judge import Grade
from recjudge.training import Form, Row, cover_of_policy

import filtered as made
from exported import average, one, written


def ordered(rows: list[Row], form: Form = Form(), **more: Any) -> list[tuple[str, str]]:  # noqa: B008 - frozen
    return [(row["chosen_id"], row["rejected_id"]) for row in written(rows, "dpo", form, **more).rows]


def test_the_chosen_one_has_the_better_grade_widest_margin_first() -> None:
    rows = [average("b"), one("c", 0.1), one("a", 0.9)]
    assert ordered(rows) == [("a", "c"), ("b", "c"), ("a", "b")]


def test_a_margin_is_the_difference_of_the_judges_quality() -> None:
    row = written([one("a", 0.9), one("c", 0.2)], "dpo").rows[0]
    assert (row["margin"], row["source"]) == (0.7, "llm")


def test_only_what_answers_one_prompt_of_one_user_and_item_is_compared() -> None:
    rows = [
        one("a", group="u1", item="i1"), one("b", 0.1, group="u2", item="i1"), one("c", 0.1, group="u1", item="i2"),
        one("d", 0.1, "Say more.", group="u1", item="i1"),
    ]  # fmt: skip
    assert ordered(rows) == []
    assert ordered([*rows, one("e", 0.1, group="u1", item="i1")]) == [("a", "e")]


def test_a_margin_filter_leaves_out_close_pairs_and_counts_them() -> None:
    found = written([one("a", 0.9), average("b", 0.8), one("c", 0.1)], "dpo", Form(margin=0.5))
    assert [(row["chosen_id"], row["rejected_id"]) for row in found.rows] == [("a", "c"), ("b", "c")]
    assert found.left_out == {"pairs: margin below 0.5": 1}


def test_a_border_is_met_by_a_margin_that_is_it() -> None:
    assert ordered([one("a", 0.7), average("b", 0.4)], Form(margin=0.3)) == [("a", "b")]


def test_a_judge_that_contradicts_itself_makes_no_pair_but_people_may_contradict_it() -> None:
    rows = [one("a", 0.7), average("b", 0.8)]
    assert written(rows, "dpo", Form()).left_out == {"pairs: the better grade has the lower quality": 1}
    people = {"a": Grade.SUPERIOR, "b": Grade.BAD}
    row = written(rows, "dpo", Form(), people=people).rows[0]
    assert (row["chosen_id"], row["source"], row["margin"]) == ("a", "human", pytest.approx(-0.1))


def test_peoples_word_is_not_held_against_the_judges() -> None:
    found = written([one("a", 0.9), one("c", 0.2)], "dpo", Form(), people={"a": Grade.SUPERIOR})
    assert found.left_out == {"pairs: one grade by people, one by the judge": 1}


def test_a_context_gives_at_most_so_many_pairs() -> None:
    rows = [one(f"a{n}") for n in range(3)] + [one(f"c{n}", 0.1) for n in range(3)]
    found = written(rows, "dpo", Form(most=2))
    assert len(found.rows) == 2
    assert found.left_out == {"pairs: beyond 2 a context": 7}
    assert len(ordered(rows, Form(most=None))) == 9


def test_the_same_text_is_never_chosen_and_rejected() -> None:
    assert ordered([one("a", text="Same."), one("c", 0.1, text="Same.")]) == []


def test_listwise_rows_hold_the_completions_of_each_grade() -> None:
    rows = [one("a", text="A."), average("b", text="B."), one("c", 0.1, text="C."), one("d", 0.1, text="D.")]
    row = written(rows, "listwise", Form(conversational=False)).rows[0]
    assert (row["S"], row["A"], row["B"]) == (["A."], ["B."], ["C.", "D."])
    assert (row["S_id"], row["B_id"], row["context"]) == (["a"], ["c", "d"], "Say it.\n\n")


def test_a_context_of_one_grade_is_counted_and_left_out() -> None:
    rows = [one("a"), one("b"), one("c", 0.1, "Else?")]
    for format in ("dpo", "listwise"):
        found = written(rows, format)
        assert not found.rows
        assert found.left_out == {"contexts: one grade only, nothing to order": 2}


def test_under_a_policy_only_what_it_accepts_is_chosen() -> None:
    cover = cover_of_policy(made.policy(), now=made.NOW)
    found = written([one("a"), average("b", 0.3), one("c", 0.1)], "dpo", Form(), cover=cover)
    assert [(row["chosen_id"], row["chosen_policy"]) for row in found.rows] == [("a", cover.digest)] * 2
    assert found.left_out == {"pairs: the chosen one is not accepted": 1}
