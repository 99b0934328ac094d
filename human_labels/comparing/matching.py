"""Two systems' samples brought together by context, so that what is hard for both does not count as a difference."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ...judge import Verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


@dataclass(frozen=True)
class Stack:
    """Both sides' verdicts, a's before b's, with each one's context and cluster."""

    verdicts: tuple[Verdict, ...]
    first: int
    """How many are a's."""
    by: str
    """What pairs them: `id`, `group`, `item`; "" where nothing does."""
    contexts: tuple[str, ...]
    clusters: tuple[int, ...]
    """Numbers of the clusters, shared by both sides where they are paired; else each side has its own."""
    left: tuple[int, int] = (0, 0)
    """Verdicts of contexts that the other side does not have; they do not enter."""

    @cached_property
    def of_a(self) -> Numbers:
        """(samples,), true for a's."""
        import numpy as np

        return np.arange(len(self.verdicts)) < self.first

    @property
    def paired(self) -> bool:
        """True where contexts are shared."""
        return bool(self.by)

    def values(self, of: Callable[[Verdict], float | None]) -> Numbers:
        """(samples,) a figure of each verdict, NaN where it has none."""
        import numpy as np

        found = [of(verdict) for verdict in self.verdicts]
        return np.array([np.nan if value is None else value for value in found], float)


def match(a: Sequence[Verdict], b: Sequence[Verdict], by: str | None = None) -> Stack:
    """The stack of two systems' verdicts on one task.

    `by` None: sample id where the ids coincide (half of the smaller side's), else group, else item, else unpaired.
    Raises `UsageError` for an unknown `by`, or one that the sides do not share.
    """
    if by is not None and by not in KEYS:
        raise UsageError(f"--pair-by {by}: unknown; known: {', '.join(KEYS)}")
    for name in KEYS if by is None else (by,):
        shared = _contexts(a, name) & _contexts(b, name)
        enough = min(len(_contexts(a, name)), len(_contexts(b, name))) / 2 if name == "id" and by is None else 1
        if shared and len(shared) >= enough:
            return _paired(a, b, name, shared)
    if by is not None:
        raise UsageError(f"--pair-by {by}: the two sides share no {by}; leave it out to compare them unpaired")
    names = (*(("a", cluster_of(v)) for v in a), *(("b", cluster_of(v)) for v in b))
    return Stack((*a, *b), len(a), "", tuple(cluster for _, cluster in names), _numbered(names))


def cluster_of(verdict: Verdict) -> str:
    """The highest cluster that a verdict names: group, else the record or item it belongs to, else itself."""
    return verdict.group or verdict.parent or verdict.item or verdict.id


def _paired(a: Sequence[Verdict], b: Sequence[Verdict], by: str, shared: set[str]) -> Stack:
    key = KEYS[by]
    kept = [[v for v in side if key(v) in shared] for side in (a, b)]
    whole = (*kept[0], *kept[1])
    highest = _highest(kept[0], kept[1], by)
    return Stack(
        whole,
        len(kept[0]),
        by,
        tuple(str(key(v)) for v in whole),
        _numbered([highest.get(str(key(v)), str(key(v))) for v in whole]),
        (len(a) - len(kept[0]), len(b) - len(kept[1])),
    )


def _highest(a: Sequence[Verdict], b: Sequence[Verdict], by: str) -> dict[str, str]:
    """Sample id to its highest cluster, where pairs are by id and both sides name the same; empty elsewhere."""
    if by != "id":
        return {}
    of_a, of_b = ({v.id: cluster_of(v) for v in side} for side in (a, b))
    return of_a if all(of_b[id] == cluster for id, cluster in of_a.items()) else {}


def _numbered(names: Sequence[Hashable]) -> tuple[int, ...]:
    """Each name as the number of its first appearance: quicker to draw by."""
    places: dict[Hashable, int] = {}
    return tuple(places.setdefault(name, len(places)) for name in names)


def _contexts(verdicts: Sequence[Verdict], by: str) -> set[str]:
    return {context for v in verdicts if (context := KEYS[by](v))}


KEYS: Mapping[str, Callable[[Verdict], str | None]] = {
    "id": lambda verdict: verdict.id,
    "group": lambda verdict: verdict.group,
    "item": lambda verdict: verdict.item,
}
