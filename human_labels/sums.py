"""Statistics that are functions of sums over items, so that a thousand resamples of them are one matrix product."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .codes import different

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


@dataclass(frozen=True)
class Sums:
    """A statistic that is a function of sums over items: `finish(features.sum(axis=0))`.

    `features` is (items, k); with `rows`, (patterns, k), item i having the features of pattern `rows[i]`. `finish`
    takes (..., k) and gives (...), NaN where the statistic is not defined; it must not warn. `used` marks the items
    that enter at all (default all); the others' features must be 0. `share` says that the value is a proportion of
    the items used, so that at 0 and 1, where no resample differs, Wilson's interval is given. `features` may be a
    `scipy.sparse` array where an item has few of many features, as of ranks of numbers that hardly repeat.
    """

    features: Numbers
    finish: Callable[[Numbers], Numbers]
    rows: Numbers | None = None
    used: Numbers | None = None
    share: bool = False

    @property
    def items(self) -> int:
        """Rows of the table the statistic is of, used or not."""
        return int(self.features.shape[0] if self.rows is None else len(self.rows))

    @property
    def n(self) -> int:
        """Items that enter."""
        return self.items if self.used is None else int(self.used.sum())

    @property
    def value(self) -> float:
        """The statistic on all items."""
        return float(self.finish(weights(self) @ self.features))


def combine(of: Callable[..., Numbers], *parts: Sums) -> Sums:
    """A statistic made of statistics over the same items, drawn together: `combine(operator.sub, judge, ceiling)`."""
    import numpy as np

    if len({part.items for part in parts}) != 1:
        raise ValueError("only statistics over the same items can be combined")
    ends = np.cumsum([part.features.shape[1] for part in parts])
    features, rows = _joined(parts)
    masks = [part.used for part in parts if part.used is not None]
    used = np.logical_or.reduce(masks) if len(masks) == len(parts) else None

    def finish(sums: Numbers) -> Numbers:
        pieces = np.split(sums, ends[:-1], axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(of(*(part.finish(piece) for part, piece in zip(parts, pieces, strict=True))))

    return Sums(features, finish, rows, used)


def mean_of(values: Numbers, *, share: bool = False) -> Sums:
    """The mean of a column; NaN entries do not enter."""
    import numpy as np

    used = ~np.isnan(values)
    features = np.stack([np.where(used, values, 0.0), used.astype(float)], axis=1)
    return Sums(features, lambda sums: ratio(sums[..., 0], sums[..., 1]), used=used, share=share)


def ratio(over: Numbers, under: Numbers) -> Numbers:
    """over / under, NaN where under is 0; never warns."""
    import numpy as np

    over, under = np.broadcast_arrays(np.asarray(over, float), np.asarray(under, float))
    out: Numbers = np.full(over.shape, np.nan)
    np.divide(over, under, out=out, where=under != 0)
    return out


def weights(of: Sums) -> Numbers:
    """(patterns,): how many used items have each row of features."""
    import numpy as np

    if of.rows is None:
        return np.ones(of.items) if of.used is None else of.used.astype(float)
    rows = of.rows if of.used is None else of.rows[of.used]
    return np.bincount(rows, minlength=of.features.shape[0]).astype(float)


def sparse(features: Any) -> bool:
    """True for a `scipy.sparse` array, which is imported only by those who make one."""
    return hasattr(features, "tocsr")


def _joined(parts: Sequence[Sums]) -> tuple[Any, Numbers | None]:
    """Features of all parts side by side: one row for all items alike in every part, where that makes far fewer."""
    import numpy as np

    items, joint, kinds = parts[0].items, np.zeros(parts[0].items, np.int64), 1
    for part in parts:
        if part.rows is None or kinds > items // 2:
            return _beside([_plain(part) for part in parts]), None
        many = part.features.shape[0]
        joint = different(joint * many + part.rows, kinds * many)[1]
        kinds = int(joint.max(initial=0)) + 1
    if kinds > items // 2:
        return _beside([_plain(part) for part in parts]), None
    first = np.empty(kinds, np.int64)
    first[joint[::-1]] = np.arange(items)[::-1]
    rows = [part.rows[first] for part in parts if part.rows is not None]
    return _beside([part.features[row] for part, row in zip(parts, rows, strict=True)]), joint


def _beside(parts: Sequence[Any]) -> Any:
    import numpy as np

    if not any(sparse(part) for part in parts):
        return np.concatenate(parts, axis=1)
    from scipy.sparse import csr_array, hstack

    return hstack([csr_array(part) for part in parts], format="csr")


def _plain(of: Sums) -> Numbers:
    return of.features if of.rows is None else of.features[of.rows]
