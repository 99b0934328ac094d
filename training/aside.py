"""What the audit has seen stays out of training: its words in their context, whichever system wrote them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from ..judge import Sample
from ..judge.sets import normalise, repeats
from .rows import Row


def words_in_context(sample: Sample) -> str:
    """A name for what is said and about what: equal whoever wrote it, under any id, in any case and spacing.

    An output without a word is named as it stands.
    """
    import orjson

    said: Any = normalise(sample.text) or sample.output
    parts = [sample.task, said, sample.context, sample.group, sample.item]
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


def seen_by_the_audit(
    rows: Sequence[Row], aside: Sequence[Row], near: float | None, within: Callable[[Row], Hashable], seed: int = 0
) -> dict[int, str]:
    """Places of rows that say what a row put aside says, to the reason; near: also those this alike, `within` a class.

    They must go: people's word on a row checks nothing once its words are trained on.
    """
    ids = {words_in_context(row.sample): row.sample.id for row in reversed(aside)}
    found = {
        place: f"the same words as {ids[name]}, put aside for people"
        for place, row in enumerate(rows)
        if (name := words_in_context(row.sample)) in ids
    }
    if near is None or not aside:
        return found
    put, own = _classes(aside, within), _classes(rows, within)
    for kind in put.keys() & own.keys():
        places = [place for place in own[kind] if place not in found]
        texts = [rows[place].sample.text for place in places]
        for at, other in _near([aside[place].sample.text for place in put[kind]], texts, near, seed).items():
            found[places[at]] = f"near-duplicate of {aside[put[kind][other]].sample.id}, put aside for people"
    return found


def _classes(rows: Sequence[Row], within: Callable[[Row], Hashable]) -> Mapping[Hashable, list[int]]:
    classes: dict[Hashable, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        classes[row.sample.task, within(row)].append(place)
    return classes


def _near(put: Sequence[str], texts: Sequence[str], least: float, seed: int) -> dict[int, int]:
    """Place of a text to the place of one put aside that it is near.

    Of those put aside that are alike only the first would be compared: so each takes its turn as a first one.
    """
    copies: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        copies[normalise(text)].append(at)
    found: dict[int, int] = {}
    turn = list(range(len(put)))
    while turn and copies:
        same = repeats([*(put[place] for place in turn), *copies], least=least, seed=seed)
        for place, ats in enumerate(copies.values(), len(turn)):
            if (first := same.get(place, place)) < len(turn):
                found |= {at: found.get(at, turn[first]) for at in ats}
        turn = [turn[place] for place in same if place < len(turn)]
    return found
