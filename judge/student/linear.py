"""The embedded Student: text features, bent at knots, times weights. No torch, no network, a few kilobytes of JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from .features import VERSION, vectors

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
        """(n, features) raw values to (n, features + knots) columns."""
        import numpy as np

        z = np.clip((raw - np.asarray(self.centre)) / np.asarray(self.scale), -LIMIT, LIMIT)
        z = np.where(np.isnan(z), 0.0, z)
        bent = [np.maximum(z[:, at : at + 1] - np.asarray(knots), 0.0) for at, knots in enumerate(self.knots) if knots]
        return np.hstack([z, *bent])


@dataclass(frozen=True)
class Linear:
    """Scores of each task by its stem."""

    stems: Mapping[str, Stem]
    """By task."""

    kind = KIND

    def scores(self, task: str, samples: Sequence[Sample]) -> NDArray[float64]:
        """(n, targets); it never abstains."""
        stem = self.stems[task]
        return stem.columns(vectors(samples, stem.features)) @ self._weights[task]

    @cached_property
    def _weights(self) -> Mapping[str, NDArray[float64]]:
        import numpy as np

        return {task: np.asarray(stem.weights, dtype=np.float64).T for task, stem in self.stems.items()}

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
