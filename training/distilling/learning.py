"""One task's embedded Student, learned from everything, and what can be known of it, from clusters held out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...human_labels import Interval
from ...judge.student import GRADE, Stem, Target
from ...judge.student.features import names_for, vectors
from .cuts import shares_of, target_of
from .doubts import doubts, too_little, unlearned
from .evaluating import DRAWS, Calibration, Order, better_by, calibration, order
from .examples import folds, parted
from .fitting import LISTWISE, POINTWISE, Fit, Task, columns_of, fit, stem_of
from .records import Examples

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]

KINDS = (LISTWISE, POINTWISE)


@dataclass(frozen=True)
class Learned:
    """One target: what it was learned from, and held-out figures; a sample's score is by weights of other clusters."""

    target: str
    n: int
    by_people: int
    clusters: int
    kind: str
    shrinkage: float
    student: Order
    """Of the kind that was written."""
    other: Order
    """Of the other kind: point-wise beside listwise."""
    ahead: Interval
    """Accuracy of the student less that of the other kind, over the same pairs."""
    judge: Order | None
    """Of the judge's own places, where people's word is what is learned."""
    over_judge: Interval | None
    """Accuracy of the student less the judge's own."""
    calibration: Calibration | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """What one task came to."""

    task: str
    stem: Stem
    """Fitted on all rows."""
    targets: tuple[Target, ...]
    """Those that were learned. A grade that was not stands among them with a slope of 0: it is abstained on then, not
    put together from findings. None where nothing was learned."""
    learned: tuple[Learned, ...]
    skipped: Mapping[str, str]
    """Target to why it was not learned."""
    held_out: tuple[tuple[Stem, tuple[Target, ...], tuple[int, ...]], ...]
    """Of each fold: the Student fitted without it, and the places of its rows."""
    scores: Mapping[tuple[str, str], Numbers]
    """(target, kind) to the held-out score of each row."""
    effects: Mapping[str, Mapping[str, float]]
    """Target to feature to the standard deviation of what it adds to scores; below 0 where more of it lowers them."""


def learn(
    examples: Examples,
    *,
    kind: str = LISTWISE,
    parts: int = 5,
    seed: int = 0,
    draws: int = DRAWS,
    judged: Mapping[str, Numbers] | None = None,
) -> Lesson:
    """Weights and cuts from all rows, and figures from `parts` folds of whole clusters, each scored by the others.

    Inside every fold shrinkage, knots and cuts are chosen anew from the rest (nested cross-validation). kind: listwise
    or pointwise, which is then what the student is. judged: target to the judge's own (rows,) places. A target that
    orders held-out pairs no better than a coin, or whose cross-fitted scores go against its labels, is not learned. No
    fold is scored by weights that have seen one of its texts, in whichever cluster.
    """
    import numpy as np

    names = names_for(examples.rubric)
    raw = vectors(examples.samples, names)
    skipped = {name: why for name in examples.targets if (why := too_little(examples, name))}
    chosen = [name for name in examples.targets if name not in skipped]
    fold = folds(examples.clusters, parts, seed)
    stem, finals = _fitted(raw, names, examples, chosen, np.arange(len(raw)), (kind,), seed)
    targets = tuple(_target(examples, name, finals[name, kind], np.arange(len(raw))) for name in chosen)
    held = {(name, of): np.full(len(raw), np.nan) for name in chosen for of in KINDS}
    shares = {name: np.full((len(raw), len(examples.scale(name))), np.nan) for name in chosen}
    students = []
    for part in range(int(fold.max(initial=0)) + 1) if chosen else ():
        train, rest = parted(fold == part, examples.texts)
        own, fits = _fitted(raw[train], names, examples, chosen, train, KINDS, seed)
        columns = columns_of(own, raw[rest], names)
        for key, found in fits.items():
            held[key][rest] = columns @ found.weights
        cut = tuple(_target(examples, name, fits[name, kind], train) for name in chosen)
        for target in cut:
            shares[target.name][rest] = shares_of(target, held[target.name, kind][rest])
        students.append((own, fits, cut, tuple(rest.tolist())))
    tried = {
        target.name: _learned(
            examples, target, kind, finals[target.name, kind], held, shares, judged or {}, draws, seed
        )
        for target in targets
    }
    skipped |= {target.name: why for target in targets if (why := unlearned(target, tried[target.name].student))}
    learned = tuple(tried[name] for name in chosen if name not in skipped)
    targets = _said(examples, targets, skipped)
    stem = _with(stem, finals, targets, kind)
    return Lesson(
        examples.task, stem, targets, learned, skipped,
        tuple(
            (_with(own, fits, targets, kind), _said(examples, cut, skipped), rest) for own, fits, cut, rest in students
        ),
        held, _effects(stem, columns_of(stem, raw, names), targets),
    )  # fmt: skip


