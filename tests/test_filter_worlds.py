"""Filters in simulated worlds whose judge's error is known: how often they are less right than they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from recjudge.errors import Refused
from recjudge.human_labels import Aim, Policy, calibrate
from recjudge.human_labels.policy import grid_of
from recjudge.human_labels.policy.calibrate import _accept
from recjudge.training import Selection, filter_rows
from recjudge.training.bad_rows import bad_rows
from scipy.stats import binom

import worlds
from filtered import NOW, policy, row

Numbers = np.ndarray[Any, np.dtype[Any]]
PRECISION, CONFIDENCE = 0.95, 0.95
AIM = Aim(precision=PRECISION, confidence=CONFIDENCE)


@dataclass(frozen=True)
class World:
    """P(people pass | score), and how scores fall."""

    passes: Callable[[Numbers], Numbers]
    scores: Callable[[np.random.Generator, int], Numbers] = lambda random, n: np.round(random.random(n), 3)

    def draw(self, random: np.random.Generator, n: int) -> tuple[Numbers, Numbers]:
        scores = self.scores(random, n)
        return scores, (random.random(n) < self.passes(scores)).astype(float)

    def precision(self, threshold: float) -> float:
        """Of all that has this score or more, in the population."""
        scores = self.scores(np.random.default_rng(99), 200_000)
        return float(self.passes(scores[scores >= threshold]).mean())


WORLDS = {
    "good": World(lambda s: 1 / (1 + np.exp(-14 * (s - 0.4)))),
    "steep": World(lambda s: (s > 0.5) * 0.975 + 0.01),
    "overconfident": World(lambda s: 0.6 + 0.39 * s),
    "just below": World(lambda s: np.full(len(s), 0.9495), lambda random, n: np.full(n, 0.9)),
    "at the limit": World(lambda s: np.where(s > 0.4, 0.95, 0.3)),
    "top is bad": World(lambda s: np.where(s > 0.9, 0.9, 0.99)),
}


def _most(n: int, share: float) -> int:
    """So many of n are a share of at most `share`, a chance of one in a thousand left for the simulation."""
    return int(binom.ppf(0.999, n, share))


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_a_filter_is_less_right_than_it_says_in_one_world_of_twenty_at_most(name: str) -> None:
    certified, wrong, exceeded = simulated(WORLDS[name], 1000)
    assert wrong <= _most(1000, 1 - CONFIDENCE)
    assert exceeded <= _most(1000, 1 - CONFIDENCE)
    assert certified > (400 if name in ("good", "steep") else 0)


def simulated(world: World, n: int) -> tuple[int, int, int]:
    """Of n worlds: with a line, with one less right than it says, and with more bad rows than the bound."""
    random, line = np.random.default_rng(7), policy().lines[0]
    wrong = exceeded = certified = 0
    for _ in range(n):
        (scores, passed), (pool, good) = world.draw(random, 500), world.draw(random, 400)
        accept, _, _ = _accept(scores, passed, grid_of(np.concatenate([scores, pool])), AIM)
        if accept is None:
            continue
        taken = pool >= accept
        made = replace(line, accept=accept, precision=PRECISION, confidence=CONFIDENCE)
        bound = bad_rows(made, VERDICTS[: int(taken.sum())], 0).bound
        assert bound is not None
        certified += 1
        wrong += world.precision(accept) < PRECISION - 1e-9
        exceeded += int((good[taken] == 0).sum()) > bound
    return certified, wrong, exceeded


VERDICTS = [row(f"v{place}").verdict for place in range(400)]


@pytest.mark.slow
def test_the_whole_way_from_labels_to_kept_rows_is_as_right_as_it_says() -> None:
    world, random, n = World(lambda s: np.where(s > 0.4, 0.97, 0.3)), np.random.default_rng(11), 500
    wrong = exceeded = certified = 0
    for _ in range(n):
        made = _calibrated(world, random)
        if made is None:
            continue
        certified += 1
        pool, good = world.draw(random, 150)
        bad = {f"r{place}" for place in np.flatnonzero(good == 0)}
        rows = [row(f"r{place}", float(score)) for place, score in enumerate(pool)]
        filtered = filter_rows(rows, made, options=Selection(seed=certified), now=NOW)
        inside = [one.sample.id in bad for one in filtered.kept]
        wrong += world.precision(made.lines[0].accept or 0) < PRECISION - 1e-9
        exceeded += sum(inside) > filtered.certificate.bad["bound_kept"]
    assert certified > 100
    assert wrong <= _most(n, 1 - CONFIDENCE)
    assert exceeded <= _most(n, 1 - CONFIDENCE)


def _calibrated(world: World, random: np.random.Generator) -> Policy | None:
    try:
        return calibrate(worlds.pairing(*world.draw(random, 900)), AIM, now=NOW)
    except Refused:
        return None
