"""The learned grammar signal: odder when corrupted, the same in any company, silent where it cannot tell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recjudge.judge.embedded.embedding import missing
from recjudge.judge.embedded.learned.grammar import LEAST_TOKENS, MEANINGS, odd, odd_columns, packed, read_out, unpacked
from recjudge.judge.embedded.learned.states import States

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

CLEAN = "The committee will discuss the plan for the new library on Monday."
WRONG = (
    "The committee will discuss the plan for for the new library on Monday.",
    "The committee the discuss will plan for of new library on Monday.",
    "Committee the will discuss plan the for library new on the.",
)


@pytest.fixture(scope="module")
def states() -> States:
    return States()


def test_a_corrupted_sentence_is_odder_than_the_clean_one(states: States) -> None:
    clean, *wrong = (one.share for one in odd([CLEAN, *WRONG], states))
    assert all(share > clean for share in wrong)


def test_the_evidence_quotes_words_of_the_sentence(states: States) -> None:
    (found,) = odd([WRONG[2]], states)
    assert found.quote
    assert found.quote in WRONG[2]


def test_a_sentence_is_as_odd_alone_as_among_others(states: States) -> None:
    alone = odd([WRONG[1]], States())
    assert odd([CLEAN * 4, WRONG[1], "Good."], states)[1].share == pytest.approx(alone[0].share, abs=2e-3)


@pytest.mark.parametrize("text", ["Great fit.", "", "9"])
def test_too_few_tokens_have_no_oddness(states: States, text: str) -> None:
    (found,) = odd([text], states)
    assert math.isnan(found.share)
    assert found.quote == ""


def test_a_text_without_sentences_long_enough_has_no_columns(states: States) -> None:
    assert all(map(math.isnan, odd_columns("Yes. No.", states)))


def test_the_oddest_sentence_is_no_less_odd_than_the_average(states: States) -> None:
    found = dict(zip(MEANINGS, odd_columns(f"{CLEAN} {WRONG[2]}", states), strict=True))
    assert found["odd_most"] > found["odd_mean"] > found["odd_least"]


def test_tokens_have_a_score_each(states: States) -> None:
    (read,) = states.of([CLEAN])
    scores, _, values = read_out(read)
    assert len(scores) == len(read.ids) >= LEAST_TOKENS
    assert values[-2] == scores.max()


def test_packed_rows_come_back_within_half_a_step() -> None:
    rows = np.random.default_rng(0).normal(size=(3, 50)) * [[1.0], [10.0], [0.1]]
    found = unpacked(packed(rows))
    assert (np.abs(found - rows) <= np.abs(rows).max(1, keepdims=True) / 127 / 2 * 1.001).all()
