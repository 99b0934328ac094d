"""People among themselves: every coefficient of their scale, and the ceiling that no judge can be asked to pass."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..codes import numbered
from ..coefficients.metrics import METRICS, figure_sums
from ..intervals import Interval, Limits, Sums, interval
from ..records import Table
from ..validity.ceilings import attainable, drawn, leave_one_out
from .report import Figure, Side
from .settings import Settings

_SHARES = ("accuracy", "balanced", "precision", "recall", "specificity", "f1", "majority", "prevalence", "brier", "ece",
           "label_divergence")  # fmt: skip
SIGNED = ("bias", "bias_index")
"""Metrics whose sign is that of an order between two raters, which people among themselves do not have."""
MOST_RATERS = 8
"""With more raters than this, figures of rater pairs are not averaged: a crowd's pairs share too few items."""


@dataclass(frozen=True)
class PeopleSide:
    """What people's table gives; both empty with a single rater."""

    side: Side | None
    ceilings: tuple[Figure, ...] = ()


def people_side(table: Table, clusters: Sequence[Hashable], using: Settings) -> PeopleSide:
    """Figures of people among themselves; none with a single rater, and none on items that one rater labelled."""
    if not shared(table):
        return PeopleSide(None)
    groups: Any = numbered(clusters)  # once for all figures
    figures = tuple(
        figure(name, metric.title, figure_sums(table, name), groups, len(table.ids), using)
        for name, metric in METRICS.items()
        if suits(name, table)
        and name not in SIGNED
        and (metric.raters == "any" or 2 <= len(table.raters) <= MOST_RATERS)
    )
    return PeopleSide(Side("people", figures), ceilings(table, groups, using))


def ceilings(table: Table, clusters: Sequence[Hashable], using: Settings) -> tuple[Figure, ...]:
    """The noise ceilings: a rater against the others, a drawn label against all, and a judge without any error."""
    measure = measure_of(table)
    words = {"agreement": "agreement with the others' majority"}.get(measure, f"{measure} with the others' mean")
    made = [
        ("ceiling_loo", f"Leave-one-out ceiling: a rater's {words}", leave_one_out(table, measure), "judge_loo"),
        ("ceiling_drawn", "Drawn-label ceiling (optimistic: the label is inside the mean)",
         drawn(table, using.seed, measure), "judge_loo"),
    ]  # fmt: skip
    if measure == "spearman":
        title = "Reliability ceiling: what a judge without error would reach with people's mean, sqrt(reliability)"
        made.append(("ceiling_reliability", title, attainable(table, measure), "spearman_mean"))
    return tuple(
        replace(figure(name, title, sums, clusters, len(table.ids), using), of=of) for name, title, sums, of in made
    )


def distribution(table: Table) -> dict[str, int]:
    """How often each label was given; of a continuous scale, nothing."""
    if table.scale is None or not table.scale.codes:
        return {}
    return {table.scale.word(code): int((table.values == code).sum()) for code in table.codes}


def figure(
    name: str, title: str, sums: Sums, clusters: Sequence[Hashable], planned: int, using: Settings, note: str = ""
) -> Figure:
    """A statistic with its interval over clusters, and why it has none."""
    found = interval(sums, clusters, draws=using.draws, seed=using.seed, limits=limits_of(name))
    return Figure(name, title, found, planned, "; ".join(part for part in (note, _why(found)) if part))


def limits_of(name: str) -> Limits:
    """The least and the greatest value a figure can have, by its name."""
    plain = name.removesuffix("_mean")
    if plain in METRICS:
        return METRICS[plain].limits
    if name in ("ceiling_loo", "ceiling_drawn", "ceiling_reliability", "judge_loo"):
        return (-1.0, 1.0)
    return (0.0, 1.0) if name.startswith(_SHARES) else (None, None)


def shared(table: Table) -> bool:
    """True when two raters share an item."""
    import numpy as np

    return bool(((~np.isnan(table.values)).sum(axis=1) >= 2).any())


def suits(name: str, table: Table) -> bool:
    """Is the metric meant for this scale?"""
    kind = table.scale.kind if table.scale else "ordinal"
    return kind in METRICS[name].kinds


def measure_of(table: Table) -> str:
    """How closeness is measured on this scale: by ranks where labels are ordered, else by being equal."""
    kind = table.scale.kind if table.scale else "ordinal"
    return "agreement" if kind in ("nominal", "binary") else "spearman"


def _why(found: Interval) -> str:
    if found.value != found.value:
        return "not defined: too few items, or no variation in what was said"
    if found.low != found.low and found.clusters < 2:
        return "no interval: one cluster"
    if found.low != found.low:
        return "no interval: resamples do not vary, or are undefined too often"
    return ""
