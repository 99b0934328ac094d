"""Measures of the text itself: fluency, order, breadth of a tag, what it tells, what it appeals to."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ..checks.addressed import without_address
from ..checks.claims import facts_of, held
from ..checks.evidence import related
from ..checks.grammar import slips
from ..checks.lexicon import find, scan, topics
from ..checks.parts import options, part, parts
from ..checks.seasons import mentions
from ..checks.topicality import joined_item
from ..checks.words import overlap, read, shown
from ..findings import Embedder, Measured
from ..records import Sample


def fluency(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """English: grave slips a sentence, and sentences too long to follow. Abstains for every other language."""
    o = options(given, field="text", long=45)
    text = read(part(sample, o.field))
    if text.language == "zh":
        return Measured(
            None,
            "Chinese: repetition, breaks, scripts, garbling and template words were looked for and not found; whether "
            "it is fluent, nothing here can tell",
        )
    if text.language != "en" or text.length < 3:
        return Measured(None, "no model of fluency for this language, or too few words, on this machine")
    found, sentences = slips(text.plain), max(1, len(text.sentences))
    short = text.length <= o.long and not text.han  # no sentence has more words than the whole
    long = 0 if short else sum(read(sentence).length > o.long for sentence in text.sentences)
    score = max(0.0, 0.9 - 0.45 * len(found) / sentences - 0.25 * long / sentences)
    return Measured(
        score,
        f"{len(found)} grave slips and {long} overlong in {sentences} sentences",
        tuple(s.quote for s in found[:3]),
    )


def readability(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Order and economy by surface: sentence length, new words a sentence, links between neighbours."""
    options(given)
    text = read(sample.text)
    if text.length < 5 or text.language not in ("en", "zh"):
        return Measured(None, "too short, or in a language that is not read here")
    sentences = [read(sentence) for sentence in text.sentences]
    size = text.length / max(1, len(sentences))
    limit = 60.0 if text.language == "zh" else 32.0
    linked = sum(bool(a.roots & b.roots) for a, b in pairwise(sentences))
    repeated = max(
        (overlap(a.roots, b.roots) for i, a in enumerate(sentences) for b in sentences[i + 1 : i + 12]), default=0.0
    )
    score = 0.8 - (0.35 if size > limit else 0.0) - (0.35 if repeated > 0.8 and len(sentences) > 1 else 0.0)
    score += 0.1 * linked / max(1, len(sentences) - 1)
    return Measured(
        max(0.0, score), f"{size:.0f} units a sentence, {linked} of {max(0, len(sentences) - 1)} neighbours linked"
    )


def specificity(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Modifier and core word: a known kind of item, and how many content words narrow it."""
    options(given)
    tag = read(sample.text)
    products = find(tag.raw, "product")
    general = read(" ".join(match.quote for match in find(tag.raw, "vague"))).roots
    longest = max((read(match.quote).length for match in products), default=0)
    beyond = tag.length - longest - (0 if tag.language == "zh" else len(general))
    several = longest >= (4 if tag.language == "zh" else 2)
    if products and (beyond > 0 or several):
        return Measured(
            0.9 if beyond > 0 else 0.78,
            f"{products[-1].quote!r} with {beyond} more that narrow it",
            (products[-1].quote,),
        )
    if products:
        return Measured(
            0.5, f"one kind of item, {products[0].quote!r}, and nothing that narrows it", (products[0].quote,)
        )
    if tag.length >= (4 if tag.language == "zh" else 2):
        return Measured(0.6, "several words, none a product known here", (shown(tag.raw),))
    return Measured(None, f"{shown(tag.raw)!r} is not a word known here")


def product_known(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Whether the tag's head is a product that shops commonly sell, or stands in the titles of the history."""
    options(given)
    tag = read(sample.text)
    products = find(tag.raw, "product")
    if products and products[-1].last == len(tag.tokens) - 1:
        return Measured(0.9, f"{products[-1].quote!r} is a product that shops sell", (products[-1].quote,))
    seen = read(parts(sample, ("history", "item"))).roots
    if tag.words and (tag.roots & seen) and any(root in seen for root in read(tag.words[-1]).roots):
        return Measured(0.7, f"{tag.words[-1]!r} is in titles the user saw", (tag.words[-1],))
    if products or topics(tag.raw):
        return Measured(0.5, "of a known field, with a head that is not a product known here", (shown(tag.raw),))
    return Measured(None, f"no word of {shown(tag.raw)!r} is a product known here")


def informativeness(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Content beyond praise and title: words of the item's fields, concrete claims, words of a use."""
    options(given)
    text = read(without_address(sample.text))
    if not text.words:
        return Measured(None, "has no words")
    praise = read(" ".join(match.quote for match in find(text.raw, "generic", "slogan"))).roots
    new = text.roots - praise - title_roots(sample)
    fields = new & read(joined_item(sample)).roots
    facts = facts_of(sample, ("item",))
    exact = [claim.quote for claim, stands in held(text.raw, facts) if stands == "supported"]
    uses = {match.quote for match in scan(text.raw) if _telling(match.lists)}
    traits = min(3, len(fields) + len(exact))
    score = min(0.95, 0.15 + 0.2 * traits + 0.1 * min(3, len(uses)) + 0.03 * min(5, len(new)))
    return Measured(
        score,
        f"{traits} traits of the item, {len(uses)} telling words, {len(new)} content words beyond the title",
        tuple(exact[:3]),
    )


def timeliness(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Seasons and festivals named, against the date: 0.9 when one fits, 0.5 when none is named, 0.1 when none fits."""
    options(given)
    found = mentions(sample, sample.text)
    if not found:
        return Measured(0.5, "speaks of no season or festival")
    fits = [mention.quote for mention in found if mention.fits]
    return Measured(0.9 if fits else 0.1, f"speaks of {(fits or [found[0].quote])[0]!r}", tuple(fits[:2]))


def attractiveness(sample: Sample, given: Mapping[str, Any], embedder: Embedder | None) -> Measured:
    """Signs of appeal: words of sense or use, speaking to the reader, the interest. Never a sign of dullness."""
    options(given)
    text, interest = read(sample.text), part(sample, "interest")
    senses = find(text.raw, "sense")
    spoken = not _READER.isdisjoint(text.words)
    near_ = bool(interest and related(text.raw, interest))
    score = min(0.9, 0.35 + 0.15 * min(2, len(senses)) + (0.1 if spoken else 0.0) + (0.15 if near_ else 0.0))
    if text.length < 3 or score <= 0.35:
        return Measured(None, "no sign of appeal that code can see; that is not a sign of dullness")
    return Measured(
        score,
        f"{len(senses)} words of sense or use; {'speaks' if near_ else 'does not speak'} of the interest",
        tuple(m.quote for m in senses[:3]),
    )


_READER = frozenset(["you", "your", "你", "您"])


def _telling(lists: frozenset[str]) -> bool:
    return any(name == "sense" or name == "product" or name.startswith(("topic:", "season:")) for name in lists)


def title_roots(sample: Sample) -> frozenset[str]:
    """The content words of the item's title."""
    return read(part(sample, "title")).roots
