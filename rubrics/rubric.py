"""What good means: a Rubric is data, checked at load, named by the hash of its content. It knows no judge."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..errors import RubricError

Artefact = Literal["intent", "tag", "explanation", "text"]
"""The shapes an output may have (RecGPT, section 3): see `judge/reading/artefacts.py`."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Point(_Data):
    """One point of an ordered scale."""

    label: str = Field(min_length=1, max_length=40)
    polarity: Literal[-1, 0, 1]
    """-1 is a defect, +1 counts towards Superior."""
    words: str = Field(min_length=3)
    """What the point means, in a sentence that annotators and models read alike."""


class Step(_Data):
    """One step on the way to a dimension's answer; the first that settles it ends the way.

    `check` is code and runs for every judge; `ask`, `claims` and `look` call a language model; `measure` is the
    embedded judge's own step, skipped by the others.
    """

    kind: Literal["check", "ask", "claims", "look", "measure"]
    check: str | None = None
    """Name in `judge.checks.CHECKS`."""
    measure: str | None = None
    """Name in `judge.measures.MEASURES`."""
    with_: Mapping[str, Any] = Field(default_factory=dict, alias="with")
    """Parameters of the check or measure."""
    label: str | None = None
    """The label a hit of the check implies; the scale's first label when left out."""
    code: str | None = None
    """The failure class a defect found here has."""
    settles: bool = True
    """False: a hit of the check is only told to the steps after it."""
    cuts: tuple[float, ...] = ()
    """`measure`: ascending borders of the score in [0, 1] between the labels; one fewer than there are labels."""
    width: float = Field(default=0.05, gt=0)
    """`measure`: how soft the borders are; the logistic scale of the cumulative distribution."""
    fields: tuple[str, ...] = ()
    """`claims`: the context fields a claim may be verified against."""
    contradicted: str | None = None
    """`claims`: the label when a claim is contradicted; the scale's first label when left out."""
    unsupported: str | None = None
    """`claims`: the label when a claim has no support; the scale's first label when left out."""
    supported: str | None = None
    """`claims`: the label when every claim is supported; the scale's last label when left out."""
    tools: tuple[Literal["search_history", "read_item"], ...] = ()
    """`look`: what the sub-evaluator may call."""
    turns: int = Field(default=4, ge=1, le=12)
    """`look`: how many times it may call before it must answer."""

    @cached_property
    def name(self) -> str:
        """`check:length`, `measure:similarity`, or the kind."""
        return f"{self.kind}:{self.check or self.measure}" if self.kind in ("check", "measure") else self.kind


