"""What checks and measures say, before a rubric's step turns it into a Finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .records import Sample


@dataclass(frozen=True, slots=True)
class Hit:
    """A check found something: what, and on what evidence. No hit is None."""

    reason: str
    evidence: tuple[str, ...] = ()
    code: str | None = None
    """The failure class, when the check tells classes apart better than its step does."""
    label: str | None = None
    """The label, when the check knows it better than its step does."""


@dataclass(frozen=True, slots=True)
class Measured:
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


Check = Callable[[Sample, Mapping[str, Any]], Hit | None]
"""(sample, the step's `with`) to a hit or None. Raises KeyError or ValueError on parameters it does not take."""
Measure = Callable[[Sample, Mapping[str, Any], Embedder | None], Measured]
"""(sample, the step's `with`, embedder or None when the extra is not installed) to a word or an abstention."""
