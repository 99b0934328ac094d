"""Systems in the judge's order and in people's: a judge may be right on most samples and still rank systems wrongly.

System-level validity as in JuStRank (Gera et al. 2024, arXiv 2412.09569).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ..intervals import Interval, Sums, ratio, resample
from ..numerals import short
from ..pairing import Pairing
from .differences import Draws
from .records import Place, Ranking

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

FEWEST = 4
"""Systems below which an order says nothing."""


def rank_systems(pairing: Pairing, rule: str = "majority", how: Draws | None = None) -> Ranking:
    """Kendall's tau-b and Spearman's rho of the systems' order by the judge with that by people, on the same samples.

    Systems are ordered by the share that passes; where nothing says which labels pass, by the mean rank of their
    samples among all (ties share a rank), never by a mean of labels. Intervals are percentiles over clusters drawn
    whole, each draw with all systems' samples. Raises `UsageError` for fewer than four systems.
    """
    import numpy as np

    column = pairing.strata.get("system", ())
    known, by, people, judge = _figures(pairing, rule)
    systems = sorted({name for name, kept in zip(column, known, strict=True) if kept and name}) if column else []
    if len(systems) < FEWEST:
        raise UsageError(
            f"{pairing.dimension}: {len(systems)} systems with labels; an order needs {FEWEST}; compare two with "
            "--systems A B"
        )
    features = np.zeros((pairing.n, len(systems), 3))
    for row, name in enumerate(column):
        if known[row] and name:
            features[row, systems.index(name)] = (people[row], judge[row], 1.0)
    sums = _by_cluster(features.reshape(pairing.n, -1), pairing.clusters)
    kendall, spearman = (_interval(sums, of, how or Draws()) for of in (kendall_tau_b, spearman_rho))
    total = features.sum(axis=0)
    means = total[:, :2] / total[:, 2:]
    places = [
        Place(name, int(total[row, 2]), float(means[row, 0]), float(means[row, 1])) for row, name in enumerate(systems)
    ]
    return Ranking(
        pairing.task, pairing.dimension, pairing.role, pairing.judge, by,
        tuple(sorted(places, key=lambda place: (-place.people, place.system))), kendall, spearman,
        pairing.n - int(known.sum()), _sentence(kendall, how or Draws()),
    )  # fmt: skip


def kendall_tau_b(first: Numbers, second: Numbers) -> Numbers:
    """(...) tau-b of (..., systems) figures; NaN where one order is all ties."""
    import numpy as np

    one, other = (np.sign(of[..., :, None] - of[..., None, :]) for of in (first, second))
    agree = (one * other).sum(axis=(-2, -1))
    return ratio(agree, np.sqrt((one**2).sum(axis=(-2, -1)) * (other**2).sum(axis=(-2, -1))))


def spearman_rho(first: Numbers, second: Numbers) -> Numbers:
    """(...) correlation of the ranks of (..., systems) figures; NaN where one order is all ties."""
    import numpy as np
    from scipy.stats import rankdata

    one, other = (ranks - ranks.mean(axis=-1, keepdims=True) for ranks in
                  (rankdata(first, axis=-1), rankdata(second, axis=-1)))  # fmt: skip
    return ratio((one * other).sum(axis=-1), np.sqrt((one**2).sum(axis=-1) * (other**2).sum(axis=-1)))


def _figures(pairing: Pairing, rule: str) -> tuple[Numbers, str, Numbers, Numbers]:
    """(samples,) which enter; by what systems are ordered; people's figure and the judge's."""
    import numpy as np
    from scipy.stats import rankdata

    scale = pairing.people.scale
    if scale is not None and scale.passing is not None:
        people, judge = pairing.approved(rule), pairing.passed
        known = ~np.isnan(people) & ~np.isnan(judge)
        return known, "share that passes", people, judge
    if scale is not None and scale.kind == "nominal":
        raise UsageError(f"{pairing.dimension}: labels of {scale} have no order; name those that pass with --passing")
    people, judge = pairing.people.means, pairing.said
    known = ~np.isnan(people) & ~np.isnan(judge)
    ranks = [np.full(len(known), np.nan) for _ in range(2)]
    for out, values in zip(ranks, (people, judge), strict=True):
        out[known] = rankdata(values[known]) / max(1, known.sum())
    return known, "mean rank", ranks[0], ranks[1]


def _interval(sums: Numbers, of: Any, how: Draws) -> Interval:
    import numpy as np

    def finish(drawn: Numbers) -> Numbers:
        cells = drawn.reshape(*drawn.shape[:-1], -1, 3)
        means = ratio(cells[..., :2], cells[..., 2:])
        found = np.asarray(of(means[..., 0], means[..., 1]))
        return np.where(np.isnan(means).any(axis=(-2, -1)), np.nan, found)

    statistic = Sums(sums, finish)
    counts = sums.reshape(len(sums), -1, 3)[..., 2].sum()
    values = resample(statistic, sums, np.ones(len(sums)), how.draws, how.seed)
    undefined = int(np.isnan(values).sum())
    low = high = math.nan
    if len(sums) > 1 and undefined <= 0.05 * how.draws:
        low, high = (float(bound) for bound in np.nanquantile(values, [0.025, 0.975]))
    return Interval(statistic.value, low, high, n=int(counts), clusters=len(sums), undefined=undefined)


def _by_cluster(features: Numbers, clusters: Sequence[str]) -> Numbers:
    import numpy as np

    places: dict[str, int] = {}
    rows = [places.setdefault(cluster, len(places)) for cluster in clusters]
    sums = np.zeros((len(places), features.shape[1]))
    np.add.at(sums, rows, features)
    return sums


def _sentence(kendall: Interval, how: Draws) -> str:
    found = short(kendall.value, none="undefined")
    said = (
        f"Judge and people order the systems with tau-b {found}. That is a property of its own: agreement on single "
        "samples does not imply agreement on the order of systems, nor the other way round."
    )
    if math.isnan(kendall.low):
        without = f"in {kendall.undefined} of {how.draws} resamples a system had no sample or all were tied"
        return f"{said} No interval: {without}."
    if not kendall.low <= kendall.value <= kendall.high:
        return (
            f"{said} The samples are too few to order these systems: drawn anew they agree less, "
            f"{short(kendall.low)} to {short(kendall.high)}, and the figure itself lies outside."
        )
    return said
