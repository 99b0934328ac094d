"""Samples that compete: those of one user, interest and item that answer the same prompt; their pairs and grades."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass

from ..judge import Grade
from .candidates import Candidate

HUMAN, LLM = "human", "llm"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two completions of one prompt, of which the first has the better grade."""

    chosen: Candidate
    rejected: Candidate
    margin: float
    """The judge's quality of the chosen less that of the rejected one; below 0 where it and the grades disagree."""

    @property
    def source(self) -> str:
        """`human` where both grades are people's, else `llm`."""
        return HUMAN if self.chosen.human and self.rejected.human else LLM


def contexts(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    """Candidates by what they compete in, in the order of each context's first one."""
    found: dict[object, list[Candidate]] = {}
    for one in candidates:
        found.setdefault(one.context, []).append(one)
    return list(found.values())


def pairs(
    context: Iterable[Candidate], left: MutableMapping[str, int], *, margin: float | None = None, most: int | None = 4
) -> list[Pair]:
    """The context's pairs of unequal grade and text, widest margin first; at most so many, at least so far apart.

    margin: the least one; None takes people's pairs whatever the judge makes of them, and a judge's own unless its
    quality contradicts its grade. What a given policy does not accept is never chosen. What is left out is counted.
    Equal margins keep the candidates' order. Two grades are held against each other only where they come from the same
    source: people's word on one side and a model's on the other is no comparison.
    """
    found = []
    for pair in _all(list(context)):
        if pair.chosen.completion == pair.rejected.completion:
            left["pairs: the same text with two grades"] += 1
        elif pair.chosen.human != pair.rejected.human:
            left["pairs: one grade by people, one by the judge"] += 1
        elif math.isnan(pair.margin):
            left["pairs: no quality from the judge, so no margin"] += 1
        elif not pair.chosen.covered:
            left["pairs: the chosen one is not accepted"] += 1
        elif margin is not None and pair.margin < margin:
            left[f"pairs: margin below {margin:g}"] += 1
        elif margin is None and pair.margin < 0 and pair.source == LLM:
            left["pairs: the better grade has the lower quality"] += 1
        else:
            found.append(pair)
    found.sort(key=lambda pair: -pair.margin)
    if most is not None and len(found) > most:
        left[f"pairs: beyond {most} a context"] += len(found) - most
    return found[:most]


def by_grade(context: Iterable[Candidate]) -> Mapping[Grade, list[Candidate]]:
    """The context's candidates under each grade, best first."""
    listed = list(context)
    return {grade: [one for one in listed if one.grade is grade] for grade in Grade}


def degenerate(context: Iterable[Candidate]) -> bool:
    """One grade only: nothing to order, no loss (RecGPT-V2, arXiv 2512.14503, the listwise reward model)."""
    return len(Counter(one.grade for one in context)) < 2


def _all(context: list[Candidate]) -> Iterator[Pair]:
    order = list(Grade)
    for one in context:
        for other in context:
            if order.index(one.grade) < order.index(other.grade):
                yield Pair(one, other, _apart(one.quality, other.quality))


def _apart(one: float, other: float) -> float:
    # without the last bits of a difference of floats, so that a border such as .3 is met
    return round(one - other, 9)
