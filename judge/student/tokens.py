"""Texts to tokens: a prefix that candidates of one context share, and the candidate, never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SHARES = (0.75, 0.5, 0.25, 0.0)
"""How much of the length a context that must be cut may fill: the most that leaves room for the candidate.

Steps, so that candidates of unlike length still share one cut context.
"""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One sample as a model reads it: the two parts follow each other."""

    prefix: tuple[int, ...]
    """Of the context, with what opens a sequence."""
    candidate: tuple[int, ...]
    """With what closes a sequence."""
    cut: int = 0
    """Tokens taken out of the context's middle."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a tokenizer puts around texts; a part that it does not have is empty."""

    opening: tuple[int, ...]
    between: tuple[int, ...]
    closing: tuple[int, ...]


def marks_of(tokenizer: Any, *, causal: bool) -> Marks:
    """For a causal model BOS and EOS; for an encoder CLS and SEP, or what it has in their place."""
    opening = tokenizer.bos_token_id if causal else _first(tokenizer.cls_token_id, tokenizer.bos_token_id)
    closing = tokenizer.eos_token_id if causal else _first(tokenizer.sep_token_id, tokenizer.eos_token_id)
    return Marks(_mark(opening), () if causal else _mark(closing), _mark(closing))


def tokens_of(tokenizer: Any, texts: Sequence[tuple[str, str]], marks: Marks, max_length: int) -> list[Tokens | None]:
    """(context, candidate) texts, in order; None where the candidate alone is longer than `max_length` tokens.

    A context that is too long loses its middle: its head says what is asked, its tail stands next to the candidate.
    The same text gives the same tokens whatever it is beside.
    """
    if not texts:
        return []
    # each context is read once; a special token's name in somebody's text is text
    plain = {"add_special_tokens": False, "split_special_tokens": True, "verbose": False}
    contexts = list(dict.fromkeys(context for context, _ in texts))
    read = dict(zip(contexts, tokenizer(contexts, **plain)["input_ids"], strict=True))
    candidates = tokenizer([candidate for _, candidate in texts], **plain)["input_ids"]
    return [
        _fitted(read[context], candidate, marks, max_length)
        for (context, _), candidate in zip(texts, candidates, strict=True)
    ]


def _fitted(context: Sequence[int], candidate: Sequence[int], marks: Marks, max_length: int) -> Tokens | None:
    last = (*candidate, *marks.closing) or marks.between
    room = max_length - len(last) - len(marks.opening) - len(marks.between)
    if room < 0 or not last:
        return None
    kept = len(context)
    if kept > room:
        kept = max(int(share * max_length) for share in SHARES if int(share * max_length) <= room)
    head = kept - kept // 2
    short = context if kept == len(context) else [*context[:head], *context[len(context) - kept // 2 :]]
    return Tokens((*marks.opening, *short, *marks.between), last, len(context) - kept)


def _mark(number: int | None) -> tuple[int, ...]:
    return () if number is None else (number,)


def _first(*numbers: int | None) -> int | None:
    return next((number for number in numbers if number is not None), None)
