"""What a learned model reads of a sample: columns with a name and a meaning, by kind of sample."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...checks.parts import part, pieces
from ...student.features import FEATURES, vectors
from ..language import readable
from . import against_history, against_source, grammar
from .reading import claimed, plain, unnumbered
from .states import States

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ...records import Sample

VERSION = 3
"""Goes up when any column's meaning changes: weights learned on the old one are refused."""
SENTENCES = 1
"""Sentences that are read for grammar: a text of more is not answered by it."""
_HIDDEN = 50
GRAMMAR: Mapping[str, str] = {
    "odd": "how likely the sentence was corrupted, by the grammar signal that no person labelled (logit)",
    **{f"hidden{at}": f"what that signal is worked out from, place {at}" for at in range(_HIDDEN)},
}


Reads = Callable[["Sample"], "Sample"]


@dataclass(frozen=True)
class Kind:
    """One way to read samples."""

    values: Callable[[Sample, States], Sequence[float]]
    meanings: Mapping[str, str]
    fits: Callable[[Sample], bool]
    """Whether a sample has the parts it needs, in the language it reads."""
    reads: Reads = plain
    """What is left out of a sample before any column is worked out."""
    quickly: Reads = plain
    """The same for quick features."""


def columns(kind: str, samples: Sequence[Sample], names: Sequence[str], states: States | None) -> NDArray[float64]:
    """(samples, names) values; NaN where a sample has none. A name is `quick:` and a feature of a Student, or a
    column of the kind, which needs `states`. Every column is of the sample as the kind `reads` it.
    """
    import numpy as np

    rows = [_row(kind, sample, tuple(names), states) for sample in samples]
    return np.array(rows, dtype=float).reshape(len(samples), len(names))


def _row(kind: str, sample: Sample, names: tuple[str, ...], states: States | None) -> list[float]:
    """Kept with the sample: the models of several dimensions read the same."""
    key = ("columns", kind, names, id(states))
    if key not in sample.kept:
        read, quickly = KINDS[kind].reads(sample), KINDS[kind].quickly(sample)
        quick = [name.removeprefix("quick:") for name in names if name.startswith("quick:")]
        found = dict(zip(quick, vectors([quickly], quick)[0].tolist(), strict=True)) if quick else {}
        own = dict(zip(KINDS[kind].meanings, KINDS[kind].values(read, states), strict=True)) if states else {}
        values = {f"quick:{name}": value for name, value in found.items()} | own
        sample.kept[key] = [values.get(name, math.nan) for name in names]
    row: list[float] = sample.kept[key]
    return row


def meaning(kind: str, name: str) -> str:
    """One sentence."""
    quick = name.removeprefix("quick:")
    return KINDS[kind].meanings[name] if quick == name else FEATURES[quick].meaning


def _reads(field: str) -> Callable[[Sample], bool]:
    def fits(sample: Sample) -> bool:
        if field == "prompt" and part(sample, "source"):
            return False  # what a lesson of prompts alone knows is not whether a text keeps to its source
        given = part(sample, field)
        return bool(given) and readable(sample.text) and readable(given)

    return fits


def _against(field: str, reads: Reads = plain, quickly: Reads = plain) -> Kind:
    return Kind(
        lambda sample, states: against_source.against_source(sample.text, part(sample, field), states),
        against_source.MEANINGS,
        _reads(field),
        reads,
        quickly,
    )


def _history(sample: Sample, states: States) -> Sequence[float]:
    return against_history.against_history(sample.text, pieces(sample, "history"), states)


def _grammar(sample: Sample, states: States) -> Sequence[float]:
    (sentence,) = states.of(against_source.sentences_of(sample.text, SENTENCES))
    if sentence.tokens.shape[1] < grammar.LEAST_TOKENS:
        return [math.nan] * len(GRAMMAR)
    _, score, hidden = grammar.read_out(sentence)
    return [round(float(value), 4) for value in (score, *hidden)]


def _one_sentence(sample: Sample) -> bool:
    alone = not part(sample, "source") and not part(sample, "prompt")
    return alone and readable(sample.text) and len(against_source.sentences_of(sample.text, SENTENCES + 1)) <= SENTENCES


def _quick(field: str, quickly: Reads = plain) -> Kind:
    return Kind(lambda sample, states: (), {}, _reads(field), quickly=quickly)


LEXICAL = frozenset(["quick source", "quick manner", "quick prompt", "quick history"])
"""Kinds that stand in for others where there are no embeddings."""
ALWAYS = frozenset(["claims"])
"""Kinds that need no embeddings, and are read where there are some, too."""

KINDS: Mapping[str, Kind] = {
    "source": _against("source", unnumbered),
    "manner": _against("source", unnumbered, unnumbered),
    "claims": _quick("source", claimed),
    "prompt": _against("prompt"),
    "history": Kind(_history, against_history.MEANINGS, _reads("history")),
    "sentences": Kind(_grammar, GRAMMAR, _one_sentence),
    "quick source": _quick("source"),
    "quick manner": _quick("source", unnumbered),
    "quick prompt": _quick("prompt"),
    "quick history": _quick("history"),
}
