"""What a Student has inside: samples of one task to one score for each of its targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ..records import Sample


class Scorer(Protocol):
    """Samples to scores. Scores have no unit: only their order, and the targets' cuts, give them meaning."""

    @property
    def kind(self) -> str:
        """Its name in `SCORERS`."""
        ...

    def scores(self, task: str, samples: Sequence[Sample]) -> NDArray[float64]:
        """One row a sample, one column for each of the task's targets, in their order; NaN where it cannot tell.

        A sample's row does not depend on the others in the batch.
        """
        ...

    def save(self, folder: Path) -> Mapping[str, Any]:
        """Writes files of its own (safetensors, JSON) into the folder, and returns what goes into `student.json`."""
        ...
