"""Checks of an item tag: form, breadth, brands and models, existence, the user's own past and kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .claims import brands_in
from .context import events, fields_of, today
from .findings import Hit
from .lexicon import find, near, scan, topics
from .parts import options, part, parts, profile
from .records import Sample
from .words import read, shown

_MODEL = re.compile(
    r"(?<![A-Za-z0-9-])(?:[A-Za-z]{1,6}-?\d{1,5}[A-Za-z]{0,5}\d{0,2}|[A-Z]{2,6} \d{2,5}[A-Z]{0,3}|[a-z]+[A-Z][a-z]+(?: \d+)?|\d{1,4}[A-Z]{2,3}|[A-Z][a-z]+[A-Z][a-z]+)(?![A-Za-z0-9-]|\.\d)"
)
_SPECS = re.compile(
    r"(?:ipx?\d+|spf\d+\w*|upf\d+|usb\d?|b\d{1,2}|d3|k2|q10|a[0-6]|b[0-6]|m\d{1,2}|e27|e14|gu10|cr\d{4}|aa+|mp[34]|pm2\.?5|s925|co2|h2o|r\d{2}|c\d|f\d|ps\d|no\d+"
    r"|\d+(?:gb|tb|mb|ml|cm|mm|kg|xl|xxl|hz|oz|lb|led|pc|pcs|cc|ft|in|mp|db|kw|rpm|gsm)|size\d+|dn\d+|type\d|wifi\d|ddr\d|cat\d|lv\d+|vol\d+|top\d+|3d|2d|omega3|omega6)",
    re.I,
)
_SENTENCE = re.compile(
    r"\b(?:you|your|i|we|me|my|is|are|was|makes?|helps?|buy|want|wants|feel|enjoying|because|should|please)\b|[你我您]|让|觉得|想要|因为|请|吧|吗"
)
_OF_ABSTRACT = re.compile(r"\bof\s+(?:the\s+|your\s+|eternal\s+|pure\s+)?(\w+)$")
_FREE_OF_ITSELF = re.compile(r"\b(\w{3,})[\s-](?:free|less)\s+(?:\w+\s+)?\1\b")
_NEEDS: Mapping[str, tuple[str, str]] = {
    "baby": (
        "baby",
        "baby newborn infant toddler child kid son daughter pregnant maternity parent mother father mom dad",
    ),
    "senior": ("senior", "senior elderly parent grandparent grandmother grandfather retired mother father"),
    "kids": ("kids", "child kid son daughter parent toddler school mother father mom dad teacher"),
    "cat": ("cat", "cat kitten pet"),
    "dog": ("dog", "dog puppy pet"),
}
_NEEDS_HAN = {
    "baby": "宝 婴 孕 孩 妈 爸 娃",
    "senior": "老 父母 长辈 爷 奶奶 退休",
    "kids": "孩 娃 儿 女儿 学生 妈 爸 宝",
    "cat": "猫 宠",
    "dog": "狗 犬 宠",
}
_WOMEN = re.compile(
    r"\b(?:women'?s?|woman|ladies|lady'?s?|female|girls?'|maternity|bridal)\b|女士|女款|女式|女生|女装|孕妇|少女|妇女|连衣裙|半身裙|高跟鞋|\b(?:lipstick|mascara|sundress|bikini|evening gown|high heels?)\b"
)
_MEN = re.compile(
    r"\b(?:men'?s|man'?s|mens|gentlem[ae]n'?s?|male|beard|aftershave)\b|男士|男款|男式|男生|男装|剃须|胡须"
)
_FEMALE, _MALE = (
    re.compile(r"^(?:f|female|woman|女|女性|女士)$", re.I),
    re.compile(r"^(?:m|male|man|男|男性|男士)$", re.I),
)
_ADULT = re.compile(
    r"\b(?:wine|whisky|whiskey|vodka|gin|rum|beer|cocktail|cigarettes?|cigar|vape|tobacco|sake)\b|白酒|红酒|威士忌|啤酒|香烟|电子烟|雪茄|烟草|清酒|黄酒"
)
_DIETS: Mapping[str, re.Pattern[str]] = {
    "vegetarian": re.compile(r"\b(?:beef|pork|chicken|steak|bacon|sausage|lamb|ham|jerky|fish|tuna|salmon)\b|牛肉|猪肉|鸡肉|牛排|香肠|羊肉|肉脯|鸭脖|鱼干"),
    "vegan": re.compile(r"\b(?:beef|pork|chicken|steak|bacon|jerky|cheese|milk|whey|egg|honey|leather|fish|wool)\b|牛|猪|鸡|奶|蛋|蜂蜜|真皮|鱼"),
    "素食": re.compile(r"牛肉|猪肉|鸡|牛排|香肠|羊肉|肉脯|鸭脖|鱼|虾|\bbeef\b|\bsteak\b"),
    "halal": re.compile(r"\b(?:pork|bacon|ham|wine|beer|whisky)\b|猪肉|培根|火腿|酒"),
    "清真": re.compile(r"猪|培根|火腿|酒"),
}  # fmt: skip
_DISLIKES = (
    "dislike",
    "avoid",
    "allerg",
    "exclude",
    "no_go",
    "hates",
    "blocked",
    "不喜欢",
    "过敏",
    "忌口",
    "避免",
    "屏蔽",
    "讨厌",
)


def vague(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Vague words (`smart`, `set`, `智能`) with nothing concrete beside them. `strict`: anywhere, as RecGPT's prompt asks."""
    o = options(given, more=(), strict=False)
    tag = sample.text
    found = find(tag, "vague", more=o.more)
    if found and (o.strict or not _concrete(tag)):
        return Hit(f"vague: {found[0].quote!r}", tuple(match.quote for match in found[:3]))
    return None


