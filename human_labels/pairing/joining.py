"""Verdicts joined with labels by the sample's id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import InputError, UsageError
from ...judge import Verdict
from ...rubrics import Dimension, Rubric
from ..records import GRADE, Label, Labels, Scale, Table, table_of
from .items import cluster, repeats, roles, strata, with_passing
from .pairing import Pairing, Unlabelled
from .words import READINGS, Scales, Word, scales_of, word_of

if TYPE_CHECKING:
    from .pairing import Numbers


def pair(
    verdicts: Iterable[Verdict],
    labels: Labels,
    rubrics: Iterable[Rubric],
    *,
    role: str | None = None,
    pool: bool = False,
    names: Mapping[str, str] | None = None,
    passing: Mapping[str, Sequence[str]] | None = None,
) -> list[Pairing]:
    """One pairing for each task, labelled dimension and role (or one role, or all of them pooled on request).

    `rubrics` give the dimensions' scales; `names` maps a rubric's dimension to what the labels call it (aliases are
    known already); `passing` says which labels pass where the scale is people's own. Raises `InputError` for a sample
    with two different verdicts, and `UsageError` when labels and verdicts share no sample or no dimension, or a name in
    `names` or `passing` is nobody's.
    """
    own = _by_task(verdicts)
    table = {rubric.name: rubric for rubric in rubrics}
    known = {id for of in own.values() for id in of}
    _refuse_unknown(names or {}, passing or {}, labels, [table[task] for task in own if task in table])
    labels = replace(labels, notes=(*labels.notes, *_strangers(labels, own, known)))
    labels = replace(labels, notes=(*labels.notes, *_versions(own, table)))
    found = []
    for task, of in own.items():
        scales = scales_of(table.get(task))
        for dimension, called in _dimensions(labels, table.get(task), names or {}):
            for chosen, rows in roles(labels, called, role, pool):
                rows = rows.take([
                    place for place, row in enumerate(rows) if row.id in of or _belongs(row, task, own, known)
                ])  # fmt: skip
                if any(row.id in of for row in rows):
                    people = with_passing(table_of(rows, called), scales.get(dimension), dimension, passing or {})
                    found.append(replace(_joined(task, dimension, chosen, people, of, labels, scales), called=called))
    if not found:
        raise UsageError(_nothing_shared(known, labels, own, table))
    return found


def _joined(
    task: str,
    dimension: str,
    role: str,
    people: Table,
    of: Mapping[str, Verdict],
    labels: Labels,
    scales: Scales,
) -> Pairing:
    import numpy as np

    first = next(iter(of.values()))
    verdicts = [of.get(id) for id in people.ids]
    words = [word_of(verdict, dimension) for verdict in verdicts]
    labelled = set(people.ids)
    clusters = tuple(cluster(labels, id, of.get(id)) for id in people.ids)
    rest = [verdict for id, verdict in of.items() if id not in labelled]
    return Pairing(
        task=task,
        dimension=dimension,
        role=role,
        judge=first.judge,
        rubric=first.rubric,
        people=people,
        said=_said(words, people.scale, scales.get(dimension)),
        scores=_scores(verdicts, dimension, scales),
        passed=_passed(words),
        clusters=clusters,
        status=tuple(str(word.status) for word in words),
        strata=strata(labels, people.ids, of),
        texts=tuple(
            verdict.text if verdict else labels.items.get(id, {}).get("text", "")
            for id, verdict in zip(people.ids, verdicts, strict=True)
        ),
        reasons=tuple(word.reason for word in words),
        notes=(*labels.notes, *repeats(people.ids, [of[id].text if id in of else "" for id in people.ids], clusters)),
        drawn=tuple(labels.items.get(id, {}).get("probability", "") for id in people.ids),
        unlabelled=Unlabelled(
            tuple(verdict.id for verdict in rest),
            _passed([word_of(verdict, dimension) for verdict in rest]),
            {name: np.array(column, float) for name, column in _scores(rest, dimension, scales).items()},
            tuple(cluster(labels, verdict.id, verdict) for verdict in rest),
            tuple(verdict.system or "" for verdict in rest),
        ),
    )


def _scores(verdicts: Sequence[Verdict | None], dimension: str, scales: Scales) -> dict[str, Numbers]:
    import numpy as np

    return {
        name: np.array([np.nan if verdict is None else of(verdict, dimension, scales) for verdict in verdicts], float)
        for name, of in READINGS.items()
    }


def _passed(words: Sequence[Word]) -> Numbers:
    import numpy as np

    return np.array([np.nan if word.passed is None else word.passed for word in words], float)


def _versions(own: Mapping[str, Mapping[str, Verdict]], rubrics: Mapping[str, Rubric]) -> Iterator[str]:
    """Verdicts by another version of a rubric than the one at hand, whose scales are read."""
    for task, of in own.items():
        made, now = next(iter(of.values())).rubric, rubrics[task].id if task in rubrics else ""
        if now and made != now:
            yield f"the verdicts were made by {made}, and are read with the scales of {now}"


def _said(words: Sequence[Word], scale: Scale | None, ours: Scale | None) -> Numbers:
    """The judge's words as codes on people's scale: the same points, or pass and fail where people said no more."""
    import numpy as np

    if scale is not None and ours is not None and scale.points == ours.points:
        off = next((word.label for word in words if word.label is not None and scale.code(word.label) is None), None)
        if off is not None:
            raise InputError(f"the verdicts say {off!r}, which is not on {scale}; give their rubric with --rubric FILE")
        return np.array([np.nan if word.label is None else scale.code(word.label) for word in words], float)
    if scale is not None and scale.kind == "binary" and scale.passing == frozenset({1.0}):
        return _passed(words)
    return np.full(len(words), np.nan)


def _dimensions(labels: Labels, rubric: Rubric | None, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(our dimension, what the labels call it) for each labelled dimension that the rubric has, and the grade."""
    ours = {called: own for own, called in names.items()}
    found = []
    for called in labels.dimensions:
        name = ours.get(called, called)
        dimension = _dimension(rubric, name)
        if dimension is not None:
            found.append((dimension.name, called))
        elif name == GRADE:
            found.append((GRADE, called))
    return found


