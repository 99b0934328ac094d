"""Samples that compete: those of one user, interest and item that answer the same prompt; their pairs and grades."""

from __future__ import annotations

import heapq
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
    kept = 0

    def able() -> Iterator[Pair]:
        nonlocal kept
        for chosen, rejected in _ordered(list(context)):
            apart = _apart(chosen.quality, rejected.quality)
            if why := _unfit(chosen, rejected, apart, margin):
                left[why] += 1
            else:
                kept += 1
                yield Pair(chosen, rejected, apart)

    # a context may be one fixed prompt with thousands of answers: the pairs are passed by, not gathered
    widest = sorted(able(), key=_width) if most is None else heapq.nsmallest(most, able(), key=_width)
    if kept > len(widest):
        left[f"pairs: beyond {most} a context"] += kept - len(widest)
    return widest


def by_grade(context: Iterable[Candidate]) -> Mapping[Grade, list[Candidate]]:
    """The context's candidates under each grade, best first."""
    listed = list(context)
    return {grade: [one for one in listed if one.grade is grade] for grade in Grade}


def degenerate(context: Iterable[Candidate]) -> bool:
    """One grade only: nothing to order, no loss (RecGPT-V2, arXiv 2512.14503, the listwise reward model)."""
    return len(Counter(one.grade for one in context)) < 2


def _ordered(context: list[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Every two of unequal grade, the better first."""
    ranks = {grade: rank for rank, grade in enumerate(Grade)}
    graded = [(ranks[one.grade], one) for one in context]
    for rank, one in graded:
        for below, other in graded:
            if rank < below:
                yield one, other


def _unfit(chosen: Candidate, rejected: Candidate, apart: float, margin: float | None) -> str:
    """Why these two are no pair; empty where they are one."""
    if chosen.completion == rejected.completion:
        return "pairs: the same text with two grades"
    if chosen.human != rejected.human:
        return "pairs: one grade by people, one by the judge"
    if math.isnan(apart):
        return "pairs: no quality from the judge, so no margin"
    if not chosen.covered:
        return "pairs: the chosen one is not accepted"
    if margin is not None and apart < margin:
        return f"pairs: margin below {margin:g}"
    if margin is None and apart < 0 and not chosen.human:
        return "pairs: the better grade has the lower quality"
    return ""


def _width(pair: Pair) -> float:
    return -pair.margin


def _apart(one: float, other: float) -> float:
    # without the last bits of a difference of floats, so that a border such as .3 is met
    return round(one - other, 9)
