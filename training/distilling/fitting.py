"""Weights of an embedded Student: bent features, a convex loss, as much shrinkage as orders held-out pairs best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ...judge.student import Stem
from .examples import folds, parted
from .listwise import Lists
from .newton import FEW, listwise_bend, path, pointwise_bend
from .pairs import Pairs

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]
    Loss = Callable[[Numbers], tuple[float, Numbers]]

LISTWISE, POINTWISE = "listwise", "pointwise"
SHRINKAGE = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
"""Tried from the strongest on, until three steps weaker are no better."""
BENDS = (0.2, 0.4, 0.6, 0.8)
"""Quantiles of a feature at which its slope may change."""
DIGITS = 6


@dataclass(frozen=True)
class Task:
    """One target's values, ready to be learned: NaN where nothing is known."""

    values: Numbers
    """(n,) places on the scale."""
    top: float
    """The place of the best label."""
    groups: NDArray[int64]
    clusters: NDArray[int64]
    texts: NDArray[int64]
    """Equal where texts are: no fold is scored by weights that have seen one of its own."""

    def at(self, places: NDArray[int64]) -> Task:
        """Of these rows."""
        return Task(self.values[places], self.top, self.groups[places], self.clusters[places], self.texts[places])


@dataclass(frozen=True)
class Fit:
    """Weights, and how the shrinkage was chosen."""

    weights: Numbers
    shrinkage: float
    accuracy: Mapping[float, float]
    """Shrinkage to the share of held-out pairs in order."""
    held_out: Numbers
    """(n,) score of each row by the weights fitted without its fold, at the chosen shrinkage."""


def stem_of(raw: Numbers, names: Sequence[str]) -> Stem:
    """Centres, scales and knots of these rows, without weights; a feature that never varies is left out."""
    import numpy as np

    kept, centre, scale, knots = [], [], [], []
    for name, column in zip(names, raw.T, strict=True):
        seen = column[np.isfinite(column)]
        if len(seen) < 2 or not (spread := float(seen.std())) > 1e-9 * max(1.0, float(np.abs(seen).max())):
            continue
        middle = _short(seen.mean())
        spread = _short(spread)
        z = (seen - middle) / spread
        bends = sorted({_short(at) for at in np.quantile(z, BENDS)})
        inner = [at for at in bends if z.min() + 1e-6 < at < z.max() - 1e-6 and abs(at) < 4]
        kept.append(name)
        centre.append(middle)
        scale.append(spread)
        knots.append(tuple(inner) if len(np.unique(seen)) > 4 else ())
    return Stem(tuple(kept), tuple(centre), tuple(scale), tuple(knots), ())


def columns_of(stem: Stem, raw: Numbers, names: Sequence[str]) -> Numbers:
    """The stem's columns, from raw values of these features."""
    at = {name: place for place, name in enumerate(names)}
    return stem.columns(raw[:, [at[name] for name in stem.features]])


def fit(columns: Numbers, task: Task, kind: str = LISTWISE, *, parts: int = 4, seed: int = 0) -> Fit:
    """Weights for one target. kind: of `LOSSES`. parts: folds of whole clusters by which the shrinkage is chosen.

    Of those that order held-out pairs equally well the strongest is taken.
    """
    import numpy as np

    fold = folds(task.clusters, parts, seed)
    sides = [parted(fold == part, task.texts) for part in range(int(fold.max(initial=-1)) + 1)]
    paths = [_path(columns[train], task.at(train), kind) for train, _ in sides]
    pairs, accuracy = Pairs.of(task.values, task.groups), dict[float, float]()
    best, held_out = SHRINKAGE[0], np.full(len(columns), np.nan)
    for shrinkage in SHRINKAGE:
        scores = np.full(len(columns), np.nan)
        for (_, held), weights_at in zip(sides, paths, strict=True):
            scores[held] = columns[held] @ next(weights_at)
        accuracy[shrinkage] = round(pairs.accuracy(scores), 6)
        if shrinkage == best or accuracy[shrinkage] > accuracy[best]:
            best, held_out = shrinkage, scores
        elif shrinkage < best / 11:  # three steps weaker and no better: it only goes down from here
            break
    weights = next(islice(_path(columns, task, kind), SHRINKAGE.index(best), None))
    return Fit(weights, best, accuracy, held_out)


def _path(columns: Numbers, task: Task, kind: str) -> Iterator[Numbers]:
    """Weights at each shrinkage, from the strongest on, each begun where the one before ended.

    Few samples by Newton's method, many by a quasi-Newton one: the minima are the same.
    """
    import numpy as np

    if len(columns) <= FEW:
        bend = listwise_bend(task.values, task.groups) if kind == LISTWISE else pointwise_bend(task.values, task.top)
        yield from path(columns, bend, SHRINKAGE, kind == POINTWISE)
        return
    loss, extra = LOSSES[kind](columns, task)
    at = np.zeros(columns.shape[1] + extra)
    for shrinkage in SHRINKAGE:
        at = _minimum(loss, at, shrinkage, columns.shape[1])
        yield at[: columns.shape[1]]


def _minimum(loss: Loss, start: Numbers, shrinkage: float, penalised: int) -> Numbers:
    """Of loss + shrinkage / 2 times the squares of the first weights (L-BFGS; both are convex)."""
    import numpy as np
    from scipy.optimize import minimize

    if not len(start):
        return start

    def total(at: Numbers) -> tuple[float, Numbers]:
        value, slope = loss(at)
        slope = slope.copy()
        slope[:penalised] += shrinkage * at[:penalised]
        return value + shrinkage / 2 * float(at[:penalised] @ at[:penalised]), slope

    found = minimize(total, start, jac=True, method="L-BFGS-B", options={"maxiter": 300, "ftol": 1e-7, "gtol": 1e-5})
    return np.asarray(found.x, dtype=np.float64)


def _listwise(columns: Numbers, task: Task) -> tuple[Loss, int]:
    """The listwise loss for each sample above its group's lowest level."""
    lists = Lists.of(task.values, task.groups)
    terms = max(1, lists.terms)

    def loss(at: Numbers) -> tuple[float, Numbers]:
        value, slope = lists.loss(columns @ at)
        return value / terms, columns.T @ slope / terms

    return loss, 0


def _pointwise(columns: Numbers, task: Task) -> tuple[Loss, int]:
    """Logistic regression of the place on the scale, in [0, 1] (Papke and Wooldridge 1996), with a free intercept.

    Each sample by itself, whatever it competes with: a sigmoid on a scalar head, as RecGPT-V2 has it.
    """
    import numpy as np

    known = np.flatnonzero(~np.isnan(task.values))
    x, y = columns[known], task.values[known] / task.top
    n = max(1, len(known))

    def loss(at: Numbers) -> tuple[float, Numbers]:
        score = x @ at[:-1] + at[-1]
        off = 1 / (1 + np.exp(-np.clip(score, -500, 500))) - y
        value = float((np.logaddexp(0.0, score) - y * score).sum()) / n
        return value, np.append(x.T @ off, off.sum()) / n

    return loss, 1


def _short(value: float) -> float:
    """So few digits that they are the same on any machine."""
    return float(f"{float(value):.{DIGITS}g}")


LOSSES: Mapping[str, Callable[[Numbers, Task], tuple[Loss, int]]] = {LISTWISE: _listwise, POINTWISE: _pointwise}
