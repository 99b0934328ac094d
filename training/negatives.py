"""Automatic negatives by shuffling: outputs beside the contexts of others, pairs that still match left out.

RecGPT-V2 (arXiv 2512.14503) trains its sub-evaluators on in-batch shuffled pairs, for Relevance among others.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import UsageError
from ..judge import Sample
from ..judge.sets import NEAR, alike, normalise
from .rows import Row


@dataclass(frozen=True, slots=True)
class Negative:
    """An output beside a context it was not written for."""

    sample: Sample
    """With the id `OUTPUT~CONTEXT`; no system's work as it stands."""
    dimension: str
    """Which it fails by construction."""
    output_of: str
    context_of: str


@dataclass(frozen=True)
class Shuffled:
    """The negatives, and the shuffled pairs that matched by accident."""

    negatives: tuple[Negative, ...]
    matched: tuple[tuple[str, str, str], ...]
    """(id of the output, id of the context, why it is no negative)."""
    alone: int
    """Rows whose task has no other row to shuffle with."""
    without: int = 0
    """Rows whose verdict has no such dimension, unjudged ones among them."""

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many pairs were left out, by reason."""
        return Counter(why for _, _, why in self.matched)

    @property
    def left_out(self) -> dict[str, int]:
        """Reason to how many rows gave no negative, those alone in their task and those of other tasks among them."""
        more = {"no other row of its task": self.alone, "no such dimension": self.without}
        return dict(sorted(self.reasons.items())) | {why: n for why, n in more.items() if n}

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The negatives as the reader of samples wants them."""
        names = ("id", "task", "output", "context", "group", "item", "meta")
        return [{name: getattr(one.sample, name) for name in names} for one in self.negatives]


def shuffle_negatives(rows: Iterable[Row], by: str, seed: int = 0, *, least: float = NEAR) -> Shuffled:
    """One shuffled pair a row, within its task: the output stays, context, group and item are another row's.

    A pair that still matches is left out and counted: the same group or item, the same interest or one alike, or an
    output like the context's own (`least`: Jaccard index of character n-grams). Only tasks whose verdicts have the
    dimension `by` are shuffled; raises `UsageError` where none has.
    """
    everything = list(rows)
    tasks: dict[str, list[Row]] = defaultdict(list)
    for row in everything:
        if by in {found.dimension for found in row.verdict.findings}:
            tasks[row.sample.task].append(row)
    if everything and not tasks:
        known = dict.fromkeys(found.dimension for row in everything for found in row.verdict.findings)
        raise UsageError(f"no verdict has a dimension {by!r}; known: {', '.join(known)}")
    negatives, matched, alone = [], [], 0
    for task, own in tasks.items():
        if len(own) < 2:
            alone += len(own)
            continue
        for one, other in zip(own, _shifted(own, f"{seed} {task}"), strict=True):
            if why := _match(one.sample, other.sample, least):
                matched.append((one.sample.id, other.sample.id, why))
            else:
                negatives.append(_negative(one.sample, other.sample, by))
    return Shuffled(tuple(negatives), tuple(matched), alone, len(everything) - sum(map(len, tasks.values())))


def _shifted(rows: list[Row], seed: str) -> list[Row]:
    """A random cycle through all rows: nobody keeps his own."""
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)  # noqa: S311
    after = {place: order[(at + 1) % len(order)] for at, place in enumerate(order)}
    return [rows[after[place]] for place in range(len(rows))]


def _match(one: Sample, other: Sample, least: float) -> str:
    for name in ("group", "item"):
        if getattr(one, name) is not None and getattr(one, name) == getattr(other, name):
            return f"same {name}"
    ours, theirs = _interest(one), _interest(other)
    if ours and (normalise(ours) == normalise(theirs) or alike(ours, theirs, least=least)):
        return "same interest"
    if one.context == other.context:
        return "same context"
    return "near-duplicate output" if alike(one.text, other.text, least=least) else ""


def _interest(sample: Sample) -> str:
    given = sample.context.get("interest")
    if given is None and isinstance(sample.output, Mapping):
        given = sample.output.get("interest")
    return given if isinstance(given, str) else ""


def _negative(one: Sample, other: Sample, by: str) -> Negative:
    made = Sample(
        id=f"{one.id}~{other.id}", task=one.task, output=one.output, context=other.context, group=other.group,
        item=other.item, meta={"negative": by, "output_of": one.id, "context_of": other.id},
    )  # fmt: skip
    return Negative(made, by, one.id, other.id)
