"""Checks of form: is it there at all, whole, in the right language, and made of words? English and Chinese."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from operator import eq
from typing import Any

from ..findings import Hit
from ..records import Sample
from .breaks import breaks_inside
from .gates import needing
from .grammar import slips
from .lexicon import find
from .parts import options, part
from .words import Text, read, shown, words_of

_NAMES = r"item|user|interest|product|name|title|brand"
_SLOT = re.compile(
    rf"\{{\{{?\s*[\w .]{{1,40}}\}}\}}?|<\s*/?(?:{_NAMES}|explanation|answer|output)[\w ]*>"
    rf"|\[(?:insert |your |the )?(?:{_NAMES}|商品|用户|兴趣|品牌)[^\]\n]{{0,20}}\]|【(?:商品|用户|兴趣|品牌)[名称]*】"
    r"|```|\$\{|%s\b|\bX{3,}\b|\blorem ipsum\b|\bdolor sit amet\b|\bconsectetur adipiscing\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\s*(?:explanation|reason|recommendation|output|answer|tag|item tag|interest"
    r"|推荐理由|理由|解释|标签|兴趣|输出|回答)\s*:",
    re.IGNORECASE,
)
MAY_SLOT = needing("{", "<", "[", "【", "```", "%s", "xxx", "lorem ipsum", "dolor sit amet", "consectetur adipiscing")
_BARE = frozenset(
    [
        "n/a",
        "na",
        "null",
        "none",
        "undefined",
        "nan",
        "ok",
        "okay",
        "solution",
        "thought process",
        "answer",
        "解",
        "解答",
        "todo",
        "tbd",
        "-",
        "无",
        "暂无",
        "待定",
        "空",
    ]
)
_HANGING = words_of("""
    the a an and or but your our their its of because than which very from into is are that with to for my his her so
    while plus as if
""")
_HANGING_SOFT = words_of("to for with that is are from so as if her")
_HANGING_HAN = tuple("因为 而且 以及 并且 或者 但是 所以 和 与 及 让你 为你 把 被 、 ,".split())  # noqa: SIM905 (read as words)
_HAN_OK = (
    *"参与 给与 温和 柔和 暖和 谐和 随和 饱和 平和 缓和 普及 触及 以及其他".split(),  # noqa: SIM905
    *"来得及 来不及 涉及 提及 顾及 亲和 祥和 醇和 中和 总和".split(),  # noqa: SIM905
    *"绒被 棉被 丝被 毛被 凉被 薄被 厚被 夏被 冬被 床被 盖被 条被 调被 芯被 子被 一把 两把 拖把 车把 门把 手把".split(),  # noqa: SIM905
)
_STRANDED = re.compile(r"\b(?:to|you|we|they|can|worth|that|it)\s(?:\w+\s){1,3}\w+\W*$")
"""A preposition may end a clause: `the kettle to travel with`."""
_NO_NOUN = re.compile(r"(?:为你|给你|带来|一款|一个|一种|这款)[^,。是会能]{0,12}的$")
_BRACKETS = {"(": ")", "[": "]", "“": "”", "「": "」", "《": "》"}


def schema(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A field of the artefact is missing or blank. `fields`: those that must be there."""
    fields = options(given, fields=()).fields
    output = {"text": sample.output} if isinstance(sample.output, str) else sample.output
    for name in fields:
        value = output.get(name)
        if not isinstance(value, str) or not read(value).words:
            return Hit(f"the field {name!r} is missing or blank", (f"output.{name}",))
    return None


