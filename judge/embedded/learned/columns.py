"""What a learned model reads of a sample: columns with a name and a meaning, by kind of sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...checks.parts import part, pieces
from ...student.features import FEATURES, vectors
from ..language import readable
from . import against_history, against_source
from .states import MEAN_LAYERS, States

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ...records import Sample

VERSION = 1
"""Goes up when any column's meaning changes: weights learned on the old one are refused."""
SENTENCES = 8
"""Sentences whose states are averaged for grammar."""
_GRAMMAR = (3, 5)


@dataclass(frozen=True)
class Kind:
    """One way to read samples."""

    values: Callable[[Sample, States], Sequence[float]]
    meanings: Mapping[str, str]
    fits: Callable[[Sample], bool]
    """Whether a sample has the parts it needs, in the language it reads."""


def columns(kind: str, samples: Sequence[Sample], names: Sequence[str], states: States) -> NDArray[float64]:
    """(samples, names) values; NaN where a sample has none. A name is `quick:` and a feature of a Student, or a
    column of the kind."""
    import numpy as np

    found = np.full((len(samples), len(names)), np.nan)
    quick = [at for at, name in enumerate(names) if name.startswith("quick:")]
    if quick:
        found[:, quick] = vectors(samples, [names[at].removeprefix("quick:") for at in quick])
    places = {name: at for at, name in enumerate(KINDS[kind].meanings)}
    own = [at for at in range(len(names)) if at not in set(quick)]
    if own:
        chosen = [places[names[at]] for at in own]
        table = np.array([KINDS[kind].values(sample, states) for sample in samples], dtype=float)
        found[:, own] = table.reshape(len(samples), len(places))[:, chosen]
    return found


def meaning(kind: str, name: str) -> str:
    """One sentence."""
    quick = name.removeprefix("quick:")
    return KINDS[kind].meanings[name] if quick == name else FEATURES[quick].meaning


def _reads(field: str) -> Callable[[Sample], bool]:
    return lambda sample: bool(part(sample, field)) and readable(sample.text) and readable(part(sample, field))


def _against(field: str) -> Kind:
    return Kind(
        lambda sample, states: against_source.against_source(sample.text, part(sample, field), states),
        against_source.MEANINGS,
        _reads(field),
    )


def _history(sample: Sample, states: States) -> Sequence[float]:
    return against_history.against_history(sample.text, pieces(sample, "history"), states)


def _grammar(sample: Sample, states: States) -> Sequence[float]:
    read = states.of(against_source.sentences_of(sample.text, SENTENCES))
    mean = sum(one.means for one in read) / len(read)
    return [round(float(value), 5) for layer in _GRAMMAR for value in mean[MEAN_LAYERS.index(layer)]]


KINDS: Mapping[str, Kind] = {
    "source": _against("source"),
    "prompt": _against("prompt"),
    "history": Kind(_history, against_history.MEANINGS, _reads("history")),
    "sentences": Kind(
        _grammar,
        {f"layer{layer}_{at}": f"mean state of layer {layer}, place {at}" for layer in _GRAMMAR for at in range(384)},
        lambda sample: readable(sample.text),
    ),
}
