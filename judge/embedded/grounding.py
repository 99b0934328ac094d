"""Claims of a text, each with the place in its facts that bears it out best: copied, paraphrased, unsupported, denied.

A claim is contradicted only by an exact check: a number, unit, date, name, denial, comparative or antonym in the place
where the facts have another, or a function or material that the item's fields deny. Being unsupported is weaker: words
that the facts do not have. Nothing here is learned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..checks import claims as concrete
from ..checks.altered import Altered, altered, places
from ..checks.quantities import Quantity, quantities, supported
from ..checks.words import Text, read, root, shown
from ..context import events, fields_of
from ..findings import Embedder
from ..records import Sample

Standing = Literal["copied", "paraphrased", "unsupported", "contradicted"]
WORST_FIRST: tuple[Standing, ...] = ("contradicted", "unsupported", "paraphrased", "copied")
_COPIED, _PARAPHRASED, _ALIKE = 0.75, 0.5, 0.6
"""Share of a claim's runs of three words, share of its content words, and cosine from which it counts as such."""
_ASKED = 6
"""Places of the facts that an embedder is asked about, those with the most common words."""
_LEAST = 2
"""Words of the item's fields that make a clause without a concrete claim one about the item."""
_MOST = 60
"""Claims of one text that are looked at."""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the facts."""

    field: str
    """`source`, `item.material`, `history.h3`."""
    start: int
    """Characters from the beginning of the field's text in normal form; `end` likewise."""
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a text says, and how it stands to the facts."""

    quote: str
    span: Span | None
    """What bears it out best; None where no place shares a word with it."""
    standing: Standing
    why: str
    support: float
    """In [0, 1]: the share of its content words that the place has, or the cosine where that is greater."""

    def line(self) -> str:
        """As evidence of a finding."""
        there = f" [{self.span.field}: “{shown(self.span.quote, 90)}”]" if self.span else ""
        return f"{self.standing}: “{shown(self.quote, 90)}” — {self.why}{there}"


def grounded(sample: Sample, embedder: Embedder | None = None, *, fields: Sequence[str] = ()) -> tuple[Claim, ...]:
    """The claims of a sample's text, in order, held against `fields`: by default its source, else item, interest and
    history.

    Held against an item, a clause without a concrete claim or a word of its fields is an appeal and no claim. Empty
    where there are no facts, or they share no language with the text. Similarity is the embedder's where there is
    one that reads the language; else it is lexical. Takes some 0.3 ms for three sentences and a page of source without
    an embedder; with one, at most six places a claim are embedded that have not been.
    """
    facts = _facts(sample, _named(sample, fields))
    own = read(sample.text)
    if not facts or own.language not in ("en", "zh") or not any(read(f.quote).language == own.language for f in facts):
        return ()
    known = _Known(facts, sample, _named(sample, fields))
    made = (_claim(text, known, embedder) for text in claims_of(sample.text)[:_MOST])
    return tuple(one for one in made if one is not None)


def worst(claims: Iterable[Claim], most: int = 3) -> tuple[Claim, ...]:
    """The most doubtful first: by standing, then by support."""
    return tuple(sorted(claims, key=lambda one: (WORST_FIRST.index(one.standing), one.support))[:most])


def claims_of(text: str) -> list[str]:
    """Sentences, and clauses that carry a fact of their own: four words and two that say something on both sides."""
    found = []
    for sentence in _sentences(read(text).plain):
        rest = sentence
        while cut := next(
            (m for m in _CLAUSE.finditer(rest) if _whole(rest[: m.start()]) and _says(rest[m.end() :])), None
        ):
            found.append(rest[: cut.start()].strip())
            rest = rest[cut.end() :]
        found.append(rest.strip())
    return [one for one in found if read(one).words]


class _Known:
    """Facts of a sample, with what is asked of them as a whole."""

    def __init__(self, facts: tuple[Span, ...], sample: Sample, names: tuple[str, ...]) -> None:
        self.facts = facts
        self.roots = [read(fact.quote).roots for fact in facts]
        text = _text(facts)
        self.all, self.places, self.runs = read(text), places(text, "item" in names), _runs(text)
        self.amounts = quantities(text)
        self.of_item = "item" in names
        self.fields = concrete.facts_of(sample, names[:1])
        self.also = concrete.facts_of(sample, (*names, "profile", "now", "prompt"))
        self.about = frozenset().union(
            *(roots for fact, roots in zip(facts, self.roots, strict=True) if fact.field.startswith(names[0]))
        )


def _claim(text: str, known: _Known, embedder: Embedder | None) -> Claim | None:
    own, said = read(text), concrete.claims(text)
    if known.of_item and not said and len(own.roots & known.about) < _LEAST:
        return None
    at, support = _nearest(own, known, embedder)
    span = known.facts[at] if at is not None else None
    if found := _contradicted(text, said, known):
        there = _where(found, span, known)
        fact = f", there {found.fact!r}" if found.fact else ": the facts say the contrary"
        return Claim(text, there, "contradicted", f"{found.kind} {found.said!r}{fact}", support)
    if why := _missing(own, said, known):
        return Claim(text, span, "unsupported", why, support)
    runs = _runs(text)
    if runs and len(runs & known.runs) >= _COPIED * len(runs):
        return Claim(
            text, span, "copied", f"{len(runs & known.runs)} of its {len(runs)} runs of words stand there", support
        )
    borne = known.of_item and (
        len(own.roots & known.about) >= _LEAST
        or any(concrete.standing(one, known.fields) == "supported" for one in said)
    )
    standing: Standing = "paraphrased" if borne or support >= _PARAPHRASED else "unsupported"
    return Claim(text, span, standing, _why(own, known), support)


def _why(own: Text, known: _Known) -> str:
    """Which of its telling words the facts have, and which they do not."""
    new = [word for word in dict.fromkeys(own.texts) if root(word) in own.roots - known.all.roots]
    common = len(own.roots & known.all.roots)
    beyond = f"; beyond them: {', '.join(new[:4])}" if new else ""
    return f"{common} of its {len(own.roots)} telling words are in the facts{beyond}"


def _nearest(own: Text, known: _Known, embedder: Embedder | None) -> tuple[int | None, float]:
    """The place that bears it out best and by how much; a place and the next one count together, a little less."""
    if not own.roots:
        return None, 1.0
    shares = [len(own.roots & roots) / len(own.roots) for roots in known.roots]
    pairs = [
        0.97 * len(own.roots & (one | two)) / len(own.roots)
        for one, two in zip(known.roots, known.roots[1:], strict=False)
    ]
    at = max(range(len(shares)), key=shares.__getitem__)
    support = max(shares[at], max(pairs, default=0.0))
    if embedder and support < 1:
        asked = sorted(range(len(shares)), key=lambda place: -shares[place])[:_ASKED]
        near = {place: embedder.similarity(own.plain, known.facts[place].quote) for place in asked}
        best = max(asked, key=lambda place: near[place] or 0.0)
        cosine = near[best] or 0.0
        if cosine >= _ALIKE and cosine > support:
            return best, cosine
    return (at if shares[at] else None), support


def _contradicted(text: str, said: Sequence[concrete.Claim], known: _Known) -> Altered | None:
    if found := altered(text, known.places):
        return found
    if denied := next((one for one in said if concrete.standing(one, known.fields) == "contradicted"), None):
        return Altered(denied.kind, denied.quote, "")
    return next(filter(None, (_other_unit(amount, known) for amount in quantities(text))), None)


def _other_unit(amount: Quantity, known: _Known) -> Altered | None:
    """The same figure, of the same kind, in another unit: 280 kg for 280 g."""
    if amount.kind in ("number", "count") or supported(amount, known.amounts):
        return None
    same = (q for q in known.amounts if q.kind == amount.kind and q.number == amount.number and q.number > 1)
    return next((Altered("unit", amount.text, other.text) for other in same), None)


def _missing(own: Text, said: Sequence[concrete.Claim], known: _Known) -> str:
    """A number or a name that the facts do not have; of an item a function, a material or a brand."""
    for amount in quantities(own.raw):
        bare = f"{amount.number:g}"
        if not supported(amount, known.amounts) and bare not in known.places.words and bare not in _SMALL_NUMBERS:
            return f"{amount.text!r} is nowhere in the facts"
    for one in said if known.of_item else ():
        silent = one.kind in ("number", "opposite") or one.denied
        if not silent and concrete.standing(one, known.fields) == concrete.standing(one, known.also) == "absent":
            return f"{one.kind} {one.quote!r} is nowhere in the facts"
    if known.of_item:
        return ""  # what an explanation names beside its item is a use, not a claim
    for name in _NAME.findall(own.plain):
        if read(name).roots and not read(name).roots & known.all.roots and name.lower() not in known.all.lower:
            return f"names {name!r}, which the facts do not"
    return ""


def _where(found: Altered, span: Span | None, known: _Known) -> Span | None:
    """The nearest place that has the fact's word; of a material the field that names it."""
    if found.kind == "material":
        return next((fact for fact in known.facts if _MATERIAL.search(fact.field)), span)
    word = (found.fact or found.said).split()[-1].lower()
    if span and word in read(span.quote).lower:
        return span
    return next((fact for fact in known.facts if word in read(fact.quote).lower), span)


