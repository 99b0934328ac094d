"""Answers of the decisions endpoints: distributions over the question's own labels, or a fault."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from recjudge.errors import ProviderFault
from recjudge.judge.providers import Question, Reply
from recjudge.judge.providers.decisions import read_decisions, read_systemone, systemone_body

from servers.asking import DECIDE, ask, fault

NAMES = ["openai-decisions/m", "compatible/m?endpoint=decisions", "compatible/m?endpoint=systemone"]
ONE = replace(DECIDE, questions=DECIDE.questions[1:])


def _read(*rows: tuple[Any, Any], **more: Any) -> Reply:
    answer = {"type": "score", "probabilities": [{"label": label, "probability": p} for label, p in rows], **more}
    return read_decisions(json.dumps({"model": "m", "answers": [answer]}).encode(), ONE)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_gets_a_distribution_over_its_labels(name: str) -> None:
    answers = ask(name, DECIDE).answers
    assert answers is not None
    for question in DECIDE.questions:
        odds = answers[question.name]
        assert odds is not None
        assert list(odds) == [label for label, _ in question.levels]
        assert sum(odds.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", NAMES)
def test_a_refused_question_leaves_the_others_answered(name: str) -> None:
    model, _, query = name.partition("?")
    answers = ask(f"{model}!refuse-question?{query}", DECIDE).answers
    assert answers is not None
    assert answers["relevance"] is None
    assert answers["clarity"] is not None


@pytest.mark.parametrize("name", NAMES)
def test_probabilities_of_strange_labels_are_out_of_range(name: str) -> None:
    model, _, query = name.partition("?")
    assert fault(f"{model}!bad-answers?{query}", DECIDE).status == "out_of_range"


def test_probabilities_rounded_to_two_decimals_are_made_whole() -> None:
    reply = _read(("poor", 0.33), ("good", 0.66))
    assert reply.answers == {"clarity": {"poor": pytest.approx(1 / 3), "good": pytest.approx(2 / 3)}}


@pytest.mark.parametrize(
    "rows",
    [
        (), (("poor", 1.0),), (("poor", 0.5), ("good", 0.2)), (("poor", 0.5), ("good", True)),
        (("poor", "0.5"), ("good", 0.5)), (("poor", -0.5), ("good", 1.5)), (("poor", None), ("good", 1.0)),
        (("poor", 0.5), ("great", 0.5)), (("Poor", 0.5), ("good", 0.5)),
    ],
)  # fmt: skip
def test_what_is_no_distribution_over_the_labels_is_refused(rows: tuple[tuple[Any, Any], ...]) -> None:
    with pytest.raises(ProviderFault) as caught:
        _read(*rows)
    assert caught.value.status == "out_of_range"


def test_an_answer_to_another_question_is_refused() -> None:
    with pytest.raises(ProviderFault, match="clarity"):
        _read(("poor", 0.5), ("good", 0.5), name="beauty")


def test_the_text_of_a_decisions_reply_is_its_answers() -> None:
    reply = _read(("poor", 0.25), ("good", 0.75))
    assert json.loads(reply.text) == {"clarity": {"poor": 0.25, "good": 0.75}}


def test_a_scale_too_long_for_a_system_one_score_is_asked_as_a_choice() -> None:
    levels = tuple((f"level{number}", f"words {number}") for number in range(11))
    prompt = replace(DECIDE, questions=(Question("long", "How?", levels),))
    asked = systemone_body("m", prompt)["questions"]["long"]
    assert (asked["type"], asked["criteria"]["level3"]) == ("choice", "words 3")
    odds = {label: 1 / 11 for label, _ in levels}
    answers = {"long": {"type": "choice", "probabilities": odds}}
    reply = read_systemone(json.dumps({"answers": answers}).encode(), prompt)
    assert reply.answers is not None
    assert reply.answers["long"] == pytest.approx(odds)
