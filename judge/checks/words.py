"""Text primitives for English and Chinese: normal form, language, tokens, roots, n-grams. It knows no sample."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from ..once import once

_CUT = 20_000
"""Characters of one text that are looked at; a longer text is judged by its beginning."""
_TOKEN = re.compile(
    r"[^\W\d_\u4e00-\u9fff]+(?:['’][^\W\d_\u4e00-\u9fff]+)?|\d+(?:[.,]\d+)*|[\u4e00-\u9fff]|[%#.,;:!?。、\n]"
)
_ASCII_TOKEN = re.compile(r"([a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[%#.,;:!?\n])")
"""The same for ASCII in lower case, three times as fast; split by it, a text is gap, token, gap, …"""
MARKS = frozenset("%#.,;:!?。、\n")
"""Tokens that are no words."""
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*")
_OTHER = re.compile(r"[\u0370-\u1cff\u0e00-\u0e7f]")
_SENTENCE_END = re.compile(r"[!?;。\n.](?:(?<!\.)|(?=\s))")  # with the marks in one set it is found quickly


def words_of(block: str) -> frozenset[str]:
    """A block of words as a set."""
    return frozenset(block.split())


_ENGLISH = words_of("""
    the a an of and to in is are for with your you on it this that from at as by or be has have its not but so will can
    who if when after keep keeps made while than into no their our my i we they he she was were do does how what
    i'm i've i'll i'd you're you've you'll we're we've they're don't doesn't didn't can't won't isn't
""")
_STOP = _ENGLISH | words_of("""
    these those been being had did would should could may might must very more most also just too only there here then
    all any each every some such own same about over under up down out off again once which whose where why them his
    her him us me get gets got one make makes let lets like likes really ever even well much many user users
""")
_STOP_HAN = frozenset("的了和与及是在有为也都就还又等很更让使把被对于从到这那其您你我他她它们个一不上下中用")
SMALL = _STOP | _STOP_HAN
"""Words of either language that say nothing of what a text is about."""


class Token(NamedTuple):
    """One token with its place in the normalised text: a word, a number, a Chinese character or a mark."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """One text and what can be computed from it alone; made by `read`, so that each distinct text is read once."""

    raw: str

    @once
    def plain(self) -> str:
        """NFKC without format characters: what is matched against, never what is judged or stored."""
        raw = self.raw[:_CUT]
        return raw.strip() if raw.isascii() else strip_hidden(unicodedata.normalize("NFKC", raw)).strip()

    @once
    def lower(self) -> str:
        """`plain` in lower case, of the same length, so that places agree."""
        low = self.plain.lower()
        return low if len(low) == len(self.plain) else "".join(c.lower()[:1] or c for c in self.plain)

    @once
    def tokens(self) -> tuple[Token, ...]:
        """Words in singular, numbers, single Chinese characters, and marks (which keep phrases from crossing them)."""
        new = tuple.__new__  # a named tuple's own way takes twice the time, and a text has many tokens
        return tuple([new(Token, (text, *span)) for text, span in zip(self.texts, self.spans, strict=True)])

    @once
    def texts(self) -> tuple[str, ...]:
        """The tokens without their places, which few need."""
        if self.lower.isascii():
            pieces = _ASCII_TOKEN.split(self.lower)
            ends = list(accumulate(map(len, pieces)))
            self.__dict__["spans"] = tuple(zip(ends[0::2], ends[1::2], strict=False))
            return tuple(map(singular, pieces[1::2]))
        return tuple(map(singular, _TOKEN.findall(self.lower)))

    @once
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The tokens' places."""
        if self.lower.isascii() and self.texts and "spans" in self.__dict__:
            places: tuple[tuple[int, int], ...] = self.__dict__["spans"]
            return places
        return tuple([match.span() for match in _TOKEN.finditer(self.lower)])

    @once
    def words(self) -> tuple[str, ...]:
        """Tokens without marks."""
        return tuple([text for text in self.texts if text not in MARKS])

    @once
    def again(self) -> int:
        """How many words stood before."""
        return len(self.words) - len(set(self.words))

    @once
    def han(self) -> int:
        """How many Chinese characters."""
        return 0 if self.plain.isascii() else len(_HAN.findall(self.plain))

    @once
    def latin(self) -> int:
        """How many words in Latin letters."""
        return len(_LATIN_WORD.findall(self.plain))

    @once
    def language(self) -> str:
        """`zh`, `en`, `other`, or `none` for a text without letters. A few Latin words always count as English."""
        if self.plain.isascii():
            return self._latin_language() if _LATIN.search(self.plain) else "none"
        if _KANA_HANGUL.search(self.plain) or len(_OTHER.findall(self.plain)) > max(self.han, self.latin):
            return "other"
        if self.han or self.latin:
            return "zh" if self.han >= self.latin else self._latin_language()
        return "none"

    def _latin_language(self) -> str:
        if not _ENGLISH.isdisjoint(self.texts):
            return "en"
        return "en" if len([word for word in self.texts if word[0].isalpha()]) < 7 else "other"

    @once
    def length(self) -> int:
        """Chinese: characters without marks and spaces, as RecGPT counts; otherwise words and numbers."""
        if self.language == "zh":
            return sum(character.isalnum() for character in self.plain)
        return len(self.words)

    @once
    def sentences(self) -> tuple[str, ...]:
        """Sentences, by their end marks and line breaks."""
        found = [self.plain[start:end].strip() for start, end in pairwise((0, *self.ends, len(self.plain)))]
        return tuple([part for part in found if part])

    @once
    def ends(self) -> tuple[int, ...]:
        """Behind which characters a sentence ends; the text's own end left out."""
        return tuple([match.end() for match in _SENTENCE_END.finditer(self.plain)])

    @once
    def roots(self) -> frozenset[str]:
        """Content words as rough roots (`hiking`, `hiker` -> `hik`) and, for Chinese, pairs of adjacent characters."""
        found = {root(text) for text in self.texts if text not in _STOP and text.isascii() and text.isalpha()}
        if self.han:
            pairs = zip(self.tokens, self.tokens[1:], strict=False)
            found |= {a.text + b.text for a, b in pairs if _is_pair(a, b)}
        return frozenset(found)

    @once
    def numbers(self) -> frozenset[str]:
        """Numbers as written, without thousands separators."""
        return frozenset([text.replace(",", "") for text in self.texts if text[0].isdigit()])


