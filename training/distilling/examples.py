"""From verdicts, and from what people said, to what a Student learns from; what is left out is counted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...human_labels.pairing import GRADES, finding_of
from ...judge import Grade, Sample, Status
from ...judge.student import GRADE
from ..bad_rows import cluster_of
from ..prompting import prompt_of
from ..rows import Row
from .people import Word, words_by_people
from .records import Example, Examples

if TYPE_CHECKING:
    from numpy import bool_, int64
    from numpy.typing import NDArray

    from ...human_labels import Labels
    from ...rubrics import Rubric

UNJUDGED = "unjudged, and no label of people"
SEALED = "sealed labels of people: kept for tests"


def examples_of(
    rows: Iterable[Row],
    rubrics: Mapping[str, Rubric],
    labels: Labels | None = None,
    *,
    names: Mapping[str, str] | None = None,
    cuts: Mapping[str, Sequence[float]] | None = None,
    dimensions: Collection[str] = (),
    sealed: Collection[str] = (),
    soft: bool = False,
) -> dict[str, Examples]:
    """Task to its examples, in the rows' order; what is not one is counted in `left_out` under the reason why.

    rubrics: by task. labels: of people, of one role; taken before the judge's word. names: a rubric's dimension to what
    the labels call it. cuts: dimension to where on people's own scale one label ends (default: evenly). dimensions:
    the targets to keep (default: all, and the grade). sealed: sample ids that are kept for tests. soft: a judge's place
    is the one expected under its distribution, else that of its label. Raises `UsageError` for a task without a rubric,
    a name or dimension that is nobody's, and cuts that do not fit.
    """
    left: Counter[str] = Counter()
    kept: dict[str, list[Example]] = {}
    notes: dict[str, list[str]] = {}
    taken = list(_taken(rows, left, sealed))
    tasks = dict.fromkeys(row.sample.task for row in taken)
    said = {
        task: words_by_people(
            labels, _rubric(rubrics, task), names or {}, cuts or {}, notes.setdefault(task, []), dimensions
        )
        for task in tasks
    }
    _refuse_unknown([rubrics[task] for task in tasks], labels, names or {}, cuts or {}, dimensions)
    for row in taken:
        task = row.sample.task
        example = _example(row, rubrics[task], said[task].get(row.sample.id, {}), dimensions, soft)
        if example.values:
            kept.setdefault(task, []).append(example)
        else:
            left[UNJUDGED] += 1
    _count_strangers(labels, taken, sealed, left)
    return {task: _examples(task, rubrics[task], found, left, notes[task]) for task, found in kept.items()}


def split(examples: Examples, share: float, seed: int = 0) -> tuple[Examples, Examples]:
    """To train on, and held out: this share of the clusters, whole, drawn by seed; at least one on either side.

    What has a text of the held-out side is on neither.

    Raises `UsageError` with fewer than two clusters.
    """
    import numpy as np

    count = int(examples.clusters.max(initial=-1)) + 1
    if count < 2:
        raise UsageError(f"{examples.task}: {count} cluster; nothing can be held out, give samples of several groups")
    many = min(count - 1, max(1, round(share * count)))
    held = np.isin(examples.clusters, np.random.default_rng(seed).permutation(count)[:many])
    train, test = parted(held, examples.texts)
    return examples.take(train), examples.take(test)


def parted(held: NDArray[bool_], texts: NDArray[int64]) -> tuple[NDArray[int64], NDArray[int64]]:
    """The places of rows to train on, and of those held out; what has a text of the held-out ones is on no side.

    A copy in another cluster, with the label it has there, would tell what is to be found out.
    """
    import numpy as np

    return np.flatnonzero(~held & ~np.isin(texts, texts[held])), np.flatnonzero(held)


def folds(clusters: NDArray[int64], count: int, seed: int = 0) -> NDArray[int64]:
    """(rows,) the fold of each row, clusters whole, as many rows a fold as can be: clusters go to the smallest one."""
    import numpy as np

    names, sizes = np.unique(clusters, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    filled = np.zeros(min(count, max(1, len(names))))
    of: dict[int, int] = {}
    for place in order:
        of[int(names[place])] = fold = int(filled.argmin())
        filled[fold] += sizes[place]
    return np.array([of[int(name)] for name in clusters], dtype=np.int64)


def _taken(rows: Iterable[Row], left: MutableMapping[str, int], sealed: Collection[str]) -> Iterable[Row]:
    seen: set[str] = set()
    for row in rows:
        if row.never:
            left[f"{row.never}: never trained on"] += 1
        elif row.sample.id in sealed:
            left[SEALED] += 1
        elif row.sample.key in seen:
            left["the same row again"] += 1
        elif row.negative and row.verdict.grade not in (None, Grade.BAD):
            left["a negative that is not graded Bad"] += 1
        elif not row.sample.text.strip() and not row.sample.output:
            left["no completion: the output is empty"] += 1
        else:
            seen.add(row.sample.key)
            yield row


def _example(row: Row, rubric: Rubric, people: Mapping[str, Word], wanted: Collection[str], soft: bool) -> Example:
    said = {**_judged(row, rubric, soft), **people}
    said = {target: word for target, word in said.items() if not wanted or target in wanted}
    return Example(
        sample=row.sample,
        context=context_of(row.sample, rubric),
        cluster=cluster_of(row.verdict),
        values={target: word.value for target, word in said.items()},
        labels={target: word.label for target, word in said.items()},
        people=frozenset(target for target in said if target in people),
        judge=row.verdict.judge,
    )


def context_of(sample: Sample, rubric: Rubric) -> str:
    """What a sample competes in, as `Candidate.context` has it: user, interest, item and prompt, in a few digits.

    A sample of which none of these is known competes with nobody.
    """
    import orjson

    prompt = prompt_of(sample, rubric)
    if not (prompt or sample.group or sample.item):
        return f"alone:{sample.key[:16]}"
    asked = [sample.task, sample.group, sample.item, sample.context.get("interest"), list(prompt)]
    named = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(named).hexdigest()[:16]


def _judged(row: Row, rubric: Rubric, soft: bool) -> dict[str, Word]:
    """The judge's word on each dimension and on the whole; nothing where it has none."""
    found = {}
    for dimension in rubric.dimensions:
        said = finding_of(row.verdict, dimension.name)
        if said is not None and said.status is Status.OK and said.label in dimension.labels:
            place = dimension.labels.index(said.label)
            spread = said.distribution if soft else None
            expected = sum(at * share for at, share in enumerate(spread)) if spread else float(place)
            found[dimension.name] = Word(round(expected, 6), place)
    if row.verdict.grade is not None:
        place = GRADES.points.index(row.verdict.grade.value)
        found[GRADE] = Word(float(place), place)
    return found


