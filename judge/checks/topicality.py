"""What two texts have in common: topics, content words and, where an embedder sees it, meaning; and checks on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..context import item_fields
from ..findings import Embedder, Hit
from ..records import Sample
from .identity import neutral
from .lexicon import find, near, topics
from .likeness_zh import BLIND, likeness
from .parts import options, part, parts
from .words import ngram_similarity, overlap, read, shown

_TOPIC, _WORDS, _NEAR = 0.55, 0.35, 0.4
"""What shared topics, shared content words and near topics are worth at least, on the scale of a cosine."""
_WITH_OTHERS = re.compile("[放装裝塞容收搭配盛晾挂掛填摆擺]")
_HARDLY, _SINGLE = 0.03, 0.2
"""Chinese: less likeness than this tells nothing; what single shared characters are worth, without a pair."""


class Kinship(NamedTuple):
    """How near two texts are, in [0, 1], and by what."""

    score: float
    by: str
    """`topic tea`, `words brew, kettl`, `cosine 0.52`."""


def kinship(one: str, other: str, embedder: Embedder | None) -> Kinship | None:
    """The best sign of nearness; None where nothing is shared and no embedder can see whether that means anything.

    Shared topics and words can only say that texts are near. That they are far, only the embedder says.
    """
    signs = [sign for sign in (_by_topic(one, other), _by_words(one, other)) if sign]
    if read(one).han and read(other).han and (sign := _by_characters(one, other)):
        signs.append(sign)
    cosine = embedder.similarity(neutral(one), neutral(other)) if embedder and one and other else None
    if cosine is not None:
        signs.append(Kinship(max(0.0, min(1.0, cosine)), f"cosine {cosine:.2f}"))
    elif not signs and (likeness := ngram_similarity(one, other)) >= 0.3:
        signs.append(Kinship(likeness, f"letters {likeness:.2f}"))
    return max(signs, key=lambda sign: sign.score) if signs else None


def off_item(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Speaks of another item or interest: all its topics lie far from the item's, or all products it names do."""
    options(given)
    item = joined_item(sample)
    text, interest = sample.text, part(sample, "interest")
    mine, theirs = topics(text), topics(item)
    if not mine or not theirs or read(text).roots & (read(item).roots - read(interest).roots):
        return None
    named = frozenset().union(*(topics(match.quote) for match in find(text, "product")))
    if read(text).language == "zh" and _speaks_of(sample, text, item, named=bool(named)):
        return None
    if near(mine, theirs) and not (named and not near(named, theirs) and not near(named, topics(interest))):
        return None
    return Hit(
        f"speaks of {', '.join(sorted(named or mine)[:2])}; the item is {shown(part(sample, 'title') or item)!r}",
        (shown(text),),
    )


def _speaks_of(sample: Sample, text: str, item: str, *, named: bool) -> bool:
    """Chinese: a scene (出差, 周末) is no other item where a character or a number is shared; nor is what goes in or
    beside it (放, 装, 搭), where a pair of characters is."""
    found = likeness(text, f"{item}。{'。'.join(item_fields(sample))}")
    numbers = read(text).numbers & read(item).numbers
    return bool(found.score or numbers) if not named else bool(found.shared or numbers) and _joins(text)


def _joins(text: str) -> bool:
    return _WITH_OTHERS.search(text) is not None


def off_source(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Shares hardly a content word with `fields`. `below`: share of its words; `least`: how many it must have."""
    o = options(given, fields=("source",), below=0.1, least=5)
    own, other = read(sample.text), read(parts(sample, tuple(o.fields)))
    if len(own.roots) < o.least or not other.roots or own.language != other.language:
        return None
    share = len(own.roots & other.roots) / len(own.roots)
    if share >= o.below or topics(own.raw) & topics(other.raw):
        return None
    return Hit(f"shares {share:.0%} of its content words with {' and '.join(o.fields)}", (shown(own.raw),))


def joined_item(sample: Sample) -> str:
    """The item's words without numbers' fields: title, category, features."""
    kept = sample.kept
    if (found := kept.get("item's words")) is None:
        named = item_fields(sample).items()
        found = ". ".join([text for name, text in named if not name.lower().endswith(("id", "price", "url", "sku"))])
        kept["item's words"] = found
    words: str = found
    return words


def _by_characters(one: str, other: str) -> Kinship | None:
    """Chinese: shared telling pairs of characters are worth shared words; single characters alone hardly anything."""
    found = likeness(one, other)
    if found.shared and found.share >= _HARDLY:
        said = ", ".join(found.shared[:3])
        return Kinship(min(1.0, _WORDS + 0.5 * found.share), f"characters {said} ({found.score:.2f} {BLIND})")
    return Kinship(_SINGLE, f"characters {found.score:.2f} ({BLIND})") if found.score >= _HARDLY else None


def _by_topic(one: str, other: str) -> Kinship | None:
    mine, theirs = topics(one), topics(other)
    if common := mine & theirs:
        return Kinship(_TOPIC, f"topic {', '.join(sorted(common)[:2])}")
    return Kinship(_NEAR, f"near topics {min(mine)} and {min(theirs)}") if near(mine, theirs) else None


def _by_words(one: str, other: str) -> Kinship | None:
    mine, theirs = read(one).roots, read(other).roots
    common = mine & theirs
    share = overlap(mine, theirs)
    return Kinship(min(1.0, _WORDS + 0.5 * share), f"words {', '.join(sorted(common)[:3])}") if common else None
