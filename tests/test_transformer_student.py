"""A Hugging Face model as a Student: facts that need torch run in an environment of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recjudge import Sample, load_judge, load_rubric
from recjudge.errors import UsageError
from recjudge.judge.student import Tokens, Wording, batches
from recjudge.judge.student.tokens import Marks, tokens_of
from recjudge.training.distilling import Settings
from recjudge.training.distilling.transformer_lots import Rows, addends, dealt, order, useful

from transformer_facts import FACTS
from trl_environment import trl_python

SCRIPT = Path(__file__).parent / "transformer_facts.py"
MARKS = Marks((1,), (), (2,))


@cache
def told() -> dict[str, str]:
    """All facts, in one process: torch takes seconds to start."""
    words = [str(trl_python()), str(SCRIPT), sysconfig.get_path("purelib")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("fact", FACTS)
def test_a_transformer_student(fact: str) -> None:
    assert told()[fact] == ""


def letters(texts: list[str], **_: Any) -> dict[str, list[list[int]]]:
    """A tokenizer: one token a letter."""
    return {"input_ids": [[ord(letter) for letter in text] for text in texts]}


def test_the_context_comes_first_and_is_equal_for_candidates_of_one_context() -> None:
    wording = Wording.of(load_rubric("explanation"))
    context = {"item": {"title": "Ridge shoe"}, "unnamed": "never shown"}
    one, other = (Sample(text, "explanation", text, context) for text in ("a", "b"))
    assert wording.context(one) == wording.context(other)
    assert wording.context(one).endswith("title: Ridge shoe\n\nTo be judged:\n")
    assert "never shown" not in wording.context(one)
    assert (wording.candidate(one), wording.candidate(other)) == ("a", "b")


def test_an_artefact_of_fields_is_one_line_of_json() -> None:
    sample = Sample("1", "intent", {"interest": "tea", "reason": "a\nb"})
    assert Wording.of(load_rubric("intent")).candidate(sample) == '{"interest":"tea","reason":"a\\nb"}'


def test_a_long_context_loses_its_middle_by_steps_so_that_candidates_share_it() -> None:
    context = "".join(chr(1000 + at) for at in range(100))
    short, longer = tokens_of(letters, [(context, "ab"), (context, "abcd")], MARKS, 40)
    assert short is not None
    assert longer is not None
    assert short.prefix == longer.prefix == (1, *range(1000, 1015), *range(1085, 1100))
    assert (short.candidate, short.cut) == ((97, 98, 2), 70)


@pytest.mark.parametrize(("size", "kept"), [(8, 30), (10, 20), (25, 10), (35, 0)])
def test_the_context_makes_room_for_the_candidate_and_never_the_reverse(size: int, kept: int) -> None:
    found = tokens_of(letters, [("c" * 100, "x" * size)], MARKS, 40)[0]
    assert found is not None
    assert (len(found.prefix), len(found.candidate), found.cut) == (1 + kept, size + 1, 100 - kept)


def test_a_candidate_that_is_too_long_is_not_cut() -> None:
    assert tokens_of(letters, [("", "x" * 39), ("", "x" * 38)], MARKS, 40) == [
        None,
        Tokens((1,), (120,) * 38 + (2,), 0),
    ]


def test_batches_hold_each_row_once_within_their_size() -> None:
    rows = [Tokens((1,) * (at % 5), (2,) * (1 + at % 7)) for at in range(50)]
    found = batches(rows, 40)
    assert sorted(place for batch in found for place in batch) == list(range(50))
    for batch in found:
        widest = max(len(rows[at].prefix) for at in batch) + max(len(rows[at].candidate) for at in batch)
        assert len(batch) * widest <= 40


def small_rows() -> Rows:
    """Two columns, three contexts; the third orders nothing."""
    nan = float("nan")
    values = np.array([[0, nan], [1, 1], [1, 0], [0.5, nan], [1, nan], [1, 0], [1, nan]])
    groups = np.array([[0, 0]] * 3 + [[1, 1]] * 2 + [[2, 2]] * 2)
    return Rows((Tokens((1,), (2,)),) * 7, values, groups, ((0, 1, 2), (3, 4), (5, 6)), 0)


def test_contexts_that_order_nothing_teach_the_listwise_loss_nothing() -> None:
    assert useful(small_rows(), "listwise") == [(0, 1, 2), (3, 4)]
    assert useful(small_rows(), "pointwise") == [(0, 1, 2), (3, 4), (5, 6)]


def test_the_loss_is_divided_by_its_addends() -> None:
    assert addends(small_rows(), (0, 1, 2), "listwise") == 3
    assert addends(small_rows(), (0, 1, 2), "pointwise") == 5


def test_the_held_out_order_counts_pairs_of_one_group_and_ties_half() -> None:
    scores = np.zeros((7, 2))
    scores[:, 0] = [0, 1, -1, 0, 0, 0, 0]
    assert order(small_rows(), scores) == ((1 + 0 + 0.5 + 0.5) / 4, 4)


def test_each_epoch_deals_every_context_once_and_parts_large_ones() -> None:
    contexts = [(0, 1, 2, 3, 4), (5, 6), (7, 8)]
    first, second = (dealt(contexts, 3, 0, epoch) for epoch in (0, 1))
    for lots in (first, second):
        assert sorted(place for lot in lots for place in lot) == list(range(9))
        assert max(map(len, lots)) == 3
    assert first != second
    assert first == dealt(contexts, 3, 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"learning_rate": float("nan")}, {"loss": "no"}, {"lora": 0}, {"held_out": 1.0}, {"group_size": 1}],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Settings(**wrong)


def test_without_torch_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    rubric = load_rubric("explanation")
    said = {"format": 1, "kind": "transformer", "rubrics": {"explanation": rubric.id}, "targets": {}, "guards": []}
    (tmp_path / "student.json").write_text(json.dumps({**said, "made": {}, "scorer": {}}))
    with pytest.raises(UsageError, match=r"needs the train extra .*pip install 'recjudge\[train\]'"):
        load_judge(str(tmp_path))
