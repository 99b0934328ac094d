"""How the learned embedded judge is fitted: the mean of several linear models, none of them chosen.

Choosing the best setting on systems left out was tried: twelve systems tell too little, and the mean of all was better
or as good on every dimension. Three kinds of weights, all linear in the same columns, so that their mean is again one
row of weights:

- `apart`: ridge with an own, shrunken intercept for each system, so that weights explain texts more than systems;
- `signed`: no weight against the column's mean covariance with the labels inside systems, and only columns whose
  covariance is of one sign over systems (|t| above a threshold): what only tells systems apart is left out;
- `logistic`: ridge-penalised logistic regression, for labels of 0 and 1.

Probabilities are fitted on scores of training rows by weights that saw neither their group nor their system, and so are
as wide as the scores of a new system's texts are wrong. Two systems are left out at a time. With four, as it was, the
scores fitted on were further off than those of one new system, and its probabilities too near to the middle: coherence
with one system unseen had an error of .060 (log loss .934), with one left out at a time .051 (.927): seen on the page's
own folds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import nnls
from scipy.stats import norm, rankdata

Numbers = Any
LIMIT = 3.0
PARTS, FEW, MANY = 5, 3, 10
"""Parts of the groups that are left out in turn to fit probabilities: as a rule, where systems are left out too, and of
a set of fewer than `SMALL` rows, which loses more by each."""
SYSTEMS = 8
"""Parts of the systems: few are left out at a time, as in use a text is of one new system and not of four."""
SMALL = 1000


@dataclass(frozen=True)
class Setting:
    """One way to fit."""

    kind: str
    strength: float
    """Of the ridge, in samples."""
    more: float = 0.0
    """`apart`: the ridge on systems' intercepts, 0 for none; `signed`: the threshold of |t|."""


OF_SYSTEMS = (
    *(Setting("apart", ridge, own) for ridge in (300, 1000, 3000) for own in (0, 1, 10)),
    *(Setting("signed", ridge, least) for ridge in (30, 100, 300, 1000) for least in (0, 1, 2)),
)
PLAIN = tuple(Setting("apart", ridge) for ridge in (300, 1000, 3000))
LOGISTIC = (Setting("logistic", 1.0),)
STRONG = tuple(Setting("logistic", ridge) for ridge in (100.0, 300.0, 1000.0))


@dataclass(frozen=True)
class Fitted:
    """One row of weights: score = ((x - centre) / scale, held within LIMIT) @ weights."""

    centre: Numbers
    scale: Numbers
    weights: Numbers

    def scores(self, raw: Numbers) -> Numbers:
        """(n,)"""
        return standard(raw, self.centre, self.scale) @ self.weights


@dataclass(frozen=True)
class Task:
    """What is learned from: (n, columns) values, (n,) labels, and who is held out together."""

    raw: Numbers
    labels: Numbers
    groups: Numbers
    """(n,) documents, dialogues or questions, as integers."""
    systems: Numbers | None
    """(n,) systems as integers; None where the set has none."""
    settings: tuple[Setting, ...]
    prior: Numbers
    """(columns,) how large a column's weight may be, against the others."""
    common: Numbers
    """(columns,) number of the block whose columns share one scale; -1 where a column has its own."""
    vote: tuple[int, ...] = ()
    """Places of columns whose mean, standardised, is added to the score, both of one spread: what a dimension means by
    its own words need not be learned, and twelve systems would hardly teach it."""


@dataclass(frozen=True)
class Rows:
    """The training rows, with what all settings share."""

    z: Numbers
    """(rows, columns) standardised, times the prior."""
    labels: Numbers
    normal: Numbers
    """(rows,) normal scores of the labels."""
    gram: Numbers
    """(columns, columns)"""
    systems: Numbers | None

    @cached_property
    def own(self) -> tuple[Numbers, Numbers]:
        """(rows, systems) 1 where a row is of a system, and (columns, systems) sums of its rows."""
        systems: Numbers = self.systems
        found = (systems[:, None] == np.unique(systems)).astype(float)
        return found, self.z.T @ found

    @cached_property
    def inside(self) -> tuple[Numbers, Numbers]:
        """(columns,) mean over systems of the covariance with the labels inside one, and its standard error."""
        found = []
        systems: Numbers = self.systems
        for system in np.unique(systems):
            z, y = self.z[systems == system], self.normal[systems == system]
            found.append((z - z.mean(0)).T @ (y - y.mean()) / len(y))
        return np.mean(found, 0), np.std(found, 0, ddof=1) / np.sqrt(len(found))


def fit(task: Task, train: Numbers, seed: int = 0, *, known: bool = False) -> tuple[Fitted, Numbers]:
    """The weights of `train` (n booleans), and (n,) scores of its rows by weights that saw neither their system nor
    their group: what the probabilities are fitted on. NaN outside of `train`.

    known: the systems of what will be told are among those of `train`: then groups alone are left out.
    """
    left_out, size = np.full(len(task.labels), np.nan), train.sum()
    for fitting, told in parts(task, train, seed, known=known):
        # the ridge grows with the samples: scores then spread as those of the weights that they stand in for
        left_out[told] = weighed(task, fitting, fitting.sum() / size).scores(task.raw[told])
    return weighed(task, train), left_out


