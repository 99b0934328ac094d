"""The registry of features: what each means, what it needs, and the values of samples, one row a sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import against, artefacts, form, wording
from .parsed import View

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ....rubrics import Rubric
    from ...records import Sample

VERSION = 3
"""Goes up when any feature's meaning changes: weights trained on the old one are refused."""

Values = Callable[[View], Sequence[float]]


@dataclass(frozen=True)
class Family:
    """Features that are worked out together."""

    values: Values
    meanings: Mapping[str, str]
    """Name to one sentence, in the order of the values."""
    field: str = ""
    """The field of the context that they need; none where they read the artefact alone."""
    artefacts: frozenset[str] = frozenset(["intent", "tag", "explanation", "text"])
    """The kinds of artefact that have them."""


@dataclass(frozen=True)
class Feature:
    """One number of a sample; NaN where the sample lacks what it needs."""

    name: str
    meaning: str
    """One sentence."""
    family: Family
    place: int
    """Its place among the family's values."""


def vectors(samples: Sequence[Sample], names: Sequence[str]) -> NDArray[float64]:
    """(samples, names) values, finite or NaN; a row does not depend on the others.

    A text is read up to its first 20,000 characters. Raises KeyError for a name that is not in `FEATURES`.
    """
    import numpy as np

    wanted = [FEATURES[name] for name in names]
    families = list({id(feature.family): feature.family for feature in wanted}.values())
    starts, width = {}, 0
    for family in families:
        starts[id(family)] = width
        width += len(family.meanings)
    columns = [starts[id(feature.family)] + feature.place for feature in wanted]
    rows = np.array([_row(View(sample), families) for sample in samples], dtype=np.float64)
    return rows.reshape(len(samples), width)[:, columns]


def names_for(rubric: Rubric) -> tuple[str, ...]:
    """The features that a rubric's artefact and context can have, in a fixed order."""
    return tuple(
        name
        for family in FAMILIES
        if rubric.artefact in family.artefacts and (not family.field or family.field in rubric.context)
        for name in family.meanings
    )


def _row(view: View, families: Sequence[Family]) -> list[float]:
    return [value for family in families for value in family.values(view)]


def _shared(name: str) -> Family:
    meanings = {name + ending: words.replace("{field}", name) for ending, words in against.SHARED.items()}
    return Family(against.shared(name), meanings, name)


def _has(name: str) -> Family:
    return Family(
        lambda view: (float(bool(view.sample.context.get(name))),), {f"has_{name}": artefacts.has(name)}, name
    )


_LONG = frozenset(["explanation", "text"])
_FIELDS = ("source", "item", "interest", "history", "prompt")

FAMILIES = (
    Family(form.length, form.LENGTH),
    Family(form.repetition, form.REPETITION),
    Family(form.surface, form.SURFACE),
    Family(wording.wording, wording.WORDING),
    *map(_shared, _FIELDS),
    Family(against.source, against.SOURCE, "source", _LONG),
    Family(artefacts.item, artefacts.ITEM, "item"),
    Family(artefacts.tag, artefacts.TAG, artefacts=frozenset(["tag"])),
    Family(artefacts.intent, artefacts.INTENT, artefacts=frozenset(["intent"])),
    Family(artefacts.reason, artefacts.REASON, artefacts=frozenset(["intent", "tag"])),
    *map(_has, (*_FIELDS, "now", "profile")),
)

FEATURES: Mapping[str, Feature] = {
    name: Feature(name, meaning, family, place)
    for family in FAMILIES
    for place, (name, meaning) in enumerate(family.meanings.items())
}