class Dimension(_Data):
    """One question with an ordered scale, answered by its steps."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    aliases: tuple[str, ...] = ()
    question: str = Field(min_length=10)
    scale: tuple[Point, ...] = Field(min_length=2, max_length=11)
    codes: Mapping[str, str] = Field(default_factory=dict)
    """Failure classes: code to its meaning."""
    veto: bool = False
    """A defect here is Bad under every review rule; a sample that could not be judged here is not Superior."""
    weight: float = Field(default=1.0, gt=0)
    needs: tuple[str, ...] = ()
    """Context fields without which the question has no answer; the judge abstains when one is missing."""
    steps: tuple[Step, ...] = Field(min_length=1)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The scale's labels, worst first."""
        return tuple(point.label for point in self.scale)

    @cached_property
    def measured(self) -> Step | None:
        """The first step that measures."""
        return next((step for step in self.steps if step.kind == "measure"), None)

    def polarity(self, label: str) -> int:
        """-1, 0 or +1. Raises KeyError for a label off the scale."""
        for point in self.scale:
            if point.label == label:
                return point.polarity
        raise KeyError(label)

    @model_validator(mode="after")
    def _holds_together(self) -> Dimension:
        _require(len(set(self.labels)) == len(self.scale), "scale: two points have the same label; rename one")
        polarities = [point.polarity for point in self.scale]
        _require(polarities == sorted(polarities), "scale: give the points from worst to best polarity")
        _require(-1 in polarities, "scale: no point is a defect; give the worst polarity -1")
        for number, step in enumerate(self.steps, 1):
            self._check_step(f"steps[{number}]", step)
        return self

    def _check_step(self, at: str, step: Step) -> None:
        for key in ("label", "contradicted", "unsupported", "supported"):
            label = getattr(step, key)
            _require(label is None or label in self.labels, f"{at}.{key}: {label!r} is not on the scale {self.labels}")
        _require(
            step.code is None or step.code in self.codes,
            f"{at}.code: {step.code!r} is not in codes; add it, or name one of: {', '.join(self.codes) or 'none'}",
        )
        _require(
            (step.kind == "check") == (step.check is not None),
            f"{at}: `check` names the check of a check step, and stands in no other; add or remove it",
        )
        _require(
            (step.kind == "measure") == (step.measure is not None),
            f"{at}: `measure` names the measure of a measure step, and stands in no other; add or remove it",
        )
        if step.kind == "measure":
            borders = len(self.scale) - 1
            _require(
                len(step.cuts) == borders,
                f"{at}.cuts: has {len(step.cuts)}; give {borders}, one fewer than the scale has points",
            )
            _require(list(step.cuts) == sorted(step.cuts), f"{at}.cuts: give them in ascending order")
        _require(step.kind != "claims" or bool(step.fields), f"{at}.fields: name the context fields claims are held to")
        _require(step.kind != "look" or bool(step.tools), f"{at}.tools: name at least one tool")


class Review(_Data):
    """How findings become a grade (RecGPT-V2: defect detection, then excellence elevation)."""

    rule: Literal["positive_share", "reviewer"] = "positive_share"
    """What lifts Average to Superior: the weighted share of positive findings, or a senior-reviewer call."""
    threshold: float = Field(default=0.6, ge=0, le=1)
    """Least positive share of a Superior sample. A parameter of ours: the paper does not print its value."""
    defects: Literal["any", "veto"] = "any"
    """Which defects make a sample Bad: any (the paper's rule), or those of veto dimensions only."""
    coverage: float = Field(default=0.5, ge=0, le=1)
    """Least weighted share of dimensions with a label; below it, and without a defect, there is no grade."""


class SetCheck(_Data):
    """A limit on a set metric; crossing it is a defect of the set, not of any one sample."""

    metric: str
    """Name in `judge.diversity.SET_METRICS`."""
    above: float | None = None
    below: float | None = None
    code: str = Field(min_length=1)
    words: str = Field(min_length=3)

    @model_validator(mode="after")
    def _one_border(self) -> SetCheck:
        _require((self.above is None) != (self.below is None), "give `above` or `below`, one of them")
        return self


