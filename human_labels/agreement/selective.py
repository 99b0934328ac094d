"""Does it help that a judge abstains where it is least sure? Agreement with people against the share it keeps."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from ..intervals import Interval, Sums, combine, interval, mean_of
from ..pairing import Pairing
from ..policy import TRUST, outcome
from .settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

COVERAGES = tuple(step / 10 for step in range(1, 11))
"""Shares kept at which agreement is given with its interval."""
BLOCKS = 200
"""Most levels of confidence that an area is worked out on; more are put together, in equal counts."""
DRAWN = 100
"""Most points of the line that is drawn."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left when a judge abstains below one confidence."""

    threshold: float
    coverage: float
    """Share of the judged labelled items whose confidence is at or above it."""
    agreement: Interval
    """Share of those on which people say what the judge says, over whole clusters, the threshold taken as given."""


@dataclass(frozen=True, slots=True)
class Selective:
    """Selective accuracy of one judge on one dimension, over the labelled items it has a word and a confidence on."""

    kept: tuple[Kept, ...]
    """At fixed shares kept, from the least to all; thresholds that several shares have in common stand once."""
    line: tuple[tuple[float, float], ...]
    """(coverage, agreement) at thresholds from the most demanding down."""
    area: Interval
    """AURC: the share on which people say otherwise, averaged over all coverages; lower is better."""
    gain: Interval
    """That share with nothing abstained, less the area: what abstaining by confidence gains over abstaining by lot."""
    halves: Interval
    """Agreement in the surer half, less that in the other."""
    falls: tuple[float, ...]
    """Coverages to which a higher line surely lowers agreement, at 95 % for all steps together."""

    @property
    def n(self) -> int:
        """Items."""
        return self.area.n

    @property
    def rises(self) -> Literal["rises", "falls", "open"]:
        """Whether agreement rises with abstention: surely, surely not, or not decided."""
        if self.gain.low > 0 and not self.falls:
            return "rises"
        return "falls" if self.gain.high < 0 or self.falls else "open"

    def at(self, coverage: float) -> Kept:
        """The least share kept that is at least this."""
        return next((one for one in self.kept if one.coverage >= coverage - 1e-9), self.kept[-1])


def selective(pairing: Pairing, using: Settings) -> Selective | None:
    """The curve; None where the judge gives no differing probabilities, or too few items are labelled.

    People's word is the same label where the judge speaks on their scale, else both pass or both fail.
    """
    import numpy as np

    sure = pairing.scores.get("confidence")
    if sure is None:
        return None
    right = outcome(pairing, using.rule, TRUST)
    known = ~np.isnan(sure) & ~np.isnan(right)
    if known.sum() < using.few or len(np.unique(sure[known])) < 2:
        return None
    sure, right = np.where(known, sure, np.nan), np.where(known, right, np.nan)
    clusters = pairing.clusters

    def drawn(of: Sums, least: float | None = None, level: float = 0.95) -> Interval:
        return interval(of, clusters, draws=using.draws, seed=using.seed, limits=(least, 1.0), level=level)

    thresholds = _thresholds(sure[known])
    kept = tuple(
        Kept(one, float((sure >= one).sum() / known.sum()), drawn(_above(sure, right, one), 0.0)) for one in thresholds
    )
    half = next(one for one in kept if one.coverage >= 0.5 or one is kept[-1]).threshold
    if half == thresholds[-1]:
        half = thresholds[-2] if len(thresholds) > 1 else half
    blocks = _blocks(sure)
    return Selective(
        kept, _line(sure[known], right[known]), drawn(_area(blocks, right), 0.0), drawn(_gain(blocks, right), -1.0),
        drawn(combine(operator.sub, _above(sure, right, half), _below(sure, right, half)), -1.0),
        tuple(_falls(sure, right, kept, drawn)),
    )  # fmt: skip


def _thresholds(sure: Numbers) -> tuple[float, ...]:
    """For each share kept the confidence that keeps at least so much, whole ties together; highest first."""
    import numpy as np

    order = np.sort(sure)[::-1]
    wanted = [order[max(0, int(np.ceil(share * len(order) - 1e-9)) - 1)] for share in COVERAGES]
    return tuple(dict.fromkeys(map(float, wanted)))


