"""Training with TRL: supervised, on pairs, on wanted and unwanted ones, or with the judge as the reward.

Nothing is sent anywhere, no hub is asked and no reporter is called. A model is loaded by its folder, since the trainers
of pairs load it a second time as their reference, and saved as safetensors with its tokenizer.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from ...errors import InputError, UsageError
from ...judge import AnyJudge, write_whole
from ..prompting import Template, plain_prompt
from ..reward import reward_function
from ..writing import silent
from .lengths import rows_over
from .prompted import read_prompts
from .sampling import quiet, tokenizer_of
from .trainers import LOG, TrainerSettings, written_whole

_TAKEN = ("messages", "prompt", "completion", "chosen", "rejected", "label")


class Trl:
    """One of TRL's trainers."""

    def __init__(self, settings: TrainerSettings, judge: AnyJudge | None, template: Template | None = None) -> None:
        self.settings, self.judge, self.template = settings, judge, template

    def train(self, model: str, data: Path, out: Path, *, seed: int) -> str:
        """The folder, as text. With `save_every` a training that was cut off goes on from its last checkpoint.

        model: a folder that save_pretrained wrote. data: JSON lines of the settings' `data_format`. Raises
        `UsageError` without the `train` extra, for a folder without a model, and for rows that the trainer cannot take.
        """
        _extra()
        out = Path(out).resolve()
        tokenizer = tokenizer_of(Path(model))
        rows = _rows(Path(data), self.settings)
        work = out.with_name(f".{out.name}.checkpoints")
        last = _goes_on(work, self._identity(model, Path(data), seed))
        with _alone(), quiet(), silent():
            cut = None if self.settings.kind == "grpo" else rows_over(rows, tokenizer, self.settings.max_length)
            try:
                trainer = self._trainer(model, tokenizer, rows, work, seed)
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(f"trainer {self.settings.kind}: {_short(error)}") from error
            if not len(trainer.train_dataset):
                most = self.settings.max_length
                raise UsageError(
                    f"trainer {self.settings.kind}: no row fits into max_length = {most}; give a larger one"
                )
            done = trainer.train(resume_from_checkpoint=str(last) if last else None)
            log = self._log(trainer, done, len(rows), seed) | {"cut": cut}
            made = written_whole(out, lambda folder: _saved(trainer, tokenizer, folder, log))
        shutil.rmtree(work, ignore_errors=True)
        return made

    def _trainer(self, model: str, tokenizer: Any, rows: list[dict[str, Any]], work: Path, seed: int) -> Any:
        import trl
        from datasets import Dataset
        from transformers import PrinterCallback

        name, more = _NAMES[self.settings.kind], _OWN[self.settings.kind](self.settings)
        given: dict[str, Any] = {}
        if self.judge is not None and self.settings.kind == "grpo":
            rows, task = _prompts(rows, tokenizer, self.judge, self.template)
            given["reward_funcs"] = reward_function(self.judge, task=task, score=self.settings.score)
        if self.settings.lora:
            given["peft_config"] = _adapters(self.settings)
        made = getattr(trl, f"{name}Trainer")(
            model=model,
            args=getattr(trl, f"{name}Config")(**self._arguments(work, seed), **more),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
            **given,
        )
        # it prints every log; ours is in the folder
        made.remove_callback(PrinterCallback)
        return made

    def _arguments(self, work: Path, seed: int) -> dict[str, Any]:
        given = self.settings
        wanted = {"learning_rate": given.learning_rate, "beta": given.beta}
        return {
            "output_dir": str(work),
            "num_train_epochs": given.epochs,
            "max_steps": given.steps or -1,
            "per_device_train_batch_size": given.batch_size,
            "gradient_accumulation_steps": given.accumulate,
            "warmup_steps": given.warmup,
            "seed": seed,
            "data_seed": seed,
            "bf16": given.dtype == "bfloat16",
            "fp16": given.dtype == "float16",
            "use_cpu": given.cpu,
            "gradient_checkpointing": False,
            "save_strategy": "steps" if given.save_every else "no",
            "save_steps": given.save_every or 500,
            "save_total_limit": 2,
            "logging_steps": 1,
            "report_to": [],
            "push_to_hub": False,
            "disable_tqdm": True,
            "model_init_kwargs": {"dtype": "float32", "local_files_only": True, "use_safetensors": True},
            **{name: value for name, value in wanted.items() if value is not None},
        }

    def _identity(self, model: str, data: Path, seed: int) -> str:
        """What a checkpoint must have been made of to be gone on from."""
        told = [self.settings.model_dump_json(), model, hashlib.sha256(data.read_bytes()).hexdigest(), str(seed)]
        if self.judge is not None:
            told.append(self.judge.name)
        if self.template is not None:
            told.append(self.template.text)
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def _log(self, trainer: Any, done: Any, rows: int, seed: int) -> dict[str, Any]:
        history = [entry for entry in trainer.state.log_history if "loss" in entry]
        return {
            "trainer": _NAMES[self.settings.kind],
            "rows": rows,
            "steps": done.global_step,
            "loss": done.training_loss,
            "first_loss": history[0]["loss"] if history else None,
            "last_loss": history[-1]["loss"] if history else None,
            "seed": seed,
            "settings": json.loads(self.settings.model_dump_json()),
        }


