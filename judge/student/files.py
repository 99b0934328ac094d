"""A Student on disk: a folder with `student.json`, and safetensors where its scorer has any. Nothing is unpickled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from ...errors import InputError, UsageError
from ...rubrics import Rubric
from ..checks.checks import CHECKS
from ..whole import write_whole
from . import linear, transformer
from .linear import Linear
from .scorer import Scorer
from .student import GUARDS, Student
from .targets import Target
from .transformer import Transformer

FILE = "student.json"
FORMAT = 1
_REMEDY = "copy the folder again from where it was written, or write one with `recjudge distill`"


def read_student(folder: Path | str, rubrics: Mapping[str, Rubric]) -> Student:
    """The Student of a folder, under the rubrics it was trained under; `rubrics` are those at hand, by task.

    Raises `InputError` for what is no student, and for a rubric that is not at hand or has changed since.
    """
    folder = Path(folder)
    content = _read(folder / FILE)
    try:
        said = orjson.loads(content)
        if said["format"] != FORMAT:
            raise ValueError(f"format {said['format']}, known: {FORMAT}")
        trained = {task: _rubric(folder, task, name, rubrics) for task, name in said["rubrics"].items()}
        targets = {task: tuple(map(_target, rows)) for task, rows in said["targets"].items()}
        scorer = _known(said["kind"])(folder, said["scorer"])
        if isinstance(scorer, Linear):
            scorer.check({task: len(rows) for task, rows in targets.items()})
        name = f"student/{folder.resolve().name}@{_digest(folder, content)}"
        return Student(name, trained, targets, scorer, _guards(said["guards"]), dict(said["made"]))
    except KeyError as error:
        raise InputError(f"{folder / FILE}: not a student ({error} is missing); {_REMEDY}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{folder / FILE}: not a student ({error}); {_REMEDY}") from error
    except InputError:
        raise
    except UsageError as error:
        raise InputError(f"{folder / FILE}: {error}") from error


def write_student(
    folder: Path | str,
    scorer: Scorer,
    targets: Mapping[str, Sequence[Target]],
    rubrics: Mapping[str, Rubric],
    *,
    made: Mapping[str, Any],
    guards: frozenset[str] = GUARDS,
) -> Student:
    """Writes it, `student.json` last, and reads it again. targets: by task, in the order of the scorer's columns."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "format": FORMAT,
        "kind": scorer.kind,
        "rubrics": {task: rubrics[task].id for task in targets},
        "targets": {task: [asdict(target) for target in rows] for task, rows in targets.items()},
        "guards": sorted(guards),
        "made": made,
        "scorer": scorer.save(folder),
    }
    write_whole(folder / FILE, orjson.dumps(said, option=orjson.OPT_INDENT_2).decode() + "\n")
    return read_student(folder, rubrics)


def is_student(name: str) -> bool:
    """Whether a judge's name is the folder of a Student."""
    return (Path(name) / FILE).is_file()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); {_REMEDY}") from error


def _rubric(folder: Path, task: str, name: str, rubrics: Mapping[str, Rubric]) -> Rubric:
    rubric = rubrics.get(task)
    if rubric is None or rubric.id != name:
        there = f"here it is {rubric.id}" if rubric else "it is not here"
        raise InputError(
            f"{folder / FILE}: was trained under {name}, {there}; give that rubric with --rubric FILE, or distill anew"
        )
    return rubric


def _target(row: Mapping[str, Any]) -> Target:
    return Target(row["name"], tuple(row["labels"]), float(row["slope"]), tuple(map(float, row["cuts"])))


def _guards(names: Sequence[str]) -> frozenset[str]:
    if unknown := sorted(set(names) - CHECKS.keys()):
        raise ValueError(f"unknown code check {unknown[0]!r} among its guards")
    return frozenset(names)


def _digest(folder: Path, content: bytes) -> str:
    """Of `student.json` and of all weights beside it."""
    found = hashlib.sha256(content)
    for path in sorted(folder.glob("*.safetensors")):
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]


def _known(kind: str) -> Callable[[Path, Mapping[str, Any]], Scorer]:
    if kind not in SCORERS:
        raise ValueError(f"unknown kind {kind!r}; known: {', '.join(SCORERS)}")
    return SCORERS[kind]


SCORERS: Mapping[str, Callable[[Path, Mapping[str, Any]], Scorer]] = {
    linear.KIND: partial(Linear.load),
    transformer.KIND: partial(Transformer.load),
}
