"""What the verdicts of a run come to, counted line by line as they are written, and kept with the run in its ledger."""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self

import orjson

from .cascade import CASCADE
from .records import Cost, Finding, Verdict
from .verdicts import as_line, finding_as_line, finding_of, verdict_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORST = 5
"""Samples, and findings of sets, that are kept to be shown."""
_LAYOUT = 1
_FEW = 1 << 10
"""Values of a metric that are sorted as they are."""
_MANY = 1 << 16
"""Values of a metric that are kept one by one before they are counted by value."""

Said = tuple[str, str | None, str, int | None, str | None]
"""Of a finding: dimension, label, status, polarity, failure code."""


@dataclass
class TaskCounts:
    """One task's verdicts on samples, or on sets."""

    planned: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    unjudged: Counter[str] = field(default_factory=Counter)
    """Status to count, of what has no grade."""
    said: Counter[Said] = field(default_factory=Counter)
    """What was found, to how often, in the order in which it was first found."""

    def add(self, line: Mapping[str, Any]) -> None:
        """One more verdict."""
        self.planned += 1
        if (grade := line["grade"]) is None:
            self.unjudged[line["status"]] += 1
        else:
            self.grades[grade] += 1
        self.said.update(map(_SAID, line["findings"]))


@dataclass(frozen=True)
class Spread:
    """The values of a metric over the sets where it is defined."""

    n: int
    median: float
    least: float
    most: float


