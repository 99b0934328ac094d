"""The embedded judge: learned weights, rules and measures; no network, no key, and never posing as a language model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ...rubrics import Dimension, Rubric
from ..case import Case
from ..findings import Embedder, abstained, place_of, weighed
from ..providers import Scripted
from ..records import Finding, Grade, Sample
from .embedding import MiniLM, load_embedder
from .learned.ahead import read_ahead
from .learned.judge import digest, fitting_models, learned
from .learned.states import States
from .measures import MEASURES, texts
from .plain import readings

LEXICAL = "lexical similarity alone: the embedding model is not installed or not asked for"


@dataclass
class Local:
    """Answers a dimension by what people's labels taught of it; where they taught nothing, or the sample is unlike
    theirs, by the rubric's `measure` step, and says which. Abstains where there is neither, or the measure is blind."""

    embedder: Embedder | None = field(default_factory=load_embedder)
    """None without the `embed` extra: similarity is then lexical, and learned models read quick features."""
    taught: bool = True
    """False: the measures alone, which no label taught."""

    @property
    def name(self) -> str:
        """`local@DIGEST/minilm…`, the digest of all learned weights; `local/lexical@DIGEST`; `local/prior…`."""
        if not self.taught:
            return f"local/prior/{self.embedder.name}" if self.embedder else "local/prior"
        return f"local@{digest()}/{self.embedder.name}" if self.embedder else f"local/lexical@{digest()}"

    @cached_property
    def states(self) -> States | None:
        """The same model's layers, for the learned models; None where it is another, or none."""
        return States(self.embedder) if self.taught and isinstance(self.embedder, MiniLM) else None

    def prepare(self, samples: Sequence[Sample], rubrics: Mapping[str, Rubric]) -> None:
        """Reads together the distinct texts of the batch that learned models and measures will be asked about."""
        if self.states:
            read_ahead(samples, rubrics, self.states)
        if self.embedder:
            read = (reading for sample in samples for reading in readings(sample))
            wanted = [sample for sample in read if not self._all_taught(sample, rubrics[sample.task])]
            self.embedder.prepare([text for sample in wanted for text in texts(sample, rubrics[sample.task])])

    def case(self, sample: Sample, rubric: Rubric, notes: Mapping[str, Sequence[str]]) -> Case:
        """The sample; there is no provider to ask."""
        case = Case(sample, rubric, _NOBODY, notes)
        if self.embedder is None:
            case.flags.add(LEXICAL)
        return case

    async def examine(self, case: Case, open_: Sequence[Dimension]) -> list[Finding]:
        """One finding for each dimension."""
        several = readings(case.sample)
        return [self._answer(several, dimension) for dimension in open_]

    def _answer(self, several: Sequence[Sample], dimension: Dimension) -> Finding:
        """The lower word of the sample's readings; none where one of them has none."""
        if len(several) == 1:
            return self._said(several[0], dimension)
        said = [self._said(reading, dimension) for reading in several]
        silent = (finding for finding in said if finding.label is None)
        return next(silent, None) or min(said, key=lambda finding: place_of(finding, dimension))

    def _said(self, sample: Sample, dimension: Dimension) -> Finding:
        if not self.taught:
            return self._prior(sample, dimension)
        said = learned(sample, dimension, self.states)
        return said if isinstance(said, Finding) else self._prior(sample, dimension, f"prior: {said}; ")

    def _prior(self, sample: Sample, dimension: Dimension, why: str = "") -> Finding:
        step = dimension.measured
        if step is None or step.measure is None:
            words = "needs a language model or a person: the rubric has no measure for it"
            return abstained(dimension, f"{why}{words}", "local")
        return weighed(dimension, step, MEASURES[step.measure](sample, step.with_, self.embedder), why)

    def _all_taught(self, sample: Sample, rubric: Rubric) -> bool:
        lexical = self.states is None
        return self.taught and all(
            fitting_models(sample, dimension, lexical=lexical)
            for dimension in rubric.dimensions
            if any(step.measure for step in dimension.steps)
        )

    async def review(self, case: Case, findings: Sequence[Finding]) -> tuple[Grade, str] | None:
        """No senior reviewer here: the positive share decides."""
        return None

    async def close(self) -> None:
        """Nothing to give back."""


_NOBODY = Scripted(lambda prompt: None, name="nobody")
