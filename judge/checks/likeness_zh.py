"""How like two Chinese texts are by their characters, where no embedding reads them: words alone, never meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import find
from .scripts_zh import folded
from .words import read

BLIND = "by characters; the same said in other words is not seen"
"""What every word of this measure says of itself."""
_RUN = re.compile(r"[一-鿿]+")
_FREQUENT = frozenset(
    "的一是了我不人在他有这上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起"
    "发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两"
    "次使身者被高已亲其进此话常与活正感款让更等及带您适合您随每轻放再个件新超满"
)
"""Characters that stand in any text: a pair with one of them tells a quarter, one with two of them nothing."""
_BETA = 2.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score in [0, 1] and the telling pairs of characters that both texts have."""

    score: float
    shared: tuple[str, ...]
    share: float
    """Of the smaller text's telling pairs, by weight."""


@lru_cache(maxsize=1_024)
def likeness(one: str, other: str) -> Likeness:
    """chrF of one text against another (Popović 2015, section 3; n = 1 to 3, beta 2), each n-gram weighted.

    An n-gram weighs 1 without a frequent character, 0.25 with one and 0 with more; praise that fits any item is left
    out; traditional characters count as simplified ones. 0 where either text has no telling n-gram.
    """
    scores = [_f(_grams(one, n), _grams(other, n)) for n in (1, 2, 3)]
    mine, theirs = _grams(one, 2), _grams(other, 2)
    both = {gram: weight for gram, weight in mine.items() if gram in theirs and weight}
    least = min(sum(mine.values()), sum(theirs.values()))
    return Likeness(sum(scores) / len(scores), tuple(both), min(1.0, sum(both.values()) / least) if least else 0.0)


def _f(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    both = sum(weight for gram, weight in mine.items() if gram in theirs)
    own, other = sum(mine.values()), sum(theirs.values())
    if not both:
        return 0.0
    precision, recall = both / own, both / other
    return (1 + _BETA**2) * precision * recall / (_BETA**2 * precision + recall)


@lru_cache(maxsize=1_024)
def _grams(text: str, n: int) -> Mapping[str, float]:
    """The distinct n-grams of a text's Chinese runs with their weights."""
    low = read(text).lower
    for match in find(text, "generic", "slogan"):
        low = low.replace(match.quote.lower(), " ")
    grams: dict[str, float] = {}
    for run in _RUN.findall(folded(low)):
        for start in range(len(run) - n + 1):
            gram = run[start : start + n]
            frequent = sum(character in _FREQUENT for character in gram)
            grams[gram] = (1.0, 0.25, 0.0)[min(frequent, 2)] if n > 1 else float(not frequent)
    return grams
