"""What can be made false in a text by rule: numbers, units, dates, things of a kind, denials, comparatives, opposites.

Only what the facts show word for word is changed, into what they do not show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from . import phrases
from .wording import language, sentences

NUMBER = re.compile(
    r"(?<![\w.,:/-])\d{1,3}(?:,\d{3})+(?![\w.,:/-]*\d)|(?<![\w.,:/-])\d+(?:\.\d+)?(?![\d:/]|[.,]\d|-\d)"
)
NEGATIONS = (
    (r"\bis (?!not\b)", "is not "),
    (r"\bare (?!not\b)", "are not "),
    (r"\bwas (?!not\b)", "was not "),
    (r"\bwere (?!not\b)", "were not "),
    (r"\bhas (?!not\b)", "does not have "),
    (r"\bhave (?!not\b)", "do not have "),
    (r"\bhad (?!not\b)", "did not have "),
    (r"\bno tools\b", "many tools"),
    (r"\bwill (?!not\b)", "will not "),
    (r"\bcan (?!not\b)", "cannot "),
)
NEGATIONS_HAN = (
    (r"(?<!不)可以", "不可以"),
    (r"(?<!不)支持", "不支持"),
    (r"(?<!不)适合", "不适合"),
    (r"(?<!不)能(?!量|源|力)", "不能"),
    (r"(?<!没)有(?!效)", "没有"),
    (r"(?<!不)是(?!否)", "不是"),
)


@dataclass(frozen=True)
class Slip:
    """One true thing of a text and what it is made to say instead."""

    kind: str
    start: int
    end: int
    said: str
    instead: str


def falsehoods(text: str, known: str) -> dict[str, list[Slip]]:
    """Kind to its slips that do not overlap; kinds without one are left out. `known` is in small letters."""
    found = {kind: _apart(make(text, known)) for kind, make in KINDS.items()}
    return {kind: slips for kind, slips in found.items() if slips}


def off(match: re.Match[str], share: float, known: str) -> Slip | None:
    """Another number, off by that share: by one in its last place where 1 % would be less, if that is under 5 %."""
    value = float(match[0].replace(",", ""))
    places = len(match[0].partition(".")[2])
    unit = 10.0**-places
    step = max(unit, round(value * share / unit) * unit)
    other = value + step
    if not value or (share < 0.1 and step / value > 0.05):
        return None
    words = f"{other:,.{places}f}" if "," in match[0] else f"{other:.{places}f}"
    return None if stated(words, known) else Slip("number", *match.span(), match[0], words)


def numbers(text: str, known: str) -> list[re.Match[str]]:
    """The numbers of a text that the facts state, years left out."""
    found = [match for match in NUMBER.finditer(text) if stated(match[0], known)]
    return [match for match in found if not _YEAR.fullmatch(match[0])]


def stated(number: str, known: str) -> bool:
    """Whether the facts have the number as it is written."""
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d]|[.,]\d)", known) is not None


def overlap(one: Slip, other: Slip) -> bool:
    """Whether two slips change the same letters."""
    return one.start < other.end and other.start < one.end


def same_sentence(one: Slip, other: Slip, text: str) -> bool:
    """Whether they stand in one sentence: what is denied there may be true again."""
    start = 0
    for sentence in sentences(text):
        at = text.find(sentence, start)
        if at <= min(one.start, other.start) and max(one.end, other.end) <= at + len(sentence):
            return True
        start = max(at, start)
    return False


def _numbers(text: str, known: str) -> list[Slip]:
    return [slip for match in numbers(text, known) if (slip := off(match, 0.5, known))]


def _units(text: str, known: str) -> list[Slip]:
    """The same figure in another unit of its kind: 280 kg for 280 g."""
    found = []
    for match in NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        if not unit or not stated(match[0], known) or match[0] in ("0", "1"):
            continue
        said = unit["unit"]
        instead = phrases.UNITS[said.lower()]
        if re.search(rf"{re.escape(match[0])}[\s-]?{said.lower()}", known) and not re.search(
            rf"{re.escape(match[0])}[\s-]?{instead}\b", known
        ):
            found.append(Slip("unit", unit.start("unit"), unit.end("unit"), said, instead))
    return found


def _dates(text: str, known: str) -> list[Slip]:
    years = [match for match in NUMBER.finditer(text) if _YEAR.fullmatch(match[0]) and stated(match[0], known)]
    later = [Slip("date", *match.span(), match[0], f"{int(match[0]) + 7}") for match in years]
    return _swapped("date", phrases.DATES, text, known) + [slip for slip in later if slip.instead not in known]


def _entities(text: str, known: str) -> list[Slip]:
    return _swapped("entity", phrases.ENTITIES, text, known)


def _opposites(text: str, known: str) -> list[Slip]:
    pairs = [pair for one, other in phrases.OPPOSITES for pair in ((one, other), (other, one))]
    return [slip for one, other in pairs for slip in _turned("antonym", one, other, text, known)]


def _comparatives(text: str, known: str) -> list[Slip]:
    pairs = [pair for one, other in phrases.COMPARED for pair in ((one, other), (other, one))]
    return [slip for one, other in pairs for slip in _turned("comparative", one, other, text, known)]


def _turned(kind: str, one: str, other: str, text: str, known: str) -> list[Slip]:
    """The word with the one behind it as the facts have them, and turned as they do not."""
    found = []
    for match in re.finditer(_word(one), text, re.IGNORECASE):
        after = re.match(r"[\s-]*\w+", text[match.end() :])
        beside = (after[0] if after else "").lower()
        if one in _BEFORE_A_NUMBER and not re.match(r"\s*(?:[$€£]?\d|half\b)", text[match.end() :]):
            continue
        if f"{one}{beside}" in known and f"{other}{beside}" not in known:
            found.append(Slip(kind, *match.span(), match[0], _like(match[0], other)))
    return found


def _swapped(kind: str, kinds: tuple[tuple[str, ...], ...], text: str, known: str) -> list[Slip]:
    """Words of a kind that the facts show, each with the first of its kind that neither facts nor text show."""
    found, low = [], text.lower()
    for words in kinds:
        for word in words:
            match = re.search(_word(word), low)
            other = next((one for one in words if one not in known and one not in low), None)
            if match and other and re.search(_word(word), known):
                said = text[match.start() : match.end()]
                found.append(Slip(kind, *match.span(), said, _like(said, other)))
    return found


def _denials(text: str, known: str) -> list[Slip]:
    """Verbs that can be denied, in sentences half of whose words the facts have."""
    table = NEGATIONS if language(text) == "en" else NEGATIONS_HAN
    return [
        Slip("negation", *match.span(), match[0], instead)
        for pattern, instead in table
        for match in re.finditer(pattern, text)
        if _borne_out(_around(text, match.start()), known)
    ]


def _around(text: str, at: int) -> str:
    return next((part for part in sentences(text) if (start := text.find(part)) <= at < start + len(part)), text)


def _borne_out(sentence: str, known: str) -> bool:
    telling = re.findall(r"[a-z]{4,}", sentence.lower()) or re.findall(r"(?=([\u4e00-\u9fff]{2}))", sentence)
    telling = [word for word in telling if word not in ("also", "this", "that", "have")]
    return sum(word in known for word in telling) >= 0.5 * max(1, len(telling))


def _apart(slips: list[Slip]) -> list[Slip]:
    return [slip for at, slip in enumerate(slips) if not any(overlap(slip, one) for one in slips[:at])]


def _word(word: str) -> str:
    return rf"\b{word}\b" if word.isascii() else word


def _like(said: str, instead: str) -> str:
    return instead.capitalize() if said[:1].isupper() else instead


_BEFORE_A_NUMBER = frozenset(["over", "under", "above", "below"])
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = re.compile(
    rf"[\s-]?(?P<unit>{'|'.join(sorted(map(re.escape, phrases.UNITS), key=len, reverse=True))})(?![A-Za-z])", re.I
)
KINDS: Mapping[str, Callable[[str, str], list[Slip]]] = {
    "number": _numbers,
    "unit": _units,
    "date": _dates,
    "entity": _entities,
    "negation": _denials,
    "comparative": _comparatives,
    "antonym": _opposites,
}
"""Kind of falsehood to what finds places for it."""
