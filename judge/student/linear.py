"""The embedded Student: text features, bent at knots, times weights. No torch, no network, a few kilobytes of JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from .features import FEATURES, VERSION, vectors

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ..records import Sample

KIND = "embedded"
LIMIT = 4.0
"""Standard deviations beyond which a feature is taken as this far: nothing was learned out there."""


@dataclass(frozen=True)
class Stem:
    """What one task's scores are made of: columns z, then max(0, z - knot) for each knot, times weights."""

    features: tuple[str, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    """z = (feature - centre) / scale, held within `LIMIT`; a feature that a sample does not have is at its centre."""
    knots: tuple[tuple[float, ...], ...]
    """Of each feature, in z."""
    weights: tuple[tuple[float, ...], ...]
    """One row a target; as many columns as features and knots together."""

    def columns(self, raw: NDArray[float64]) -> NDArray[float64]:
        """(n, features) raw values to (n, features + knots) columns: all z, then each feature's knots in turn."""
        import numpy as np

        centre, scale, bent, knots = self._arrays
        z = np.clip((raw - centre) / scale, -LIMIT, LIMIT)
        z[np.isnan(z)] = 0.0
        return np.hstack([z, np.maximum(z[:, bent] - knots, 0.0)])

    @cached_property
    def _arrays(self) -> tuple[NDArray[Any], ...]:
        """Centres, scales, and of each knot its feature and its place."""
        import numpy as np

        bent = [at for at, knots in enumerate(self.knots) for _ in knots]
        places = [knot for knots in self.knots for knot in knots]
        return (
            np.array(self.centre, dtype=np.float64),
            np.array(self.scale, dtype=np.float64),
            np.array(bent, dtype=np.int64),
            np.array(places, dtype=np.float64),
        )

    def faults(self) -> Iterator[str]:
        """What is wrong with it, in words; nothing when it holds together."""
        yield from (f"unknown feature {name!r}" for name in self.features if name not in FEATURES)
        size, width = len(self.features), len(self.features) + sum(map(len, self.knots))
        for name in ("centre", "scale", "knots"):
            if len(getattr(self, name)) != size:
                yield f"{size} features and {len(getattr(self, name))} of {name}"
        for at, row in enumerate(self.weights):
            if len(row) != width:
                yield f"weights[{at}] has {len(row)} numbers, {width} are needed"
        numbers = {"centre": self.centre, "scale": self.scale}
        numbers |= {f"knots[{at}]": row for at, row in enumerate(self.knots)}
        numbers |= {f"weights[{at}]": row for at, row in enumerate(self.weights)}
        for name, row in numbers.items():
            if not all(map(_finite, row)):
                yield f"{name} holds a value that is no finite number"
        if any(_finite(value) and value <= 0 for value in self.scale):
            yield "scale holds a value that is not above 0"


@dataclass(frozen=True)
class Linear:
    """Scores of each task by its stem."""

    stems: Mapping[str, Stem]
    """By task."""

    kind = KIND

    def scores(self, task: str, samples: Sequence[Sample]) -> NDArray[float64]:
        """(n, targets); it never abstains."""
        import numpy as np

        columns = self.stems[task].columns(vectors(samples, self.stems[task].features))
        # row by row sums: a matrix product rounds a row one way alone and another way in a batch
        return np.stack([(columns * weights).sum(axis=1) for weights in self._weights[task]], axis=1)

    def check(self, targets: Mapping[str, int]) -> None:
        """Raises ValueError where a task's stem is missing or does not hold together, or has not so many targets."""
        for task, count in targets.items():
            if task not in self.stems:
                raise ValueError(f"the scorer has no stem for task {task!r}")
            if faults := list(self.stems[task].faults()):
                raise ValueError(f"stem of task {task!r}: {'; '.join(faults[:3])}")
            if len(self.stems[task].weights) != count:
                rows = len(self.stems[task].weights)
                raise ValueError(f"stem of task {task!r}: {rows} rows of weights, the task has {count} targets")

    @cached_property
    def _weights(self) -> Mapping[str, NDArray[float64]]:
        import numpy as np

        return {task: np.asarray(stem.weights, dtype=np.float64) for task, stem in self.stems.items()}

    def save(self, folder: Path) -> Mapping[str, Any]:
        """All of it is JSON."""
        return {"features": VERSION, "stems": {task: asdict(stem) for task, stem in self.stems.items()}}

    @classmethod
    def load(cls, folder: Path, said: Mapping[str, Any]) -> Linear:
        """From `student.json`. Raises `InputError` where its features are of another version."""
        if said["features"] != VERSION:
            raise InputError(
                f"{folder}: was trained on features {said['features']}, this recjudge has {VERSION}; distill it anew"
            )
        return cls({task: _stem(parts) for task, parts in said["stems"].items()})


def _stem(parts: Mapping[str, Any]) -> Stem:
    return Stem(
        tuple(parts["features"]),
        tuple(parts["centre"]),
        tuple(parts["scale"]),
        tuple(tuple(row) for row in parts["knots"]),
        tuple(tuple(row) for row in parts["weights"]),
    )


def _finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
