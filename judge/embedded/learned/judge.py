"""What people's labels taught: a finding by the learned model that a sample fits, or the words why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import accumulate

from ....rubrics import Dimension
from ...checks.addressed import speaks_to_judge
from ...findings import Said, abstained, labelled
from ...records import Finding, Sample
from .model import Model, Moved, models
from .states import States

UNTAUGHT = "no labels taught this"


def learned(sample: Sample, dimension: Dimension, states: States | None) -> Finding | str:
    """The word of the model whose lesson the sample is nearest to; or why none has one: `UNTAUGHT`, or how it is unlike
    that lesson (`domain.UNLIKE`).

    Without `states` only models of quick features are asked. Abstains on a text that speaks to its judge: no text that
    people labelled did, and what it adds must not move a score.
    """
    if not _taught_on(dimension):
        return UNTAUGHT
    if speaks_to_judge(sample.text):
        return abstained(dimension, "it speaks to its judge, and no text that people labelled did", "learned")
    fitting = fitting_models(sample, dimension, lexical=states is None)
    if not fitting:
        return UNTAUGHT
    read = [(model, model.read(sample, states)) for model in fitting]
    model, moved = min(read, key=lambda pair: pair[1].away)
    return moved.unlike or _finding(dimension, model, moved)


def fitting_models(sample: Sample, dimension: Dimension, *, lexical: bool) -> Sequence[Model]:
    """Those taught on this task, dimension and question that can read the sample."""
    return [
        model
        for model in _taught_on(dimension)
        if model.asked(lexical=lexical) and set(model.target.labels) <= set(dimension.labels) and model.fits(sample)
    ]


@cache
def digest() -> str:
    """Hash of the weights that ship, those of the grammar signal among them: a lesson reads it."""
    content, here = hashlib.sha256(), resources.files(__package__)
    files = (file for folder in (here, here / "weights") for file in folder.iterdir() if file.name.endswith(".json"))
    for file in sorted(files, key=lambda file: file.name):
        content.update(file.read_bytes())
    return content.hexdigest()[:12]


def _taught_on(dimension: Dimension) -> Sequence[Model]:
    """Those of this dimension and question, whatever they can read."""
    return _by_question().get((dimension.name, dimension.question), ())


@cache
def _by_question() -> Mapping[tuple[str, str], Sequence[Model]]:
    """By dimension and question: looked up once a sample and dimension."""
    asked = dict.fromkeys((model.dimension, model.question) for model in models())
    return {key: [model for model in models() if (model.dimension, model.question) == key] for key in asked}


def _finding(dimension: Dimension, model: Model, moved: Moved) -> Finding:
    shares = dict(zip(model.target.labels, model.target.shares(moved.score), strict=True))
    label = max(reversed(model.target.labels), key=shares.__getitem__)
    if dimension.veto and label == model.target.labels[0] and shares[label] < _SURE:
        label = _middle(shares)
    told = ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
    why = tuple(f"{'+' if by > 0 else '-'} {words}" for words, by in moved.most)
    reason = f"learned from people's labels of {model.made['set']} ({model.made['n']:,}): {told}"
    code = next(iter(dimension.codes), None)
    by = f"learned:{model.made['set']}/{model.dimension}"
    return labelled(dimension, Said(label, code, reason, why), by=by, distribution=shares)


def _middle(shares: Mapping[str, float]) -> str:
    """The label at which half of the probability, from the worst, is reached."""
    below = accumulate(shares.values())
    return next(label for label, reached in zip(shares, below, strict=True) if reached >= _SURE - 1e-9)


_SURE = 0.5
"""How likely the worst label of a dimension with a veto has to be: what stops a sample alone is likelier than not."""
