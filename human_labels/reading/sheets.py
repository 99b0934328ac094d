"""What annotators fill in: an empty sheet, or Label Studio's tasks; no judge's word is in them unless asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from ...judge import Sample, Status, Verdict, write_whole
from ...rubrics import Rubric
from ..pairing import GRADES
from ..records import GRADE
from .cells import table
from .config import CONTROLLED, labelling_config
from .drawing import Drawable, Drawn


def write_sheet(drawn: Sequence[Drawn], rubric: Rubric, path: Path, *, round: str = "") -> Path:
    """An empty sheet, .csv or .jsonl: one row a sample and dimension, the grade last; `label` is to be filled in.

    `read_labels` reads it back; a cell left empty is no label.
    """
    rows = [row for one in drawn for row in _rows(one, rubric, round)]
    if path.suffix == ".jsonl":
        return write_whole(path, "".join(orjson.dumps(row).decode() + "\n" for row in rows))
    return write_whole(path, table(tuple(dict.fromkeys(name for row in rows for name in row)), rows))


def write_tasks(
    drawn: Sequence[Drawn],
    rubric: Rubric,
    folder: Path,
    *,
    round: str = "",
    predictions: Iterable[Verdict] = (),
) -> list[Path]:
    """Label Studio's `tasks.json` and `config.xml` in a folder.

    predictions: verdicts whose labels annotators shall see; they then follow the judge, which `read_labels` notes.
    """
    seen = {verdict.id: verdict for verdict in predictions}
    tasks = [_task(one, rubric, round, seen.get(one.sample.id)) for one in drawn]
    return [
        write_whole(folder / "tasks.json", orjson.dumps(tasks, option=orjson.OPT_INDENT_2).decode() + "\n"),
        write_whole(folder / "config.xml", labelling_config(rubric, fields_shown(drawn, rubric))),
    ]


def fields_shown(drawn: Iterable[Drawn], rubric: Rubric) -> list[str]:
    """The context fields that the rubric names and any of the samples has, in the rubric's order."""
    has = {name for one in drawn for name in _context(one.sample)}
    return [name for name in rubric.context if name in has]


def words(value: Any) -> str:
    """A context value as annotators read it: a line a field or event."""
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_line(part)}" for name, part in value.items() if part not in (None, ""))
    if isinstance(value, (list, tuple)):
        return "\n".join(_line(part) for part in value)
    return str(value)


def _rows(one: Drawn, rubric: Rubric, round: str) -> Iterator[dict[str, str]]:
    asked = [(dim.name, dim.question, dim.labels, ", ".join(dim.codes)) for dim in rubric.dimensions]
    for name, question, points, codes in (*asked, (GRADE, _GRADE, GRADES.points, "")):
        yield {
            "sample": one.sample.id,
            "dimension": name,
            "question": question,
            "choices": " | ".join(points),
            "annotator": "",
            "label": "",
            "code": "",
            "codes": codes,
            "comment": "",
            "round": round,
            **_about(one, rubric),
            **{f"context.{field}": words(value) for field, value in _shown(one.sample, rubric)},
        }


def _task(one: Drawn, rubric: Rubric, round: str, verdict: Verdict | None) -> dict[str, Any]:
    data = {"sample": one.sample.id, "round": round, **_about(one, rubric)}
    data |= {f"context_{field}": words(value) for field, value in _shown(one.sample, rubric)}
    # every field of the configuration must be there: Label Studio refuses a task without one
    data = {f"context_{field}": "" for field in rubric.context} | data
    if verdict is None:
        return {"data": data}
    return {
        "data": data,
        "predictions": [{"model_version": verdict.judge, "result": list(_predicted(verdict, rubric))}],
    }


def _predicted(verdict: Verdict, rubric: Rubric) -> Iterator[dict[str, Any]]:
    known = {dimension.name for dimension in rubric.dimensions}
    said = {found.dimension: found.label for found in verdict.findings if found.status is Status.OK}
    if verdict.grade is not None:
        said[GRADE] = verdict.grade.value
    for name, label in said.items():
        if label is not None and name in {*known, GRADE}:
            yield {"from_name": name, "to_name": CONTROLLED, "type": "choices", "value": {"choices": [label]}}


def _about(one: Drawn, rubric: Rubric) -> dict[str, str]:
    sample = one.sample
    # not the system: who wrote a text is nothing an annotator should know, and the verdict says it later
    return {
        "task": rubric.name,
        "rubric": rubric.id,
        "text": _text(sample),
        "group": sample.group or "",
        "item": sample.item or "",
        "probability": repr(one.probability),
    }


def _text(sample: Drawable) -> str:
    return words(sample.output) if isinstance(sample, Sample) else sample.text


def _context(sample: Drawable) -> Mapping[str, Any]:
    return sample.context if isinstance(sample, Sample) else {}


def _shown(sample: Drawable, rubric: Rubric) -> Iterator[tuple[str, Any]]:
    context = _context(sample)
    return ((name, context[name]) for name in rubric.context if context.get(name) not in (None, ""))


def _line(value: Any) -> str:
    if isinstance(value, Mapping):
        return "  ".join(_line(part) for part in value.values() if part not in (None, ""))
    return ", ".join(map(_line, value)) if isinstance(value, (list, tuple)) else str(value)


_GRADE = "All in all: Bad, Average or Superior, by the rule of the guideline?"
