"""Rows to samples: names of fields, tasks, lists, what is judgeable and what is listed, and that nothing vanishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas
import pytest
from recjudge.errors import InputError
from recjudge.judge.reading.fields import ALIASES
from recjudge.judge.reading.samples import Problem, SampleSet, Tally, Unit, read, samples_from
from recjudge.judge.records import Sample
from recjudge.rubrics import by_task, load_rubric, rubric_names

TASKS = by_task(load_rubric(name) for name in rubric_names())


def units(*records: Any, **how: Any) -> list[Unit]:
    return list(samples_from(list(records), tasks=TASKS, **how))


def sample(record: dict[str, Any], **how: Any) -> Sample:
    (unit,) = units({"task": "explanation", **record}, **how)
    assert isinstance(unit, Sample), str(unit)
    return unit


def problem(record: dict[str, Any], **how: Any) -> Problem:
    (unit,) = units({"task": "explanation", **record}, **how)
    assert isinstance(unit, Problem), str(unit)
    return unit


def from_lines(folder: Path, *lines: str | bytes, **how: Any) -> list[Unit]:
    path = folder / "outputs.jsonl"
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines))
    return list(read(path, tasks=TASKS, **how))


# A golden table: what one line with this text in place of the output (or the whole line) becomes.
GOLDEN = [
    ('{"id": 1, "task": "explanation", "output": "soft"}', "soft"),
    ('{"id": 1, "task": "explanation", "output": ""}', ""),
    ('{"id": 1, "task": "explanation", "output": " "}', " "),
    ('{"id": 1, "task": "explanation", "output": {"Explation": ""}}', ""),
    ('{"id": 1, "task": "explanation"}', "'output' is missing (keys found: 'id', 'task')"),
    ('{"id": 1, "task": "explanation", "output": null}', "'output' is null"),
    ('{"id": 1, "task": "explanation", "output": NaN}', "holds NaN"),
    ('{"id": 1, "task": "explanation", "output": 3}', "'output' is a number"),
    ('{"id": 1, "task": "explanation", "output": true}', "'output' is true or false"),
    ('{"id": 1, "task": "explanation", "output": []}', "'output' is an empty list"),
    ('{"id": 1, "task": "explanation", "output": "[]"}', "'output' is an empty list"),
    ('{"id": 1, "task": "explanation", "output": {}}', "'output.explanation' is missing"),
    ('{"id": 1, "task": "explanation", "output": {"explanation": null}}', "'output.explanation' is null"),
    ('{"id": null, "task": "explanation", "output": "soft"}', "soft"),
    ('{"task": "explanation", "output": "soft"}', "soft"),
    ('{"id": "", "task": "explanation", "output": "soft"}', "'id' is an empty string"),
    ('{"id": 1.5, "task": "explanation", "output": "soft"}', "'id' is a number (1.5)"),
    ('{"id": 99999999999999999999, "task": "explanation", "output": "soft"}', "'id' is a number"),
    ('{"id": [1], "task": "explanation", "output": "soft"}', "'id' is a list"),
    ('{"id": true, "task": "explanation", "output": "soft"}', "'id' is true or false"),
    ('{"id": 1, "output": "soft"}', "'task' is missing"),
    ('{"id": 1, "task": null, "output": "soft"}', "'task' is missing"),
    ('{"id": 1, "task": "", "output": "soft"}', "'task' '' is unknown; known: explanation, intent, item_tag, text"),
    ('{"id": 1, "task": 7, "output": "soft"}', "'task' is a number"),
    ('{"id": 1, "task": "explanation", "output": "soft", "context": null}', "soft"),
    ('{"id": 1, "task": "explanation", "output": "soft", "context": []}', "'context' is a list, not an object"),
    ('{"id": 1, "task": "explanation", "output": "soft", "context": "a b"}', "--map context.source=context"),
    ('{"id": 1, "task": "explanation", "output": "soft", "group": {}}', "'group' is an object"),
    ('{"id": 1, "task": "explanation", "output": "soft", "meta": 3}', "soft"),
    ("[]", "is a list, not an object"),
    ("null", "is null, not an object"),
    ('"soft"', "is a string, not an object"),
    ("soft", "is not JSON"),
    ("{}", "'task' is missing"),
]


@pytest.mark.parametrize(("line", "outcome"), GOLDEN)
def test_one_line_is_judged_or_listed(tmp_path: Path, line: str, outcome: str) -> None:
    (unit,) = from_lines(tmp_path, line)
    if isinstance(unit, Sample):
        assert unit.output == outcome
    else:
        assert str(unit).startswith("outputs.jsonl:1: ")
        assert outcome in str(unit)


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b"\xef\xbb\xbf", b"\r\n"])
def test_a_file_without_records_is_an_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match=r"outputs\.jsonl: holds no records"):
        from_lines(tmp_path, content)


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


def test_ids_are_opaque_and_rows_without_one_have_their_line(tmp_path: Path) -> None:
    odd = ["../x", "-rf", "a\nb", "é", "e\u0301", "A", "a", "😀", "C:\\x"]
    lines = [json.dumps({"id": name, "task": "text", "output": "o"}) for name in odd]
    found = from_lines(tmp_path, "", *lines, '{"task": "text", "output": "o"}')
    assert [unit.id for unit in found if isinstance(unit, Sample)] == [*odd, f"row{len(odd) + 2}"]


def test_rows_without_an_id_do_not_share_one_across_shards(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"task": "text", "output": "o"}\n')
    assert [unit.id for unit in read(tmp_path, tasks=TASKS) if isinstance(unit, Sample)] == ["a:row1", "b:row1"]


@pytest.mark.parametrize("name", ["item_tag", "tag", "Item-Tag", " item tags "])
def test_a_task_has_aliases_and_one_canonical_name(name: str) -> None:
    assert sample({"task": name, "output": "golf glove"}).task == "item_tag"


def test_the_argument_is_for_records_that_name_no_task() -> None:
    assert sample({"task": None, "output": "soft"}, task="tag").task == "item_tag"
    assert sample({"task": "text", "output": "soft"}, task="tag").task == "text"
    with pytest.raises(InputError, match="unknown task 'tgas'; known: explanation"):
        units({"output": "soft"}, task="tgas")


def test_the_papers_own_records_need_no_task() -> None:
    (tag,) = units({"Item Tag": "golf glove", "Interest": "golf", "Reason": "r", "user": "u"})
    (said,) = units({"output": '{"Explation": "soft grip"}'})
    assert isinstance(tag, Sample)
    assert (tag.task, tag.output, tag.group) == (
        "item_tag",
        {"tag": "golf glove", "interest": "golf", "reason": "r"},
        "u",
    )
    assert isinstance(said, Sample)
    assert (said.task, said.output) == ("explanation", "soft grip")


def test_a_tag_brings_its_interest_into_the_context() -> None:
    tag = {"tag": "golf glove", "interest": "golf"}
    assert sample({"task": "tag", "output": tag}).context == {"interest": "golf"}
    assert sample({"task": "tag", "output": tag, "interest": "sport"}).context == {"interest": "sport"}


def test_a_list_is_judged_element_by_element_and_as_a_set() -> None:
    output = '```json\n[{"Item Tag": "glove", "Interest": "golf"}, {"Item Tag": 3}, "cap", ["x"]]\n```'
    tally = Tally()
    found = units({"id": "rec7", "task": "tag", "output": output, "user": "u"}, tally=tally)
    assert [unit.id for unit in found if isinstance(unit, Sample)] == ["rec7#1", "rec7#3"]
    assert [unit.field for unit in found if isinstance(unit, Problem)] == ["output[2].Item Tag", "output[4]"]
    whole = found[-1]
    assert isinstance(whole, SampleSet)
    assert (whole.id, whole.listed, whole.group, len(whole.elements)) == ("rec7", 2, "u", 2)
    assert all(element.parent == "rec7" for element in whole.elements)
    assert tally == Tally(records=1, judged=1, listed=0, units=4, samples=2, problems=2, sets=1)


def test_a_list_of_bad_elements_lists_each_and_has_no_set() -> None:
    tally = Tally()
    found = units({"id": 1, "task": "tag", "output": [3, None]}, tally=tally)
    assert [type(unit) for unit in found] == [Problem, Problem]
    assert tally == Tally(records=1, judged=0, listed=1, units=2, samples=0, problems=2, sets=0)
    assert tally.adds_up


def test_a_list_of_texts_is_a_list_and_a_text_like_a_list_is_a_text() -> None:
    assert len(units({"task": "text", "output": ["a", "b"]})) == 3
    assert sample({"task": "text", "output": '["a", "b"]'}).output == '["a", "b"]'


def test_csv_cells_that_spell_json_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text(
        "id,output,context.history,context,item,system\n"
        '1,soft,"[""h1"", ""h2""]","{""now"": ""2026-01-02""}",[broken,\n'
        "2,,,,,gen\n"
    )
    first, second = read(path, tasks=TASKS, task="explanation")
    assert isinstance(first, Sample)
    assert first.context == {"history": ["h1", "h2"], "now": "2026-01-02"}
    assert (first.item, first.system) == ("[broken", None)
    assert isinstance(second, Sample)
    assert (second.output, second.context, second.system) == ("", {}, "gen")


def test_a_frame_is_read_and_nan_is_an_absent_field() -> None:
    frame = pandas.DataFrame(
        {
            "id": [1, None, 3],
            "output": ["soft", "loud", None],
            "now": pandas.to_datetime(["2026-01-02", None, None]),
            "price": [1.5, float("nan"), 2],
        }
    )
    first, second, third = samples_from(frame, tasks=TASKS, task="explanation")
    assert isinstance(first, Sample)
    assert (first.id, first.context, first.meta) == ("1", {"now": "2026-01-02T00:00:00"}, {"price": 1.5})
    assert isinstance(second, Sample)
    assert (second.id, second.context, second.meta) == ("row2", {}, {})
    assert isinstance(third, Problem)


def test_samples_pass_as_they_are() -> None:
    given = Sample("a", "tag", {"tag": "glove"}, {"now": "2026-01-02"}, place="mine:3")
    (found,) = units(given)
    assert found == Sample("a", "item_tag", {"tag": "glove"}, {"now": "2026-01-02"}, place="mine:3")
    (bad,) = units(Sample("a", "tag", {"tag": "glove"}, {"now": float("nan")}))
    assert isinstance(bad, Problem)
    assert bad.field == "context.now"


def test_python_records_that_are_no_dicts_are_listed() -> None:
    assert [type(unit) for unit in units("soft", 3, None, {"task": "text", "output": b"x"})] == [Problem] * 4


def test_a_message_from_the_file_cannot_drive_the_terminal() -> None:
    found = str(problem({"output": {"a\x1b[2J\nb": 1}}))
    assert found.isprintable()
    found = str(problem({"context": 3, "output": "soft", "x\x1b[2J": 1}))
    assert found.isprintable()


def test_every_sample_has_a_key(tmp_path: Path) -> None:
    deep = "[" * 90 + "]" * 90
    lines = f'{{"task": "text", "output": "o", "context": {{"source": {deep}}}}}', '{"task": "tag", "output": "o"}'
    assert len({unit.key for unit in from_lines(tmp_path, *lines) if isinstance(unit, Sample)}) == 2


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


def test_a_history_that_nothing_could_read_is_listed() -> None:
    (unit,) = units({"task": "intent", "output": "Trails", "history": {"events": ["shoes"]}})
    assert str(unit).startswith("row 1: 'context.history' is an object, not a list")
    assert "history.KEY" in str(unit)
