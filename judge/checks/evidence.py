"""Checks of an intent: do the cited behaviours exist, are they enough, do they point there, or was it a need?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..context import Event, events
from ..findings import Hit
from ..records import Sample
from .lexicon import Match, find, near, negated, scan, topics
from .parts import options, part
from .words import overlap, read, shown, words_of

_VERBS = (
    "bought|buys|buying|purchased?|purchases of|purchasing|ordered|searched for|searches for|searching for|searched"
    "|looked at|looking at|viewed|viewing|clicked on|clicked|clicks on|browsed|browsing|added|saved|favou?rited"
    "|wishlisted|watched|rented|subscribed to|reviewed|collected"
)
_DID = re.compile(
    rf"\b(?:{_VERBS})\s+(?P<what>[^.;!?]{{3,140}})"
    r"|(?:购买|买入|买|搜索|浏览|点击|收藏|加购|下单|查看|关注|入手|看)(?:过|了)(?P<zh>[^。;!?,]{2,40})",
    re.IGNORECASE,
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_YOU = re.compile(
    r"(?<!\bif )\byou(?:['’]ve)?\b(?:\s+(?:have|had|just|also|recently|once|already|first|often|last|even))*\s*$"
    r"|[你您](?:最近|刚刚?|曾经?|之前|已经?)*$",
    re.IGNORECASE,
)
_THING = re.compile(r"\b(?:this|these|that|those|we|for|with|in|on|at|from|to|when|while|before|after)\b", re.I)
_STOPS = re.compile(
    r"\b(?:which|suggest\w*|indicat\w*|show\w*|because|so that|so|several times|on \d|within|over the|during|since|last"
    rf"|in (?:{_MONTHS}|20\d\d)|this (?:year|month|week)|to (?:cart|the cart|wishlist|favou?rites)|reveal\w*|reflect\w*"
    r"|point\w* to|demonstrat\w*|mean\w*|multiple times|repeatedly|for (?:months|weeks|years))\b"
    r"|表明|说明|显示|体现|可见|反映|多次|等商品|等产品|等物品|等",
    re.IGNORECASE,
)
_SPLIT = re.compile(r",|\band\b|\bas well as\b|\bthen\b|\bor\b|\bplus\b|、|和|与|及|以及|还有", re.I)
_QUOTED = re.compile(r"[\"“「《『]([^\"”」》』]{2,60})[\"”」》』]|'([^']{4,60})'(?!\w)")
_EMPTY = words_of("""
    relat product item multipl sever variou similar gear thing accessory equipment time new suppl brand good book tool
    相关 产品 商品 用品 装备
""")


def evidence_exists(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A cited event id is not in the history. `field`: where ids are listed; ids inside the reason count too."""
    field = options(given, field="evidence").field
    known = {event.id for event in events(sample)}
    absent = [name for name in _cited(sample, field) if name not in known]
    if absent:
        return Hit(f"cites {absent[0]!r}, which is not in the history", tuple(absent[:5]), code="hallucination")
    return None


