"""An estimate of a true pass rate as lines, a table and JSON: what they say is computed already."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ..human_labels import Estimate, Interval
from ..human_labels.estimation import Estimated, LabelPlan

ESTIMATE_COLUMNS = ("", "value", "interval", "n", "by")
_METHODS = {
    "ppi": "prediction-powered inference (PPI++)",
    "lee": "Rogan and Gladen's correction, Lee et al.'s interval",
    "people": "people's labels alone",
}


def estimate_lines(found: Estimate) -> Iterator[str]:
    """The sentence a manager needs, then what it rests on, then every note."""
    yield f"{_name(found)}: {_headline(found)}"
    yield f"  judge    {found.judge} on {found.rubric}"
    yield f"  method   {_METHODS[found.method]}: {found.why}"
    if not math.isnan(found.gain) and found.unlabelled:
        yield f"  labels   {found.n}, worth {found.effective:.0f} without a judge ({found.gain:.2f} times as many)"
    if found.unjudged:
        parts = ", ".join(f"{count} {status}" for status, count in found.unjudged.most_common())
        yield f"  unjudged {parts}; had all failed, or all passed: {_ends(*found.bounds)} of all {found.planned}"
    for note in found.notes:
        yield f"  note     {note}"


def estimate_rows(found: Estimate) -> Iterator[tuple[str, ...]]:
    """Rows of `ESTIMATE_COLUMNS`: the estimate, people alone, the judge's opinion, its errors, systems and labels."""
    yield _row("true pass rate", found.rate, f"{found.n} + {found.unlabelled} judged")
    yield _row("people's labels alone", found.people)
    yield _row("the judge's opinion", found.opinion, by="its word taken for the truth")
    yield _row("sensitivity (passes it passes)", found.sensitivity)
    yield _row("specificity (failures it fails)", found.specificity)
    for part in found.systems:
        yield _row(f"system {part.system}", part.rate, f"{part.n} + {part.unlabelled} judged", _state(part))
    for label, share in found.shares.items():
        yield _row(f"share of {label}", share, str(share.n))


def estimate_json(found: Estimate) -> dict[str, Any]:
    """The estimate for machines; what is not measured is null."""
    return asdict(found) | {
        # asdict makes of a Counter one of pairs
        "unjudged": {str(status): count for status, count in found.unjudged.items()},
        "effective": found.effective,
        "systems": [estimate_json(part) for part in found.systems],
    }


def label_plan_rows(plans: list[LabelPlan]) -> Iterator[tuple[str, ...]]:
    """Rows of (goal, labels, clusters, what for)."""
    for plan in plans:
        yield plan.goal, f"{plan.n:,}", f"{plan.clusters:,}", plan.words


def _name(found: Estimate) -> str:
    return ".".join(part for part in (found.task, found.dimension) if part) + f", labels by {found.role}"


def _headline(found: Estimate) -> str:
    of = "samples of the other set" if found.method == "lee" else "judged samples"
    rate = f"{found.rate.value:.1%} of the {found.opinion.n} {of} truly pass"
    worth = "" if found.enough else "; too few labels to act on it"
    worth += "" if found.random else "; not to be acted on: the labels look not drawn at random"
    return f"{rate}, {found.rate.level:.0%} interval {_ends(found.rate.low, found.rate.high)}{worth}"


def _row(what: str, found: Interval | Estimated, n: str = "", by: str = "") -> tuple[str, ...]:
    if math.isnan(found.value):
        return what, "not measured", "", n or str(found.n), by
    clusters = f"{found.n} in {found.clusters} groups" if found.clusters < found.n else str(found.n)
    ends = "none" if math.isnan(found.low) else _ends(found.low, found.high)
    return what, f"{found.value:.1%}", ends, n or clusters, by or found.method


def _state(part: Estimate) -> str:
    return part.rate.method if part.enough else f"{part.rate.method}; too few labels to act on"


def _ends(low: float, high: float) -> str:
    return f"{low:.1%} to {high:.1%}"
