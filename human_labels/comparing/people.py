"""People's words on either side's samples, joined by id: which of them pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...rubrics import Rubric
from ..pairing import Pairing, pair
from ..pairing.items import cluster
from ..records import Labels
from .sides import Contender

if TYPE_CHECKING:
    from ...judge import Verdict


@dataclass(frozen=True)
class People:
    """Labels and how they are to be read."""

    labels: Labels
    rubrics: Sequence[Rubric]
    role: str | None = None
    pool: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    """A rubric's dimension to what the labels call it."""
    passing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rule: str = "majority"

    @property
    def named(self) -> str:
        """The file and the first digits of its SHA-256."""
        return f"{self.labels.source} {self.labels.digest[:12]}".strip()

    def beside(self, verdicts: Sequence[Verdict]) -> list[Pairing]:
        """One pairing for each task and dimension of these verdicts' samples alone; [] when none is labelled.

        Raises `UsageError` where several roles labelled and none is named.
        """
        labels = self.labels if self.pool else self.labels.of_one_role(self.role)
        ids = {verdict.id for verdict in verdicts}
        rows = tuple(row for row in labels.rows if row.id in ids)
        if not rows:
            return []
        own = Labels(rows, labels.items, labels.notes, labels.source, labels.digest)
        return pair(verdicts, own, self.rubrics, pool=self.pool, names=self.names, passing=self.passing)

    def clusters(self, verdicts: Iterable[Verdict]) -> dict[str, str]:
        """Id of each labelled sample among the verdicts' to its highest cluster."""
        labelled = {row.id for row in self.labels.rows}
        return {v.id: cluster(self.labels, v.id, v) for v in verdicts if v.id in labelled}

    def only(self, ids: Collection[str], note: str) -> People:
        """The labels of these samples, with a note that says which they are."""
        of = self.labels
        rows = tuple(row for row in of.rows if row.id in ids)
        return replace(self, labels=Labels(rows, of.items, (*of.notes, note), of.source, of.digest))

    def approved(self, found: Pairing) -> dict[str, float]:
        """Sample id to 1 where people pass it, 0 where not; without those on which they are tied."""
        passed = found.approved(self.rule)
        return {id: float(value) for id, value in zip(found.ids, passed, strict=True) if value == value}


def refuse_shared_ids(a: Contender, b: Contender, people: People) -> None:
    """Raises `UsageError` where a label's id names a sample of either system: it cannot be said whose was read."""
    shared = {v.id for v in a.verdicts} & {v.id for v in b.verdicts}
    both = sorted(shared & {row.id for row in people.labels.rows})
    if both:
        raise UsageError(
            f"{len(both)} labelled ids (first: {both[0]!r}) name a sample of {a.name} and one of {b.name}; labels are "
            "joined by id, so give every system's samples ids of their own, e.g. by its name in front"
        )