def _above(sure: Numbers, right: Numbers, threshold: float) -> Sums:
    import numpy as np

    return mean_of(np.where(sure >= threshold, right, np.nan), share=True)


def _below(sure: Numbers, right: Numbers, threshold: float) -> Sums:
    import numpy as np

    return mean_of(np.where(sure < threshold, right, np.nan), share=True)


def _falls(sure: Numbers, right: Numbers, kept: tuple[Kept, ...], drawn: Any) -> list[float]:
    """Where the surer have surely less agreement than those with the next share; Bonferroni over the steps."""
    steps = list(pairwise(kept))
    found = []
    for fewer, more in steps:
        difference = combine(operator.sub, _above(sure, right, fewer.threshold), _above(sure, right, more.threshold))
        if drawn(difference, -1.0, level=1 - 0.05 / len(steps)).high < 0:
            found.append(fewer.coverage)
    return found


def _line(sure: Numbers, right: Numbers) -> tuple[tuple[float, float], ...]:
    import numpy as np

    levels, place = np.unique(-sure, return_inverse=True)
    n = np.cumsum(np.bincount(place, minlength=len(levels)))
    agreed = np.cumsum(np.bincount(place, weights=right, minlength=len(levels)))
    # the first few items say nothing but how the first few fell
    at = np.flatnonzero(n >= min(len(sure), 10))
    at = at[np.unique(np.linspace(0, len(at) - 1, min(DRAWN, len(at))).round().astype(int))]
    return tuple((float(n[k] / len(sure)), float(agreed[k] / n[k])) for k in at)


def _blocks(sure: Numbers) -> Numbers:
    """(items,) the block of each item, the surest 0; -1 where it has no word."""
    import numpy as np

    known = ~np.isnan(sure)
    levels, place = np.unique(-sure[known], return_inverse=True)
    if len(levels) > BLOCKS:
        before = np.cumsum(np.bincount(place)) - np.bincount(place)
        place = np.unique(before * BLOCKS // known.sum(), return_inverse=True)[1][place]
    blocks = np.full(len(sure), -1)
    blocks[known] = place
    return blocks


def _area(blocks: Numbers, right: Numbers) -> Sums:
    """AURC as a function of each block's items and of those right, so that it can be drawn with whole clusters."""
    import numpy as np
    from scipy.sparse import csr_array

    known, size = blocks >= 0, int(blocks.max()) + 1
    rows = np.flatnonzero(known)
    places = np.concatenate([blocks[known], size + blocks[known]])
    values = np.concatenate([np.ones(len(rows)), right[known]])
    features = csr_array((values, (np.concatenate([rows, rows]), places)), shape=(len(blocks), 2 * size))
    return Sums(features, lambda sums: _aurc(sums[..., :size], sums[..., size:]), used=known)


def _gain(blocks: Numbers, right: Numbers) -> Sums:
    area = _area(blocks, right)

    def finish(sums: Numbers) -> Numbers:
        import numpy as np

        size = sums.shape[-1] // 2
        with np.errstate(divide="ignore", invalid="ignore"):
            plain = 1 - sums[..., size:].sum(axis=-1) / sums[..., :size].sum(axis=-1)
        return np.asarray(plain - area.finish(sums))

    return Sums(area.features, finish, used=area.used)


def _aurc(n: Numbers, right: Numbers) -> Numbers:
    """(..., blocks) counts, surest first, to the mean over k of the share wrong among the k surest.

    Geifman, Uziel and El-Yaniv, "Bias-reduced uncertainty estimation for deep neural classifiers", ICLR 2019. Within a
    block, whose items are equally sure, the expectation over their orders: the sum over j = 1..m of (R + j a) / (N + j)
    is m a + (R - N a) (H(N + m) - H(N)), with N items and R right before it, a = right / m in it, H harmonic numbers.
    """
    import numpy as np
    from scipy.special import digamma

    before, good = np.cumsum(n, axis=-1) - n, np.cumsum(right, axis=-1) - right
    share = np.divide(right, n, out=np.zeros(np.shape(n)), where=n > 0)
    harmonic = digamma(before + n + 1) - digamma(before + 1)
    kept = (n * share + (good - before * share) * harmonic).sum(axis=-1)
    total = n.sum(axis=-1)
    return np.asarray(1 - np.divide(kept, total, out=np.full(np.shape(kept), np.nan), where=total > 0))
