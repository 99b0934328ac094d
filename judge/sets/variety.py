"""How much the texts of a set differ: distinct n-grams, pairwise ROUGE-L, pairwise cosine of n-grams and embeddings.

A pairwise mean that has a linear form is computed by it, over all pairs; the others over all pairs up to the set's cap
and over a seeded sample of pairs beyond it, with the sample's interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain, combinations, count, islice, pairwise
from math import fsum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ..findings import Embedder
from .textset import TOKENISER, SetMetric, TextSet, letter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .grams import Grams

_Z = 1.959963984540054
_ALPHABET = 1_000_000
"""Distinct tokens that can be written as one character each, which is how the LCS kernel is fastest."""
_PLAIN = 0xD800
"""Characters before the surrogates, which are none."""
_FEW = 2_000
"""Texts of a set up to which its distinct pairs of tokens are a set of Python's."""
_SMALL = 64
"""Texts of a set up to which the places of its pairs are remembered: most sets are that small."""


@runtime_checkable
class VectorEmbedder(Protocol):
    """An embedder that hands out its vectors, so that a mean over all pairs takes linear time."""

    def vectors(self, texts: Sequence[str]) -> Sequence[Any | None]:
        """A unit vector a text; None where the model is blind."""


def distinct_1(texts: TextSet) -> SetMetric:
    """Distinct tokens over all tokens (Li et al., NAACL 2016). Falls as a set grows: compare sets of one size."""
    total = sum(map(len, texts.tokens))
    if not total:
        return texts.undefined("distinct_1", "no text has a word")
    few = texts.n <= _SMALL  # what is kept of a text is for the next set that has it
    kinds = len(set[str]().union(*[cut.kinds for cut in texts.cut] if few else texts.tokens))
    return texts.value("distinct_1", kinds / total, f"{kinds} distinct of {total} tokens ({TOKENISER})")


def distinct_2(texts: TextSet) -> SetMetric:
    """Distinct pairs of neighbouring tokens over all such pairs (Li et al., NAACL 2016)."""
    total = sum(len(tokens) - 1 for tokens in texts.tokens)
    if not total:
        return texts.undefined("distinct_2", "no text has two words")
    few = texts.n <= _FEW
    kinds = len(set[tuple[str, str]]().union(*map(pairwise, texts.tokens))) if few else _kinds_of_pairs(texts.tokens)
    return texts.value("distinct_2", kinds / total, f"{kinds} distinct of {total} token pairs ({TOKENISER})")


def _kinds_of_pairs(rows: Sequence[Sequence[str]]) -> int:
    """The same count by sorting numbers, in a tenth of the memory."""
    import numpy as np

    numbers: dict[str, int] = {}
    tokens = chain.from_iterable(rows)
    codes = np.fromiter((numbers.setdefault(token, len(numbers)) for token in tokens), np.int64)
    inside = np.ones(len(codes), bool)
    inside[np.cumsum([len(row) for row in rows]) - 1] = False  # the last token of a text has no neighbour
    pairs = codes[:-1] * len(numbers) + codes[1:]
    pairs = pairs[inside[:-1]]
    pairs.sort()
    return 1 + int(np.count_nonzero(pairs[1:] != pairs[:-1]))


def rouge_diversity(texts: TextSet) -> SetMetric:
    """1 − mean pairwise ROUGE-L F1, the explanation diversity of RecGPT-V2: 2 LCS / (m + n) over tokens."""
    import numpy as np

    name, n = "rouge_diversity", texts.n
    if n < 2:
        return texts.undefined(name, "a mean over pairs needs two texts")
    if texts.coded and n * (n - 1) // 2 <= texts.cap:
        return _small_rouge(texts, texts.coded)
    one, other, exact = _pairs(n, texts)
    keys = list(texts.counts)  # sorted, as the places of pairs are those of sorted texts
    texts_key = np.arange(len(keys)).repeat(list(texts.counts.values()))
    one, other = texts_key[one], texts_key[other]
    drawn = np.unique(np.concatenate([one, other]))
    coded = _coded([keys[place].split(" ") for place in drawn])
    scores = _rouge(coded, drawn.searchsorted(one), drawn.searchsorted(other))
    nearest = int(scores.argmax())
    pair = texts.written(keys[one[nearest]], keys[other[nearest]])
    value = 1 - float(scores.mean())
    if exact:
        return texts.value(name, value, f"1 − mean ROUGE-L F1 over all {len(scores)} pairs ({TOKENISER})", pair=pair)
    half = _Z * float(scores.std(ddof=1)) / len(scores) ** 0.5
    words = f"1 − mean ROUGE-L F1 over {len(scores)} sampled pairs of {n * (n - 1) // 2} ({TOKENISER})"
    return texts.value(name, value, words, interval=(value - half, value + half), exact=False, pair=pair)


def _small_rouge(texts: TextSet, coded: Sequence[str]) -> SetMetric:
    """The same over all pairs of a small set, where calls of the kernel cost less than arrays of pairs."""
    from rapidfuzz.distance import LCSseq

    alike, order = LCSseq.similarity, sorted(range(texts.n), key=texts.tokens.__getitem__)
    pairs = combinations([coded[place] for place in order], 2)
    scores = [2.0 * alike(one, other) / (len(one) + len(other)) for one, other in pairs]
    one, other = (texts.cut[place] for place in next(islice(combinations(order, 2), scores.index(max(scores)), None)))
    words = f"1 − mean ROUGE-L F1 over all {len(scores)} pairs ({TOKENISER})"
    return texts.value(
        "rouge_diversity", 1 - fsum(scores) / len(scores), words, pair=texts.written(one.joined, other.joined)
    )


