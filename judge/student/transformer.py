"""A Student that is a Hugging Face encoder or causal model with a scalar head a target; needs the `train` extra."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError, StorageError
from .network import Network, batches, network_in, points, torch_here, undisturbed
from .tokens import Marks, Tokens, marks_of, tokens_of
from .wording import VERSION, Wording

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ..records import Sample

KIND = "transformer"
HEAD = "head.safetensors"
BATCH_TOKENS = 16_384
"""Padded tokens in one batch of scoring."""


@dataclass(frozen=True)
class Reader:
    """Samples to tokens: tokenizer, words and length."""

    tokenizer: Any
    marks: Marks
    wordings: Mapping[str, Wording]
    """By task."""
    max_length: int
    """In tokens, context and candidate together."""

    def tokens(self, task: str, samples: Sequence[Sample]) -> list[Tokens | None]:
        """In order; None for a candidate that is too long."""
        wording = self.wordings[task]
        texts = [(wording.context(sample), wording.candidate(sample)) for sample in samples]
        return tokens_of(self.tokenizer, texts, self.marks, self.max_length)


@dataclass(frozen=True)
class Transformer:
    """Scores of each task by its columns of the head."""

    network: Network
    reader: Reader
    columns: Mapping[str, tuple[int, ...]]
    """By task: the head's columns, in the order of its targets."""
    dtype: str = "float32"
    batch_tokens: int = BATCH_TOKENS
    training: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What its training counted; empty for one that was read."""
    _turn: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    kind = KIND

    def scores(self, task: str, samples: Sequence[Sample]) -> NDArray[float64]:
        """(n, targets); NaN for a sample whose text alone is longer than the model may read: it is never cut."""
        import numpy as np
        import torch

        found = np.full((len(samples), len(self.columns[task])), np.nan)
        # a tokenizer of Hugging Face is not to be used by two threads at once
        with self._turn, torch.inference_mode():
            self.network.body.train(False)
            read = self.reader.tokens(task, samples)
            at = [place for place, tokens in enumerate(read) if tokens is not None]
            rows = [tokens for tokens in read if tokens is not None]
            for batch in batches(rows, self.batch_tokens):
                said = points(self.network, [rows[place] for place in batch])[:, list(self.columns[task])]
                found[[at[place] for place in batch]] = said.double().cpu().numpy()
        return found

    def counts(self, task: str, samples: Sequence[Sample]) -> Mapping[str, int]:
        """How many samples have a context that was cut, and how many a text too long to be read."""
        with self._turn:
            read = self.reader.tokens(task, samples)
        return {
            "samples": len(read),
            "context_cut": sum(tokens is not None and tokens.cut > 0 for tokens in read),
            "too_long": sum(tokens is None for tokens in read),
        }

    def save(self, folder: Path) -> Mapping[str, Any]:
        """Weights as safetensors, configuration and tokenizer as JSON, the digest of each file for `student.json`."""
        from safetensors.torch import save_file

        try:
            with tempfile.TemporaryDirectory(dir=folder, prefix=".saving-") as name, undisturbed():
                made = Path(name)
                self.network.body.save_pretrained(made, safe_serialization=True)
                self.reader.tokenizer.save_pretrained(made)
                head = {key: value.detach().cpu() for key, value in self.network.head.state_dict().items()}
                save_file(head, made / HEAD)
                files = sorted(path for path in made.iterdir() if path.suffix in (".json", ".safetensors"))
                digests = {path.name: _digest(path) for path in files}
                for old in folder.glob("*.safetensors"):
                    # of a model that was here before, for instance in more shards
                    old.unlink()
                for path in files:
                    shutil.move(path, folder / path.name)
        except OSError as error:
            raise StorageError(f"{folder}: the model cannot be written ({error}); mend that, run it again") from error
        return {
            "wording": VERSION,
            "wordings": {task: asdict(wording) for task, wording in self.reader.wordings.items()},
            "columns": {task: list(columns) for task, columns in self.columns.items()},
            "max_length": self.reader.max_length,
            "dtype": self.dtype,
            "files": digests,
        }

    @classmethod
    def load(cls, folder: Path, said: Mapping[str, Any], *, device: str = "") -> Transformer:
        """From `student.json`. Raises `UsageError` without the `train` extra, `InputError` for files that changed."""
        torch_here()
        from safetensors.torch import load_file

        if said["wording"] != VERSION:
            raise InputError(f"{folder}: was trained on wording {said['wording']}, here it is {VERSION}; distill anew")
        for name, digest in said["files"].items():
            path = folder / Path(name).name
            if not path.is_file() or _digest(path) != digest:
                raise InputError(f"{path}: is not the file that was saved; copy the student anew, or distill it anew")
        columns = {task: tuple(numbers) for task, numbers in said["columns"].items()}
        wordings = {task: Wording(parts["subject"], parts["fields"]) for task, parts in said["wordings"].items()}
        network = network_in(folder, sum(map(len, columns.values())), device=device, dtype=said["dtype"])
        network.head.load_state_dict(load_file(folder / HEAD))
        return cls(network, reader_in(folder, network, wordings, said["max_length"]), columns, said["dtype"])


def reader_in(folder: Path, network: Network, wordings: Mapping[str, Wording], max_length: int) -> Reader:
    """With the tokenizer of a local folder. Raises `InputError` where it has none, or one that is not plain JSON."""
    from transformers import AutoTokenizer

    if not (folder / "tokenizer.json").is_file():
        raise InputError(f"{folder}: has no tokenizer.json; save the model's tokenizer there with save_pretrained")
    try:
        with undisturbed():
            tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: its tokenizer cannot be loaded ({error})") from error
    known = getattr(network.body.config.get_text_config(), "max_position_embeddings", None) or max_length
    most = min(known, tokenizer.model_max_length)
    if max_length > most:
        raise InputError(f"{folder}: reads at most {most} tokens, not {max_length}; give --max-length {most}")
    return Reader(tokenizer, marks_of(tokenizer, causal=network.causal), wordings, max_length)


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()
