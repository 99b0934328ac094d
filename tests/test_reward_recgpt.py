"""The rewards of RecGPT-V2, each against its formula written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recjudge.errors import UsageError
from recjudge.training import Fifo, explanation_rewards, tag_rewards
from recjudge.training.recgpt import accuracy, alignment, band, distance, length, length_of

CATEGORY = {"trail shoes": "shoes", "road shoes": "shoes", "head torch": "lights", "set": ["bags", "lights"]}.get
TAGS = ["trail shoes", "road shoes", "head torch"]


@pytest.mark.parametrize(
    ("tags", "truth", "value"),
    [
        (TAGS, ["shoes", "lights"], 1.0),
        (TAGS, ["shoes", "bags"], 0.5),
        (["trail shoes", "road shoes"], ["lights"], 0.0),
        (["set"], ["bags", "lights", "lights"], 1.0),
        (["of no category"], ["shoes"], 0.0),
        ([], ["shoes"], 0.0),
        (TAGS, [], None),
    ],
)
def test_accuracy_is_the_share_of_true_categories_that_are_hit(tags: list, truth: list, value: float | None) -> None:
    assert accuracy(tags, truth, CATEGORY) == value


def test_alignment_is_a_mean_of_what_is_all_known() -> None:
    assert alignment([0.2, 0.4]) == pytest.approx(0.3)
    assert alignment([0.2, None]) is None
    assert alignment([]) is None


@pytest.mark.parametrize(
    ("size", "value"),
    [(0, 0), (3, 0), (4, 0.5), (5, 0.5), (6, 1), (11, 1), (11.01, 0.5), (12, 0.5), (13, 0.5), (13.01, 0), (14, 0)],
)  # fmt: skip
def test_the_bands_of_length(size: float, value: float) -> None:
    assert band(size) == value


def test_the_unit_of_length_is_the_callers() -> None:
    assert length_of("Waterproof trail-running shoes", "word") == 4
    assert length_of("trail shoes", "character") == 10
    assert length_of("防水越野跑鞋", "word") == length_of("防水越野跑鞋", "character") == 6
    assert length(["one two three four five six", "one"], "word") == 0.5
    assert length([], "word") is None
    with pytest.raises(UsageError, match="known: word, character"):
        length_of("x", "syllable")  # type: ignore[arg-type]


def test_distance_is_the_mean_over_pairs() -> None:
    def cosine(one: str, other: str) -> float:
        rows = [[f" {text} "[at : at + 3] for at in range(len(text))] for text in (one, other)]
        kinds = sorted({gram for row in rows for gram in row})
        a, b = (np.array([row.count(kind) for kind in kinds]) for row in rows)
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    pairs = [(one, other) for place, one in enumerate(TAGS) for other in TAGS[:place]]
    assert distance(TAGS) == pytest.approx(1 - np.mean([cosine(*pair) for pair in pairs]), abs=1e-9)
    assert distance(["one"]) is None
    assert distance(TAGS, metric="embedding_distance") is None  # no embedder was given


def test_tags_earn_accuracy_where_every_gate_is_passed() -> None:
    lists = [TAGS, TAGS, ["trail shoes"] * 2, TAGS, ["trail shoes"]]
    truths = [["shoes", "bags"]] * 5
    told = tag_rewards(
        lists, truths, CATEGORY, [0.9, 0.1, 0.9, None, 0.9], align=0.5, diverse=0.2, long=0.0, unit="word"
    )
    assert told.rewards == (0.5, 0.0, 0.0, None, None)
    assert told.fail_rates == {"alignment": 1 / 3, "diversity": 1 / 3, "length": 0.0}
    strict = tag_rewards(lists, truths, CATEGORY, [0.9] * 5, align=0.5, diverse=0.2, long=0.5, unit="word")
    assert strict.fail_rates["length"] == 1.0


def test_a_full_memory_scores_by_the_papers_formula_and_a_filling_one_not_at_all() -> None:
    memory = Fifo(3)
    assert memory.scores(["red shoes", "red bag"]) == [None, None]
    memory.remember(["dry feet"])
    literal = (math.log(3 / (2 + 1)) + math.log(3 / (0 + 1))) / 2
    assert memory.full
    assert memory.scores(["Red, socks!"]) == [pytest.approx(literal)]
    # the oldest is gone now, and `red socks` came in its place
    assert memory.scores(["shoes"]) == [pytest.approx(math.log(3 / 1))]


def test_completions_of_a_batch_are_held_against_the_memory_before_them() -> None:
    one, other = Fifo(2), Fifo(2)
    for memory in (one, other):
        memory.remember(["red shoes", "dry feet"])
    assert one.scores(["same words", "same words"]) == [pytest.approx(math.log(2))] * 2
    assert other.scores(["red", "new"]) == [pytest.approx(0.0), pytest.approx(math.log(2))]


def test_the_memory_of_the_paper_holds_160() -> None:
    memory = Fifo()
    memory.remember(["words"] * 159)
    assert not memory.full
    memory.remember([" ... ", "words"])
    assert memory.full
    assert memory.scores(["words"])[0] == pytest.approx(math.log(160 / 161))


def test_explanations_earn_alignment_where_they_are_diverse() -> None:
    memory = Fifo(2)
    memory.remember(["red shoes", "red bag"])
    told = explanation_rewards(["dry feet", "red", "warm", "..."], [0.8, 0.9, None, 0.7], memory, diverse=0.5)
    assert told.rewards == (0.8, 0.0, None, None)
    assert told.fail_rates == {"diversity": 0.5}
    with pytest.raises(ValueError, match="1 for 2 texts"):
        explanation_rewards(["a", "b"], [0.5], memory, diverse=0.5)
