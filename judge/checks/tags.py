"""Checks of an item tag: form, breadth, brands and models, existence, and what the user saw of late."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ..context import events, fields_of, today
from ..findings import Hit
from ..records import Sample
from .addressed import speaks_to_judge, without_address
from .claims import brands_in
from .evidence import SPORTS
from .lexicon import find, near, scan, topics
from .parts import options, part
from .words import Text, read, shown

_MODEL = re.compile(
    r"(?<![A-Za-z0-9-])(?:[A-Za-z]{1,6}-?\d{1,5}[A-Za-z]{0,5}\d{0,2}|[A-Z]{2,6} \d{2,5}[A-Z]{0,3}|\d{1,4}[A-Z]{2,3}"
    r"|[a-z]+[A-Z][a-z]+(?: \d+)?|[A-Z][a-z]+[A-Z][a-z]+)(?![A-Za-z0-9-]|\.\d)"
)
"""`WH-1000XM5`, `RTX 4090`, `8SE`, `iPhone 15`, `NexStar`."""
_SPECS = re.compile(
    r"(?:ipx?\d+|spf\d+\w*|upf\d+|usb\d?|[bm]\d{1,2}|d3|k2|q10|[ab][0-6]|e27|e14|gu10|cr\d{4}|aa+|mp[34]|pm2\.?5|s925|co2"
    r"|h2o|r\d{2}|[cf]\d|ps\d|no\d+|size\d+|dn\d+|type\d|wifi\d|ddr\d|cat\d|lv\d+|vol\d+|top\d+|[23]d|omega[36]"
    r"|\d+(?:gb|tb|mb|ml|cm|mm|kg|xl|xxl|hz|oz|lb|led|pc|pcs|cc|ft|in|mp|db|kw|rpm|gsm))",
    re.IGNORECASE,
)
"""Sizes, standards and vitamins, which look like models."""
_SENTENCE = re.compile(
    r"\b(?:you|your|i|we|me|my|is|are|was|makes?|helps?|buy|want|wants|feel|enjoying|because|should|please)\b"
    r"|[你我您]|让|觉得|想要|因为|请|吧|吗"
)
_OF_ABSTRACT = re.compile(r"\bof\s+(?:the\s+|your\s+|eternal\s+|pure\s+)?(\w+)$")
_FREE_OF_ITSELF = re.compile(r"\b(\w{3,})[\s-](?:free|less)\s+(?:\w+\s+)?\1\b")


def vague(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Vague words (`smart`, `set`, `智能`) and nothing concrete beside them. `strict`: anywhere, as RecGPT asks."""
    o = options(given, more=(), strict=False)
    tag = sample.text
    found = find(tag, "vague", *(() if o.strict else ("generic",)), more=o.more)
    if found and (o.strict or not _concrete(tag)):
        return Hit(f"vague: {found[0].quote!r}", tuple(match.quote for match in found[:3]))
    return None


