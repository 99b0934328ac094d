"""What a relation's pairs show: changes of score, what moved, what rose, and means over whole groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...judge import Verdict
from ...rubrics import Rubric
from ..intervals import Interval, interval, mean_of
from .junk import FOREIGN
from .passes import Pair, scores, words
from .relation import Limit, Relation, watched
from .wording import prose

Limits = tuple[float | None, float | None]
SAME = 1e-5
"""Scores nearer than this are the same: sums of floats differ by the company in which a text is embedded."""
SHOWN = 3
"""Examples that an outcome keeps."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Mean change of one dimension over pairs in which both have a label, in steps of its scale."""

    dimension: str
    """`explanation.clarity`, or `grade`."""
    change: Interval
    one_sided: int = 0
    """Pairs in which only one of the two has a label: no change can be told."""


@dataclass(frozen=True, slots=True)
class Example:
    """A pair that went against the relation most."""

    id: str
    what: str
    before: str
    after: str
    changes: Mapping[str, tuple[float | None, float | None]]
    """Dimension to its scores before and after, where they differ."""


@dataclass(frozen=True)
class Given:
    """What the figures of a relation are made from."""

    relation: Relation
    pairs: tuple[Pair, ...]
    rubrics: Mapping[str, Rubric]
    steady: bool
    seed: int = 0

    @property
    def limit(self) -> Limit:
        """That of a judge that always says the same, or of any other."""
        return self.relation.exact if self.steady else self.relation.noisy


def drifts_of(given: Given) -> tuple[Drift, ...]:
    """Of each dimension that counts, and of the grade where all do."""
    changes: dict[str, list[tuple[float, str]]] = {}
    one_sided: Counter[str] = Counter()
    for pair in given.pairs:
        rubric = given.rubrics[pair.sample.task]
        before, after = scores(pair.before, rubric), scores(pair.after, rubric)
        for name in _counted(given.relation, rubric):
            shown = name if name == "grade" else f"{rubric.name}.{name}"
            if name in before and name in after:
                changes.setdefault(shown, []).append((after[name] - before[name], pair.cluster))
            one_sided[shown] += (name in before) != (name in after)
    return tuple(
        Drift(
            name,
            mean_over([change for change, _ in rows], [cluster for _, cluster in rows], given.seed),
            one_sided[name],
        )
        for name, rows in changes.items()
    )


def _counted(relation: Relation, rubric: Rubric) -> tuple[str, ...]:
    if relation.watch:
        return watched(sorted(relation.watch), rubric)
    return (*(dimension.name for dimension in rubric.dimensions), "grade")


def changes_of(pair: Pair, given: Given) -> dict[str, float]:
    rubric = given.rubrics[pair.sample.task]
    before, after = scores(pair.before, rubric), scores(pair.after, rubric)
    counted = _counted(given.relation, rubric)
    return {name: after[name] - before[name] for name in before if name in after and name in counted}


def has_moved(pair: Pair, given: Given) -> bool:
    """A label, an abstention or the grade changed; of a steady judge a probability, too.

    Where other names and order alone differ, a judge that asks a model has moved when it was asked something else.
    """
    rubric = given.rubrics[pair.sample.task]
    if given.relation.run == "moved" and (asked := _asked(pair.before)) and (again := _asked(pair.after)):
        return asked != again
    read = scores if given.steady else words
    before, after = read(pair.before, rubric), read(pair.after, rubric)
    return before.keys() != after.keys() or any(abs(after[name] - before[name]) > SAME for name in before)


def _asked(verdict: Verdict) -> dict[str, str]:
    """Dimension to the key of its first prompt; later ones depend on what was replied."""
    return {finding.dimension: finding.prompts[0] for finding in verdict.findings if finding.prompts}


def has_risen(pair: Pair, given: Given) -> bool:
    rubric = given.rubrics[pair.sample.task]
    before, after = words(pair.before, rubric), words(pair.after, rubric)
    return any(after[name] > before[name] for name in before if name in after)


def at_floor(pair: Pair) -> bool:
    return pair.after.grade is None or pair.after.grade == "Bad"


def is_foreign(pair: Pair) -> bool:
    return pair.variant.what == FOREIGN


def can_fall(pair: Pair) -> bool:
    """What has no grade, or is Bad already, cannot be lowered by another's words."""
    return pair.before.grade is not None and pair.before.grade != "Bad"


def is_lower(pair: Pair, given: Given) -> bool:
    """A lower grade; or the same one, and a lower mean over the dimensions that both have."""
    rubric = given.rubrics[pair.sample.task]
    before, after = scores(pair.before, rubric), scores(pair.after, rubric)
    grades = before.pop("grade", 0.0), after.pop("grade", 0.0)
    change = sum(after[name] - before[name] for name in before if name in after)
    return grades[1] < grades[0] or (grades[1] == grades[0] and change < -SAME)


def by_sample(given: Given) -> list[list[Pair]]:
    """Pairs of one sample and one side, by level."""
    found: dict[tuple[str, str], list[Pair]] = {}
    for pair in given.pairs:
        found.setdefault((pair.sample.id, pair.variant.side), []).append(pair)
    return [sorted(pairs, key=lambda pair: pair.variant.level) for pairs in found.values()]


def forms_of(given: Given) -> dict[str, tuple[int, int]]:
    counts = Counter(pair.variant.what for pair in given.pairs)
    moved = Counter(pair.variant.what for pair in given.pairs if has_moved(pair, given))
    return {what: (count, moved[what]) for what, count in counts.items()}


def share_of(given: Given, hits: Sequence[bool]) -> Interval:
    return mean_over([float(hit) for hit in hits], [pair.cluster for pair in given.pairs], given.seed, share=True)


def mean_over(
    values: Sequence[float], clusters: Sequence[str], seed: int, *, share: bool = False, limits: Limits = (None, None)
) -> Interval:
    import numpy as np

    return interval(mean_of(np.array(values, float), share=share), list(clusters), seed=seed, limits=limits)


def examples_of(given: Given, badness: Callable[[Pair], float]) -> tuple[Example, ...]:
    rated = sorted(((badness(pair), at) for at, pair in enumerate(given.pairs)), reverse=True)
    return tuple(example_of(given.pairs[at], given) for value, at in rated[:SHOWN] if value > SAME)


def example_of(pair: Pair, given: Given) -> Example:
    rubric = given.rubrics[pair.sample.task]
    before, after = scores(pair.before, rubric), scores(pair.after, rubric)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    changes = {name: (before.get(name), after.get(name)) for name in names}
    return Example(pair.sample.id, pair.variant.what, prose(pair.sample), prose(pair.variant.sample), changes)