def _rows(data: Path, settings: TrainerSettings) -> list[dict[str, Any]]:
    """The rows with the columns that trainers read. Raises `InputError` naming the line, `UsageError` for no row."""
    rows = []
    try:
        lines = data.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"{data}: cannot be read ({error.strerror}); give rows of `recjudge export`") from error
    for number, line in enumerate(lines, 1):
        try:
            row = orjson.loads(line)
        except ValueError as error:
            raise InputError(f"{data}:{number}: not JSON ({error}); give rows of `recjudge export`") from None
        kept = row if settings.kind == "grpo" else {name: row[name] for name in _TAKEN if name in row}
        if not kept:
            raise InputError(f"{data}:{number}: none of {', '.join(_TAKEN)}; export as {settings.data_format}")
        rows.append(kept)
    if not rows:
        raise UsageError(f"{data}: no rows to train on; a model is not trained on nothing")
    return rows


def _prompts(
    rows: list[dict[str, Any]], tokenizer: Any, judge: AnyJudge, template: Template | None
) -> tuple[list[dict[str, Any]], str]:
    """Prompts with their context's fields as columns, which the reward reads; and their one task."""
    asked = read_prompts(rows, judge.rubrics, template)
    tasks = sorted({str(one.record["task"]) for one in asked})
    if len(tasks) != 1:
        raise InputError(f"trainer grpo: prompts of {' and '.join(tasks)}; give those of one task")
    made = []
    for one in asked:
        prompt = list(one.messages) if tokenizer.chat_template else plain_prompt(one.messages)
        made.append({**one.record["context"], "prompt": prompt})
    return made, tasks[0]


def _goes_on(work: Path, identity: str) -> Path | None:
    """The last checkpoint of the same training; those of another one go."""
    mark = work / "identity"
    if not mark.exists() or mark.read_text() != identity:
        shutil.rmtree(work, ignore_errors=True)
        write_whole(mark, identity)
        return None
    found = [path for path in work.glob("checkpoint-*") if _unfinished(path / "trainer_state.json")]
    return max(found, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def _unfinished(state: Path) -> bool:
    """From the last checkpoint of all the trainer would take a step too many; the one before it stays for that."""
    if not state.exists():
        return False
    told = orjson.loads(state.read_bytes())
    return bool(told["global_step"] < told["max_steps"])


def _saved(trainer: Any, tokenizer: Any, folder: Path, log: Mapping[str, Any]) -> None:
    model = trainer.accelerator.unwrap_model(trainer.model)
    if hasattr(model, "merge_and_unload"):
        model = model.merge_and_unload()
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    write_whole(folder / LOG, json.dumps(log, indent=2) + "\n")


def _adapters(settings: TrainerSettings) -> Any:
    from peft import LoraConfig

    rank = settings.lora_rank
    return LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")


@contextmanager
def _alone() -> Iterator[None]:
    """No telemetry and no hub, whatever the environment says, while it lasts."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_TELEMETRY
    constants.HF_HUB_OFFLINE = constants.HF_HUB_DISABLE_TELEMETRY = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_TELEMETRY = before


def _extra() -> None:
    try:
        import trl  # noqa: F401
    except ImportError as error:
        raise UsageError(f"training needs the train extra ({error}): pip install 'recjudge[train]'") from error


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


def _sft(given: TrainerSettings) -> dict[str, Any]:
    return {"max_length": given.max_length}


def _dpo(given: TrainerSettings) -> dict[str, Any]:
    return {"max_length": given.max_length} | ({"loss_type": [given.loss]} if given.loss else {})


def _kto(given: TrainerSettings) -> dict[str, Any]:
    return {"max_length": given.max_length} | ({"loss_type": given.loss} if given.loss else {})


def _grpo(given: TrainerSettings) -> dict[str, Any]:
    return {
        "num_generations": given.generations,
        "max_completion_length": given.max_tokens,
        "temperature": given.temperature,
        **({"loss_type": given.loss} if given.loss else {}),
    }


_NAMES: Mapping[str, str] = {"sft": "SFT", "dpo": "DPO", "kto": "KTO", "grpo": "GRPO"}
_OWN: Mapping[str, Callable[[TrainerSettings], dict[str, Any]]] = {"sft": _sft, "dpo": _dpo, "kto": _kto, "grpo": _grpo}
