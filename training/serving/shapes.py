"""What the service takes and gives, as pydantic models: requests are held to them, and OpenAPI is made of them."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .refusals import Refusal


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    deadline: float | None = Field(None, gt=0, allow_inf_nan=False, description="Seconds; at most the service's own.")


class RewardsAsked(_Asked):
    """Either `completions`, with columns as in the reward function, or `records` as `recjudge score` reads them."""

    completions: list[Any] | None = Field(
        None, description="Strings, or conversations whose last message with words is judged."
    )
    prompts: list[Any] | None = Field(None, description="One a completion: a string or a conversation.")
    columns: dict[str, list[Any]] = Field(
        default_factory=dict, description="Context by name (interest, item, history, …), one value a completion."
    )
    records: list[Any] | None = Field(None, description='Objects as in a file of outputs: {"id": …, "output": …}.')
    task: str | None = Field(None, description="The rubric, where the service has several and was started for none.")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.completions is None) == (self.records is None):
            raise ValueError("give either 'completions' or 'records'")
        if self.records is not None and (self.prompts is not None or self.columns):
            raise ValueError("'prompts' and 'columns' go with 'completions'; a record holds its own context")
        size = len(self.completions or ())
        beside = {"prompts": self.prompts, **{f"columns.{name}": values for name, values in self.columns.items()}}
        for name, values in beside.items():
            if values is not None and len(values) != size:
                raise ValueError(f"{name[:80]!r} has {len(values)} values for {size} completions; give one for each")
        return self

    @property
    def size(self) -> int:
        """How many inputs."""
        return len(self.records if self.completions is None else self.completions)  # type: ignore[arg-type]


class RewardsGiven(BaseModel):
    """One of each an input, in order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rewards: list[float | None] = Field(description="Null where there is none; never a number instead.")
    statuses: list[str] = Field(description="`ok`, or the class of the reason why there is no reward.")
    reasons: list[str] = Field(description="The verdict's reason, or why there is no reward.")


class VerdictsGiven(BaseModel):
    """One of each an input, in order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    verdicts: list[list[dict[str, Any]]] = Field(
        description="One, or one an element where the output is a list; none where it could not be read or judged."
    )
    statuses: list[str] = Field(description="`ok`, or the class of the reason why there is no reward.")
    reasons: list[str] = Field(description="The verdict's reason, or why there is none.")


class QueriesAsked(BaseModel):
    """What OpenRLHF posts to `--reward.remote_url`; keys beside these are not read."""

    model_config = ConfigDict(extra="ignore", strict=True)

    query: list[str] = Field(description="Prompt and response, special tokens and all.")
    prompts: list[str] = Field(description="What each query begins with.")
    labels: list[Any] | None = Field(None, description="Objects, or JSON of objects, that hold the columns.")

    @model_validator(mode="after")
    def _even(self) -> Self:
        for name, values in (("prompts", self.prompts), ("labels", self.labels)):
            if values is not None and len(values) != len(self.query):
                raise ValueError(f"{name!r} has {len(values)} values for {len(self.query)} queries; give one for each")
        return self


class QueriesGiven(BaseModel):
    """Numbers only. Without `--unjudged NUMBER` a request of which one query has no reward is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rewards: list[float]
    scores: list[float]
    extra_logs: dict[str, list[float]]


class Word(BaseModel):
    """What is wrong, where, and how to mend it."""

    field: str
    problem: str
    remedy: str
    reasons: list[str] | None = Field(None, description="One an input, where that is what is wrong.")


class Refused(BaseModel):
    """Any answer of 400 and above."""

    error: Word


class JudgeGiven(BaseModel):
    """Who judges."""

    name: str
    tasks: list[str]
    rubrics: dict[str, str] = Field(description="Task to `name@hash`.")
    task: str | None = Field(description="The task of completions that name none.")
    score: str
    dimension: str


class Health(BaseModel):
    """`ok`, or why not."""

    status: str


def held_to(shape: type[BaseModel], body: Any) -> Any:
    """The body as the shape's model. Raises `Refusal` (422) naming the first field that does not fit."""
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(part)[:80] for part in first["loc"])
        known = ", ".join(shape.model_fields)
        problem = first["msg"].removeprefix("Value error, ")
        raise Refusal(422, field, problem, f"known fields: {known}; see /openapi.json") from None
