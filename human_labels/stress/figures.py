"""From pairs to figures: drift with its interval, what moved, what rose, what fell; and whether the relation holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..intervals import Interval
from .changes import (
    SAME,
    SHOWN,
    Drift,
    Example,
    Given,
    at_floor,
    by_sample,
    can_fall,
    changes_of,
    drifts_of,
    example_of,
    examples_of,
    forms_of,
    has_moved,
    has_risen,
    is_foreign,
    is_lower,
    mean_over,
    share_of,
)
from .passes import Pair, scores, words
from .relation import FACTUAL, FLUENT, Limit, Relation, watched

FOREIGN_FLOOR = 0.95
"""Least share of another sample's artefacts that are Bad, have no grade, or are lower than the sample's own."""


@dataclass(frozen=True)
class Outcome:
    """What a relation found of a judge."""

    relation: Relation
    limit: Limit
    samples: int
    """Those of which it could make a variant."""
    variants: int
    """Those that were judged, with their samples."""
    unjudged: int
    """Variants of which, or of whose sample, a call did not come off; in no figure."""
    not_applicable: Mapping[str, int]
    """Why no variant could be made of a sample, with counts."""
    unsound: Mapping[str, int]
    """Why variants were thrown away by their validity check, with counts."""
    drifts: tuple[Drift, ...] = ()
    figures: Mapping[str, Interval] = field(default_factory=dict)
    """Shares and coefficients by name: moved, raised, floor, foreign, tau, lowered, …"""
    floored: int = 0
    """Samples that had the worst label (`floor`: grade) before anything was changed: they cannot fall, and do not enter
    `tau` and `foreign`."""
    holds: bool | None = None
    """None where nothing could be measured, and, of a judge that wavers, where a mean is beyond its limit while its
    interval reaches it."""
    why: str = ""
    """What decided it, in words."""
    worst: tuple[Example, ...] = ()
    forms: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Each kind of change to (variants judged, variants that moved)."""


def outcome(given: Given, not_applicable: Mapping[str, int], unsound: Mapping[str, int], samples: int) -> Outcome:
    """All figures of one relation, over the pairs whose calls came off."""
    judged = Given(
        given.relation, tuple(p for p in given.pairs if not p.failed), given.rubrics, given.steady, given.seed
    )
    found = Outcome(
        given.relation, given.limit, samples, len(judged.pairs), len(given.pairs) - len(judged.pairs), not_applicable,
        unsound, forms=forms_of(judged),
    )  # fmt: skip
    if not judged.pairs:
        return _with(found, why="nothing to be judged: " + ("; ".join(not_applicable) or "no variant was judged"))
    return _RULES[given.relation.kind](judged, found)


def _same(given: Given, found: Outcome) -> Outcome:
    drifts, limit = drifts_of(given), given.limit
    moved = share_of(given, [has_moved(pair, given) for pair in given.pairs])
    worst = max((abs(drift.change.value) for drift in drifts), default=0.0)
    held = _held(given, [(moved, limit.moved), *((_size(drift.change), limit.drift) for drift in drifts)])
    why = f"{_count(moved)} moved; largest drift {worst:.2f}"
    return _with(
        found, drifts=drifts, figures={"moved": moved}, holds=held, why=why,
        worst=examples_of(given, lambda pair: max(map(abs, changes_of(pair, given).values()), default=0.0)),
    )  # fmt: skip


def _no_gain(given: Given, found: Outcome) -> Outcome:
    drifts, limit = drifts_of(given), given.limit
    raised = share_of(given, [has_risen(pair, given) for pair in given.pairs])
    moved = share_of(given, [has_moved(pair, given) for pair in given.pairs])
    top = max(drifts, key=lambda drift: drift.change.value, default=None)
    rise = top.change.value if top else 0.0
    held = _held(given, [(raised, limit.raised), *((drift.change, limit.drift) for drift in drifts)])
    why = f"{_count(raised)} raised; highest drift {rise:+.2f}" + (f" ({top.dimension})" if top else "")
    return _with(
        found, drifts=drifts, figures={"raised": raised, "moved": moved}, holds=held, why=why,
        worst=examples_of(given, lambda pair: max(changes_of(pair, given).values(), default=0.0)),
    )  # fmt: skip