def named_behaviour(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """The reason names a product or a quoted title that no event of the history resembles.

    `field`: which text; `you`: only what it says that "you" bought, viewed or searched for.
    """
    o = options(given, field="reason", you=False)
    text = read(part(sample, o.field)).plain
    history = events(sample)
    if not history:
        return None
    for phrase, quoted in _told_to_you(text) if o.you else _named(text):
        if _concrete(phrase, quoted) and not any(_resembles(phrase, event.text) for event in history):
            code = None if o.you else "hallucination"
            return Hit(f"names {shown(phrase)!r}, which no event resembles", (shown(phrase),), code=code)
    return None


def unrelated(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """What the supporting events are about lies far from the interest (or is only its merchandise: an anime poster)."""
    options(given)
    interest = part(sample, "interest")
    support = supporting(sample)
    about = topics(interest)
    if not about or not support:
        return None
    if all(_merchandise(event.text) for event in support) and not near(about, _MERCHANDISE):
        return Hit(
            f"{shown(support[0].text)!r} is merchandise, not {shown(interest)}", _ids(support), code="no_correlation"
        )
    for event in support:
        theirs = topics(event.text)
        if not theirs or near(theirs, about) or related(event.text, interest):
            return None
    return Hit(
        f"the events are about {_listed(support)}, not about {shown(interest)}", _ids(support), code="no_correlation"
    )


def too_little(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A single supporting event, a burst of `burst_days`, or only clothes of a sport. `events`: how many are enough.

    Where nothing is cited, an event without a word in common with the interest may support it all the same, unless it
    is known to be about something else; in a history of just as many as are enough, even then: on people's labels of
    such histories this check was right by chance only.
    """
    o = options(given, events=2, burst_days=2)
    support = supporting(sample)
    if not support:
        return None
    if len(support) < o.events:
        few = len(events(sample)) == o.events
        if not cited(sample) and (few or len(support) + _untold(sample, support) >= o.events):
            return None
        return Hit(f"rests on {len(support)} event: {shown(support[0].text)!r}", _ids(support), code="weak_correlation")
    days = [event.when for event in support if event.when]
    if len(days) == len(support) and (max(days) - min(days)).days < o.burst_days:
        return Hit(
            f"rests on a burst of {len(days)} events within {o.burst_days} days", _ids(support), code="weak_correlation"
        )
    if topics(part(sample, "interest")) & SPORTS and all(find(event.text, "worn") for event in support):
        return Hit("rests on clothes alone, which are worn without the sport", _ids(support), code="weak_correlation")
    return None


def necessity(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Life, work or others demand it: supplies, repairs, exams, gifts; by the interest, the reason or the events."""
    o = options(given, more=())
    interest, reason = part(sample, "interest"), part(sample, "reason")
    liked = bool(find(interest, "strong_leisure"))
    kinds = ("supplies", "duty", "for_others", "forced") + (() if liked else ("repair",))
    hard = _undenied(interest, kinds, o.more) or _undenied(reason, ("duty", "for_others"), o.more)
    soft = None if liked or find(interest, "leisure") else _undenied(reason, ("forced", "repair"), ())
    if match := hard or soft:
        return Hit(f"a need rather than a liking: {match.quote!r}", (match.quote,), code="necessity")
    support = supporting(sample)
    if len(support) > 1 and all(find(event.text, "supplies", "repair", "duty") for event in support):
        return Hit("every supporting event is a supply, a repair or a duty", _ids(support), code="necessity")
    return None


def supporting(sample: Sample) -> list[Event]:
    """The cited events that exist; without any, those related to the interest or named in the reason."""
    history = events(sample)
    cited = set(_cited(sample, "evidence"))
    if chosen := [event for event in history if event.id in cited]:
        return chosen
    interest, reason = part(sample, "interest"), part(sample, "reason")
    return [
        event for event in history if related(event.text, interest) or overlap(_core(event.text), _core(reason)) >= 0.5
    ]


def _untold(sample: Sample, support: list[Event]) -> int:
    """How many other events may be about the interest too: of no topic that is known here, or of a near one."""
    about, told = topics(part(sample, "interest")), {event.id for event in support}
    others = (topics(event.text) for event in events(sample) if event.id not in told)
    return sum(not theirs or near(theirs, about) for theirs in others)


def cited(sample: Sample) -> bool:
    """Whether an event is named as the interest's evidence."""
    return bool(_cited(sample, "evidence"))


def related(event: str, interest: str) -> bool:
    """Whether an event shares a topic or a content word with an interest."""
    return bool(topics(event) & topics(interest) or _core(event) & _core(interest))


def _cited(sample: Sample, field: str) -> list[str]:
    listed = [] if isinstance(sample.output, str) else sample.output.get(field) or []
    listed = [listed] if isinstance(listed, (str, int)) else listed
    known = [event.id for event in events(sample)]
    # a history without ids is cited by position: 2 is the second event
    places = {str(number): name for number, name in enumerate(known, 1) if name == f"h{number}"}
    names = [places.get(word, word) for word in (str(name).strip().lstrip("#") for name in listed)]
    shape = {re.sub(r"\d+", "", name) for name in known if re.fullmatch(r"[A-Za-z]{1,6}[-_]?\d+", name)}
    inside = re.findall(r"(?<![\w-])([A-Za-z]{1,6}[-_]?\d+)(?![\w-])", part(sample, "reason"))
    names += [name for name in inside if re.sub(r"\d+", "", name) in shape]
    return [name for name in names if name in known or re.fullmatch(r"[\w-]{1,24}", name)]


def _named(reason: str) -> list[tuple[str, bool]]:
    found = [(quote, True) for one, two in _QUOTED.findall(reason) if (quote := one or two)]
    for match in _DID.finditer(reason):
        what = _STOPS.split(match["what"] or match["zh"], maxsplit=1)[0]
        found += [(phrase.strip(), False) for phrase in _SPLIT.split(what) if phrase.strip()]
    return found


def _told_to_you(text: str) -> Iterator[tuple[str, bool]]:
    """The first thing after each verb: what follows is mostly a word on the item."""
    for match in _DID.finditer(text):
        if _YOU.search(text, max(0, match.start() - 24), match.start()):
            what = _STOPS.split(match["what"] or match["zh"], maxsplit=1)[0]
            yield _THING.split(_SPLIT.split(what)[0], maxsplit=1)[0].strip(), False


def _concrete(phrase: str, quoted: bool) -> bool:
    if not _core(phrase) - _EMPTY:
        return False
    return quoted or bool(find(phrase, "product") or topics(phrase))


def _resembles(phrase: str, event: str) -> bool:
    from rapidfuzz import fuzz

    if _core(phrase) & _core(event) - _EMPTY:
        return True
    mine, theirs = topics(phrase), topics(event)
    same = mine & theirs if find(phrase, "product") else near(mine, theirs)
    return bool(same) or fuzz.partial_ratio(read(phrase).lower, read(event).lower) >= 75


def _core(text: str) -> frozenset[str]:
    general = " ".join(m.quote for m in find(text, "vague", "broad", "department", "leisure") if not _is_topic(m))
    return read(text).roots - read(general).roots


def _is_topic(match: Match) -> bool:
    return any(name.startswith("topic:") for name in match.lists)


def _undenied(text: str, lists: tuple[str, ...], more: tuple[str, ...]) -> Match | None:
    return next(
        (match for match in find(text, *lists, more=more) if not negated(text, match) and not _hedged(text, match)),
        None,
    )


def _hedged(text: str, match: Match) -> bool:
    before = " ".join(token.text for token in read(text).tokens[max(0, match.first - 4) : match.first])
    return before.endswith(("rather than", "instead of", "not because of", "beyond", "不 是", "而 非", "并 非"))


def _merchandise(text: str) -> bool:
    return any(name in ("topic:anime", "topic:toys") for match in scan(text) for name in match.lists)


def _ids(support: list[Event]) -> tuple[str, ...]:
    return tuple(event.id for event in support[:5])


def _listed(support: list[Event]) -> str:
    return ", ".join(sorted(set().union(*(topics(event.text) for event in support)))[:4])


_MERCHANDISE = frozenset(["anime", "toys", "models", "art"])
SPORTS = words_of("""
    tennis badminton basketball football swimming snow surf running cycling yoga climbing fitness
""")