def ngram_distance(texts: TextSet) -> SetMetric:
    """Mean pairwise cosine distance of character n-gram counts, in linear time; works in every script."""
    import numpy as np

    name, n = "ngram_distance", texts.n
    if n < 2:
        return texts.undefined(name, "a mean over pairs needs two texts")
    times = np.array(list(texts.counts.values()), np.float64)
    if small := texts.overlaps:
        shares = times / np.sqrt(small.products.diagonal())
        square = float(shares @ small.products @ shares)
    else:
        square = _square(texts.grams, times)
    words = f"1 − mean cosine of character {texts.gram_size}-gram counts over all {n * (n - 1) // 2} pairs"
    return texts.value(name, _mean_distance(square, n), words)


def _square(grams: Grams, times: NDArray[Any]) -> float:
    """|Σu|² over unit vectors of n-gram counts, each as often as its text occurs; no pair is formed."""
    import numpy as np

    total = np.zeros(grams.width)
    for block in grams.blocks():
        of = times[block.start : block.stop]
        norms = np.sqrt(np.bincount(block.rows, np.square(block.counts, dtype=np.float64), minlength=len(of)))
        np.add.at(total, block.columns, block.counts * (of / norms)[block.rows])
    return float(total @ total)


def embedding_distance(texts: TextSet) -> SetMetric:
    """Mean pairwise cosine distance of embeddings (RecGPT-V2's reward for tags), where the model can read the texts."""
    name, embedder = "embedding_distance", texts.embedder
    if embedder is None:
        return texts.undefined(name, "no embedding model was given; ngram_distance stands in for it")
    written = [texts.originals[key][0] for key, times in texts.counts.items() for _ in range(times)]
    embedder.prepare(list(dict.fromkeys(written)))
    read = [text for text in written if embedder.similarity(text, text) is not None]
    if len(read) < 2 or 2 * len(read) < len(written):
        return texts.undefined(
            name, f"{embedder.name} can read {len(read)} of {len(written)} texts; see ngram_distance"
        )
    told = f"1 − mean cosine of {embedder.name}, {len(read)} of {len(written)} texts readable"
    return _linear(texts, embedder, read, told) or _pairwise(texts, embedder, read, told)


def _linear(texts: TextSet, embedder: Embedder, read: Sequence[str], told: str) -> SetMetric | None:
    import numpy as np

    if not isinstance(embedder, VectorEmbedder):
        return None
    vectors = np.array([vector for vector in embedder.vectors(read) if vector is not None], np.float64)
    total = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).sum(0)
    return texts.value("embedding_distance", _mean_distance(float(total @ total), len(vectors)), f"{told}, all pairs")


def _pairwise(texts: TextSet, embedder: Embedder, read: Sequence[str], told: str) -> SetMetric:
    import numpy as np

    one, other, exact = _pairs(len(read), texts)
    cosines = np.array([embedder.similarity(read[i], read[j]) for i, j in zip(one, other, strict=True)], np.float64)
    value = 1 - float(cosines.mean())
    if exact:
        return texts.value("embedding_distance", value, f"{told}, all pairs")
    half = _Z * float(cosines.std(ddof=1)) / len(cosines) ** 0.5
    words, interval = f"{told}, {len(cosines)} sampled pairs", (value - half, value + half)
    return texts.value("embedding_distance", value, words, interval=interval, exact=False)


def _mean_distance(square: float, n: int) -> float:
    """1 − (|Σu|² − n) / (n (n − 1)): the mean of 1 − u·v over all pairs of n unit vectors, no pair ever formed."""
    return min(2.0, max(0.0, 1 - (square - n) / (n * (n - 1))))


def _pairs(n: int, texts: TextSet) -> tuple[NDArray[Any], NDArray[Any], bool]:
    """All pairs when the cap allows it, else a seeded sample of pairs, drawn evenly and with replacement."""
    import numpy as np

    if n * (n - 1) // 2 <= texts.cap:
        return *(_all_pairs(n) if n <= _SMALL else np.triu_indices(n, 1)), True
    draw = np.random.default_rng(texts.seed)
    size = max(2, texts.cap)
    one = draw.integers(0, n, size)
    return one, (one + draw.integers(1, n, size)) % n, False


@lru_cache(_SMALL)
def _all_pairs(n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    return np.triu_indices(n, 1)


def _rouge(rows: Sequence[Any], one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    import numpy as np
    from rapidfuzz.distance import LCSseq
    from rapidfuzz.process import cpdist

    pairs = [rows[i] for i in one.tolist()], [rows[j] for j in other.tolist()]
    common = cpdist(*pairs, scorer=LCSseq.similarity, dtype=np.uint32)
    lengths = np.array(list(map(len, rows)))
    scores: NDArray[Any] = 2.0 * common / (lengths[one] + lengths[other])
    return scores


def _coded(rows: Sequence[Sequence[str]]) -> list[Any]:
    """Each token as one character, so that the kernel compares strings; as numbers when there are too many kinds."""
    kinds = dict.fromkeys(chain.from_iterable(rows))
    if len(kinds) < _PLAIN:
        letters = dict(zip(kinds, _letters(), strict=False))
        return ["".join(map(letters.__getitem__, row)) for row in rows]
    numbers = dict(zip(kinds, count(), strict=False))
    coded = [list(map(numbers.__getitem__, row)) for row in rows]
    return ["".join(map(letter, row)) for row in coded] if len(numbers) <= _ALPHABET else list(coded)


@cache
def _letters() -> str:
    return "".join(map(chr, range(_PLAIN)))
