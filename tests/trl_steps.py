"""Run in an environment with TRL: one step of each real trainer on exported rows, on a tiny random model, CPU alone.

`python trl_steps.py FOLDER JOBS`: JOBS is JSON, a list of [trainer, rows]; prints JSON, a list of what was learnt.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "TOKENIZERS_PARALLELISM": "false"}
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def model_in(folder: Path) -> Path:
    """A random Llama of 40,000 weights with a tokenizer of bytes, saved: DPO and KTO load it again by its path."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(0)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = {word: number for number, word in enumerate(["<pad>", "<s>", "</s>", *letters])}
    bytes_alone = Tokenizer(models.BPE(vocab=words, merges=[]))
    bytes_alone.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_alone.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bytes_alone, pad_token="<pad>", bos_token="<s>", eos_token="</s>", chat_template=TEMPLATE
    )
    config = LlamaConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=4096, pad_token_id=0, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def step(trainer: str, rows: str, model: Path, out: Path) -> dict[str, Any]:
    """One step of one trainer on one file or folder of rows; without a trainer they are only loaded."""
    import trl

    data = _read(rows)
    if not trainer:
        return {"trainer": "", "rows": len(data), "columns": data.column_names}
    made = getattr(trl, f"{trainer}Trainer")(
        model=str(model),
        args=getattr(trl, f"{trainer}Config")(
            output_dir=str(out), max_steps=1, per_device_train_batch_size=2, use_cpu=True, bf16=False, report_to=[],
            save_strategy="no", logging_steps=1, max_length=4096, disable_tqdm=True, gradient_checkpointing=False,
        ),
        train_dataset=data,
    )  # fmt: skip
    done = made.train()
    return {"trainer": trainer, "rows": len(data), "loss": done.training_loss, "steps": done.global_step}


def _read(rows: str) -> Any:
    import datasets

    if Path(rows).is_dir():
        return datasets.load_from_disk(rows)
    kind = {".jsonl": "json", ".parquet": "parquet"}[Path(rows).suffix]
    return datasets.load_dataset(kind, data_files=rows, split="train", cache_dir=str(Path(rows).parent / "cache"))


if __name__ == "__main__":
    home = Path(sys.argv[1])
    tiny = model_in(home / "model")
    jobs = json.loads(sys.argv[2])
    print(json.dumps([step(*job, tiny, home / f"run{place}") for place, job in enumerate(jobs)]))
