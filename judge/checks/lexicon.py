"""Lists of telling words, English and Chinese, and one scan that finds them all in a text.

Terms are separated by commas; a longer term wins over a shorter one inside it, so a harmless phrase (`最喜欢`,
`first aid`) shields the word it contains. A rubric's `with` may add terms of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .products import PRODUCTS
from .products_zh import PRODUCTS_ZH
from .scripts_zh import folded
from .topics import RELATED, TOPICS
from .traits import BRANDS, MATERIALS, PROPERTIES
from .wordlists import LISTS
from .words import Text, read, words_of

_NO = words_of("""not no non never without neither nor isn't aren't doesn't don't won't can't cannot hardly zero avoid
    instead""")
_NO_HAN = re.compile(
    r"不(?!仅|但|只|光|止|管|论|怕|惧|锈|易|必|用)|无(?!论|线|需|惧|限)|没有|并非|非(?!常)|未|勿|免|别(?!致|样)|零|缺乏"
)


class Match(NamedTuple):
    """A listed term found in a text."""

    term: str
    """As listed."""
    lists: frozenset[str]
    """The lists it stands in: `absolute`, `topic:tea`, `property:waterproof`, …"""
    quote: str
    """As the text has it."""
    first: int
    """Place of its first token in `Text.tokens`."""
    last: int


_Entry = tuple[tuple[str, ...], str, frozenset[str]]
"""A term's tokens, the term as listed, and its lists."""


class Lexicon:
    """Terms by first token, longest first."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        names: dict[tuple[str, ...], tuple[str, set[str]]] = {}
        for name, terms in lists.items():
            for term in terms:
                if key := tuple(token.text for token in read(term).tokens):
                    names.setdefault(key, (term, set()))[1].add(name)
        self._alone: dict[str, _Entry] = {}
        """Terms of one token."""
        self._longer: dict[tuple[str, str], list[_Entry]] = {}
        """By their first two tokens, longest first."""
        for key in sorted(names, key=len, reverse=True):
            term, members = names[key]
            entry = (key, term, frozenset(members))
            if len(key) == 1:
                self._alone[key[0]] = entry
            else:
                self._longer.setdefault((key[0], key[1]), []).append(entry)
        self._begins = frozenset([*self._alone, *(one for one, _ in self._longer)])
        """What a term may begin with: most words are none of these."""

    def scan(self, text: Text) -> tuple[Match, ...]:
        """The terms in the text, leftmost and longest first, none inside another."""
        words, begins = text.texts, self._begins
        if begins.isdisjoint(words):
            return ()
        found, free, last = [], 0, len(words) - 1
        for place in [at for at, word in enumerate(words) if word in begins]:
            if place >= free:
                word = words[place]
                some = self._longer.get((word, words[place + 1])) if place < last else None
                one = self._alone.get(word)
                if (some or one) and (match := self._at(text, place, some or (), one)):
                    found.append(match)
                    free = match.last + 1
        return tuple(found)

    def entries(self) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
        """Each term's tokens and lists."""
        for entries in ([*self._alone.values()], *self._longer.values()):
            yield from ((key, lists) for key, _, lists in entries)

    def _at(self, text: Text, place: int, longer: Sequence[_Entry], alone: _Entry | None) -> Match | None:
        for key, term, lists in (*longer, alone) if alone else longer:
            end = place + len(key)
            if len(key) < 3 or text.texts[place:end] == key:
                quote = text.plain[text.spans[place][0] : text.spans[end - 1][1]]
                if term.isascii() or len(quote) <= len(term) + 1:
                    return Match(term, lists, quote, place, end - 1)
        return None


@lru_cache(maxsize=2_048)
def scan(text: str) -> tuple[Match, ...]:
    """Every listed term in the text; traditional characters count as simplified ones."""
    own = read(text)
    simple = folded(own.plain) if own.han else own.plain
    found = _shipped().scan(own if simple == own.plain else read(simple))
    if simple == own.plain or len(read(simple).spans) != len(own.spans):
        return found
    spans = own.spans
    return tuple([m._replace(quote=own.plain[spans[m.first][0] : spans[m.last][1]]) for m in found])


