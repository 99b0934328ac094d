"""What can be drawn for labelling: the judge's input, read as the judge reads it, or its verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...errors import InputError
from ...judge import Problem, Sample, Verdict, read, read_verdicts, resolve
from ...judge.cluster import is_sharded
from ...rubrics import Rubric, by_task
from .drawing import Drawable
from .reader import SHOWN


def drawable(source: str, rubric: Rubric) -> tuple[list[Drawable], bool]:
    """The samples of the rubric's task, each id once; and True when they are verdicts, which hold no context.

    Raises `InputError` for what cannot be read, for an id with two contents, and where no sample is of the task.
    """
    verdicts = _holds_verdicts(source)
    units = read_verdicts(Path(source)) if verdicts else read(source, tasks=by_task([rubric]), task=rubric.name)
    found = _once(units, rubric)
    if not found:
        raise InputError(f"{source}: no sample is of the task {rubric.name!r}; name another rubric with --rubric")
    return found, verdicts


def _once(units: Iterable[object], rubric: Rubric) -> list[Drawable]:
    found: dict[str, Drawable] = {}
    problems = []
    for unit in units:
        # a record of another task is none of this rubric's, and no problem
        if isinstance(unit, Problem) and unit.field != "task":
            problems.append(str(unit))
        if not isinstance(unit, (Sample, Verdict)) or unit.task != rubric.name:
            continue
        if isinstance(unit, Verdict) and unit.kind != "sample":
            continue
        if isinstance(unit, Sample) and unit.meta.get("probe"):
            # made by `stress` to test a judge: what people say of it says nothing of what they are shown
            continue
        before = found.setdefault(unit.id, unit)
        if before.key != unit.key:
            raise InputError(
                f"{unit.place}: sample {unit.id!r} stands at {before.place} with other content; labels are joined by "
                "id, so give every sample its own"
            )
    if problems:
        more = [f"… and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
        raise InputError("\n".join([*problems[:SHOWN], *more]))
    return list(found.values())


def _holds_verdicts(source: str) -> bool:
    if is_sharded(source):
        return True
    first = next(iter(resolve(source).rows()), None)
    return first is not None and isinstance(first.value, dict) and {"findings", "rubric", "status"} <= set(first.value)
