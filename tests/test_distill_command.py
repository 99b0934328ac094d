"""`recjudge distill`: what it prints, what it writes, and whose labels it may look at."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from recjudge.cli import main
from recjudge.human_labels import find_seal, seal_for
from recjudge.judge import Sample, encode_verdict
from recjudge.training import Row

from distill_world import LABELS, rows


def test_a_student_is_written_and_every_figure_has_its_interval(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts = written(rows(6), tmp_path)
    assert main(["distill", str(verdicts), "-o", str(tmp_path / "student")]) == 0
    said = capsys.readouterr().out
    assert "Pairs in order, held out" in said
    assert "text, not learned: fluency (one level only, on all 18 samples)" in " ".join(said.split())
    assert "fewer than 10 clusters" in said
    assert sorted(path.name for path in (tmp_path / "student").iterdir()) == ["card.json", "card.md", "student.json"]


def test_json_holds_the_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = written(rows(4), tmp_path)
    assert main(["distill", str(verdicts), "-o", str(tmp_path / "s"), "--json", "-d", "grade"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told["card"]["tasks"]["text"]["targets"]) == ["grade"]
    assert told["student"].startswith("student/s@")


def test_people_on_their_own_scale_under_their_own_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of = rows(4)
    verdicts, labels = written(of, tmp_path), tmp_path / "labels.csv"
    lines = (f"{row.sample.id},likes,ann,{2 * int(row.sample.id[-1]) + 1},expert" for row in of)
    labels.write_text("\n".join(["id,dimension,annotator,label,role", *lines]) + "\n")
    options = ["--labels", str(labels), "--map", "relevance=likes", "--scale", "likes=ordinal:1..5"]
    asked = ["distill", str(verdicts), "-o", str(tmp_path / "s"), *options]
    assert main([*asked, "--cut", "relevance=2.5,4"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "12 samples labelled by people" in said
    assert "cut at 2.5, 4 (as asked)" in said


def test_sealed_labels_are_neither_read_nor_trained_around(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of = rows(8)
    verdicts, labels = written(of, tmp_path), tmp_path / "labels.csv"
    lines = (f"{row.sample.id},relevance,ann,{LABELS[int(row.sample.id[-1])]},expert" for row in of)
    labels.write_text("\n".join(["id,dimension,annotator,label,role", *lines]) + "\n")
    seal = seal_for(
        labels, now=datetime(2026, 1, 1, tzinfo=UTC), clusters={row.sample.id: row.sample.group for row in of}
    )
    hidden = sum(seal.side(row.sample.group) == "test" for row in of)
    assert main(["distill", str(verdicts), "-o", str(tmp_path / "s"), "-l", str(labels), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)["card"]
    assert card["left_out"] == {"sealed labels of people: kept for tests": hidden}
    assert hidden > 0
    assert not find_seal(labels).openings


def test_the_judges_word_on_neighbours_of_sealed_samples_is_sealed_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = rows(8)
    verdicts, labels = written(of, tmp_path), tmp_path / "labels.csv"
    lines = (f"{row.sample.id},relevance,ann,{LABELS[0]},expert" for row in of if row.sample.id.endswith("-0"))
    labels.write_text("\n".join(["id,dimension,annotator,label,role", *lines]) + "\n")
    seal = seal_for(
        labels, now=datetime(2026, 1, 1, tzinfo=UTC), clusters={row.sample.id: row.sample.group for row in of}
    )
    hidden = sum(seal.side(row.sample.group) == "test" for row in of)
    assert hidden >= 3
    assert main(["distill", str(verdicts), "-o", str(tmp_path / "s"), "-l", str(labels), "-d", "grade", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)["card"]
    assert card["left_out"] == {"sealed labels of people: kept for tests": hidden}


def test_a_cut_that_is_no_number_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = written(rows(2), tmp_path)
    assert main(["distill", str(verdicts), "-o", str(tmp_path / "s"), "--cut", "relevance=a"]) == 2
    assert "write it as DIMENSION=NUMBER,NUMBER" in capsys.readouterr().err


def written(of: list[Row], folder: Path) -> Path:
    """The judged file and its verdicts beside it."""
    lines = [orjson.dumps(_record(row.sample)) for row in of]
    (folder / "outputs.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    said = [encode_verdict(replace(row.verdict, place=f"outputs.jsonl:{line}")) for line, row in enumerate(of, 1)]
    (folder / "outputs.verdicts.jsonl").write_bytes(b"\n".join(said) + b"\n")
    return folder / "outputs.verdicts.jsonl"


def _record(sample: Sample) -> dict[str, object]:
    return {name: getattr(sample, name) for name in ("id", "task", "output", "context", "group")}
