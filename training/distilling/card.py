"""The card of a Student: what it was learned from, how well it does on what it has not seen, and its limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ...judge.student.features import FEATURES
from .doubts import DOUBTS
from .fitting import LISTWISE, POINTWISE

if TYPE_CHECKING:
    from ...human_labels import AgreementReport
    from .learning import Learned, Lesson
    from .records import Examples

LIMITS = (
    "Orders what was written for one context; between contexts its scores mean only what the cuts say.",
    "Knows the surface of a text and its overlap with what it was written from, not facts about the world.",
    "Learned from outputs of these generators: one that is trained on it moves away, so ask people anew before each "
    "round.",
    "Where a judge was the teacher, the Student has the judge's errors too.",
)
NOT_FOR = (
    "certifying training rows or judging single persons' content without a policy and fresh labels",
    "tasks, languages and lengths other than those it was learned from",
    "comparing systems: it was not made to be fair between them",
)
FEATURES_SHOWN = 5
OTHER = {LISTWISE: POINTWISE, POINTWISE: LISTWISE}
"""What stands beside a Student of this kind."""
HEADER = (
    "target", "n", "contexts (of one level)", "pairs", "in order, held out", "less {other}", "less the judge's",
    "NDCG", "Brier (base)",
)  # fmt: skip
LEGEND = (
    "In order: the share of pairs of one context that it orders as their labels do, equal scores counting half; then "
    "the difference to its twin of the other loss, and to the judge it learned from where the labels are people's. "
    "Brier: of the probability of no defect; in brackets that of giving every sample the share that passes. 95 % "
    "intervals draw whole clusters; a dash where there is none."
)


def card_of(
    lessons: Sequence[Lesson],
    examples: Mapping[str, Examples],
    made: Mapping[str, Any],
    agreement: AgreementReport | None,
) -> dict[str, Any]:
    """All that the card says, ready for JSON; what is not defined is null."""
    left = next((one.left_out for one in examples.values()), {})
    return {
        "made": dict(made),
        "trained_on": "all rows; the figures are of scores by Students of the other folds' clusters",
        "left_out": dict(left),
        "tasks": {lesson.task: _task(lesson, examples[lesson.task]) for lesson in lessons},
        "agreement": None if agreement is None else _agreement(agreement),
        "limits": list(LIMITS),
        "not_for": list(NOT_FOR),
    }


def markdown(card: Mapping[str, Any]) -> str:
    """The card as a page."""
    return "\n".join(_lines(card)) + "\n"


def _task(lesson: Lesson, examples: Examples) -> dict[str, Any]:
    return {
        "rubric": examples.rubric.id,
        "rows": len(examples.rows),
        "clusters": len({row.cluster for row in examples.rows}),
        "targets": {one.target: _plain(asdict(one)) for one in lesson.learned},
        "not_learned": dict(lesson.skipped),
        "notes": list(examples.notes),
        "features": {
            name: {
                "meaning": FEATURES[name].meaning,
                "effect": {target: effects[name] for target, effects in lesson.effects.items()},
            }
            for name in lesson.stem.features
        },
    }


def _agreement(report: AgreementReport) -> dict[str, Any]:
    sections = [
        {"task": one.task, "dimension": one.dimension, "role": one.role, "n": one.n, "sentences": list(one.sentences)}
        for one in report.sections
    ]
    return {"headline": report.headline, "sections": sections}


def _plain(value: Any) -> Any:
    """Ready for JSON: NaN is null."""
    if isinstance(value, float):
        return None if math.isnan(value) else round(float(value), 6)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _lines(card: Mapping[str, Any]) -> Iterator[str]:
    made = card["made"]
    yield f"# A Student: {', '.join(name for name, task in card['tasks'].items() if task['targets'])}"
    yield ""
    yield f"Learned {made['kind']} by recjudge {made['recjudge']} from {made['rows']} rows (data {made['data'][:12]})."
    judges = ", ".join(f"{name} ({count} rows)" for name, count in made["judges"].items())
    yield f"Verdicts: {judges or 'none'}."
    if labels := made["labels"]:
        rounds = f", rounds {', '.join(labels['rounds'])}" if labels["rounds"] else ""
        yield f"People's labels: {labels['source']} (SHA-256 {labels['sha256'][:12]}{rounds}), before the judge's word."
    yield f"Trained on {card['trained_on']}: {made['folds']} folds, seed {made['seed']}."
    if card["left_out"]:
        yield "Left out: " + "; ".join(f"{count} {why}" for why, count in card["left_out"].items()) + "."
    for name, task in card["tasks"].items():
        yield from _task_lines(name, task)
    if card["agreement"]:
        yield from ("", "## Agreement with people", "", card["agreement"]["headline"], "")
        for one in card["agreement"]["sections"]:
            yield from (f"- {one['task']}.{one['dimension']}: {sentence}" for sentence in one["sentences"][:1])
    yield from ("", "## Limits", "", *(f"- {line}" for line in card["limits"]))
    yield from ("", "Not for:", "", *(f"- {line}" for line in card["not_for"]))


def _task_lines(name: str, task: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", f"## {name} ({task['rubric']})", "", f"{task['rows']} rows in {task['clusters']} clusters.")
    if not task["targets"]:
        yield from ("", "Nothing of it could be learned: the task is not in the Student.")
    if task["not_learned"]:
        yield from ("", *(f"- {target} was not learned: {why}." for target, why in task["not_learned"].items()))
        yield from ("", "On these the Student abstains." if task["targets"] else "")
    yield from (f"Note: {note}." for note in task["notes"])
    if not task["targets"]:
        return
    yield ""
    kind = next(iter(task["targets"].values()))["kind"]
    yield f"| {' | '.join(HEADER).format(other=OTHER[kind])} |"
    yield f"|{'---|' * len(HEADER)}"
    for target, one in task["targets"].items():
        yield _row(target, one)
    yield from ("", LEGEND, "")
    for doubt in DOUBTS:
        if told := [target for target, one in task["targets"].items() if doubt in one["warnings"]]:
            yield f"- {', '.join(told)}: {doubt}."
    yield ""
    yield "What moves the scores most (standard deviation of what it adds; below 0: more of it is worse):"
    for target in task["targets"]:
        yield from ("", f"**{target}**", "", *_features(task["features"], target))


def _row(target: str, one: Mapping[str, Any]) -> str:
    return " | ".join([f"| {target} ({one['kind']})", *cells(one)]) + " |"


def cells(one: Mapping[str, Any]) -> list[str]:
    """A target's figures, from its number of samples to its Brier score."""
    student, brier = one["student"], one["calibration"]
    return [
        f"{one['n']} ({one['by_people']} by people)",
        f"{student['contexts']} ({student['degenerate']})",
        str(student["pairs"]),
        shown(student["accuracy"]),
        shown(one["ahead"], signed=True),
        shown(one["over_judge"], signed=True),
        shown(student["ndcg"]),
        f"{shown(brier['brier'])} ({_number(brier['base']['value'])})" if brier else "–",
    ]


def shown(interval: Mapping[str, Any] | None, *, signed: bool = False) -> str:
    """`.712 [.690, .733]`; a dash where it is not known."""
    if interval is None or interval["value"] is None:
        return "–"
    numbers = [_number(interval[key], signed=signed) for key in ("value", "low", "high")]
    return f"{numbers[0]} [{numbers[1]}, {numbers[2]}]"


def _features(features: Mapping[str, Any], target: str) -> Iterator[str]:
    ranked = sorted(features, key=lambda name: -abs(features[name]["effect"][target]))
    for name in ranked[:FEATURES_SHOWN]:
        yield f"- {features[name]['effect'][target]:+.3f} `{name}`: {features[name]['meaning']}"


def _number(value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return "–"
    return f"{value:+.3f}" if signed else f"{value:.3f}"


def summary(learned: Learned) -> dict[str, Any]:
    """What is known of one target, ready for JSON."""
    found: dict[str, Any] = _plain(asdict(learned))
    return found
