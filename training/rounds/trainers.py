"""Who makes the next round's model from this one's rows: TRL, or a command of one's own; each a Trainer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ...errors import StorageError, UsageError
from ...judge import AnyJudge
from ..prompting import Template
from ..whole_folder import clear_the_dead, take_name
from .programs import filled, is_folder, ran

LOG = "training.json"
"""A file in a trainer's folder with what it tells of its work; of its `cut`, rows that it cut, the round has a note."""
PROMPTS = "prompts"
"""The format of a trainer that needs no exported rows but the prompts themselves."""


class TrainerSettings(BaseModel):
    """How a model is trained; a key that is not named here is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["sft", "dpo", "kto", "grpo", "command"]
    format: str | None = None
    """Of the rows: a name of `EXPORTERS`; default that of the trainer (`data_format`)."""
    conversational: bool = True
    """Rows with messages, for a tokenizer with a chat template; false writes strings."""
    learning_rate: float | None = Field(default=None, gt=0)
    """Default TRL's own for the trainer."""
    epochs: float = Field(default=1.0, gt=0)
    steps: int | None = Field(default=None, ge=1)
    """In place of epochs."""
    batch_size: int = Field(default=8, ge=1)
    """Rows at once on one device."""
    accumulate: int = Field(default=1, ge=1)
    """Batches to a step."""
    max_length: int | None = Field(default=1024, ge=1)
    """Tokens of prompt and completion; what is longer is cut by TRL, and counted as `cut` in training.json."""
    warmup: float = Field(default=0.0, ge=0, lt=1)
    """Share of the steps."""
    beta: float | None = Field(default=None, ge=0)
    """dpo, kto, grpo: how strongly the reference model holds; default TRL's own."""
    loss: str | None = None
    """dpo: `ipo`, `hinge`, …; kto, grpo likewise; default TRL's own."""
    lora: bool = False
    """Low-rank adapters, merged into the saved model."""
    lora_rank: int = Field(default=16, ge=1)
    dtype: Literal["float32", "bfloat16", "float16"] = "float32"
    cpu: bool = False
    """Even where there is a GPU."""
    save_every: int = Field(default=0, ge=0)
    """Steps between checkpoints that a training that was cut off goes on from; 0 for none."""
    generations: int = Field(default=8, ge=2)
    """grpo: completions a prompt."""
    max_tokens: int = Field(default=256, ge=1)
    """grpo: of one completion."""
    temperature: float = Field(default=1.0, gt=0)
    """grpo."""
    score: str = "graded"
    """grpo: which score of a verdict is the reward."""
    command: Sequence[str] = ()
    """command: program and arguments, run without a shell; `{model}`, `{data}`, `{out}` and `{seed}` are put in."""
    timeout: float | None = Field(default=None, gt=0)
    """command: seconds of its whole run; default none."""

    @property
    def data_format(self) -> str:
        """The export format of its rows; `prompts` where it takes the prompts as they are."""
        return self.format or FORMATS[self.kind]

    @model_validator(mode="after")
    def _whole(self) -> TrainerSettings:
        if self.kind == "command" and not self.command:
            raise ValueError('kind "command" needs command: the program and its arguments, as a list')
        if self.kind != "command" and self.command:
            raise ValueError(f'kind "{self.kind}" runs no command; set kind = "command"')
        return self


class Trainer(Protocol):
    """Anything that makes a model from a model and rows."""

    def train(self, model: str, data: Path, out: Path, *, seed: int) -> str:
        """Trains `model` on the rows of `data` and writes the folder `out` whole; gives the next round's model."""
        ...


def trainer_of(
    settings: TrainerSettings, *, judge: AnyJudge | None = None, template: Template | None = None
) -> Trainer:
    """The trainer of these settings. Of use to grpo alone: `judge`, which rewards the completions, and `template`, as
    the generator of the same prompts has it.

    Raises `UsageError` for grpo without a judge.
    """
    if settings.kind == "grpo" and judge is None:
        raise UsageError("trainer: kind grpo needs a judge, whose verdicts are its reward")
    return TRAINERS[settings.kind](settings, judge, template)


class Command:
    """A command that reads the rows at `{data}` and fills the folder `{out}`."""

    def __init__(self, settings: TrainerSettings) -> None:
        self.settings = settings

    def train(self, model: str, data: Path, out: Path, *, seed: int) -> str:
        """The folder, as text. Raises `UsageError` for a command that fails or leaves the folder empty."""

        def run(folder: Path) -> None:
            ran(
                filled(self.settings.command, model=model, data=data, out=folder, seed=seed),
                timeout=self.settings.timeout,
            )

        return written_whole(out, run)


def written_whole(out: Path, write: Callable[[Path], None]) -> str:
    """`write` fills a folder under another name, which then takes the place of `out`.

    Raises `UsageError` where it stayed empty, `StorageError` where it cannot be made.
    """
    out = Path(out).resolve()
    temporary = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        clear_the_dead(out)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
    except OSError as error:
        raise StorageError(f"{out}: cannot be made ({error.strerror or error}); mend that and run it again") from error
    try:
        write(temporary)
        if not is_folder(temporary):
            raise UsageError(f"{out}: the trainer wrote nothing there; have it write the model into {{out}}")
        take_name(temporary, out)
    finally:
        with suppress(OSError):
            shutil.rmtree(temporary, ignore_errors=True)
    return str(out)


def _command(settings: TrainerSettings, judge: AnyJudge | None, template: Template | None) -> Trainer:
    return Command(settings)


def _trl(settings: TrainerSettings, judge: AnyJudge | None, template: Template | None) -> Trainer:
    from .trl_steps import Trl

    return Trl(settings, judge, template)


TRAINERS: Mapping[str, Callable[[TrainerSettings, AnyJudge | None, Template | None], Trainer]] = {
    "command": _command,
    "dpo": _trl,
    "grpo": _trl,
    "kto": _trl,
    "sft": _trl,
}
FORMATS: Mapping[str, str] = {
    "command": "prompt-completion",
    "dpo": "dpo",
    "grpo": PROMPTS,
    "kto": "kto",
    "sft": "prompt-completion",
}
"""Of sft the format whose loss is on the completion alone."""