def broad(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A department rather than a kind of item (`outdoor equipment`, `家居用品`). `narrow`: modifiers that save it."""
    o = options(given, more=(), narrow=2)
    tag = sample.text
    found = find(tag, "broad", "department", more=o.more)
    heads = [match for match in found if match.last == len(read(tag).tokens) - 1]
    if not heads or find(tag, "product"):
        return None
    general = read(" ".join(m.quote for m in find(tag, "broad", "department", "vague", more=o.more))).roots
    modifiers = len(read(tag).roots - general) if read(tag).language != "zh" else _han_left(tag, o.more) // 2
    if modifiers >= o.narrow:
        return None
    return Hit(f"too broad to search with: {shown(tag)!r}", (heads[0].quote,))


def brand_or_model(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Names a brand (known, or given by the item or the history) or a model number. `more`, `allow`: names."""
    o = options(given, more=(), allow=())
    tag = read(sample.text)
    allowed = {name.lower() for name in o.allow}
    for name in [*brands_in(sample.text), *_context_brands(sample), *o.more]:
        low = name.lower()
        if (
            low not in allowed
            and len(low) > 1
            and re.search(rf"(?<!\w){re.escape(low)}(?!\w)" if low.isascii() else re.escape(low), tag.lower)
        ):
            return Hit(f"names a brand: {name!r}", (name,), code="brand_or_model")
    for found in _MODEL.finditer(tag.plain):
        if (
            not _SPECS.fullmatch(found[0].replace("-", "").replace(" ", ""))
            and found[0].lower() not in allowed
            and not _counted(found[0])
        ):
            return Hit(f"names a model: {found[0]!r}", (found[0],), code="brand_or_model")
    return None


def recently_seen(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """The tag was clicked, bought or searched within `days` before `context.now`. `above`: likeness in percent."""
    from rapidfuzz import fuzz

    o = options(given, days=30, above=88.0)
    tag, now = read(without_address(sample.text)), today(sample)
    if now is None or tag.length < 2:
        return None
    for event in events(sample):
        if event.when is None or not timedelta(0) <= now - event.when <= timedelta(days=o.days):
            continue
        other = read(event.text)
        if (
            any(part.roots and part.roots <= other.roots for part in _beginnings(tag, sample.text))
            or fuzz.token_set_ratio(tag.lower, other.lower) >= o.above
            or _within(tag.lower, other.lower, o.above)
        ):
            return Hit(f"seen on {event.when}: {shown(event.text)!r}", (event.id,), code="recently_seen")
    return None


def no_such_product(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """An abstraction, a fantasy or a contradiction in itself, where a product belongs. `more`: abstract words."""
    o = options(given, more=())
    tag = read(sample.text)
    if found := find(tag.raw, "fantasy"):
        return Hit(f"no such product: {found[0].quote!r}", (found[0].quote,))
    if itself := _FREE_OF_ITSELF.search(tag.lower):
        return Hit(f"contradicts itself: {itself[0]!r}", (itself[0],))
    names = {name for match in scan(tag.raw) for name in match.lists}
    for name in names:
        if name.startswith("property:") and f"opposite:{name[9:]}" in names:
            return Hit(f"contradicts itself: {name[9:].replace('_', ' ')} and its opposite", (shown(tag.raw),))
    return _abstract(tag.raw, tuple(o.more)) or _impossible(tag.raw)


def tag_form(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Not a tag but a sentence or a list. `words`, `characters`: the longest English and Chinese tag."""
    o = options(given, words=7, characters=14)
    tag = read(sample.text)
    if found := _SENTENCE.search(tag.lower):
        return Hit(f"a sentence, not a tag: {found[0]!r}", (shown(tag.raw),))
    if tag.length > (o.characters if tag.language == "zh" else o.words) or re.search(r"[,;。!?、]", tag.plain):
        return Hit(f"not a tag: {shown(tag.raw)!r}", (shown(tag.raw),))
    return None


def off_interest(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """What the tag is about, or the sport it is made for, lies far from the interest (a pillowcase for skincare)."""
    options(given)
    tag, interest = without_address(sample.text), part(sample, "interest")
    mine, wanted = _head_topics(tag), topics(interest)
    made_for = topics(tag) - mine
    if not mine or not wanted or read(tag).roots & read(interest).roots:
        return None
    if near(mine | made_for, wanted) and (not made_for or not made_for <= SPORTS or near(made_for, wanted)):
        return None
    mine = mine if not near(mine, wanted) else made_for
    return Hit(
        f"about {', '.join(sorted(mine)[:2])}, the interest is {shown(interest)!r}", (shown(tag), shown(interest))
    )


def _beginnings(tag: Text, whole: str) -> list[Text]:
    """The tag; by its beginnings too where it is too long or speaks to its judge: no tail hides what it names."""
    most = 14 if tag.language == "zh" else 7
    words = [token for token in tag.tokens if token.text[0].isalnum()]
    if len(words) <= most and not speaks_to_judge(whole):
        return [tag]
    return [tag, *(read(tag.plain[: token.end]) for token in words[1:most])]


def _head_topics(tag: str) -> frozenset[str]:
    """Topics of the core word: a modifier (`dew heater strap`) says little of what the thing is for."""
    tokens = read(tag).tokens
    end = next((place for place, token in enumerate(tokens) if token.text in ("for", "with")), len(tokens))
    return frozenset(name[6:] for m in scan(tag) if m.last == end - 1 for name in m.lists if name.startswith("topic:"))


def _concrete(tag: str) -> bool:
    if find(tag, "product"):
        return True
    if read(tag).language == "zh":
        return _han_left(tag, ()) > 1
    return bool(
        read(tag).roots - read(" ".join(m.quote for m in find(tag, "vague", "generic", "broad", "department"))).roots
    )


def _han_left(tag: str, more: tuple[str, ...]) -> int:
    left = read(tag).plain
    for match in find(tag, "broad", "department", "vague", more=more):
        left = left.replace(match.quote, "")
    return read(left).han


def _context_brands(sample: Sample) -> list[str]:
    fields = fields_of(sample.context.get("item"))
    brands = [text for name, text in fields.items() if name.lower().rpartition(".")[2] in _BRAND_FIELDS]
    history = sample.context.get("history")
    entries = history if isinstance(history, (list, tuple)) else ()
    brands += [str(e[name]) for e in entries if isinstance(e, Mapping) for name in _BRAND_FIELDS if e.get(name)]
    return [brand for brand in brands if brand.lower() not in _NO_BRAND]


def _within(tag: str, event: str, above: float) -> bool:
    from rapidfuzz import fuzz

    return not tag.isascii() and len(tag) <= len(event) and fuzz.partial_ratio(tag, event) >= above


def _abstract(tag: str, more: tuple[str, ...]) -> Hit | None:
    text = read(tag)
    found = find(tag, "abstract", more=more)
    ending = _OF_ABSTRACT.search(text.lower)
    of = bool(ending and any(match.quote.lower() == ending[1] for match in found))
    if found and (of or found[-1].last == len(text.tokens) - 1 or not _has_thing(tag)):
        return Hit(f"no product: {found[-1].quote!r} is an idea", (found[-1].quote,))
    return None


def _has_thing(tag: str) -> bool:
    return any(n in ("product", "broad") or n.startswith("topic:") for m in scan(tag) for n in m.lists)


def _impossible(tag: str) -> Hit | None:
    made = [
        m
        for m in scan(tag)
        if any(
            f"material:{name}" in m.lists
            for name in ("cotton", "wool", "silk", "linen", "cashmere", "leather", "fleece_material")
        )
    ]
    thing = [m for m in find(tag, "product") if m.last == len(read(tag).tokens) - 1]
    kinds = {name for m in thing for name in m.lists if name.startswith("topic:")}
    if (
        made
        and thing
        and kinds
        and kinds <= {f"topic:{name}" for name in ("snacks", "nutrition", "computer", "gaming", "tools", "drone")}
    ):
        return Hit(f"no such product: {made[0].quote} {thing[0].quote}", (made[0].quote, thing[0].quote))
    return None


def _counted(text: str) -> bool:
    return bool(re.fullmatch(r"(?:of|in|for|to|set|pack|size|under|over|age)[- ]?\d+\w*", text, re.I))


_BRAND_FIELDS = ("brand", "品牌", "manufacturer", "maker")
_NO_BRAND = frozenset(["", "none", "generic", "unbranded", "no brand", "无品牌", "无", "其他", "other"])
