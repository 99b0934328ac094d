"""Label Studio's full JSON export as labels in words: one task a sample, one annotation an annotator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...judge import Problem
from .columns import ASIDE, FIELDS, text
from .pile import Pile, Spot, placed

ASIDE_MARK = "_"
"""Controls named so hold failure codes and comments, no labels."""
SHOWN = "context_"
"""Data fields that begin so were shown to annotators; they are not kept."""
_REMEDY = "export the project again as JSON (the full one)"


def is_export(found: Sequence[Any]) -> bool:
    """True for an array of Label Studio's tasks."""
    return any(isinstance(task, dict) and "annotations" in task and "data" in task for task in found)


def read_export(found: Sequence[Any], name: str, pile: Pile) -> None:
    """All annotations of an export. Cancelled ones are counted, predictions are no labels."""
    for number, task in enumerate(found, 1):
        place = f"{name}:task {number}"
        if isinstance(task, dict) and isinstance(task.get("data"), dict) and isinstance(task.get("annotations"), list):
            _task(task, place, pile)
        else:
            pile.refuse(Problem(place, "annotations", "is no list beside 'data'", _REMEDY))


def _task(task: Mapping[str, Any], place: str, pile: Pile) -> None:
    data = {str(key): text(value) for key, value in task["data"].items()}
    sample = next((data[key] for key in FIELDS["sample"] if data.get(key)), "")
    about = {key: words for key, words in data.items() if _describes(key)}
    problem = pile.describe(sample, about, place) if sample else None
    for number, annotation in enumerate(task["annotations"], 1):
        where = (f"{place}, annotation ", number)
        if not isinstance(annotation, dict) or not isinstance(annotation.get("result"), list):
            pile.refuse(Problem(placed(where), "result", "is no list", _REMEDY))
        elif annotation.get("was_cancelled"):
            pile.skipped += 1
        elif problem is not None:
            pile.refuse(problem)
        else:
            if task.get("predictions") or annotation.get("prediction"):
                pile.notes["annotators saw a judge's labels first: agreement with that judge is inflated"] = None
            _annotation(annotation, data, sample, where, pile)


def _annotation(annotation: Mapping[str, Any], data: Mapping[str, str], sample: str, spot: Spot, pile: Pile) -> None:
    for result in annotation["result"]:
        name = text(result.get("from_name")) if isinstance(result, dict) else ""
        if not name or name.startswith(ASIDE_MARK) or result.get("type") not in _WORDS:
            continue
        words, problem = _word(result)
        if problem:
            pile.refuse(Problem(placed(spot), name, problem, "give one label a dimension"))
            continue
        more = (data.get("round", ""), text(annotation.get("created_at")), "", data.get("task", ""), name)
        pile.add(sample, name, _annotator(annotation.get("completed_by")), words, data.get("role", ""), "", more, spot)


def _word(result: Mapping[str, Any]) -> tuple[str, str]:
    """What was said, and what is wrong with it."""
    value = result.get("value")
    said = value.get(_WORDS[result["type"]]) if isinstance(value, dict) else None
    if isinstance(said, list):
        if len(said) > 1:
            return "", f"has {len(said)} labels"
        said = said[0] if said else None
    return text(said), ""


def _annotator(by: Any) -> str:
    """A user's e-mail address, else number."""
    if isinstance(by, dict):
        return text(by.get("email")) or text(by.get("id"))
    return text(by)


def _describes(key: str) -> bool:
    known = {alias for names in FIELDS.values() for alias in names}
    return key not in known and key not in ASIDE and not key.startswith(SHOWN)


_WORDS = {"choices": "choices", "rating": "rating", "number": "number"}
"""Types of controls that hold a label, and the key it is under."""
