"""The true pass rate of all the judge's samples from few labels: which method, why, and how far to trust it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...errors import Refused, UsageError
from ..intervals import Interval, interval, mean_of
from ..pairing import Pairing, Unlabelled
from ..records import ENOUGH, ENOUGH_OF_A_CLASS
from .evidence import NO_WORD, Evidence, evidence_of, of_system, systems_of
from .ppi import Estimated
from .rogan_gladen import rogan_gladen
from .sample import sample_of
from .shares import over, shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

APART = 3.0
"""So many standard errors between the judge's rates on labelled and other samples are no draw at random."""


@dataclass(frozen=True)
class Estimate:
    """The true pass rate with all that is needed to read it."""

    task: str
    dimension: str
    role: str
    judge: str
    rubric: str
    system: str
    """"" for all samples together."""
    rate: Interval
    """The estimate, of the judged samples."""
    method: str
    """`ppi`, `lee` or `people`."""
    why: str
    """The choice of method in one sentence."""
    opinion: Interval
    """The judge's own pass rate, with an interval that takes its word for the truth: not an estimate."""
    people: Interval
    """Of the labelled samples alone."""
    n: int
    """Labelled and judged."""
    unlabelled: int
    """Judged and not labelled."""
    gain: float
    """Labels this is worth, for each label there is; NaN where it is not known."""
    sensitivity: Interval
    specificity: Interval
    planned: int
    """Judged and unjudged."""
    unjudged: Counter[str]
    """Why the others have no word, with counts."""
    bounds: tuple[float, float]
    """The interval of all samples, had the unjudged all failed, and had they all passed."""
    enough: bool
    """False where the labels are too few to act on."""
    random: bool = True
    """False where the judge sees the labelled samples otherwise than the others: then it is no estimate of them all."""
    shares: Mapping[str, Estimated] = field(default_factory=dict)
    """Label to its share of all samples, where people's scale is the judge's."""
    systems: tuple[Estimate, ...] = ()
    notes: tuple[str, ...] = ()
    """What is assumed and what is wrong; the gravest first."""

    @property
    def effective(self) -> float:
        """As many labels, without a judge, would have told as much."""
        return self.n * self.gain


