"""A fact said again with one thing in it changed: a number, a day, a name, a denial, more for less.

A word is held against those that stand in its place in the facts: between the same two telling words, or behind (or
before) the same two. What no fact says there, while one says another thing of its kind, is contradicted. A paraphrase
has no such place and is neither found nor refuted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from ..findings import Hit
from ..records import Sample
from .falsity import CONTRADICTED, severity
from .opposites import DENIALS, HEDGES, KIND, NUMBERS, TURNED
from .parts import options, part, parts
from .words import SMALL, read, root

_EDGE = "|"
_HELPERS = frozenset(["doe", "do", "did"])


@dataclass(frozen=True, slots=True)
class Altered:
    """What a text says, what its facts say in that place, and of which kind the two are."""

    kind: str
    """`number`, `unit`, `date`, `entity`, `name`, `negation`, `comparative or antonym`."""
    said: str
    fact: str


class _Word(NamedTuple):
    text: str
    root: str
    denied: bool
    """A denial stands between it and the telling word before it."""
    hedged: bool
    name: bool


@dataclass(frozen=True)
class Places:
    """Facts by the places of their words."""

    words: frozenset[str]
    """Every word, and every number in figures."""
    roots: frozenset[str]
    between: dict[tuple[str, str], frozenset[_Word]]
    beside: dict[tuple[str, str, str], frozenset[_Word]]
    """Behind two (`<`) or before two (`>`) telling words."""
    gaps: dict[tuple[str, str], frozenset[bool]]
    """Two telling words that follow each other: whether a denial stands between them."""
    affirmed: dict[str, frozenset[str]]
    """What is never denied, with the telling words of the sentences it stands in and of those before."""
    short: bool = False
    """In short facts the word behind is enough to know a place by: `cold tone` where they have `warm tone`."""


def says_otherwise(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Says a sentence of the `fields` again with one thing in it changed, word for word. English alone: a Chinese
    character is no word (`negation_zh` and `quantities_zh` hold Chinese against its fields)."""
    o = options(given, fields=("item",), field="text")
    facts = parts(sample, tuple(o.fields))
    own = part(sample, o.field)
    if not facts or read(own).han or not _may(own):
        return None
    known = places(facts, "item" in o.fields)
    found = [one for sentence in _sentences(own, known.short) if (one := altered(sentence, known))]
    if not found:
        return None
    first = found[0]
    grave = severity([CONTRADICTED] * len(found), own, facts)
    words = f"{first.said!r} stands where {_names(o.fields)} has {first.fact!r}"
    return Hit(words, (first.said,), code="contradicted", severity=grave)


def _may(text: str) -> bool:
    """Whether it has a word that could be looked at; names alone are left to the source of a longer text."""
    own = read(text)
    return bool(own.numbers) or not _LOOKED_AT.isdisjoint(own.texts) or "n't" in own.lower


def altered(text: str, facts: Places) -> Altered | None:
    """The first thing in a short text that its facts have otherwise; None where nothing is found."""
    own = _telling(text)
    for at, word in enumerate(own):
        if found := _replaced(own, at, word, facts) or _denied(own, at, word, facts):
            return found
    return None


@lru_cache(maxsize=256)
def places(text: str, short: bool = False) -> Places:
    """Facts, read once; `short`: fields of an item, each a few words between commas."""
    between: dict[tuple[str, str], set[_Word]] = {}
    beside: dict[tuple[str, str, str], set[_Word]] = {}
    gaps: dict[tuple[str, str], set[bool]] = {}
    said: dict[str, set[str]] = {}
    denied: set[str] = set()
    roots: set[str] = set()
    for sentence in _sentences(text, short):
        words = _telling(sentence)
        before, roots = roots, {word.root for word in words}
        denied.update(word.root for word in words if word.denied)
        for at, word in enumerate(words):
            said.setdefault(word.root, set()).update(roots | before)
            if key := _between(words, at):
                between.setdefault(key, set()).add(word)
            for side in _beside(words, at):
                beside.setdefault(side, set()).add(word)
            if short and at + 1 < len(words):
                beside.setdefault((">", words[at + 1].root, ""), set()).add(word)
            gaps.setdefault((words[at - 1].root if at else _EDGE, word.root), set()).add(word.denied)
    tokens = read(text).texts
    return Places(
        frozenset(tokens) | {NUMBERS[token] for token in tokens if token in NUMBERS} | read(text).numbers,
        frozenset(map(root, tokens)),
        {key: frozenset(value) for key, value in between.items()},
        {key: frozenset(value) for key, value in beside.items()},
        {key: frozenset(value) for key, value in gaps.items()},
        {key: frozenset(value) for key, value in said.items() if key not in denied},
        short,
    )


