"""The shapes of artefacts: the papers' keys, snake case, strings, fences, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from recjudge.judge.reading.artefacts import decode, gather, infer_task, shape
from recjudge.judge.reading.problems import Fault


@pytest.mark.parametrize(
    ("artefact", "given", "output"),
    [
        ("intent", {"ID": 1, "Interest": "golf", "Stage": "long", "Reason": "r"},
         {"interest": "golf", "stage": "long", "reason": "r"}),
        ("intent", {"interest": "golf", "evidence": ["h1", 2]}, {"interest": "golf", "evidence": ["h1", "2"]}),
        ("intent", {"interest": "golf", "evidence": "h1", "stage": None}, {"interest": "golf", "evidence": ["h1"]}),
        ("intent", "golf", {"interest": "golf"}),
        ("tag", {"Item Tag": "golf glove", "Interest": "golf", "Reason": "r"},
         {"tag": "golf glove", "interest": "golf", "reason": "r"}),
        ("tag", {"item_tag": "golf glove", "rationale": "r"}, {"tag": "golf glove", "reason": "r"}),
        ("tag", "", {"tag": ""}),
        ("explanation", {"Explation": "soft grip"}, "soft grip"),
        ("explanation", {"explanation": "soft grip"}, "soft grip"),
        ("explanation", {"Explanation": "soft grip"}, "soft grip"),
        ("explanation", {"reason": "soft grip"}, "soft grip"),
        ("explanation", "soft grip", "soft grip"),
        ("text", "a text", "a text"),
        ("text", {"text": "a text"}, "a text"),
    ],
)  # fmt: skip
def test_a_shape_is_read_whichever_keys_the_paper_printed(artefact: str, given: Any, output: Any) -> None:
    assert shape(artefact, given).output == output


@pytest.mark.parametrize(
    ("artefact", "given", "field", "words"),
    [
        ("tag", 3, "", "is a number"),
        ("tag", ["a"], "", "is a list"),
        ("tag", None, "", "is null"),
        ("tag", {"Reason": "r"}, ".tag", "keys found: 'Reason'"),
        ("tag", {}, ".tag", "keys found: none"),
        ("tag", {"tag": None}, ".tag", "is null"),
        ("tag", {"tag": "a", "Interest": 4}, ".Interest", "is a number, not a string"),
        ("tag", {"tag": "a", "Item Tag": "b"}, ".Item Tag", "'tag' say different things"),
        ("intent", {"interest": ["golf"]}, ".interest", "is a list"),
        ("intent", {"interest": "golf", "evidence": [{"id": 1}]}, ".evidence[1]", "is an object"),
        ("explanation", {"Explanation": True}, ".Explanation", "is true or false"),
    ],
)
def test_a_wrong_shape_names_the_key_and_shows_an_example(artefact: str, given: Any, field: str, words: str) -> None:
    with pytest.raises(Fault) as fault:
        shape(artefact, given)
    assert fault.value.field == field
    assert words in fault.value.problem
    assert fault.value.remedy


def test_two_spellings_that_agree_are_one() -> None:
    assert shape("tag", {"tag": "a", "Item Tag": "a"}).output == {"tag": "a"}


def test_keys_no_shape_knows_are_kept_apart() -> None:
    shaped = shape("explanation", {"explanation": "soft grip", "reason": "why", "score": 3})
    assert (shaped.output, shaped.extra) == ("soft grip", {"score": 3, "reason": "why"})


def test_a_tag_and_an_explanation_bring_their_own_interest() -> None:
    assert shape("tag", {"tag": "golf glove", "interest": "golf"}).interest == "golf"
    assert shape("explanation", {"Explation": "soft grip", "Interest": "golf"}).interest == "golf"
    assert shape("intent", {"interest": "golf"}).interest is None


@pytest.mark.parametrize("wrap", ["{}", "  {}\n", "```json\n{}\n```", "```\n{}\n```", "```JSON {}```"])
def test_json_in_a_string_is_decoded_bare_or_fenced(wrap: str) -> None:
    value = [{"Item Tag": "golf glove"}]
    assert decode("tag", wrap.replace("{}", json.dumps(value))) == value


@pytest.mark.parametrize(
    "text", ["[Limited] golf glove", "{soft} grip", "`soft` grip", "", "  ", "[1", '"quoted"', "42"]
)
def test_a_string_that_is_no_json_stays_as_written(text: str) -> None:
    assert decode("explanation", text) == text


def test_a_cut_reply_is_not_a_tag() -> None:
    with pytest.raises(Fault, match="starts like JSON but is cut short"):
        decode("tag", '[{"Item Tag": "golf glove"}, {"Item T')


def test_a_text_is_never_taken_for_json() -> None:
    assert decode("text", '{"tag": "golf glove"}') == '{"tag": "golf glove"}'


def test_artefact_keys_beside_the_id_are_gathered() -> None:
    record = {"ID": 1, "user": "u1", "Interest": "golf", "Stage": "long"}
    assert gather("intent", record) == {"ID": 1, "Interest": "golf", "Stage": "long"}
    assert gather("tag", record) is None
    assert gather("text", {"text": "may be the source"}) is None


@pytest.mark.parametrize(
    ("value", "task"),
    [
        ({"Item Tag": "a"}, "item_tag"),
        ([{"Item Tag": "a"}], "item_tag"),
        ({"Explation": "a"}, "explanation"),
        ({"Interest": "a", "Stage": "b"}, "intent"),
        ({"Interest": "a"}, None),
        ({"tag": "a"}, None),
        ("a", None),
        ([], None),
    ],
)
def test_only_the_papers_own_keys_give_a_task_away(value: Any, task: str | None) -> None:
    assert infer_task(value) == task
