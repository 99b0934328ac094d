"""Columns of many samples ahead of use: their texts are read together, and only the columns stay, with each sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ....rubrics import Rubric
from ...checks.parts import part, pieces
from ...records import Sample
from ..plain import readings
from . import against_history, against_source
from .columns import KINDS, SENTENCES, columns
from .judge import fitting_models
from .model import Model
from .states import States

_CHARACTERS = 100_000
"""Of texts that are read together, about half of what `States` keeps: samples on one source meet in it."""


def read_ahead(samples: Sequence[Sample], rubrics: Mapping[str, Rubric], states: States) -> None:
    """Works out the columns that the learned models will ask for, in the order of the samples.

    Some 10 kB stay with a sample. Nothing is decided here: a sample that was not read ahead gets the same columns.
    """
    read = (reading for sample in samples for reading in readings(sample))
    for together in _together((sample, _models(sample, rubrics[sample.task])) for sample in read):
        states.prepare([text for sample, fitting in together for text in _wanted(sample, fitting)])
        for sample, fitting in together:
            for model in fitting:
                columns(model.kind, [sample], model.names, states)


def _models(sample: Sample, rubric: Rubric) -> list[Model]:
    return [model for dim in rubric.dimensions for model in fitting_models(sample, dim, lexical=False)]


def _wanted(sample: Sample, fitting: Sequence[Model]) -> list[str]:
    kinds = sorted({model.kind for model in fitting} & WANTED.keys())
    return [text for kind in kinds for text in WANTED[kind](KINDS[kind].reads(sample))]


def _together(asked: Iterator[tuple[Sample, list[Model]]]) -> Iterator[list[tuple[Sample, list[Model]]]]:
    """Samples that some model fits, by as many distinct characters as are read at once."""
    together, seen = list[tuple[Sample, list[Model]]](), set[str]()
    for sample, fitting in asked:
        if not fitting:
            continue
        together.append((sample, fitting))
        seen.update(_wanted(sample, fitting))
        if sum(map(len, seen)) > _CHARACTERS:
            yield together
            together, seen = [], set()
    if together:
        yield together


WANTED: Mapping[str, Callable[[Sample], list[str]]] = {
    "source": lambda sample: against_source.wanted(sample.text, part(sample, "source")),
    "manner": lambda sample: against_source.wanted(sample.text, part(sample, "source")),
    "prompt": lambda sample: against_source.wanted(sample.text, part(sample, "prompt")),
    "history": lambda sample: against_history.wanted(sample.text, pieces(sample, "history")),
    "sentences": lambda sample: against_source.sentences_of(sample.text, SENTENCES),
}
"""By kind of columns (`columns.KINDS`), the texts that the network is asked about."""
