"""The figures of a round, each with its interval; what competes for one prompt or user is drawn together."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...human_labels import Interval, clopper_pearson, interval, mean_of, wilson
from ...human_labels.pairing import SCORES
from ...judge import Grade, Status, Verdict
from ...judge.sets import TextSet, measure
from ..rows import Row
from ..selection import field_of
from .records import Figure

if TYPE_CHECKING:
    from .config import RoundConfig

DIVERSITY = ("distinct_1", "distinct_2", "rouge_diversity", "ngram_distance", "near_duplicate_share")
DISTINCT = "distinct_outputs"
"""Share of the outputs that are no exact copy of one before them, normalised."""
NONE = Figure(None)


def prompt_of_id(id: str) -> str:
    """The id of the prompt that an output's id, `PROMPT-0`, was made of."""
    return id.rpartition("-")[0] or id


def asked_of(verdict: Verdict) -> str:
    """The id of the prompt that a verdict's sample answers; an element of a list belongs to its list."""
    return prompt_of_id(verdict.parent or verdict.id)


def cluster_of(verdict: Verdict) -> str:
    """The user or context where there is one, else the prompt: outputs of one prompt are never independent."""
    return f"group {verdict.group}" if verdict.group is not None else f"prompt {asked_of(verdict)}"


def grades_of(verdicts: Iterable[Verdict], unreadable: int = 0) -> dict[str, int]:
    """How many have each grade, and how many have none, by status; `unreadable` became no sample at all."""
    found = Counter(
        verdict.grade.value if verdict.grade else f"unjudged: {verdict.status.value}" for verdict in verdicts
    )
    found["unjudged: unreadable"] += unreadable
    return {grade.value: found.pop(grade.value, 0) for grade in Grade} | {n: c for n, c in sorted(found.items()) if c}


def quality_of(verdict: Verdict) -> float:
    """The judge's, in [0, 1]; NaN where it gives none."""
    return SCORES["quality"](verdict, "grade", {})


def mean(values: Sequence[float], clusters: Sequence[Hashable], *, least: float = 0.0, share: bool = False) -> Figure:
    """The mean of what is known of values in [least, 1], its interval over whole clusters; None where nothing is.

    Where no cluster differs there is no error to take: at most so many clusters are different as Wilson's bound of none
    of n has it, and those may be anything: value - u (value - least), value + u (1 - value).
    """
    import numpy as np

    known = [(value, cluster) for value, cluster in zip(values, clusters, strict=True) if value == value]
    if not known:
        return NONE
    column, names = np.array([value for value, _ in known], float), [cluster for _, cluster in known]
    found = figure(interval(mean_of(column, share=share), names, limits=(least, 1.0)))
    if found.value is None or found.low is not None or column.min() < column.max():
        return found
    wide = wilson(0, found.clusters or found.n)[1]
    low, high = found.value - wide * (found.value - least), found.value + wide * (1 - found.value)
    return Figure(found.value, low, high, found.n, found.clusters)


def share(said: Sequence[bool], clusters: Sequence[Hashable]) -> Figure:
    """A share; exact (Clopper and Pearson 1934) where every row is a cluster of its own."""
    if not said:
        return NONE
    if len(set(clusters)) == len(said):
        low, high = clopper_pearson(sum(said), len(said))
        return Figure(sum(said) / len(said), low, high, len(said), len(said))
    return mean([float(one) for one in said], clusters, share=True)


def figure(of: Interval) -> Figure:
    """An interval as a figure; bounds that do not exist are None."""

    def known(value: float) -> float | None:
        return None if math.isnan(value) else float(value)

    return Figure(known(of.value), known(of.low), known(of.high), of.n, of.clusters)


def quality(verdicts: Sequence[Verdict]) -> Figure:
    """The judge's mean quality of what it judged."""
    return mean([quality_of(verdict) for verdict in verdicts], [cluster_of(verdict) for verdict in verdicts])


def passing(verdicts: Sequence[Verdict]) -> Figure:
    """Share of the judged that is not Bad."""
    judged = [verdict for verdict in verdicts if verdict.grade]
    return share([one.grade is not Grade.BAD for one in judged], [cluster_of(one) for one in judged])


def change(before: Sequence[Verdict], now: Sequence[Verdict]) -> Figure:
    """Mean quality now minus before, of the prompts judged both times; n is how many these are."""
    then, after = _by_prompt(before), _by_prompt(now)
    both = [name for name in then if name in after]
    moved = [_mean(after[name]) - _mean(then[name]) for name in both]
    return mean(moved, [cluster_of(then[name][0]) for name in both], least=-1.0)


def diversity(texts: Sequence[str], seed: int) -> dict[str, Figure]:
    """Of all outputs together; bounds only where a metric is an estimate from a sample of pairs."""
    of = TextSet(tuple(texts), seed=seed, cap=20_000)
    found = {name: Figure(one.value, one.low, one.high, one.n) for name, one in measure(of, DIVERSITY).items()}
    return {DISTINCT: Figure(len(of.counts) / of.n if of.n else None, None, None, of.n)} | found


def yields(rows: Sequence[Row], accepted: Sequence[Row], by: Iterable[str]) -> dict[str, dict[str, Figure]]:
    """Field to class to the share of its judged rows that was accepted; fields that no row has are left out."""
    taken = {id(row) for row in accepted}
    found: dict[str, dict[str, Figure]] = {}
    for field in by:
        classes: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.verdict.status is Status.OK and (name := class_of(row, field)) is not None:
                classes[name].append(row)
        if classes:
            found[field] = {name: accepted_share(of, taken) for name, of in sorted(classes.items())}
    return found


def accepted_share(rows: Sequence[Row], accepted: set[int]) -> Figure:
    """Share of judged rows that was accepted; `accepted` holds the `id()` of those that were."""
    judged = [row for row in rows if row.verdict.status is Status.OK]
    return share([id(row) in accepted for row in judged], _clusters([row.verdict for row in judged]))


def _clusters(verdicts: Sequence[Verdict]) -> Sequence[Hashable]:
    """Groups; of a class that is one group its prompts, and of one prompt its outputs, which are separate draws."""
    for name in (cluster_of, asked_of):
        found = [name(verdict) for verdict in verdicts]
        if len(set(found)) > 1:
            return found
    return range(len(verdicts))


def class_of(row: Row, field: str) -> str | None:
    """The row's own `task`, `system`, `group` or `item`, else what stands at a path of its context or meta."""
    own: Any = getattr(row.sample, field) if field in OWN else field_of(row, field)
    return None if own is None or own == "" else str(own)


def yield_fields(config: RoundConfig) -> tuple[str, ...]:
    """The fields whose classes are followed: those that a rule names, the filter's category, task and system."""
    asked = [rule.by for rule in config.stop.yields]
    return tuple(dict.fromkeys([*asked, config.filter.category, "task", "system"]))


def _by_prompt(verdicts: Sequence[Verdict]) -> Mapping[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if not math.isnan(quality_of(verdict)):
            found[asked_of(verdict)].append(verdict)
    return found


def _mean(verdicts: Sequence[Verdict]) -> float:
    return sum(map(quality_of, verdicts)) / len(verdicts)


OWN = ("task", "system", "group", "item")
