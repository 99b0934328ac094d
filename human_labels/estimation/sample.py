"""A sample for prediction-powered inference: labelled items with both words, others with the judge's, cut in strata."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from .moments import Moments, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

LEAST = 10
"""Fewest labels in a stratum of its own."""
MORE = 4
"""Labels added where the error of a share is taken."""


@dataclass(frozen=True)
class Sample:
    """Labelled items with people's and the judge's word, and the judge's words on the others."""

    truth: Numbers
    judge: Numbers
    other: Numbers
    clusters: tuple[Hashable, ...] | None
    other_clusters: tuple[Hashable, ...] | None
    weights: Numbers | None

    @property
    def alike(self) -> bool:
        """All labels are the same, so that nothing tells how they vary."""
        return bool((self.truth == self.truth[0]).all())

    @property
    def binary(self) -> bool:
        """All labels are 0 or 1."""
        return bool(((self.truth == 0) | (self.truth == 1)).all())

    @cached_property
    def moments(self) -> Moments:
        """Its sums."""
        if self.weights is None:
            return moments(self.truth, self.judge, self.other, self.clusters, self.other_clusters)
        import numpy as np

        own = self.clusters or tuple(("labelled", place) for place in range(len(self.truth)))
        rest = self.other_clusters or tuple(range(len(self.other)))
        every = np.concatenate([self.judge, self.other])
        return moments(self.truth, self.judge, every, own, own + rest, self.weights)

    @cached_property
    def smoothed(self) -> Sample:
        """The sample with four labels more, of which the judge gets two right and two wrong, and others as many.

        In clusters each of the four is one of as many items as the design effect: so many tell as much as one label.
        """
        import numpy as np

        words = np.concatenate([self.judge, self.other])
        ends = (words.min(), words.max()) if len(np.unique(words)) < 3 else np.quantile(words, [0.05, 0.95])
        low, high = float(ends[0]), float(ends[1])
        size = self._size()
        others = len(self.other) * MORE * size // (2 * len(self.truth))

        def longer(names: tuple[Hashable, ...] | None, count: int, each: int) -> tuple[Hashable, ...] | None:
            return None if names is None else names + tuple(("more", count, place // each) for place in range(count))

        return Sample(
            np.concatenate([self.truth, np.repeat([1.0, 1.0, 0.0, 0.0], size)]),
            np.concatenate([self.judge, np.repeat([high, low, low, high], size)]),
            np.concatenate([self.other, [low] * others, [high] * others]),
            longer(self.clusters, MORE * size, size),
            longer(self.other_clusters, 2 * others, size),
            None if self.weights is None else np.concatenate([self.weights, [self.weights.mean()] * MORE * size]),
        )

    def _size(self) -> int:
        """The design effect of the labels in whole items, 1 without clusters."""
        if self.clusters is None or self.alike:
            return 1
        _, error, _ = self.moments.solve(self.moments.sums(), tuning=0.0)
        weight = self.weights if self.weights is not None else self.truth * 0 + 1
        share = weight / weight.sum()
        mean = float(share @ self.truth)
        alone = float(share**2 @ (self.truth - mean) ** 2)
        return max(1, round(float(error) ** 2 / alone))

    def take(self, keep: Numbers, others: Numbers) -> Sample:
        """The part of it that the masks mark."""

        def those(names: tuple[Hashable, ...] | None, mask: Numbers) -> tuple[Hashable, ...] | None:
            return None if names is None else tuple(name for name, kept in zip(names, mask, strict=True) if kept)

        return Sample(
            self.truth[keep],
            self.judge[keep],
            self.other[others],
            those(self.clusters, keep),
            those(self.other_clusters, others),
            None if self.weights is None else self.weights[keep],
        )


def sample_of(truth: Any, judge: Any, other: Any, clusters: Any, other_clusters: Any, probabilities: Any) -> Sample:
    """The sample of these numbers. Raises `UsageError` for NaN, unequal lengths, wrong probabilities or clusters."""
    import numpy as np

    truth, judge, other = (np.asarray(values, float) for values in (truth, judge, other))
    if np.isnan(truth).any() or np.isnan(judge).any() or np.isnan(other).any():
        raise UsageError("a label or a judge's word is NaN; leave out what has no word, and say how many")
    if len(truth) != len(judge) or len(truth) < 2:
        raise UsageError(f"{len(truth)} labels beside {len(judge)} judge's words; give at least two pairs")
    weights = None
    if probabilities is not None:
        drawn = np.asarray(probabilities, float)
        if len(drawn) != len(truth) or not ((drawn > 0) & (drawn <= 1)).all():
            raise UsageError("give each labelled item the probability above 0, at most 1, with which it was drawn")
        weights = 1 / drawn
    own, rest = (None if names is None else tuple(names) for names in (clusters, other_clusters))
    if (own is not None and len(own) != len(truth)) or (rest is not None and len(rest) != len(other)):
        raise UsageError("give a cluster for each item")
    if len(other) and (own is None) != (rest is None):
        raise UsageError("give clusters of the labelled and of the unlabelled items, or of neither")
    return Sample(truth, judge, other, own, rest, weights)


def cut(
    sample: Sample, strata: Sequence[Hashable], other_strata: Sequence[Hashable]
) -> tuple[list[tuple[float, Sample]], tuple[str, ...]]:
    """(share of all items, sample) for each stratum; too small ones, or with labels all alike, taken together."""
    import numpy as np

    if len(strata) != len(sample.truth) or len(other_strata) != len(sample.other):
        raise UsageError("give a stratum for each item, labelled and unlabelled")
    names = list(dict.fromkeys([*strata, *other_strata]))
    places = {name: place for place, name in enumerate(names)}
    own, rest = (np.array([places[name] for name in column], int) for column in (strata, other_strata))
    groups = _large_enough(sample.truth, own, len(names))
    parts = [sample.take(np.isin(own, group), np.isin(rest, group)) for group in groups]
    _hold_apart(parts)
    total = len(sample.truth) + len(sample.other)
    merged = max(groups, key=len)
    notes = (f"strata taken together: {', '.join(str(names[place]) for place in merged)}",) if len(merged) > 1 else ()
    return [((len(part.truth) + len(part.other)) / total, part) for part in parts], notes


def _large_enough(truth: Numbers, own: Numbers, count: int) -> list[list[int]]:
    """Places of strata, in groups: those with fewer than 10 labels or only one kind of label are one group."""
    import numpy as np

    def poor(group: list[int]) -> bool:
        held = truth[np.isin(own, group)]
        return len(held) < LEAST or bool((held == held[0]).all())

    alone = sorted((place for place in range(count) if not poor([place])), key=lambda place: (own == place).sum())
    rest = [place for place in range(count) if poor([place])]
    while rest and alone and poor(rest):
        rest.append(alone.pop(0))
    return [[place] for place in sorted(alone)] + ([rest] if rest else [])


def _hold_apart(parts: Sequence[Sample]) -> None:
    seen: dict[Hashable, int] = {}
    for place, part in enumerate(parts):
        for name in (*(part.clusters or ()), *(part.other_clusters or ())):
            if seen.setdefault(name, place) != place:
                raise UsageError(f"cluster {name!r} reaches across strata; stratify by what is one in a cluster")
