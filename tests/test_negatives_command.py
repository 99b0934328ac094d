"""`recjudge negatives` on the examples: made, judged, and taken as unwanted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("negatives")
    shutil.copy(EXAMPLES / "outputs.jsonl", folder)
    assert main(["score", str(folder / "outputs.jsonl"), "--json"]) == 0
    return folder / "outputs.verdicts.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_negatives_are_made_judged_and_taken_as_unwanted_alone(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "negatives.jsonl"
    assert main(["negatives", str(verdicts), "--by", "relevance", "-o", str(out)]) == 0
    said = capsys.readouterr().out
    made = lines(out)
    assert f"wrote {out}: {len(made)} negatives of relevance out of 92 rows" in " ".join(said.split())
    assert {one["meta"]["negative"] for one in made} == {"relevance"}
    assert main(["score", str(out), "--json"]) == 0
    asked = ["export", str(tmp_path / "negatives.verdicts.jsonl"), "-f", "kto", "-o", str(tmp_path / "kto.jsonl")]
    assert main(asked) == 0
    rows = lines(tmp_path / "kto.jsonl")
    assert rows
    assert not any(row["label"] for row in rows)
    assert "a negative that is not graded Bad" in " ".join(capsys.readouterr().out.split())


def test_every_row_gave_a_negative_or_is_counted(verdicts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["negatives", str(verdicts), "--by", "relevance", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["negatives"] + sum(told["left_out"].values()) == told["rows"] == 92
    assert len(lines(verdicts.parent / "outputs.verdicts.negatives.jsonl")) == told["negatives"] > 10


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--by", "charm"], "no verdict has a dimension 'charm'"),
        (["--by", "relevance", "--alike", "0"], "--alike 0: give a Jaccard index"),
        (["--by", "relevance", "-o", "SOURCE"], "is what is read"),
    ],
)
def test_what_cannot_be_done_is_told(
    verdicts: Path, asked: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = verdicts.parent / "outputs.jsonl"
    before = source.read_bytes()
    assert main(["negatives", str(verdicts), *(str(source) if one == "SOURCE" else one for one in asked)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert source.read_bytes() == before
