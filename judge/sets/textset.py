"""A set of texts that belong together, cut into tokens once, and the metric that is measured on it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from ...errors import UsageError
from ..findings import Embedder
from ..garbage import no_collections
from ..once import once
from .overlaps import LONG, SMALL, Overlaps, overlaps

if TYPE_CHECKING:
    from .grams import Grams

_REMEMBERED = 1024
TOKENISER = "lower-case words after NFKC, punctuation dropped; one token a character in Chinese, Japanese, Thai"


@dataclass(frozen=True)
class SetMetric:
    """One number about a set, or none with the reason in words."""

    name: str
    value: float | None
    """None where the metric is undefined (one text, no routes, no ground truth); never 0 in its place."""
    n: int
    """Texts it was measured on; empty ones are left out."""
    low: float | None
    """95 % interval of the value in this very set, where it is an estimate from a seeded sample of pairs; else None."""
    high: float | None
    exact: bool
    """False for an estimate, a lower bound, or a set of which only a sample was kept."""
    words: str
    pair: tuple[str, ...] = ()
    """The texts the value rests on most: the nearest pair, the tags that routes share."""


@dataclass(frozen=True)
class TextSet:
    """The texts of one set: the tags of one user, the explanations of one item, one list."""

    texts: tuple[str, ...]
    """In the order they were made; only the FIFO score depends on it."""
    systems: tuple[str | None, ...] = ()
    """The route that made each text; empty when none is known."""
    truth: tuple[str, ...] = ()
    """What the user did next, by name; for exclusive recall."""
    embedder: Embedder | None = None
    seed: int = 0
    cap: int = 100_000
    """Most pairs that a pairwise metric compares; beyond it a seeded sample of so many pairs is drawn."""
    seen: int | None = None
    """How many texts there were, when only a sample of them was kept."""

    def __post_init__(self) -> None:
        if self.systems and len(self.systems) != len(self.texts):
            raise UsageError(
                f"systems: {len(self.systems)} names for {len(self.texts)} texts; give one name (or None) a text"
            )
        if self.cap < 1:
            raise UsageError(f"cap: {self.cap} pairs cannot be compared; give 1 or more")

    @once
    def cut(self) -> tuple[Cut, ...]:
        """Every text that has a token, cut, in the order made."""
        return tuple(cut for cut in self._all if cut.tokens)

    @once
    def tokens(self) -> tuple[list[str], ...]:
        """The tokens of every text that has any, in the order made."""
        return tuple(cut.tokens for cut in self.cut)

    @once
    def routed(self) -> tuple[tuple[str, str], ...]:
        """(normalised text, route) of the texts that have both."""
        rows = zip(self._all, self.systems, strict=True) if any(self.systems) else ()
        return tuple((cut.joined, route) for cut, route in rows if cut.tokens and route is not None)

    @once
    def counts(self) -> dict[str, int]:
        """Normalised text to how often it occurs; sorted, so that nothing made from it depends on the texts' order."""
        if len(self.texts) <= _REMEMBERED:
            return self._counted()
        with no_collections():
            return self._counted()

    @once
    def coded(self) -> list[str] | None:
        """The texts that have a token, a character a token; None of a set that is large or has very long texts."""
        if self.n > SMALL or sum(len(cut.tokens) for cut in self.cut) > _WORDS:
            return None
        book = letters()
        return [cut.letters(book) for cut in self.cut]

    @once
    def grams(self) -> Grams:
        """Character n-grams of the distinct normalised texts."""
        from .grams import count_grams

        return count_grams(*self._spelt)

    @once
    def overlaps(self) -> Overlaps | None:
        """What each two of the distinct normalised texts share; None of a set that is large, or has a long text."""
        texts, size = self._spelt
        small = 0 < len(texts) <= SMALL and max(map(len, texts)) <= LONG
        return overlaps(texts, size) if small else None

    @property
    def gram_size(self) -> int:
        """Characters of an n-gram."""
        return self._spelt[1]

    @once
    def _spelt(self) -> tuple[list[str], int]:
        """The distinct normalised texts as n-grams see them, and how many characters an n-gram has."""
        if 2 * sum(cut.by_character for cut in self.cut) > len(self.cut):
            return [text.replace(" ", "") for text in self.counts], 2
        return list(self.counts), 3

    @once
    def originals(self) -> dict[str, tuple[str, str]]:
        """Normalised text to the first and last, in alphabetical order, of the ways it is written."""
        return self._ways(self.counts)

    def written(self, one: str, other: str) -> tuple[str, str]:
        """Two normalised texts as they were written, for evidence; one text twice where both are the same."""
        known = self.originals if len(self.texts) <= _REMEMBERED else self._ways((one, other))
        return known[one][0], known[other][one == other]

    def _ways(self, wanted: Container[str]) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for text, cut in zip(self.texts, self._all, strict=True):
            if cut.tokens and (key := cut.joined) in wanted:
                first, last = found.get(key, (text, text))
                found[key] = min(text, first), max(text, last)
        return found

    def _counted(self) -> dict[str, int]:
        times = Counter([cut.joined for cut in self.cut])
        return {text: times[text] for text in sorted(times)}

    @once
    def n(self) -> int:
        """Texts that have tokens."""
        return len(self.cut)

    @once
    def _all(self) -> list[Cut]:
        if len(self.texts) <= _REMEMBERED:
            return list(map(_cut, self.texts))
        same: dict[str, str] = {}  # of a token that many texts have one is kept
        with no_collections():
            return [Cut([same.setdefault(token, token) for token in tokenise(text)]) for text in self.texts]

    def value(
        self,
        name: str,
        value: float,
        words: str,
        *,
        interval: tuple[float, float] | None = None,
        exact: bool = True,
        pair: tuple[str, ...] = (),
    ) -> SetMetric:
        """A metric that has a value; `words` say what it is, and what the reader should know is added to them."""
        low, high = interval or (None, None)
        return SetMetric(name, value, self.n, low, high, exact and not self._sampled, words + self._notes, pair)

    def undefined(self, name: str, words: str) -> SetMetric:
        """A metric that has none, with the reason."""
        return SetMetric(name, None, self.n, None, None, True, words + self._notes)

    @property
    def _sampled(self) -> bool:
        return self.seen is not None and self.seen > len(self.texts)

    @once
    def _notes(self) -> str:
        empty = len(self.texts) - self.n
        notes = [f"{empty} of {len(self.texts)} texts without a word are left out"] if empty else []
        notes += [f"measured on a seeded sample of {len(self.texts)} of {self.seen} texts"] if self._sampled else []
        return "".join(f"; {note}" for note in notes)


