"""What a label file says, cell by cell, before its scales are known; every cell is kept, listed or empty."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ...errors import UsageError
from ...judge import Problem
from ..coded import Coded, Manner, Texts
from ..codes import different, in_order
from ..pairing import GRADES
from ..records import ROLES, Scale
from .rulers import Key, Rulers, code, off

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

Wrong = tuple[str, str, str]
"""Field, problem, remedy."""
Spot = tuple[str, int]
"""A place in two parts, `labels.csv:` and 17: a plain tuple, since ten million of them are made."""
Rest = tuple[str, str, str, str, str]
"""Round, time, scale, task, column."""


class Way(NamedTuple):
    """What cells have in common that differ in sample, word, time and place, as a file says it."""

    dimension: str
    annotator: str
    role: str
    round: str
    scale: str
    task: str
    column: str


@dataclass
class Pile:
    """All cells of a file as they are read, in numbers. `cells == len(self) + listed + empty` at every moment."""

    default_role: str
    items: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    cells: int = 0
    empty: int = 0
    listed: int = 0
    skipped: int = 0
    """Annotations that their annotator cancelled."""
    notes: dict[str, None] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    _annotators: dict[str, tuple[str, str]] = field(default_factory=dict)
    """To the role and where it was said first."""
    _known: dict[tuple[str, ...], int] = field(default_factory=dict)
    """A way as written, with the kind of annotator, and found right, to its place in `ways`."""
    _samples: dict[str, int] = field(default_factory=dict)
    _words: dict[str, int] = field(default_factory=dict)
    _heads: dict[str, int] = field(default_factory=dict)
    _times: Texts = field(default_factory=Texts)
    _columns: tuple[array[int], ...] = field(default_factory=lambda: tuple(array(kind) for kind in "iiiiqi"))
    """Of each cell: sample, way, word, head and number of its place, time."""

    def __post_init__(self) -> None:
        if self.default_role not in ROLES:
            raise UsageError(f"unknown role {self.default_role!r}; known: {', '.join(ROLES)}")
        self._times.append("")
        self._add = tuple(column.append for column in self._columns)

    def __len__(self) -> int:
        return len(self._columns[0])

    def add(
        self, sample: str, dimension: str, annotator: str, word: str, role: str, kind: str, rest: Rest, spot: Spot
    ) -> None:
        """A cell. `kind` is `human`, `llm` or ""; `rest` is round, time, scale, task, column.

        An empty label is counted and nothing else.
        """
        self.cells += 1
        if not word or word.isspace():
            self.empty += 1
            return
        round, time, scale, task, column = rest
        written = (dimension, annotator, role, kind, round, scale, task, column)
        way, number = self._known.get(written), self._samples.get(sample)
        if way is None or (number is None and not sample.strip()):
            fine, wrong = self._role(annotator, role, kind, placed(spot))
            if wrong := _missing(sample, dimension, annotator) or wrong:
                self._list(placed(spot), *wrong)
                return
            way = self._known[written] = len(self.ways)
            self.ways.append(Way(dimension, annotator, fine, round, scale, task, column))
        if number is None:
            number = self._samples[sample] = len(self._samples)
        of_sample, of_way, of_word, of_head, of_number, of_time = self._add
        of_sample(number)
        of_way(way)
        of_word(self._words.setdefault(word, len(self._words)))
        of_head(self._heads.setdefault(spot[0], len(self._heads)))
        of_number(spot[1])
        of_time(len(self._times) if time else 0)
        if time:
            self._times.append(time)

    def refuse(self, problem: Problem) -> None:
        """A cell, or a whole row, that cannot be read."""
        self.cells += 1
        self.listed += 1
        self.problems.append(problem)

    def describe(self, sample: str, about: Mapping[str, str], place: str) -> Problem | None:
        """Keeps what a row says of its sample; the problem when an earlier row said otherwise."""
        known = self.items.setdefault(sample, {})
        for name, words in about.items():
            if words and known.setdefault(name, words) != words:
                return Problem(
                    place, name, f"is {_short(words)} for sample {_short(sample)}, before it was {_short(known[name])}",
                    "one sample has one value; mend one of them, or give the samples different ids",
                )  # fmt: skip
        return None

    def words(self, dimension: str) -> Iterator[tuple[str, str]]:
        """Each different word said on a dimension, with the place where it was said first."""
        import numpy as np

        there = np.array([of.dimension == dimension for of in self.ways], bool)
        cells = np.flatnonzero(there[self._column(1)]) if len(self) else np.zeros(0, int)
        said, known = self._column(2)[cells], tuple(self._words)
        for word in in_order(said, len(known)).tolist():
            yield known[word], self._place(int(cells[np.argmax(said == word)]), tuple(self._heads))

    def labels(self, rulers: Rulers) -> Coded:
        """The labels; those off their scale, and second labels, join the problems. The pile is empty afterwards."""
        import numpy as np

        scales, values, wrong = self._read(rulers)
        sample, way, word, head, number, time = map(self._column, range(6))
        before = self._before(np.flatnonzero(~wrong))
        samples, words, heads = map(tuple, (self._samples, self._words, self._heads))
        for cell in np.flatnonzero(wrong | (before >= 0)).tolist():
            of, scale, place = self.ways[way[cell]], scales[way[cell]], self._place(cell, heads)
            if scale is None:
                self._list(place, "scale", f"is {_short(of.scale)}, which is no scale", _SCALE)
            elif before[cell] < 0:
                self._list(place, of.column, *off(scale, words[word[cell]], of.dimension))
            else:
                first = self._place(int(before[cell]), heads)
                self._list(
                    place, of.column, *_again(samples[sample[cell]], of.dimension, of.annotator, of.round, first)
                )
        keep = ~wrong & (before < 0)
        manners = tuple(
            Manner(of.dimension, of.annotator, scale or GRADES, of.role, of.round, of.task)  # of no scale: none is kept
            for of, scale in zip(self.ways, scales, strict=True)
        )
        found = Coded(samples, manners, sample, way, values, heads, head, number, self._times, time)
        found = found if keep.all() else found.take(keep)
        self._times, self._columns = Texts(), tuple(array(column.typecode) for column in self._columns)
        for names in (self._samples, self._words, self._heads, self._known):
            names.clear()
        return found

    def _read(self, rulers: Rulers) -> tuple[list[Scale | None], Numbers, Numbers]:
        """Each way's scale, each cell's number on it (NaN off it), and which cells have none."""
        import numpy as np

        kinds: dict[tuple[str, str, str], int] = {}
        kind = [kinds.setdefault((of.scale, of.task, of.dimension), len(kinds)) for of in self.ways]
        words, known = tuple(self._words), tuple(kinds)
        said = np.array(kind, np.int64)[self._column(1)] * len(words) + self._column(2)
        several, cell = different(said, len(known) * len(words))
        first = in_order(cell, len(several))
        counts = np.bincount(cell, minlength=len(several))
        seen = {code: int(counts[code]) for code in first.tolist()}
        pairs = [(known[one // len(words)], words[one % len(words)]) for one in several.tolist()]
        found = self._scales(rulers, {pairs[code]: count for code, count in seen.items()})
        scales = {of: rulers.written(of[0]) if of[0] else found[of[1:]] for of in (pairs[code][0] for code in seen)}
        values = [None if (scale := scales[of]) is None else code(scale, word) for of, word in pairs]
        coded = np.array([np.nan if value is None else value for value in values], float)
        off_it = np.array([value is None for value in values], bool)
        return [scales.get(known[one]) for one in kind], coded[cell], off_it[cell]

    def _before(self, cells: Numbers) -> Numbers:
        """Of every cell the first of these that labels the same by the same in the same round; -1 where it is first."""
        import numpy as np

        before = np.full(len(self), -1)
        whose: dict[tuple[str, str, str], int] = {}
        who = np.array([whose.setdefault((of.dimension, of.annotator, of.round), len(whose)) for of in self.ways])
        keys = (
            self._column(0)[cells].astype(np.int64) * len(whose) + who[self._column(1)[cells]] if len(cells) else cells
        )
        ordered = np.sort(keys)
        if (ordered[1:] == ordered[:-1]).any():
            order = np.argsort(keys, kind="stable")
            new = np.concatenate([[True], keys[order][1:] != keys[order][:-1]])
            firsts = order[np.flatnonzero(new)[np.cumsum(new) - 1]]
            before[cells[order[~new]]] = cells[firsts[~new]]
        return before

    def _scales(self, rulers: Rulers, seen: Mapping[tuple[tuple[str, str, str], str], int]) -> dict[Key, Scale]:
        words: dict[Key, Counter[str]] = {}
        written: dict[str, set[Scale]] = {}
        for ((scale, task, dimension), word), count in seen.items():
            if not scale:
                words.setdefault((task, dimension), Counter())[word] += count
            elif named := rulers.written(scale):
                written.setdefault(dimension, set()).add(named)
        return {key: rulers.scale(key, of, written.get(key[1], set())) for key, of in words.items()}

    def _column(self, number: int) -> Numbers:
        """A column as numpy sees it, without a copy."""
        import numpy as np

        column = self._columns[number]
        return np.frombuffer(column, column.typecode) if len(column) else np.zeros(0, column.typecode)

    def _place(self, cell: int, heads: Sequence[str]) -> str:
        return placed((heads[self._columns[3][cell]], self._columns[4][cell]))

    def _role(self, annotator: str, role: str, kind: str, place: str) -> tuple[str, Wrong | None]:
        """The annotator's role, and what is wrong with it."""
        words = role.strip() or ("model" if kind == "llm" else self.default_role)
        if kind not in ("", "human", "llm"):
            return words, ("annotator_type", f"is {_short(kind)}", "write human or llm")
        if words not in ROLES:
            return words, ("role", f"is {_short(words)}, which is unknown", f"write one of {', '.join(ROLES)}")
        if kind and (kind == "llm") != (words == "model"):
            return words, ("role", f"is {words} beside annotator_type {kind}", "only a model has the role model")
        before, where = self._annotators.setdefault(annotator, (words, place))
        if before != words:
            said = f"is {words} for annotator {_short(annotator)}, who is {before} at {where}"
            return words, ("role", said, "an annotator has one role; mend one of them, or give them two names")
        return words, None

    def _list(self, place: str, name: str, problem: str, remedy: str) -> None:
        self.listed += 1
        self.problems.append(Problem(place, name, problem, remedy))


def placed(spot: Spot) -> str:
    """A place in one part, as messages have it."""
    return f"{spot[0]}{spot[1]}"


def _missing(sample: str, dimension: str, annotator: str) -> Wrong | None:
    for name, words in (("sample", sample), ("dimension", dimension), ("annotator", annotator)):
        if not words.strip():
            return name, "is missing", f"say which {name} the label {'is by' if name == 'annotator' else 'is of'}"
    return None


def _again(sample: str, dimension: str, annotator: str, round: str, before: str) -> tuple[str, str]:
    whole = f"sample {_short(sample)}, dimension {_short(dimension)}, annotator {_short(annotator)}"
    whole += f", round {_short(round)}" if round else ""
    return (
        f"is a second label of {whole}; first: {before}",
        "keep one of them, or name the rounds in a column 'round'",
    )


def _short(words: str) -> str:
    return repr(words if len(words) <= 60 else words[:60] + "…")


_SCALE = "write ordinal:1..5, ordinal:bad|good, nominal:a|b, binary:0|1 or interval:0..1"
