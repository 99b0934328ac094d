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
from .columns import KINDS, VERSION, columns, meaning
from .states import States

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ...records import Sample

LIMIT = 3.0
"""Standard deviations beyond which a column is taken as this far."""
STRANGE = 0.25
"""A sample with a larger share of columns beyond the limit is unlike what was learned from: no word on it."""
_FOLDER = "weights"


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
    made: Mapping[str, Any]
    """From which set, n, groups, agreement on held-out samples."""

    def fits(self, sample: Sample) -> bool:
        """Whether the sample has what the model reads, in the language it reads."""
        return sample.task == self.task and KINDS[self.kind].fits(sample)

    def parts(self, samples: Sequence[Sample], states: States) -> NDArray[float64]:
        """(samples, columns): what each column adds to the score; NaN rows where a sample is too strange."""
        import numpy as np

        centre, scale, weights = self._arrays
        z = (columns(self.kind, samples, self.names, states) - centre) / scale
        with np.errstate(invalid="ignore"):
            strange = (np.abs(z) > LIMIT).mean(axis=1) > STRANGE
        z = np.nan_to_num(np.clip(z, -LIMIT, LIMIT), nan=0.0)
        found: NDArray[float64] = z * weights
        found[strange] = np.nan
        return found

    def moved(self, parts: Sequence[float], most: int = 3) -> list[tuple[str, float]]:
        """The columns that a person can read and that moved this score most: meaning, and which way."""
        ranked = sorted(zip(self.names, parts, strict=True), key=lambda pair: -abs(pair[1]))
        told = [(name, by) for name, by in ranked if by and not name[-1].isdigit()]
        return [(meaning(self.kind, name), by) for name, by in told[:most]]

    @cached_property
    def _arrays(self) -> tuple[Any, Any, Any]:
        import numpy as np

        return np.array(self.centre), np.array(self.scale), np.array(self.weights)


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
        Target(said["dimension"], tuple(target["labels"]), target["slope"], tuple(target["cuts"])), said["made"],
    )  # fmt: skip
