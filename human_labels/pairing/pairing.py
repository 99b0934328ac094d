"""People beside the judge: one dimension (or the grade) of one task, the same items in the same order.

Nothing is dropped here: an item that people labelled and the judge did not judge stays, with NaN and its `status`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ...judge import Status
from ..consensus import Consensus, consensus
from ..records import Scale, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

PASS_FAIL = Scale("binary", 0, 1, ("fail", "pass"), frozenset({1.0}))
MISSING = "no verdict"
"""The status of a labelled item of which the judge's file has no verdict."""


@dataclass(frozen=True)
class Unlabelled:
    """What the judge said of samples that nobody labelled. Every array is (samples,), NaN where it has no word."""

    ids: tuple[str, ...]
    passed: Numbers
    scores: Mapping[str, Numbers]
    clusters: tuple[str, ...]
    systems: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Samples, judged or not."""
        return len(self.ids)


@dataclass(frozen=True)
class Pairing:
    """What people and the judge said of the same items. Every array is (items,), NaN where there is no word."""

    task: str
    dimension: str
    """A dimension of the rubric, or `grade`."""
    role: str
    """Whose labels: one role, or several joined by `+` when pooling was asked for."""
    judge: str
    rubric: str
    people: Table
    """(items, annotators) codes on people's scale."""
    said: Numbers
    """The judge's label as a code on people's scale; all NaN when the two scales differ."""
    scores: Mapping[str, Numbers]
    """The judge's scores by name (`READINGS`): higher is better; of `confidence`, surer."""
    passed: Numbers
    """1 where the judge's label is no defect, 0 where it is one."""
    clusters: tuple[str, ...]
    """Each item's highest cluster: its group, else its item or parent, else itself."""
    status: tuple[str, ...]
    """`ok`, the judge's status where it has no word, or `no verdict`."""
    strata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the items can be cut by (system, language, group, length, …) to each item's value; "" where unknown."""
    texts: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    """What the judge gave as its reason."""
    notes: tuple[str, ...] = ()
    """What must be printed beside every figure."""
    called: str = ""
    """What the labels call the dimension."""
    unlabelled: Unlabelled | None = None
    """The judge's samples that nobody labelled on this dimension."""
    drawn: tuple[str, ...] = ()
    """The probability with which each item was drawn to be labelled, as the label file writes it; "" where not said."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The items."""
        return self.people.ids

    @property
    def n(self) -> int:
        """Items that people labelled."""
        return len(self.ids)

    @cached_property
    def judged(self) -> Numbers:
        """True where the judge has a word."""
        import numpy as np

        return np.array([status == Status.OK for status in self.status])

    @property
    def coverage(self) -> float:
        """Share of labelled items that the judge judged."""
        return float(self.judged.mean()) if self.n else 0.0

    @property
    def unjudged(self) -> Counter[str]:
        """Why the others have no word, with counts."""
        return Counter(status for status in self.status if status != Status.OK)

    @cached_property
    def comparable(self) -> bool:
        """True when the judge speaks on people's scale."""
        import numpy as np

        return bool((~np.isnan(self.said)).any())

    def consensus(self, rule: str = "majority") -> Consensus:
        """People's word on each item, under a rule of `RULES`: a label of their scale, or none.

        A mean or a median that falls between two labels is no label: the item is undecided, as a tie is.
        """
        import numpy as np

        found = consensus(self.people, rule)
        codes = self.people.scale.codes if self.people.scale else ()
        return replace(found, values=np.where(np.isin(found.values, codes), found.values, np.nan)) if codes else found

    def approved(self, rule: str = "majority") -> Numbers:
        """1 where people's word is a pass, 0 where it is none, NaN where there is no word.

        Raises `UsageError` when nothing says which of their labels pass.
        """
        import numpy as np

        scale = self.people.scale
        if scale is None or scale.passing is None:
            raise UsageError(
                f"{self.dimension}: nothing says which labels of {scale} are a pass; name them, e.g. "
                f"--passing {self.dimension}=4,5"
            )
        words = self.consensus(rule).values
        return np.where(np.isnan(words), np.nan, np.isin(words, list(scale.passing)).astype(float))

    def compared(self) -> Pairing:
        """Itself where the judge speaks on people's scale; else both as pass and fail, where passes are named."""
        import numpy as np

        scale = self.people.scale
        if self.comparable or scale is None or scale.passing is None:
            return self
        values = self.people.values
        passed = np.where(np.isnan(values), np.nan, np.isin(values, list(scale.passing)).astype(float))
        return replace(self, people=replace(self.people, values=passed, scale=PASS_FAIL), said=self.passed)

    def take(self, keep: Numbers | Sequence[bool]) -> Pairing:
        """The pairing of the items where `keep` is true."""
        import numpy as np

        places = [int(place) for place in np.flatnonzero(keep)]

        def those(values: Sequence[str]) -> tuple[str, ...]:
            return tuple(values[place] for place in places) if values else ()

        return replace(
            self,
            people=self.people.rows(np.array(places, int)),
            said=self.said[places],
            scores={name: values[places] for name, values in self.scores.items()},
            passed=self.passed[places],
            clusters=those(self.clusters),
            status=those(self.status),
            strata={name: those(values) for name, values in self.strata.items()},
            texts=those(self.texts),
            reasons=those(self.reasons),
            drawn=those(self.drawn),
        )

    def hiding(self, keep: Sequence[bool]) -> Pairing:
        """`take(keep)`, the others' labels unseen: what the judge said of them joins the samples nobody labelled."""
        import numpy as np

        own, rest = self.take(keep), self.unlabelled
        if rest is None:
            return own
        hidden = self.take([not kept and status != MISSING for kept, status in zip(keep, self.status, strict=True)])
        systems = hidden.strata.get("system", ("",) * hidden.n)
        scores = {name: np.concatenate([of, hidden.scores[name]]) for name, of in rest.scores.items()}
        return replace(
            own,
            unlabelled=Unlabelled(
                rest.ids + hidden.ids,
                np.concatenate([rest.passed, hidden.passed]),
                scores,
                rest.clusters + hidden.clusters,
                rest.systems + systems if rest.systems or hidden.strata.get("system") else (),
            ),
        )
