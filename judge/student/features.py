"""Quick features of a text and of what it was written for: numbers that a person can check, some 0.1 ms a sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..checks.words import overlap, read
from ..context import fields_of

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ...rubrics import Rubric
    from ..records import Sample

VERSION = 1
"""Goes up when any feature's meaning changes: weights trained on the old one are refused."""

Feature = Callable[["Sample"], float]
"""A sample to a number; NaN where it has none."""


def vectors(samples: Sequence[Sample], names: Sequence[str]) -> NDArray[float64]:
    """(samples, names) values. Raises KeyError for a name that is not in `FEATURES`."""
    import numpy as np

    wanted = [FEATURES[name] for name in names]
    return np.array([[feature(sample) for feature in wanted] for sample in samples], dtype=np.float64).reshape(
        len(samples), len(names)
    )


def names_for(rubric: Rubric) -> tuple[str, ...]:
    """The features that a rubric's artefact and context can have, in a fixed order."""
    return tuple(FEATURES)


def _words(sample: Sample) -> float:
    return float(len(read(sample.text).words))


def _word_length(sample: Sample) -> float:
    words = read(sample.text).words
    return sum(map(len, words)) / len(words) if words else float("nan")


def _shared(sample: Sample) -> float:
    fields = (fields_of(sample.context.get(name)) for name in ("source", "item", "interest"))
    context = " ".join(text for field in fields for text in field.values())
    return overlap(read(sample.text).roots, read(context).roots) if context.strip() else float("nan")


FEATURES: Mapping[str, Feature] = {
    "words": _words,
    "word_length": _word_length,
    "shared": _shared,
}
