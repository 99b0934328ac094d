"""What a Student learns from: samples with values on ordered scales, and who competes with whom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ...judge import Grade, Sample
from ...judge.student import GRADE
from ...rubrics import Rubric

if TYPE_CHECKING:
    from numpy import bool_, float64, int64
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Example:
    """One sample with what is said of it on each target."""

    sample: Sample
    context: str
    """What it competes in: equal for samples written for one user, interest, item and prompt."""
    cluster: str
    """Drawn whole in every split and interval; no context stands in two of them."""
    values: Mapping[str, float]
    """Target to the place on its scale, the worst label 0; people's is the mean over raters, with places between."""
    labels: Mapping[str, int]
    """Target to the place of the label that `values` stands for."""
    people: frozenset[str] = frozenset()
    """The targets on which it is people's word; a judge's on the others."""
    judge: str = ""
    """Whose verdict it is otherwise."""

    @property
    def human(self) -> bool:
        """Whether people said any of it."""
        return bool(self.people)


@dataclass(frozen=True)
class Examples:
    """All of one task's, in the order of their rows."""

    task: str
    rubric: Rubric
    targets: tuple[str, ...]
    """The grade, then the rubric's dimensions in its order; those on which anything is said."""
    rows: tuple[Example, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Reason to how many, of all tasks' rows."""
    notes: tuple[str, ...] = ()
    """How people's scales were read."""

    def scale(self, target: str) -> tuple[str, ...]:
        """The target's labels, worst first."""
        if target == GRADE:
            return tuple(grade.value for grade in reversed(Grade))
        return next(dimension.labels for dimension in self.rubric.dimensions if dimension.name == target)

    def values(self, target: str) -> NDArray[float64]:
        """(rows,) places on the scale; NaN where nothing is said."""
        import numpy as np

        return np.array([row.values.get(target, math.nan) for row in self.rows], dtype=np.float64)

    def labels(self, target: str) -> NDArray[float64]:
        """(rows,) places of the labels; NaN where nothing is said."""
        import numpy as np

        return np.array([row.labels.get(target, math.nan) for row in self.rows], dtype=np.float64)

    def by_people(self, target: str) -> NDArray[bool_]:
        """(rows,) whether people said it."""
        import numpy as np

        return np.array([target in row.people for row in self.rows], dtype=bool)

    def groups(self, target: str) -> NDArray[int64]:
        """(rows,) a number for what each competes in; people's word and a judge's are not held against each other."""
        return _numbered((row.context, target in row.people) for row in self.rows)

    @cached_property
    def clusters(self) -> NDArray[int64]:
        """(rows,) a number for each row's cluster."""
        return _numbered(row.cluster for row in self.rows)

    @cached_property
    def texts(self) -> NDArray[int64]:
        """(rows,) a number for each row's text, letter case and spaces aside: copies stand in many clusters."""
        return _numbered(" ".join(row.sample.text.casefold().split()) for row in self.rows)

    @property
    def samples(self) -> list[Sample]:
        """The samples, in order."""
        return [row.sample for row in self.rows]

    def take(self, places: Iterable[int]) -> Examples:
        """Those at these places."""
        return replace(self, rows=tuple(self.rows[place] for place in places))


def _numbered(names: Iterable[object]) -> NDArray[int64]:
    import numpy as np

    found: dict[object, int] = {}
    return np.array([found.setdefault(name, len(found)) for name in names], dtype=np.int64)