def _floor(given: Given, found: Outcome) -> Outcome:
    junk = Given(given.relation, tuple(p for p in given.pairs if not is_foreign(p)), given.rubrics, given.steady)
    foreign = Given(
        given.relation, tuple(p for p in given.pairs if is_foreign(p) and can_fall(p)), given.rubrics, given.steady
    )
    stuck = sum(is_foreign(pair) and not can_fall(pair) for pair in given.pairs)
    figures = {}
    if junk.pairs:
        figures["floor"] = share_of(junk, [at_floor(pair) for pair in junk.pairs])
    if foreign.pairs:
        figures["foreign"] = share_of(foreign, [at_floor(pair) or is_lower(pair, given) for pair in foreign.pairs])
    least = {"floor": given.limit.floor or 0.0, "foreign": FOREIGN_FLOOR}
    broken = any(share.value < least[name] - SAME for name, share in figures.items())
    names = {"floor": "junk", "foreign": "another sample's"}
    said = {"floor": "at the floor", "foreign": "there or lower"}
    why = "; ".join(f"{names[name]}: {_count(share)} {said[name]}" for name, share in figures.items())
    above = [pair for pair in junk.pairs if not at_floor(pair)]
    above += [pair for pair in foreign.pairs if not (at_floor(pair) or is_lower(pair, given))]
    chosen = tuple(example_of(pair, given) for pair in above[:SHOWN])
    return _with(found, figures=figures, floored=stuck, holds=not broken, why=why, worst=chosen)


