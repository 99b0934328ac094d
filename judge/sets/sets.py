"""The sets of a run: each list, group and item with several artefacts, gathered as samples stream by, then judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...rubrics import Rubric
from ..findings import Embedder
from ..records import Finding, Grade, Sample, Status, Verdict, digest
from .diversity import SetCollector, measure, set_findings
from .textset import SetMetric, TextSet

Key = tuple[str, str, str]
"""(`list`, `group` or `item`; task; name)."""


@dataclass
class Sets:
    """Collects samples by list, group and item; a set of one says nothing and is left out."""

    rubrics: Mapping[str, Rubric]
    seed: int = 0
    embedder: Embedder | None = None
    _texts: SetCollector[Key] = field(init=False)
    _lists: dict[Key, set[str | None]] = field(default_factory=dict)
    """Group or item to the lists its samples came from, to see when it is one list over again."""
    _counts: dict[Key, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._texts = SetCollector(seed=self.seed)

    def add(self, sample: Sample) -> None:
        """One more sample."""
        if not self.rubrics[sample.task].sets or not sample.text.strip():
            return
        truth = sample.meta.get("ground_truth")
        for kind, name in (("list", sample.parent), ("group", sample.group), ("item", sample.item)):
            if name is not None:
                key = (kind, sample.task, name)
                known = [str(entry) for entry in truth] if isinstance(truth, (list, tuple)) else []
                self._texts.add(key, sample.text, sample.system, known, id=sample.id)
                self._lists.setdefault(key, set()).add(sample.parent)
                self._counts[key] = self._counts.get(key, 0) + 1

    def __iter__(self) -> Iterator[tuple[Key, TextSet]]:
        for key, texts in self._texts.sets(embedder=self.embedder):
            if self._counts[key] >= 2 and not self._is_one_list(key):
                yield key, texts

    def _is_one_list(self, key: Key) -> bool:
        return key[0] != "list" and len(self._lists[key]) == 1 and None not in self._lists[key]


def set_id(key: Key) -> str:
    """`item_tag:list:rec7`, `intent:group:u1`, `explanation:item:B001`."""
    return f"{key[1]}:{key[0]}:{key[2]}"


def set_key(key: Key, texts: TextSet) -> str:
    """SHA-256 of what the set is and what it holds."""
    return digest([*key, texts.texts, texts.systems, texts.truth, texts.seen])


def judge_set(judge: str, rubric: Rubric, key: Key, texts: TextSet) -> Verdict:
    """The verdict on a set: Bad when a limit of the rubric is crossed, Superior when every limit is kept for sure."""
    metrics = measure(texts)
    findings = set_findings(rubric, metrics)
    status, grade, words = _grade(findings)
    return Verdict(
        id=set_id(key), kind="set", task=key[1], judge=judge, rubric=rubric.id, status=status, grade=grade,
        findings=findings, reason=words, error=None if grade else words, key=set_key(key, texts),
        group=key[2] if key[0] == "group" else None, item=key[2] if key[0] == "item" else None,
        metrics={name: _shown(metric) for name, metric in metrics.items()},
        coverage=round(sum(f.status is Status.OK for f in findings) / len(findings), 4),
        positive_share=round(sum(f.polarity == 1 for f in findings) / len(findings), 4),
    )  # fmt: skip


def _shown(metric: SetMetric) -> dict[str, float | int | None]:
    digits = {"value": metric.value, "low": metric.low, "high": metric.high}
    return {"n": metric.n} | {name: None if x is None else round(x, 6) for name, x in digits.items()}


def _grade(findings: Sequence[Finding]) -> tuple[Status, Grade | None, str]:
    crossed = [found.code or found.dimension for found in findings if found.polarity == -1]
    if crossed:
        return Status.OK, Grade.BAD, f"defect of the set: {', '.join(crossed)}"
    kept = sum(found.polarity == 1 for found in findings)
    if not kept:
        return Status.ABSTAINED, None, "no metric of the set could be measured"
    grade = Grade.SUPERIOR if kept == len(findings) else Grade.AVERAGE
    return Status.OK, grade, f"{kept} of {len(findings)} limits kept, none crossed"
