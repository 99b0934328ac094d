"""The way of a label: planned, drawn, filled in by three people with slips, checked, read, and acted on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from recjudge.cli import main
from recjudge.judge import Finding, Grade, Status, Verdict
from recjudge.judge.verdicts import encode
from recjudge.rubrics import load_rubric

PEOPLE = ("ann", "王小明", "eve")
GRADES = ("Bad", "Average", "Superior")
RUBRIC = load_rubric("text").id
Row = dict[str, str]


def world(path: Path, n: int, *, seed: int = 0, first: int = 0, slope: float = 25) -> dict[str, bool]:
    """Verdicts of a judge whose score knows what is good the better, the steeper; sample to whether it is good."""
    random = np.random.default_rng(seed)
    score = random.random(n)
    good = random.random(n) < 1 / (1 + np.exp(-slope * (score - 0.35)))
    path.write_bytes(b"".join(encode(_verdict(first + place, float(score[place]))) + b"\n" for place in range(n)))
    return {f"s{first + place}": bool(good[place]) for place in range(n)}


def _verdict(place: int, score: float) -> Verdict:
    found = Finding("clarity", Status.OK, "clear" if score >= 0.5 else "unclear", 1 if score >= 0.5 else -1,
                    (1 - score, 0.0, score), reason="so it reads")  # fmt: skip
    grade = Grade.SUPERIOR if score >= 0.5 else Grade.BAD
    text = f"Text {place} about {place * 7919 % 10007} and {place * 104729 % 10007}."
    return Verdict(
        f"s{place}", "text", "model@1", RUBRIC, Status.OK, grade, (found,), group=f"u{place}", text=text,
        key=f"k{place}", positive_share=score,
    )  # fmt: skip


def filled(rows: list[Row], truth: Mapping[str, bool], who: str, *, slips: float = 0.01) -> list[Row]:
    """A sheet as this person hands it in: the grade alone is labelled, and now and then it is not what is true."""
    random = np.random.default_rng(len(who) + sum(map(ord, who)))
    made = []
    for row in rows:
        right = truth[row["sample"]] != (random.random() < slips)
        label = ("Superior" if right else "Bad") if row["dimension"] == "grade" else ""
        made.append(row | {"annotator": who, "label": label})
    return made


def sheet(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), delimiter=";")
        table.writeheader()
        table.writerows(rows)
    return path


def exported(folder: Path, tasks: Path, truth: Mapping[str, bool]) -> Path:
    """What Label Studio exports after all three labelled every task."""
    made = []
    for number, task in enumerate(json.loads(tasks.read_text("utf-8")), 1):
        word = "Superior" if truth[task["data"]["sample"]] else "Bad"
        choice = {"from_name": "grade", "to_name": "_artefact", "type": "choices", "value": {"choices": [word]}}
        by = [{"completed_by": {"email": f"{who}@example.org"}, "result": [choice]} for who in ("ann", "ben", "eve")]
        made.append({"id": number, "data": task["data"], "annotations": by})
    path = folder / "export.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """A command in a folder of its own: what it prints, after it ended as it should."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, code: int = 0) -> str:
        assert main(list(words)) == code
        shown = capsys.readouterr()
        return shown.out + shown.err

    return run


def test_labels_go_from_an_empty_sheet_to_a_policy_that_fresh_labels_confirm(
    ask: Callable[..., str], tmp_path: Path
) -> None:
    truth = world(tmp_path / "v.jsonl", 2000)
    assert "certificate" in ask("labels", "plan", "--goal", "certificate")
    drawn = ask(
        "labels", "export", "v.jsonl", "--rubric", "text", "--to", "csv", "--n", "500", "--round", "one", "--out", "one"
    )
    assert "500 samples" in drawn

    rows = [row for who in PEOPLE for row in filled(sheet(tmp_path / "one" / "labels.csv"), truth, who)]
    write(tmp_path / "filled.csv", with_slips(rows))
    wrong = ask("labels", "check", "filled.csv", "--verdicts", "v.jsonl", code=2)
    for words in (
        "'label' is 'superior'; write 'Superior'", "'label' is 'Good', not on the scale", "'annotator' is missing",
        "is a second label of sample", "4 of 7501 labels cannot be used",
    ):  # fmt: skip
        assert words in wrong
    write(tmp_path / "filled.csv", rows)
    assert "1500 judged samples have no label" in ask("labels", "check", "filled.csv", "--verdicts", "v.jsonl")
    assert "1500 labels, 0 left out" in ask("labels", "import", "filled.csv", "-o", "labels.csv")

    agreed = ask("agree", "v.jsonl", "-l", "labels.csv", "--draws", "200", "-o", "agree.html")
    assert "500 items in 500 clusters, 3 raters, 1,500 labels" in agreed
    assert "王小明" in (tmp_path / "agree.html").read_text("utf-8")
    estimated = json.loads(ask("estimate", "v.jsonl", "-l", "labels.csv", "--json"))["estimates"][0]
    assert estimated["method"] == "ppi"
    assert not (tmp_path / "labels.csv.seal.json").exists()

    lined = ask("calibrate", "v.jsonl", "-l", "labels.csv", "--precision", "0.95", "--confidence", "0.95")
    assert "keep labels.csv.seal.json beside the labels" in lined
    assert "text.grade: accept quality ≥ 0." in lined
    assert "calibration labels alone" in ask("agree", "v.jsonl", "-l", "labels.csv", "--draws", "200", "-o", "a.md")

    fresh = world(tmp_path / "v2.jsonl", 1000, seed=1, first=2000)
    ask("labels", "export", "v2.jsonl", "--rubric", "text", "--n", "700", "--round", "two", "--out", "two")
    export = exported(tmp_path, tmp_path / "two" / "tasks.json", fresh)
    assert "2100 labels, 0 left out" in ask("labels", "import", export.name, "-o", "fresh.csv")
    assert "text.grade: ok" in ask("milestone", "v2.jsonl", "-l", "fresh.csv")
    worse = world(tmp_path / "v3.jsonl", 1000, seed=1, first=2000, slope=4)
    exported(tmp_path, tmp_path / "two" / "tasks.json", worse)
    ask("labels", "import", export.name, "-o", "worse.csv")
    assert "text.grade: degraded" in ask("milestone", "v3.jsonl", "-l", "worse.csv", code=1)


def with_slips(rows: list[Row]) -> list[Row]:
    """The same rows after a person's hand: another spelling, another word, no name, a line twice."""
    made = [dict(row) for row in rows]
    of = [row for row in made if row["label"]]
    of[3]["label"], of[10]["label"], of[40]["annotator"] = "superior", "Good", ""
    return [*made, dict(of[30])]
