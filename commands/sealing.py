"""Which labels a command may look at: those of one side of the seal; every look at the sealed ones is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .printing import command_line

if TYPE_CHECKING:
    from ..human_labels import Pairing
    from ..human_labels.policy import Seal

OpenTest = Annotated[bool, typer.Option("--open-test", help="Use the sealed test labels; this is logged.")]
UNSEALED = "no labels are sealed: if a judge or prompts were tuned on these, the figures are optimistic, in-sample"


@dataclass(frozen=True)
class Looked:
    """The labels that may be looked at, and what must be said of them."""

    seal: Seal | None
    """None where nobody sealed any: then all may."""
    side: str
    words: str

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to distrust: nothing where sealed labels are looked at for the first time."""
        return () if self.side == "test" and self.opened == 1 else (self.words,)

    @property
    def opened(self) -> int:
        """How often the sealed labels were opened, this time included."""
        return len(self.seal.openings) if self.seal else 0

    def holds(self, cluster: str) -> bool:
        """Whether the labels of this cluster are among them."""
        return self.seal is None or self.seal.side(cluster) == self.side

    def of(self, pairings: Iterable[Pairing]) -> list[Pairing]:
        """The pairings on these labels alone; none that is empty."""
        if self.seal is None:
            return list(pairings)
        kept = [pairing.hiding([self.holds(cluster) for cluster in pairing.clusters]) for pairing in pairings]
        return [pairing for pairing in kept if pairing.n]


def look(labels: Path, clusters: Mapping[str, str], purpose: str, *, open_test: bool = False) -> Looked:
    """The calibration side, or with `open_test` the sealed one, which is written down first under its purpose.

    `clusters`: sample id to its highest cluster. Raises `UsageError` where nothing is sealed that could be opened.
    """
    from ..human_labels import find_seal, seal_for

    if find_seal(labels) is None:
        if open_test:
            raise UsageError(f"{labels}: no labels are sealed; `recjudge calibrate` seals a part of them, once")
        return Looked(None, "", UNSEALED)
    now = datetime.now(UTC)
    seal = seal_for(labels, now=now, clusters=clusters)
    if open_test:
        seal = seal.open(purpose, now, command_line())
        return Looked(seal, "test", f"test labels alone; {seal.words}")
    told = "calibration labels alone: optimistic, in-sample, once a judge or a line was fitted to them"
    return Looked(seal, "calibration", f"{told}; {seal.words}")


def clusters_of(pairings: Sequence[Pairing]) -> dict[str, str]:
    """Sample id to its highest cluster."""
    return {id: name for pairing in pairings for id, name in zip(pairing.ids, pairing.clusters, strict=True)}
