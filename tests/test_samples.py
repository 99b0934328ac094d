"""Rows to samples: names of fields, tasks, lists, what is judgeable and what is listed, and that nothing vanishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas
import pytest
from recjudge.errors import InputError
from recjudge.judge.reading.samples import Problem, SampleSet, Tally, Unit, read, samples_from
from recjudge.judge.records import Sample

from rows import TASKS, problem, sample, units


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


def test_ids_are_opaque_and_rows_without_one_have_their_line(tmp_path: Path) -> None:
    odd = ["../x", "-rf", "a\nb", "é", "e\u0301", "A", "a", "😀", "C:\\x"]
    lines = [json.dumps({"id": name, "task": "text", "output": "o"}) for name in odd]
    found = from_lines(tmp_path, "", *lines, '{"task": "text", "output": "o"}')
    assert [unit.id for unit in found if isinstance(unit, Sample)] == [*odd, f"row{len(odd) + 2}"]


def test_rows_without_an_id_do_not_share_one_across_shards(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"task": "text", "output": "o"}\n')
    assert [unit.id for unit in read(tmp_path, tasks=TASKS) if isinstance(unit, Sample)] == ["a:row1", "b:row1"]


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


def test_a_history_that_nothing_could_read_is_listed() -> None:
    (unit,) = units({"task": "intent", "output": "Trails", "history": {"events": ["shoes"]}})
    assert str(unit).startswith("row 1: 'context.history' is an object, not a list")
    assert "history.KEY" in str(unit)
