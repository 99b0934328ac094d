"""The prompt a sample is trained with: its own, or one built from what the rubric names; the completion as written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from recjudge.errors import InputError, UsageError
from recjudge.judge import Sample
from recjudge.rubrics import load_rubric
from recjudge.training import Template, completion_of, prompt_of, read_template

TEXT, EXPLANATION = load_rubric("text"), load_rubric("explanation")


def asked(context: dict[str, Any], rubric: Any = TEXT, template: Template | None = None) -> str:
    messages = prompt_of(Sample("a", rubric.name, "Words.", context), rubric, template)
    return messages[-1]["content"] if messages else ""


def test_a_prompt_is_taken_as_it_is() -> None:
    assert asked({"prompt": "Write <it> {now}."}) == "Write <it> {now}."


def test_messages_are_taken_as_they_are() -> None:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Write."}]
    assert list(prompt_of(Sample("a", "text", "Words.", {"prompt": messages}), TEXT)) == messages


def test_a_source_that_the_prompt_lacks_is_added() -> None:
    assert asked({"prompt": "Sum up.", "source": "Facts."}).startswith("Sum up.\n\nsource (")
    assert asked({"prompt": "Sum up: Facts.", "source": "Facts."}) == "Sum up: Facts."


def test_a_prompt_is_built_from_the_fields_that_the_rubric_names_and_no_others() -> None:
    context = {"item": {"title": "Kettle", "price": 64}, "now": "2026-10-08", "secret": "x",
               "history": [{"id": "h1", "time": "2026-03-14", "action": "buy", "title": "Dripper"}]}  # fmt: skip
    text = asked(context, EXPLANATION)
    assert text.startswith("Write an explanation shown to a user beside a recommended item.\n\nhistory (")
    assert "\nh1 2026-03-14 buy Dripper\n" in text
    assert text.endswith("title: Kettle\nprice: 64")
    assert "secret" not in text


def test_who_knows_nothing_of_what_the_generator_saw_has_no_prompt() -> None:
    assert asked({}) == ""
    assert asked({"secret": "x"}, EXPLANATION) == ""


def test_a_prompt_that_is_none_is_told_with_its_place() -> None:
    with pytest.raises(InputError, match=r"context\.prompt"):
        asked({"prompt": [{"role": "user"}]})
    with pytest.raises(InputError, match="assistant"):
        asked({"prompt": [{"role": "assistant", "content": "So."}]})


def test_a_template_is_filled_once() -> None:
    template = Template("{subject}: {prompt} | {source}")
    assert asked({"prompt": "{source}", "source": "Facts."}, template=template).endswith(": {source} | Facts.")


def test_a_template_whose_field_is_missing_gives_no_prompt_and_an_unknown_one_is_told() -> None:
    assert asked({"prompt": "Go."}, template=Template("{prompt} {source}")) == ""
    with pytest.raises(UsageError, match=r"\{profil\} is no place for task 'text'; known: context, prompt"):
        asked({"prompt": "Go."}, template=Template("{profil}"))


def test_a_template_file_is_read_or_told(tmp_path: Path) -> None:
    path = tmp_path / "prompt.txt"
    path.write_text("Go: {context}")
    assert read_template(path).text == "Go: {context}"
    with pytest.raises(UsageError, match="cannot be read"):
        read_template(tmp_path / "none.txt")


def test_a_completion_is_the_string_or_the_fields_as_json_in_their_order() -> None:
    assert completion_of(Sample("a", "text", " So it is. ")) == " So it is. "
    assert completion_of(Sample("a", "item_tag", {"tag": "é", "interest": "b"})) == '{"tag":"é","interest":"b"}'
