"""Texts that stand on both sides of a line they must not cross: in the rubric and the labels, in calibration and test.

Exact: pairs are found by prefix filtering (Chaudhuri, Ganti, Kaushik 2006), not by chance.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...errors import Refused
from ...rubrics import Rubric

NEAR = 0.8
"""Least Jaccard index of the word triples of near-duplicates."""
SHORT = 6
"""Texts of fewer words are not compared: two users' tag "running shoes" is no leak."""
_SIZE = 3
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True, slots=True)
class Leak:
    """Two texts too alike."""

    one: str
    """Where the first stands: `rubric explanation@…: dimension 'relevance'`, a sample's id."""
    other: str
    alike: float
    """Jaccard index, or the share of the sample's words that the rubric holds; 1 for the same words."""
    text: str

    def __str__(self) -> str:
        return f"{self.one} and {self.other} are {self.alike:.0%} alike: {self.text[:80]!r}"


def refuse(leaks: Sequence[Leak], *, allowed: bool = False) -> str:
    """ "" without a leak, a sentence to print where leaks are allowed. Raises `Refused` naming the pair otherwise."""
    if not leaks:
        return ""
    words = f"{len(leaks)} leaks between what was tuned and what is tested; first: {leaks[0]}"
    words = words.replace("1 leaks", "1 leak")
    if allowed:
        return f"leaks allowed: {words}"
    raise Refused(
        f"{words}; give both samples one group so that they fall on one side, or take the text out of the rubric; "
        "where the same words are other samples (of another item or user), say --allow-leaks, and the policy says so"
    )


def between_sides(calibration: Sequence[tuple[str, str]], test: Sequence[tuple[str, str]]) -> list[Leak]:
    """Near-duplicates of (id, text) of one side in the other."""
    return near(
        [(f"sample {id!r} (calibration)", text) for id, text in calibration],
        [(f"sample {id!r} (test)", text) for id, text in test],
    )


def near(ones: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]], *, least: float = NEAR) -> list[Leak]:
    """Pairs of (place, text) whose word triples have a Jaccard index of `least` or more, one for each of others.

    Texts of fewer than `SHORT` words are left out. Only texts that share a rare triple are compared, none is missed.
    """
    left = [(place, text, _shingles(text)) for place, text in ones]
    right = [(place, text, _shingles(text)) for place, text in others]
    common = Counter(shingle for _, _, found in (*left, *right) for shingle in found)
    index: dict[str, list[int]] = {}
    for number, (_, _, found) in enumerate(left):
        for shingle in _rarest(found, common, least):
            index.setdefault(shingle, []).append(number)
    leaks = []
    for place, text, found in right:
        seen = dict.fromkeys(n for shingle in _rarest(found, common, least) for n in index.get(shingle, ()))
        # the first that is alike is enough: texts of one template would else be compared with each other, all with all
        for number in seen:
            if (alike := _jaccard(left[number][2], found)) >= least:
                leaks.append(Leak(left[number][0], place, alike, text))
                break
    return leaks


def quoted(
    sources: Iterable[tuple[str, str]], samples: Iterable[tuple[str, str]], *, least: float = NEAR
) -> list[Leak]:
    """Samples whose word triples stand, by at least this share, in one of the sources: an example in a rubric."""
    held = [(place, set(_shingles(text))) for place, text in sources]
    index: dict[str, set[int]] = {}
    for number, (_, shingles) in enumerate(held):
        for shingle in shingles:
            index.setdefault(shingle, set()).add(number)
    leaks = []
    for id, text in samples:
        found = _shingles(text)
        hits = Counter(number for shingle in found for number in index.get(shingle, ()))
        number, count = hits.most_common(1)[0] if hits else (0, 0)
        if found and count / len(found) >= least:
            leaks.append(Leak(held[number][0], f"sample {id!r}", count / len(found), text))
    return leaks


def rubric_texts(rubric: Rubric) -> list[tuple[str, str]]:
    """All a judge reads of a rubric that could hold an example: (place, text)."""
    found = []
    for dimension in rubric.dimensions:
        place = f"rubric {rubric.id}: dimension {dimension.name!r}"
        words = [dimension.question, *(point.words for point in dimension.scale), *dimension.codes.values()]
        found += [(place, text) for text in words]
    return found + [(f"rubric {rubric.id}: context {name!r}", text) for name, text in rubric.context.items()]


def _shingles(text: str) -> frozenset[str]:
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    if len(tokens) < SHORT:
        return frozenset()
    return frozenset(" ".join(tokens[at : at + _SIZE]) for at in range(len(tokens) - _SIZE + 1))


def _rarest(shingles: frozenset[str], common: Counter[str], least: float) -> list[str]:
    """Two sets with a Jaccard index of `least` share one of their first n - ceil(least n) + 1, in one order for all."""
    ordered = sorted(shingles, key=lambda shingle: (common[shingle], shingle))
    return ordered[: len(ordered) - math.ceil(least * len(ordered) - 1e-9) + 1] if ordered else []


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both)
