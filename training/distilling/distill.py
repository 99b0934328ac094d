"""Verdicts, and people's labels where there are any, to an embedded Student in a folder, with its card."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import Refused, UsageError
from ...human_labels import AgreementReport
from ...human_labels.pairing import SCORES
from ...judge import Verdict
from ...judge.student import Linear, Student, domains, read_student, write_student
from ..rows import Row
from .agreeing import agreement_of
from .card import card_of, markdown
from .evaluating import DRAWS
from .examples import examples_of
from .fitting import LISTWISE
from .folder import ours, student_folder
from .learning import KINDS, Lesson, learn
from .records import Examples

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ...human_labels import Labels
    from ...rubrics import Rubric

    Numbers = NDArray[float64]

CARD, WORDS = "card.json", "card.md"


@dataclass(frozen=True)
class Distilled:
    """A Student with what it was learned from, and what is known of it."""

    student: Student
    folder: Path
    lessons: tuple[Lesson, ...]
    agreement: AgreementReport | None
    """Held-out verdicts with people's labels; None without labels."""
    card: Mapping[str, Any]


def distill(
    rows: Iterable[Row],
    folder: Path | str,
    *,
    rubrics: Mapping[str, Rubric],
    labels: Labels | None = None,
    names: Mapping[str, str] | None = None,
    cuts: Mapping[str, Sequence[float]] | None = None,
    dimensions: Collection[str] = (),
    sealed: Collection[str] = (),
    soft: bool = False,
    kind: str = LISTWISE,
    folds: int = 5,
    seed: int = 0,
    draws: int = DRAWS,
) -> Distilled:
    """An embedded Student of every task of the rows, trained on all of them, with figures from clusters held out.

    rubrics: by task. labels, names, cuts, dimensions, sealed and soft are those of `examples_of`; kind is `listwise` or
    `pointwise`; folds: so many parts of the clusters, each scored by a Student of the others. Equal input gives equal
    bytes. A task of which nothing could be learned is not in the Student. Raises `Refused` where that is all of them,
    and `UsageError` for a folder that is no Student's.
    """
    if kind not in KINDS or folds < 2:
        raise UsageError(f"kind {kind!r} in {folds} folds; known: {', '.join(KINDS)}, in two folds at least")
    folder, rows = Path(folder), list(rows)
    ours(folder.resolve())
    found = examples_of(rows, rubrics, labels, names=names, cuts=cuts, dimensions=dimensions, sealed=sealed, soft=soft)
    lessons = [
        learn(one, kind=kind, parts=folds, seed=seed, draws=draws, judged=judges_places(rows, one))
        for one in found.values()
    ]
    taught = [lesson for lesson in lessons if lesson.learned]
    if not taught:
        raise Refused(_nothing(lessons))
    agreement = None
    if labels is not None:
        verdicts = [verdict for lesson in taught for verdict in held_out_verdicts(lesson, found[lesson.task])]
        learned = {(lesson.task, one.target) for lesson in taught for one in lesson.learned}
        agreement = agreement_of(verdicts, learned, rubrics.values(), labels, names, draws=draws, seed=seed)
    made = _made(found, taught, labels, kind, folds, seed)
    card = card_of(lessons, found, made, agreement)
    seen = domains({lesson.task: [row.sample for row in found[lesson.task].rows] for lesson in taught}, rubrics)

    def write(into: Path) -> None:
        scorer = Linear({lesson.task: lesson.stem for lesson in taught})
        write_student(into, scorer, {lesson.task: lesson.targets for lesson in taught}, rubrics,
                      made={**made, **seen})  # fmt: skip
        (into / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
        (into / WORDS).write_text(markdown(card), "utf-8")

    folder = student_folder(folder, write)
    return Distilled(read_student(folder, rubrics), folder, tuple(lessons), agreement, card)


def judges_places(rows: Iterable[Row], examples: Examples) -> dict[str, Numbers]:
    """Target to the place in [0, 1] that the judge expects of each example; NaN where it has no word."""
    import numpy as np

    verdicts = {row.sample.key: row.verdict for row in rows}
    return {
        target: np.array(
            [SCORES["quality"](verdicts[one.sample.key], target, {}) for one in examples.rows], dtype=np.float64
        )
        for target in examples.targets
    }


def held_out_verdicts(lesson: Lesson, examples: Examples) -> list[Verdict]:
    """Each sample judged by a Student that has not seen its cluster, in the examples' order."""
    found: dict[int, Verdict] = {}
    for stem, targets, places in lesson.held_out:
        student = Student(
            "student/held-out", {lesson.task: examples.rubric}, {lesson.task: targets}, Linear({lesson.task: stem})
        )
        judged = student.at_once([examples.rows[place].sample for place in places])
        found |= dict(zip(places, judged, strict=True))
    return [found[place] for place in sorted(found)]


def _made(
    examples: Mapping[str, Examples],
    lessons: Iterable[Lesson],
    labels: Labels | None,
    kind: str,
    folds: int,
    seed: int,
) -> dict[str, Any]:
    rows = [row for one in examples.values() for row in one.rows]
    data = hashlib.sha256()
    for row in rows:
        said = [row.sample.key, row.context, row.cluster, dict(row.values), dict(row.labels)]
        data.update(json.dumps(said, sort_keys=True).encode())
    return {
        "recjudge": version("recjudge"),
        "kind": kind,
        "folds": folds,
        "seed": seed,
        "rows": len(rows),
        "data": data.hexdigest(),
        "judges": dict(sorted(Counter(row.judge for row in rows).items())),
        "labels": None if labels is None else _labels(labels),
        "held_out_accuracy": {
            lesson.task: {one.target: round(one.student.accuracy.value, 4) for one in lesson.learned}
            for lesson in lessons
        },
    }


def _labels(labels: Labels) -> dict[str, Any]:
    return {
        "source": Path(labels.source).name,
        "sha256": labels.digest,
        "roles": dict(sorted(labels.roles.items())),
        "rounds": [name for name in labels.rounds if name],
    }


def _nothing(lessons: Iterable[Lesson]) -> str:
    why = [f"{lesson.task}.{name}: {words}" for lesson in lessons for name, words in lesson.skipped.items()]
    return (
        "nothing can be learned: "
        + ("; ".join(why) or "no judged or labelled row is left")
        + "; give more judged samples, several of each context, in more groups"
    )
