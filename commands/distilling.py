"""The command that makes a small judge of verdicts and labels: distill."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ..errors import UsageError
from .distilling_models import (
    BatchGroups,
    Device,
    Epochs,
    Length,
    Lora,
    Model,
    Rate,
    print_transformer,
    progress,
    refuse_without,
)
from .filtering import Source, Task, rows_of
from .labelled import Annotators, Asked, Drop, Role, Rubrics, Scales, VerdictFile, pairs
from .printing import Json, print_json, print_rows, say
from .sealing import look

if TYPE_CHECKING:
    from ..human_labels import Interval, Labels
    from ..training import Row
    from ..training.distilling import Distilled, Learned

LabelFile = Annotated[
    Path | None, typer.Option("--labels", "-l", help="People's labels, taken before the judge's word.")
]
Names = Annotated[
    Optional[list[str]],  # noqa: UP045 - read by typer at run time
    typer.Option("--map", help="OURS=THEIRS: a dimension and what the labels call it, or a field as when judged."),
]
Cuts = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--cut", help="DIMENSION=NUMBERS where a label of the rubric ends on people's scale: fluency=2.5,4."),
]
Dimensions = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--dimension", "-d", help="Learn these (grade is one); default: all that anything is said on."),
]


def distill(
    verdicts: VerdictFile,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write.")],
    labels: LabelFile = None,
    role: Role = None,
    map_: Names = None,
    cut: Cuts = None,
    scale: Scales = None,
    annotators: Annotators = None,
    drop: Drop = False,
    dimension: Dimensions = None,
    soft: Annotated[
        bool, typer.Option("--soft", help="Learn the place the judge expects, not that of its label.")
    ] = False,
    pointwise: Annotated[
        bool, typer.Option("--pointwise", help="Each sample by itself: the baseline, not the listwise loss.")
    ] = False,
    folds: Annotated[int, typer.Option(min=2, help="Parts of the clusters; each is scored by the others.")] = 5,
    seed: Annotated[int, typer.Option(help="Of folds and intervals.")] = 0,
    source: Source = None,
    task: Task = None,
    rubric: Rubrics = None,
    model: Model = None,
    lora: Lora = None,
    epochs: Epochs = 3,
    batch_groups: BatchGroups = 8,
    learning_rate: Rate = 2e-5,
    max_length: Length = 1024,
    device: Device = "",
    json: Json = False,
) -> None:
    """Distill verdicts, and people's labels, into a Student: a judge fast enough to be a reward."""
    from ..rubrics import by_task
    from ..training import source_of
    from ..training.distilling import KINDS, Settings, distill_transformer
    from ..training.distilling import distill as run

    refuse_without(
        model, folds, lora=lora, epochs=epochs, batch_groups=batch_groups, learning_rate=learning_rate,
        max_length=max_length, device=device,
    )  # fmt: skip
    asked = Asked(role=role, scales=scale, annotators=annotators, files=rubric, drop=drop)
    names, fields = _names(map_, asked)
    rows = rows_of(verdicts, source_of(verdicts, source), asked, task, fields)
    people, sealed, said = _people(labels, rows, asked)
    if model is not None:
        settings = Settings(
            epochs=epochs, batch_groups=batch_groups, learning_rate=learning_rate, max_length=max_length, lora=lora,
            device=device, loss=KINDS[int(pointwise)],
        )  # fmt: skip
        trained = distill_transformer(
            rows, out, model, rubrics=by_task(asked.rubrics), labels=people, names=names,
            cuts=_cuts(cut), dimensions=dimension or (), sealed=sealed, soft=soft, settings=settings, seed=seed,
            told=progress(),
        )  # fmt: skip
        print_transformer(trained, out, said, json)
        return
    found = run(
        rows, out, rubrics=by_task(asked.rubrics), labels=people, names=names, cuts=_cuts(cut),
        dimensions=dimension or (), sealed=sealed, soft=soft, kind=KINDS[int(pointwise)], folds=folds, seed=seed,
    )  # fmt: skip
    if json:
        print_json({"folder": str(out), "student": found.student.name, "labels": said or None, "card": found.card})
        return
    if said:
        say(f"labels: {said}")
    print_distilled(found)
    sys.stdout.write(f"wrote {out}: {found.student.name}, with card.md; recjudge score FILE --judge {out}\n")


