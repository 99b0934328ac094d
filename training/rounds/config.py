"""The config of rounds: strict sections read from TOML, every mistake with its file, key and remedy."""

from __future__ import annotations

import math
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ...errors import UsageError
from ..export import Form
from ..selection import Selection
from .generators import GeneratorSettings
from .trainers import TrainerSettings


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Frame(_Section):
    """Where and how often."""

    folder: str
    """Of the rounds; made where there is none."""
    rounds: int = Field(ge=1)
    """May grow later."""
    seed: int = 0


class Prompts(_Section):
    """What the generator is asked, as rows `generators` read."""

    train: str
    evaluation: str
    """Answered by every round's model and never trained on."""
    samples: int = Field(ge=1)
    """Outputs for each training prompt."""
    evaluation_samples: int = Field(default=1, ge=1)
    batch: int = Field(default=256, ge=1)
    """Prompts a call of the generator; a killed run goes on after the last whole batch."""


class JudgeSettings(_Section):
    """Who judges, as `recjudge score` takes it."""

    name: str | tuple[str, ...] = "local"
    rubrics: tuple[str, ...] = ()
    """Rubric files of one's own."""
    mode: Literal["panel", "single"] = "panel"
    jury: str = "majority"
    base_url: str | None = None
    temperature: float | None = None
    seed: int | None = None
    logprobs: bool | None = None
    endpoint: str | None = None
    concurrency: int = Field(default=16, ge=1)
    attempts: int = Field(default=5, ge=1)
    deadline: float = Field(default=120.0, gt=0)
    price: tuple[float, float, float] | None = None
    """Dollars per million tokens: input, cached, output."""
    max_cost: float | None = Field(default=None, gt=0)
    """Dollars, for each file that is judged."""

    @property
    def names(self) -> tuple[str, ...]:
        """One judge, or a jury's members."""
        return (self.name,) if isinstance(self.name, str) else self.name


class PolicySettings(_Section):
    """What accepts: a policy's file, or nothing but the grade, said aloud."""

    file: str | None = None
    uncertified: bool = False

    @model_validator(mode="after")
    def _one(self) -> PolicySettings:
        if (self.file is None) != self.uncertified:
            raise ValueError("give `file`, which `recjudge calibrate` writes, or `uncertified = true`; one of them")
        return self


class ExportSettings(_Section):
    """What `recjudge export` takes, beside the format, which is the trainer's."""

    margin: float | None = None
    most: int | None = Field(default=4, ge=1)
    template: str | None = None
    """A file; the generator's prompts are made of it too."""


class AuditSettings(_Section):
    """The accepted rows that people look at."""

    n: int | None = Field(default=None, ge=1)
    """Default 50, a fifth where few are accepted."""
    labels: str | None = None
    """One label file a round: a name with `{round}` in it, put in as 001."""
    command: tuple[str, ...] = ()
    """Makes the label file: `{audit}`, `{labels}` and `{round}` are put in."""
    timeout: float | None = Field(default=None, gt=0)
    """command: seconds of its whole run; default none."""
    wait: bool = False
    """Make no further round before the labels of this one are there."""
    dimension: str = "grade"
    """Whose labels say whether a row is right."""
    role: str | None = None
    pool: bool = False
    rule: str = "majority"
    passing: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Dimension to the labels that pass, where people have their own scale."""
    margin: float = Field(default=0.02, gt=0, lt=1)
    """Of the milestone."""
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    """Of the milestone."""

    @model_validator(mode="after")
    def _labels(self) -> AuditSettings:
        if self.labels is None and (self.command or self.wait):
            raise ValueError("labels: name the label files that the command writes, or that are waited for")
        if self.labels is not None and "{round}" not in self.labels:
            raise ValueError('labels: one file a round: put {round} into the name, as in "labels/{round}.csv"')
        return self


class GapRule(_Section):
    """Judge minus people on the audit sample."""

    most: float | None = Field(default=None, ge=0, le=1)
    """Stops where the whole interval is above it."""
    growth: float | None = Field(default=None, ge=0, le=1)
    """Stops where the gap grew by more than this since the first audited round, with its whole interval."""

    @model_validator(mode="after")
    def _any(self) -> GapRule:
        if self.most is None and self.growth is None:
            raise ValueError("give `most`, `growth`, or both")
        return self


class DiversityRule(_Section):
    """Of the evaluation outputs, beside round 0's."""

    metric: Literal["distinct_outputs", "distinct_1", "distinct_2", "rouge_diversity", "ngram_distance"]
    share: float = Field(gt=0, lt=1)
    """Stops below this share of round 0's value."""


class YieldRule(_Section):
    """Of every class of a field."""

    by: str
    """`system`, `group`, `task`, or a path in the context or meta: `item.category`."""
    least: float = Field(gt=0, lt=1)
    """Stops where a class' accepted share is below it with its whole interval."""


class StopRules(_Section):
    """When no further round is made. A rule that is left out does not stop; thresholds are yours, none is a paper's."""

    rows: int = Field(default=1, ge=1)
    """Fewest rows to train on."""
    gap: GapRule | None = None
    diversity: tuple[DiversityRule, ...] = ()
    yields: tuple[YieldRule, ...] = Field(default=(), alias="yield")
    milestone: bool = True
    """A degraded policy stops."""


