"""Which samples people label: a random draw with known probabilities, spread over clusters."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...errors import UsageError
from ...judge import Sample, Verdict

Drawable = Sample | Verdict


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample to be labelled, and how probable it was that it would be."""

    sample: Drawable
    probability: float
    stratum: str = ""


def draw(samples: Sequence[Drawable], n: int | None = None, *, by: str | None = None, seed: int = 0) -> list[Drawn]:
    """n samples (all without n), in the order of the file.

    Within a stratum a systematic draw over the clusters in random order, each cluster's samples in random order: every
    sample has the same probability n/N, and no cluster gives more than its share rounded up (Särndal, Swensson and
    Wretman 1992, Model Assisted Survey Sampling, section 3.4). by: `system`, `group`, `item` or `task`; n is shared
    among the strata by size, each gets one at least. Raises `UsageError` for an unknown stratum or n below 1.
    """
    if n is not None and n < 1:
        raise UsageError(f"n is {n}; draw 1 sample at least")
    if by is not None and by not in BY:
        raise UsageError(f"samples cannot be drawn by {by!r}; known: {', '.join(BY)}")
    strata: dict[str, list[int]] = defaultdict(list)
    for place, sample in enumerate(samples):
        strata[BY[by](sample) if by else ""].append(place)
    sizes = {name: len(places) for name, places in strata.items()}
    shares = sizes if n is None or n >= len(samples) else _shares(sizes, n)
    chance = random.Random(seed)  # noqa: S311
    found = []
    for name in sorted(strata):
        for place in _systematic(strata[name], samples, shares[name], chance):
            found.append((place, Drawn(samples[place], shares[name] / sizes[name], name)))
    return [drawn for _, drawn in sorted(found, key=lambda pair: pair[0])]


def _systematic(places: Sequence[int], samples: Sequence[Drawable], n: int, chance: random.Random) -> list[int]:
    clusters: dict[str, list[int]] = defaultdict(list)
    for place in places:
        clusters[_cluster(samples[place])].append(place)
    names = sorted(clusters)
    chance.shuffle(names)
    line = []
    for name in names:
        chance.shuffle(clusters[name])
        line += clusters[name]
    start, step = chance.random(), Fraction(len(line), n)
    # exact steps from a start in [0, step): n places, each sample's probability 1/step
    first = Fraction(start) * step
    return [line[int(first + number * step)] for number in range(n)]


def _shares(sizes: dict[str, int], n: int) -> dict[str, int]:
    """n by size, by largest remainders; one at least where n allows it."""
    if n < len(sizes):
        raise UsageError(f"{n} samples cannot cover {len(sizes)} strata; draw {len(sizes)} at least, or leave out --by")
    total = sum(sizes.values())
    exact = {name: Fraction(n * size, total) for name, size in sizes.items()}
    shares = {name: max(1, int(share)) for name, share in exact.items()}
    while sum(shares.values()) < n:
        shares[max(sorted(sizes), key=lambda name: exact[name] - shares[name])] += 1
    while sum(shares.values()) > n:
        shares[
            min(sorted(name for name in sizes if shares[name] > 1), key=lambda name: exact[name] - shares[name])
        ] -= 1
    return shares


def _cluster(sample: Drawable) -> str:
    return sample.group or sample.parent or sample.item or sample.id


BY: dict[str, Callable[[Drawable], str]] = {
    "system": lambda sample: sample.system or "",
    "group": lambda sample: sample.group or "",
    "item": lambda sample: sample.item or "",
    "task": lambda sample: sample.task,
}
