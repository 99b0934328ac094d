"""How likely a sentence has a slip of grammar, learned from sentences that rules corrupted: no person labelled them.

A small network reads the token states of MiniLM's middle layers: a projection, a window of five tokens, one layer of
attention, then a score for each token and one for the sentence. Made by `benchmarks/train_grammar.py`, which also says
what it sees and what it lets pass: `benchmarks/results/grammar.md`.
"""

from __future__ import annotations

import math
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import orjson

from .against_source import sentences_of

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from .states import Read, States

SENTENCES = 12
"""Sentences of a text that are read for its columns."""
MOST_TOKENS = 128
"""Tokens of a sentence that are read: a longer one is judged by its beginning."""
LEAST_TOKENS = 4
"""A shorter sentence has no oddness: `Great fit.` is no sentence of those it learned from."""
_FILE = "grammar.json"
_DIGITS = 3


@dataclass(frozen=True)
class Oddness:
    """What is odd about one sentence."""

    share: float
    """Probability, among as many clean and corrupted sentences, that this one was corrupted; NaN where it is too short
    to tell."""
    quote: str
    """The oddest word between its neighbours; empty where the sentence is more likely clean."""


def odd(texts: Sequence[str], states: States) -> list[Oddness]:
    """One for each sentence, in order; ask `language.readable` first. The same whatever else is asked at once.

    See `benchmarks/results/grammar.md` for its recall by kind of slip and its false alarms.
    """
    return [_oddness(text, read, states) for text, read in zip(texts, states.of(texts), strict=True)]


def odd_columns(text: str, states: States) -> list[float]:
    """Values of `MEANINGS`, in order; NaN where no sentence is long enough."""
    found = [one.share for one in odd(sentences_of(text, SENTENCES), states)]
    told = [math.log((share + 1e-3) / (1 - share + 1e-3)) for share in found if share == share]
    if not told:
        return [math.nan] * len(MEANINGS)
    return [round(value, _DIGITS) for value in (sum(told) / len(told), max(told), min(told))]


MEANINGS: Mapping[str, str] = {
    "odd_mean": "how likely its sentences have slips of grammar, on average",
    "odd_most": "how likely its oddest sentence has a slip of grammar",
    "odd_least": "how likely its least odd sentence has a slip of grammar",
}


def read_out(read: Read) -> tuple[NDArray[float64], float, NDArray[float64]]:
    """(n,) scores of the tokens, the sentence's, and the hidden values that it is computed from. Logits, not shares."""
    import numpy as np

    weights = _weights()
    tokens = read.tokens[:, :MOST_TOKENS].astype(float)
    size = tokens.shape[1]
    x = tokens.transpose(1, 0, 2).reshape(size, -1) * SCALE
    h = _gelu(_linear(x, weights, "inp"))
    side = weights["conv.weight"].shape[1] // h.shape[1] // 2
    padded = np.pad(h, ((side, side), (0, 0)))
    window = np.concatenate([padded[at : at + size] for at in range(2 * side + 1)], axis=1)
    h = _norm(h + _gelu(_linear(window, weights, "conv")), weights, "n0")
    for at in range(_blocks(weights)):
        h = _block(h, weights, f"blocks.{at}")
    scores = _linear(h, weights, "tok")[:, 0]
    hidden = _gelu(_linear(np.concatenate([h.mean(0), h.max(0)]), weights, "hid"))
    values = np.concatenate([hidden, [scores.max(), scores.mean()]])
    return scores, float(_linear(values, weights, "out")[0]), values


SCALE = math.sqrt(384) / 2
_HEADS = 4


def _oddness(text: str, read: Read, states: States) -> Oddness:
    if read.tokens.shape[1] < LEAST_TOKENS:
        return Oddness(math.nan, "")
    scores, score, _ = read_out(read)
    slope, offset = _said()["slope"], _said()["offset"]
    share = round(1 / (1 + math.exp(-(slope * score + offset))), _DIGITS)
    quoted = _quote(text, [round(value, _DIGITS) for value in scores.tolist()], states) if share > 0.5 else ""
    return Oddness(share, quoted)


