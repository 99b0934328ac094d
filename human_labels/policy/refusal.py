"""Why there is no line, in words: the best bound reached, with how many labels, and how many it would take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import Refused
from ..pairing import Pairing
from .guarantee import Walk, labels_needed, one_of_each, zero_failures
from .seal import Seal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .aim import Aim

    Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """Labelled samples and the clusters they come from."""

    labels: int
    clusters: int


def too_few(
    pairing: Pairing,
    approved: Numbers,
    least: int,
    failing: int,
    seal: Seal | None,
    precision: float,
    confidence: float,
) -> None:
    """Raises `Refused` below `least` labels, or below `failing` labels of a sample that people do not pass."""
    import numpy as np

    name = ".".join(part for part in (pairing.task, pairing.dimension) if part)
    n, bad = int((~np.isnan(approved)).sum()), int((approved == 0).sum())
    where = " on the calibration side" if seal else ""
    if n < least:
        zero = zero_failures(1 - precision, 1 - confidence)
        raise Refused(
            f"{name}: too few to calibrate: {n} labelled samples{where}, at least {least} are needed; a line of "
            f"{precision:g} with confidence {confidence:g} takes {zero} accepted ones even without an error"
            f"{_of_all(max(least, zero), seal)}"
        )
    if bad < failing:
        rate = bad / n
        more = f"about {math.ceil(failing / rate):,} labels at the rate seen ({rate:.1%})" if bad else "more labels"
        raise Refused(
            f"{name}: too few to calibrate: people fail {bad} of {n} labelled samples{where}, and at least {failing} "
            f"failing ones are needed to tell a good line from a lucky one: {more}, or samples of a weaker system"
        )


def refusal(pairing: Pairing, approved: Numbers, walks: Sequence[Walk], aim: Aim, seal: Seal | None) -> str:
    """The sentences of a refusal."""
    import numpy as np

    name = ".".join(part for part in (pairing.task, pairing.dimension) if part)
    known = ~np.isnan(approved)
    clusters = {cluster for cluster, has in zip(pairing.clusters, known, strict=True) if has}
    n = Counted(int(known.sum()), len(clusters))
    words = [f"{name}: no line has at most {1 - aim.precision:.3g} wrong with confidence {aim.confidence:g}"]
    sides = ("accept", "reject") if len(walks) > 1 else ("accept",)
    words += [_side(side, found, aim, seal, n) for side, found in zip(sides, walks, strict=True)]
    if aim.min_recall is not None and walks[0].held:
        words = [
            f"{name}: no threshold has both: precision {aim.precision:g} holds down to {walks[0].threshold:.6g}, but a "
            f"recall of {aim.min_recall:g} not up to there; lower --min-recall or --precision, or give more labels"
        ]
    units = int(one_of_each(pairing.clusters, weigh=aim.weigh).sum())
    if units < len(clusters) / 2:
        words.append(
            f"{len(clusters)} clusters of uneven size count as {units} independent samples; --weigh clusters counts "
            "each once and guarantees the line for a cluster drawn at random"
        )
    if seal and (times := seal.searches.get(name, 0)) > 1:
        words.append(f"this was search {times} for a line on these labels, and it is counted")
    return "; ".join(words)


def _side(side: str, found: Walk, aim: Aim, seal: Seal | None, n: Counted) -> str:
    best = found.best
    if best is None:
        zero = max(found.start, zero_failures(found.limit, found.delta))
        return (
            f"to {side}: no threshold could be tested: {n.labels:,} labels hold fewer than {zero} independent judged "
            f"ones on one side of a threshold{_of_all(zero, seal)}"
        )
    sign = "≥" if side == "accept" else "≤"
    at = best.threshold if side == "accept" else -best.threshold
    rate = best.wrong / best.n
    reached = (
        f"to {side}: the best bound reached is {best.bound:.1%} wrong, at score {sign} {at:.4g} with {best.n} labels, "
        f"{best.wrong} of them wrong ({rate:.1%})"
    )
    needed = labels_needed(rate, found.limit, found.delta)
    if needed is None:
        return f"{reached}: at that error no number of labels will do; ask for less precision, or mend the judge"
    more = needed / best.n / (1 - (seal.share if seal else 0))
    total = f"{math.ceil(more * n.labels):,} in all"
    if n.clusters < n.labels:
        total = f"{math.ceil(more * n.clusters):,} clusters in all, for at most one label of each counts"
    return f"{reached}; were that the true error, {needed:,} such labels would do, about {total}"


def _of_all(needed: int, seal: Seal | None) -> str:
    if seal is None:
        return ""
    return f"; with {seal.share:.0%} sealed, about {math.ceil(needed / (1 - seal.share)):,} in all"
