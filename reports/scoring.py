"""The summary of a run: what was judged, how it was graded, what is wrong with it, what it cost. Counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..human_labels import Share
from ..judge import Cost, Counts, Finding, Grade, Scored, Spread, TaskCounts, Verdict


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
    set_metrics: dict[str, dict[str, Spread]] = field(default_factory=dict)
    """Task to metric to its n, median, least and most over the sets where it is defined."""
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

    Takes what `score` returned, which was counted as it was written, or any iterable of verdicts. The `Summary` has
    `planned`, `judged`, `unjudged` (status to count), and under `tasks` each task's `grades`, `labels`, `codes` and
    `share(grade)`, a share of the judged with its 95 % interval; sets stand apart, under `sets`.
    """
    counts = verdicts.counts if isinstance(verdicts, Scored) else None
    counts = counts or Counts.of(verdicts)
    return Summary(
        tasks={name: _task(task) for name, task in counts.tasks.items()},
        sets={name: _task(task) for name, task in counts.sets.items()},
        set_metrics=counts.metrics, set_findings=counts.set_findings, worst=counts.worst, cost=counts.cost,
        judges=counts.judges, rubrics=counts.rubrics, flags=counts.flags, said=counts.said,
    )  # fmt: skip


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


def _task(counts: TaskCounts) -> TaskSummary:
    task = TaskSummary(counts.planned, counts.grades, counts.unjudged)
    for (dimension, said, status, polarity, code), times in counts.said.items():
        label = said or f"({status})"
        task.labels.setdefault(dimension, Counter())[label] += times
        if polarity is not None:
            task.polarity.setdefault(dimension, {})[label] = polarity
        if code:
            task.codes[dimension, code] += times
    return task


def _task_json(task: TaskSummary) -> dict[str, Any]:
    return {
        "planned": task.planned,
        "judged": task.judged,
        "unjudged": dict(task.unjudged),
        "grades": {grade.value: _share_json(task.share(grade.value)) for grade in Grade},
        "dimensions": {name: dict(labels) for name, labels in task.labels.items()},
        "codes": [{"dimension": dim, "code": code, "count": n} for (dim, code), n in task.codes.most_common()],
    }


def _spread(values: Spread) -> dict[str, float]:
    return {"sets": values.n, "median": values.median, "least": values.least, "most": values.most}


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
