"""The nouns of a comparison: rates, differences, pairs won and lost, bills, and the sentence above them all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..intervals import Interval


class Outcome(StrEnum):
    """What a difference may be read as."""

    A = "a"
    B = "b"
    NOT_DECIDED = "not decided"
    """Verdicts are missing, and what they may have been decides who is ahead."""
    NOT_SHOWN = "no difference shown"
    """Chance alone may have made it; that is not equality."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of one side's samples, with what the unjudged could make of it."""

    interval: Interval
    """Of the judged; its clusters are drawn whole."""
    count: int
    planned: int
    """Judged and unjudged."""
    bounds: tuple[float, float]
    """Among all planned, if no unjudged sample counted and if every one did."""

    @property
    def missing(self) -> int:
        """Samples without a word."""
        return self.planned - self.interval.n


@dataclass(frozen=True, slots=True)
class Difference:
    """a - b of one figure, with what it takes to read it."""

    name: str
    """`pass`, `accuracy`, or the dimension."""
    title: str
    a: Rate
    b: Rate
    delta: Interval
    bounds: tuple[float, float]
    """Its least and greatest value, had the unjudged been judged."""
    worst: tuple[float, float]
    """The interval under the worst of those for either side: low of the least, high of the greatest."""
    p: float
    test: str
    """What `p` comes from."""
    smallest: float
    """The least difference that so many clusters would have shown with probability 80 %."""
    lower_is_better: bool = False
    planned: bool = True
    """False for what nobody planned: exploratory, outside the family, never a finding."""
    adjusted: float = math.nan
    """p within the family of planned comparisons; NaN for an exploratory one."""
    outcome: Outcome = Outcome.NOT_SHOWN
    note: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """How often a's grade is above b's, over all pairs of samples of one context. Ties and refusals stay apart."""

    wins: Interval
    """Share of pairs in which a's grade is higher; with the three others it makes 1."""
    losses: Interval
    ties: Interval
    unjudged: float
    """Share of pairs in which either has no grade."""
    counts: tuple[int, int, int, int]
    """Pairs: won, lost, tied, unjudged."""
    contexts: int


@dataclass(frozen=True, slots=True)
class Spread:
    """One side's grades. Grades are ordered, not numbers: they have a distribution and a median, no mean."""

    shares: Mapping[str, Rate]
    """Superior, Average, Bad."""
    median: str
    unjudged: Mapping[str, int]
    """Status to count."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """People's pass rate of each side, estimated from few labels and all verdicts, and the difference."""

    a: Interval
    b: Interval
    delta: Interval
    p: float
    labelled: tuple[int, int]
    smallest: float
    dimension: str = "grade"
    note: str = ""
    planned: bool = True
    adjusted: float = math.nan
    outcome: Outcome = Outcome.NOT_SHOWN


@dataclass(frozen=True, slots=True)
class Failures:
    """How often each side has no verdict."""

    a: int
    b: int
    delta: Interval
    p: float


@dataclass(frozen=True)
class SystemsSection:
    """One task: two systems under one judge."""

    task: str
    rubrics: tuple[str, str]
    paired: str
    """`id`, `group`, `item`, or "" where nothing is shared."""
    contexts: int
    """Shared contexts; 0 unpaired."""
    a: Spread
    b: Spread
    passed: Difference
    dimensions: tuple[Difference, ...]
    """Of the share with a defect: lower is better."""
    strata: tuple[Difference, ...]
    order: Order
    failures: Failures
    corrected: tuple[Corrected, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    headline: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """One figure of both judges and its difference, over the same items."""

    name: str
    title: str
    """With its mode: positive class, weights."""
    a: Interval
    b: Interval
    delta: Interval
    note: str = ""


@dataclass(frozen=True, slots=True)
class Discordant:
    """Items on which one judge alone is right (or, without labels, alone passes), and McNemar's test of them."""

    only_a: int
    only_b: int
    p: float
    test: str


@dataclass(frozen=True)
class AgainstPeople:
    """Both judges held against people on one dimension."""

    dimension: str
    role: str
    n: int
    """Items labelled, with a word that people agree on."""
    both: int
    """Of them, judged by both: what the figures are over."""
    accuracy: Difference
    figures: tuple[Scored, ...]
    discordant: Discordant
    prevalence: float
    """Share that people pass."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BetweenJudges:
    """The two judges' grades beside each other, before anyone asks who is right."""

    labels: tuple[str, ...]
    """Of rows (a) and columns (b); the last is `unjudged`."""
    counts: tuple[tuple[int, ...], ...]
    figures: tuple[tuple[str, Interval], ...]
    """Title and value: raw agreement, kappa, AC1."""
    stricter: Difference
    discordant: Discordant


@dataclass(frozen=True, slots=True)
class Bill:
    """What one judge took. Seconds and dollars are None where they are not recorded."""

    samples: int
    unjudged: Mapping[str, int]
    calls: int
    cached_calls: int
    tokens_in: int
    tokens_out: int
    usd: float | None
    seconds: float | None = None
    """Median over samples of what its calls took, one after the other."""
    timed: int = 0
    """Samples that the median is over."""


@dataclass(frozen=True)
class JudgesSection:
    """One task: two judges on the same samples."""

    task: str
    rubrics: tuple[str, str]
    shared: int
    only: tuple[int, int]
    """Samples that one of them alone was given; they enter nothing."""
    between: BetweenJudges
    people: tuple[AgainstPeople, ...]
    bills: tuple[Bill, Bill]
    strata: tuple[Difference, ...] = ()
    """The leading difference in parts of the samples."""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    headline: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One system in people's order and in the judge's."""

    system: str
    n: int
    """Samples that people and the judge have a word on."""
    people: float
    judge: float


@dataclass(frozen=True)
class Ranking:
    """Systems in order, by people and by the judge, on the same samples."""

    task: str
    dimension: str
    role: str
    judge: str
    by: str
    """What orders them: `share that passes`, or `mean rank` where nothing says which labels pass."""
    places: tuple[Place, ...]
    """Best first, as people see it."""
    kendall: Interval
    """tau-b of the two orders."""
    spearman: Interval
    left: int
    """Labelled samples without a word of the judge, or of a tied word of people: they do not enter."""
    sentence: str = ""


@dataclass(frozen=True)
class Comparison:
    """All that `compare` found."""

    kind: str
    """`systems` or `judges`."""
    a: str
    b: str
    judges: tuple[str, str]
    sections: tuple[SystemsSection | JudgesSection, ...]
    rule: str
    """The multiple-testing rule, by name."""
    family: int
    """Planned comparisons that it is over."""
    labels: str = ""
    """The label file and the first digits of its SHA-256."""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default_factory=tuple)
    """Shown before any figure."""
    seed: int = 0
    draws: int = 1000

    @property
    def headline(self) -> str:
        """The sections' sentences."""
        return " ".join(section.headline for section in self.sections)