def tokenise(text: str) -> list[str]:
    """The text's tokens, as `TOKENISER` says; an emoji is a token. Texts with equal tokens count as the same text."""
    if text.isascii():
        return text.encode().translate(_PLAIN, _GONE).decode().split()
    return unicodedata.normalize("NFKC", text).casefold().translate(_PLACES).split()


@dataclass(eq=False)
class Cut:
    """A text as sets look at it, cut once: it may be in a list, in a group and in an item. Nobody may change it."""

    tokens: list[str]

    @once
    def joined(self) -> str:
        """The text, normalised."""
        return " ".join(self.tokens)

    @once
    def kinds(self) -> frozenset[str]:
        """Its distinct tokens."""
        return frozenset(self.tokens)

    @once
    def by_character(self) -> bool:
        """Whether most of its tokens are characters."""
        return _by_character(self.tokens)

    def letters(self, book: Letters) -> str:
        """A character a token, by which kernels compare texts."""
        known = self.__dict__.get("_letters")
        if known is None or known[0] is not book:
            known = self.__dict__["_letters"] = book, "".join(map(book.__getitem__, self.tokens))
        return str(known[1])


class Letters(dict[str, str]):
    """Token to a character of its own, in the order in which tokens come."""

    def __init__(self) -> None:
        self._next = count()

    def __missing__(self, token: str) -> str:
        return self.setdefault(token, letter(next(self._next)))  # of two threads the second takes the first one's


def letter(number: int) -> str:
    """The character of a number; surrogates are none."""
    return chr(number if number < 0xD800 else number + 0x800)


def letters() -> Letters:
    """The process's own; a new one from time to time, so that it stays small."""
    global _book
    if len(_book) > _WORDS:
        _book = Letters()
    return _book


_WORDS = 30_000
_book = Letters()


@lru_cache(_REMEMBERED)
def _cut(text: str) -> Cut:
    return Cut(tokenise(text))


def normalise(text: str) -> str:
    """The tokens, joined by spaces: case, width, spaces and punctuation no longer tell two texts apart."""
    return " ".join(tokenise(text))


class _Places(dict[int, str]):
    """What a character becomes before the text is split at spaces; worked out once a character."""

    def __missing__(self, code: int) -> str:
        self[code] = place = _place(chr(code))
        return place


_PLACES = _Places()
_APOSTROPHES = "'’ʼ"
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def _place(char: str) -> str:
    kind = unicodedata.category(char)
    if char in _APOSTROPHES or kind in ("Cf", "Sk") or "\ufe00" <= char <= "\ufe0f":
        return ""
    if kind[0] in "PZC" or kind in ("Sm", "Sc"):
        return " "
    return f" {char} " if kind == "So" or _unspaced(char) else char


def _unspaced(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _UNSPACED)


def _by_character(tokens: Sequence[str]) -> bool:
    if all(map(str.isascii, tokens)):
        return False
    return 2 * sum(len(token) == 1 and _unspaced(token) for token in tokens) > len(tokens)


_PLAIN = bytes(ord(_place(chr(code).lower()) or "\0") for code in range(128)) + bytes(128)
_GONE = bytes(code for code in range(128) if not _place(chr(code)))
"""Of ASCII, where lower case and places come in one look at each byte."""
