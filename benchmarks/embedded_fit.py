"""How the learned embedded judge is fitted: the mean of several linear models, none of them chosen.

Choosing the best setting on systems left out was tried: twelve systems tell too little, and the mean of all was better
or as good on every dimension. Three kinds of weights, all linear in the same columns, so that their mean is again one
row of weights:

- `apart`: ridge with an own, shrunken intercept for each system, so that weights explain texts more than systems;
- `signed`: no weight against the column's mean covariance with the labels inside systems, and only columns whose
  covariance is of one sign over systems (|t| above a threshold): what only tells systems apart is left out;
- `logistic`: ridge-penalised logistic regression, for labels of 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import nnls
from scipy.stats import norm, rankdata

Numbers = Any
LIMIT = 3.0


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


def fit(task: Task, train: Numbers, seed: int = 0) -> tuple[Fitted, Numbers]:
    """The weights of `train` (n booleans), and (n,) scores of its rows by weights that saw neither their system nor
    their group: what the probabilities are fitted on. NaN outside of `train`."""
    left_out = np.full(len(task.labels), np.nan)
    for fitting, told in parts(task, train, seed):
        left_out[told] = weighed(task, fitting).scores(task.raw[told])
    return weighed(task, train), left_out


def weighed(task: Task, train: Numbers) -> Fitted:
    """The mean weights of all settings."""
    z, centre, scale = scaled(task, train)
    return Fitted(centre, scale, np.mean([_weights(task, z, train, one) for one in task.settings], axis=0))


def parts(task: Task, train: Numbers, seed: int) -> list[tuple[Numbers, Numbers]]:
    """Pairs of masks inside `train`: what is fitted on, what is left out; by systems and groups at once."""
    groups = portions(task.groups, train, 2 if task.systems is not None else 3, seed)
    if task.systems is None:
        return [(train & (groups != at), train & (groups == at)) for at in range(3)]
    systems = portions(task.systems, train, 4, seed)
    return [
        (train & (systems != one) & (groups != half), train & (systems == one) & (groups == half))
        for one in range(4)
        for half in range(2)
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


def _weights(task: Task, z: Numbers, rows: Numbers, setting: Setting) -> Numbers:
    held = z[rows] * task.prior
    systems = task.systems[rows] if task.systems is not None else None
    return FITS[setting.kind](held, task.labels[rows], systems, setting) * task.prior


def _apart(z: Numbers, labels: Numbers, systems: Numbers, setting: Setting) -> Numbers:
    own = np.zeros((len(z), 0))
    if setting.more and systems is not None:
        own = (systems[:, None] == np.unique(systems)).astype(float)
    every = np.hstack([z, own])
    ridge = np.concatenate([np.full(z.shape[1], setting.strength), np.full(own.shape[1], setting.more)])
    return np.linalg.solve(every.T @ every + np.diag(ridge), every.T @ _normal(labels))[: z.shape[1]]


def _signed(z: Numbers, labels: Numbers, systems: Numbers, setting: Setting) -> Numbers:
    y, inside = _normal(labels), []
    for system in np.unique(systems):
        rows = systems == system
        inside.append((z[rows] - z[rows].mean(0)).T @ (y[rows] - y[rows].mean()) / rows.sum())
    mean, spread = np.mean(inside, 0), np.std(inside, 0, ddof=1) / np.sqrt(len(inside))
    kept = (np.abs(mean) > setting.more * (spread + 1e-9)) & (np.sign(mean) == np.sign(z.T @ y))
    found = np.zeros(z.shape[1])
    if kept.any():
        a = z[:, kept] * np.sign(mean[kept])
        lower = np.linalg.cholesky(a.T @ a + setting.strength * np.eye(a.shape[1]))
        found[kept] = nnls(lower.T, np.linalg.solve(lower, a.T @ y))[0] * np.sign(mean[kept])
    return found


def _logistic(z: Numbers, labels: Numbers, systems: Numbers, setting: Setting) -> Numbers:
    """By Newton's method; the intercept is left to the probabilities."""
    every = np.c_[z, np.ones(len(z))]
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