@lru_cache(maxsize=256)
def _text(facts: tuple[Span, ...]) -> str:
    return "\n".join(fact.quote for fact in facts)


def _named(sample: Sample, fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(fields) or (("source",) if sample.context.get("source") else _ITEM)


def _facts(sample: Sample, names: tuple[str, ...]) -> tuple[Span, ...]:
    found: list[Span] = []
    for name in names:
        if name == "history":
            found += [
                Span(f"history.{event.id}", 0, len(event.text), event.text) for event in events(sample) if event.text
            ]
            continue
        for key, text in fields_of(sample.context.get(name)).items():
            found += _spans(name if key == "title" and name != "item" else f"{name}.{key}", text)
    return tuple(found)


@lru_cache(maxsize=1_024)
def _spans(field: str, text: str) -> tuple[Span, ...]:
    """The sentences of a field with their places; of an item's field the parts between commas."""
    plain, found, start = read(text).plain, [], 0
    pieces = re.split(r"(?<=[,;，；])", plain) if field.startswith("item.") else _sentences(plain)
    for piece in pieces:
        if quote := piece.strip(" \n,;，；"):
            start = max(plain.find(quote, start), 0)
            found.append(Span(field, start, start + len(quote), quote))
            start += len(quote)
    return tuple(found)


def _sentences(plain: str) -> list[str]:
    """Sentences, not cut behind an abbreviation, an initial, or before a small letter in a text that has capitals."""
    found: list[str] = []
    for piece in _END.split(plain):
        if found and (_SHORT.search(found[-1])):
            found[-1] = f"{found[-1]} {piece}"
        elif piece.strip():
            found.append(piece.strip())
    return found


def _whole(text: str) -> bool:
    own = read(text)
    return len(own.words) >= (6 if own.language == "zh" else 4) and len(own.roots) > 1


def _says(text: str) -> bool:
    """Whether one of its first four words may be a verb; Chinese is not asked."""
    return _whole(text) and (read(text).language == "zh" or bool(_VERB.match(text)))


@lru_cache(maxsize=1_024)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = read(text).words
    return (
        frozenset(zip(words, words[1:], words[2:], strict=False))
        if len(words) > 2
        else frozenset({words} if words else ())
    )


_ITEM = ("item", "interest", "history")
_END = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])|\n+")
_SHORT = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|jr|sr|no|gen|sen|rep|lt|col|u\.s|u\.k|e\.g|i\.e)|\b[A-Za-z])\.$", re.I
)
_CLAUSE = re.compile(
    r"\s*[,，]\s*(?:and|but|while|whereas|although|though|which|who)\s+|\s+(?:and|but|while|whereas)\s+|(?<=[\u4e00-\u9fff])[,，]"
)
_VERB = re.compile(r"(?:\S+\s+){0,3}(?:is|are|was|were|has|have|had|will|can|[a-z]{2,}(?:s|ed))\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]+(?:[ -][A-Z][A-Za-z]+)*")
_MATERIAL = re.compile(r"material|fabric|composition|ingredient|材质|面料|成分|材料")
_SMALL_NUMBERS = frozenset(["0", "0.5", "1"])
