"""The nouns that cross files: Sample in, Finding and Verdict out. They know no file, no rubric and no provider."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

from .once import once


class Grade(StrEnum):
    """The senior reviewer's word on a sample (RecGPT-V2: S, A, B)."""

    SUPERIOR = "Superior"
    AVERAGE = "Average"
    BAD = "Bad"


RANKS = (Grade.BAD, Grade.AVERAGE, Grade.SUPERIOR)
"""Worst first."""


class Status(StrEnum):
    """Why there is, or is not, a word. Only `ok` carries a label or a grade: unjudged is not Bad."""

    OK = "ok"
    ABSTAINED = "abstained"
    """The judge knows that it cannot tell: no information on this dimension in what it can read."""
    PARSE_FAILED = "parse_failed"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    CONTENT_FILTERED = "content_filtered"
    OUT_OF_RANGE = "out_of_range"
    PROVIDER_ERROR = "provider_error"
    TIMEOUT = "timeout"
    CONTEXT_OVERFLOW = "context_overflow"
    INPUT_INVALID = "input_invalid"
    BUDGET_STOPPED = "budget_stopped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Sample:
    """One artefact with all that is known about it.

    `output` is a string (explanation, text) or a mapping: `interest`, `reason`, `stage`, `evidence` (ids) of an
    intent; `tag`, `interest`, `reason` of an item tag. `context` holds `profile`, `history` (a list of strings, or of
    events with `id`, `time`, `action`, `title`), `interest`, `item` (fields), `now` (an ISO date), `source`, `prompt`;
    a judge sees those that the rubric names. `group` is the user, `item` its id, `system` the generator.
    """

    id: str
    task: str
    """The rubric's name, as the reader resolved it: `intent`, `item_tag`, `explanation`, `text`."""
    output: str | Mapping[str, Any]
    """The artefact: a plain string (explanation, text) or its fields (`interest`, `reason`, `stage`, `evidence` for an
    intent; `tag`, `interest`, `reason` for a tag)."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """What the generator saw: `profile`, `history`, `interest`, `item`, `now`, `source`, and any other named field."""
    group: str | None = None
    """User or context that samples share; the highest cluster of every interval."""
    item: str | None = None
    system: str | None = None
    """The generator or route that made it."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Carried to the verdict's reader, never shown to a judge."""
    parent: str | None = None
    """The id of the record whose list this is an element of."""
    place: str = ""
    """`outputs.jsonl:17`, for messages; not part of the sample's identity."""

    @once
    def text(self) -> str:
        """The artefact's main words: the string itself, or its `tag`, `interest` or `text` field."""
        if isinstance(self.output, str):
            return self.output
        for key in ("tag", "interest", "text"):
            if isinstance(value := self.output.get(key), str):
                return value
        return ""

    @once
    def kept(self) -> dict[Any, Any]:
        """What checks and features worked out of it, for the next that asks; no part of the sample."""
        return {}

    @once
    def key(self) -> str:
        """SHA-256 of identity and content: two rows with one key are the same row twice."""
        return digest([self.id, self.task, self.output, self.context, self.group, self.item, self.system])


@dataclass(frozen=True, slots=True)
class Finding:
    """One sub-evaluator's word on one dimension."""

    dimension: str
    status: Status
    label: str | None = None
    """A label of the dimension's scale; None unless `status` is ok."""
    polarity: int | None = None
    """-1 defect, 0 neutral, +1 positive: the label's polarity in the rubric."""
    distribution: tuple[float, ...] | None = None
    """Probability of each label, in the rubric's order; a point mass where the judge gives only a label."""
    code: str | None = None
    """The failure class, one of the dimension's codes; only beside a defect."""
    reason: str = ""
    evidence: tuple[str, ...] = ()
    """What the reason rests on: ids of history events, `item.field: value`, or a quoted span."""
    by: str = ""
    """Which step said it: `check:length`, `ask`, `claims`, `look`, `single`, `decisions`, `local`."""
    prompts: tuple[str, ...] = ()
    """Keys of the calls it came from, in order; `recjudge show` finds the exact bytes by them."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a verdict took. Dollars are None where no price is known."""

    calls: int = 0
    cached_calls: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    """Of `tokens_in`, those the provider served from its prompt cache."""
    tokens_out: int = 0
    usd: float | None = None

    def __add__(self, other: Cost) -> Cost:
        usd = None if self.usd is None and other.usd is None else (self.usd or 0.0) + (other.usd or 0.0)
        return Cost(
            self.calls + other.calls,
            self.cached_calls + other.cached_calls,
            self.tokens_in + other.tokens_in,
            self.tokens_cached + other.tokens_cached,
            self.tokens_out + other.tokens_out,
            usd,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """All sub-evaluators' findings on one sample, and the grade they led to, or why there is none.

    `grade` is None unless `status` is ok, and `error` says why. A finding has `dimension`, `status`, `label`,
    `polarity` (-1, 0, +1), `distribution` (probabilities, worst label first), `code`, `reason`, `evidence`.
    `positive_share` and `coverage` are shares in [0, 1]. `kind` is `sample`, or `set` for a list as a whole, which
    has `metrics`.
    """

    id: str
    task: str
    judge: str
    rubric: str
    """`explanation@53cf27e8c44b`: name and content hash."""
    status: Status
    grade: Grade | None
    findings: tuple[Finding, ...]
    reason: str = ""
    """The review in one sentence: which defect, or which share of positive findings against which threshold."""
    reviewed_by: str = "rule"
    """`rule`, `reviewer` (a senior-reviewer call), `student` or `jury`; of a cascade, the judge whose word it is."""
    positive_share: float | None = None
    """Weighted share of positive findings among all dimensions, abstained ones counted as not positive."""
    coverage: float = 1.0
    """Weighted share of dimensions that have a label."""
    distribution: tuple[float, ...] | None = None
    """Probability of Bad, Average and Superior, from a judge that has one for the grade as a whole (a Student)."""
    error: str | None = None
    """Why there is no grade; None beside a grade."""
    kind: str = "sample"
    """`sample`, or `set` for the verdict on a list as a whole."""
    group: str | None = None
    item: str | None = None
    system: str | None = None
    parent: str | None = None
    place: str = ""
    text: str = ""
    """The artefact's main words, so that a verdict can be read without its input."""
    key: str = ""
    """`Sample.key` of what was judged."""
    flags: tuple[str, ...] = ()
    """What a reader should know: another model answered, hidden characters in the artefact, …"""
    members: tuple[Verdict, ...] = ()
    """The verdicts of a jury's members, or of a cascade's judges as they were asked, where several were."""
    metrics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Of a set: metric name to `value` (None where it is undefined), `n`, `low` and `high` where it is an estimate."""
    cost: Cost = Cost()

    def __post_init__(self) -> None:
        if (self.grade is not None) != (self.status is Status.OK):
            raise ValueError(f"verdict {self.id!r}: a grade goes with status ok and nothing else")
        if self.distribution is not None and self.grade is None:
            raise ValueError(f"verdict {self.id!r}: a distribution goes with a grade")


def canonical(value: Any) -> bytes:
    """JSON bytes with sorted keys: equal values give equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def digest(value: Any) -> str:
    """SHA-256 (hex) of `canonical(value)`."""
    return hashlib.sha256(canonical(value)).hexdigest()
