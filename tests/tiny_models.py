"""Tiny random models of Hugging Face with a tokenizer, made here; run in an environment with torch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "TOKENIZERS_PARALLELISM": "false"}
SIZES = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
SMALL = {"max_position_embeddings": 4096, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
TEXT = """How good is an explanation shown to a user beside one recommended item? The interest that the item was
recommended for, what the user did, title and fields of the item. To be judged: poor fair fine mesh sole trail light
warm river stone paper green slow quick round"""


def causal_in(folder: Path, kind: str = "Llama", **more: Any) -> Path:
    """A causal model of some 40,000 weights, saved with its language-model head and a tokenizer."""
    import torch
    import transformers

    words = _tokenizer_in(folder, bos_token="<s>", eos_token="</s>")
    torch.manual_seed(0)
    config = getattr(transformers, f"{kind}Config")(vocab_size=words, **{**SIZES, **SMALL, **more})
    getattr(transformers, f"{kind}ForCausalLM")(config).save_pretrained(folder)
    return folder


def encoder_in(folder: Path, **more: Any) -> Path:
    """A BERT of some 60,000 weights, saved, with a tokenizer."""
    import torch
    from transformers import BertConfig, BertModel

    words = _tokenizer_in(folder, cls_token="[CLS]", sep_token="[SEP]")
    torch.manual_seed(0)
    config = BertConfig(vocab_size=words, **{**SIZES, "max_position_embeddings": 1024, "pad_token_id": 0, **more})
    BertModel(config).save_pretrained(folder)
    return folder


def _tokenizer_in(folder: Path, **marks: str) -> int:
    """Bytes, and the syllables of a few words; returns how many there are."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    found = Tokenizer(models.BPE())
    found.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    found.decoder = decoders.ByteLevel()
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=letters, special_tokens=["<pad>", *marks.values()], show_progress=False
    )
    found.train_from_iterator([TEXT] * 4, trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=found, pad_token="<pad>", **marks)
    tokenizer.save_pretrained(folder)
    return int(found.get_vocab_size())
