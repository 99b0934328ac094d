"""What relations need to know of a text: its language, its sentences, and which part of an artefact is prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ...judge import Sample

_HAN = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[A-Za-z]")
_ENGLISH = """
    the a an and of to for with is are your you this that it in from on by its as be at or every them not no so more
    while when after has have was were during
"""
_SMALL = frozenset(_ENGLISH.split())
_END = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=[。！？])\s*(?=\S)")


def language(text: str) -> str:
    """`en`, `zh`, or empty for what these relations have no words for.

    A third of Han letters makes Chinese. English is Latin letters with one of the small words in them; two or three
    words without any pass for English, as nothing in them tells.
    """
    han, latin, letters = len(_HAN.findall(text)), len(_LATIN.findall(text)), sum(map(str.isalpha, text))
    if letters and han >= letters / 3:
        return "zh"
    words = text.lower().split()
    return "en" if letters and latin >= 0.9 * letters and (len(words) < 4 or _SMALL & set(words)) else ""


def prose(sample: Sample) -> str:
    """The sentences of an artefact: the string itself, else its reason, else its main words."""
    if isinstance(sample.output, str):
        return sample.output
    reason = sample.output.get("reason")
    return reason if isinstance(reason, str) and reason.strip() else sample.text


def with_prose(sample: Sample, text: str) -> Sample:
    """The same artefact, other sentences."""
    if isinstance(sample.output, str):
        return replace(sample, output=text)
    own = "reason" if prose(sample) == sample.output.get("reason") else None
    key = own or next(key for key in ("tag", "interest", "text") if sample.output.get(key) == prose(sample))
    return replace(sample, output={**sample.output, key: text})


def with_words(value: Any, change: Callable[[str], str]) -> Any:
    """Any JSON value with every text in it changed; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: with_words(part, change) for key, part in value.items()}
    return [with_words(part, change) for part in value] if isinstance(value, (list, tuple)) else value


def strings(value: Any) -> list[str]:
    """Every text in a JSON value, in order."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return [text for part in parts for text in strings(part)]


def sentences(text: str) -> list[str]:
    """Split after what ends a sentence; the pieces joined with a space (nothing in Chinese) read as before."""
    return [part for part in _END.split(text.strip()) if part.strip()]


def joined(parts: list[str], lang: str) -> str:
    """Sentences as one text."""
    return ("" if lang == "zh" else " ").join(part.strip() for part in parts)


def length(text: str) -> int:
    """Words, each Han letter counted as one."""
    return len(_HAN.findall(text)) + len(re.findall(r"[A-Za-zÀ-ɏ0-9]+", text))
