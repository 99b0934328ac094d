"""Shares of all samples by label, each estimated as a pass rate is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..pairing import Pairing, Unlabelled
from .evidence import Evidence
from .ppi import Estimated, ppi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def shares(pairing: Pairing, rest: Unlabelled | None, rule: str, held: Evidence, level: float) -> dict[str, Estimated]:
    """Label to its share, where the judge speaks on people's scale of three or more named points; else nothing.

    Each share is estimated alone: together they need not sum to 1.
    """
    import numpy as np

    scale = pairing.people.scale
    if scale is None or len(scale.points) < 3 or rest is None or not pairing.comparable or "rank" not in rest.scores:
        return {}
    words, others = pairing.consensus(rule).values, rest.scores["rank"] * scale.high
    used = ~np.isnan(words) & ~np.isnan(pairing.said) & ~np.isnan(pairing.passed)
    heard = ~np.isnan(others) & ~np.isnan(rest.passed)
    if used.sum() != len(held.truth) or heard.sum() != len(held.other):
        return {}

    def share(code: float) -> Estimated:
        is_it = [
            (np.round(column) == code).astype(float) for column in (words[used], pairing.said[used], others[heard])
        ]
        return over(held, is_it[0], is_it[1], is_it[2], level)

    return {scale.word(code): share(code) for code in scale.codes}


def over(held: Evidence, truth: Numbers, judge: Numbers, other: Numbers, level: float, seed: int = 0) -> Estimated:
    """PPI of these words on the evidence's samples, with its clusters and drawing probabilities."""
    return ppi(
        truth,
        judge,
        other,
        clusters=held.clusters,
        unlabelled_clusters=held.other_clusters,
        probabilities=held.probabilities,
        level=level,
        seed=seed,
    )
