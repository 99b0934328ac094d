"""What the providers' batch APIs allow and cost, as data: the one place where their limits stand."""

from __future__ import annotations

from dataclasses import dataclass

from ..calls.budget import Price
from ..providers.base import Provider

IN_MEMORY = 64_000_000
"""Bytes of one batch, as we make them: a batch is held in memory while it is sent."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Of one provider."""

    requests: int
    """Most in one batch."""
    bytes: int
    """Most of one batch."""
    factor: float
    """Of the price of a call."""
    hours: int
    """After which what is not answered expires."""
    source: str

    @property
    def fill(self) -> int:
        """Bytes to which a batch is filled."""
        return min(self.bytes, IN_MEMORY)


TERMS = {
    "openai": Terms(
        50_000, 200_000_000, 0.5, 24,
        "openai 3.52, docstring of batches.create (50,000 requests, 200 MB, 24h); half the price: the API's guide "
        "at developers.openai.com/api/docs/guides/batch",
    ),
    "anthropic": Terms(
        100_000, 256_000_000, 0.5, 24,
        "platform.claude.com/docs/en/build-with-claude/batch-processing (100,000 requests or 256 MB, 24 hours, half "
        "the price)",
    ),
}  # fmt: skip
"""By the provider's kind. Read 2026-11."""


def kind_of(provider: Provider) -> str:
    """`openai` of `openai/MODEL?…`."""
    return provider.name.partition("/")[0]


def cheaper(price: Price, factor: float) -> Price:
    """The price of a request in a batch."""
    return Price(price.input * factor, price.cached_input * factor, price.output * factor)
