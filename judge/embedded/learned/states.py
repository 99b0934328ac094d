"""Texts to the states of their tokens: all-MiniLM-L6-v2 once more, its middle layers kept.

Middle layers know more of words and grammar than the last, which was trained to know topics (Tenney et al. 2019).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from .. import minilm
from ..embedding import MODULES, MiniLM, batches, missing, padded, session_of

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
    """Texts to `Read`, each distinct text once while it is among the `keep` latest (60 kB each)."""

    def __init__(self, embedder: MiniLM | None = None, *, keep: int = 2_048) -> None:
        """`embedder` has the model's files; a new one finds them by itself."""
        self.embedder, self.keep = embedder or MiniLM(), keep
        self._known: OrderedDict[str, Read] = OrderedDict()
        self._places: dict[tuple[str, ...], frozenset[int]] = {}
        self._lock = Lock()

    def of(self, texts: Sequence[str]) -> list[Read]:
        """One for each text, in order; a text in another language is read all the same: ask `readable` first."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
            wanted = [text for text in dict.fromkeys(texts) if text not in found]
            found.update(self._read(wanted))
            for text in dict.fromkeys(texts):
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self.keep:
                self._known.popitem(last=False)
            return [found[text] for text in texts]

    def places(self, words: tuple[str, ...]) -> frozenset[int]:
        """Places in the vocabulary of those words that it has whole."""
        if words not in self._places:
            vocabulary = self.embedder.tokenizer.get_vocab()
            self._places[words] = frozenset(vocabulary[word] for word in words if word in vocabulary)
        return self._places[words]

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[str, Read]]:
        import numpy as np

        tokens = [code.ids for code in self.embedder.tokenizer.encode_batch(list(texts))]
        for batch in batches([len(ids) for ids in tokens]):
            names = ["vectors", *(f"layer{layer}" for layer in _LAYERS)]
            given = padded([tokens[place] for place in batch])
            vectors, *layers = self._session.run(names, given)
            of = dict(zip(_LAYERS, layers, strict=True))
            for row, place in enumerate(batch):
                size = len(tokens[place])
                inner = np.stack([of[layer][row, 1 : size - 1] for layer in TOKEN_LAYERS])
                inner = inner / np.maximum(np.linalg.norm(inner, axis=-1, keepdims=True), 1e-9)
                means = np.stack([of[layer][row, :size].mean(0) for layer in MEAN_LAYERS])
                read = Read(vectors[row], inner.astype(np.float16), means, given["input_ids"][row, 1 : size - 1])
                yield texts[place], read

    @cached_property
    def _session(self) -> Any:
        weights = minilm.read_weights(self.embedder.model_files / "model.safetensors")
        return session_of(minilm.graph_of(weights, layers=_LAYERS))


def load_states() -> States | None:
    """None when the packages are not installed."""
    return States() if missing(MODULES) is None else None
