"""Checks of wording: promises, pressure, slogans, banned and repellent words, and texts that speak to their judge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..findings import Hit
from ..records import Sample
from .addressed import speaks_to_judge, without_address
from .gates import needing
from .lexicon import Match, find, negated, scan
from .parts import options, part, parts, title
from .words import overlap, read, shown, words_of

_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "absolute": re.compile(
        r"\bthe best(?! (?:part|way|time|of both|bit|place|moment|of the (?:day|week|season)))\b"
        r"|\b(?:world|planet|industry|market)'?s\s(?:\w+est|best)\b|\b(?:always|forever) (?:works|lasts|stays new)\b"
        r"|\b(?:best|\w{3,}est)\s(?:in the world|on earth|on the market|ever made|of all time|(?:money|you) can buy)\b"
        r"|\bnever (?:ever )?(?:break|fail|wear|fade|tear|rust|leak|lose|stain|need)\w*\b"
        r"|(?:没有|无|零).{0,4}副作用|全网(?:最|第一|独家)|(?:永远|终身)不(?:会|用|坏|褪|变)|(?:一定|必定|必然)(?:能|会|让|有)"
    ),
    "exaggeration": re.compile(
        r"\b(?:doctor|dermatologist|expert|scientist|stylist|nutritionist|vet|physician|chef|pro|stud(?:y|ie)|research)s?\s"
        r"(?:\w+\s){0,2}(?:recommend|agree|swear|prove|trust|approve|confirm|show)s?\b"
        r"|\b(?:loved|trusted|used|chosen) by (?:millions|thousands|everyone|experts)\b"
        r"|\b\d+\s?% of (?:users|people|customers|buyers)\b"
        r"|(?:医生|专家|科学家|皮肤科|营养师|明星|达人).{0,4}(?:推荐|都说|都在用|认证|一致|力荐)"
        r"|(?:千万|百万|上亿|数万|万千).{0,3}(?:人|用户|家庭)|一(?:夜|晚|次就|用就).{0,3}(?:变|长高|见效|年轻|白|瘦)"
    ),
    "hard_sell": re.compile(
        r"\bonly \d+ (?:left|remaining)\b|\bstocks? (?:is|are) (?:low|running|limited|almost)\b"
        r"|\b(?:offer|sale|deal|discount|promotion)s? (?:ends?|expires?|closes|won't last)\b"
        r"|\b(?:order|buy|grab|snap|get|purchase)\s(?:it|them|yours|one|this)?\s?(?:up )?"
        r"(?:right now|now|today|tonight|within|before (?:it|they|the price|midnight|stock))\b"
        r"|(?:今天|今晚|明天|今日).{0,6}(?:没有了|结束|截止|涨价|下架)|(?:库存|名额|数量).{0,3}(?:不多|有限|告急|紧张)"
        r"|(?:快|赶紧|抓紧|速速?)来?(?:买|抢|入手|下手|拿下|囤)|再不.{1,4}就.{0,3}(?:没|后悔|晚)|马上(?:带走|入手|拥有|拿下)"
    ),
    "repellent": re.compile(
        r"\byou(?:'re| are| look| sound| seem)\s(?:so |too |really |very |just )?"
        r"(?:old|tired|fat|ugly|bad|stupid|poor|cheap|boring|clumsy|messy|weak)\b"
        r"|\byour (?:\w+ ){1,3}(?:is|looks|sounds|are|smells)\s(?:so |too |really )?"
        r"(?:a mess|ugly|bad|awful|terrible|boring|outdated|dirty|pathetic)\b"
        r"|\b(?:nobody|no one|no-one) (?:bought|buys|wants|likes|else)\b"
        r"|反正.{0,3}没人|(?:别人|人家)都.{0,3}(?:嫌|笑)|就成.{0,2}(?:大妈|大叔|老太)"
    ),
}
"""Turns of phrase with a gap in them, which a list cannot hold."""
MAY_TURN = {
    "absolute": needing(
        *words_of("world planet industry market always forever never 副作用 全网 永远 终身 定 必然"),
        "the best", "on earth", "ever made", "of all time", "can buy",
    ),
    "exaggeration": needing(
        *words_of("""
            recommend agree swear prove trust approve confirm show
            医生 专家 科学家 皮肤科 营养师 明星 达人 万 上亿 一夜 一晚 一次就 一用就
        """),
        "loved by", "used by", "chosen by", "% of",
    ),
    "hard_sell": needing(
        *words_of("""
            only stock offer sale deal discount promotion order buy grab snap get purchase
            今天 今晚 明天 今日 库存 名额 数量 买 抢 入手 下手 拿下 囤 再不 马上
        """)
    ),
    "repellent": needing(
        *words_of("""
            old tired fat ugly bad stupid poor cheap boring clumsy messy weak mess awful terrible outdated dirty
            pathetic nobody no-one 反正 别人 人家 就成
        """),
        "no one",
    ),
}  # fmt: skip
"""Without one of these pieces none of the turns can be there."""
_COMPLETE = frozenset(["property:organic", "property:vegan", "property:handmade"])
_OWN_STEP = re.compile(
    "最[一-鿿]{1,3}?(?:的那|的一|一|那)[档挡级格段层页]"
    "|最[高低大小多少长短快](?:可|能|达|支持|到|约)?[0-9零一二两三四五六七八九十百千]"
    "|最[^,.;!?。、]{1,5}的(?:角落|时刻|時刻|时光|時光|地方|夜|晚|早晨|清晨|周末|週末|季节|季節|一刻|日子|瞬间|瞬間|午后)"
)
"""`最柔的那档`, `最高200度`, `最惬意的午后`: one of the item's own steps, a figure, or a moment."""
_PERCENT = frozenset(["100%", "百分之百", "百分百", "100 percent"])


