"""One text as features read it: words, sentences, runs of words; a context's parse is kept for its next sample."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ...checks.parts import part
from ...checks.words import MARKS, SMALL, Text, read, root
from ...context import item_fields
from ...once import once
from ...records import Sample

NAN = float("nan")
PLACES = 16
"""Places of one pair of words in a source that are followed up: bounds the time for a source that repeats itself."""
SENTENCES = 40
"""Sentences of one text that are compared with each other or with a source's."""
FREQUENT = 12
"""Content words that count as what a source speaks of most."""
_BESIDE = re.compile(r"[\W_]+")
Run = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Parsed:
    """One text."""

    text: Text

    @once
    def words(self) -> Run:
        """In singular and lower case, numbers as words, Chinese by character; the `s` of a split `team 's` left out."""
        words = self.text.words
        return tuple(word for word in words if word != "s") if "s" in words else words

    @once
    def vocabulary(self) -> frozenset[str]:
        """Distinct words."""
        return frozenset(self.words)

    @once
    def roots(self) -> frozenset[str]:
        """Content words as rough roots; pairs of characters in Chinese."""
        return self.text.roots

    @once
    def pairs(self) -> Sequence[Run]:
        """Neighbouring words, in order."""
        return self.runs(2)

    @once
    def pair_set(self) -> frozenset[Run]:
        """Distinct pairs."""
        return frozenset(self.pairs)

    @once
    def triple_set(self) -> frozenset[Run]:
        """Distinct runs of three."""
        return frozenset(self.runs(3))

    def runs(self, size: int) -> Sequence[Run]:
        """Every run of `size` words."""
        return list(zip(*(self.words[start:] for start in range(size)), strict=False))

    @once
    def sentences(self) -> Sequence[Run]:
        """The words of each sentence that has any."""
        if len(self.text.sentences) < 2:
            return [self.words] if self.words else []
        starts = [start for start, _ in self.text.spans]
        cuts = (0, *(bisect_left(starts, end) for end in self.text.ends), len(starts))
        pieces = [self.text.texts[first:last] for first, last in pairwise(cuts)]
        sentences = [tuple([word for word in piece if word not in MARKS and word != "s"]) for piece in pieces]
        return [words for words in sentences if words]

    @once
    def contents(self) -> Sequence[frozenset[str]]:
        """The content words of each of the first sentences, as roots (in Chinese, pairs of characters)."""
        if len(self.text.sentences) < 2:
            return [self.roots] if self.words else []
        return [frozenset(_contents(words)) for words in self.sentences[:SENTENCES]]

    @once
    def first_places(self) -> dict[str, float]:
        """Of each content root, where it first stands: 0 is the beginning, 1 the end."""
        found: dict[str, float] = {}
        last = max(1, len(self.words) - 1)
        for at, name in _placed(self.words):
            found.setdefault(name, at / last)
        return found

    @once
    def frequent(self) -> frozenset[str]:
        """The content roots that the text speaks of most; of equals, the earlier."""
        counts = Counter(name for _, name in _placed(self.words))
        return frozenset(name for name, _ in counts.most_common(FREQUENT))

    @once
    def places(self) -> dict[Run, list[int]]:
        """Where each pair of words stands; the first places of a frequent one."""
        found: dict[Run, list[int]] = {}
        for at, pair in enumerate(self.pairs):
            known = found.setdefault(pair, [])
            if len(known) < PLACES:
                known.append(at)
        return found

    @once
    def letters(self) -> str:
        """Letters and digits alone."""
        return letters_of(self.text.lower)

    def fragments(self, source: Parsed) -> list[int]:
        """Lengths of the longest runs shared with a source, left to right, greedily (Grusky et al. 2018, section 4).

        A single shared word is a run of 1.
        """
        mine, theirs, known, places = self.words, source.words, source.vocabulary, source.places
        lengths, at = [], 0
        while at < len(mine):
            best = 1 if mine[at] in known else 0
            for place in places.get(mine[at : at + 2], ()):
                size = 2
                while at + size < len(mine) and place + size < len(theirs) and mine[at + size] == theirs[place + size]:
                    size += 1
                best = max(best, size)
            if best:
                lengths.append(best)
            at += best or 1
        return lengths


@dataclass(frozen=True, eq=False)
class View:
    """One sample as features read it."""

    sample: Sample

    @once
    def own(self) -> Parsed:
        """The artefact's main words."""
        return Parsed(read(self.sample.text))

    def side(self, name: str) -> Parsed | None:
        """A field of the context, the item's `title` or the artefact's `reason`; None where it has no words."""
        text = part(self.sample, name)
        if not text:
            return None
        found = _kept(text)
        return found if found.words else None

    @once
    def item(self) -> dict[str, Parsed]:
        """The item's fields, those without words left out."""
        return {name: found for name, text in item_fields(self.sample).items() if (found := _kept(text)).words}


def letters_of(text: str) -> str:
    """A text without marks and spaces."""
    return _BESIDE.sub("", text)


def share(part_: int | float, whole: int | float) -> float:
    """A share; NaN of nothing."""
    return part_ / whole if whole else NAN


def mean(values: Sequence[float]) -> float:
    """The mean; NaN of none."""
    return sum(values) / len(values) if values else NAN


def deviation(values: Sequence[float]) -> float:
    """The standard deviation (n - 1); NaN below two."""
    if len(values) < 2:
        return NAN
    middle = mean(values)
    return float((sum((value - middle) ** 2 for value in values) / (len(values) - 1)) ** 0.5)


@lru_cache(maxsize=256)
def _kept(text: str) -> Parsed:
    """A context text's parse. A batch has few contexts; the bound keeps long ones from filling the memory."""
    return Parsed(read(text))


def _placed(words: Run) -> Iterator[tuple[int, str]]:
    """Place and root of each content word; of Chinese, each pair of neighbours without small words."""
    for at, word in enumerate(words):
        if word in SMALL:
            continue
        if word.isascii():
            if word.isalpha():
                yield at, root(word)
        elif len(word) == 1 and at + 1 < len(words) and len(words[at + 1]) == 1 and words[at + 1] not in SMALL:
            yield at, word + words[at + 1]


def _contents(words: Run) -> Iterator[str]:
    return (name for _, name in _placed(words))
