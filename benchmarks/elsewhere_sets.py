"""Sets that learned models were not taught on, as cases: one text, or two of which people prefer one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from recjudge.human_labels import load_set


@dataclass(frozen=True)
class Case:
    """What people said of a text (the mean label), or of two (1: they prefer the first, 0: the second, else NaN)."""

    texts: tuple[str, ...]
    context: str
    """What was asked for; empty where the set has none."""
    cluster: str
    gold: Mapping[str, float]


@dataclass(frozen=True)
class Elsewhere:
    """A set, and which of people's dimensions asks what one of ours asks."""

    read: Callable[[Path | None], Iterator[Case]]
    asks: tuple[tuple[str, str], ...]
    """People's dimension and ours."""
    ships: bool
    """Whether it is in the project; else it is read from `--data`."""
    measure: str


def _shipped(name: str, dimensions: tuple[str, ...]) -> Callable[[Path | None], Iterator[Case]]:
    def read(data: Path | None) -> Iterator[Case]:
        found = load_set(name)
        tables = {dimension: found.table(dimension) for dimension in dimensions}
        said = {
            dimension: dict(zip(table.ids, table.means.tolist(), strict=True)) for dimension, table in tables.items()
        }
        for sample in found.samples:
            gold = {dimension: values[sample.id] for dimension, values in said.items() if sample.id in values}
            if gold:
                prompt = str(sample.context.get("prompt", ""))
                yield Case((sample.text,), prompt, found.clusters[sample.id], gold)

    return read


def _pandalm(data: Path | None) -> Iterator[Case]:
    found = load_set("pandalm")
    votes: dict[str, list[str]] = {}
    for label in found.labels:
        if label.human:
            votes.setdefault(label.id, []).append(label.word)
    for sample in found.samples:
        one, _, other = sample.text.removeprefix("[1] ").partition("\n\n[2] ")
        gold = {"preference": _preferred(votes[sample.id], "1", "2")}
        yield Case((one, other), str(sample.context["prompt"]), found.clusters[sample.id], gold)


def _pairs(name: str, first: str, second: str, group: str = "") -> Callable[[Path | None], Iterator[Case]]:
    def read(data: Path | None) -> Iterator[Case]:
        assert data is not None
        votes: dict[tuple[str, str], list[str]] = {}
        for row in _rows(data / name / "labels.jsonl"):
            if row["annotator_type"] == "human":
                votes.setdefault((row["id"], row["dimension"]), []).append(str(row["label"]))
        dimensions = dict.fromkeys(dimension for _, dimension in votes)
        for item in _rows(data / name / "items.jsonl"):
            gold = {
                dimension: _preferred(votes[item["id"], dimension], first, second)
                for dimension in dimensions
                if (item["id"], dimension) in votes
            }
            prompt = "\n\n".join(str(part) for part in item["input"].values() if part)
            yield Case(tuple(map(str, item["output"])), prompt, str(item["meta"].get(group) or item["id"]), gold)

    return read


def _preferred(votes: list[str], first: str, second: str) -> float:
    count = Counter(votes)
    return math.nan if count[first] == count[second] else float(count[first] > count[second])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        yield orjson.loads(line)


SETS: Mapping[str, Elsewhere] = {
    "pandalm": Elsewhere(
        _pandalm, (("preference", "relevance"), ("preference", "clarity"), ("preference", "fluency")), True, "pairs"
    ),
    "llmbar": Elsewhere(
        _pairs("llmbar", "1", "2"), (("instruction_following", "relevance"),), False, "pairs"
    ),
    "crowdrag": Elsewhere(
        _pairs("crowdrag", "a", "b", "query_id"),
        (
            ("correctness_topical", "relevance"), ("coherence_logical", "clarity"), ("coherence_stylistic", "fluency"),
            ("quality_overall", "relevance"), ("quality_overall", "clarity"),
        ),
        False, "pairs",
    ),
    "helpsteer2": Elsewhere(
        _shipped("helpsteer2", ("helpfulness", "coherence")),
        (("helpfulness", "relevance"), ("coherence", "clarity")), True, "spearman",
    ),
    "abredial": Elsewhere(
        _shipped("abredial", ("relevance", "interestingness", "turn_overall")),
        (("relevance", "relevance"), ("interestingness", "relevance"), ("turn_overall", "relevance")), True, "spearman",
    ),
    "cola_dev": Elsewhere(_shipped("cola_dev", ("acceptability",)), (("acceptability", "fluency"),), True, "auc"),
}  # fmt: skip
