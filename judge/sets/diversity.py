"""What no single sample can show: how varied a set is, how much it repeats itself, what each route brings to it.

A defect found here enters the verdict on the set, never a sample's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...errors import RubricError, UsageError
from ...rubrics import Rubric, SetCheck
from ..findings import Embedder
from ..records import Finding, Status
from .collector import SetCollector
from .duplicates import near_duplicate_share
from .fifo import FifoIdf, fifo_idf
from .routes import cross_route_duplicates, exclusive_by_route, exclusive_recall
from .textset import SetMetric, TextSet
from .variety import distinct_1, distinct_2, embedding_distance, ngram_distance, rouge_diversity

DIMENSION = "diversity"
REPETITIVE, DIVERSE = "repetitive", "diverse"


def measure_set(
    texts: Sequence[str],
    *,
    systems: Sequence[str | None] = (),
    ground_truth: Sequence[str] = (),
    embedder: Embedder | None = None,
    seed: int = 0,
    cap: int = 100_000,
) -> dict[str, SetMetric]:
    """Every metric of the set, by name, with `exclusive_recall:ROUTE` for each route.

    `systems` has one name (or None) a text, or is empty. `cap` is the most pairs a pairwise metric compares; beyond it
    a seeded sample of pairs is drawn and the metric has an interval. Raises `UsageError` where lengths do not match.
    """
    return measure(TextSet(tuple(texts), tuple(systems), tuple(ground_truth), embedder, seed, cap))


def measure(texts: TextSet, names: Sequence[str] | None = None) -> dict[str, SetMetric]:
    """The named metrics of a set, or all of them. Raises `UsageError` on a metric that does not exist."""
    for name in names or ():
        if name not in SET_METRICS:
            raise UsageError(_unknown(name))
    metrics = {name: SET_METRICS[name](texts) for name in (SET_METRICS if names is None else names)}
    if "exclusive_recall" in metrics:
        metrics |= {metric.name: metric for metric in exclusive_by_route(texts)}
    return metrics


def set_findings(rubric: Rubric, metrics: Mapping[str, SetMetric]) -> tuple[Finding, ...]:
    """One finding for each of the rubric's `[[sets]]`, on the dimension `diversity`.

    A limit that is crossed is a defect (`repetitive`); one that is kept is `diverse`; a metric without a value, or an
    estimate whose interval contains the limit, is abstained. Raises `RubricError` on a metric that does not exist.
    """
    nearest = next((metrics[name].pair for name in _PAIRED if name in metrics and metrics[name].pair), ())
    return tuple(_finding(rubric, check, metrics.get(check.metric), nearest) for check in rubric.sets)


def _finding(rubric: Rubric, check: SetCheck, metric: SetMetric | None, nearest: tuple[str, ...]) -> Finding:
    if check.metric not in SET_METRICS:
        raise RubricError(f"rubric {rubric.name!r}: sets: {_unknown(check.metric)}")
    by = f"set:{check.metric}"
    if metric is None or metric.value is None:
        return Finding(DIMENSION, Status.ABSTAINED, reason=metric.words if metric else "it was not measured", by=by)
    reason, evidence = _reason(check, metric), metric.pair or nearest
    crossed = _crosses(check, metric.value)
    if (
        metric.low is not None
        and metric.high is not None
        and _crosses(check, metric.low) != _crosses(check, metric.high)
    ):
        return Finding(DIMENSION, Status.ABSTAINED, reason=f"{reason}; the interval contains the limit", by=by)
    if crossed:
        return Finding(
            DIMENSION, Status.OK, REPETITIVE, -1, None, check.code, f"{check.words.rstrip('.')}: {reason}", evidence, by
        )
    return Finding(DIMENSION, Status.OK, DIVERSE, 1, None, None, reason, evidence, by)


def _crosses(check: SetCheck, value: float) -> bool:
    return value > check.above if check.above is not None else value < (check.below or 0.0)


def _reason(check: SetCheck, metric: SetMetric) -> str:
    limit = f"at most {check.above:g}" if check.above is not None else f"at least {check.below:g}"
    interval = f" [{metric.low:.3f}, {metric.high:.3f}]" if metric.low is not None and metric.high is not None else ""
    return f"{metric.name} {metric.value:.3f}{interval}, n = {metric.n}, the rubric asks for {limit} ({metric.words})"


def _unknown(name: str) -> str:
    return f"unknown metric {name!r}; known: {', '.join(SET_METRICS)}"


_PAIRED = ("near_duplicate_share", "rouge_diversity")
"""Metrics that know the nearest pair, which is evidence for the others too."""

SET_METRICS: dict[str, Callable[[TextSet], SetMetric]] = {
    "distinct_1": distinct_1,
    "distinct_2": distinct_2,
    "rouge_diversity": rouge_diversity,
    "ngram_distance": ngram_distance,
    "embedding_distance": embedding_distance,
    "fifo_idf": fifo_idf,
    "near_duplicate_share": near_duplicate_share,
    "cross_route_duplicates": cross_route_duplicates,
    "exclusive_recall": exclusive_recall,
}

__all__ = [
    "SET_METRICS",
    "FifoIdf",
    "SetCollector",
    "SetMetric",
    "TextSet",
    "measure",
    "measure_set",
    "set_findings",
]