def _replaced(own: tuple[_Word, ...], at: int, word: _Word, facts: Places) -> Altered | None:
    kind = _kind(word)
    if not kind or word.hedged or (kind != "comparative or antonym" and _known(word, facts)):
        return None
    key = _between(own, at)
    if kind == "name" and key and _EDGE in key:
        return None  # one club has many names
    near = facts.between.get(key, frozenset()) if key else frozenset()
    if kind not in ("comparative or antonym", "name"):  # what the facts never say may be recognised from one side
        near = near.union(*(facts.beside.get(side, frozenset()) for side in _beside(own, at)))
    if facts.short and at + 1 < len(own):
        near = near | facts.beside.get((">", own[at + 1].root, ""), frozenset())
    if any(other.root == word.root for other in near):
        return None
    rival = next((other for other in sorted(near) if _rivals(word, other, kind)), None)
    return Altered(_name(kind, word), word.text, rival.text) if rival else None


def _denied(own: tuple[_Word, ...], at: int, word: _Word, facts: Places) -> Altered | None:
    """Denied here and only affirmed there between the same two words, or the other way round."""
    if not at and not word.denied and not facts.short:
        return None
    before = own[at - 1].root if at else _EDGE
    there = facts.gaps.get((before, word.root))
    if word.denied and (there is None) and _affirmed(own, word, facts):
        return Altered("negation", f"not {word.text}", word.text)
    if there is None or word.denied in there:
        return None
    pair = f"{own[at - 1].text} … {word.text}" if at else word.text
    return Altered("negation", f"{'not ' if word.denied else ''}{pair}", f"{'' if word.denied else 'not '}{pair}")


def _affirmed(own: tuple[_Word, ...], word: _Word, facts: Places) -> bool:
    """The facts have it, never denied, in a sentence with another word of this one or behind such a sentence."""
    beside = facts.affirmed.get(word.root, frozenset())
    return not (word.text.isdigit() and len(word.text) == 1) and any(
        one.root in beside for one in own if one.root != word.root
    )


def _kind(word: _Word) -> str:
    if word.text[0].isdigit():
        return "number"
    if word.text in KIND:
        return f"kind {KIND[word.text]}"
    if word.text in TURNED:
        return "comparative or antonym"
    return "name" if word.name else ""


def _rivals(word: _Word, other: _Word, kind: str) -> bool:
    if kind == "comparative or antonym":
        return other.text in TURNED[word.text]
    return kind == _kind(other) and not (kind == "number" and other.hedged)


def _known(word: _Word, facts: Places) -> bool:
    return word.text in facts.words or word.root in facts.roots


def _name(kind: str, word: _Word) -> str:
    if not kind.startswith("kind"):
        return kind
    return "date" if KIND[word.text] < _TIMES else "entity"


def _between(words: tuple[_Word, ...], at: int) -> tuple[str, str] | None:
    before = words[at - 1].root if at else _EDGE
    after = words[at + 1].root if at + 1 < len(words) else _EDGE
    return None if before == after == _EDGE else (before, after)


def _beside(words: tuple[_Word, ...], at: int) -> list[tuple[str, str, str]]:
    found = []
    if at > 1:
        found.append(("<", words[at - 2].root, words[at - 1].root))
    if at + 2 < len(words):
        found.append((">", words[at + 1].root, words[at + 2].root))
    return found


@lru_cache(maxsize=1_024)
def _telling(sentence: str) -> tuple[_Word, ...]:
    """Its words that say something, in order, and what stood before each."""
    found: list[_Word] = []
    text = read(sentence)
    denied = hedged = False
    for token, (start, end) in zip(text.texts, text.spans, strict=True):
        word = NUMBERS.get(token, token.replace(",", "") if token[0].isdigit() else token)
        if token in DENIALS or text.plain[start:end].endswith(("n't", "n’t")):
            denied = True
        elif not token[0].isalnum() or token in _HELPERS or (token in SMALL and token not in TURNED):
            hedged = hedged or token in HEDGES
        else:
            name = start > 0 and text.plain[start].isupper() and text.plain[start - 1] == " "
            found.append(_Word(word, root(word), denied, hedged, name))
            denied, hedged = False, token in HEDGES
    return tuple(found)


def _sentences(text: str, short: bool = False) -> list[str]:
    """Sentences; of an item's fields, and of what is said of them, the parts between commas."""
    ends = _SHORT_END if short else _END
    return [part for part in ends.split(read(text).plain) if part.strip()]


def _names(fields: tuple[str, ...]) -> str:
    return " or ".join(f"the {name}" for name in fields)


_END = re.compile(r"(?<=[.!?;。])\s+|[。;\n]")
_SHORT_END = re.compile(r"(?<=[.!?;。])\s+|[。;\n，]|,(?!\d)")
_LOOKED_AT = DENIALS | TURNED.keys() | KIND.keys() | NUMBERS.keys()

_TIMES = 4
"""Kinds before this number are days, months, seasons and times of day."""
