"""What labels show of a line: its precision, yield and recall on one side of the seal, and what it does to the pool."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..intervals import Sums, interval, mean_of
from ..pairing import Pairing
from ..proportions import upper_bound
from .guarantee import Weigh, one_of_each
from .policy import Decided, Evidence, Pool, Spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def evidence(
    pairing: Pairing,
    approved: Numbers,
    *,
    score: str,
    accept: float | None,
    reject: float | None,
    confidence: float,
    weigh: Weigh = "items",
    agreed: Numbers | None = None,
) -> Evidence:
    """A line's figures on these items; `approved` is people's 1 or 0, NaN where they have no word.

    `agreed`: 1 where people say what the judge says, 0 where they do not; by default of the judge's pass or fail.
    """
    import numpy as np

    scores = pairing.scores[score]
    known = ~np.isnan(scores) & ~np.isnan(approved)
    kept = one_of_each(pairing.clusters, weigh=weigh)
    up = known & (scores >= accept) if accept is not None else np.zeros(len(known), bool)
    down = known & (scores <= reject) if reject is not None else np.zeros(len(known), bool)
    silent = np.isnan(pairing.passed) | np.isnan(approved)
    words = np.where(silent, np.nan, pairing.passed == approved) if agreed is None else agreed
    clusters = pairing.clusters
    return Evidence(
        labelled=int((~np.isnan(approved)).sum()),
        judged=int(known.sum()),
        failing=int((approved == 0).sum()),
        clusters=len({cluster for cluster, has in zip(clusters, ~np.isnan(approved), strict=True) if has}),
        accepted=_decided(up, approved == 0, kept, confidence),
        rejected=None if reject is None else _decided(down, approved == 1, kept, confidence),
        yields=_spread(mean_of(np.where(known, up, np.nan).astype(float), share=True), clusters),
        recall=_spread(mean_of(np.where(known & (approved == 1), up, np.nan).astype(float), share=True), clusters),
        agreement=_spread(mean_of(words.astype(float), share=True), clusters),
    )


def pool_of(pairing: Pairing, score: str, accept: float | None, reject: float | None) -> Pool:
    """Shares of all judged samples, labelled or not, that the line accepts, rejects and leaves to people."""
    import numpy as np

    scores = pool_scores(pairing, score)
    known = scores[~np.isnan(scores)]
    if not len(known):
        return Pool(len(scores), 0, math.nan, math.nan, math.nan)
    up = 0.0 if accept is None else float((known >= accept).mean())
    down = 0.0 if reject is None else float((known <= reject).mean())
    return Pool(len(scores), len(known), up, down, max(0.0, 1 - up - down))


def pool_scores(pairing: Pairing, score: str) -> Numbers:
    """The judge's scores of all its samples: the labelled, then those nobody labelled."""
    import numpy as np

    rest = pairing.unlabelled.scores[score] if pairing.unlabelled else np.zeros(0)
    return np.concatenate([pairing.scores[score], rest])


def _decided(taken: Numbers, wrong: Numbers, kept: Numbers, confidence: float) -> Decided:
    n, count = int(taken.sum()), int((taken & wrong).sum())
    units, failed = int((taken & kept).sum()), int((taken & kept & wrong).sum())
    low = 1 - upper_bound(failed, units, 1 - confidence)
    return Decided(n, count, 1 - count / n if n else math.nan, units, failed, low)


def _spread(of: Sums, clusters: tuple[str, ...]) -> Spread:
    found = interval(of, clusters)
    return Spread(found.value, found.low, found.high, found.n)