def _falls(given: Given, found: Outcome) -> Outcome:
    rows, floored = _rows(given)
    if not rows:
        return _with(found, floored=floored, why=_unmeasured(floored))
    main = [row for row in rows if not row.side]
    figures = {}
    if main:
        figures = {
            "tau": _mean_tau(main, given),
            "lowered": _share([row.lowered for row in main], main, given),
            "relabelled": _share([row.relabelled for row in main], main, given),
            "rose": _share([row.rose for row in main], main, given),
        }
    for side in sorted({row.side for row in rows if row.side}):
        figures[f"tau {side}"] = _mean_tau([row for row in rows if row.side == side], given)
    taus = [value.value for name, value in figures.items() if name.startswith("tau")]
    return _with(
        found, figures=figures, drifts=drifts_of(given), floored=floored, why=_said(figures),
        holds=given.limit.tau is None or max(taus) <= given.limit.tau + SAME,
        worst=tuple(
            example_of(row.last, given) for row in sorted(rows, key=lambda row: -row.tau)[:SHOWN] if row.tau > -1 + SAME
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """A sample's levels of one side under one dimension."""

    side: str
    cluster: str
    last: Pair
    tau: float
    lowered: bool
    relabelled: bool
    rose: bool


def _rows(given: Given) -> tuple[list[_Row], int]:
    """All rows, and how many samples had the worst label before; three levels at least, of a single kind two."""
    found, floored = [], set()
    for pairs in by_sample(given):
        rubric, side = given.rubrics[pairs[0].sample.task], pairs[0].variant.side
        for name in watched(sorted(given.relation.watch), rubric):
            said = words(pairs[0].before, rubric).get(name)
            if said == 0:
                floored.add((pairs[0].sample.id, name))
            steps = _steps(pairs, name, given) if said else []
            if said is None or len(steps) < (2 if side else 3):
                continue
            last = words(pairs[-1].after, rubric).get(name)
            rose = any(later[1] > steps[0][1] + SAME for later in steps[1:])
            lowered = steps[-1][1] < steps[0][1] - SAME
            relabelled = last is not None and last < said
            found.append(_Row(side, pairs[0].cluster, pairs[-1], _tau(steps), lowered, relabelled, rose))
    return found, len(floored)


def _mean_tau(rows: Sequence[_Row], given: Given) -> Interval:
    return mean_over([row.tau for row in rows], [row.cluster for row in rows], given.seed, limits=(-1.0, 1.0))


def _share(hits: Sequence[bool], rows: Sequence[_Row], given: Given) -> Interval:
    return mean_over([float(hit) for hit in hits], [row.cluster for row in rows], given.seed, share=True)


def _said(figures: Mapping[str, Interval]) -> str:
    parts = []
    if "tau" in figures:
        parts.append(
            f"tau-b {figures['tau'].value:.2f} over {figures['tau'].n} samples; lowered by the worst level: "
            f"{_count(figures['lowered'])}, to another label: {_count(figures['relabelled'])}"
        )
    kinds = [f"{name[4:]} {one.value:.2f} ({one.n})" for name, one in figures.items() if name.startswith("tau ")]
    return "; ".join(parts + ([f"one kind alone, tau-b (samples): {', '.join(kinds)}"] if kinds else []))


def _apart(given: Given, found: Outcome) -> Outcome:
    figures: dict[str, Interval] = {}
    said, broken = [], False
    for side, own, other in (("fluency", FLUENT, FACTUAL), ("facts", FACTUAL, FLUENT)):
        pairs = [pair for pair in given.pairs if pair.variant.side == side]
        main, cross = _side(pairs, own, given), _side(pairs, other, given)
        if main is None or cross is None:
            continue
        figures |= {f"{side} spoilt: its own": main, f"{side} spoilt: the other": cross}
        allowed = (given.limit.cross or 0.0) * abs(main.value)
        failed = main.value >= -SAME or abs(cross.value) > allowed + SAME
        broken = broken or failed
        said.append(f"{side} spoilt: its own {main.value:+.2f}, the other {cross.value:+.2f}")
    if not figures:
        return _with(found, why="no pair had a label on both sides")
    worst = examples_of(given, lambda pair: _strayed(pair, given))
    return _with(found, figures=figures, drifts=drifts_of(given), holds=not broken, why="; ".join(said), worst=worst)


def _side(pairs: Sequence[Pair], names: frozenset[str], given: Given) -> Interval | None:
    """Mean change over the dimensions of a side; None without a pair."""
    values = [(pair, value) for pair in pairs if (value := _mean_change(pair, names, given)) is not None]
    if not values:
        return None
    return mean_over([value for _, value in values], [pair.cluster for pair, _ in values], given.seed)


def _mean_change(pair: Pair, names: frozenset[str], given: Given) -> float | None:
    own = watched(sorted(names), given.rubrics[pair.sample.task])
    found = [change for name, change in changes_of(pair, given).items() if name in own]
    return math.fsum(found) / len(found) if found else None


def _strayed(pair: Pair, given: Given) -> float:
    return abs(_mean_change(pair, FACTUAL if pair.variant.side == "fluency" else FLUENT, given) or 0.0)


def _steps(pairs: Sequence[Pair], name: str, given: Given) -> list[tuple[int, float]]:
    """(level, score), the original first; levels without a label left out."""
    rubric = given.rubrics[pairs[0].sample.task]
    found = [(0, scores(pairs[0].before, rubric).get(name))]
    found += [(pair.variant.level, scores(pair.after, rubric).get(name)) for pair in pairs]
    return sorted((level, value) for level, value in found if value is not None)


def _tau(steps: Sequence[tuple[int, float]]) -> float:
    """Kendall's tau-b of level and score; 0 where the score never moves: a judge that saw nothing of it."""
    together = ties = 0
    pairs = [(one, other) for at, one in enumerate(steps) for other in steps[at + 1 :]]
    for (_, before), (_, after) in pairs:
        ties += abs(after - before) <= SAME
        together += 0 if abs(after - before) <= SAME else 1 if after > before else -1
    return together / math.sqrt(len(pairs) * (len(pairs) - ties)) if ties < len(pairs) else 0.0


def _held(given: Given, asked: Sequence[tuple[Interval, float | None]]) -> bool | None:
    """Whether no figure is beyond its limit; None where one is, of a judge that wavers, and its interval is not."""
    beyond = [(found, most) for found, most in asked if most is not None and found.value > most + SAME]
    if not beyond:
        return True
    sure = given.steady or any(not found.low <= most for found, most in beyond)
    return False if sure else None


def _size(change: Interval) -> Interval:
    """Of a change either way: how far it is from none."""
    if change.value < 0:
        change = replace(change, value=-change.value, low=-change.high, high=-change.low)
    return change


def _count(share: Interval) -> str:
    return f"{round(share.value * share.n)} of {share.n}"


def _unmeasured(floored: int) -> str:
    return "the judge gave no label that could fall" + (f"; {floored} had the worst before" if floored else "")


def _with(found: Outcome, **more: object) -> Outcome:
    return replace(found, **more)  # type: ignore[arg-type]


_RULES = {"same": _same, "no_gain": _no_gain, "floor": _floor, "falls": _falls, "apart": _apart}
"""Kind of relation to what decides it."""