class Rubric(_Data):
    """What good means for one kind of artefact."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    aliases: tuple[str, ...] = ()
    """Other names a record's `task` may use."""
    title: str
    source: str = ""
    """Where the criteria come from."""
    artefact: Artefact
    subject: str = Field(min_length=3)
    """What the artefact is, as a prompt says it: `an explanation shown beside a recommended item`."""
    context: Mapping[str, str] = Field(default_factory=dict)
    """Context fields a judge may see, in the order a prompt shows them (shared ones first), each with its meaning."""
    dimension: tuple[Dimension, ...] = Field(min_length=1)
    review: Review = Review()
    sets: tuple[SetCheck, ...] = ()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions, in the file's order."""
        return self.dimension

    @cached_property
    def weight(self) -> float:
        """Of all dimensions together."""
        return sum([dim.weight for dim in self.dimensions])

    @cached_property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of the content; changes when anything a judge reads changes."""
        content = orjson.dumps(self.model_dump(mode="json", by_alias=True), option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(content).hexdigest()[:12]

    @property
    def id(self) -> str:
        """`explanation@53cf27e8c44b`."""
        return f"{self.name}@{self.hash}"

    @model_validator(mode="after")
    def _holds_together(self) -> Rubric:
        names = [name for dim in self.dimension for name in (dim.name, *dim.aliases)]
        twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
        _require(twice is None, f"dimension: {twice!r} names two dimensions; rename one")
        for dim in self.dimension:
            for field in (*dim.needs, *(f for step in dim.steps for f in step.fields)):
                _require(
                    field in self.context,
                    f"dimension {dim.name!r}: needs or fields name {field!r}, which is not in [context]; add it there",
                )
        return self


def load_rubric(name: str | Path) -> Rubric:
    """The shipped rubric of that name, or the TOML file at that path.

    Raises `RubricError`, naming file, key and remedy, when there is none or it does not hold together.
    """
    path = Path(name)
    if path.suffix == ".toml":
        try:
            return _parse(path.read_bytes(), str(path))
        except OSError as error:
            raise RubricError(
                f"{path}: cannot be read ({error.strerror}); known: {', '.join(rubric_names())}"
            ) from error
    if str(name) not in rubric_names():
        raise RubricError(
            f"unknown rubric {str(name)!r}; known: {', '.join(rubric_names())}, or a path ending in .toml"
        )
    return _parse((resources.files(__package__) / f"{name}.toml").read_bytes(), f"rubrics/{name}.toml")


def rubric_names() -> list[str]:
    """Names of the rubrics that ship, sorted."""
    files = resources.files(__package__).iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


def by_task(rubrics: Iterable[Rubric]) -> dict[str, Rubric]:
    """Task name or alias to its rubric. Raises `RubricError` when two rubrics claim one name."""
    table: dict[str, Rubric] = {}
    for rubric in rubrics:
        for name in (rubric.name, *rubric.aliases):
            if name in table:
                raise RubricError(f"task {name!r} belongs to both {table[name].name!r} and {rubric.name!r}; rename one")
            table[name] = rubric
    return table


def _parse(content: bytes, place: str) -> Rubric:
    try:
        data = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RubricError(f"{place}: not valid TOML: {error}") from error
    try:
        return Rubric.model_validate(_tuples(data))
    except ValidationError as error:
        raise RubricError(
            "\n".join(f"{place}: {_explain(problem, data)}" for problem in _own(error.errors()))
        ) from error


def _explain(problem: Any, data: Mapping[str, Any]) -> str:
    words = {
        "missing": "is missing; add it",
        "extra_forbidden": "is not a key known here; remove it or mend its spelling",
        "tuple_type": "must be a list; write it in brackets: [...]",
        "string_type": "must be text in quotes",
        "float_type": "must be a number, without quotes",
        "bool_type": "must be true or false, without quotes",
    }
    said = words.get(problem["type"]) or _INPUT.sub("must be", problem["msg"].removeprefix("Value error, "))
    if problem["type"] == "string_pattern_mismatch":
        said = "must be lower-case letters, digits and underscores, a letter first"
    return f"{_where(problem['loc'], data) or 'rubric'}: {said}"


def _own(problems: Sequence[Any]) -> list[Any]:
    """Without those that only follow from others: a list of which a part was refused is called too short as well."""
    inner = {tuple(problem["loc"][:depth]) for problem in problems for depth in range(len(problem["loc"]))}
    return [problem for problem in problems if problem["type"] != "too_short" or tuple(problem["loc"]) not in inner]


def _where(path: Iterable[str | int], data: Any) -> str:
    """`dimension[2] 'truth'.steps[1]`: counted from 1, with the name of what has one."""
    where = ""
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            data = None
        name = data.get("name") if isinstance(key, int) and isinstance(data, Mapping) else None
        where += f".{key}" if isinstance(key, str) else f"[{key + 1}]" + (f" {name!r}" if name else "")
    return where.lstrip(".")


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(part) for part in value)
    return {key: _tuples(part) for key, part in value.items()} if isinstance(value, dict) else value


def _require(holds: bool, words: str) -> None:
    if not holds:
        raise ValueError(words)


_INPUT = re.compile(r"^(?:Input|String|Value|Tuple|List) should (?:be|have)(?: a valid)?")
