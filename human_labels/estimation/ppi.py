"""Prediction-powered inference: a mean over all samples from a judge's words on all and people's words on few."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..proportions import wilson
from .moments import Moments
from .sample import Sample, cut, sample_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

BORDER = 0.1
"""A mean so near to an end of its range, in parts of the range, gets the studentised bootstrap."""
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Estimated:
    """A mean estimated from people's labels and a judge's words, with its interval."""

    value: float
    """As the formula gives it: outside the range where the judge pulls it there, and a note then says so."""
    low: float
    high: float
    error: float
    """Standard error; NaN where all labels are alike."""
    tuning: float
    """lambda: 0 leaves the judge out, 1 takes its word at full weight. The mean over strata where there are some."""
    n: int
    unlabelled: int
    clusters: int
    """Clusters that hold labels."""
    method: str
    """`wilson` (a share), `t` (a mean), `studentised` (bootstrap-t, near the end of a range), or `none`."""
    level: float
    gain: float
    """Variance of people's labels alone over that of the estimate: so many times the labels were gained."""
    notes: tuple[str, ...] = ()


def ppi(
    labelled_truth: Sequence[float] | Numbers,
    labelled_judge: Sequence[float] | Numbers,
    unlabelled_judge: Sequence[float] | Numbers,
    *,
    clusters: Sequence[Hashable] | None = None,
    unlabelled_clusters: Sequence[Hashable] | None = None,
    strata: Sequence[Hashable] | None = None,
    unlabelled_strata: Sequence[Hashable] | None = None,
    probabilities: Sequence[float] | Numbers | None = None,
    within: tuple[float, float] | None = None,
    studentised: bool | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = 0,
) -> Estimated:
    """PPI++ mean (arXiv 2301.09633, 2311.01453): mean(Y) + lambda (mean(f_unlabelled) - mean(f_labelled)).

    Y and f are 0/1 or any numbers. `clusters` makes every variance one over clusters; `strata` weighs the strata's
    estimates by their share of all items (StratPPI, arXiv 2406.04291), those with fewer than 10 labels, or with all
    alike, taken together; `probabilities` are those with which each labelled item was drawn for labelling (Hájek's
    weights). `within` is the range of the truth, 0 to 1 where all labels are 0 or 1.

    The interval of a share is Wilson's over the effective number of labels; that of a mean is Student's t over the
    labelled clusters, near an end of its range a studentised bootstrap. It is cut at the range, and a note says so; the
    value is not. Raises `UsageError` for NaN, unequal lengths, fewer than two labels, or a probability outside (0, 1].
    """
    sample = sample_of(labelled_truth, labelled_judge, unlabelled_judge, clusters, unlabelled_clusters, probabilities)
    within = within or ((0.0, 1.0) if sample.binary else None)
    if sample.alike:
        return _alike(sample, within, level)
    parts, notes = ([(1.0, sample)], ()) if strata is None else cut(sample, strata, unlabelled_strata or ())
    solved = _solved(parts, sample, level)
    if studentised or (studentised is None and not sample.binary and _near(solved.value, within)):
        solved = _studentised(solved, parts, draws, seed)
    elif sample.binary and studentised is None:
        solved = _effective(solved, parts, sample)
    return _kept(replace(solved, notes=notes), within)


def _solved(parts: Sequence[tuple[float, Sample]], sample: Sample, level: float) -> Estimated:
    value, error, tuning, clusters = _total(parts)
    _, alone, _ = sample.moments.solve(sample.moments.sums(), tuning=0.0)
    found = Estimated(
        value=value,
        low=math.nan,
        high=math.nan,
        error=error,
        tuning=tuning,
        n=len(sample.truth),
        unlabelled=len(sample.other),
        clusters=clusters,
        method="t",
        level=level,
        gain=(float(alone) / error) ** 2 if error > 0 else math.nan,
    )
    reach = _quantile(found, len(parts)) * error
    return replace(found, low=value - reach, high=value + reach)


def _quantile(found: Estimated, parts: int) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + found.level) / 2, max(1, found.clusters - parts)))