def _said(examples: Examples, targets: Sequence[Target], skipped: Mapping[str, str]) -> tuple[Target, ...]:
    """Those that were learned, a grade that was not with a slope of 0; none where that is all."""
    kept = tuple(target for target in targets if target.name not in skipped)
    if kept and GRADE in skipped:
        labels = examples.scale(GRADE)
        return (Target(GRADE, labels, 0.0, tuple(float(at) for at in range(len(labels) - 1))), *kept)
    return kept


def _fitted(
    raw: Numbers,
    names: Sequence[str],
    examples: Examples,
    chosen: Sequence[str],
    places: NDArray[int64],
    kinds: Sequence[str],
    seed: int,
) -> tuple[Stem, dict[tuple[str, str], Fit]]:
    """A stem of these rows, and the weights of each target by each kind of loss."""
    stem = stem_of(raw, names)
    columns = columns_of(stem, raw, names)
    return stem, {
        (name, kind): fit(columns, _task(examples, name).at(places), kind, seed=seed)
        for name in chosen
        for kind in kinds
    }


def _task(examples: Examples, name: str) -> Task:
    top = float(len(examples.scale(name)) - 1)
    return Task(examples.values(name), top, examples.groups(name), examples.clusters, examples.texts)


def _with(stem: Stem, fits: Mapping[tuple[str, str], Fit], targets: Sequence[Target], kind: str) -> Stem:
    width = len(stem.features) + sum(map(len, stem.knots))
    rows = [fits[one.name, kind].weights.tolist() if one.learned else [0.0] * width for one in targets]
    return replace(stem, weights=tuple(tuple(float(f"{weight:.6g}") for weight in row) for row in rows))


def _effects(stem: Stem, columns: Numbers, targets: Sequence[Target]) -> dict[str, dict[str, float]]:
    import numpy as np

    count = len(stem.features)
    owners = np.array([*range(count), *(at for at, knots in enumerate(stem.knots) for _ in knots)])
    found: dict[str, dict[str, float]] = {}
    for target, weights in zip(targets, stem.weights, strict=True):
        if not target.learned:
            continue
        name = target.name
        found[name] = {}
        for at, feature in enumerate(stem.features):
            adds = columns[:, owners == at] @ np.asarray(weights)[owners == at]
            way = float((adds - adds.mean()) @ columns[:, at])
            found[name][feature] = float(f"{math.copysign(float(adds.std()), way):.4g}")
    return found


def _target(examples: Examples, name: str, fitted: Fit, places: NDArray[int64]) -> Target:
    return target_of(name, examples.scale(name), fitted.held_out, examples.labels(name)[places])


def _learned(
    examples: Examples,
    target: Target,
    kind: str,
    fitted: Fit,
    held: Mapping[tuple[str, str], Numbers],
    shares: Mapping[str, Numbers],
    judged: Mapping[str, Numbers],
    draws: int,
    seed: int,
) -> Learned:
    import numpy as np

    name, others = target.name, KINDS[1 - KINDS.index(kind)]
    own, other = held[name, kind], held[name, others]
    known = ~np.isnan(examples.values(name))
    people = examples.by_people(name)
    judge = np.where(people, judged[name], np.nan) if name in judged and people.any() else None
    if judge is not None and np.isnan(judge).all():
        judge = None
    drawn = {"draws": draws, "seed": seed}
    student = order(examples, name, own, **drawn)
    return Learned(
        target=name,
        n=int(known.sum()),
        by_people=int(people.sum()),
        clusters=len(set(examples.clusters[known].tolist())),
        kind=kind,
        shrinkage=fitted.shrinkage,
        student=student,
        other=order(examples, name, other, **drawn),
        ahead=better_by(examples, name, own, other, **drawn),
        judge=None if judge is None else order(examples, name, judge, **drawn),
        over_judge=None if judge is None else better_by(examples, name, own, judge, **drawn),
        calibration=calibration(examples, name, shares[name], **drawn),
        warnings=tuple(doubts(student)),
    )
