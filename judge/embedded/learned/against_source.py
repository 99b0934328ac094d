"""A text against the source that it was written from, by sentences and tokens of a small language model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from ...checks.grammar import slips
from ...checks.quantities import Quantity, quantities, supported
from ...checks.words import SMALL, read
from ..embedding import cosines
from .states import TOKEN_LAYERS, Read, States

OWN, SOURCE = 30, 60
"""Sentences of the text and of its source that are read; what comes later is not."""
_LEAD = 3
_NAN = float("nan")

SENTENCES: Mapping[str, str] = {
    "best_least": "least, over the text's sentences, of the cosine with the nearest source sentence",
    "best_mean": "mean of those cosines",
    "best_first": "that cosine of the first sentence",
    "best_last": "that cosine of the last sentence",
    "best_margin": "mean distance from the nearest source sentence to the second nearest",
    "covered": "mean, over the source's sentences, of the cosine with the nearest of the text's",
    "covered_lead": "the same over the source's first three sentences",
    "covered_early": "the same, each sentence weighing 1/(1 + its place)",
    "covered_central": "the same, sentences weighing by how near they are to the source as a whole",
    "whole": "cosine of the text as a whole with the source as a whole",
    "whole_least": "least cosine of a sentence with the source as a whole",
    "whole_mean": "mean cosine of a sentence with the source as a whole",
    "central": "how near to the whole source its taken sentences are, above its other sentences",
    "lead": "cosine of the text with the source's first three sentences",
    "first_first": "cosine of the first sentences",
    "first_lead": "greatest cosine of the first sentence with the source's first three",
    "place": "mean place in the source (0 to 1) of the nearest sentences",
    "place_first": "place in the source of the sentence nearest to the first one",
    "next_mean": "mean cosine of neighbouring sentences",
    "next_least": "least cosine of neighbouring sentences",
    "alike_most": "greatest cosine of two sentences of the text",
    "alike_mean": "mean cosine of two sentences of the text",
    "in_order": "share of neighbours whose nearest source sentences are not in the reverse order",
    "steps": "mean distance in the source between neighbours' nearest sentences",
    "same": "share of neighbours with the same nearest source sentence",
    "to_first": "mean cosine of the later sentences with the first",
    "flows": "share of neighbours whose nearest source sentences follow each other within two",
}
TOKENS: Mapping[str, str] = {
    "precision": "mean, over the text's tokens, of the cosine with the nearest source token (Zhang et al. 2020)",
    "precision_low": "the tenth part of those cosines that is lowest ends here",
    "precision_three": "mean of the three lowest",
    "precision_content": "mean over tokens that carry content",
    "precision_small": "mean over small words and marks",
    "precision_sentence": "least mean of a sentence",
    "recall": "mean, over the source's tokens, of the cosine with the nearest of the text's",
    "recall_content": "mean over the source's tokens that carry content",
    "recall_lead": "mean over the tokens of the source's first three sentences",
    "single_least": "least, over sentences, of the best precision against one source sentence alone",
    "single_mean": "mean of those",
}
FACTS: Mapping[str, str] = {
    "new_amounts": "quantities of the text that the source does not have",
    "mixed": "greatest share of a sentence's content words that the source has, but nowhere near its nearest sentence",
    "absent": "greatest share of a sentence's content words that the source does not have",
    "negation": "share of sentences that deny what their nearest source sentence does not, or the other way round",
    "opens_loose": "1 where the text opens with a pronoun or a joining word",
    "slips": "grave slips of grammar, a sentence",
}
MEANINGS: Mapping[str, str] = {
    **SENTENCES,
    **{f"l{layer}_{name}": f"{words} (layer {layer})" for layer in TOKEN_LAYERS for name, words in TOKENS.items()},
    **FACTS,
}
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|denie[sd]|deny|fail(?:s|ed)?|refus(?:es|ed))\b"
    r"|n['’]t\b|\b(?:do|does|did|is|was|were|wo|ca|could|would|should) ?n ['’]t\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"^\W*(?:he|she|it|they|his|her|their|its|this|that|these|those|but|and|so|however|also)\b", re.I)


def sentences_of(text: str, most: int) -> list[str]:
    """The first sentences that have more than three characters; the text itself where there are none."""
    found = [sentence for sentence in read(text).sentences if len(sentence) > 3]
    return (found or [text])[:most]


def wanted(text: str, source: str) -> list[str]:
    """What `against_source` will ask the network about."""
    return [*sentences_of(text, OWN), *sentences_of(source, SOURCE)]


@lru_cache(maxsize=64)  # the models of several dimensions read one sample
def against_source(text: str, source: str, states: States) -> tuple[float, ...]:
    """The values of `MEANINGS`, in order; NaN where a text of one sentence has none."""
    own, given = sentences_of(text, OWN), _given(source, states)
    mine = states.of(own)
    values, nearest = _sentences(mine, given)
    small = _small(states)
    for layer in range(len(TOKEN_LAYERS)):
        values += _tokens(mine, given, layer, small)
    return tuple(round(float(value), 4) for value in values + _facts(text, own, given, nearest))


@dataclass(frozen=True, eq=False)
class _Given:
    """A source, as all texts written from it are held against it."""

    sentences: Sequence[str]
    vectors: Any
    """(sentences, 384)"""
    middle: Any
    """(384,) the source as a whole."""
    lead: Any
    """(384,) its first sentences."""
    central: Any
    """(sentences,) how near each is to the whole."""
    tokens: tuple[Any, ...]
    """Of each layer of `TOKEN_LAYERS`, (tokens, 384) in single precision: 1.5 kB a token."""
    starts: Sequence[int]
    """Where the tokens of each sentence that has any begin."""
    leading: int
    """Tokens of the first sentences."""
    content: Any
    """(tokens,) which carry content."""
    known: tuple[Quantity, ...]
    roots: frozenset[str]


@lru_cache(maxsize=4)  # texts come by source; 800 tokens are 4 MB, and 60 sentences of the greatest length 70 MB
def _given(source: str, states: States) -> _Given:
    import numpy as np

    sentences = sentences_of(source, SOURCE)
    read_ = states.of(sentences)
    vectors = np.stack([one.vector for one in read_])
    middle = _unit(vectors.mean(0))
    sizes = [len(one.ids) for one in read_]
    tokens = tuple(_all(read_, layer) for layer in range(len(TOKEN_LAYERS)))
    return _Given(
        sentences, vectors, middle, _unit(vectors[:_LEAD].mean(0)), vectors @ middle, tokens, _starts(sizes),
        sum(sizes[:_LEAD]), _content(read_, _small(states)), quantities(source), read(source).roots,
    )  # fmt: skip


def _sentences(mine: Sequence[Read], given: _Given) -> tuple[list[float], Any]:
    import numpy as np

    u, v, middle, central = np.stack([one.vector for one in mine]), given.vectors, given.middle, given.central
    near = u @ v.T
    best, at, back, size = near.max(1), near.argmax(1), near.max(0), len(v)
    ranked = np.sort(near, axis=1)
    whole = _unit(u.mean(0))
    early, weight = 1 / (1 + np.arange(size)), np.clip(central, 0, 1) ** 4 + 1e-9
    found = [
        best.min(), best.mean(), best[0], best[-1],
        (ranked[:, -1] - ranked[:, -2]).mean() if size > 1 else _NAN,
        back.mean(), back[:_LEAD].mean(), (back * early).sum() / early.sum(), (back * weight).sum() / weight.sum(),
        whole @ middle, (u @ middle).min(), (u @ middle).mean(), central[at].mean() - central.mean(),
        whole @ given.lead, u[0] @ v[0], (v[:_LEAD] @ u[0]).max(), (at / size).mean(), at[0] / size,
    ]  # fmt: skip
    return [float(value) for value in (*found, *_among(u, at, size))], at


def _among(u: Any, at: Any, size: int) -> list[float]:
    """How the text's sentences follow each other."""
    import numpy as np

    if len(u) < 2:
        return [_NAN] * 9
    alike, steps = u @ u.T, np.diff(at)
    following, off = np.diag(alike, 1), alike[np.triu_indices(len(u), 1)]
    return [
        following.mean(), following.min(), off.max(), off.mean(), (steps >= 0).mean(), (abs(steps) / size).mean(),
        (steps == 0).mean(), alike[0, 1:].mean(), ((steps >= 0) & (steps <= 2)).mean(),
    ]  # fmt: skip