def blank(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """No words at all: empty, marks and symbols only, or a lone `N/A`."""
    options(given)
    text = read(sample.text)
    if text.language == "none" or text.lower.strip(" .。:") in _BARE:
        return Hit(f"has no words: {shown(sample.text) or 'nothing'!r}", (shown(sample.text),))
    return None


def placeholder(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Left over from a template or a chat: an unfilled slot, a label, `as an AI language model`. `more`: terms.

    `most`: words of a text beyond which it is not looked at: a long answer may hand over a template, and go step by
    step. 0 looks at all.
    """
    o = options(given, more=(), most=0)
    more, text = o.more, read(part(sample, "output"))
    if o.most and text.length > o.most:
        return None
    for pattern, may in ((_SLOT, MAY_SLOT(text.lower)), (_LABEL, ":" in text.plain)):
        if may and (found := pattern.search(text.plain)):
            return Hit(f"a template's leftover: {found[0].strip()!r}", (found[0].strip(),))
    first = find(text.raw, "placeholder", more=more)
    return Hit(f"words of a template or a chat: {first[0].quote!r}", (first[0].quote,)) if first else None


def may_be_placeholder(text: Text, *, slot: bool) -> bool:
    """False of a text that has neither a slot nor a label. `slot`: whether it passes `MAY_SLOT`."""
    return slot or ":" in text.plain


def echo(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Says again what was asked, instead of answering. `fields`: where the request stands; `above`: likeness."""
    from rapidfuzz import fuzz

    o = options(given, fields=("prompt",), above=90.0)
    text = read(sample.text).lower
    for name in o.fields:
        asked = read(part(sample, name)).lower
        if asked and len(text) >= 8 and fuzz.ratio(text, asked, score_cutoff=o.above):
            return Hit(f"says its {name} again: {shown(text)!r}", (name,))
    return None


def length(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Shorter or longer than a band: words, or Chinese characters without marks and spaces (RecGPT asks for 6-10)."""
    o = options(given, field="text", words=(1, 60), characters=(1, 120))
    text = read(part(sample, o.field))
    low, high = o.characters if text.language == "zh" else o.words
    if low <= text.length <= high:
        return None
    unit = "characters" if text.language == "zh" else "words"
    return Hit(f"has {text.length} {unit}, the band is {low} to {high}", (f"{text.length} {unit}",))


def repetition(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A word three times or at once twice, a phrase or a sentence twice. `field`: which part is looked at."""
    text = read(part(sample, options(given, field="text").field))
    found = _doubled(text) or _frequent(text) or _phrase_again(text)
    return Hit(f"repeats itself: {shown(found)!r}", (shown(found),)) if found else None


def cut_off(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Breaks off: ends in a comma, a joining word or an open bracket; or where another sentence begins."""
    options(given)
    text = read(sample.text)
    end = text.lower.rstrip(" \"'”’」》")
    last = text.words[-1] if text.words else ""
    soft = last in _HANGING_SOFT and (text.length < 6 or _STRANDED.search(text.lower))
    if end.endswith((",", ";", ":", "、", "-", "(")) or _open_bracket(text.plain):
        return Hit(f"breaks off: {end[-30:]!r}", (end[-30:],))
    if text.language == "en" and last in _HANGING and end[-1:].isalpha() and not soft:
        return Hit(f"breaks off after {last!r}", (end[-30:],))
    if text.language == "zh" and text.length > 3 and _hangs(end):
        return Hit(f"breaks off: {end[-12:]!r}", (end[-12:],))
    inside = breaks_inside(text, sample.context)
    return Hit(f"breaks off inside: {inside!r}", (inside,)) if inside else None


def _hangs(end: str) -> bool:
    return (end.endswith(_HANGING_HAN) and not end.endswith(_HAN_OK)) or bool(_NO_NOUN.search(end))


def grammar(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """English only: at least `least` grave slips (agreement, verb form, a doubled word). Spelling is not counted."""
    o = options(given, field="text", least=1)
    text = read(part(sample, o.field))
    if text.language != "en" or text.length < 3:
        return None
    found = slips(text.plain)
    return (
        Hit(f"ungrammatical: {found[0].words}", tuple(slip.quote for slip in found[:3]))
        if len(found) >= o.least
        else None
    )


def _doubled(text: Text) -> str:
    doubled = text.again and any(map(eq, text.texts, text.texts[1:]))
    for one, two in pairwise(text.tokens) if doubled else ():
        if (
            one.text == two.text
            and one.text.isascii()
            and one.text.isalpha()
            and one.text not in ("that", "had", "very", "so")
        ):
            return text.plain[one.start : two.end]
    if not text.han:
        return ""
    found = next((m for m in _DOUBLED_HAN.finditer(text.plain) if not _OFTEN_DOUBLED.fullmatch(m[0])), None)
    triple = re.search(r"([\u4e00-\u9fff])\1\1|([的了是和在])\2", text.plain)
    return found[0] if found and len(set(found[1])) > 1 else triple[0] if triple else ""


_DOUBLED_HAN = re.compile(r"([\u4e00-\u9fff]{2,6})\1+")
_OFTEN_DOUBLED = re.compile(
    r"(?:(?:[\u4e00-\u9fff]着){2}|(?:一[\u4e00-\u9fff]{1,2}){2}|(?:研究|考虑|放松|休息|打扮|收拾|整理|活动|商量|了解|体验|犒劳|享受|品味|滋润"
    r"|保养|锻炼|放空|调整|搭配|比较|讨论|学习|舒展|透气|练习|琢磨|照顾|奖励|感受|尝试){2})"
)
"""Chinese says these twice for a while, or one by one: 走着走着, 一口一口, 放松放松."""


def _frequent(text: Text) -> str:
    if text.again < 2 or text.length > 80:
        return ""
    long = [word for word in text.words if len(word) > 3]
    if len(long) - len(set(long)) < 2:
        return ""
    counts = Counter(w for w in long if (len(w) > 3 and w.isascii() and w.isalpha() and w not in _LITTLE))
    word, count = counts.most_common(1)[0] if counts else ("", 0)
    return f"{word} × {count}" if count >= 3 and count / max(len(text.words), 1) > 0.1 else ""


def _phrase_again(text: Text) -> str:
    ascii_ = text.plain.isascii()
    several = text.sentences if len(text.sentences) > 1 else ()
    if ascii_:
        sentences = "\n".join(several).lower().translate(_NO_WORD).split("\n") if several else []
        clauses = text.lower.translate(_CLAUSES).split("\n")
    else:
        sentences = [re.sub(r"\W", "", one).lower() for one in several]
        clauses = [one.lower() for one in _CLAUSE_END.split(_NO_CLAUSE.sub("", text.plain))]
    long = text.length > _LONG
    if found := _twice([one for one in sentences if len(one) > 5], long):
        return found
    short, short_han = (5, 2) if text.length <= 40 else (24, 8)
    whole = [clause for clause in clauses if len(clause) > (short if ascii_ or clause.isascii() else short_han)]
    return _twice(whole, long) or (_run_again(text) if text.length <= 60 else "")


def _twice(pieces: list[str], long: bool) -> str:
    """The first that comes again; empty where none does, or where what was said before is a small part of a long text:
    lists and tables say some things again."""
    if len(set(pieces)) == len(pieces):
        return ""
    again = {piece: count for piece, count in Counter(pieces).items() if count > 1}
    said = sum(len(piece) * (count - 1) for piece, count in again.items())
    return "" if long and said < _AGAIN * sum(map(len, pieces)) else next(iter(again))


_LONG, _AGAIN = 120, 0.15
"""Words from which a text is long, and the share of its letters that must have stood before."""


def _run_again(text: Text) -> str:
    if text.language == "zh":
        chars = "".join(c for c in text.plain if c.isalnum())
        grams = Counter(chars[i : i + 4] for i in range(len(chars) - 3))
    else:
        if text.again < 3:  # each word of a run that comes again stood before
            return ""
        runs = list(zip(text.words, text.words[1:], text.words[2:], strict=False))
        if len(set(runs)) == len(runs):
            return ""
        grams = Counter(map(" ".join, runs))
    gram, count = grams.most_common(1)[0] if grams else ("", 0)
    return gram if count >= 2 and _has_content(gram) else ""


def _has_content(gram: str) -> bool:
    return not gram.isascii() or sum(len(word) > 3 for word in gram.split()) >= 2


def _open_bracket(text: str) -> bool:
    return any(text.count(opening) > text.count(_BRACKETS[opening]) for opening in _BRACKETS if opening in text)


_CLAUSE_END, _NO_CLAUSE = re.compile(r"[,.;!?。、]"), re.compile(r"[^\w,.;!?。、]")
_CLAUSES = {code: None for code in range(128) if _NO_CLAUSE.match(chr(code))} | dict.fromkeys(map(ord, ",.;!?"), "\n")
"""The two for ASCII, several times as fast."""
_NO_WORD = {code: None for code in range(128) if not re.match(r"[\w\n]", chr(code))}
_LITTLE = frozenset(
    ["your", "with", "that", "this", "from", "have", "will", "when", "they", "them", "their", "into", "each"]
)
