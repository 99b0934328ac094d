"""Who writes the outputs of a round: an endpoint, a local model, or a command of one's own; each a Generator.

A generator is given rows of prompts and gives records as `recjudge score` reads them. What it could not write is in its
`failures`, with the reason; nothing is made up in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ...errors import UsageError
from ...judge import shipped
from ...rubrics import Rubric
from ..prompting import Template


class GeneratorSettings(BaseModel):
    """What a generator is made of; a key that is not named here is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["openai", "transformers", "command"]
    model: str | None = None
    """Its name at the endpoint, or the folder of a local model; a round puts the trained one in its place."""
    name: str | None = None
    """`system` of every record; default `KIND/MODEL`, of a folder its last part."""
    base_url: str | None = None
    """openai: of a compatible server, as in http://127.0.0.1:8000/v1; OpenAI's own where there is none."""
    api_key_env: str | None = None
    """openai: the environment variable that holds the key; default `OPENAI_API_KEY`, with a base_url none."""
    temperature: float = Field(default=1.0, ge=0)
    top_p: float = Field(default=1.0, gt=0, le=1)
    max_tokens: int = Field(default=256, ge=1)
    """Of one completion; one that does not end within them is a failure, for a cut artefact is none."""
    timeout: float | None = Field(default=None, gt=0)
    """Seconds: of one call of an endpoint (default 120), of the command's whole run (default none)."""
    concurrency: int = Field(default=16, ge=1)
    """openai: calls at once, at most."""
    attempts: int = Field(default=5, ge=1)
    """openai: of one call, where it may succeed later."""
    batch_size: int = Field(default=16, ge=1)
    """transformers: completions at once. Another size draws other completions from the same seed."""
    device: str | None = None
    """transformers: `cpu`, `cuda:0`; default a GPU where there is one."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """transformers: `auto` as the model was saved."""
    command: Sequence[str] = ()
    """command: program and arguments, run without a shell; `{model}`, `{k}` and `{seed}` are put in."""

    @model_validator(mode="after")
    def _whole(self) -> GeneratorSettings:
        if self.kind == "command" and not self.command:
            raise ValueError('kind "command" needs command: the program and its arguments, as a list')
        if self.kind != "command" and self.command:
            raise ValueError(f'kind "{self.kind}" runs no command; set kind = "command"')
        if self.kind == "openai" and not self.model:
            raise ValueError('kind "openai" needs model: its name at the endpoint')
        return self


@dataclass(frozen=True, slots=True)
class Failure:
    """A completion that could not be had."""

    prompt: str
    """Id of its row."""
    reason: str


class Generator(Protocol):
    """Anything that writes k outputs for each prompt."""

    @property
    def name(self) -> str:
        """`system` of its records."""
        ...

    @property
    def failures(self) -> Sequence[Failure]:
        """Of the last `generate`, complete when that has ended."""
        ...

    def generate(self, prompts: Sequence[Mapping[str, Any]], *, k: int, seed: int) -> Iterator[dict[str, Any]]:
        """k records for each row: `id` (`PROMPTID-0`, …), `task`, `output`, `context`, `group`, `item`, `system`.

        Records and failures together are `k * len(prompts)`. The same seed gives the same records where the model does.
        """
        ...


def generator_of(
    settings: GeneratorSettings,
    model: str | None = None,
    *,
    rubrics: Mapping[str, Rubric] | None = None,
    template: Template | None = None,
) -> Generator:
    """The generator of these settings, with `model` in place of its own where one is given.

    rubrics: by task, for the prompts of rows that have none of their own (default: those that ship). template: as
    `recjudge export --prompt-template` takes it. Raises `UsageError` where a model is needed and none is named.
    """
    used = settings if model is None else settings.model_copy(update={"model": model})
    if used.kind == "transformers" and not used.model:
        raise UsageError("generator: kind transformers needs model: the folder that save_pretrained wrote")
    return GENERATORS[used.kind](used, shipped() if rubrics is None else rubrics, template)


def named(settings: GeneratorSettings) -> str:
    """The name of its records' `system`: a folder's place on a disk is no part of it."""
    model = settings.model or (Path(settings.command[0]).name if settings.command else "")
    local = settings.kind != "openai"
    return settings.name or f"{settings.kind}/{Path(model).name if local else model}"


def _command(settings: GeneratorSettings, rubrics: Mapping[str, Rubric], template: Template | None) -> Generator:
    from .programs import Program

    return Program(settings, rubrics, template)


def _openai(settings: GeneratorSettings, rubrics: Mapping[str, Rubric], template: Template | None) -> Generator:
    from .asking import Endpoint

    return Endpoint(settings, rubrics, template)


def _transformers(settings: GeneratorSettings, rubrics: Mapping[str, Rubric], template: Template | None) -> Generator:
    from .sampling import LocalModel

    return LocalModel(settings, rubrics, template)


GENERATORS: Mapping[str, Callable[[GeneratorSettings, Mapping[str, Rubric], Template | None], Generator]] = {
    "command": _command,
    "openai": _openai,
    "transformers": _transformers,
}
