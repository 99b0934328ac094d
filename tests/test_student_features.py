"""A Student's features: what they say of plain examples, and that no text breaks them."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge import Sample, load_rubric
from recjudge.judge.student import Stem
from recjudge.judge.student.features import FEATURES, VERSION, names_for, vectors

SOURCE = "The council met on Monday. It chose a new mayor, Ann Lee, by 12 votes to 3. Rain fell all week in the valley."
EVENTS = [{"id": f"h{day}", "time": f"2026-03-{day:02d}", "title": "gongfu tea set", "action": "buy"} for day in (1, 9)]
SHOE = {"title": "Ridge trail shoe", "material": "waterproof mesh", "weight": "280 g"}
GOLDEN = (
    Sample("a", "text", "The council chose a new mayor, Bob Ray. it met on Friday .", {"source": SOURCE}),
    Sample("b", "text", "会议选出新市长。雨下了一周,一周。", {"source": "星期一开会,选出了新市长。山谷里雨下了一周。"}),
    Sample(
        "c", "explanation", "Waterproof mesh (only 300 g) keeps your feet dry!", {"item": SHOE, "interest": "hikes"}
    ),
    Sample("d", "item_tag", {"tag": "white tea set", "reason": "bought tea"}, {"history": EVENTS, "interest": "tea"}),
    Sample("e", "intent", {"interest": "tea", "reason": "h1, h9", "evidence": ["h1", "h9"]}, {"history": EVENTS}),
)
TASKS = ("text", "explanation", "item_tag", "intent")


def _of(text: str, *names: str, task: str = "text", **context: Any) -> list[float]:
    return list(vectors([Sample("a", task, text, context)], names)[0])


def test_what_is_copied_from_the_source_and_what_is_new() -> None:
    names = ("source_coverage", "source_copied_sentences", "source_new_names", "source_new_numbers", "source_copy")
    assert _of("The council met on Monday.", *names, source=SOURCE) == [1, 1, 0, 0, 1]
    found = _of("The council met on Monday. We saw Bob Ray win 40 votes.", *names, source=SOURCE)
    assert found == pytest.approx([6 / 12, 1 / 2, 2, 1, 5 / 12])


def test_sentences_out_of_the_sources_order_are_seen() -> None:
    right = "The council met on Monday. Rain fell in the valley."
    wrong = "Rain fell in the valley. The council met on Monday."
    names = ("source_sentence_order", "source_first_sentence")
    assert _of(right, *names, source=SOURCE) == [1, 0]
    assert _of(wrong, *names, source=SOURCE) == pytest.approx([0, 2 / 3])


def test_repetition_and_leftovers_of_tokenisation_are_counted() -> None:
    names = ("repeated_pairs", "doubled_words", "loose_marks", "debris", "lower_starts", "unfinished")
    clean = _of("A kettle for the train, light and quiet.", *names)
    broken = _of("a kettle . a kettle kettle -lrb- <unk> did n't", *names)
    assert clean == [0, 0, 0, 0, 0, 0]
    assert all(value > 0 for value in broken)


def test_an_explanation_is_held_against_the_items_fields() -> None:
    names = ("item_fields", "title_precision", "item_claims", "item_new_numbers")
    text = "Waterproof mesh on a trail shoe, size 44"
    assert _of(text, *names, task="explanation", item=SHOE) == pytest.approx([2 / 3, 2 / 5, 1 / 2, 1])


def test_an_intent_counts_its_evidence_and_the_days_it_spans() -> None:
    row = vectors([GOLDEN[4]], ["evidence", "evidence_days", "evidence_related", "evidence_share"])[0]
    assert list(row) == [2, 8, 1, 1]


def test_what_a_sample_lacks_is_nan_and_never_a_number() -> None:
    row = dict(zip(names_for(load_rubric("text")), _of("A kettle.", *names_for(load_rubric("text"))), strict=True))
    assert all(math.isnan(value) for name, value in row.items() if name.startswith("source_"))
    assert (row["has_source"], row["words"]) == (0, 2)


@pytest.mark.parametrize("task", TASKS)
def test_a_rubrics_features_are_known_and_each_has_a_meaning(task: str) -> None:
    names = names_for(load_rubric(task))
    assert len(names) == len(set(names)) >= 60
    assert all(len(FEATURES[name].meaning) > 8 and FEATURES[name].name == name for name in names)


def test_a_row_does_not_depend_on_the_batch() -> None:
    names = tuple(FEATURES)
    together = vectors(GOLDEN, names)
    alone = np.vstack([vectors([sample], names) for sample in reversed(GOLDEN)])[::-1]
    assert np.array_equal(together, alone, equal_nan=True)


TEXTS = st.one_of(st.text(max_size=200), st.text("a。.,!? \n我茶🫖'\"(-1", max_size=60))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, other=TEXTS, task=st.sampled_from(TASKS))
def test_every_text_has_finite_features_or_nan(text: str, other: str, task: str) -> None:
    output = {"tag": text, "interest": text, "reason": other} if task in ("item_tag", "intent") else text
    context = dict.fromkeys(("source", "interest", "now"), other) | dict.fromkeys(("prompt", "profile"), text)
    context |= {"item": {"title": other, "x": text}, "history": [other]}
    row = vectors([Sample("a", task, output, context)], tuple(FEATURES))[0]
    assert not np.isinf(row).any()


@pytest.mark.parametrize("text", ["a " * 50_000, "茶" * 60_000, "a. " * 40_000, "x" * 300_000, "(\n" * 50_000])
def test_a_text_of_any_length_is_read_up_to_its_bound(text: str) -> None:
    names = names_for(load_rubric("text"))
    row = vectors([Sample("a", "text", text, {"source": text})], names)[0]
    assert row[names.index("words")] <= 20_000


def test_a_new_meaning_needs_a_new_version() -> None:
    """When it fails: raise `VERSION` (weights trained on the old values are wrong now) and pin the new digest."""
    names = sorted(FEATURES)
    rows = [[None if math.isnan(x) else float(f"{x:.9g}") for x in row] for row in vectors(GOLDEN, names).tolist()]
    digest = hashlib.sha256(json.dumps([names, rows]).encode()).hexdigest()[:16]
    assert (VERSION, digest) == (3, "e3a33ed98897cd3a")


def test_hinges_stand_feature_by_feature_as_in_a_plain_loop() -> None:
    stem = Stem(("a", "b", "c"), (1.0, 2.0, 0.0), (2.0, 0.5, 1.0), ((-1.0, 0.5), (), (0.0,)), ())
    raw = np.array([[3.0, 2.25, 99.0], [math.nan, -50.0, -1.0]])
    expected = []
    for row in raw:
        z = [
            0.0 if x != x else max(-4.0, min(4.0, (x - c) / s))
            for x, c, s in zip(row, (1, 2, 0), (2, 0.5, 1), strict=True)
        ]
        expected.append(z + [max(0.0, z[at] - knot) for at, knots in enumerate(stem.knots) for knot in knots])
    assert stem.columns(raw).tolist() == expected