def _tokens(mine: Sequence[Read], given: _Given, layer: int, small: frozenset[int]) -> list[float]:
    import numpy as np

    own, sizes = _all(mine, layer), [len(one.ids) for one in mine if len(one.ids)]
    if not len(own) or not len(given.tokens[layer]):
        return [_NAN] * len(TOKENS)
    near = cosines(own, given.tokens[layer])
    by_source, recall = np.maximum.reduceat(near, given.starts, axis=1), near.max(0)
    precision, starts = by_source.max(1), _starts(sizes)
    low = np.sort(precision)
    single = (np.add.reduceat(by_source, starts, axis=0) / np.array(sizes)[:, None]).max(1)
    by_sentence = np.add.reduceat(precision, starts) / sizes
    content = _content(mine, small)
    return [
        _mean(precision), float(np.quantile(low, 0.1)), float(low[:3].mean()),
        _mean(precision[content]), _mean(precision[~content]), float(by_sentence.min()),
        _mean(recall), _mean(recall[given.content]), _mean(recall[: given.leading]),
        float(single.min()), float(single.mean()),
    ]  # fmt: skip


def _facts(text: str, own: Sequence[str], given: _Given, nearest: Any) -> list[float]:
    mixed, absent, denied = 0.0, 0.0, 0
    for sentence, at in zip(own, nearest, strict=True):
        words, near = read(sentence).roots, given.sentences[max(0, at - 1) : at + 2]
        about = frozenset[str]().union(*(read(each).roots for each in near))
        if words:
            mixed = max(mixed, len((words & given.roots) - about) / len(words))
            absent = max(absent, len(words - given.roots) / len(words))
        denied += bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(given.sentences[at]))
    return [
        float(sum(not supported(amount, given.known) for amount in quantities(text))),
        mixed, absent, denied / len(own), float(bool(_LOOSE.match(text))), len(slips(text)) / len(own),
    ]  # fmt: skip


def _starts(sizes: Sequence[int]) -> list[int]:
    """Where each sentence's tokens begin; a sentence without any is passed over."""
    return [end - size for size, end in zip(sizes, accumulate(sizes), strict=True) if size]


def _all(texts: Sequence[Read], layer: int) -> Any:
    import numpy as np

    return np.concatenate([one.tokens[layer] for one in texts]).astype(np.float32)


def _content(texts: Sequence[Read], small: frozenset[int]) -> Any:
    import numpy as np

    return np.array([int(id) not in small for one in texts for id in one.ids], dtype=bool)


def _small(states: States) -> frozenset[int]:
    """Places in the vocabulary of small words and marks."""
    return states.places((*sorted(SMALL), *".,;:!?'\"()-`"))


def _mean(values: Any) -> float:
    return float(values.mean()) if values.size else _NAN


def _unit(vector: Any) -> Any:
    import numpy as np

    return vector / max(float(np.linalg.norm(vector)), 1e-9)
