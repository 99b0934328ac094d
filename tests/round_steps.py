"""Run in an environment with TRL: a tiny random model writes outputs, and each trainer of a round takes one step.

`python round_steps.py FOLDER` reads FOLDER/prompts.jsonl and FOLDER/FORMAT.jsonl; prints JSON: what came of each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from recjudge import Judge, Local
from recjudge.errors import UsageError
from recjudge.training.rounds.generators import GeneratorSettings, generator_of
from recjudge.training.rounds.trainers import TrainerSettings, trainer_of

from trl_steps import model_in

KINDS = ("sft", "dpo", "kto", "grpo")


def wrote(model: Path, prompts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """What the model writes, and why it did not write the rest."""
    made = generator_of(GeneratorSettings(kind="transformers", batch_size=4, device="cpu", **more), str(model))
    records = list(made.generate(prompts, k=3, seed=1))
    return {"records": records, "failures": [failure.reason for failure in made.failures]}


def step(kind: str, model: Path, rows: Path, out: Path, **more: Any) -> dict[str, Any]:
    """One step; what the folder holds then."""
    settings = TrainerSettings(
        kind=kind, steps=more.pop("steps", 1), batch_size=4, generations=4, max_tokens=16, cpu=True, learning_rate=1e-3,
        **{"max_length": 4096, **more},
    )  # fmt: skip
    done = trainer_of(settings, judge=Judge(Local(None))).train(str(model), rows, out, seed=3)
    files = sorted(path.name for path in Path(done).iterdir())
    beside = sorted(path.name for path in out.parent.iterdir() if path.name.startswith("."))
    return json.loads((out / "training.json").read_text()) | {"files": files, "beside": beside}


def cut_off(model: Path, rows: Path, out: Path) -> dict[str, Any]:
    """A training that is ended after its checkpoint goes on from there."""
    import recjudge.training.rounds.trl_steps as steps

    whole, steps.written_whole = steps.written_whole, _killed
    try:
        step("sft", model, rows, out, steps=3, save_every=1)
    except KeyboardInterrupt:
        pass
    finally:
        steps.written_whole = whole
    left = [path.name for path in out.with_name(f".{out.name}.checkpoints").glob("checkpoint-*")]
    return step("sft", model, rows, out, steps=3, save_every=1) | {"left": left}


def _killed(*given: Any) -> str:
    raise KeyboardInterrupt


def main(folder: Path) -> dict[str, Any]:
    """All of it."""
    import torch

    torch.set_num_threads(1)
    tiny = model_in(folder / "model")
    prompts = [json.loads(line) for line in (folder / "prompts.jsonl").read_text().splitlines()]
    told: dict[str, Any] = {
        "written": wrote(tiny, prompts, max_tokens=400, temperature=1.0),
        "again": wrote(tiny, prompts, max_tokens=400, temperature=1.0),
        "cut": wrote(tiny, prompts, max_tokens=2),
        "long": wrote(tiny, prompts, max_tokens=4096),
    }
    for kind in KINDS:
        rows = folder / ("prompts.jsonl" if kind == "grpo" else f"{kind}.jsonl")
        told[kind] = step(kind, tiny, rows, folder / f"{kind}-model")
    told["short"] = step("dpo", tiny, folder / "dpo.jsonl", folder / "short-model", max_length=900)
    try:
        step("dpo", tiny, folder / "dpo.jsonl", folder / "too-short-model", max_length=40)
    except UsageError as refused:
        told["too short"] = str(refused)
    told["lora"] = step("dpo", tiny, folder / "dpo.jsonl", folder / "lora-model", lora=True, lora_rank=2)
    told["cut off"] = cut_off(tiny, folder / "sft.jsonl", folder / "resumed-model")
    told["next"] = wrote(folder / "sft-model", prompts, max_tokens=400)
    return told


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