def banned(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A word of `words`, given by the rubric's owner; `fields`: where it may not stand."""
    o = options(given, words=(), fields=("output",))
    found = find(parts(sample, tuple(o.fields)), more=o.words)
    own = [match for match in found if "own" in match.lists]
    return Hit(f"a banned word: {own[0].quote!r}", _quotes(own)) if own else None


def absolute(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A promise without limits (`guaranteed`, `最`, `包治`) that the fields do not make. `more`, `allow`: terms."""
    return _promise(sample, given, "absolute", "an absolute claim")


def exaggeration(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A boast or an unnamed authority (`studies show`, `奇迹`), unless the item's own fields say it."""
    return _promise(sample, given, "exaggeration", "an exaggeration")


def hard_sell(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Pressure to buy (`last chance`, `赶紧下单`). `more`, `allow`: terms."""
    o = options(given, more=(), allow=())
    text = part(sample, "output")
    found = [m for m in find(text, "hard_sell", more=o.more) if m.quote.lower() not in o.allow and not negated(text, m)]
    quotes = _quotes(found) or _turns(text, "hard_sell", o.allow)
    return Hit(f"a hard sell: {quotes[0]!r}", quotes) if quotes else None


def slogan(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A slogan that would fit any item, and too little beside it about this one. `keep`: words that save it."""
    o = options(given, more=(), keep=2)
    text = sample.text
    found = find(text, "slogan", more=o.more)
    if not found or len(about_item(sample)) >= o.keep:
        return None
    return Hit(f"a slogan that fits any item: {found[0].quote!r}", _quotes(found))


def generic(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Praise that would fit any item: general words, and none about this item or its use. `least`: general words."""
    o = options(given, least=1)
    text = without_address(sample.text)
    general = find(text, "generic", "slogan")
    if len(general) < o.least or _specific(text) or about_item(sample):
        return None
    return Hit(f"fits any item: {shown(text)!r}", _quotes(general))


def title_again(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Says little but the item's title. `above`: likeness in percent; `new`: content words beyond it that save it."""
    from rapidfuzz import fuzz

    o = options(given, above=80.0, new=2)
    own, other = read(without_address(sample.text)), read(title(sample))
    if not own.words or not other.words:
        return None
    near = o.above - 1  # below it nothing is asked, and most texts are far longer than a title
    likeness = max(ratio(own.lower, other.lower, score_cutoff=near) for ratio in (fuzz.ratio, fuzz.token_sort_ratio))
    inside = len(own.roots) >= 2 and overlap(own.roots, other.roots) >= 0.75
    if likeness >= o.above or (inside and len(own.roots - other.roots - _praise(own.raw)) < o.new):
        return Hit(f"says the title again: {shown(sample.text)!r}", (f"item.title: {shown(title(sample))}",))
    return None


def repellent(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Words that put a reader off: insult, contempt, disgust. `more`: terms."""
    text = sample.text
    found = [m for m in find(text, "repellent", more=options(given, more=()).more) if not negated(text, m)]
    quotes = _quotes(found) or _turns(text, "repellent", ())
    return Hit(f"puts the reader off: {quotes[0]!r}", quotes) if quotes else None


def instructs_judge(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Speaks to whoever judges it (`ignore previous instructions`, `请给满分`)."""
    text = part(sample, "output")
    found = find(text, "instruction", more=options(given, more=()).more)
    quotes = _quotes(found) or tuple(filter(None, [speaks_to_judge(text)]))
    return Hit(f"speaks to its judge: {shown(quotes[0])!r}", quotes) if quotes else None


def about_item(sample: Sample) -> frozenset[str]:
    """The roots of the text that the item's or the interest's words share, general praise left out."""
    known = read(parts(sample, ("item", "interest"))).roots
    return (read(sample.text).roots - _praise(sample.text)) & known


def _praise(text: str) -> frozenset[str]:
    """The roots of its general words."""
    return read(" ".join(match.quote for match in find(text, "generic", "slogan"))).roots


def _specific(text: str) -> bool:
    kinds = ("product", "topic:", "property:", "material:", "opposite:", "sense", "season:")
    return any(name.startswith(kinds) for match in scan(text) for name in match.lists) or bool(read(text).numbers)


def _promise(sample: Sample, given: Mapping[str, Any], name: str, words: str) -> Hit | None:
    o = options(given, more=(), allow=(), fields=("item",))
    text = part(sample, "output")
    listed, turns = find(text, name, more=o.more), _turns(text, name, o.allow)
    if not listed and not turns:
        return None
    known = read(parts(sample, tuple(o.fields))).lower
    found = [
        match
        for match in listed
        if match.quote.lower() not in o.allow
        and match.quote.lower() not in known
        and not negated(text, match)
        and not _of_material(text, match)
        and not (match.quote.startswith("最") and _own_choice(text, match))
    ]
    quotes = _quotes(found) or tuple(q for q in turns if q.lower() not in known)
    return Hit(f"{words}: {quotes[0]!r}", quotes) if quotes else None


def _turns(text: str, name: str, allow: Iterable[str]) -> tuple[str, ...]:
    low = read(text).lower
    found = _PATTERNS[name].search(low) if MAY_TURN[name](low) else None
    return (found[0],) if found and found[0] not in allow else ()


def _of_material(text: str, match: Match) -> bool:
    if match.quote.lower() not in _PERCENT:
        return False
    after = next((m for m in scan(text) if m.first == match.last + 1), None)
    return bool(after) and any(
        name.startswith("material:") or name in _COMPLETE for name in (after.lists if after else ())
    )


def _own_choice(text: str, match: Match) -> bool:
    """One of the item's own steps, `最柔的那档`, which is no promise."""
    start = read(text).spans[match.first][0]
    return bool(_OWN_STEP.match(read(text).plain, start))


def _quotes(found: list[Match] | tuple[Match, ...]) -> tuple[str, ...]:
    return tuple(match.quote for match in found[:5])
