"""The nouns of an agreement report: all its figures, computed; what renders it only counts and draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..coefficients.confidence import Bin
from ..intervals import Interval
from ..validity.alt_test import AltTest
from .selective import Selective


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with all that is needed to read it."""

    name: str
    """Its key: `alpha_ordinal`, `kappa`, `accuracy`, `f1_binary`, `ceiling_loo`, …"""
    title: str
    """As the field calls it, with what must be named: `Krippendorff alpha (ordinal, by marginal frequencies)`."""
    interval: Interval
    planned: int
    """Items it is about; `coverage` is the share of them that enter."""
    note: str = ""
    """Why there is no value or no interval, or the mode: positive class, averaging."""
    of: str = ""
    """Of a ceiling: the name of the figure it is the ceiling of, on whose axis it is drawn."""

    @property
    def coverage(self) -> float:
        """Share of the planned items that enter."""
        return self.interval.n / self.planned if self.planned else 0.0


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts: people's word in rows, the judge's in columns, worst first."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    unjudged: tuple[int, ...] = ()
    """For each of people's words: items on which the judge has none."""
    passing: tuple[bool, ...] = ()
    """Which labels are a pass; empty where nothing says so."""


@dataclass(frozen=True)
class Side:
    """Who agrees with whom: people among themselves, or a judge with people."""

    who: str
    figures: tuple[Figure, ...]
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Figure name to its least and greatest value had the unjudged items been judged; only where some were not."""
    confusion: Confusion | None = None
    sentences: tuple[str, ...] = ()
    """What the figures mean, the paradox flag first where coefficients diverge."""

    def figure(self, name: str) -> Figure | None:
        """The figure of that name."""
        return next((figure for figure in self.figures if figure.name == name), None)


@dataclass(frozen=True, slots=True)
class Stratum:
    """The judge on a part of the items."""

    by: str
    """`unanimity`, `system`, `language`, `length`, …"""
    value: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Reached:
    """One threshold of the precision-yield curve: what accepting all scores at or above it would give."""

    threshold: float
    accepted: float
    """Share of the judged samples accepted."""
    n: int
    """Labelled samples accepted."""
    precision: float
    """Share of those that people pass."""
    low: float
    """Exact lower 95 % bound of the precision, one-sided, this threshold alone."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sample on which people and the judge differ."""

    id: str
    text: str
    people: str
    """What each said: `alice good, bob good`."""
    judge: str
    reason: str
    distance: float
    """Points between the two on the scale; 1 on a nominal one."""


@dataclass(frozen=True)
class Section:
    """One dimension of one task, labelled by people of one role, with one judge or none."""

    task: str
    dimension: str
    role: str
    scale: str
    n: int
    """Items labelled."""
    raters: int
    labels: int
    clusters: int
    undecided: int
    """Items on which people's majority is tied."""
    distribution: Mapping[str, int]
    """How often people gave each label."""
    people: Side | None
    """None with a single rater."""
    judge: Side | None
    """None before there is a judge."""
    ceilings: tuple[Figure, ...] = ()
    alt_test: AltTest | None = None
    strata: tuple[Stratum, ...] = ()
    rounds: tuple[tuple[str, Figure], ...] = ()
    """Round of labels to the judge's leading figure on it: drift."""
    reliability: tuple[Bin, ...] = ()
    curve: tuple[Reached, ...] = ()
    selective: Selective | None = None
    """Agreement against what the judge keeps when it abstains below a confidence; None where it gives none."""
    chosen: float | None = None
    """The policy's threshold on the curve, where there is a policy."""
    disagreements: tuple[Disagreement, ...] = ()
    """The widest apart first."""
    differing: int = 0
    """Items on which people and the judge differ, of which `disagreements` may be the first; 0: those are all."""
    unjudged: Mapping[str, int] = field(default_factory=dict)
    """Status to count of labelled items without a word of the judge."""
    sentences: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`explanation.relevance`, with the role."""
        return ".".join(part for part in (self.task, self.dimension) if part) + f" ({self.role})"


@dataclass(frozen=True)
class AgreementReport:
    """All sections, with what stands above and below them."""

    headline: str
    """The sentence a manager needs."""
    judge: str
    """Its name; "" without one."""
    rubrics: tuple[str, ...]
    labels: str
    """The label file's name and the first digits of its SHA-256."""
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    """What may make a reader distrust a figure; shown before any figure."""
    opened: int = 0
    """How often the sealed test labels were opened, this time included; 0 where they stayed sealed or none exist."""
    seed: int = 0
    draws: int = 1000
    files: tuple[str, ...] = ()
    """What else was read, each with the first digits of its SHA-256."""
