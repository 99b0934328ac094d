"""Rows of prompts as generators need them: the messages, and the record that an output becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InputError
from ...judge import Sample
from ...rubrics import Rubric, by_task
from ..prompting import WRITTEN, Message, Template, prompt_of

CARRIED = ("group", "item", "meta")


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of prompts, read."""

    id: str
    messages: tuple[Message, ...]
    record: Mapping[str, Any]
    """What its outputs' records have in common."""
    fields: bool = False
    """Whether the artefact is one of fields, that a string is read into."""

    def of(self, number: int, output: Any, system: str) -> dict[str, Any]:
        """The record of one output. A string that is to be read as fields stands in `meta` too, as it was written."""
        made = {"id": f"{self.id}-{number}", **self.record, "system": system, "output": output}
        if self.fields and isinstance(output, str):
            made["meta"] = {**self.record.get("meta", {}), WRITTEN: output}
        return made


def read_prompts(
    rows: Sequence[Mapping[str, Any]], rubrics: Mapping[str, Rubric], template: Template | None = None
) -> list[Asked]:
    """A row has `id`, `task`, and `prompt` (a string or messages) or fields of `context` that its rubric names.

    `group`, `item` and `meta` are carried into the records; the prompt stands in their context, so that what is
    exported of them later has the prompt that was asked. Raises `InputError` with the row's number.
    """
    tasks = by_task(rubrics.values())
    asked = [_asked(row, f"prompts: row {number}", tasks, template) for number, row in enumerate(rows, 1)]
    _distinct(one.id for one in asked)
    return asked


def _asked(row: Mapping[str, Any], place: str, tasks: Mapping[str, Rubric], template: Template | None) -> Asked:
    id, task = _id(row, place), row.get("task")
    if not isinstance(task, str) or task not in tasks:
        raise InputError(f"{place}: task {task!r}: name one of {', '.join(sorted(tasks))}")
    context = row.get("context") or {}
    if not isinstance(context, Mapping):
        raise InputError(f"{place}: context: give an object of fields")
    if row.get("prompt"):
        context = {**context, "prompt": row["prompt"]}
    rubric = tasks[task]
    sample = Sample(id=id, task=rubric.name, output="", context=context, place=place)
    messages = prompt_of(sample, rubric, template)
    if not messages:
        raise InputError(f"{place}: no prompt, and none of {', '.join(rubric.context)} to make one of; add prompt")
    carried = {key: row[key] for key in CARRIED if row.get(key) is not None}
    return Asked(id, messages, {"task": task, "context": dict(context), **carried}, rubric.artefact != "text")


def _id(row: Mapping[str, Any], place: str) -> str:
    id = row.get("id")
    if isinstance(id, bool) or not isinstance(id, (str, int)) or id == "":
        raise InputError(f"{place}: id: give each row a string of its own")
    return str(id)


def _distinct(ids: Iterable[str]) -> None:
    seen: dict[str, int] = {}
    for number, id in enumerate(ids, 1):
        if id in seen:
            raise InputError(f"prompts: row {number}: id {id!r} is that of row {seen[id]}; give each row its own")
        seen[id] = number