@lru_cache(maxsize=2_048)  # what two hundred samples and their contexts hold; more would only take memory
def read(text: str) -> Text:
    """The text's features, computed once per distinct text."""
    return Text(text)


@lru_cache(maxsize=16_384)
def singular(word: str) -> str:
    """A word without its plural or possessive ending: `boxes` -> `box`, `men's` -> `men`, `glass` stays."""
    word = word.replace("’", "'").removesuffix("'s")
    if len(word) < 4 or not word.isascii() or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is", "ous")) else word[:-1]


@lru_cache(maxsize=16_384)
def root(word: str) -> str:
    """A rough root for comparing words, not for showing them."""
    for ending in ("ing", "ers", "er", "ed", "ly", "est"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "ey" else word


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the smaller set that is in the other; 0 when either is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def ngram_similarity(one: str, other: str, n: int = 2) -> float:
    """Dice similarity of character n-grams, in [0, 1]; for any script, and blind to meaning."""
    a, b = _ngrams(read(one).lower, n), _ngrams(read(other).lower, n)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def strip_hidden(text: str) -> str:
    """The text without format characters (zero-width, soft hyphen, bidi) and variation selectors, for matching only."""
    if text.isascii():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf" and not "\ufe00" <= c <= "\ufe0f")


def shown(text: str, limit: int = 60) -> str:
    """A text short enough to stand in a reason."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def joined(texts: Iterable[str]) -> str:
    """Several texts as one, kept apart so that no phrase crosses from one to the next."""
    return "\n".join(text for text in texts if text)


@lru_cache(maxsize=2_048)
def _ngrams(text: str, n: int) -> frozenset[tuple[str, ...]]:
    letters = "".join(filter(str.isalnum, text))
    return frozenset(zip(*(letters[start:] for start in range(n)), strict=False))


def _is_pair(a: Token, b: Token) -> bool:
    adjacent = a.end == b.start and bool(_HAN.match(a.text)) and bool(_HAN.match(b.text))
    return adjacent and a.text not in _STOP_HAN and b.text not in _STOP_HAN
