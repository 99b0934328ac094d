"""The difference that people would see, from few labels and all verdicts.

Each side's rate is prediction-powered (PPI++); both sides are drawn together, so what contexts share cancels.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..intervals import Sums, combine, mean_of, ratio
from ..records import ENOUGH, ENOUGH_OF_A_CLASS
from .differences import Draws, kept, sides_of
from .matching import Stack
from .records import Corrected
from .testing import cluster_test, smallest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

UNLIKE = 0.01
"""p below which the labelled samples are taken to differ from the others in what the judge says of them."""
UNSURE = 0.5
"""What the judge is taken to predict for a sample it has no verdict on; the labels correct it like any other."""


def correct(
    stack: Stack, values: Numbers, truth: Mapping[str, float], how: Draws, dimension: str = "grade"
) -> Corrected | None:
    """Either side's rate of passes as people see them, and the difference; None without two labels on each side.

    `values` (samples,) is what the judge says (1, 0, NaN), `truth` a sample's id to people's word. It holds for the
    samples of both files if those labelled were drawn from them at random, judged or not.
    """
    import numpy as np

    known = np.array([truth.get(verdict.id, np.nan) for verdict in stack.verdicts], float)
    labelled = [int((~np.isnan(known[mask])).sum()) for mask in (stack.of_a, ~stack.of_a)]
    if min(labelled) < 2:
        return None
    enters, note = _population(values, known)
    said = np.where(np.isnan(values), UNSURE, values)
    a, b = (powered(said, known, mask & enters) for mask in (stack.of_a, ~stack.of_a))
    delta = combine(operator.sub, a, b)
    # Student's t over clusters: in simulation BCa covers too little here (.90 for .95 at rates of .95)
    rates = [kept(how.of(side, stack.clusters, "t")) for side in (a, b)]
    return Corrected(
        rates[0],
        rates[1],
        kept(how.of(delta, stack.clusters, "t"), -1.0),
        cluster_test(delta, stack.clusters, None if stack.paired else sides_of(stack.clusters, stack.of_a)),
        (labelled[0], labelled[1]),
        smallest(delta, stack.clusters),
        dimension,
        "; ".join(part for part in (_few(stack, known), note, _picked(stack, said, known)) if part),
    )


def _few(stack: Stack, known: Numbers) -> str:
    """What is too few on a side: labels, or labels of the rarer kind."""
    import numpy as np

    sides = [known[mask & ~np.isnan(known)] for mask in (stack.of_a, ~stack.of_a)]
    least = min(len(side) for side in sides)
    if least < ENOUGH:
        return f"only {least} labels on one side"
    rarer = min(min(side.sum(), len(side) - side.sum()) for side in sides)
    if rarer >= ENOUGH_OF_A_CLASS:
        return ""
    return f"only {rarer:.0f} labels of the rarer kind on one side: the interval may be too narrow"


def _picked(stack: Stack, said: Numbers, known: Numbers) -> str:
    """A side on which the judge says something else of the labelled samples than of the others: not drawn at random."""
    import numpy as np

    found = []
    for name, mask in (("a", stack.of_a), ("b", ~stack.of_a)):
        labelled, rest = (np.where(mask & of, said, np.nan) for of in (~np.isnan(known), np.isnan(known)))
        if np.isnan(rest).all():
            continue
        gap = combine(operator.sub, mean_of(labelled), mean_of(rest))
        if cluster_test(gap, stack.clusters) <= UNLIKE:
            found.append(
                f"the judge passes {np.nanmean(labelled):.2f} of {name}'s labelled samples and {np.nanmean(rest):.2f} "
                "of the others: were they drawn at random? If not, the correction does not hold"
            )
    return "; ".join(found)


def powered(said: Numbers, known: Numbers, mask: Numbers) -> Sums:
    """mean(Y) + w (mean of f unlabelled - mean of f labelled) over the masked samples, as sums.

    PPI++ (Angelopoulos, Duchi and Zrnic, arXiv 2311.01453, section 6): w = cov(Y, f) / ((1 + n/N) var f), within
    [0, 1], found anew in every resample; 0 without unlabelled samples or when the judge says the same of all.
    """
    import numpy as np

    labelled, rest = mask & ~np.isnan(known), mask & np.isnan(known)
    y, f = np.where(labelled, known, 0.0), np.where(mask, said, 0.0)
    columns = (labelled, y, f * labelled, y * f, rest, f * rest, f * f)
    return Sums(np.stack([np.asarray(column, float) for column in columns], axis=1), _powered, used=mask)


def _powered(sums: Numbers) -> Numbers:
    import numpy as np

    n, y, f, yf, rest, f_rest, squares = (sums[..., place] for place in range(7))
    mean_y, mean_f = ratio(y, n), ratio(f, n)
    everywhere = ratio(f + f_rest, n + rest)
    variance = ratio(squares - (n + rest) * everywhere**2, n + rest - 1)
    shared = ratio(yf - n * mean_y * mean_f, n - 1)
    variance = np.where(variance > 1e-12, variance, 0.0)
    weight = np.clip(np.nan_to_num(ratio(shared, (1 + ratio(n, rest)) * variance)), 0.0, 1.0)
    moved = np.where(rest > 0, weight * (ratio(f_rest, rest) - mean_f), 0.0)
    return np.asarray(mean_y + moved)


def _population(values: Numbers, known: Numbers) -> tuple[Numbers, str]:
    """Which samples the estimate is of: all, unless nobody labelled any of the unjudged ones."""
    import numpy as np

    missing = np.isnan(values)
    if not missing.any() or (missing & ~np.isnan(known)).any():
        return np.ones(len(values), bool), ""
    return ~missing, f"of the judged samples alone: none of the {int(missing.sum())} unjudged ones is labelled"
