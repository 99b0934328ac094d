"""The summary of a run: what was judged, how it was graded, what is wrong with it, what it cost. Counts alone."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from ..human_labels import Share
from ..judge import CASCADE, Cost, Finding, Grade, Status, Verdict

WORST = 5


@dataclass
class TaskSummary:
    """One task's verdicts on samples, or on sets."""

    planned: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    unjudged: Counter[str] = field(default_factory=Counter)
    """Status to count, of samples without a grade."""
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    """Dimension to label to count; what has no label stands under its status in parentheses."""
    polarity: dict[str, dict[str, int]] = field(default_factory=dict)
    """Dimension to label to -1, 0 or +1."""
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(dimension, failure code) to count."""

    @property
    def judged(self) -> int:
        """Samples with a grade."""
        return sum(self.grades.values())

    def share(self, grade: str) -> Share:
        """The share of a grade among the judged."""
        return Share(self.grades[grade], self.judged, self.planned)


@dataclass
class Summary:
    """What a run came to."""

    tasks: dict[str, TaskSummary] = field(default_factory=dict)
    sets: dict[str, TaskSummary] = field(default_factory=dict)
    set_metrics: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """Task to metric to its value in each set where it is defined."""
    set_findings: list[tuple[str, Finding]] = field(default_factory=list)
    """(set id, finding) of set defects, the first of them."""
    worst: list[Verdict] = field(default_factory=list)
    """Bad samples with most defects, worst first."""
    cost: Cost = field(default_factory=Cost)
    judges: Counter[str] = field(default_factory=Counter)
    rubrics: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    """Of a cascade, each judge to the samples on which its word, or its silence, is the verdict."""

    @property
    def planned(self) -> int:
        """Samples."""
        return sum(task.planned for task in self.tasks.values())

    @property
    def judged(self) -> int:
        """Samples with a grade."""
        return sum(task.judged for task in self.tasks.values())

    @property
    def unjudged(self) -> Counter[str]:
        """Status to count, over all tasks."""
        return sum((task.unjudged for task in self.tasks.values()), Counter())


def summarise(verdicts: Iterable[Verdict]) -> Summary:
    """Counts verdicts in one pass; memory does not grow with their number.

    Takes what `score` returned or any iterable of verdicts. The `Summary` has `planned`, `judged`, `unjudged` (status
    to count), and under `tasks` each task's `grades`, `labels`, `codes` and `share(grade)`, a share of the judged
    with its 95 % interval; sets stand apart, under `sets`.
    """
    summary = Summary()
    worst: list[tuple[float, int, Verdict]] = []
    for number, verdict in enumerate(verdicts):
        if verdict.kind == "set":
            _add_set(summary, verdict)
            continue
        _count(summary.tasks.setdefault(verdict.task, TaskSummary()), verdict)
        summary.cost += verdict.cost
        summary.judges[verdict.judge] += 1
        summary.rubrics[verdict.rubric] += 1
        summary.flags.update(verdict.flags)
        if verdict.judge.startswith(CASCADE):
            summary.said[verdict.reviewed_by] += 1
        if verdict.grade is Grade.BAD:
            heapq.heappush(worst, (_badness(verdict), -number, verdict))
            if len(worst) > WORST:
                heapq.heappop(worst)
    summary.worst = [verdict for _, _, verdict in sorted(worst, key=lambda entry: (-entry[0], -entry[1]))]
    return summary


def as_json(summary: Summary) -> dict[str, Any]:
    """The summary for machines: every share with its n, interval and bounds."""
    return {
        "planned": summary.planned,
        "judged": summary.judged,
        "unjudged": dict(summary.unjudged),
        "tasks": {name: _task_json(task) for name, task in sorted(summary.tasks.items())},
        "sets": {name: _task_json(task) for name, task in sorted(summary.sets.items())},
        "set_metrics": {
            task: {name: _spread(values) for name, values in sorted(metrics.items())}
            for task, metrics in sorted(summary.set_metrics.items())
        },
        "cost": asdict(summary.cost),
        "judges": sorted(summary.judges),
        "rubrics": sorted(summary.rubrics),
        "flags": dict(summary.flags),
        "said": dict(summary.said),
        "worst": [{"id": v.id, "place": v.place, "text": v.text, "reason": v.reason} for v in summary.worst],
    }


def failed_gate(summary: Summary, max_bad: float | None, max_unjudged: float | None) -> str | None:
    """Why a gate failed, or None. A gate is a share: of the judged for Bad, of all planned for unjudged."""
    bad = sum(task.grades[Grade.BAD] for task in summary.tasks.values())
    unjudged = summary.planned - summary.judged
    if max_unjudged is not None and unjudged > max_unjudged * summary.planned:
        return f"gate --max-unjudged {max_unjudged:g}: {unjudged} of {summary.planned} samples are unjudged"
    if max_bad is not None and (not summary.judged or bad > max_bad * summary.judged):
        return f"gate --max-bad {max_bad:g}: {bad} of {summary.judged} judged samples are Bad"
    return None


def _add_set(summary: Summary, verdict: Verdict) -> None:
    _count(summary.sets.setdefault(verdict.task, TaskSummary()), verdict)
    values = summary.set_metrics.setdefault(verdict.task, {})
    for name, metric in verdict.metrics.items():
        if metric["value"] is not None and ":" not in name:
            values.setdefault(name, []).append(metric["value"])
    for found in verdict.findings:
        if found.polarity == -1 and len(summary.set_findings) < WORST:
            summary.set_findings.append((verdict.id, found))


def _count(task: TaskSummary, verdict: Verdict) -> None:
    task.planned += 1
    if verdict.grade is None:
        task.unjudged[verdict.status.value] += 1
    else:
        task.grades[verdict.grade.value] += 1
    for found in verdict.findings:
        label = found.label or f"({found.status.value})"
        task.labels.setdefault(found.dimension, Counter())[label] += 1
        if found.polarity is not None:
            task.polarity.setdefault(found.dimension, {})[label] = found.polarity
        if found.code:
            task.codes[found.dimension, found.code] += 1


def _badness(verdict: Verdict) -> float:
    return sum(
        1 + (found.distribution[0] if found.distribution else 0)
        for found in verdict.findings
        if found.status is Status.OK and found.polarity == -1
    )


def _task_json(task: TaskSummary) -> dict[str, Any]:
    return {
        "planned": task.planned,
        "judged": task.judged,
        "unjudged": dict(task.unjudged),
        "grades": {grade.value: _share_json(task.share(grade.value)) for grade in Grade},
        "dimensions": {name: dict(labels) for name, labels in task.labels.items()},
        "codes": [{"dimension": dim, "code": code, "count": n} for (dim, code), n in task.codes.most_common()],
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"sets": len(values), "median": median(values), "least": min(values), "most": max(values)}


def _share_json(share: Share) -> Mapping[str, Any]:
    low, high = share.interval
    lower, upper = share.bounds
    return {
        "count": share.count,
        "value": share.value,
        "n": share.n,
        "planned": share.planned,
        "interval_95": [low, high],
        "lower_bound": lower,
        "upper_bound": upper,
    }
