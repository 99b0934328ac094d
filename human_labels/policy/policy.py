"""The Policy: the lines we act on, each with its evidence; it decides on verdicts of its own judge and rubric only.

The judge says, the policy acts: no grade is changed here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ...errors import RunMismatch, UsageError
from ...judge import Verdict
from ..pairing import READINGS
from ..records import Scale
from .confidence import Fit

TRUST = "trust"
"""The mode of a line on the judge's confidence in its own word."""
Decision = Literal["accept", "reject", "people"]
DAYS = 90
"""How long a policy may be acted on before fresh labels are due; a choice of ours."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A share with its 95 % interval over clusters."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Decided:
    """Labelled samples on the decided side of one line."""

    n: int
    wrong: int
    """Of those, the ones people say otherwise about."""
    precision: float
    """Share right, over all of them."""
    units: int
    """Independent ones, at most one a cluster, that the bound rests on."""
    failed: int
    """Of those, the ones wrong."""
    low: float
    """Exact one-sided lower bound of the precision at the line's confidence, this line alone."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one side of the seal shows of a line."""

    labelled: int
    """Samples on which people have a word."""
    judged: int
    failing: int
    """Of the labelled, those people do not pass."""
    clusters: int
    accepted: Decided
    rejected: Decided | None
    yields: Spread
    """Share of judged samples accepted."""
    recall: Spread
    """Share accepted of the judged samples that people pass."""
    agreement: Spread
    """Share on which the judge's own pass or fail is people's, whatever the line."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What the line does to all samples judged, labelled or not."""

    samples: int
    judged: int
    accepted: float
    """Share of those judged."""
    rejected: float
    people: float
    """Share that no line decides: the human share it costs."""


@dataclass(frozen=True)
class Line:
    """One line: of one task and dimension, for one judge and rubric."""

    task: str
    dimension: str
    role: str
    judge: str
    rubric: str
    score: str
    """A name in `READINGS`."""
    mode: str
    """`accept`, `selective` or `trust`."""
    accept: float | None
    """Accept scores at or above it."""
    reject: float | None
    """Reject scores at or below it."""
    precision: float
    """Guaranteed share right of what is decided, on each side."""
    confidence: float
    """With which the guarantee of this line holds."""
    recall: float | None
    """Guaranteed share of the passing samples accepted, where one was asked for."""
    rule: str
    """People's word on an item: a name in `RULES`."""
    weigh: str
    method: str
    grid: tuple[float, ...]
    calibration: Evidence
    test: Evidence | None
    """On the sealed labels; None where none were sealed."""
    pool: Pool
    fit: Fit | None
    """Score to probability that people pass; no guarantee rests on it."""
    scales: Mapping[str, Scale]
    """The rubric's scales, where the score needs them."""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`explanation.grade`."""
        return ".".join(part for part in (self.task, self.dimension) if part)

    def side(self, score: float) -> Decision | None:
        """Where a score falls; None for NaN, the score of what is unjudged."""
        if math.isnan(score):
            return None
        if self.accept is not None and score >= self.accept:
            return "accept"
        return "reject" if self.reject is not None and score <= self.reject else "people"

    def decide(self, verdict: Verdict) -> Decision | None:
        """Where a verdict falls. Raises `RunMismatch` for one of another judge or another version of the rubric.

        Raises `UsageError` for a line of trust, which says whom to believe and not what to accept.
        """
        if self.mode == TRUST:
            raise UsageError(
                f"the line {self.name} is on the judge's confidence: it accepts nothing, and goes with `recjudge score "
                "--then`; calibrate one to act on without --trust"
            )
        pairs = (("judge", self.judge, verdict.judge), ("rubric", self.rubric, verdict.rubric))
        wrong = "; ".join(f"{name}: policy {own}, verdict {theirs}" for name, own, theirs in pairs if own != theirs)
        if wrong:
            raise RunMismatch(
                f"{verdict.place or verdict.id}: the line {self.name} was not made for this verdict ({wrong}); judge "
                "with the same judge and rubric, or calibrate anew"
            )
        return self.side(READINGS[self.score](verdict, self.dimension, self.scales))


@dataclass(frozen=True)
class Policy:
    """Lines with their evidence, made from one label file, valid until a day."""

    lines: tuple[Line, ...]
    made: str
    """ISO date."""
    expires: str
    """ISO date; from then on it decides nothing."""
    labels: str = ""
    """Name of the label file."""
    digest: str = ""
    """SHA-256 of the label file's bytes."""
    rounds: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    """A mark of each label it rests on, so that they are known again in another file."""
    opened: int = 0
    """How often the sealed labels had been opened when it was made, this time included."""
    notes: tuple[str, ...] = ()
    recjudge: str = ""
    version: int = field(default=1)

    def decide(self, verdict: Verdict, *, now: datetime | date) -> Decision | None:
        """`accept` where every line of the verdict's task accepts, `reject` where one rejects, else `people`.

        None for what a line cannot tell of, unjudged as it is or a set of samples: unjudged is not Bad. Raises
        `UsageError` for an expired policy or a task without a line, `RunMismatch` for verdicts of another judge or
        rubric.
        """
        self.check(now)
        if verdict.kind != "sample":
            return None
        lines = [line for line in self.lines if line.task == verdict.task]
        if not lines:
            known = ", ".join(dict.fromkeys(line.task for line in self.lines))
            raise UsageError(
                f"{verdict.place or verdict.id}: the policy has no line for task {verdict.task!r}; it has {known}"
            )
        sides = [line.decide(verdict) for line in lines]
        if None in sides:
            return None
        if "reject" in sides:
            return "reject"
        return "accept" if set(sides) == {"accept"} else "people"

    def accepts(self, verdict: Verdict, *, now: datetime | date) -> bool:
        """True for what `decide` accepts: never for what is unjudged."""
        return self.decide(verdict, now=now) == "accept"

    def check(self, now: datetime | date) -> None:
        """Raises `UsageError` from the day it expires on."""
        if (now.date() if isinstance(now, datetime) else now) >= date.fromisoformat(self.expires):
            raise UsageError(
                f"the policy expired on {self.expires} (made {self.made}); hold fresh labels against it with "
                "`recjudge milestone`, and calibrate anew"
            )

    def line(self, task: str, dimension: str) -> Line:
        """The line of a task and dimension. Raises `UsageError` with those there are."""
        for line in self.lines:
            if (line.task, line.dimension) == (task, dimension):
                return line
        known = ", ".join(line.name for line in self.lines)
        raise UsageError(f"the policy has no line for {task}.{dimension}; it has {known}")
