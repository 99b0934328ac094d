"""The samples a run page lists, gathered while they pass: the worst of them, and how a jury's members vote."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator

from ...human_labels import Share
from ...judge import CASCADE, Finding, Grade, Status, Verdict

_RANKS = {Grade.BAD: 3, None: 2, Grade.AVERAGE: 1, Grade.SUPERIOR: 0}
"""What a reader wants to see first: the bad, then the unjudged."""


class Samples:
    """Watches verdicts go by and keeps `most` of them; memory does not grow with their number."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.total = 0
        self.juries = 0
        """Verdicts of a jury with at least two members graded."""
        self.split = 0
        """Of those, on which members gave different grades."""
        self.tasks: Counter[str] = Counter()
        self._same: Counter[str] = Counter()
        self._graded: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._kept: list[tuple[tuple[float, float, int], Verdict]] = []

    def watch(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        """The same verdicts, looked at."""
        for verdict in verdicts:
            if verdict.kind != "set":
                self._look(verdict)
            yield verdict

    @property
    def shown(self) -> list[Verdict]:
        """Those kept, the worst first, equals in the file's order."""
        return [verdict for _, verdict in sorted(self._kept, key=lambda kept: kept[0], reverse=True)]

    @property
    def members(self) -> dict[str, Share]:
        """Jury member to how often its grade is the jury's, of the samples both graded."""
        return {name: Share(self._same[name], self._graded[name], asked) for name, asked in sorted(self._asked.items())}

    def _look(self, verdict: Verdict) -> None:
        self.total += 1
        self.tasks[verdict.task] += 1
        self._count_members(verdict)
        heapq.heappush(self._kept, (_rank(verdict, self.total), verdict))
        if len(self._kept) > self.most:
            heapq.heappop(self._kept)

    def _count_members(self, verdict: Verdict) -> None:
        if verdict.judge.startswith(CASCADE):
            return
        graded = [member.grade for member in verdict.members if member.grade is not None]
        if len(graded) > 1:
            self.juries += 1
            self.split += len(set(graded)) > 1
        for member in verdict.members:
            self._asked[member.judge] += 1
            if member.grade is not None and verdict.grade is not None:
                self._graded[member.judge] += 1
                self._same[member.judge] += member.grade is verdict.grade


def defect(found: Finding) -> bool:
    """A finding that speaks against the sample."""
    return found.status is Status.OK and found.polarity == -1


def _rank(verdict: Verdict, number: int) -> tuple[float, float, int]:
    defects = sum(
        1 + (found.distribution[0] if found.distribution else 0) for found in verdict.findings if defect(found)
    )
    share = verdict.positive_share if verdict.positive_share is not None else 0.0
    return _RANKS[verdict.grade], defects - share, -number