class Values:
    """Numbers of six decimals, of which only the distinct ones take memory when they are many: 16 bytes each."""

    def __init__(self) -> None:
        self._new = array("d")
        self._distinct: tuple[NDArray[Any], NDArray[Any]] | None = None
        """Ascending, and how often each came."""

    def add(self, value: float) -> None:
        """One more."""
        self._new.append(value)
        if len(self._new) >= _MANY:
            self._fold()

    @property
    def spread(self) -> Spread:
        """Exact, whatever the number."""
        if self._distinct is None and len(self._new) < _FEW:
            held = sorted(self._new)
            n = len(held)
            return Spread(n, (held[(n - 1) // 2] + held[n // 2]) / 2, held[0], held[-1])
        values, times = self._fold()
        places = times.cumsum()
        n = int(places[-1])
        low, high = (float(values[places.searchsorted(place, side="right")]) for place in ((n - 1) // 2, n // 2))
        return Spread(n, (low + high) / 2, float(values[0]), float(values[-1]))

    def _fold(self) -> tuple[NDArray[Any], NDArray[Any]]:
        import numpy as np

        values, times = np.unique(np.array(self._new), return_counts=True)
        if self._distinct:
            both = np.concatenate([self._distinct[0], values])
            values, place = np.unique(both, return_inverse=True)
            times = np.bincount(place, np.concatenate([self._distinct[1], times])).astype(np.int64)
        self._distinct, self._new = (values, times), array("d")
        return self._distinct


@dataclass
class Counts:
    """All that a summary says; memory does not grow with the number of verdicts."""

    tasks: dict[str, TaskCounts] = field(default_factory=dict)
    sets: dict[str, TaskCounts] = field(default_factory=dict)
    metrics: dict[str, dict[str, Spread]] = field(default_factory=dict)
    """Task to metric to what sets have of it; of what is counted here, complete after `close`."""
    set_findings: list[tuple[str, Finding]] = field(default_factory=list)
    """(set id, finding) of set defects, the first of them."""
    worst: list[Verdict] = field(default_factory=list)
    """Bad samples with most defects, worst first; complete after `close`."""
    spent: dict[str, Any] = field(default_factory=dict)
    judges: Counter[str] = field(default_factory=Counter)
    rubrics: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    """Of a cascade, each judge to the samples on which its word, or its silence, is the verdict."""
    _values: dict[str, dict[str, Values]] = field(default_factory=dict, repr=False)
    _heap: list[tuple[float, int, dict[str, Any]]] = field(default_factory=list, repr=False)
    _n: int = 0
    _nothing: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)
    """The last cost that was none: the same again changes nothing."""

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> Self:
        """The counts of verdicts."""
        counts = cls()
        for verdict in verdicts:
            counts.add(as_line(verdict))
        counts.close()
        return counts

    @property
    def cost(self) -> Cost:
        """Of the verdicts on samples."""
        return Cost(**self.spent)

    def through(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The same lines, each counted; closes at the end."""
        for line in lines:
            self.add(orjson.loads(line))
            yield line
        self.close()

    def add(self, line: dict[str, Any]) -> None:
        """One more verdict, as `encode` has it."""
        if line["kind"] == "set":
            self._add_set(line)
            return
        self._n += 1
        _of(self.tasks, line["task"]).add(line)
        self._spend(line["cost"])
        self.judges[line["judge"]] += 1
        self.rubrics[line["rubric"]] += 1
        if line["flags"]:
            self.flags.update(line["flags"])
        if line["judge"].startswith(CASCADE):
            self.said[line["reviewed_by"]] += 1
        if line["grade"] == "Bad":
            rank = (_badness(line["findings"]), -self._n)
            if len(self._heap) < WORST:
                heapq.heappush(self._heap, (*rank, line))
            elif rank > self._heap[0][:2]:
                heapq.heapreplace(self._heap, (*rank, line))

    def close(self) -> None:
        """No verdict comes after this."""
        self.worst = [verdict_of(line) for _, _, line in sorted(self._heap, key=lambda entry: (-entry[0], -entry[1]))]
        self.metrics = {
            task: {name: values.spread for name, values in found.items()} for task, found in self._values.items()
        }

    def packed(self) -> bytes:
        """As bytes, for the ledger."""
        parts = {name: getattr(self, name) for name in _PLAIN} | {
            "tasks": {name: _rows(task) for name, task in self.tasks.items()},
            "sets": {name: _rows(task) for name, task in self.sets.items()},
            "metrics": {task: {name: asdict(one) for name, one in of.items()} for task, of in self.metrics.items()},
            "set_findings": [(name, finding_as_line(found)) for name, found in self.set_findings],
            "worst": [as_line(verdict) for verdict in self.worst],
            "layout": _LAYOUT,
        }
        return orjson.dumps(parts)

    @classmethod
    def unpacked(cls, body: bytes) -> Self | None:
        """The counts in the bytes; None of another release, which counted otherwise."""
        parts = orjson.loads(body)
        if parts.pop("layout", None) != _LAYOUT:
            return None
        for name in ("tasks", "sets"):
            parts[name] = {task: _task(rows) for task, rows in parts[name].items()}
        parts["metrics"] = {
            task: {name: Spread(**one) for name, one in of.items()} for task, of in parts["metrics"].items()
        }
        parts["set_findings"] = [(name, finding_of(found)) for name, found in parts["set_findings"]]
        parts["worst"] = [verdict_of(line) for line in parts["worst"]]
        parts |= {name: Counter(parts[name]) for name in ("judges", "rubrics", "flags", "said")}
        return cls(**parts)

    def _add_set(self, line: dict[str, Any]) -> None:
        _of(self.sets, line["task"]).add(line)
        values = self._values.setdefault(line["task"], {})
        for name, metric in line["metrics"].items():
            if metric["value"] is not None and ":" not in name:
                values.setdefault(name, Values()).add(metric["value"])
        if len(self.set_findings) < WORST:
            defects = [(line["id"], finding_of(found)) for found in line["findings"] if found["polarity"] == -1]
            self.set_findings += defects[: WORST - len(self.set_findings)]

    def _spend(self, cost: Mapping[str, Any]) -> None:
        if cost == self._nothing:
            return
        if not any(cost.values()):
            self._nothing = cost
        spent = self.spent
        for name, value in cost.items():
            if value:
                spent[name] = (spent.get(name) or 0) + value
            elif name not in spent or spent[name] is None:
                spent[name] = value


def _of(tasks: dict[str, TaskCounts], name: str) -> TaskCounts:
    if (found := tasks.get(name)) is None:
        found = tasks[name] = TaskCounts()
    return found


def _badness(findings: Iterable[Mapping[str, Any]]) -> float:
    return sum(
        1 + (found["distribution"][0] if found["distribution"] else 0)
        for found in findings
        if found["status"] == "ok" and found["polarity"] == -1
    )


def _rows(task: TaskCounts) -> list[Any]:
    return [task.planned, task.grades, task.unjudged, [[*what, times] for what, times in task.said.items()]]


def _task(rows: list[Any]) -> TaskCounts:
    n, grades, unjudged, said = rows
    return TaskCounts(n, Counter(grades), Counter(unjudged), Counter({tuple(what): times for *what, times in said}))


_SAID = itemgetter("dimension", "label", "status", "polarity", "code")
_PLAIN = ("spent", "judges", "rubrics", "flags", "said")
