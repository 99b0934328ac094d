"""Checks of letters: the right language, no hidden characters, no look-alikes, no letters thrown together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ..findings import Hit
from ..records import Sample
from .gates import Rarely
from .parts import options, part, parts
from .scripts_zh import misread, told_apart
from .words import Text, read, shown

_KEYBOARD = re.compile(r"asdf|qwer|zxcv|hjkl|sdfg|dfgh|wert(?!h)|uiop|xcvb")
_ODD_PAIRS = re.compile(
    r"q[^u\W\d_a]|j[bcdfghklmnpqrstvwxyz]|v[bcdfghjkmnpqtwxz]|[bcdfghjklmnpqrstvwxz]{5,}|x[jkqvz]|z[bcfgjnpqrsx]|w[qvxzj]|k[qxzj]|f[qxzjvk]"
)
_SPOOF = re.compile(r"[\u0400-\u04ff\u0370-\u03ff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_TAGS = re.compile(r"[\U000e0000-\U000e007f]")
_ZERO_WIDTH = re.compile(r"[\u200b\u200c\u2060\ufeff\u00ad]")
_LATIN_LETTERS = re.compile(r"[a-z]+")
_NAMES = {"en": "English", "zh": "Chinese", "other": "another language"}


def language(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Written in another language than its context. `fields`: what shows which; the context's `language` decides."""
    o = options(given, fields=("item", "interest", "history", "source", "prompt"), expect="")
    own = read(sample.text)
    expected = o.expect or str(sample.context.get("language", ""))[:2].lower()
    if own.language == "en" and not expected and parts(sample, tuple(o.fields)).isascii():
        return None  # only Chinese letters show another language than its own
    expected = expected or _language_of(read(_context_words(sample, o.fields)))
    if (
        expected in ("en", "zh")
        and own.language in ("en", "zh", "other")
        and own.language != expected
        and own.length > 1
    ):
        return Hit(f"is written in {_NAMES[own.language]}, its context in {_NAMES[expected]}", (shown(sample.text),))
    return _other_script(sample, own, o.fields) if own.language == expected == "zh" else None


def _other_script(sample: Sample, own: Text, fields: tuple[str, ...]) -> Hit | None:
    """All in traditional characters where the context is all simplified, or the other way round."""
    mine, theirs = told_apart(own.plain), told_apart(_context_words(sample, fields))
    for at, name, other in ((0, "simplified", "traditional"), (1, "traditional", "simplified")):
        if len(mine[at]) > 2 and not mine[1 - at] and len(theirs[1 - at]) > 2 and not theirs[at]:
            return Hit(f"is written in {name} characters, its context in {other} ones", (mine[at][:8],))
    return None


def hidden(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Characters a reader does not see. `kinds`: `bidi`, `tags` (the Unicode tag block), `zero_width`."""
    kinds = options(given, kinds=("bidi", "tags", "zero_width")).kinds
    raw = sample.output if isinstance(sample.output, str) else part(sample, "output")
    if raw.isascii():
        return None
    for name, pattern in (("bidi", _BIDI), ("tags", _TAGS), ("zero_width", _ZERO_WIDTH)):
        if name in kinds and (found := pattern.findall(raw)):
            return Hit(f"{len(found)} hidden characters ({name})", (f"U+{ord(found[0]):04X}",))
    return None


def mixed_scripts(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """A word of Latin letters with Greek or Cyrillic look-alikes in it; traditional among simplified characters."""
    options(given)
    if sample.text.isascii():
        return None
    if read(sample.text).han >= 6 and (both := _both_scripts(sample)):
        return Hit(f"mixes simplified and traditional characters: {both[0]} and {both[1]}", both)
    for word in re.findall(r"\w+", unicodedata.normalize("NFKC", sample.text[:20_000])):
        if _SPOOF.search(word) and re.search(r"[A-Za-z]", word) and not word.endswith(("μ", "Ω", "β", "α")):
            return Hit(f"a word mixes scripts: {word!r}", (word,))
    return None


def _both_scripts(sample: Sample) -> tuple[str, str] | None:
    """Two characters of either script; those of the one that the context is not in must not stand in the context."""
    simple, old = told_apart(read(sample.text).plain)
    if len(simple) < 2 or len(old) < 2:
        return None
    context = parts(sample, ("item", "interest", "history", "source", "prompt"))
    theirs = told_apart(context)
    new = [c for c in (old if len(theirs[0]) >= len(theirs[1]) else simple) if c not in context]
    return (simple[:6], old[:6]) if len(new) > 1 else None


def gibberish(sample: Sample, given: Mapping[str, Any]) -> Hit | None:
    """Letters or characters that no writer puts together. `share` of the words that must look so."""
    o = options(given, field="text", share=0.34)
    text = read(part(sample, o.field))
    if not text.raw.isascii() and (coded := misread(text.raw[:2_000])):
        return Hit(f"Chinese that was read in the wrong encoding: {coded!r}", (coded,))
    words = _latin_words(text)
    strange = _odd_letters.among(words)
    odd = [word for word in words if word in strange and not (len(word) <= 5 and word.upper() in text.plain)]
    rare = [c for c in text.plain if "\u4e00" <= c <= "\u9fff" and not _common_han(c)] if text.han >= 4 else []
    if words and len(odd) / len(words) >= o.share and text.language != "zh":
        return Hit(f"no words: {' '.join(odd[:4])!r}", tuple(odd[:4]))
    if text.han >= 4 and len(rare) / text.han > 0.5:
        return Hit(f"characters that are hardly ever used together: {''.join(rare[:8])!r}", ("".join(rare[:8]),))
    return None


def odd_words(text: Text) -> set[str]:
    """The words in Latin letters that look like none."""
    return _odd_letters.among(_latin_words(text))


def _latin_words(text: Text) -> list[str]:
    return [word for word in _LATIN_LETTERS.findall(text.lower) if len(word) > 2]


def _context_words(sample: Sample, fields: tuple[str, ...]) -> str:
    return parts(sample, tuple(fields))


def _language_of(text: Text) -> str:
    if text.han >= 6 and text.han > 2 * text.latin:
        return "zh"
    return "en" if text.latin >= 4 and text.han == 0 else ""


def _no_word(word: str) -> bool:
    no_vowel = len(word) >= 4 and not re.search(r"[aeiouyà-ÿ]", word)
    return bool(no_vowel or _KEYBOARD.search(word) or re.search(r"(.)\1\1", word) or _ODD_PAIRS.search(word))


_odd_letters = Rarely(_no_word)


def _common_han(character: str) -> bool:
    for encoding, low, high in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if low <= character.encode(encoding)[0] <= high:
                return True
        except UnicodeEncodeError:
            continue
    return False
