"""What cannot be learned, what was not, and what of the rest to be careful about."""

from __future__ import annotations

import math

from ...human_labels import Interval
from ...judge.student import Target
from .evaluating import Order
from .listwise import Lists
from .records import Examples

FEWEST = 2
"""Contexts with something to order, in clusters of their own: with fewer nothing can be held out."""
COIN = "cannot be told from a coin on held-out pairs"
ROUGH = "a rough guess, fewer than 10 clusters have something to order"
NO_INTERVAL = "no interval can be had: too few clusters, or no variation between them"
DOUBTS = (COIN, ROUGH, NO_INTERVAL)


def too_little(examples: Examples, name: str) -> str:
    """Why a target cannot be learned; empty where it can."""
    import numpy as np

    values, groups = examples.values(name), examples.groups(name)
    known = values[~np.isnan(values)]
    if len(np.unique(known)) < 2:
        return f"one level only, on all {len(known)} samples"
    lists = Lists.of(values, groups)
    clusters = {int(examples.clusters[place]) for rows in lists.places for place in rows[:, 0]}
    if len(clusters) < FEWEST:
        return f"something to order in {len(clusters)} clusters, {FEWEST} are needed"
    return ""


def unlearned(target: Target, found: Order) -> str:
    """Why what was tried was not learned, with its figure; empty where it was.

    A coin orders half of the held-out pairs. A slope of 0 says that cross-fitted scores go against the labels: the
    target would give every sample the same answer, which is no word on any.
    """
    accuracy = found.accuracy
    if math.isnan(accuracy.value):
        return "no held-out pair can be ordered"
    figure = f"{_shown(accuracy)} of {found.pairs} held-out pairs in order"
    if accuracy.value <= 0.5:
        return f"{figure}, no more than a coin"
    return "" if target.learned else f"{figure}, but over all contexts its scores go against its labels"


def doubts(found: Order) -> list[str]:
    """What to be careful about, of a target that was learned."""
    told = []
    if math.isnan(found.accuracy.low):
        told.append(NO_INTERVAL)
    elif found.accuracy.low <= 0.5:
        told.append(COIN)
    if found.accuracy.clusters < 10:
        told.append(ROUGH)
    return told


def _shown(found: Interval) -> str:
    numbers = [f"{number:.3f}".replace("0.", ".", 1) for number in (found.value, found.low, found.high)]
    return numbers[0] if math.isnan(found.low) else f"{numbers[0]} [{numbers[1]}, {numbers[2]}]"
