"""The two prompt files of rounds: what is generated for, and the fixed evaluation set that is never trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

import orjson

from ...errors import InputError, UsageError
from ...rubrics import Rubric
from ..prompting import Template
from .prompted import read_prompts

Rows = tuple[Mapping[str, Any], ...]
SHOWN = 5


@dataclass(frozen=True, slots=True)
class PromptSets:
    """Rows as generators read them."""

    train: Rows
    evaluation: Rows
    shared_groups: int
    """Groups that have prompts in both: their evaluation is not of unseen users."""


def read_prompt_sets(
    train: Path, evaluation: Path, rubrics: Mapping[str, Rubric], template: Template | None = None
) -> PromptSets:
    """Raises `InputError` for rows that cannot be asked, and where one content stands in both files."""
    sets = []
    for path in (train, evaluation):
        rows = _rows(path)
        try:
            read_prompts(rows, rubrics, template)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error
        sets.append(rows)
    known = {_content(row): str(row["id"]) for row in sets[0]}
    both = [f"{row['id']!r} (training: {known[_content(row)]!r})" for row in sets[1] if _content(row) in known]
    if both:
        more = f" and {len(both) - SHOWN} more" if len(both) > SHOWN else ""
        raise InputError(
            f"{evaluation}: {', '.join(both[:SHOWN])}{more} ask the same as training prompts; what is trained on "
            "evaluates nothing: take them out of one of the files"
        )
    groups = [{str(row["group"]) for row in rows if row.get("group") is not None} for rows in sets]
    return PromptSets(sets[0], sets[1], len(groups[0] & groups[1]))


def _rows(path: Path) -> Rows:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give JSON lines of prompts") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except ValueError as error:
            raise InputError(f"{path}:{number}: not JSON ({error}); write one prompt a line") from None
        if not isinstance(row, dict):
            raise InputError(f"{path}:{number}: not an object; write one prompt a line, with id, task and context")
        if not isinstance(row.get("group"), (str, int, float, NoneType)):
            raise InputError(f"{path}:{number}: group: is no name; give a string, the same for all prompts of a user")
        try:
            orjson.dumps(row)
        except TypeError as error:
            raise InputError(f"{path}:{number}: cannot be written again ({error}); nest it less") from None
        found.append(row)
    if not found:
        raise InputError(f"{path}: holds no prompt; write one a line, with id, task, and prompt or context")
    return tuple(found)


def _content(row: Mapping[str, Any]) -> str:
    """What is asked, whatever the row is called and whoever it is for."""
    context = row.get("context")
    context = dict(context) if isinstance(context, Mapping) else {}
    if row.get("prompt"):
        context["prompt"] = row["prompt"]
    return hashlib.sha256(orjson.dumps(context, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()
