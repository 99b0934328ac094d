"""One task's embedded Student, learned from everything, and what can be known of it, from clusters held out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...human_labels import Interval
from ...judge.student import Stem, Target
from ...judge.student.features import names_for, vectors
from .cuts import shares_of, target_of
from .evaluating import DRAWS, Calibration, Order, better_by, calibration, order
from .examples import folds
from .fitting import LISTWISE, POINTWISE, Fit, Task, columns_of, fit, stem_of
from .listwise import Lists
from .records import Examples

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]

KINDS = (LISTWISE, POINTWISE)
FEWEST = 2
"""Contexts with something to order, in clusters of their own: with fewer nothing can be held out."""


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
    or pointwise, which is then what the student is. judged: target to the judge's own (rows,) places.
    """
    import numpy as np

    names = names_for(examples.rubric)
    raw = vectors(examples.samples, names)
    skipped = {name: why for name in examples.targets if (why := _too_little(examples, name))}
    chosen = [name for name in examples.targets if name not in skipped]
    fold = folds(examples.clusters, parts, seed)
    stem, finals = _fitted(raw, names, examples, chosen, np.arange(len(raw)), (kind,), seed)
    targets = tuple(_target(examples, name, finals[name, kind], np.arange(len(raw))) for name in chosen)
    held = {(name, of): np.full(len(raw), np.nan) for name in chosen for of in KINDS}
    shares = {name: np.full((len(raw), len(examples.scale(name))), np.nan) for name in chosen}
    students = []
    for part in range(int(fold.max(initial=0)) + 1) if chosen else ():
        train, rest = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        own, fits = _fitted(raw[train], names, examples, chosen, train, KINDS, seed)
        columns = columns_of(own, raw[rest], names)
        for key, found in fits.items():
            held[key][rest] = columns @ found.weights
        cut = tuple(_target(examples, name, fits[name, kind], train) for name in chosen)
        for target in cut:
            shares[target.name][rest] = shares_of(target, held[target.name, kind][rest])
        students.append((_with(own, fits, chosen, kind), cut, tuple(rest.tolist())))
    learned = tuple(
        _learned(examples, target, kind, finals[target.name, kind], held, shares, judged or {}, draws, seed)
        for target in targets
    )
    whole = _with(stem, finals, chosen, kind)
    effects = _effects(whole, columns_of(whole, raw, names), chosen)
    return Lesson(examples.task, whole, targets, learned, skipped, tuple(students), held, effects)


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
    return Task(examples.values(name), float(len(examples.scale(name)) - 1), examples.groups(name), examples.clusters)


def _with(stem: Stem, fits: Mapping[tuple[str, str], Fit], chosen: Sequence[str], kind: str) -> Stem:
    rows = (fits[name, kind].weights.tolist() for name in chosen)
    return replace(stem, weights=tuple(tuple(float(f"{weight:.6g}") for weight in row) for row in rows))


def _effects(stem: Stem, columns: Numbers, chosen: Sequence[str]) -> dict[str, dict[str, float]]:
    import numpy as np

    count = len(stem.features)
    owners = np.array([*range(count), *(at for at, knots in enumerate(stem.knots) for _ in knots)])
    found: dict[str, dict[str, float]] = {}
    for name, weights in zip(chosen, stem.weights, strict=True):
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
        warnings=tuple(_warnings(target, student)),
    )


def _warnings(target: Target, found: Order) -> list[str]:
    told = []
    if target.slope == 0:
        told.append("held-out scores do not go with the labels: it says the same of every sample")
    if math.isnan(found.accuracy.low):
        told.append("no interval can be had: too few clusters, or no variation between them")
    elif found.accuracy.low <= 0.5:
        told.append("on held-out pairs no better than a coin, as far as these clusters can tell")
    if found.accuracy.clusters < 10:
        told.append("fewer than 10 clusters have something to order: take the figures for a rough guess")
    return told


def _too_little(examples: Examples, name: str) -> str:
    """Why a target cannot be learned; empty where it can."""
    import numpy as np

    values, groups = examples.values(name), examples.groups(name)
    known = values[~np.isnan(values)]
    if len(np.unique(known)) < 2:
        return f"one level only, on all {len(known)} samples"
    lists = Lists.of(values, groups)
    clusters = {int(examples.clusters[place]) for rows in lists.places for place in rows[:, 0]}
    if len(clusters) < FEWEST:
        return f"{lists.groups} contexts with something to order, in {len(clusters)} clusters; {FEWEST} are needed"
    return ""
