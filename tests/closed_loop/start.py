"""The model that the rounds begin with: a small random Llama with a tokenizer of words, taught the mixed corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import world

LENGTH = 24


def start_model(folder: Path, pairs: list[tuple[str, str]], *, rows: int = 9000, epochs: int = 5, seed: int = 0) -> int:
    """Makes and saves it; how many weights it has."""
    import torch

    torch.manual_seed(seed)
    tokenizer = _tokenizer()
    model = _model(len(tokenizer))
    inputs, labels = _tensors(tokenizer, world.corpus(pairs, rows, seed))
    steps = epochs * (rows // 64)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(rows).split(64)[: rows // 64]:
            loss = model(input_ids=inputs[batch], attention_mask=inputs[batch].ne(0).long(), labels=labels[batch]).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return sum(weights.numel() for weights in model.parameters())


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    known = {word: number for number, word in enumerate(["<pad>", "<unk>", "</s>", *world.words()])}
    made = Tokenizer(models.WordLevel(known, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", unk_token="<unk>", eos_token="</s>")


def _model(words: int) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=words, hidden_size=96, intermediate_size=192, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=64, pad_token_id=0, bos_token_id=None, eos_token_id=2,
        )
    )  # fmt: skip


def _tensors(tokenizer: Any, rows: list[tuple[str, str]]) -> tuple[Any, Any]:
    """Prompt and completion as rounds join them; the loss is on the completion and its end."""
    import torch

    inputs = torch.zeros(len(rows), LENGTH, dtype=torch.long)
    labels = torch.full((len(rows), LENGTH), -100)
    for place, (prompt, tag) in enumerate(rows):
        before, after = tokenizer(prompt)["input_ids"], tokenizer(tag)["input_ids"] + [tokenizer.eos_token_id]
        inputs[place, : len(before) + len(after)] = torch.tensor(before + after)
        labels[place, len(before) : len(before) + len(after)] = torch.tensor(after)
    return inputs, labels
