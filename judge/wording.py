"""Checks of wording: promises, pressure, slogans, banned and repellent words, and texts that speak to their judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .findings import Hit
from .lexicon import Match, find, negated, scan
from .parts import options, part, parts, title
from .records import Sample
from .words import overlap, read, shown

_PERCENT = frozenset(["100%", "百分之百", "百分百", "100 percent"])


def banned(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A word of `words`, given by the rubric's owner; `fields`: where it may not stand."""
    o = options(given, words=(), fields=("output",))
    found = find(parts(sample, tuple(o.fields)), more=o.words)
    own = [match for match in found if "own" in match.lists]
    return Hit(f"a banned word: {own[0].quote!r}", _quotes(own)) if own else None


def absolute(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A promise without limits (`guaranteed`, `最`, `包治`), unless the item's own fields say it. `more`, `allow`: terms."""
    return _promise(sample, given, "absolute", "an absolute claim")


def exaggeration(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A boast or an unnamed authority (`studies show`, `奇迹`), unless the item's own fields say it."""
    return _promise(sample, given, "exaggeration", "an exaggeration")


def hard_sell(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Pressure to buy (`last chance`, `赶紧下单`). `more`, `allow`: terms."""
    o = options(given, more=(), allow=())
    text = part(sample, "output")
    found = [m for m in find(text, "hard_sell", more=o.more) if m.quote.lower() not in o.allow and not negated(text, m)]
    return Hit(f"a hard sell: {found[0].quote!r}", _quotes(found)) if found else None


def slogan(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A slogan that would fit any item, with too little beside it that is about this one. `keep`: words that save it."""
    o = options(given, more=(), keep=2)
    text = sample.text
    found = find(text, "slogan", more=o.more)
    if not found or len(about_item(sample)) >= o.keep:
        return None
    return Hit(f"a slogan that fits any item: {found[0].quote!r}", _quotes(found))


def generic(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Praise that would fit any item: general words, and none about this item or its use. `least`: general words."""
    o = options(given, least=1)
    text = sample.text
    general = find(text, "generic", "slogan")
    if len(general) < o.least or about_item(sample) or _specific(text):
        return None
    return Hit(f"fits any item: {shown(text)!r}", _quotes(general))


def title_again(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Says little but the item's title. `above`: likeness in percent; `new`: content words beyond the title that save it."""
    from rapidfuzz import fuzz

    o = options(given, above=80.0, new=2)
    own, other = read(sample.text), read(title(sample))
    if not own.words or not other.words:
        return None
    likeness = max(fuzz.ratio(own.lower, other.lower), fuzz.token_sort_ratio(own.lower, other.lower))
    beyond = own.roots - other.roots - read(" ".join(m.quote for m in find(own.raw, "generic", "slogan"))).roots
    inside = own.roots and overlap(own.roots, other.roots) >= 0.75 and len(beyond) < o.new and len(own.roots) >= 2
    if likeness >= o.above or inside:
        return Hit(f"says the title again: {shown(sample.text)!r}", (f"item.title: {shown(title(sample))}",))
    return None


def repellent(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Words that put a reader off: insult, contempt, disgust. `more`: terms."""
    text = sample.text
    found = [m for m in find(text, "repellent", more=options(given, more=()).more) if not negated(text, m)]
    return Hit(f"puts the reader off: {found[0].quote!r}", _quotes(found)) if found else None


def instructs_judge(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Speaks to whoever judges it (`ignore previous instructions`, `请给满分`)."""
    found = find(part(sample, "output"), "instruction", more=options(given, more=()).more)
    return Hit(f"speaks to its judge: {found[0].quote!r}", _quotes(found)) if found else None


def about_item(sample: Sample) -> frozenset[str]:
    """The roots of the text that the item's or the interest's words share, general praise left out."""
    praise = read(" ".join(m.quote for m in find(sample.text, "generic", "slogan"))).roots
    known = read(parts(sample, ("item", "interest"))).roots
    return (read(sample.text).roots - praise) & known


def _specific(text: str) -> bool:
    kinds = ("product", "topic:", "property:", "material:", "opposite:", "sense", "season:")
    return any(name.startswith(kinds) for match in scan(text) for name in match.lists) or bool(read(text).numbers)


def _promise(sample: Sample, given: Mapping[str, Any], name: str, words: str) -> Hit | None:
    o = options(given, more=(), allow=(), fields=("item",))
    text, known = part(sample, "output"), read(parts(sample, tuple(o.fields))).lower
    found = [
        match
        for match in find(text, name, more=o.more)
        if match.quote.lower() not in o.allow
        and match.quote.lower() not in known
        and not negated(text, match)
        and not _of_material(text, match)
    ]
    return Hit(f"{words}: {found[0].quote!r}", _quotes(found)) if found else None


def _of_material(text: str, match: Match) -> bool:
    after = next((m for m in scan(text) if m.first == match.last + 1), None)
    named = bool(after) and any(name.startswith(("material:", "property:")) for name in (after.lists if after else ()))
    return match.quote.lower() in _PERCENT and named


def _quotes(found: list[Match] | tuple[Match, ...]) -> tuple[str, ...]:
    return tuple(match.quote for match in found[:5])