def broad(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A department rather than a kind of item (`outdoor sports equipment`, `家居用品`). `narrow`: modifiers that save it."""
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
    tag, now = read(sample.text), today(sample)
    if now is None or tag.length < 2:
        return None
    for event in events(sample):
        if event.when is None or not timedelta(0) <= now - event.when <= timedelta(days=o.days):
            continue
        other = read(event.text)
        inside = bool(tag.roots) and tag.roots <= other.roots
        if (
            inside
            or fuzz.token_set_ratio(tag.lower, other.lower) >= o.above
            or _within(tag.lower, other.lower, o.above)
        ):
            return Hit(f"seen on {event.when}: {shown(event.text)!r}", (event.id,), code="recently_seen")
    return None


def no_such_product(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """An abstraction, a fantasy or a contradiction in itself, where a product should be named. `more`: abstract words."""
    o = options(given, more=())
    tag = read(sample.text)
    if found := find(tag.raw, "fantasy"):
        return Hit(f"no such product: {found[0].quote!r}", (found[0].quote,))
    if found := _FREE_OF_ITSELF.search(tag.lower):
        return Hit(f"contradicts itself: {found[0]!r}", (found[0],))
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
    """What the tag is about lies far from the stated interest (a pillowcase for skincare)."""
    options(given)
    tag, interest = sample.text, part(sample, "interest")
    mine, wanted = _head_topics(tag), topics(interest)
    if not mine or not wanted or near(mine | topics(tag), wanted) or read(tag).roots & read(interest).roots:
        return None
    return Hit(
        f"about {', '.join(sorted(mine)[:2])}, the interest is {shown(interest)!r}", (shown(tag), shown(interest))
    )


def audience(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Made for someone else: age, gender, child, pet or diet, where profile and history say otherwise or say nothing."""
    o = options(given, senior_from=50, adult_from=18)
    tag = read(sample.text).lower
    who, past = profile(sample), read(parts(sample, ("history", "profile"))).lower
    if not who and not past:
        return None
    return (
        _unasked(sample, tag, past, _age(who), o.senior_from)
        or _wrong_gender(tag, who, past)
        or _forbidden(tag, who, _age(who), o.adult_from)
    )


def _unasked(sample: Sample, tag: str, past: str, age: int | None, senior_from: float) -> Hit | None:
    mine = topics(sample.text)
    past_topics = topics(past)
    for name, (topic, words) in _NEEDS.items():
        if topic not in mine or (
            len(mine) > 1 and topic in ("kids", "senior") and not find(sample.text, f"topic:{topic}")
        ):
            continue
        known = topic in past_topics or any(re.search(rf"\b{word}", past) for word in words.split())
        known = known or any(word in past for word in _NEEDS_HAN[name].split())
        if name == "senior" and age is not None and age >= senior_from:
            known = True
        if not known:
            return Hit(f"for a {_WHO[name]}, of whom profile and history know nothing", ("profile", "history"))
    return None


def _wrong_gender(tag: str, who: Mapping[str, str], past: str) -> Hit | None:
    gender = who.get("gender") or who.get("sex") or who.get("性别") or ""
    for is_one, other, words in ((_MALE, _WOMEN, "women"), (_FEMALE, _MEN, "men")):
        if is_one.match(gender.strip()) and other.search(tag) and not other.search(past):
            return Hit(f"for {words}; the profile says {gender}", (f"profile.gender: {gender}",))
    return None


def _forbidden(tag: str, who: Mapping[str, str], age: int | None, adult_from: float) -> Hit | None:
    if age is not None and age < adult_from and (found := _ADULT.search(tag)):
        return Hit(f"for adults; the user is {age}: {found[0]!r}", (f"profile.age: {age}",))
    for name, value in who.items():
        low = f"{name} {value}".lower()
        for diet, pattern in _DIETS.items():
            if diet in low and not re.search(r"vegan|vegetarian|素|plant|植物", tag) and (found := pattern.search(tag)):
                return Hit(f"against the profile ({diet}): {found[0]!r}", (f"profile.{name}: {shown(value)}",))
        if any(word in name for word in _DISLIKES) and (common := _disliked(tag, value)):
            return Hit(f"against the profile's {name}: {common!r}", (f"profile.{name}: {shown(value)}",))
    return None


def _disliked(tag: str, value: str) -> str:
    terms = [term.strip().lower() for term in re.split(r"[,;/、,]| and ", value) if term.strip()]
    low = f" {' '.join(read(tag).words)} "
    return next((t for t in terms if (t in tag if not t.isascii() else f" {' '.join(read(t).words)} " in low)), "")


def _age(who: Mapping[str, str]) -> int | None:
    text = who.get("age") or who.get("年龄") or who.get("age_range") or who.get("age_group") or ""
    found = re.search(r"\d{1,3}", text)
    return int(found[0]) if found and int(found[0]) < 120 else None


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
    return bool(read(tag).roots - read(" ".join(m.quote for m in find(tag, "vague", "broad", "department"))).roots)


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
_WHO = {"baby": "baby", "senior": "senior", "kids": "child", "cat": "cat", "dog": "dog"}
