"""From token log-probabilities to the distribution over a scale's labels, or nothing where they do not show it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

_LEAST_MASS = 0.5
"""With less than half of the probability on labels, what was looked at is not the choice between them."""
_KEPT = 16
"""Tokens at the end of a reply that hold its label, as a rule: the schemas put it there."""
_TOP = b'"top_logprobs"'
_OUTSIDE = (b'"message"', b'"finish_reason"')
"""Keys that stand in no token: what is left out holds log-probabilities alone."""


def label_distribution(logprobs: Any, text: str, key: str | None, labels: Sequence[str]) -> dict[str, float] | None:
    """Probability of each label at the token where the value of `key` begins, renormalised over the labels.

    A token's mass goes to the label that it begins, when exactly one does. None when there are no log-probabilities,
    when the likeliest label is not the one that was written, or when less than half of the mass is on labels.
    """
    tokens = logprobs.get("content") if key and isinstance(logprobs, dict) else None
    if not key or not isinstance(tokens, list) or not tokens:
        return None
    pieces = [piece for token in tokens if isinstance(token, dict) and isinstance(piece := token.get("token"), str)]
    if len(pieces) != len(tokens):
        return None
    joined = "".join(pieces)
    found, written = _value(joined, key), _value(text, key)
    if found is None or written is None or found[1] != written[1] or written[1] not in labels:
        return None
    at, start = _token_at(pieces, found[0])
    shares = _shares(tokens[at], pieces[at][: found[0] - start], labels)
    return shares if shares and max(labels, key=lambda label: shares[label]) == written[1] else None


def skimmed(body: bytes) -> bytes | None:
    """The body with its first and its last `_KEPT` tokens alone, to be read in a fraction of the time; None if short.

    The first token has another's alternatives now and must not be looked at. What is left out is not read, and so it is
    not found out if that is no JSON.
    """
    first, at = body.find(_TOP), len(body)
    for _ in range(_KEPT + 1):
        at = body.rfind(_TOP, 0, at)
        if at <= first:
            return None
    left_out = body[first:at]
    return None if any(key in left_out for key in _OUTSIDE) else body[:first] + body[at:]


def tail_distribution(logprobs: Any, text: str, key: str | None, labels: Sequence[str]) -> dict[str, float] | None:
    """As `label_distribution` of a `skimmed` body; None also where its tokens are not how the text ends."""
    tokens = logprobs.get("content") if key and isinstance(logprobs, dict) else None
    if not key or not isinstance(tokens, list) or _value(text, key) is None:
        return None
    kept = tokens[1:]
    pieces = [piece for token in kept if isinstance(token, dict) and isinstance(piece := token.get("token"), str)]
    joined = "".join(pieces)
    return label_distribution({"content": kept}, joined, key, labels) if text.endswith(joined) else None


def _value(text: str, key: str) -> tuple[int, str] | None:
    """Where the string value of the key begins, after its quote, and the value; None unless there is exactly one."""
    # a quotation of the same words inside a string has escaped quotes, so it does not match
    matches = list(_pattern(key).finditer(text))
    if len(matches) != 1:
        return None
    try:
        return matches[0].start(1), json.loads(f'"{matches[0][1]}"')
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf'"{re.escape(key)}"\s*:\s*"((?:[^"\\]|\\.)*)"')


def _token_at(pieces: Sequence[str], position: int) -> tuple[int, int]:
    """The token that holds the character at this position, and where that token begins."""
    start = 0
    for at, piece in enumerate(pieces):
        if start + len(piece) > position:
            return at, start
        start += len(piece)
    return len(pieces) - 1, start - len(pieces[-1])


def _shares(token: Mapping[str, Any], lead: str, labels: Sequence[str]) -> dict[str, float] | None:
    """`lead` is what the token holds before the value: the quote, where a token joins it with the label."""
    masses = dict.fromkeys(labels, 0.0)
    for other in token.get("top_logprobs") or ():
        piece, mass = _mass(other)
        if piece.startswith(lead) and (label := _begun(piece[len(lead) :], labels)):
            masses[label] += mass
    total = sum(masses.values())
    return {label: mass / total for label, mass in masses.items()} if total >= _LEAST_MASS else None


def _begun(piece: str, labels: Sequence[str]) -> str | None:
    """The one label that the piece begins; the whole label where the piece closes the string."""
    word, quote, _ = piece.partition('"')
    if quote:
        return word if word in labels else None
    fitting = [label for label in labels if word and label.startswith(word)]
    return fitting[0] if len(fitting) == 1 else None


def _mass(other: Any) -> tuple[str, float]:
    piece, logprob = (other.get("token"), other.get("logprob")) if isinstance(other, dict) else (None, None)
    if not isinstance(piece, str) or not isinstance(logprob, (int, float)) or not math.isfinite(logprob):
        return "", 0.0
    return piece, min(1.0, math.exp(min(0.0, logprob)))
