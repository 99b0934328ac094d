"""What a label file says, cell by cell, before its scales are known; every cell is kept, listed or empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...errors import UsageError
from ...judge import Problem
from ..records import ROLES, Label, Scale
from .rulers import Key, Rulers, code, off

Wrong = tuple[str, str, str]
"""Field, problem, remedy."""


Said = tuple[str, str, str, str, str, str, str, str, str, str, str]
"""A cell's words: sample, dimension, annotator, label, role, round, time, scale, task; its place and its column.

A plain tuple: a million of them are made.
"""
Rest = tuple[str, str, str, str, str, str]
"""Round, time, scale, task, place, column."""


@dataclass
class Pile:
    """All cells of a file as they are read. `cells == len(said) + listed + empty` at every moment."""

    default_role: str
    said: list[Said] = field(default_factory=list)
    items: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    cells: int = 0
    empty: int = 0
    listed: int = 0
    skipped: int = 0
    """Annotations that their annotator cancelled."""
    notes: dict[str, None] = field(default_factory=dict)
    _annotators: dict[str, tuple[str, str]] = field(default_factory=dict)
    """To the role and where it was said first."""
    _roles: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Annotator, role and kind, as written and found right, to the role."""
    _same: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.default_role not in ROLES:
            raise UsageError(f"unknown role {self.default_role!r}; known: {', '.join(ROLES)}")

    def add(
        self,
        sample: str,
        dimension: str,
        annotator: str,
        word: str,
        role: str,
        kind: str,
        rest: Rest,
    ) -> None:
        """A cell. `kind` is `human`, `llm` or ""; `rest` is round, time, scale, task, place, column.

        An empty label is counted and nothing else.
        """
        self.cells += 1
        if not word or word.isspace():
            self.empty += 1
            return
        fine = self._roles.get((annotator, role, kind))
        if fine is None or not sample.strip() or not dimension.strip():
            fine, wrong = self._role(annotator, role, kind, rest[4])
            if wrong := _missing(sample, dimension, annotator) or wrong:
                self._list(rest[4], *wrong)
                return
            self._roles[annotator, role, kind] = fine
        round, time, scale, task, place, column = rest
        same = self._same.setdefault  # a million rows name the same few annotators and samples
        self.said.append(
            (same(sample, sample), same(dimension, dimension), same(annotator, annotator), same(word, word), fine,
             same(round, round), time, scale and same(scale, scale), task and same(task, task), place, column)
        )  # fmt: skip

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

    def labels(self, rulers: Rulers) -> tuple[Label, ...]:
        """The labels; those off their scale, and second labels, join the problems. The pile is empty afterwards."""
        scales = self._scales(rulers)
        codes: dict[tuple[str, str, str, str], tuple[Scale | None, float | None]] = {}
        first: dict[tuple[str, str, str, str], str] = {}
        found = []
        self.said.reverse()
        while self.said:
            sample, dimension, annotator, word, role, round, time, written, task, place, column = self.said.pop()
            word_of = (written, task, dimension, word)
            if word_of not in codes:
                scale = rulers.written(written) if written else scales[task, dimension]
                codes[word_of] = scale, None if scale is None else code(scale, word)
            scale, value = codes[word_of]
            if scale is None:
                self._list(place, "scale", f"is {_short(written)}, which is no scale", _SCALE)
            elif value is None:
                self._list(place, column, *off(scale, word, dimension))
            else:
                size = len(first)
                before = first.setdefault((sample, dimension, annotator, round), place)
                if len(first) == size:
                    self._list(place, column, *_again(sample, dimension, annotator, round, before))
                else:
                    found.append(Label(sample, dimension, annotator, value, scale, role, round, time, task, place))
        return tuple(found)

    def _scales(self, rulers: Rulers) -> dict[Key, Scale]:
        words: dict[Key, Counter[str]] = {}
        written: dict[str, set[Scale]] = {}
        seen = Counter((said[7], said[8], said[1], said[3]) for said in self.said)
        for (scale, task, dimension, word), count in seen.items():
            if not scale:
                words.setdefault((task, dimension), Counter())[word] += count
            elif named := rulers.written(scale):
                written.setdefault(dimension, set()).add(named)
        return {key: rulers.scale(key, of, written.get(key[1], set())) for key, of in words.items()}

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