@dataclass(frozen=True)
class Filter(Selection):
    """`training.Selection`, as the config has it."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)


class RoundConfig(_Section):
    """Everything a run of rounds is made of."""

    round: Frame
    prompts: Prompts
    generator: GeneratorSettings
    judge: JudgeSettings = JudgeSettings()
    policy: PolicySettings
    filter: Filter = Filter()
    export: ExportSettings = ExportSettings()
    trainer: TrainerSettings
    audit: AuditSettings = AuditSettings()
    stop: StopRules = StopRules()
    place: str = Field(default="round.toml", exclude=True)
    """The file, for messages; relative paths are beside it."""

    @model_validator(mode="after")
    def _asked(self) -> RoundConfig:
        if self.generator.kind == "openai" and self.trainer.kind != "command":
            raise ValueError(
                f'generator.kind: "openai" asks an endpoint, which does not know the folder that "{self.trainer.kind}" '
                'writes; use "transformers", or a trainer command that serves it and writes its name to {out}/NAME'
            )
        return self

    def path(self, name: str) -> Path:
        """A path of the config; a relative one is taken from the config's folder."""
        return Path(self.place).absolute().parent / name

    @property
    def folder(self) -> Path:
        """Where the rounds are."""
        return self.path(self.round.folder)

    @property
    def selection(self) -> Selection:
        """How rows are filtered, the audit among it; seeds come with the round."""
        from dataclasses import replace

        return replace(self.filter, uncertified=self.policy.uncertified, audit=self.audit.n)

    @property
    def form(self) -> Form:
        """How rows are exported."""
        return Form(self.trainer.conversational, self.export.margin, self.export.most, self.policy.uncertified)

    @property
    def inputs(self) -> dict[str, Path]:
        """Key to each file that a round reads and nobody writes."""
        named = {
            "prompts.train": self.prompts.train,
            "prompts.evaluation": self.prompts.evaluation,
            "policy.file": self.policy.file,
            "export.template": self.export.template,
            **{f"judge.rubrics[{number}]": name for number, name in enumerate(self.judge.rubrics, 1)},
        }
        return {key: self.path(name) for key, name in named.items() if name is not None}

    @property
    def generating(self) -> GeneratorSettings:
        """The generator's settings, its command as it is run."""
        return self.generator.model_copy(update={"command": self._located(self.generator.command)})

    @property
    def training(self) -> TrainerSettings:
        """The trainer's settings, its command as it is run."""
        return self.trainer.model_copy(update={"command": self._located(self.trainer.command)})

    @property
    def labelling(self) -> tuple[str, ...]:
        """The command that makes labels, as it is run."""
        return self._located(self.audit.command)

    def _located(self, words: Sequence[str]) -> tuple[str, ...]:
        """`{here}` is the config's folder, `{python}` this Python."""
        here = {"here": str(self.path("")), "python": sys.executable}
        return tuple(re.sub(r"\{(here|python)\}", lambda found: here[found[1]], word) for word in words)


def read_config(path: Path) -> RoundConfig:
    """The config of a TOML file. Raises `UsageError`, a line a mistake: file, key, remedy."""
    path = Path(path)
    try:
        data = tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give a TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from error
    return parse_config(data, str(path))


def parse_config(data: Mapping[str, Any], place: str = "round.toml") -> RoundConfig:
    """The config of its sections, as TOML has them; `place` is the file they stand in. Raises `UsageError`."""
    if "place" in data:
        raise UsageError(f"{place}: place: is not a key known here; remove it or mend its spelling")
    own = data.get("filter")
    if wrong := [name for name in ELSEWHERE if isinstance(own, Mapping) and name in own]:
        raise UsageError("\n".join(f"{place}: filter.{name}: give it as {ELSEWHERE[name]}" for name in wrong))
    for key, value in flat(data).items():
        if why := _unheld(value):
            raise UsageError(f"{place}: {key}: {why}")
    try:
        # strict as JSON is: its lists are tuples, its objects dataclasses; a text is no number
        return RoundConfig.model_validate_json(orjson.dumps({**data, "place": place}, default=str))
    except ValidationError as error:
        lines = dict.fromkeys(f"{place}: {_explain(problem)}" for problem in error.errors())
        raise UsageError("\n".join(lines)) from error


def _unheld(value: Any) -> str:
    """Why a value of TOML's is none of ours; JSON would make nothing of some, so that a cap would be none."""
    if isinstance(value, (list, tuple)):
        return next(filter(None, map(_unheld, value)), "")
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is no number to go by; leave it out, or give one"
    if isinstance(value, int) and abs(value) >= 1 << 63:
        return "is too large; give a smaller number"
    return "holds a NUL character; take it out" if isinstance(value, str) and "\0" in value else ""


def _explain(problem: Any) -> str:
    words = {
        "missing": "is missing; add it",
        "extra_forbidden": "is not a key known here; remove it or mend its spelling",
        "unexpected_keyword_argument": f"is not a key known here; known: {', '.join(_FILTER)}",
        "tuple_type": "must be a list; write it in brackets: [...]",
        "string_type": "must be text in quotes",
        "float_type": "must be a number, without quotes",
        "int_type": "must be a whole number, without quotes",
        "bool_type": "must be true or false, without quotes",
    }
    keys = [key for key in problem["loc"] if key != "str" and not str(key).startswith("tuple[")]
    where = ".".join(f"[{key + 1}]" if isinstance(key, int) else key for key in keys)
    said = words.get(problem["type"]) or re.sub(
        r"^(Input|String|Value) should (be|have)( a valid)?", "must be", problem["msg"].removeprefix("Value error, ")
    )
    return f"{where.replace('.[', '[')}: {said}" if where else said


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Every leaf of nested sections under its dotted name; lists are leaves."""
    if isinstance(value, Mapping) and value:
        parts: Sequence[dict[str, Any]] = [flat(of, f"{name}.{key}".lstrip(".")) for key, of in value.items()]
        return {key: of for part in parts for key, of in part.items()}
    return {name: value}


ELSEWHERE = {
    "uncertified": "[policy] uncertified",
    "audit": "[audit] n",
    "seed": "[round] seed",
}
_FILTER = [field.name for field in fields(Selection) if field.name not in ELSEWHERE]
