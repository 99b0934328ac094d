"""`recjudge filter` on the examples, through the door."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main
from recjudge.human_labels import write_policy
from recjudge.judge import read_verdicts
from recjudge.training import read_certificate, read_kept

from filtered import policy

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples with their verdicts and a policy with a line for each of their tasks."""
    folder = tmp_path_factory.mktemp("filter")
    shutil.copy(EXAMPLES / "outputs.jsonl", folder)
    assert main(["score", str(folder / "outputs.jsonl"), "--json"]) == 0
    verdicts = [one for one in read_verdicts(folder / "outputs.verdicts.jsonl") if one.kind == "sample"]
    line = policy().lines[0]
    of = {one.task: replace(line, task=one.task, judge=one.judge, rubric=one.rubric, accept=0.6) for one in verdicts}
    made = replace(policy(), lines=tuple(of.values()), made="2020-01-01", expires="2099-01-01", rounds=("r1",))
    write_policy(made, folder / "policy.json")
    return folder


def run(judged: Path, out: Path, *more: str) -> int:
    return main(["filter", str(judged / "outputs.verdicts.jsonl"), "-o", str(out), *more])


def test_the_examples_are_filtered_with_a_certificate(
    judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "train"
    assert run(judged, out, "--policy", str(judged / "policy.json"), "--near-duplicates", "0.9") == 0
    said = " ".join(capsys.readouterr().out.split())
    made = read_certificate(out)
    assert made.certified
    assert made.kept == len(list(read_kept(out))) > 10
    assert made.accepted > made.kept
    assert {line["line"] for line in made.lines} == {f"{task}.grade" for task in made.diversity}
    assert f"at most {made.bad['bound']} with confidence" in said
    assert "put aside for people" in said
    assert "kept.jsonl, audit.jsonl (blind)" in said


def test_the_policy_and_no_grade_decides(judged: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from recjudge.human_labels import read_policy

    assert (
        run(judged, tmp_path / "t", "--policy", str(judged / "policy.json"), "--audit", "0", "--keep-duplicates") == 0
    )
    rule, now = read_policy(judged / "policy.json"), datetime.now(UTC)
    wanted = [
        one.id
        for one in read_verdicts(judged / "outputs.verdicts.jsonl")
        if one.kind == "sample" and rule.accepts(one, now=now)
    ]
    assert [one.sample.id for one in read_kept(tmp_path / "t")] == wanted


def test_json_is_the_certificate(judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(judged, tmp_path / "t", "--policy", str(judged / "policy.json"), "--json") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["kept"] == read_certificate(tmp_path / "t").kept
    assert told["policy"]["rounds"] == ["r1"]


def test_without_a_policy_the_command_refuses_and_writes_nothing(
    judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(judged, tmp_path / "t") == 2
    assert "recjudge calibrate" in capsys.readouterr().err
    assert not (tmp_path / "t").exists()
    assert run(judged, tmp_path / "t", "--uncertified", "--all-pass") == 0
    assert capsys.readouterr().out.startswith("UNCERTIFIED")
    assert not read_certificate(tmp_path / "t").certified


def test_no_audit_is_printed(judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(judged, tmp_path / "t", "--policy", str(judged / "policy.json"), "--audit", "0") == 0
    assert "note: no audit sample was put aside" in capsys.readouterr().out


def test_every_selection_can_be_asked_for(judged: Path, tmp_path: Path) -> None:
    asked = ["--near-duplicates", "0.8", "--within", "all", "--across-routes", "--per-category", "2", "--category",
             "item.title", "--balance", "system", "--all-pass", "--audit", "5", "--seed", "3"]  # fmt: skip
    assert run(judged, tmp_path / "t", "--policy", str(judged / "policy.json"), *asked) == 0
    made = read_certificate(tmp_path / "t")
    assert len(made.audit["ids"]) == 5
    assert made.selection["category"] == "item.title"
    systems = [one.sample.system for one in read_kept(tmp_path / "t")]
    assert systems.count("route_a") == systems.count("route_b")


def test_a_source_that_changed_since_is_noticed(
    judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "outputs.jsonl"
    other.write_text((EXAMPLES / "outputs.jsonl").read_text().replace("Pour-over coffee", "Iced coffee"))
    assert run(judged, tmp_path / "t", "--policy", str(judged / "policy.json"), "--source", str(other)) == 2
    assert "give the file that was judged, unchanged, with --source" in capsys.readouterr().err


def test_the_audit_goes_to_people_as_any_sample_does(judged: Path, tmp_path: Path) -> None:
    assert run(judged, tmp_path / "t", "--policy", str(judged / "policy.json")) == 0
    asked = ["--rubric", "explanation", "-o", str(tmp_path / "l"), "--to", "csv"]
    assert main(["labels", "export", str(tmp_path / "t" / "audit.jsonl"), *asked]) == 0
    sheet = (tmp_path / "l" / "labels.csv").read_text()
    audit = [json.loads(line) for line in (tmp_path / "t" / "audit.jsonl").read_text().splitlines()]
    assert all(one["id"] in sheet for one in audit if one["task"] == "explanation")
