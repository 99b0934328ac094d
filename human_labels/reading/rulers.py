"""The scale a dimension's labels are on: named by the row, the caller or the rubric, else guessed, and then said so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...errors import InputError, UsageError
from ...rubrics import Rubric
from ..pairing import GRADES, dimension_scale
from ..records import GRADE, Scale, scale_of
from .columns import shown

Key = tuple[str, str]
"""Task ("" where a row names none) and dimension."""
MOST_POINTS = 101
"""Whole numbers further apart than this are read as interval, not ordinal."""
MOST_WORDS = 50
_NUMBER = re.compile(r"\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*", re.ASCII)
_PAIRS = (("fail", "pass"), ("no", "yes"), ("false", "true"))


@dataclass
class Rulers:
    """Scales as they are known before any label is read, and what had to be guessed."""

    given: Mapping[str, Scale]
    """By dimension, as the caller says."""
    rubrics: tuple[Rubric, ...]
    names: Mapping[str, str]
    """A rubric's dimension to what the labels call it."""
    source: str
    notes: list[str] = field(default_factory=list)
    _written: dict[str, Scale | None] = field(default_factory=dict)

    def written(self, words: str) -> Scale | None:
        """The scale a row names, the rubric's own where it has the same points; None for what names none."""
        if words not in self._written:
            try:
                scale = scale_of(words)
            except ValueError:
                self._written[words] = None
            else:
                ours = (own for rubric in self.rubrics for own in map(dimension_scale, rubric.dimensions))
                self._written[words] = next((own for own in (*ours, GRADES) if _same(own, scale)), scale)
        return self._written[words]

    def scale(self, key: Key, words: Counter[str], others: set[Scale]) -> Scale:
        """The scale of labels whose rows name none. `others` are the scales that other rows of the dimension name.

        Raises `InputError` where the labels tell no scale.
        """
        task, dimension = key
        if dimension in self.given:
            return self.given[dimension]
        if len(others) == 1:
            return next(iter(others))
        known = self._known(task, dimension)
        fits = {place: sum(count for word, count in words.items() if _fits(known[place], word)) for place in known}
        best = [place for place in fits if fits[place] and fits[place] == max(fits.values())]
        if best:
            rivals = [place for place in best if known[place] != known[best[0]]]
            if rivals:
                self.notes.append(
                    f"{dimension}: read on the scale of {best[0]}, {known[best[0]]}; that of {rivals[0]} fits as well: "
                    "name the task in a column 'task'"
                )
            return known[best[0]]
        scale = guess(words, dimension, self.source)
        unlike = f"; no label is a word of {next(iter(known))}'s scale" if known else ""
        self.notes.append(
            f"{dimension}: scale {named(scale)} assumed from the labels seen{unlike}; say it with --scale "
            f"{dimension}={named(scale)}"
        )
        return scale

    def _known(self, task: str, dimension: str) -> dict[str, Scale]:
        """Rubric name to its scale of the dimension; of the task's rubric alone where the task is known."""
        named = [rubric for rubric in self.rubrics if task and task in (rubric.name, *rubric.aliases)]
        own = {called: ours for ours, called in self.names.items()}.get(dimension, dimension)
        found = {
            rubric.name: dimension_scale(ours)
            for rubric in (named or self.rubrics)
            for ours in rubric.dimensions
            if own in (ours.name, *ours.aliases)
        }
        return found or ({"the review": GRADES} if own == GRADE else {})


def rulers(scales: Mapping[str, str], rubrics: Iterable[Rubric], names: Mapping[str, str], source: str) -> Rulers:
    """What is known of the scales. Raises `UsageError` for one that is none."""
    given = {}
    for dimension, words in scales.items():
        try:
            given[dimension] = scale_of(words)
        except ValueError as error:
            raise UsageError(f"--scale {dimension}: {error}") from None
    return Rulers(given, tuple(rubrics), names, source)


def code(scale: Scale, word: str) -> float | None:
    """A word's code; None off the scale. Words match exactly, numbers in decimal notation only."""
    if scale.points:
        return scale.low + scale.points.index(word) if word in scale.points else None
    return scale.code(word) if _NUMBER.fullmatch(word) else None


def off(scale: Scale, word: str, dimension: str) -> tuple[str, str]:
    """What is wrong with a word off the scale, and the remedy."""
    shown = repr(word if len(word) <= 60 else word[:60] + "…")
    if near := next((point for point in scale.points if loose(point) == loose(word)), None):
        return f"is {shown}", f"write {near!r}, exactly as the scale {scale} has it"
    return (
        f"is {shown}, not on the scale {scale}",
        f"mend it, leave it empty where there is no label, or say the scale with --scale {dimension}=…",
    )


def named(scale: Scale) -> str:
    """What `scale_of` reads as this scale again; "" where its points cannot be written so. `str` rounds the ends."""
    if scale.points or scale.kind == "binary":
        words = str(scale)
    else:
        low, high = (str(int(end)) if end == end // 1 else repr(end) for end in (scale.low, scale.high))
        words = f"{scale.kind}:{low}..{high}"
    try:
        return words if scale_of(words).points == scale.points else ""
    except ValueError:
        return ""


def guess(words: Counter[str], dimension: str, source: str) -> Scale:
    """The scale that labels let one guess. Raises `InputError` where there is one value only, or free text.

    0 and 1: binary; whole numbers: ordinal from the least to the greatest seen; other numbers: interval; words: nominal
    in alphabetic order (fail|pass, no|yes, false|true: binary). Words among mostly numbers are off the scale.
    """
    numbers = {float(word): count for word, count in words.items() if _NUMBER.fullmatch(word)}
    remedy = (
        f"say the scale with --scale {shown([dimension])}=ordinal:1..5 (or ordinal:bad|good, binary:0|1, interval:0..1)"
    )
    if 2 * sum(numbers.values()) >= words.total():
        low, high = min(numbers), max(numbers)
        if {low, high} <= {0.0, 1.0} and set(numbers) <= {0.0, 1.0}:
            return scale_of("binary:0|1")
        if low == high:
            raise InputError(f"{source}: every label of {dimension!r} is {low:g}, which tells no scale; {remedy}")
        whole = all(number == number // 1 for number in numbers) and high - low < MOST_POINTS
        return Scale("ordinal" if whole else "interval", low, high)
    points = tuple(sorted(words))
    if len(points) == 1 or len(points) > MOST_WORDS or any("|" in point or point != point.strip() for point in points):
        raise InputError(f"{source}: {len(points)} different labels of {dimension!r} tell no scale; {remedy}")
    if points in _PAIRS:
        return scale_of(f"binary:{'|'.join(points)}")
    return scale_of(f"nominal:{'|'.join(points)}")


def _same(own: Scale, other: Scale) -> bool:
    return bool(own.points) and (own.kind, own.points) == (other.kind, other.points)


def _fits(scale: Scale, word: str) -> bool:
    return any(loose(point) == loose(word) for point in scale.points)


def loose(word: str) -> str:
    return "".join(word.casefold().replace("_", " ").replace("-", " ").split())