def _examples(
    task: str, rubric: Rubric, rows: Sequence[Example], left: Mapping[str, int], notes: Sequence[str]
) -> Examples:
    said = {target for row in rows for target in row.values}
    targets = tuple(name for name in (GRADE, *(dim.name for dim in rubric.dimensions)) if name in said)
    whole = _joined_by_context(rows)
    return Examples(task, rubric, targets, whole, dict(left), tuple(notes))


def _joined_by_context(rows: Sequence[Example]) -> tuple[Example, ...]:
    """Clusters that share a context are one: else a split could put one prompt on both sides."""
    owner: dict[str, str] = {}

    def root(name: str) -> str:
        while owner.setdefault(name, name) != name:
            owner[name] = owner[owner[name]]
            name = owner[name]
        return name

    first: dict[str, str] = {}
    for row in rows:
        owner[root(row.cluster)] = root(first.setdefault(row.context, row.cluster))
    return tuple(replace(row, cluster=root(row.cluster)) for row in rows)


def _rubric(rubrics: Mapping[str, Rubric], task: str) -> Rubric:
    if task not in rubrics:
        raise UsageError(f"no rubric for task {task!r}; give it with --rubric FILE")
    return rubrics[task]


def _refuse_unknown(
    rubrics: Sequence[Rubric],
    labels: Labels | None,
    names: Mapping[str, str],
    cuts: Mapping[str, Sequence[float]],
    dimensions: Collection[str],
) -> None:
    """A mistyped name would change nothing, unseen."""
    known = {GRADE} | {dimension.name for rubric in rubrics for dimension in rubric.dimensions}
    for option, given in (("--map", names), ("--cut", cuts), ("--dimension", dimensions)):
        if rubrics and (strange := next((name for name in given if name not in known), None)):
            raise UsageError(f"{option} {strange}: no rubric has it; known: {', '.join(sorted(known))}")
    for own, called in names.items():
        if labels is not None and called not in labels.dimensions:
            raise UsageError(
                f"--map {own}={called}: no label is of {called!r}; labelled: {', '.join(labels.dimensions)}"
            )


def _count_strangers(
    labels: Labels | None, rows: Sequence[Row], sealed: Collection[str], left: MutableMapping[str, int]
) -> None:
    known = {row.sample.id for row in rows}
    strangers = {label.id for label in labels.rows if label.human} - known - set(sealed) if labels else set()
    if strangers:
        left["labelled samples that are not among the rows"] += len(strangers)
