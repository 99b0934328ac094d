"""What a label file says, cell by cell, before its scales are known; every cell is kept, listed or empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ...errors import UsageError
from ...judge import Problem
from ..records import ROLES, Label, Scale
from .rulers import Key, Rulers, code, off


class Said(NamedTuple):
    """One cell that holds a label, in words."""

    sample: str
    dimension: str
    annotator: str
    word: str
    role: str
    round: str
    time: str
    scale: str
    task: str
    place: str
    field: str
    """The column of the label, for messages."""


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
    _roles: dict[str, tuple[str, str]] = field(default_factory=dict)
    _same: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.default_role not in ROLES:
            raise UsageError(f"unknown role {self.default_role!r}; known: {', '.join(ROLES)}")

    def add(self, said: Said, kind: str = "") -> None:
        """A cell with its words; `kind` is `human`, `llm` or "". An empty label is counted and nothing else."""
        self.cells += 1
        if not said.word or said.word.isspace():
            self.empty += 1
            return
        role = said.role or (self.default_role if kind != "llm" else "model")
        if wrong := self._wrong(said, role, kind):
            self._list(said.place, *wrong)
            return
        share = self._same.setdefault  # a million rows name the same few annotators and samples
        self.said.append(
            Said(
                share(said.sample, said.sample), share(said.dimension, said.dimension),
                share(said.annotator, said.annotator), share(said.word, said.word), share(role, role),
                share(said.round, said.round), said.time, share(said.scale, said.scale), share(said.task, said.task),
                said.place, said.field,
            )
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
        codes: dict[tuple[int, str], float | None] = {}
        first: dict[tuple[str, str, str, str], str] = {}
        found = []
        self.said.reverse()
        while self.said:
            said = self.said.pop()
            scale = rulers.written(said.scale) if said.scale else scales[said.task, said.dimension]
            if scale is None:
                self._list(said.place, "scale", f"is {_short(said.scale)}, which is no scale", _SCALE)
                continue
            key = id(scale), said.word
            value = codes[key] if key in codes else codes.setdefault(key, code(scale, said.word))
            if value is None:
                self._list(said.place, said.field, *off(scale, said.word, said.dimension))
                continue
            before = first.setdefault((said.sample, said.dimension, said.annotator, said.round), said.place)
            if before is not said.place:
                self._list(said.place, said.field, *_again(said, before))
                continue
            found.append(
                Label(said.sample, said.dimension, said.annotator, value, scale, said.role, said.round, said.time,
                      said.task, said.place)
            )  # fmt: skip
        return tuple(found)

    def _scales(self, rulers: Rulers) -> dict[Key, Scale]:
        words: dict[Key, Counter[str]] = {}
        written: dict[str, set[Scale]] = {}
        for said in self.said:
            if said.scale:
                if scale := rulers.written(said.scale):
                    written.setdefault(said.dimension, set()).add(scale)
            else:
                words.setdefault((said.task, said.dimension), Counter())[said.word] += 1
        return {key: rulers.scale(key, seen, written.get(key[1], set())) for key, seen in words.items()}

    def _wrong(self, said: Said, role: str, kind: str) -> tuple[str, str, str] | None:
        for name, words in (("sample", said.sample), ("dimension", said.dimension), ("annotator", said.annotator)):
            if not words or words.isspace():
                return name, "is missing", f"say which {name} the label {'is by' if name == 'annotator' else 'is of'}"
        if kind not in ("", "human", "llm"):
            return "annotator_type", f"is {_short(kind)}", "write human or llm"
        if role not in ROLES:
            return "role", f"is {_short(role)}, which is unknown", f"write one of {', '.join(ROLES)}"
        if (kind == "llm") != (role == "model") and kind:
            return "role", f"is {role} beside annotator_type {kind}", "a model's role is model, and a person's is not"
        before, where = self._roles.setdefault(said.annotator, (role, said.place))
        if before != role:
            return (
                "role", f"is {role} for annotator {_short(said.annotator)}, who is {before} at {where}",
                "an annotator has one role; mend one of them, or give them two names",
            )  # fmt: skip
        return None

    def _list(self, place: str, name: str, problem: str, remedy: str) -> None:
        self.listed += 1
        self.problems.append(Problem(place, name, problem, remedy))


def _again(said: Said, before: str) -> tuple[str, str]:
    whole = f"sample {_short(said.sample)}, dimension {_short(said.dimension)}, annotator {_short(said.annotator)}"
    return (
        f"is a second label of {whole}"
        + (f", round {_short(said.round)}" if said.round else "")
        + f"; first: {before}",
        "keep one of them, or name the rounds in a column 'round'",
    )


def _short(words: str) -> str:
    return repr(words if len(words) <= 60 else words[:60] + "…")


_SCALE = "write ordinal:1..5, ordinal:bad|good, nominal:a|b, binary:0|1 or interval:0..1"