def find(text: str, *lists: str, more: Iterable[str] = ()) -> tuple[Match, ...]:
    """The terms of these lists in the text, and those of `more`; order of appearance."""
    found = () if lists_of(text).isdisjoint(lists) else _found(text, lists)
    extra = tuple(more)
    return (*found, *_own(extra).scan(read(text))) if extra else found


@lru_cache(maxsize=2_048)
def topics(text: str) -> frozenset[str]:
    """The topics (`tea`, `camping`, …) that the text's words belong to."""
    return frozenset([name[6:] for name in lists_of(text) if name.startswith("topic:")])


@lru_cache(maxsize=2_048)
def near(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a topic of the one is a topic of the other, or lies near one."""
    return bool(some & others) or any(group & some and group & others for group in RELATED)


def negated(text: str, match: Match) -> bool:
    """Whether the term is denied where it stands: `not waterproof`, `leather-free`, `不防水`."""
    tokens = read(text).texts
    before = tokens[max(0, match.first - (3 if match.quote.isascii() else 5)) : match.first]
    after = tokens[match.last + 1] if match.last + 1 < len(tokens) else ""
    if _NO.isdisjoint(before) and "".join(before).isascii():
        return after in ("free", "less")
    before = before[max((i + 1 for i, word in enumerate(before) if not word[0].isalnum()), default=0) :]
    if not match.quote.isascii():  # `不含酒精的面霜`: a denial ends with 的
        before = before[max((i + 1 for i, word in enumerate(before) if word in "的且但却"), default=0) :]
    return not _NO.isdisjoint(before) or bool(_NO_HAN.search(folded("".join(before[-5:])))) or after in ("free", "less")


@lru_cache(maxsize=1_024)
def beginnings(name: str) -> tuple[str, ...]:
    """Letters of which an ASCII text in lower case has some, where it has a term of this list."""
    firsts = {key[0] for key, lists in _shipped().entries() if name in lists}
    return tuple(sorted({first[:-1] if first[-1] == "y" else first for first in firsts if first.isascii()}))


def terms_of(block: str) -> list[str]:
    """A block of terms, separated by commas and line breaks."""
    return [term for line in block.splitlines() for part in line.split(",") if (term := part.strip())]


@lru_cache(maxsize=2_048)
def lists_of(text: str) -> frozenset[str]:
    """The lists of which the text has a term."""
    return frozenset().union(*[match.lists for match in scan(text)])


def _found(text: str, lists: Iterable[str]) -> tuple[Match, ...]:
    return tuple([match for match in scan(text) if not match.lists.isdisjoint(lists)])


@lru_cache(maxsize=1)
def _shipped() -> Lexicon:
    lists: dict[str, list[str]] = {name: terms_of(block) for name, block in LISTS.items()}
    goods: dict[str, list[str]] = {}
    for topic, block in TOPICS.items():
        goods[topic] = [*terms_of(PRODUCTS.get(topic, "")), *terms_of(PRODUCTS_ZH.get(topic, ""))]
        lists[f"topic:{topic}"] = [*terms_of(block), *goods[topic]]
    lists["product"] = [term for terms in goods.values() for term in terms]
    for name, block in PROPERTIES.items():
        yes, _, no = block.partition("|")
        lists[f"property:{name}"], lists[f"opposite:{name}"] = terms_of(yes), terms_of(no)
    for name, block in MATERIALS.items():
        lists[f"material:{name}"] = terms_of(block)
    lists["brand"] = terms_of(BRANDS)
    return Lexicon(lists)


@lru_cache(maxsize=256)
def _own(terms: tuple[str, ...]) -> Lexicon:
    return Lexicon({"own": terms})
