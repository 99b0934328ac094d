"""A learned model of one dimension: weights in JSON, a score, a probability of each label, and what moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

import orjson

from ....errors import InputError
from ...student.features import VERSION as QUICK
from ...student.targets import Target
from .columns import ALWAYS, KINDS, LEXICAL, VERSION, columns, meaning
from .domain import away, measured, unlike
from .states import States

if TYPE_CHECKING:
    from ...records import Sample

LIMIT = 3.0
"""Standard deviations beyond which a column is taken as this far."""
DIGITS = 4
"""Of a score: what differs beyond them by the batch that a text was read in decides nothing."""
_FOLDER = "weights"


@dataclass(frozen=True, slots=True)
class Moved:
    """What a model makes of one sample."""

    score: float
    away: float
    """From the lesson: above 1 outside of it (`domain.away`)."""
    unlike: str
    """How it is unlike the lesson; empty inside."""
    most: tuple[tuple[str, float], ...]
    """What the columns that moved it most mean, and by how much."""


@dataclass(frozen=True, eq=False)
class Model:
    """A linear score of standardised columns, and the cuts that make it probabilities."""

    task: str
    dimension: str
    question: str
    """The rubric's, when it was learned: under another question the model has nothing to say."""
    kind: str
    """In `columns.KINDS`."""
    names: tuple[str, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    target: Target
    domain: Mapping[str, Any]
    """What it was taught on (`domain.record`)."""
    made: Mapping[str, Any]
    """From which set, n, groups, agreement on held-out samples."""

    def fits(self, sample: Sample) -> bool:
        """Whether the sample has what the model reads, in the language it reads."""
        return sample.task == self.task and KINDS[self.kind].fits(sample)

    @property
    def lexical(self) -> bool:
        """Whether it reads quick features alone, and needs no network."""
        return self.kind in LEXICAL

    def asked(self, *, lexical: bool) -> bool:
        """Whether it answers a judge that has embeddings, or has none."""
        return self.kind in ALWAYS or self.lexical == lexical

    def read(self, sample: Sample, states: States | None) -> Moved:
        """The score, how far the sample is from the lesson, and the columns that moved the score most."""
        import numpy as np

        centre, scale, weights, near = self._arrays
        z = (columns(self.kind, [sample], self.names, states)[0] - centre) / scale
        parts = np.nan_to_num(np.clip(z, -LIMIT, LIMIT), nan=0.0) * weights
        seen = (self.domain, z[near], *measured(sample))
        names = [self.names[at].removeprefix("quick:") for at in near]
        score = round(float(parts.sum()), DIGITS)
        return Moved(score, away(*seen), unlike(*seen, names), tuple(self._most(parts.tolist())))

    def _most(self, parts: Sequence[float], most: int = 3) -> list[tuple[str, float]]:
        """The columns that a person can read and that moved this score most: meaning, and which way."""
        ranked = sorted(zip(self.names, parts, strict=True), key=lambda pair: -abs(pair[1]))
        told = [(name, by) for name, by in ranked if by and readable(name)]
        return [(meaning(self.kind, name), by) for name, by in told[:most]]

    @cached_property
    def _arrays(self) -> tuple[Any, Any, Any, Any]:
        import numpy as np

        near = np.array(domain_columns(self.names))
        return np.array(self.centre), np.array(self.scale), np.array(self.weights), near


@cache
def models() -> tuple[Model, ...]:
    """Those that ship. Raises `InputError` for weights of other columns than this recjudge has."""
    folder = resources.files(__package__) / _FOLDER
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    return tuple(_model(orjson.loads(file.read_bytes()), file.name) for file in files)


def _model(said: Mapping[str, Any], name: str) -> Model:
    if (said["columns"], said["quick"]) != (VERSION, QUICK):
        raise InputError(
            f"{name}: learned on columns {said['columns']} and quick features {said['quick']}, this recjudge has "
            f"{VERSION} and {QUICK}; run benchmarks/train_embedded.py"
        )
    target = said["target"]
    return Model(
        said["task"], said["dimension"], said["question"], said["kind"], tuple(said["names"]), tuple(said["centre"]),
        tuple(said["scale"]), tuple(said["weights"]),
        Target(said["dimension"], tuple(target["labels"]), target["slope"], tuple(target["cuts"])), said["domain"],
        said["made"],
    )  # fmt: skip


def readable(name: str) -> bool:
    """Whether a column is one that a person can follow, and not a place of a vector."""
    return name.startswith("quick:") or not name[-1].isdigit()


def domain_columns(names: Sequence[str]) -> list[int]:
    """Places of the columns by which a sample is told to be unlike a lesson: those that a person can read, or all."""
    return [at for at, name in enumerate(names) if readable(name)] or list(range(len(names)))
