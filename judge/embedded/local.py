"""The embedded judge: rules and measured text features; no network, no key, and never posing as a language model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...rubrics import Dimension, Rubric
from ..case import Case
from ..findings import Embedder, abstained, weighed
from ..providers import Scripted
from ..records import Finding, Grade, Sample
from .embedding import load_embedder
from .measures import MEASURES, texts

LEXICAL = "lexical similarity alone: the embedding model is not installed or not asked for"


@dataclass
class Local:
    """Answers a dimension by its `measure` step; abstains where the rubric has none or the measure is blind."""

    embedder: Embedder | None = field(default_factory=load_embedder)
    """None without the `embed` extra: similarity is then lexical, and says so."""

    @property
    def name(self) -> str:
        """`local` with the embedding model, or `local/lexical`."""
        return f"local/{self.embedder.name}" if self.embedder else "local/lexical"

    def prepare(self, samples: Sequence[Sample], rubrics: Mapping[str, Rubric]) -> None:
        """Embeds the batch's distinct texts together."""
        if self.embedder:
            self.embedder.prepare([text for sample in samples for text in texts(sample, rubrics[sample.task])])

    def case(self, sample: Sample, rubric: Rubric, notes: Mapping[str, Sequence[str]]) -> Case:
        """The sample; there is no provider to ask."""
        case = Case(sample, rubric, _NOBODY, notes)
        if self.embedder is None:
            case.flags.add(LEXICAL)
        return case

    async def examine(self, case: Case, open_: Sequence[Dimension]) -> list[Finding]:
        """One finding for each dimension, from its measure."""
        return [self._answer(case.sample, dimension) for dimension in open_]

    def _answer(self, sample: Sample, dimension: Dimension) -> Finding:
        step = next((step for step in dimension.steps if step.kind == "measure"), None)
        if step is None or step.measure is None:
            return abstained(dimension, "needs a language model or a person: the rubric has no measure for it", "local")
        return weighed(dimension, step, MEASURES[step.measure](sample, step.with_, self.embedder))

    async def review(self, case: Case, findings: Sequence[Finding]) -> tuple[Grade, str] | None:
        """No senior reviewer here: the positive share decides."""
        return None

    async def close(self) -> None:
        """Nothing to give back."""


_NOBODY = Scripted(lambda prompt: None, name="nobody")