def _dimension(rubric: Rubric | None, name: str) -> Dimension | None:
    dimensions = rubric.dimensions if rubric else ()
    return next((dimension for dimension in dimensions if name in (dimension.name, *dimension.aliases)), None)


def _belongs(label: Label, task: str, own: Mapping[str, Mapping[str, Verdict]], known: set[str]) -> bool:
    """A label without a verdict belongs to the task it names, or to the only one there is."""
    return label.id not in known and (label.task == task or (not label.task and len(own) == 1))


def _refuse_unknown(
    names: Mapping[str, str], passing: Mapping[str, Sequence[str]], labels: Labels, rubrics: Sequence[Rubric]
) -> None:
    """Raises `UsageError` for a name that would change nothing: a mistyped one would go unseen."""
    ours = {name for rubric in rubrics for own in rubric.dimensions for name in (own.name, *own.aliases)} | {GRADE}
    for own, called in names.items():
        if own not in ours:
            raise UsageError(f"--map {own}={called}: no rubric has {own!r}; known: {', '.join(sorted(ours))}")
        if called not in labels.dimensions:
            raise UsageError(
                f"--map {own}={called}: no label is of {called!r}; labelled: {', '.join(labels.dimensions)}"
            )
    for own in passing:
        if own not in ours:
            raise UsageError(f"--passing {own}: no rubric has {own!r}; known: {', '.join(sorted(ours))}")


def _strangers(labels: Labels, own: Mapping[str, Mapping[str, Verdict]], known: set[str]) -> list[str]:
    """What to say of labelled samples that have no verdict and of which nothing says whose task they are."""
    ids = {
        label.id
        for label in labels.rows
        if label.id not in known and not any(_belongs(label, task, own, known) for task in own)
    }
    if not ids or len(ids) == len({label.id for label in labels.rows}):
        return []
    return [
        f"labelled samples without a verdict, in no figure: {_few(ids)}; `recjudge labels check --verdicts` lists them"
    ]


def _by_task(verdicts: Iterable[Verdict]) -> dict[str, dict[str, Verdict]]:
    """Task to sample id to verdict. A row that came twice counts once; two contents under one id are an error."""
    found: dict[str, dict[str, Verdict]] = {}
    seen: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.kind != "sample":
            continue
        before = seen.setdefault(verdict.id, verdict)
        if before.key != verdict.key:
            raise InputError(
                f"{verdict.place or verdict.id}: sample {verdict.id!r} has another verdict already ({before.place}); "
                "labels are joined by id, so give every sample its own"
            )
        if _outcome(before) != _outcome(verdict):
            raise InputError(
                f"{verdict.place or verdict.id}: sample {verdict.id!r} was judged twice and not alike (first: "
                f"{before.place or before.id}); give one run a file, and compare runs with `recjudge compare`"
            )
        of = found.setdefault(verdict.task, {})
        first = of[next(iter(of))] if of else verdict
        if (first.judge, first.rubric) != (verdict.judge, verdict.rubric):
            raise InputError(
                f"{verdict.place or verdict.id}: judged by {verdict.judge} on {verdict.rubric}, the verdicts before by "
                f"{first.judge} on {first.rubric}; give one judge's verdicts a file"
            )
        of[verdict.id] = before
    return found


def _outcome(verdict: Verdict) -> tuple[object, ...]:
    """What a verdict says: of one judge's two runs the first would else be taken in silence."""
    said = tuple((found.dimension, found.status, found.label) for found in verdict.findings)
    return (verdict.status, verdict.grade, said)


def _nothing_shared(known: set[str], labels: Labels, own: Mapping[str, object], rubrics: Mapping[str, Rubric]) -> str:
    if any(label.id in known for label in labels.rows):
        names = {dimension.name for task in own if task in rubrics for dimension in rubrics[task].dimensions}
        return (
            f"no labelled dimension is one of the rubric's: labelled {', '.join(labels.dimensions)}; known "
            f"{', '.join([*sorted(names), GRADE])}; join them with --map OURS=THEIRS"
        )
    return (
        f"verdicts and labels share no sample: verdicts have {_few(known)}, labels "
        f"{_few({label.id for label in labels.rows})}; a label's sample must be a verdict's id"
    )


def _few(ids: Iterable[str]) -> str:
    listed = sorted(ids)
    return ", ".join(map(repr, listed[:3])) + (f" … ({len(listed)})" if len(listed) > 3 else "")
