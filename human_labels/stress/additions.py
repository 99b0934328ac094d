"""Relations that add words which say nothing of the item: filler, sources, crowds, tone, "revised"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...judge import Sample
from . import phrases
from .relation import Made, Variant, World
from .wording import joined, language, length, prose, with_prose

NO_WORDS = "neither English nor Chinese"
TIMES = (1.5, 3.0)


def verbose(sample: Sample, world: World) -> Made:
    """Filler sentences until the text is 1.5 and 3 times as long; none is said twice."""
    text, lang = prose(sample), language(prose(sample))
    if not lang:
        return NO_WORDS
    filler = list(phrases.FILLER[lang])
    world.random.shuffle(filler)
    made = [(times, _longer(text, filler, times, lang)) for times in TIMES]
    done = tuple(
        Variant(with_prose(sample, longer), f"{times:g} times as long", level)
        for level, (times, longer) in enumerate(made, 1)
        if longer
    )
    return done or "longer than the filler there is"


def authority(sample: Sample, world: World) -> Made:
    """A source that does not exist, after the text."""
    return _after(sample, world, phrases.AUTHORITY, "fake source")


def crowd(sample: Sample, world: World) -> Made:
    """That many prefer it, after the text."""
    return _after(sample, world, phrases.CROWD, "popularity")


def distraction(sample: Sample, world: World) -> Made:
    """A fact of the world that has nothing to do with it, after the text."""
    return _after(sample, world, phrases.DISTRACTION, "irrelevant fact")


def tone(sample: Sample, world: World) -> Made:
    """A cheerful and an angry frame around the text."""
    return _around(sample, phrases.TONE)


def revised(sample: Sample, world: World) -> Made:
    """The word that it was revised, or thought over, without a change of it."""
    return _around(sample, phrases.REVISED)


def added_only(sample: Sample, variant: Variant) -> str:
    """Sound when all of the text still stands there in one piece, more around it, and nothing else changed."""
    before, after = prose(sample).strip(), prose(variant.sample)
    if not before or before not in after or len(after) <= len(before):
        return "the text does not stand in it unchanged"
    more = after.replace(before, " ", 1)
    if language(more) not in ("", language(before)):
        return "what was added is in another language"
    if re.search(r"\d", more) and variant.what not in ("popularity", "fake source"):
        return "what was added has a number"
    return "" if _same_rest(sample, variant.sample) else "more than the text changed"


def _same_rest(sample: Sample, other: Sample) -> bool:
    return with_prose(other, prose(sample)).output == sample.output and other.context == sample.context


def _longer(text: str, filler: list[str], times: float, lang: str) -> str:
    """Filler up to the wanted length; empty where there is not enough, or where the first sentence passes it by far."""
    wanted, parts = times * length(text), [text.strip()]
    for sentence in filler:
        if length(joined(parts, lang)) >= wanted:
            break
        parts.append(sentence)
    return joined(parts, lang) if length(joined(parts, lang)) >= wanted else ""


def _after(sample: Sample, world: World, words: Mapping[str, tuple[str, ...]], what: str) -> Made:
    text, lang = prose(sample), language(prose(sample))
    if not lang:
        return NO_WORDS
    more = world.random.choice(words[lang])
    return (Variant(with_prose(sample, joined([text, more], lang)), what),)


def _around(sample: Sample, words: Mapping[str, tuple[tuple[str, str, str], ...]]) -> Made:
    text, lang = prose(sample), language(prose(sample))
    if not lang:
        return NO_WORDS
    return tuple(
        Variant(with_prose(sample, f"{before}{text.strip()}{after}"), name) for name, before, after in words[lang]
    )