def estimate(
    pairing: Pairing,
    *,
    rule: str = "majority",
    method: str = "auto",
    shifted: bool = False,
    target: Unlabelled | None = None,
    by: str | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """The true pass rate of the pairing's samples, labelled and not, from people's labels and the judge's words.

    `auto` is prediction-powered inference (`ppi`); Rogan and Gladen's correction with Lee et al.'s interval where the
    labels come from another set than the samples (`shifted`, or a `target`: then the rate is of the unlabelled, or the
    target's samples alone); people's labels alone where there is no unlabelled sample. Samples drawn with known unequal
    probabilities are weighed. `by="system"` adds an estimate for each system. Raises `Refused` where the data carry no
    estimate, `UsageError` for an unknown method or cut.
    """
    if method not in ("auto", *METHODS):
        raise UsageError(f"unknown method {method!r}; known: auto, {', '.join(METHODS)}")
    if by not in (None, "system"):
        raise UsageError(f"unknown cut {by!r}; known: system")
    rest = target if target is not None else pairing.unlabelled
    shifted = shifted or target is not None
    whole = _estimate(pairing, rest, rule, method, shifted, level, seed)
    if by is None:
        return whole
    parts, left = [], []
    for name in systems_of(pairing, rest):
        own, others = of_system(pairing, rest, name)
        try:
            parts.append(replace(_estimate(own, others, rule, method, shifted, level, seed), system=name))
        except Refused as refusal:
            left.append(f"{name}: {refusal}")
    many = f"{len(parts)} systems: each interval holds alone at {level:.0%}, not all of them at once"
    return replace(whole, systems=tuple(parts), notes=(*whole.notes, *left, many))


def _estimate(
    pairing: Pairing, rest: Unlabelled | None, rule: str, method: str, shifted: bool, level: float, seed: int
) -> Estimate:
    held = evidence_of(pairing, rule, rest)
    if len(held.truth) < 2:
        raise Refused(f"{len(held.truth)} judged samples are labelled; label at least {ENOUGH}, drawn at random")
    if held.clusters is not None and len(set(held.clusters)) < 2:
        raise Refused("all labelled samples are of one cluster: nothing says how clusters differ; label several")
    chosen, why = _choice(method, shifted, held)
    rate, gain, notes = METHODS[chosen](held, level, seed)
    of = held.other if chosen == "lee" else _all(held)
    planned = len(of) + (held.unjudged.total() if chosen != "lee" else _silent(rest))
    few, apart = _too_few(held), _apart(held, chosen)
    return Estimate(
        task=pairing.task,
        dimension=pairing.dimension,
        role=pairing.role,
        judge=pairing.judge,
        rubric=pairing.rubric,
        system="",
        rate=rate,
        method=chosen,
        why=why,
        opinion=_naive(held, chosen, level),
        people=_people(held, level),
        n=len(held.truth),
        unlabelled=len(held.other),
        gain=gain,
        sensitivity=_hits(held, 1.0, level, seed),
        specificity=_hits(held, 0.0, level, seed),
        planned=planned,
        unjudged=held.unjudged if chosen != "lee" else +Counter({NO_WORD: _silent(rest)}),
        bounds=_bounds(rate, len(of), planned),
        enough=not few,
        random=not apart,
        shares=shares(pairing, rest, rule, held, level) if chosen == "ppi" else {},
        notes=(*few, *apart, *notes, *held.notes),
    )


def _choice(method: str, shifted: bool, held: Evidence) -> tuple[str, str]:
    """The method and the reason for it."""
    if method != "auto":
        if shifted and method != "lee":
            raise UsageError(
                f"labels of another set do not go with --method {method}; take lee, or leave --shifted out"
            )
        return method, f"{method} was asked for"
    if shifted:
        return "lee", "the labels come from another set, so they tell the judge's errors and not the samples' rate"
    if not len(held.other):
        return "people", "every judged sample is labelled, so the judge adds nothing"
    return "ppi", "the labels are of these samples, so the judge's word on the others makes people's labels go further"


def _by_ppi(held: Evidence, level: float, seed: int) -> tuple[Interval, float, tuple[str, ...]]:
    found = over(held, held.truth, held.judge, held.other, level, seed)
    drawn = (
        "assumed: the labelled samples were drawn at random from these"
        if held.probabilities is None
        else "labelled samples weigh one over the probability with which they were drawn, as the label file gives it"
    )
    return _interval(found), found.gain, (*found.notes, drawn)


def _by_people(held: Evidence, level: float, seed: int) -> tuple[Interval, float, tuple[str, ...]]:
    assumed = ("assumed: the labelled samples were drawn at random from these",) if len(held.other) else ()
    return _people(held, level), 1.0, assumed


def _by_lee(held: Evidence, level: float, seed: int) -> tuple[Interval, float, tuple[str, ...]]:
    if held.probabilities is not None:
        raise Refused("labels drawn with unequal probabilities cannot correct another set; take them all alike")
    passes, fails = held.truth == 1, held.truth == 0
    found = rogan_gladen(
        int(held.other.sum()),
        len(held.other),
        int((held.judge[fails] == 0).sum()),
        int(fails.sum()),
        int((held.judge[passes] == 1).sum()),
        int(passes.sum()),
        level=level,
    )
    notes = [
        *found.notes,
        "assumed: the judge errs on these samples as often as on the labelled ones of the same class",
    ]
    if held.clusters is not None:
        notes.append("this interval takes samples as independent; they share groups, so it is too short")
    count = len(held.other)
    made = Interval(found.value, found.low, found.high, count, count, method="lee", level=level)
    return made, math.nan, tuple(notes)


def _people(held: Evidence, level: float) -> Interval:
    """Of people's labels alone: the same with a judge that says nothing."""
    return _interval(over(held, held.truth, 0 * held.truth, 0 * held.other, level, 0))


def _interval(found: Estimated) -> Interval:
    return Interval(found.value, found.low, found.high, found.n, found.clusters, method=found.method, level=found.level)


def _naive(held: Evidence, method: str, level: float) -> Interval:
    """The judge's own rate of the samples the estimate is of, over their clusters."""
    if method == "lee":
        return interval(mean_of(held.other, share=True), held.other_clusters, level=level)
    grouped = held.clusters is not None or held.other_clusters is not None
    clusters = (*(held.clusters or ()), *(held.other_clusters or ())) if grouped else None
    return interval(mean_of(_all(held), share=True), clusters, level=level)


def _all(held: Evidence) -> Numbers:
    import numpy as np

    return np.concatenate([held.judge, held.other])


def _silent(rest: Unlabelled | None) -> int:
    import numpy as np

    return 0 if rest is None else int(np.isnan(rest.passed).sum())


def _hits(held: Evidence, word: float, level: float, seed: int) -> Interval:
    """How often the judge says what people say, where that is `word`."""
    import numpy as np

    right = np.where(held.truth == word, (held.judge == word).astype(float), np.nan)
    return interval(mean_of(right, share=True), held.clusters, level=level, seed=seed)


def _bounds(rate: Interval, judged: int, planned: int) -> tuple[float, float]:
    """The interval's ends, with every unjudged sample a failure, and with every one a pass."""
    known = judged / planned if planned else math.nan
    return rate.low * known, rate.high * known + 1 - known


def _too_few(held: Evidence) -> tuple[str, ...]:
    passes = int(held.truth.sum())
    fails = len(held.truth) - passes
    lacking = [
        f"{count} {what} ({needed} needed)"
        for count, what, needed in (
            (passes + fails, "labels", ENOUGH),
            (passes, "passes", ENOUGH_OF_A_CLASS),
            (fails, "failures", ENOUGH_OF_A_CLASS),
        )
        if count < needed
    ]
    return (f"too few to act on: {', '.join(lacking)}",) if lacking else ()


def _apart(held: Evidence, method: str) -> tuple[str, ...]:
    """A warning where the judge sees the labelled samples otherwise than the others."""
    if method == "lee" or held.probabilities is not None or len(held.other) < 2:
        return ()
    own = sample_of(0 * held.truth, held.judge, held.other, held.clusters, held.other_clusters, None).moments
    gap, error, _ = own.solve(own.sums(), tuning=1.0)
    if not abs(float(gap)) > APART * float(error):
        return ()
    return (
        f"the judge passes {held.judge.mean():.1%} of the labelled samples and {held.other.mean():.1%} of the others: "
        "they look not drawn at random; label a random draw, or take --shifted if they come from another set",
    )


METHODS: Mapping[str, Callable[[Evidence, float, int], tuple[Interval, float, tuple[str, ...]]]] = {
    "ppi": _by_ppi,
    "lee": _by_lee,
    "people": _by_people,
}
"""How to estimate: (evidence, level, seed) to the rate, the gain and what to say with it."""
