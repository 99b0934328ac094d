"""A local causal model as generator: batches drawn with a seed, from a folder of save_pretrained; no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...errors import InputError, UsageError
from ...rubrics import Rubric
from ..prompting import Template, plain_prompt
from .generators import Failure, GeneratorSettings, named
from .prompted import Asked, read_prompts


class LocalModel:
    """Samples with left padding; by the tokenizer's chat template where it has one, else plain text."""

    def __init__(self, settings: GeneratorSettings, rubrics: Mapping[str, Rubric], template: Template | None) -> None:
        self.settings, self.rubrics, self.template = settings, rubrics, template
        self.name = named(settings)
        self.failures: list[Failure] = []
        self._held: tuple[Any, Any] | None = None
        """Model and tokenizer, once they were needed."""

    def generate(self, prompts: Sequence[Mapping[str, Any]], *, k: int, seed: int) -> Iterator[dict[str, Any]]:
        """Records in the prompts' order.

        A completion that has no end within `max_tokens`, that is empty, or whose prompt leaves the model no room, is a
        failure. Raises `UsageError` for a folder that holds no model, and for k > 1 at temperature 0.
        """
        if self.settings.temperature == 0 and k > 1:
            raise UsageError(f"generator: temperature 0 gives {k} times the same; raise temperature or set k = 1")
        self.failures = []
        asked = read_prompts(prompts, self.rubrics, self.template)
        self._held = self._held or _loaded(self.settings)
        texts = {one.id: text_of(one, self._held[1]) for one in asked}
        places = [one for one in asked for _ in range(k)]
        written = dict.fromkeys(texts, 0)
        for start in range(0, len(places), self.settings.batch_size):
            batch = places[start : start + self.settings.batch_size]
            for one, said in zip(batch, self._drawn([texts[one.id] for one in batch], seed, start), strict=True):
                if isinstance(said, _Unsaid):
                    self.failures.append(Failure(one.id, str(said)))
                    continue
                yield one.of(written[one.id], said, self.name)
                written[one.id] += 1

    def _drawn(self, texts: Sequence[str], seed: int, start: int) -> list[str]:
        """One batch, drawn with a seed of its own and nobody else's state of chance touched."""
        import torch

        model, tokenizer = self._held or _loaded(self.settings)
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(seed * 1_000_003 + start)
            return self._said(model, tokenizer, texts)

    def _said(self, model: Any, tokenizer: Any, texts: Sequence[str]) -> list[str]:
        """A completion for each text, an `_Unsaid` where there is none."""
        inputs = tokenizer(
            list(texts), return_tensors="pt", padding=True, add_special_tokens=tokenizer.chat_template is None,
            return_token_type_ids=False,
        ).to(model.device)  # fmt: skip
        start, most = inputs["input_ids"].shape[1], self.settings.max_tokens
        lengths = inputs["attention_mask"].sum(dim=1).tolist()
        room = getattr(model.config, "max_position_embeddings", None)
        if room is not None and start + most > room:
            return self._apart(model, tokenizer, texts, [length + most <= room for length in lengths], room)
        ids = model.generate(**inputs, generation_config=self._how(model, tokenizer))[:, start:].tolist()
        return [_text(row, tokenizer, most) for row in ids]

    def _apart(self, model: Any, tokenizer: Any, texts: Sequence[str], fits: Sequence[bool], room: int) -> list[str]:
        """Prompts too long for the model are left out of the batch."""
        short = [text for text, fit in zip(texts, fits, strict=True) if fit]
        said = iter(self._said(model, tokenizer, short) if short else [])
        long = _Unsaid(f"the prompt and {self.settings.max_tokens} tokens are more than the model's {room}")
        return [next(said) if fit else long for fit in fits]

    def _how(self, model: Any, tokenizer: Any) -> Any:
        from transformers import GenerationConfig

        given, own = self.settings, model.generation_config
        drawn = {"temperature": given.temperature, "top_p": given.top_p, "top_k": 0} if given.temperature else {}
        # a model may name several ends; what else its folder says of sampling is not asked for
        end = own.eos_token_id if own.eos_token_id is not None else tokenizer.eos_token_id
        return GenerationConfig(
            do_sample=bool(drawn), max_new_tokens=given.max_tokens, eos_token_id=end,
            pad_token_id=tokenizer.pad_token_id, bos_token_id=tokenizer.bos_token_id, **drawn,
        )  # fmt: skip


class _Unsaid(str):
    """The reason why there is no completion."""

    __slots__ = ()


def text_of(one: Asked, tokenizer: Any) -> str:
    """What the model continues."""
    if tokenizer.chat_template is None:
        return plain_prompt(one.messages)
    text: str = tokenizer.apply_chat_template(list(one.messages), tokenize=False, add_generation_prompt=True)
    return text


def _text(ids: Sequence[int], tokenizer: Any, most: int) -> str:
    ends = {tokenizer.eos_token_id, tokenizer.pad_token_id}
    # whatever follows an end is padding; without one the completion was cut
    if len(ids) >= most and not ends & set(ids):
        return _Unsaid(f"no end within {most} tokens")
    text: str = tokenizer.decode(ids, skip_special_tokens=True).strip()
    return text or _Unsaid("the completion is empty")


def _loaded(settings: GeneratorSettings) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM

    folder = Path(str(settings.model))
    device = settings.device or ("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = tokenizer_of(folder)
    try:
        with quiet():
            model = AutoModelForCausalLM.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, dtype=settings.dtype
            )
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: holds no model that can be read ({_short(error)})") from error
    return model.to(device).eval(), tokenizer


def tokenizer_of(folder: Path) -> Any:
    """The folder's, padding on the left. Raises `UsageError` where there is none, `InputError` without an end token."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; name one that save_pretrained wrote")
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, padding_side="left")
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: holds no tokenizer that can be read ({_short(error)})") from error
    if tokenizer.eos_token_id is None:
        raise InputError(f"{folder}: its tokenizer has no eos_token, so no completion would end; give it one")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bars of transformers' while it lasts: what is said, commands say."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