def _quote(text: str, scores: Sequence[float], states: States) -> str:
    """The word of the oddest token with a word on each side."""
    at = max(range(len(scores)), key=lambda place: (scores[place], -place))
    start, end = states.embedder.tokenizer.encode(text).offsets[at + 1]
    before, after = text[:start].rsplit(None, 2), text[end:].split(None, 2)
    glued = text[end : end + 1].strip() != ""
    first = start - sum(map(len, before[-1:])) if start and not text[start - 1].isspace() else start
    head = " ".join(text[:first].split()[-1:])
    tail = " ".join(after[: 2 if glued else 1])
    middle = text[first:end]
    return f"{head} {middle}{'' if glued else ' '}{tail}".strip()


def _block(h: Any, weights: Mapping[str, Any], at: str) -> Any:
    """Attention, then a feed-forward part; each is added to what came in and normalised."""
    import numpy as np

    size, width = h.shape
    query, keys, values = _linear(h, weights, f"{at}.qkv").reshape(size, 3, _HEADS, -1).transpose(1, 2, 0, 3)
    near = query @ keys.transpose(0, 2, 1) / math.sqrt(width // _HEADS)
    near = np.exp(near - near.max(-1, keepdims=True))
    mixed = (near / near.sum(-1, keepdims=True) @ values).transpose(1, 0, 2).reshape(size, width)
    h = _norm(h + _linear(mixed, weights, f"{at}.o"), weights, f"{at}.a")
    return _norm(h + _linear(_gelu(_linear(h, weights, f"{at}.f1")), weights, f"{at}.f2"), weights, f"{at}.b")


def _linear(x: Any, weights: Mapping[str, Any], at: str) -> Any:
    return x @ weights[f"{at}.weight"].T + weights[f"{at}.bias"]


def _norm(x: Any, weights: Mapping[str, Any], at: str) -> Any:
    import numpy as np

    centred = x - x.mean(-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    return centred / spread * weights[f"{at}.weight"] + weights[f"{at}.bias"]


def _gelu(x: Any) -> Any:
    """By tanh (Hendrycks and Gimpel 2016)."""
    import numpy as np

    return 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))


def _blocks(weights: Mapping[str, Any]) -> int:
    return sum(name.endswith(".qkv.bias") for name in weights)


@cache
def _said() -> Mapping[str, Any]:
    file = resources.files(__package__) / _FILE
    said: Mapping[str, Any] = orjson.loads(file.read_bytes())
    return said


@cache
def _weights() -> Mapping[str, Any]:
    """Arrays by name: 8-bit numbers, each row times its scale."""
    return {name: unpacked(one) for name, one in _said()["arrays"].items()}


def packed(array: Any) -> dict[str, Any]:
    """Rows as 8-bit numbers in base64 and their scales; vectors as they are, to six digits."""
    from base64 import b64encode

    import numpy as np

    if array.ndim == 1:
        return {"values": [float(f"{value:.6g}") for value in array.tolist()]}
    scales = np.array([float(f"{value:.6g}") for value in np.maximum(np.abs(array).max(1), 1e-9) / 127])
    numbers = np.clip(np.rint(array / scales[:, None]), -127, 127).astype(np.int8)
    return {"shape": array.shape, "scales": scales.tolist(), "int8": b64encode(numbers.tobytes()).decode()}


def unpacked(one: Mapping[str, Any]) -> Any:
    """What `packed` packed, in doubles."""
    import numpy as np

    if "values" in one:
        return np.array(one["values"])
    numbers = np.frombuffer(b64decode(one["int8"]), np.int8).reshape(one["shape"])
    return numbers * np.array(one["scales"])[:, None]
