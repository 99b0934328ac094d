"""The sets of a run: each list, group and item with several artefacts, gathered as samples stream by, then judged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...rubrics import Rubric
from ..findings import Embedder
from ..once import once
from ..records import Finding, Grade, Sample, Status, Verdict, digest
from .diversity import SetCollector, measure, set_findings
from .textset import SetMetric, TextSet

Key = tuple[str, str, str]
"""(`list`, `group` or `item`; task; name)."""

_KINDS = ("list", "group", "item")
CAP = 10_000
"""Most texts of a set that are kept: a seeded sample of a larger one."""
_BATCH = 512
_TABLES = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
PRAGMA temp_store=FILE;
PRAGMA cache_size=-16384;
CREATE TABLE texts(seq INTEGER PRIMARY KEY, id TEXT, text TEXT, system TEXT, truth TEXT);
CREATE TABLE members(kind INTEGER, task TEXT, name TEXT, seq INTEGER, list TEXT);
BEGIN;
"""
_GATHER = """
CREATE INDEX of_set ON members(kind, task, name, seq, list);
CREATE TABLE sets AS SELECT kind, task, name, MIN(seq) AS first, COUNT(*) AS n FROM members GROUP BY kind, task, name
    HAVING n > 1 AND (kind = 0 OR COUNT(list) < n OR MIN(list) <> MAX(list));
"""
"""A group or an item whose texts all came in one list is that list over again."""
_TEXTS = """
SELECT text, system, truth, id FROM members JOIN texts USING (seq) WHERE kind=? AND task=? AND name=? ORDER BY seq
"""


@dataclass(frozen=True)
class SetOf:
    """One set, as it is judged."""

    name: Key
    texts: tuple[str, ...]
    systems: tuple[str | None, ...] = ()
    truth: tuple[str, ...] = ()
    seen: int | None = None

    @property
    def id(self) -> str:
        """`item_tag:list:rec7`, `intent:group:u1`, `explanation:item:B001`."""
        return f"{self.name[1]}:{self.name[0]}:{self.name[2]}"

    @once
    def key(self) -> str:
        """SHA-256 of what the set is and what it holds."""
        return digest([*self.name, self.texts, self.systems, self.truth, self.seen])


class Sets:
    """Collects samples by list, group and item, on disk; a set of one says nothing and is left out.

    Iterating, when all samples are in, gives the sets in the order in which their first samples came. Of a set with
    more than `CAP` texts a seeded sample is kept, as `SetCollector` has it.
    """

    def __init__(self, rubrics: Mapping[str, Rubric], seed: int = 0) -> None:
        self.rubrics, self.seed = rubrics, seed
        # SQLite's own temporary file, without a name, gone with the connection
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(_TABLES)
        self._texts: list[tuple[Any, ...]] = []
        self._members: list[tuple[Any, ...]] = []
        self._seq = 0
        self._gathered = False

    def add(self, sample: Sample) -> None:
        """One more sample."""
        if not self.rubrics[sample.task].sets or not sample.text.strip():
            return
        names = (sample.parent, sample.group, sample.item)
        if names == (None, None, None):
            return
        truth = sample.meta.get("ground_truth")
        known = json.dumps([str(entry) for entry in truth]) if isinstance(truth, (list, tuple)) and truth else None
        self._seq += 1
        self._texts.append((self._seq, sample.id, sample.text, sample.system, known))
        self._members.extend(
            (kind, sample.task, name, self._seq, sample.parent) for kind, name in enumerate(names) if name is not None
        )
        if len(self._texts) >= _BATCH:
            self._write()

    def __iter__(self) -> Iterator[SetOf]:
        if not self._gathered:
            self._write()
            self._db.executescript(_GATHER)
            self._gathered = True
        for kind, task, name, n in self._db.execute("SELECT kind, task, name, n FROM sets ORDER BY first, kind"):
            yield self._set(kind, task, name, n)

    def clear(self) -> None:
        """Forgets what was added."""
        self.close()
        self.__init__(self.rubrics, self.seed)  # type: ignore[misc]

    def close(self) -> None:
        """Gives the disk back."""
        self._db.close()

    def __enter__(self) -> Sets:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _set(self, kind: int, task: str, name: str, n: int) -> SetOf:
        key = (_KINDS[kind], task, name)
        rows = self._db.execute(_TEXTS, (kind, task, name))
        if n <= CAP:
            texts, systems, known, _ = zip(*rows, strict=True)
            truth = dict.fromkeys(entry for each in known if each for entry in json.loads(each))
            return SetOf(key, texts, systems, tuple(truth), n)
        kept = SetCollector[Key](CAP, self.seed)
        for text, system, each, id_ in rows:
            kept.add(key, text, system, json.loads(each) if each else (), id=id_)
        _, found = next(kept.sets())
        return SetOf(key, found.texts, found.systems, found.truth, found.seen)

    def _write(self) -> None:
        self._db.executemany("INSERT INTO texts VALUES (?,?,?,?,?)", self._texts)
        self._db.executemany("INSERT INTO members VALUES (?,?,?,?,?)", self._members)
        self._texts.clear()
        self._members.clear()


@dataclass(frozen=True)
class SetJudge:
    """Judges sets by the limits of their rubrics, in the name of the judge whose run it is."""

    name: str
    rubrics: Mapping[str, Rubric]
    seed: int = 0
    embedder: Embedder | None = None

    def judge(self, found: SetOf) -> Verdict:
        """Bad when a limit of the rubric is crossed, Superior when every limit is kept for sure."""
        texts = TextSet(
            tuple(found.texts), tuple(found.systems), tuple(found.truth), self.embedder, self.seed, seen=found.seen
        )
        return judge_set(self.name, self.rubrics[found.name[1]], found, texts)


def judge_set(judge: str, rubric: Rubric, found: SetOf, texts: TextSet) -> Verdict:
    """The verdict on a set."""
    key = found.name
    metrics = measure(texts)
    findings = set_findings(rubric, metrics)
    status, grade, words = _grade(findings)
    return Verdict(
        id=found.id, kind="set", task=key[1], judge=judge, rubric=rubric.id, status=status, grade=grade,
        findings=findings, reason=words, error=None if grade else words, key=found.key,
        group=key[2] if key[0] == "group" else None, item=key[2] if key[0] == "item" else None,
        metrics={name: _shown(metric) for name, metric in metrics.items()},
        coverage=round(sum(f.status is Status.OK for f in findings) / len(findings), 4),
        positive_share=round(sum(f.polarity == 1 for f in findings) / len(findings), 4),
    )  # fmt: skip


def _shown(metric: SetMetric) -> dict[str, float | int | None]:
    value, low, high = metric.value, metric.low, metric.high
    return {
        "n": metric.n,
        "value": None if value is None else round(value, 6),
        "low": None if low is None else round(low, 6),
        "high": None if high is None else round(high, 6),
    }


def _grade(findings: Sequence[Finding]) -> tuple[Status, Grade | None, str]:
    crossed = [found.code or found.dimension for found in findings if found.polarity == -1]
    if crossed:
        return Status.OK, Grade.BAD, f"defect of the set: {', '.join(crossed)}"
    kept = sum(found.polarity == 1 for found in findings)
    if not kept:
        return Status.ABSTAINED, None, "no metric of the set could be measured"
    grade = Grade.SUPERIOR if kept == len(findings) else Grade.AVERAGE
    return Status.OK, grade, f"{kept} of {len(findings)} limits kept, none crossed"
