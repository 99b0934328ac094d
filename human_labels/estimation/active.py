"""Labelling where the judge is in doubt: how probably to draw each sample, and the estimate that undoes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from .ppi import Estimated, ppi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def label_probabilities(
    uncertainty: Sequence[float] | Numbers, budget: int, *, floor: float | None = None, uniform: float = 0.15
) -> Numbers:
    """(samples,) probabilities of being labelled that sum to `budget`: larger where the judge's error is likelier.

    `uniform` of the budget goes evenly to all, the rest by uncertainty (Zrnic and Candès, arXiv 2403.03208, section 5);
    none is below `floor` (default a tenth of budget / samples), so that no weight grows without bound, nor above 1.
    Draw each sample on its own, `random(n) < probabilities`, and keep the probabilities beside the labels. Raises
    `UsageError` for a negative or undefined uncertainty, or a budget that is not between 1 and the samples.
    """
    import numpy as np

    doubt = np.asarray(uncertainty, float)
    n = len(doubt)
    if not 1 <= budget <= n or not (doubt >= 0).all() or not 0 <= uniform <= 1:
        raise UsageError("give uncertainties of at least 0, a budget from 1 to the samples, uniform from 0 to 1")
    least = 0.1 * budget / n if floor is None else floor
    if not 0 < least <= budget / n:
        raise UsageError(f"floor {least:g}: give a value above 0, at most budget / samples = {budget / n:g}")
    total = doubt.sum()
    wanted = uniform / n + (1 - uniform) * (doubt / total if total > 0 else np.full(n, 1 / n))
    return _filled(wanted, budget, least)


def active_estimate(
    truth: Sequence[float] | Numbers,
    judge: Sequence[float] | Numbers,
    probabilities: Sequence[float] | Numbers,
    *,
    level: float = 0.95,
) -> Estimated:
    """The mean of people's word over all samples, from those drawn with `label_probabilities`.

    All are (samples,); `truth` is NaN where a sample was not drawn. It is `ppi` with weights 1 / probability that are
    scaled to sum to the samples (Hájek), which varies less than the unscaled mean of arXiv 2403.03208, equation 1.
    """
    import numpy as np

    said, seen, chance = (np.asarray(values, float) for values in (truth, judge, probabilities))
    if not len(said) == len(seen) == len(chance):
        raise UsageError(f"{len(said)} labels, {len(seen)} words, {len(chance)} probabilities; give one a sample")
    drawn = ~np.isnan(said)
    return ppi(said[drawn], seen[drawn], seen[~drawn], probabilities=chance[drawn], level=level)


def _filled(wanted: Numbers, budget: int, least: float) -> Numbers:
    """The multiple of `wanted`, kept between `least` and 1, that sums to the budget; found by bisection."""
    import numpy as np

    low, high = 0.0, budget / float(wanted[wanted > 0].min())
    for _ in range(100):
        middle = (low + high) / 2
        under = np.clip(middle * wanted, least, 1).sum() < budget
        low, high = (middle, high) if under else (low, middle)
    return np.clip(high * wanted, least, 1)
