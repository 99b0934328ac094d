"""The names of a row: fields under their aliases, in maps, in dotted keys; tasks by any of their names."""

from __future__ import annotations

from typing import Any

import pytest
from recjudge.errors import InputError
from recjudge.judge.reading.fields import ALIASES

from rows import problem, sample, units


@pytest.mark.parametrize("alias", ["output", *ALIASES["output"]])
def test_an_output_has_many_names(alias: str) -> None:
    assert sample({alias: "soft"}).output == "soft"


def test_two_names_that_differ_are_a_problem_and_no_choice() -> None:
    found = problem({"completion": "soft", "response": "hard"})
    assert str(found) == (
        "row 1: 'response' and 'completion' both mean 'output' and differ; "
        "drop one of them, or choose: --map output=completion"
    )
    assert sample({"completion": "soft", "response": "soft"}).output == "soft"


def test_a_map_beats_every_alias() -> None:
    record = {"completion": "soft", "response": "hard", "output": "loud"}
    assert sample(record, fields={"output": "response"}).output == "hard"
    assert sample(record, fields={"output": "response"}).meta == {"completion": "soft", "output": "loud"}


def test_a_map_follows_a_dotted_path() -> None:
    record = {"output": "soft", "doc": {"text": "wool", "n": ["socks"]}, "prompt": "x"}
    mapped = sample(record, fields={"context.source": "doc.text", "history": "doc.n", "meta.asked": "prompt"})
    assert mapped.context == {"source": "wool", "history": ["socks"]}
    assert mapped.meta == {"doc": {"text": "wool", "n": ["socks"]}, "asked": "x"}


def test_a_map_to_no_field_names_the_fields() -> None:
    with pytest.raises(InputError, match="--map: 'ouput' is not a field; known: id, task, output"):
        units({"output": "soft"}, fields={"ouput": "text"})


def test_a_map_that_fits_no_record_is_an_error() -> None:
    with pytest.raises(InputError, match="no record has usr, named by --map"):
        units({"task": "text", "output": "soft"}, fields={"group": "usr"})


def test_context_may_stand_beside_the_output() -> None:
    record = {"output": "soft", "history": ["h"], "profile": {"age": 3}, "context": {"now": "2026-01-02", "x": None}}
    assert sample(record).context == {"history": ["h"], "profile": {"age": 3}, "now": "2026-01-02"}
    assert problem({"output": "soft", "now": "2026-01-02", "context": {"now": "2025-01-02"}}).field == "now"


def test_dotted_keys_nest() -> None:
    record = {"output": "soft", "context.item.title": "Hat", "context.item.id": 7, "meta.round": 2}
    assert sample(record).context == {"item": {"title": "Hat", "id": 7}}
    assert (sample(record).item, sample(record).meta) == ("7", {"round": 2})
    assert "dots" in problem({"output": "soft", "context." + "a." * 5000 + "b": 1}).problem


@pytest.mark.parametrize(
    ("given", "item", "context"),
    [
        ({"item": "i7"}, "i7", {}),
        ({"item": 7}, "7", {}),
        ({"item_id": 7}, "7", {}),
        ({"item": {"id": 7, "title": "Hat"}}, "7", {"item": {"id": 7, "title": "Hat"}}),
        ({"item": {"item_id": 7}}, "7", {"item": {"item_id": 7}}),
        ({"item": {"title": "Hat"}}, None, {"item": {"title": "Hat"}}),
        ({"item": "i7", "context": {"item": {"title": "Hat"}}}, "i7", {"item": {"title": "Hat"}}),
        ({"context": {"item": {"id": "i7"}}}, "i7", {"item": {"id": "i7"}}),
        ({"context": {"item": "Hat"}}, None, {"item": "Hat"}),
    ],
)
def test_an_item_is_an_id_or_an_object(given: dict[str, Any], item: str | None, context: dict[str, Any]) -> None:
    found = sample({"output": "soft", **given})
    assert (found.item, found.context) == (item, context)


def test_two_ids_of_one_item_are_a_problem() -> None:
    assert "has several ids" in problem({"output": "soft", "item": "i7", "context": {"item": {"id": "i8"}}}).problem


@pytest.mark.parametrize(
    ("given", "group"),
    [
        ({"group": "g", "user": "u"}, "g"),
        ({"user": "u"}, "u"),
        ({"user_id": 7}, "7"),
        ({"uid": 7.0}, "7"),
        ({"user": {"id": "u", "age": 3}}, "u"),
        ({"user": {"age": 3}, "user_id": 7}, "7"),
        ({}, None),
    ],
)
def test_a_group_is_the_user_unless_said_otherwise(given: dict[str, Any], group: str | None) -> None:
    assert sample({"output": "soft", **given}).group == group


def test_what_no_field_covers_goes_to_meta() -> None:
    assert sample({"output": "soft", "score": 3, "meta": {"score": 4, "a": 1}}).meta == {
        "record.score": 3,
        "score": 4,
        "a": 1,
    }


@pytest.mark.parametrize("name", ["item_tag", "tag", "Item-Tag", " item tags "])
def test_a_task_has_aliases_and_one_canonical_name(name: str) -> None:
    assert sample({"task": name, "output": "golf glove"}).task == "item_tag"


def test_the_argument_is_for_records_that_name_no_task() -> None:
    assert sample({"task": None, "output": "soft"}, task="tag").task == "item_tag"
    assert sample({"task": "text", "output": "soft"}, task="tag").task == "text"
    with pytest.raises(InputError, match="unknown task 'tgas'; known: explanation"):
        units({"output": "soft"}, task="tgas")


def test_a_map_follows_a_place_in_a_list() -> None:
    record = {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "soft wool"}]}
    mapped = sample(record, fields={"output": "messages.-1.content", "prompt": "messages.0.content"})
    assert (mapped.output, mapped.context["prompt"]) == ("soft wool", "Why?")


def test_a_conversation_without_a_map_is_told_which_map() -> None:
    (unit,) = units({"task": "text", "messages": [{"role": "assistant", "content": "soft"}]})
    assert "--map output=messages.-1.content" in str(unit)
    (unit,) = units({"task": "text", "completion": [{"role": "assistant", "content": "soft"}]})
    assert "is a chat message" in str(unit)


def test_a_map_that_leads_nowhere_is_named() -> None:
    found = units({"task": "text", "say": "soft"}, {"task": "text", "answer": "soft"}, fields={"output": "answer"})
    assert "--map output=answer leads nowhere here" in str(found[0])


def test_an_item_given_in_words_is_its_title_and_an_id_is_not() -> None:
    for words in ("Trail shoes with rubber sole", "越野跑鞋"):
        made = sample({"output": "soft", "item": words})
        assert (made.item, made.context["item"]) == (words, words)
    for name in ("B00X-12", "item 12", "sku_17", 17):
        made = sample({"output": "soft", "item": name})
        assert (made.item, dict(made.context)) == (str(name), {})
