"""The shipped examples and a held-out file: how many planted defects the embedded judge finds, and what it slanders.

Lexicon and checks were tuned on the examples alone. The held-out file was written before any tuning and is not
tuned on; `english_fresh.jsonl` was judged once as soon as it was written, and mended on after that. One author wrote
all three and the lexicon, so even their figures are kinder than strangers' texts would be.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from recjudge.judge import Grade, Sample, Verdict
from recjudge.judge.embedded.local import Local
from recjudge.judge.panel import Judge, shipped
from recjudge.judge.reading.samples import read
from recjudge.rubrics import by_task

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples" / "outputs.jsonl"
HELD_OUT = HERE / "data" / "held_out.jsonl"
FRESH = HERE / "data" / "english_fresh.jsonl"
DEFECTS: dict[str, dict[str, str]] = json.loads((HERE.parent / "examples" / "defects.json").read_text())


@dataclass
class Figures:
    """Counts over a file."""

    planted: int = 0
    found: int = 0
    """Bad, with a defect on the planted dimension."""
    clean: int = 0
    slandered: int = 0
    """Clean and called Bad."""

    def __str__(self) -> str:
        return f"planted defects found {self.found}/{self.planted}; clean called Bad {self.slandered}/{self.clean}"


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def samples(path: Path) -> Iterator[Sample]:
    for unit in read(path, tasks=by_task(shipped().values())):
        if isinstance(unit, Sample):
            yield unit


def judged(path: Path) -> list[tuple[Sample, Verdict]]:
    judge = Judge(Local(embedder=None))

    async def all_of_them() -> list[tuple[Sample, Verdict]]:
        return [(sample, await judge.judge(sample)) for sample in samples(path)]

    return asyncio.run(all_of_them())


def figures(path: Path, key: Mapping[str, Mapping[str, str]]) -> Figures:
    counts = Figures()
    for sample, verdict in judged(path):
        defects = {finding.dimension for finding in verdict.findings if finding.polarity == -1}
        if planted := key.get(sample.id):
            counts.planted += 1
            counts.found += verdict.grade is Grade.BAD and planted["dimension"] in defects
        else:
            counts.clean += 1
            counts.slandered += verdict.grade is Grade.BAD
    return counts


def key_in(path: Path) -> dict[str, dict[str, str]]:
    return {row["id"]: row["meta"]["planted"] for row in records(path) if "planted" in row["meta"]}


def test_planted_defects_in_the_examples_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    counts = figures(EXAMPLES, {name: defect for name, defect in DEFECTS.items() if defect["dimension"] != "set"})
    with capsys.disabled():
        print(f"\nexamples: {counts}")
    assert counts.found >= 0.85 * counts.planted
    assert counts.slandered <= 0.10 * counts.clean


def test_defects_that_were_never_tuned_on_are_found_less_often(capsys: pytest.CaptureFixture[str]) -> None:
    counts = figures(HELD_OUT, key_in(HELD_OUT))
    with capsys.disabled():
        print(f"\nheld out: {counts}")
    assert counts.planted >= 20
    assert counts.found >= 0.65 * counts.planted
    assert counts.slandered <= 0.15 * counts.clean


def test_what_was_wrong_at_first_sight_and_was_mended_stays_so(capsys: pytest.CaptureFixture[str]) -> None:
    counts = figures(FRESH, key_in(FRESH))
    with capsys.disabled():
        print(f"\nfresh: {counts}")
    assert (counts.planted, counts.clean) == (33, 25)
    assert counts.found >= 25
    assert counts.slandered == 0


def test_every_failure_code_is_planted_in_the_examples() -> None:
    tasks = {row["id"]: row["task"] for row in records(EXAMPLES)}
    planted = {(tasks[name], defect["dimension"], defect["code"]) for name, defect in DEFECTS.items()}
    wanted = {(r.name, d.name, code) for r in shipped().values() for d in r.dimensions for code in d.codes}
    assert wanted <= planted


def test_the_key_names_samples_and_dimensions_that_exist() -> None:
    tasks = {row["id"]: row["task"] for row in records(EXAMPLES)}
    for name, defect in DEFECTS.items():
        dimensions = {dim.name for dim in shipped()[tasks[name]].dimensions} | {"set"}
        assert defect["dimension"] in dimensions
        assert defect["how"]


def test_the_examples_are_declared_made_up_and_a_third_are_chinese() -> None:
    rows = records(EXAMPLES)
    assert len(rows) >= 48
    assert all(row["meta"]["note"] == "made-up example" for row in rows)
    assert sum(bool(re.search("[\u4e00-\u9fff]", str(row["output"]))) for row in rows) >= len(rows) / 3
    assert {row["system"] for row in rows} == {"route_a", "route_b"}


def test_about_half_of_the_examples_are_clean_and_some_reach_superior() -> None:
    clean = [verdict for sample, verdict in judged(EXAMPLES) if sample.id not in DEFECTS]
    assert 0.35 * len(records(EXAMPLES)) <= len(clean)
    assert {Grade.SUPERIOR, Grade.AVERAGE} <= {verdict.grade for verdict in clean}


def test_the_held_out_file_shares_no_output_with_the_examples() -> None:
    told = {str(row["output"]) for row in records(EXAMPLES)}
    assert len(records(HELD_OUT)) >= 40
    assert not told & {str(row["output"]) for row in records(HELD_OUT)}