def _effective(found: Estimated, parts: Sequence[tuple[float, Sample]], sample: Sample) -> Estimated:
    """Wilson's interval over the effective number of labels, p(1 - p) / error^2 (Dean and Pagano 2015, for surveys).

    That number is taken from the sample with four labels more in each part, a pass and a failure that the judge gets
    right and a pass and a failure that it gets wrong: few failures say too little of how far a judge errs, and the
    error computed from them alone is too small too often.
    """
    more = [(share, part.smoothed) for share, part in parts]
    value, error, _, _ = _total(more)
    count = value * (1 - value) / error**2 * found.n / sum(len(part.truth) for _, part in more)
    whole = sample.smoothed.moments
    _, alone, _ = whole.solve(whole.sums(), tuning=0.0)
    centre = min(max(found.value, 0.0), 1.0)
    low, high = wilson(centre * count, count, _quantile(found, len(parts)))
    return replace(found, low=low, high=high, method="wilson", gain=(float(alone) / error) ** 2)


def _total(parts: Sequence[tuple[float, Sample]]) -> tuple[float, float, float, int]:
    """Estimate, error, lambda and clusters over strata."""
    held = [(share, part.moments) for share, part in parts]
    value, error, tuning = _over([(share, part, part.sums()) for share, part in held])
    return float(value), float(error), float(tuning), sum(part.counts[0] for _, part in held)


def _over(parts: Sequence[tuple[float, Moments, Numbers]]) -> tuple[Numbers, Numbers, Numbers]:
    """Over strata: shares of the estimates, of the lambdas, and of the squared errors.

    The strata's shares are themselves those of a sample: what they vary by, sum share (stratum - all)^2 over the
    sample's clusters, is in the error.
    """
    import numpy as np

    solved = [(share, *part.solve(sums)) for share, part, sums in parts]
    value = np.asarray(sum(share * found for share, found, _, _ in solved))
    units = sum(int(size.sum()) for _, part, _ in parts for size in part.sizes)
    between = sum(share * (found - value) ** 2 for share, found, _, _ in solved) / units
    within = sum((share * error) ** 2 for share, _, error, _ in solved)
    return value, np.sqrt(within + between), np.asarray(sum(share * tuned for share, _, _, tuned in solved))


def _studentised(found: Estimated, parts: Sequence[tuple[float, Sample]], draws: int, seed: int) -> Estimated:
    """Bootstrap-t (Hall 1992, section 3.2): quantiles of (draw - estimate) / the draw's own error.

    A draw without any spread has an infinite t, which pushes the bound out: no draw is left out.
    """
    import numpy as np

    held = [(share, part.moments) for share, part in parts]
    drawn = [(share, part, part.resampled(draws, seed + 7 * place)) for place, (share, part) in enumerate(held)]
    values, errors, _ = _over(drawn)
    away = values - found.value
    with np.errstate(divide="ignore", invalid="ignore"):
        studentised = np.where(away == 0, 0.0, away / np.where(errors > 1e-12, errors, 0.0))
    tail = (1 - found.level) / 2
    left = float(np.quantile(studentised, tail, method="lower"))
    right = float(np.quantile(studentised, 1 - tail, method="higher"))
    low, high = found.value - right * found.error, found.value - left * found.error
    return replace(found, low=low, high=high, method="studentised")


def _near(value: float, within: tuple[float, float] | None) -> bool:
    if within is None:
        return False
    reach = BORDER * (within[1] - within[0])
    return value < within[0] + reach or value > within[1] - reach


def _kept(found: Estimated, within: tuple[float, float] | None) -> Estimated:
    """The interval cut at the range, each cut with its note; the value is left as it is."""
    if within is None:
        return found
    notes = list(found.notes)
    if not within[0] <= found.value <= within[1]:
        notes.append(f"the estimate {found.value:.4f} lies outside {within[0]:g} to {within[1]:g}: too few labels")
    low, high = max(found.low, within[0]), min(found.high, within[1])
    if (low, high) != (found.low, found.high):
        notes.append(f"the interval is cut at the range {within[0]:g} to {within[1]:g}")
    return replace(found, low=low, high=high, notes=tuple(notes))


def _alike(sample: Sample, within: tuple[float, float] | None, level: float) -> Estimated:
    """All labels are the same: people's word alone, with Wilson's interval over the clusters for a share."""
    from scipy.special import ndtri

    n, value = len(sample.truth), float(sample.truth[0])
    clusters = n if sample.clusters is None else len(set(sample.clusters))
    low, high, method = math.nan, math.nan, "none"
    if sample.binary:
        low, high = wilson(round(value * clusters), clusters, float(ndtri((1 + level) / 2)))
        method = "wilson"
    note = "all labels are alike, so that nothing says how far the judge errs: people's labels alone"
    return Estimated(value, low, high, math.nan, 0.0, n, len(sample.other), clusters, method, level, 1.0, (note,))
