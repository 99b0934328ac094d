"""How much of what a text says its facts do not bear out: how sure a found falsehood is. It finds none by itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .quantities import Quantity
from .words import SMALL, read, words_of

CONTRADICTED, ABSENT = 1.0, 0.8
"""What one false claim weighs."""
_LEAST = 0.25
_FOREIGN, _TURNED = 2.0, 0.3
_REACH = 3
_NOT = words_of("""
    not no never without cannot nor neither isn't aren't wasn't weren't doesn't don't didn't hasn't haven't won't can't
    couldn't wouldn't shouldn't 不 没 无 未 非 勿
""")


def severity(wrong: Iterable[float], text: str, facts: str) -> float:
    """In [0, 1): 1 - exp(-x), x the weights of the false claims, twice the share of content words that the facts do not
    have, and 0.3 for each word denied in one of the two and not in the other. It rises with each."""
    own = read(text).roots
    foreign = len(own - read(facts).roots) / len(own) if own else 0.0
    return 1 - math.exp(-(math.fsum(wrong) + _FOREIGN * foreign + _TURNED * len(turned(text, facts))))


def distance(amount: Quantity, known: Sequence[Quantity]) -> float:
    """What a number that the facts do not have weighs: 0.25 beside its neighbour, up to 1 where it is twice as much."""
    alike = [other for other in known if other.kind == amount.kind and other.value]
    off = min((abs(amount.value - other.value) / abs(other.value) for other in alike), default=1.0)
    return _LEAST + (1 - _LEAST) * min(1.0, off)


def turned(text: str, facts: str) -> frozenset[str]:
    """Words that one of the two only denies and the other only affirms; `not` reaches over three words."""
    true, untrue = _known(facts)
    if not untrue and _NOT.isdisjoint(read(text).texts):
        return frozenset()
    yes, no = _said(text)
    return ((no - yes) & (true - untrue)) | ((yes - no) & (untrue - true))


@lru_cache(maxsize=2_048)
def _known(facts: str) -> tuple[frozenset[str], frozenset[str]]:
    """`_said` of an item's facts, which several texts are about."""
    return _said(facts)


def _said(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Content words that are affirmed somewhere, and those that are denied somewhere."""
    yes: set[str] = set()
    no: set[str] = set()
    left = 0
    for word in read(text).texts:
        if word in _NOT or word in ",.;:!?。，、\n":
            left = _REACH if word in _NOT else 0
        elif word in SMALL:
            left -= 1
        else:
            (no if left > 0 else yes).add(word)
            left -= 1
    return frozenset(yes), frozenset(no)
