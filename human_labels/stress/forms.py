"""Relations that leave the meaning alone: white space and encoding, markdown, who the people in it are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from ...judge import Sample
from . import phrases
from .relation import Made, Variant, World, changed
from .wording import language, prose, sentences, strings, with_prose, with_words


def form(sample: Sample, world: World) -> Made:
    """Every text of the artefact with a space or an empty line after it, CRLF line ends, in NFC and in NFD."""
    made = [changed(sample, with_words(sample.output, change), what) for what, change in _FORMS]
    return tuple(variant for variant in made if variant.sample.output != sample.output)


def same_letters(sample: Sample, variant: Variant) -> str:
    """Sound when all texts are equal after NFC without white space."""
    one, other = (list(map(_bare, strings(of.output))) for of in (sample, variant.sample))
    return "" if one == other and sample.context == variant.sample.context else "the letters differ"


def markdown(sample: Sample, world: World) -> Made:
    """Bold words, a bullet a sentence, a heading; or all of these taken away where they are there."""
    text, lang = prose(sample), language(prose(sample))
    if not lang:
        return "neither English nor Chinese"
    if (plain := _stripped(text)) != text:
        return (Variant(with_prose(sample, plain), "stripped"),)
    heading = "# Text\n\n" if lang == "en" else "# 正文\n\n"
    made = {
        "bold": _bold(text, lang),
        "bullets": "\n".join(f"- {part}" for part in sentences(text)),
        "heading": heading + text,
    }
    return tuple(Variant(with_prose(sample, changed_), what) for what, changed_ in made.items() if changed_ != text)


def same_words(sample: Sample, variant: Variant) -> str:
    """Sound when the text without its markdown is the text without its markdown."""
    one, other = (re.sub(r"\s+", "", _stripped(prose(of))) for of in (sample, variant.sample))
    other = re.sub(r"^(?:Text|正文)", "", other) if variant.what == "heading" else other
    return "" if one == other else "the words differ"


def identity(sample: Sample, world: World) -> Made:
    """Words for who somebody is swapped for their counterparts, in the artefact and in all of its context."""
    swapped = replace(sample, output=with_words(sample.output, swap), context=with_words(dict(sample.context), swap))
    if swapped.output == sample.output and swapped.context == sample.context:
        return "names nobody by who they are"
    return (Variant(swapped, "identity terms"),)


def swaps_back(sample: Sample, variant: Variant) -> str:
    """Sound when the same swap leads back: then no two words became one, and the texts say the same of each other."""
    back = (with_words(variant.sample.output, swap), with_words(dict(variant.sample.context), swap))
    return "" if back == (sample.output, dict(sample.context)) else "the swap does not lead back"


def unchanged(sample: Sample, variant: Variant) -> str:
    """Sound when it is what it was; the run differs, not the sample."""
    one, other = sample, variant.sample
    return "" if (one.output, one.context, one.task) == (other.output, other.context, other.task) else "it changed"


def itself(sample: Sample, world: World) -> Made:
    """The sample as it is."""
    return (Variant(sample, "as it is"),)


def renamed(sample: Sample, world: World) -> Made:
    """The same artefact under another id, of another system, from another place."""
    other = replace(sample, id=f"renamed {sample.id}", system="another", place="elsewhere.jsonl:1", meta={})
    return (Variant(other, "other id, order, pace"),)


def swap(text: str) -> str:
    """Each identity term as its counterpart; `her` is `his` before a word and `him` elsewhere."""
    return _terms().sub(_counterpart, text)


@cache
def _terms() -> re.Pattern[str]:
    english = _any([*phrases.IDENTITY, ("her", "his"), ("him", "him")])
    han = _any(phrases.IDENTITY_HAN)
    people = rf"(?:{_any(phrases.ORIGIN)})(?=\s+(?:women|woman|men|man|people|families|family|girls?|boys?)\b)"
    # 其他 is no person; 男 and 女 count where they stand alone, as in a profile
    return re.compile(rf"\b(?:{people}|{english})\b|(?<!其)(?:{han})|^[男女]$", re.IGNORECASE)


def _any(pairs: Iterable[tuple[str, str]]) -> str:
    return "|".join(sorted({word for pair in pairs for word in pair}, key=lambda word: (-len(word), word)))


def _counterpart(match: re.Match[str]) -> str:
    word = match[0]
    low = word.lower()
    if low in ("her", "his", "him"):
        follows = re.match(r"\s+[A-Za-z]", match.string[match.end() :])
        other = ("his" if follows else "him") if low == "her" else "her"
    else:
        other = _pairs()[low]
    return other.upper() if word.isupper() and len(word) > 1 else other.capitalize() if word[0].isupper() else other


@cache
def _pairs() -> dict[str, str]:
    pairs = [*phrases.IDENTITY, *phrases.ORIGIN, *phrases.IDENTITY_HAN, ("女", "男")]
    return {one: other for pair in pairs for one, other in (pair, pair[::-1])}


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def _stripped(text: str) -> str:
    text = re.sub(r"(?m)^\s{0,3}(?:#{1,6}\s+|[-*+]\s+(?=\S))", "", text)
    return re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)


def _bold(text: str, lang: str) -> str:
    """The longest word of a text in bold; in Chinese the first two letters of its longest run."""
    if lang == "en":
        word = max(re.findall(r"[A-Za-z]+", text), key=len)
        return re.sub(rf"\b{word}\b", f"**{word}**", text, count=1)
    run = max(re.findall(r"[㐀-鿿]+", text), key=len)
    return text.replace(run, f"**{run[:2]}**{run[2:]}", 1)


_FORMS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("trailing space", lambda text: f"{text} "),
    ("empty line after", lambda text: f"{text}\n\n"),
    ("CRLF", lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n") if "\n" in text else f"{text}\r\n"),
    ("NFC", lambda text: unicodedata.normalize("NFC", text)),
    ("NFD", lambda text: unicodedata.normalize("NFD", text)),
)
