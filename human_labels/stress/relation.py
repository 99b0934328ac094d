"""What a relation is: a change of a sample of which it is known how a good judge's word may move. It knows no judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

from ...judge import Sample
from ...rubrics import Rubric

Kind = Literal["same", "no_gain", "floor", "falls", "apart"]
"""`same`: nothing moves. `no_gain`: nothing rises. `floor`: the grade is the worst, or there is none. `falls`: the more
of it, the lower. `apart`: one side falls, the other stays."""
Run = Literal["probe", "again", "moved", "turned"]
"""How the variant is judged: beside the originals; again, in a ledger of its own; in other order, under other names,
one at a time; under the rubric with its criteria and codes in reverse order."""

FACTUAL = frozenset(["factuality", "truthfulness", "consistency", "faithfulness", "correctness", "groundedness"])
FLUENT = frozenset(["fluency", "grammar", "readability", "grammaticality"])
COVERING = frozenset(["relevance", "coverage", "completeness"])


@dataclass(frozen=True)
class Variant:
    """A changed sample, and what is known of the change."""

    sample: Sample
    what: str
    """The change in words: `trailing space`, `number ±1 %`."""
    level: int = 1
    """How much of it; the original is level 0."""
    side: str = ""
    """Of kind `apart` which side was spoilt, `fluency` or `facts`; of kind `falls` a row of levels of its own, named by
    what was changed."""


@dataclass(frozen=True)
class World:
    """What a generator may draw on."""

    random: Random
    others: Sequence[Sample] = ()
    """All samples of the run."""
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)


@dataclass(frozen=True)
class Limit:
    """What still passes; None where nothing is asked. Drift is in steps of a dimension's scale (or of the grade)."""

    drift: float | None = None
    """Of the mean, in the worst dimension: either way for `same`, upwards for `no_gain`."""
    moved: float | None = None
    """Share of pairs of which a label or the grade changed."""
    raised: float | None = None
    """Share of pairs of which a label or the grade rose."""
    floor: float | None = None
    """Least share of variants at the floor."""
    tau: float | None = None
    """Greatest mean of Kendall's tau-b between level and score within a sample."""
    cross: float | None = None
    """Drift of the side that was left alone, as a share of the drift of the one that was spoilt."""


Made = tuple[Variant, ...] | str
"""Variants, or why there are none."""


@dataclass(frozen=True)
class Relation:
    """One row of the table: how samples are changed, and how far a judge's word may move."""

    number: int
    name: str
    kind: Kind
    make: Callable[[Sample, World], Made]
    sound: Callable[[Sample, Variant], str]
    """The validity check: empty, or what is wrong with a variant; such a one is counted and never judged."""
    exact: Limit
    """Of a judge that says the same whenever it is asked the same (no model behind it)."""
    noisy: Limit
    """Of any other."""
    meaning: str
    watch: frozenset[str] = frozenset()
    """Dimensions that count; empty: all, and the grade."""
    run: Run = "probe"


def changed(sample: Sample, output: object, what: str, *, level: int = 1, side: str = "") -> Variant:
    """The sample with another output."""
    return Variant(replace(sample, output=output), what, level, side)  # type: ignore[arg-type]


def watched(names: Sequence[str], rubric: Rubric) -> tuple[str, ...]:
    """The rubric's dimensions whose name or alias is one of these."""
    return tuple(dim.name for dim in rubric.dimensions if {dim.name, *dim.aliases} & set(names))
