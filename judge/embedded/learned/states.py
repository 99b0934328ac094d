"""Texts to the states of their tokens: all-MiniLM-L6-v2 once more, its middle layers kept.

Middle layers know more of words and grammar than the last, which was trained to know topics (Tenney et al. 2019).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from threading import Lock
from typing import Any

from ..embedding import Batch, MiniLM, pooled

TOKEN_LAYERS = (2, 4, 6)
"""Layers whose tokens are compared one by one."""
MEAN_LAYERS = (3, 4, 5)
"""Layers that are averaged over a text's tokens."""
_LAYERS = tuple(sorted({*TOKEN_LAYERS, *MEAN_LAYERS}))


@dataclass(frozen=True, eq=False)
class Read:
    """One text as the network sees it; n tokens without the two that mark its ends."""

    vector: Any
    """(384,) unit vector of the text."""
    tokens: Any
    """(layers of `TOKEN_LAYERS`, n, 384) unit vectors in half precision."""
    means: Any
    """(layers of `MEAN_LAYERS`, 384): means over all tokens."""
    ids: Any
    """(n,) places in the vocabulary."""


class States:
    """Texts to `Read`, each distinct text once while it is among the latest of `keep` tokens (2.5 kB each).

    Safe in threads: only keeping is locked. The vectors go to the embedder too, which need not read the texts again.
    """

    def __init__(self, embedder: MiniLM | None = None, *, keep: int = 50_000) -> None:
        """`embedder` has the model; a new one finds its files by itself."""
        self.embedder, self.keep = embedder or MiniLM(), keep
        self._known: OrderedDict[str, Read] = OrderedDict()
        self._size = 0
        self._places: dict[tuple[str, ...], frozenset[int]] = {}
        self._lock = Lock()

    def prepare(self, texts: Sequence[str]) -> int:
        """Reads texts ahead of use, as many as can be kept at once; how many, in order, are now known.

        Ask for them before the next are prepared. Those beyond are read when they are asked for.
        """
        wanted = [text for text in dict.fromkeys(texts) if text not in self._known]
        tokens = self.embedder.tokens(wanted)
        fits = sum(size <= self.keep for size in accumulate(map(len, tokens)))
        for text, read in self._read(wanted[:fits], tokens[:fits]):
            self._keep(text, read)
        return len(texts) if fits == len(wanted) else list(texts).index(wanted[fits])

    def of(self, texts: Sequence[str]) -> list[Read]:
        """One for each text, in order; a text in another language is read all the same: ask `readable` first."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
            for text in found:
                self._known.move_to_end(text)
        wanted = [text for text in dict.fromkeys(texts) if text not in found]
        for text, read in self._read(wanted, self.embedder.tokens(wanted)) if wanted else ():
            found[text] = read
            self._keep(text, read)
        return [found[text] for text in texts]

    def places(self, words: tuple[str, ...]) -> frozenset[int]:
        """Places in the vocabulary of those words that it has whole."""
        if words not in self._places:
            vocabulary = self.embedder.tokenizer.get_vocab()
            self._places[words] = frozenset(vocabulary[word] for word in words if word in vocabulary)
        return self._places[words]

    def _keep(self, text: str, read: Read) -> None:
        with self._lock:
            if text in self._known:  # another thread was faster, with the same numbers
                return
            self._known[text] = read
            self._size += len(read.ids)
            while self._size > self.keep:
                _, oldest = self._known.popitem(last=False)
                self._size -= len(oldest.ids)

    def _read(self, texts: Sequence[str], tokens: Sequence[Sequence[int]]) -> Iterator[tuple[str, Read]]:
        for batch in self.embedder.read(tokens, _LAYERS):
            own = [texts[place] for place in batch.places]
            vectors = pooled(batch.layers[-1])
            self.embedder.remember(own, vectors)
            yield from zip(own, _reads(batch, vectors), strict=True)


def _reads(batch: Batch, vectors: Any) -> Iterator[Read]:
    import numpy as np

    of = dict(zip(_LAYERS, batch.layers, strict=True))
    means = np.stack([of[layer].mean(1) for layer in MEAN_LAYERS], axis=1)
    inner = np.stack([of[layer][:, 1:-1] for layer in TOKEN_LAYERS], axis=1)
    inner /= np.maximum(np.sqrt(np.einsum("...i,...i->...", inner, inner))[..., None], 1e-9)
    for row, half in enumerate(inner.astype(np.float16)):
        yield Read(vectors[row].copy(), half.copy(), means[row].copy(), batch.ids[row, 1:-1].copy())