def weighed(task: Task, train: Numbers, ridge: float = 1.0) -> Fitted:
    """The mean weights of all settings, their ridges `ridge` times as strong."""
    z, centre, scale = scaled(task, train)
    held = z[train] * task.prior
    rows = Rows(
        held, task.labels[train], _normal(task.labels[train]), held.T @ held,
        task.systems[train] if task.systems is not None else None,
    )  # fmt: skip
    settings = [replace(one, strength=one.strength * ridge) for one in task.settings]
    weights = np.mean([FITS[one.kind](rows, one) for one in settings], axis=0) * task.prior
    if task.vote:
        at = list(task.vote)
        weights[at] += (z[train] @ weights).std() / z[train][:, at].sum(1).std()
    return Fitted(centre, scale, weights)


def parts(task: Task, train: Numbers, seed: int, *, known: bool = False) -> list[tuple[Numbers, Numbers]]:
    """Pairs of masks inside `train`: what is fitted on, what is left out; by systems and groups at once, by groups
    alone where there are no systems or they are known."""
    if task.systems is None or known:
        count = MANY if train.sum() < SMALL else PARTS
        groups = portions(task.groups, train, count, seed)
        return [(train & (groups != at), train & (groups == at)) for at in range(count)]
    groups, systems = portions(task.groups, train, FEW, seed), portions(task.systems, train, SYSTEMS, seed)
    return [
        (train & (systems != one) & (groups != other), train & (systems == one) & (groups == other))
        for one in range(SYSTEMS)
        for other in range(FEW)
    ]


def portions(names: Numbers, within: Numbers, count: int, seed: int) -> Numbers:
    """(n,) number of the part that a sample's name falls into; parts have as many names as can be."""
    present = np.unique(names[within])
    part = np.full(int(names.max()) + 1, -1)
    part[np.random.default_rng(seed).permutation(present)] = np.arange(len(present)) % count
    return part[names]


def scaled(task: Task, train: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """(n, columns) standardised by the training rows, their centres and scales."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a column that no row has
        centre, scale = np.nanmean(task.raw[train], 0), np.nanstd(task.raw[train], 0)
    centre = np.nan_to_num(centre)
    for block in np.unique(task.common[task.common >= 0]):
        scale[task.common == block] = np.sqrt((scale[task.common == block] ** 2).mean())
    scale = np.where(scale > 1e-9, scale, 1.0)
    return standard(task.raw, centre, scale), centre, scale


def standard(raw: Numbers, centre: Numbers, scale: Numbers) -> Numbers:
    """What the columns are before they are weighed; 0 where a sample has none."""
    z = np.clip((raw - centre) / scale, -LIMIT, LIMIT)
    z[np.isnan(z)] = 0.0
    return z


def _apart(of: Rows, setting: Setting) -> Numbers:
    curve, given, width = of.gram, of.z.T @ of.normal, of.z.shape[1]
    if setting.more and of.systems is not None:
        own, across = of.own
        curve = np.block([[curve, across], [across.T, own.T @ own + setting.more * np.eye(own.shape[1])]])
        given = np.concatenate([given, own.T @ of.normal])
    ridge = np.zeros(len(curve))
    ridge[:width] = setting.strength
    return np.linalg.solve(curve + np.diag(ridge), given)[:width]


def _signed(of: Rows, setting: Setting) -> Numbers:
    mean, spread = of.inside
    every = of.z.T @ of.normal
    kept = (np.abs(mean) > setting.more * (spread + 1e-9)) & (np.sign(mean) == np.sign(every))
    found = np.zeros(of.z.shape[1])
    if kept.any():
        sign = np.sign(mean[kept])
        curve = of.gram[np.ix_(kept, kept)] * np.outer(sign, sign)
        lower = np.linalg.cholesky(curve + setting.strength * np.eye(len(curve)))
        found[kept] = nnls(lower.T, np.linalg.solve(lower, every[kept] * sign))[0] * sign
    return found


def _logistic(of: Rows, setting: Setting) -> Numbers:
    """By Newton's method; the intercept is left to the probabilities."""
    every, labels = np.c_[of.z, np.ones(len(of.z))], of.labels
    weights, ridge = np.zeros(every.shape[1]), np.full(every.shape[1], setting.strength)
    ridge[-1] = 1e-6
    for _ in range(12):
        likely = 1 / (1 + np.exp(-every @ weights))
        curve = (every * (likely * (1 - likely) + 1e-4)[:, None]).T @ every + np.diag(ridge)
        step = np.linalg.solve(curve, every.T @ (labels - likely) - ridge * weights)
        weights += step
        if np.abs(step).max() < 1e-4:
            break
    return weights[:-1]


def _normal(labels: Numbers) -> Numbers:
    """Normal scores of ranks: labels' distances have no meaning."""
    found = norm.ppf(rankdata(labels) / (len(labels) + 1))
    return found - found.mean()


FITS = {"apart": _apart, "signed": _signed, "logistic": _logistic}
