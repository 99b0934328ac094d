"""A scale: what a label may be, and the number that each of its words has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["nominal", "binary", "ordinal", "interval", "ratio"]
KINDS: tuple[Kind, ...] = ("nominal", "binary", "ordinal", "interval", "ratio")


@dataclass(frozen=True, slots=True)
class Scale:
    """What a label may be: `ordinal:1..5`, `ordinal:bad|fair|good`, `nominal:a|b|tie`, `binary:0|1`, `interval:0..1`.

    A scale of named points codes them 0, 1, 2, …; a scale of numbers codes each as itself. `low` and `high` are the
    least and the greatest code.
    """

    kind: Kind
    low: float
    high: float
    points: tuple[str, ...] = ()
    """Names of the points, worst first; empty for a scale of numbers."""
    passing: frozenset[float] | None = None
    """The codes that count as a pass; None where nothing says so."""

    @property
    def codes(self) -> tuple[float, ...]:
        """Every code, in order; empty for a continuous scale (interval, ratio)."""
        if self.kind in ("interval", "ratio"):
            return ()
        return tuple(float(code) for code in range(int(self.low), int(self.high) + 1))

    def code(self, said: Any) -> float | None:
        """The number of what was said; None when it is not on the scale. Nothing is clipped or rounded."""
        if isinstance(said, bool) or said is None:
            return None
        if self.points:
            word = str(said).strip()
            return float(self.points.index(word) + self.low) if word in self.points else None
        try:
            number = float(said)
        except (TypeError, ValueError):
            return None
        whole = self.kind in ("interval", "ratio") or number == number // 1
        return number if whole and self.low <= number <= self.high else None

    def word(self, code: float) -> str:
        """How people write this code."""
        if self.points:
            return self.points[int(code - self.low)]
        return f"{code:g}"

    def holds(self, value: Any) -> bool:
        """True for what is on the scale."""
        return self.code(value) is not None

    def __str__(self) -> str:
        if self.kind == "binary" and not self.points:
            return f"binary:{self.low:g}|{self.high:g}"
        return f"{self.kind}:" + ("|".join(self.points) or f"{self.low:g}..{self.high:g}")


def scale_of(text: str) -> Scale:
    """The scale a text names. Raises ValueError with the remedy for one that names none."""
    kind, _, rest = str(text).strip().partition(":")
    remedy = f"{text!r} is no scale; write ordinal:1..5, ordinal:bad|good, nominal:a|b, binary:0|1, interval:0..1"
    if kind not in KINDS:
        raise ValueError(remedy)
    if ".." in rest and kind in ("ordinal", "interval", "ratio"):
        low, _, high = rest.partition("..")
        try:
            ends = float(low), float(high)
        except ValueError:
            raise ValueError(remedy) from None
        if not ends[0] < ends[1] or (kind == "ordinal" and (ends[0] % 1 or ends[1] % 1)):
            raise ValueError(remedy)
        return Scale(kind, *ends)
    points = tuple(part.strip() for part in rest.split("|"))
    if kind == "binary" and points == ("0", "1"):
        return Scale("binary", 0, 1, passing=frozenset({1.0}))
    if kind in ("interval", "ratio") or len(points) < 2 or len(set(points)) < len(points) or not all(points):
        raise ValueError(remedy)
    if kind == "binary" and len(points) != 2:
        raise ValueError(remedy)
    passing = frozenset({1.0}) if kind == "binary" else None
    return Scale(kind, 0, len(points) - 1, points, passing)
