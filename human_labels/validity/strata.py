"""Parts of the items on which a judge is looked at apart, and how far its labels' distribution is from people's.

A judge may look as good as people only because people are unsure of many items (Elangovan et al. 2024,
arXiv 2410.03775): hence the parts by unanimity, and distances of distributions rather than of single labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ..coefficients.patterns import undefined
from ..consensus import consensus
from ..intervals import Sums, ratio
from ..records import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

FEW = 30
"""A part of fewer items is printed as too small to be read."""


def unanimity(table: Table) -> tuple[str, ...]:
    """For each item `unanimous`, `split`, `one rater`, or "" where nobody labelled it."""
    import numpy as np

    given = ~np.isnan(table.values)
    count = given.sum(axis=1)
    least = np.where(given, table.values, np.inf).min(axis=1)
    most = np.where(given, table.values, -np.inf).max(axis=1)
    alike = np.where(count == 1, "one rater", np.where(least == most, "unanimous", "split"))
    return tuple(str(word) for word in np.where(count == 0, "", alike))


def by_length(texts: Sequence[str], parts: int = 3) -> tuple[str, ...]:
    """For each text which part of the lengths in characters it is in: `1/3: 12-80 characters`; "" for an empty one."""
    return _parts([len(text) if text else None for text in texts], parts, " characters")


def numeric_parts(column: Sequence[str], parts: int = 3) -> tuple[str, ...]:
    """The same of a column of numbers, such as popularity; "" stays "". Raises ValueError for what is no number."""
    return _parts([float(value) if value.strip() else None for value in column], parts)


def few(strata: Sequence[str], least: int = FEW) -> tuple[str, ...]:
    """The parts with fewer items than `least`, in order."""
    count = Counter(part for part in strata if part)
    return tuple(part for part in sorted(count) if count[part] < least)


def distribution_distance(table: Table, judge: Numbers, where: Numbers | None = None) -> Sums:
    """Binned Jensen-Shannon divergence between the judge's labels and people's, in bits: 0 alike, 1 disjoint.

    Elangovan et al. 2024 (arXiv 2410.03775): items are put into bins by people's median (their majority where labels
    are names; ties are bins of their own), each bin's labels by people and by the judge are two distributions, and the
    bins' divergences are averaged by their items. Small bins make it too large, for equal distributions too: compare
    judges on the same items. `where` keeps a part of the items. NaN without an item that both labelled. Raises
    `UsageError` for a judge's number that is no label of the scale.
    """
    import numpy as np

    codes = np.array(table.codes)
    if not len(codes):
        return undefined(len(judge))
    off = ~np.isnan(judge) & ~np.isin(judge, codes)
    if off.any():
        raise UsageError(
            f"{int(off.sum())} of the judge's words, {judge[off][0]:g} the first, are no label of the scale"
        )
    kind = table.scale.kind if table.scale else "ordinal"
    word = consensus(table, "majority" if kind in ("nominal", "binary") else "median").values
    used = ~np.isnan(judge) & (~np.isnan(table.values)).any(axis=1)
    used &= True if where is None else np.asarray(where, dtype=bool)
    bins = np.unique(np.where(np.isnan(word), np.inf, word), return_inverse=True)[1]
    many, q = int(bins.max()) + 1 if len(bins) else 1, len(codes)
    people = np.stack([(table.values == code).sum(axis=1) for code in codes], axis=1)
    features = np.zeros((len(judge), many, 2 * q + 1))
    features[np.arange(len(judge)), bins] = np.column_stack([np.ones(len(judge)), people, judge[:, None] == codes])
    features[~used] = 0.0

    def finish(sums: Numbers) -> Numbers:
        cells = sums.reshape(*sums.shape[:-1], many, 2 * q + 1)
        weight = cells[..., 0]
        apart = _divergence(cells[..., 1 : 1 + q], cells[..., 1 + q :])
        return ratio((weight * np.nan_to_num(apart)).sum(axis=-1), weight.sum(axis=-1))

    return Sums(features.reshape(len(judge), -1), finish, used=used)


def _divergence(one: Numbers, other: Numbers) -> Numbers:
    """Jensen-Shannon divergence of two tables of counts, base 2 (Lin 1991, IEEE Trans Inf Theory 37:145-151)."""
    import numpy as np

    one, other = (ratio(side, side.sum(axis=-1, keepdims=True)) for side in (one, other))
    return np.asarray(np.maximum(_entropy((one + other) / 2) - (_entropy(one) + _entropy(other)) / 2, 0.0))


def _entropy(shares: Numbers) -> Numbers:
    import numpy as np

    bits: Numbers = shares * np.log2(np.where(shares > 0, shares, 1.0))
    return np.asarray(-bits.sum(axis=-1))


def _parts(numbers: Sequence[float | None], parts: int, unit: str = "") -> tuple[str, ...]:
    """Parts of about equally many items; equal numbers are never parted, so that there may be fewer parts."""
    import numpy as np

    known = np.array([number for number in numbers if number is not None], dtype=float)
    if not len(known):
        return tuple("" for _ in numbers)
    cuts = np.unique(np.quantile(known, np.arange(1, parts) / parts, method="inverted_cdf"))
    place = [None if number is None else int(np.searchsorted(cuts, number)) for number in numbers]
    found = sorted({part for part in place if part is not None})
    names = {}
    for rank, part in enumerate(found, start=1):
        inside = [number for number, here in zip(numbers, place, strict=True) if here == part and number is not None]
        low, high = _shown(min(inside)), _shown(max(inside))
        names[part] = f"{rank}/{len(found)}: {low if low == high else f'{low}-{high}'}{unit}"
    return tuple("" if part is None else names[part] for part in place)


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number == number // 1 else f"{number:,.4g}"