def print_distilled(found: Distilled) -> None:
    """Held-out figures of what was learned, what was not, and what to be careful about; the rest is in the card."""
    from ..training.distilling import COIN, ROUGH

    every = [(lesson.task, one) for lesson in found.lessons for one in lesson.learned]
    judged = any(one.judge for _, one in every)
    other = OTHER[str(found.card["made"]["kind"])]
    columns = ("target", "n", "groups", "student [95 %]", other, "difference [95 %]")
    rows = [(f"{task}.{one.target}", *_row(one), *([_judge(one)] if judged else [])) for task, one in every]
    print_rows("Pairs in order, held out", (*columns, *(["judge"] if judged else [])), rows)
    for lesson in found.lessons:
        if not lesson.learned:
            say(f"{lesson.task} is not in the student: nothing of it could be learned")
        if lesson.skipped:
            say(f"{lesson.task}, not learned: {'; '.join(f'{name} ({why})' for name, why in lesson.skipped.items())}")
    for warning in (COIN, ROUGH):
        if told := [f"{task}.{one.target}" for task, one in every if warning in one.warnings]:
            say(f"{warning}: {'all' if len(told) == len(every) else _by_task(told)}")
    if left := found.card["left_out"]:
        say("left out: " + "; ".join(f"{count} {why}" for why, count in left.items()))
    for task in found.card["tasks"].values():
        say(*(f"note: {note}" for note in task["notes"]))
    if found.agreement is not None:
        say(found.agreement.headline)


OTHER = {"listwise": "point-wise", "pointwise": "listwise"}
"""What stands beside a Student of each kind, as it is printed."""


def _by_task(targets: Iterable[str]) -> str:
    """`intent (grade, willingness); text (grade)`."""
    found: dict[str, list[str]] = {}
    for name in targets:
        task, target = name.split(".", 1)
        found.setdefault(task, []).append(target)
    return "; ".join(f"{task} ({', '.join(names)})" for task, names in found.items())


def _row(one: Learned) -> tuple[object, ...]:
    return (
        one.n,
        one.student.contexts,
        shown(one.student.accuracy),
        _number(one.other.accuracy.value),
        shown(one.ahead, "+"),
    )


def _judge(one: Learned) -> str:
    return _number(one.judge.accuracy.value) if one.judge else "–"


def shown(found: Interval, sign: str = "") -> str:
    """`.712 [.690, .733]`; the number alone where it has no interval."""
    if found.low != found.low:
        return f"{_number(found.value, sign)} [–, –]"
    return f"{_number(found.value, sign)} [{_number(found.low, sign)}, {_number(found.high, sign)}]"


def _number(value: float, sign: str = "") -> str:
    return (
        "–" if value != value else f"{value:{sign}.3f}".replace("0.", ".", 1).replace("1.000", "1.00")
    )  # NaN is no number


def _people(labels: Path | None, rows: Sequence[Row], asked: Asked) -> tuple[Labels | None, set[str], str]:
    """The labels that may be looked at, the ids of the samples whose labels are sealed, and what must be said."""
    from ..training import cluster_of

    if labels is None:
        return None, set(), ""
    found = asked.labels(labels).of_one_role(asked.role)
    clusters = {row.sample.id: cluster_of(row.verdict) for row in rows}
    looked = look(labels, clusters, "distill")
    shut = {clusters[label.id] for label in found.rows if label.id in clusters and not looked.holds(clusters[label.id])}
    sealed = {id for id, cluster in clusters.items() if cluster in shut}  # the judge's word on its neighbours too
    kept = replace(found, rows=tuple(label for label in found.rows if label.id not in sealed))
    count = len({label.id for label in kept.rows} & clusters.keys())
    return kept, sealed, f"{count} samples labelled by people" + ("; sealed labels stay sealed" if looked.seal else "")


def _names(words: Sequence[str] | None, asked: Asked) -> tuple[dict[str, str], list[str]]:
    """Dimensions to what the labels call them, and the rest: fields of the source."""
    known = {"grade"} | {dimension.name for rubric in asked.rubrics for dimension in rubric.dimensions}
    named = pairs(words, "--map")
    return {own: theirs for own, theirs in named.items() if own in known}, [
        f"{own}={theirs}" for own, theirs in named.items() if own not in known
    ]


def _cuts(words: Iterable[str] | None) -> dict[str, list[float]]:
    found: dict[str, Any] = pairs(list(words or ()), "--cut")
    try:
        return {name: [float(part) for part in value.split(",")] for name, value in found.items()}
    except ValueError:
        raise UsageError(f"--cut {' '.join(words or ())}: write it as DIMENSION=NUMBER,NUMBER") from None
