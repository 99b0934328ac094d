"""What checks, measures and replies say, and how a dimension turns it into a Finding."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from ..errors import ProviderFault
from ..rubrics import Dimension, Step
from .records import Finding, Sample, Status


class Said(NamedTuple):
    """A sub-evaluator's word on one dimension, checked against its scale."""

    label: str
    code: str | None
    reason: str
    evidence: tuple[str, ...]


class Hit(NamedTuple):
    """A check found something: what, and on what evidence. No hit is None."""

    reason: str
    evidence: tuple[str, ...] = ()
    code: str | None = None
    """The failure class, when the check tells classes apart better than its step does."""
    label: str | None = None
    """The label, when the check knows it better than its step does."""
    severity: float = 1.0
    """In [0, 1]: how grave it is. Below 1 some probability, `DOUBT` at most, is left to the next better label."""


class Measured(NamedTuple):
    """A measure's word: a score in [0, 1], or None with the reason why it cannot tell (an abstention)."""

    score: float | None
    reason: str
    evidence: tuple[str, ...] = ()
    code: str | None = None


class Embedder(Protocol):
    """Texts to unit vectors; each distinct text is embedded once."""

    @property
    def name(self) -> str: ...
    def prepare(self, texts: Sequence[str]) -> None:
        """Embeds a batch ahead of use."""

    def similarity(self, one: str, other: str) -> float | None:
        """Cosine of two texts in [-1, 1]; None where the model is blind (a language it was not made for)."""


DOUBT = 0.2
"""Most of the probability that the least grave hit of a check leaves to the next better label."""

Check = Callable[[Sample, Mapping[str, Any]], Hit | None]
"""(sample, the step's `with`) to a hit or None. Raises KeyError or ValueError on parameters it does not take."""
Measure = Callable[[Sample, Mapping[str, Any], Embedder | None], Measured]
"""(sample, the step's `with`, embedder or None when the extra is not installed) to a word or an abstention."""


def labelled(
    dimension: Dimension,
    said: Said,
    *,
    by: str,
    prompts: tuple[str, ...] = (),
    distribution: Mapping[str, float] | None = None,
) -> Finding:
    """A word on the scale as a finding; a point mass where the judge gave no probabilities."""
    shares = tuple((distribution or {said.label: 1.0}).get(label, 0.0) for label in dimension.labels)
    polarity = dimension.polarity(said.label)
    code = said.code if polarity < 0 else None
    return Finding(
        dimension.name, Status.OK, said.label, polarity, shares, code, said.reason, said.evidence, by, prompts
    )


def failed(dimension: Dimension, fault: ProviderFault, by: str) -> Finding:
    """No word could be had: the finding has a status and a reason, and no label."""
    return Finding(dimension.name, Status(fault.status), reason=str(fault), by=by)


def abstained(dimension: Dimension, reason: str, by: str) -> Finding:
    """The judge knows that it cannot tell."""
    return Finding(dimension.name, Status.ABSTAINED, reason=reason, by=by)


def caught(dimension: Dimension, step: Step, hit: Hit) -> Finding:
    """A check's hit, as the step and the dimension name it."""
    label = hit.label or step.label or dimension.labels[0]
    better = dimension.labels[dimension.labels.index(label) + 1 :][:1]
    doubt = DOUBT * (1 - hit.severity) if better else 0.0
    shares = {label: 1 - doubt, better[0]: doubt} if doubt else None
    code = hit.code or step.code or (next(iter(dimension.codes), None) if dimension.polarity(label) < 0 else None)
    return labelled(dimension, Said(label, code, hit.reason, hit.evidence), by=step.name, distribution=shares)


def weighed(dimension: Dimension, step: Step, measured: Measured, why: str = "") -> Finding:
    """A measure's score as a distribution over the labels: a cumulative logistic around the step's cuts.

    `why`, where there is one, opens the reason: why a measure was asked.
    P(label <= k) = 1 / (1 + exp((score - cut_k) / width)). A score of None is an abstention.
    """
    if measured.score is None:
        return abstained(dimension, why + measured.reason, step.name)
    shares = _shares(measured.score, step.cuts, step.width)
    point = dimension.scale[shares.index(max(shares))]
    code = (measured.code or step.code or next(iter(dimension.codes), None)) if point.polarity < 0 else None
    return Finding(
        dimension.name, Status.OK, point.label, point.polarity, shares, code,
        why + measured.reason, measured.evidence, step.name,
    )  # fmt: skip


def place_of(finding: Finding, dimension: Dimension) -> float:
    """The place expected on the dimension's scale, worst 0, of a finding that has a label."""
    if shares := finding.distribution:
        return sum(at * share for at, share in enumerate(shares)) / sum(shares)
    return float(dimension.labels.index(finding.label or ""))


@lru_cache(maxsize=4_096)  # many measures know a few scores alone
def _shares(score: float, cuts: tuple[float, ...], width: float) -> tuple[float, ...]:
    below = [1 / (1 + math.exp(max(-700.0, min(700.0, (score - cut) / width)))) for cut in cuts]
    return tuple([high - low for low, high in zip([0.0, *below], [*below, 1.0], strict=True)])
