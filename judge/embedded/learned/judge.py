"""`local/learned`: where people's labels taught a dimension, the learned model answers; elsewhere the rules do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from ....rubrics import Dimension, Rubric
from ...case import Case
from ...findings import Said, abstained, labelled
from ...records import Finding, Sample
from ..embedding import missing
from ..local import Local
from .model import Model, models
from .states import States, load_states

LEFT_OUT = frozenset(["sentences"])
"""Kinds whose agreement with people is too low to answer by: single sentences without a source (see the page)."""


@dataclass
class Learned(Local):
    """Answers by the learned model of a dimension whose task and question are those it learned; says which, and why."""

    states: States | None = field(default_factory=load_states)
    """None without the `embed` extra: then it is `Local`, and its name says so."""

    @property
    def name(self) -> str:
        """`local/learned@DIGEST`, the digest of all weights, with the embedding model; else what `Local` is called."""
        return f"local/learned@{digest()}/{self.embedder.name}" if self.embedder and self.states else super().name

    def case(self, sample: Sample, rubric: Rubric, notes: Mapping[str, Sequence[str]]) -> Case:
        """As `Local`; without the model's packages the verdict is flagged."""
        case = super().case(sample, rubric, notes)
        if self.states is None:
            case.flags.add(missing() or "the learned models are not asked for")
        return case

    def _answer(self, sample: Sample, dimension: Dimension) -> Finding:
        model = self._model(sample, dimension)
        return super()._answer(sample, dimension) if model is None else self._learned(sample, dimension, model)

    def _model(self, sample: Sample, dimension: Dimension) -> Model | None:
        """The one for this task, dimension and question that can read the sample."""
        if self.states is None:
            return None
        fitting = (
            model
            for model in models()
            if (model.dimension, model.question) == (dimension.name, dimension.question)
            and set(model.target.labels) <= set(dimension.labels)
            and model.kind not in LEFT_OUT
            and model.fits(sample)
        )
        return next(fitting, None)

    def _learned(self, sample: Sample, dimension: Dimension, model: Model) -> Finding:
        assert self.states is not None  # noqa: S101 - there is no model without
        (parts,) = model.parts([sample], self.states)
        score = float(parts.sum())
        if score != score:
            return abstained(dimension, f"unlike the texts of {model.made['set']} that this was learned on", _by(model))
        shares = dict(zip(model.target.labels, model.target.shares(score), strict=True))
        label = max(reversed(model.target.labels), key=shares.__getitem__)
        by = ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
        moved = tuple(f"{'+' if by_ > 0 else '-'} {words}" for words, by_ in model.moved(parts.tolist()))
        reason = f"learned from people's labels of {model.made['set']} ({model.made['n']:,}): {by}"
        code = next(iter(dimension.codes), None)
        return labelled(dimension, Said(label, code, reason, moved), by=_by(model), distribution=shares)


@cache
def digest() -> str:
    """Hash of the weights that ship."""
    content = hashlib.sha256()
    folder = resources.files(__package__) / "weights"
    for file in sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name):
        content.update(file.read_bytes())
    return content.hexdigest()[:12]


def _by(model: Model) -> str:
    return f"learned:{model.made['set']}/{model.dimension}"
