"""What is known of each round of self-training: the records that the table and the page are made of.

A figure that could not be had is None, with its reason in `notes`; never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its 95 % interval and how many it stands on."""

    value: float | None
    """None where it is undefined."""
    low: float | None = None
    high: float | None = None
    n: int = 0
    """Rows it was computed from."""
    clusters: int | None = None
    """Prompts or groups that the interval draws as wholes; None where rows are independent."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why no further round is made."""

    rule: str
    """A name of `STOPS`: gap, diversity, yield, milestone; or `rows`."""
    words: str
    """With the figures and the threshold."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round; number 0 is the evaluation of the starting model, with nothing generated or trained."""

    number: int
    folder: Path
    model: str
    """That the evaluation set was answered by: what came out of this round's training."""
    model_in: str
    """That generated; of round 0 the same as `model`."""
    judge: str
    policy: str
    """Digest of the policy, or `uncertified`."""
    prompts: int
    """Prompts that were generated for; 0 in round 0."""
    generated: int
    """Outputs that were judged."""
    grades: Mapping[str, int]
    """Of the generated outputs (round 0: of the evaluation's): Superior, Average, Bad, and each `unjudged: STATUS`."""
    quality: Figure
    """The judge's mean quality on the evaluation set, in [0, 1]; whole prompts are drawn."""
    passing: Figure
    """Share of the evaluation set's judged outputs that are not Bad."""
    change: Figure | None
    """Of quality since round 0, paired by prompt; None in round 0."""
    diversity: Mapping[str, Figure]
    """Metric of `judge.sets` to its value on the evaluation outputs."""
    accepted: Figure
    """Share of the judged outputs that were accepted (yield)."""
    yields: Mapping[str, Mapping[str, Figure]]
    """Field to class to the share of its judged outputs that were accepted."""
    kept: int
    """Rows trained on, before export."""
    bad_expected: float | None
    """Bad rows among the kept, expected by the policy's labels; None without a policy."""
    bad_bound: float | None
    """At most, with the certificate's confidence."""
    audit: Figure | None = None
    """Precision of the accepted rows by people: the share of the audit sample that they pass; None without labels."""
    gap: Figure | None = None
    """Share of the audit sample that the judge passes minus the share that people pass."""
    milestone: str | None = None
    """ok, degraded or underpowered; None where nothing was checked."""
    milestone_reason: str = ""
    stopped: Stop | None = None
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Step to wall time."""
