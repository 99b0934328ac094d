"""What people said together: one number an item out of several raters' labels, by a rule that is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .records import Table, row_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


@dataclass(frozen=True)
class Consensus:
    """People's word on each item, NaN where the rule finds none."""

    rule: str
    values: Numbers
    """(items,), codes on the table's scale (`mean`: any number between)."""
    labelled: int
    """Items with at least one label."""

    @property
    def n(self) -> int:
        """Items on which the rule finds a word."""
        import numpy as np

        return int((~np.isnan(self.values)).sum())

    @property
    def undecided(self) -> int:
        """Labelled items on which it finds none: a tie, a dissenter. Counted, never guessed."""
        return self.labelled - self.n


def consensus(table: Table, rule: str = "majority") -> Consensus:
    """Items' words under a rule of `RULES`. Raises `UsageError` for an unknown one.

    `majority`: the label more raters gave than any other, none on a tie. `most`: the label that more than half of the
    item's raters gave. `unanimous`: at least two raters, all alike. `mean`, `median`: of the codes.
    """
    import numpy as np

    if rule not in RULES:
        raise UsageError(f"unknown rule {rule!r}; known: {', '.join(RULES)}")
    labelled = int((~np.isnan(table.values)).any(axis=1).sum())
    return Consensus(rule, RULES[rule](table), labelled)


def counts(table: Table) -> Numbers:
    """(items, codes): how many raters gave each code of `table.codes`."""
    import numpy as np

    return np.stack([(table.values == code).sum(axis=1) for code in table.codes], axis=1).astype(float)


def _majority(table: Table) -> Numbers:
    import numpy as np

    votes = counts(table)
    ordered = np.sort(votes, axis=1)
    second = ordered[:, -2] if votes.shape[1] > 1 else np.zeros(len(votes))
    return np.where(ordered[:, -1] > second, np.array(table.codes)[votes.argmax(axis=1)], np.nan)


def _most(table: Table) -> Numbers:
    import numpy as np

    votes = counts(table)
    return np.where(2 * votes.max(axis=1) > votes.sum(axis=1), np.array(table.codes)[votes.argmax(axis=1)], np.nan)


def _unanimous(table: Table) -> Numbers:
    import numpy as np

    votes = counts(table)
    alike = (votes.sum(axis=1) >= 2) & (votes.max(axis=1) == votes.sum(axis=1))
    return np.where(alike, np.array(table.codes)[votes.argmax(axis=1)], np.nan)


def _mean(table: Table) -> Numbers:
    return row_means(table.values)


def _median(table: Table) -> Numbers:
    import numpy as np

    values: Numbers = np.full(len(table.values), np.nan)
    given = (~np.isnan(table.values)).any(axis=1)
    values[given] = np.nanmedian(table.values[given], axis=1)
    return values


RULES: Mapping[str, Callable[[Table], Numbers]] = {
    "majority": _majority,
    "most": _most,
    "unanimous": _unanimous,
    "mean": _mean,
    "median": _median,
}
