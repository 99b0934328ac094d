"""A label, and ten million of them: columns of numbers, of which a label is made when one is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from .codes import in_order
from .scale import Scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_BLOCK = 4096
"""Labels that are made at a time."""


@dataclass(frozen=True, slots=True)
class Label:
    """One rater's word on one dimension of one sample."""

    id: str
    """The sample."""
    dimension: str
    """A dimension's name, or `grade` for the sample as a whole."""
    annotator: str
    value: float
    """Its code on the scale."""
    scale: Scale
    role: str = "expert"
    """One of `ROLES`."""
    round: str = ""
    """The labelling round; "" where there is one only."""
    time: str = ""
    """ISO 8601, or ""."""
    task: str = ""
    place: str = ""
    """`labels.csv:17`, for messages."""

    @property
    def human(self) -> bool:
        """False for a recorded model judge."""
        return self.role != "model"

    @property
    def word(self) -> str:
        """What was said, as people write it."""
        return self.scale.word(self.value)


class Manner(NamedTuple):
    """What labels have in common that differ in sample, value, place and time: a file has few of these."""

    dimension: str
    annotator: str
    scale: Scale
    role: str
    round: str
    task: str

    @property
    def human(self) -> bool:
        """False for a recorded model judge."""
        return self.role != "model"


_SHARED = (*Manner._fields, "human")


class Texts(Sequence[str]):
    """Short texts that hardly repeat, one after the other in one buffer."""

    def __init__(self) -> None:
        self._bytes, self._ends = bytearray(), array("q", [0])

    def append(self, text: str) -> None:
        """One more."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode("utf-8", "surrogatepass")


@dataclass(frozen=True, eq=False)
class Coded(Sequence[Label]):
    """Labels in their order, some 30 bytes each beside the names of samples; equal to any sequence of equal labels."""

    samples: Sequence[str]
    manners: Sequence[Manner]
    sample: Numbers
    """(n,): each label's place in `samples`."""
    manner: Numbers
    """(n,): and in `manners`."""
    values: Numbers
    """(n,): codes on the scales."""
    heads: Sequence[str]
    """What a place begins with: `labels.csv:`."""
    head: Numbers
    number: Numbers
    """(n,): what a place ends with; -1 where it has no number."""
    times: Sequence[str]
    time: Numbers

    @classmethod
    def of(cls, labels: Iterable[Label]) -> Coded:
        """Labels as columns; columns as they are."""
        if isinstance(labels, Coded):
            return labels
        import numpy as np

        samples, heads, times = dict[str, int](), dict[str, int](), dict[str, int]()
        manners: dict[tuple[str, str, int, str, str, str], int] = {}
        scales: dict[int, Scale] = {}
        rows = []
        for one in labels:
            # by identity, which is cheap: the scale is kept, so that no other can come to its number
            scales.setdefault(number := id(one.scale), one.scale)
            manner = (one.dimension, one.annotator, number, one.role, one.round, one.task)
            rows.append((
                samples.setdefault(one.id, len(samples)), manners.setdefault(manner, len(manners)),
                heads.setdefault(one.place, len(heads)), times.setdefault(one.time, len(times)), one.value,
            ))  # fmt: skip
        sample, kind, head, time, values = zip(*rows, strict=True) if rows else ((),) * 5
        known = tuple(Manner(of[0], of[1], scales[of[2]], *of[3:]) for of in manners)
        return cls(
            tuple(samples), known, np.array(sample, np.int32), np.array(kind, np.int32), np.array(values, float),
            tuple(heads), np.array(head, np.int32), np.full(len(rows), -1), tuple(times), np.array(time, np.int32),
        )  # fmt: skip

    def kinds(self, *fields: str) -> dict[tuple[Any, ...], int]:
        """The different values of these fields of `Manner`, in the order they first appear, and how many have each."""
        import numpy as np

        counts, found = np.bincount(self.manner, minlength=len(self.manners)), dict[tuple[Any, ...], int]()
        for code in in_order(self.manner, len(self.manners)).tolist():
            key = tuple(getattr(self.manners[code], name) for name in fields)
            found[key] = found.get(key, 0) + int(counts[code])
        return found

    def where(self, **wanted: Any) -> Coded:
        """Those whose fields have these values: `where(dimension="relevance", human=True)`."""
        import numpy as np

        shared = {name: to for name, to in wanted.items() if name in _SHARED}
        fine = [all(getattr(of, name) == to for name, to in shared.items()) for of in self.manners]
        keep = np.array(fine, bool)[self.manner]
        if rest := {name: to for name, to in wanted.items() if name not in shared}:
            keep &= np.array([all(getattr(one, name) == to for name, to in rest.items()) for one in self], bool)
        return self if keep.all() else self.take(keep)

    def take(self, keep: Numbers | Sequence[int]) -> Coded:
        """Those at these places, or where a mask is true."""
        import numpy as np

        at = np.asarray(keep) if len(keep) else np.zeros(0, np.int64)
        return replace(
            self, sample=self.sample[at], manner=self.manner[at], values=self.values[at], head=self.head[at],
            number=self.number[at], time=self.time[at],
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.sample)

    def __iter__(self) -> Iterator[Label]:
        for start in range(0, len(self), _BLOCK):
            yield from self._made(slice(start, start + _BLOCK))

    @overload
    def __getitem__(self, place: int) -> Label: ...

    @overload
    def __getitem__(self, place: slice) -> Coded: ...

    def __getitem__(self, place: int | slice) -> Label | Coded:
        if isinstance(place, slice):
            return self.take(range(*place.indices(len(self))))
        if not -len(self) <= place < len(self):
            raise IndexError(f"label {place} of {len(self)}")
        return next(self._made(slice(place % len(self), place % len(self) + 1)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return False
        return all(one == two for one, two in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def _made(self, part: slice) -> Iterator[Label]:
        columns = (self.sample, self.manner, self.values, self.head, self.number, self.time)
        for sample, manner, value, head, number, time in zip(*(one[part].tolist() for one in columns), strict=True):
            dimension, annotator, scale, role, round, task = self.manners[manner]
            place = self.heads[head] if number < 0 else f"{self.heads[head]}{number}"
            yield Label(
                self.samples[sample], dimension, annotator, value, scale, role, round, self.times[time], task, place
            )
