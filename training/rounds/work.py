"""What the steps of a round work on, and the names that things have in its folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import Refused
from ...judge import AnyJudge, Progress
from ...rubrics import by_task
from .manifest import Manifest, folder_of

if TYPE_CHECKING:
    from ...human_labels import Policy
    from ..prompting import Template
    from .config import RoundConfig
    from .prompts import PromptSets

GENERATED, GENERATED_VERDICTS = "generated.jsonl", "generated.verdicts.jsonl"
EVALUATION, EVALUATION_VERDICTS = "evaluation.jsonl", "evaluation.verdicts.jsonl"
FILTERED, TRAIN = "filtered", "train.jsonl"
NAME = "NAME"
"""A file in a trainer's folder that holds the name of its model, where that is elsewhere: at an endpoint."""


class LabelsWanted(Refused):
    """The round waits for people's labels; it goes on when they are there."""


@dataclass(frozen=True)
class Work:
    """All that a step may look at."""

    config: RoundConfig
    judge: AnyJudge
    policy: Policy | None
    template: Template | None
    prompts: PromptSets
    root: Path
    manifest: Manifest
    began: datetime
    """Of the round, so that a killed one filters by the same date when it goes on."""
    watch: Callable[[Progress], None] | None = None

    @property
    def folder(self) -> Path:
        """Of the round."""
        return folder_of(self.root, self.manifest.round)

    @property
    def tasks(self) -> dict[str, Any]:
        """Task or alias to rubric."""
        return by_task(self.judge.rubrics.values())

    def seed(self, step: str, number: int | None = None) -> int:
        """Of a step of this round (or of `number`), below 2 ** 31."""
        words = f"{self.config.round.seed}/{self.manifest.round if number is None else number}/{step}"
        return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4]) >> 1


@dataclass(frozen=True)
class Taken:
    """What a step left: its facts as JSON (`ends`: in words why no training follows) and its files by digest."""

    facts: Mapping[str, Any]
    files: Mapping[str, str]


def label_file(config: RoundConfig, number: int) -> Path | None:
    """Where the labels of a round are, or will be."""
    return config.path(config.audit.labels.replace("{round}", f"{number:03}")) if config.audit.labels else None


def model_out(manifest: Manifest) -> str:
    """The model that a round ends with: trained, or as it came in."""
    return str(manifest.facts("train").get("model", manifest.model_in))


def told(root: Path, model: str) -> str:
    """A model's name as manifests hold it: one that the rounds made, by its path among them, so that they can move."""
    path = Path(model)
    return path.relative_to(root.resolve()).as_posix() if path.is_relative_to(root.resolve()) else model


def located(work: Work, model: str) -> str:
    """The same as generators and trainers take it; a folder of the config's is beside the config."""
    own, given = work.root.resolve() / model, work.config.path(model)
    if model.startswith("round-") and own.exists():
        return str(own)
    return str(given) if model and given.is_dir() else model
