"""The buffer of labels over rounds, rebalanced: rare classes gathered from all rounds, common ones faded by age.

RecGPT (arXiv 2507.22879, section 3) keeps minority labels of all past rounds and samples the majority down, newest
first, older labels admitted gradually until the classes balance. It prints no form of the decay, no rate and no target
ratio: these are ours to choose, so `half_life` and `target_ratio` have no default.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import UsageError
from .records import Label, Labels

MINORITY = ("accumulate",)
MAJORITY = ("recency_decay",)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one class in one round."""

    dimension: str
    role: str
    cls: str
    """`pass` or `fail` where the scale says which labels pass, else the label."""
    round: str
    age: int
    """Rounds since; 0 is the newest."""
    before: int
    kept: int

    @property
    def dropped(self) -> int:
        """Labels that were left out."""
        return self.before - self.kept


@dataclass(frozen=True)
class Rebalanced:
    """The labels that are left, in their order, and what became of each class in each round."""

    labels: Labels
    log: tuple[Kept, ...]


def rebalance(
    labels: Labels,
    *,
    half_life: float,
    target_ratio: float,
    minority: str = "accumulate",
    majority: str = "recency_decay",
    seed: int = 0,
) -> Rebalanced:
    """Each dimension's common classes sampled down to `target_ratio` times its rarest class.

    Of a class that is too common, a label of age a rounds is kept at the rate min(1, c * 0.5 ** (a / half_life)); c
    grows until target_ratio * (size of the rarest class) labels are kept: the newest first, older ones gradually.
    `seed` draws which labels of a round are kept, not how many. Rounds are in the order in which the file first names
    them; dimensions and roles are treated each for itself. A dimension with one class only is left as it is.
    Raises `UsageError` for a parameter that is none.
    """
    if not half_life > 0 or not target_ratio >= 1 or math.isinf(target_ratio):
        raise UsageError(f"half_life {half_life:g} must be above 0, and target_ratio {target_ratio:g} 1 or more")
    for name, said, known in (("minority", minority, MINORITY), ("majority", majority, MAJORITY)):
        if said not in known:
            raise UsageError(f"{name} {said!r} is unknown; known: {', '.join(known)}")
    age = {name: number for number, name in enumerate(reversed(labels.rounds))}
    groups: dict[tuple[str, str], dict[str, dict[int, list[int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for place, label in enumerate(labels.rows):
        groups[label.dimension, label.role][_class(label)][age[label.round]].append(place)
    chance = random.Random(seed)  # noqa: S311
    keep: set[int] = set()
    log = []
    for (dimension, role), classes in groups.items():
        quota = math.floor(target_ratio * min(_size(rounds) for rounds in classes.values()) + 1e-9)
        for name, rounds in classes.items():
            counts = {old: len(places) for old, places in sorted(rounds.items())}
            shares = counts if len(classes) == 1 else admitted(counts, quota, half_life)
            for old, places in sorted(rounds.items()):
                keep.update(chance.sample(places, shares[old]))
                log.append(Kept(dimension, role, name, _name(labels, old), old, counts[old], shares[old]))
    rows = tuple(label for place, label in enumerate(labels.rows) if place in keep)
    note = (
        f"rebalanced: {len(rows)} of {len(labels.rows)} labels kept (half-life {half_life:g} rounds, at most "
        f"{target_ratio:g} to 1, seed {seed}); agreement and rates of these labels are not those of the samples"
    )
    return Rebalanced(replace(labels, rows=rows, notes=(*labels.notes, note)), tuple(log))


def admitted(counts: Mapping[int, int], quota: int, half_life: float) -> dict[int, int]:
    """How many of each age are kept: all where they fit, else `quota` of them, at rates that halve with the age.

    Rounded by largest remainders, the newer first among equals.
    """
    if sum(counts.values()) <= quota:
        return dict(counts)
    exact = _filled(counts, quota, half_life)
    kept = {old: int(share + 1e-9) for old, share in exact.items()}
    order = sorted(counts, key=lambda old: (kept[old] - exact[old], old))
    for old in order[: quota - sum(kept.values())]:
        kept[old] += 1
    return kept


def _filled(counts: Mapping[int, int], quota: int, half_life: float) -> dict[int, float]:
    """Water-filling: c is raised until the capped shares min(n, c * weight * n) add up to the quota."""
    exact = dict.fromkeys(counts, 0.0)
    newest = min(counts)
    # ages count from the newest that is there: only ratios of weights matter, and none may vanish at once
    open_ = {old: 0.5 ** ((old - newest) / half_life) * size for old, size in counts.items()}
    left = float(quota)
    while open_:
        total = sum(open_.values())
        full = [old for old, weight in open_.items() if not total or left * weight / total >= counts[old]]
        if not full:
            return exact | {old: left * weight / total for old, weight in open_.items()}
        old = min(full)
        exact[old] = min(float(counts[old]), left)
        left -= exact[old]
        del open_[old]
    return exact


def _class(label: Label) -> str:
    passing = label.scale.passing
    if passing is None:
        return label.word
    return "pass" if label.value in passing else "fail"


def _size(rounds: Mapping[int, Sequence[int]]) -> int:
    return sum(len(places) for places in rounds.values())


def _name(labels: Labels, age: int) -> str:
    return labels.rounds[len(labels.rounds) - 1 - age]
