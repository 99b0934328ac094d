"""`recjudge calibrate`: the policy it writes, what it prints, and its ends."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from recjudge.cli import main
from recjudge.human_labels import read_policy
from recjudge.human_labels.policy import UNSEALED
from recjudge.judge.verdicts import encode

import worlds


def test_calibrate_by_command_writes_the_policy_and_seals_the_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(2000))
    out = tmp_path / "policy.json"
    assert main(["calibrate", str(verdicts), "--labels", str(labels), "-o", str(out)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert re.search(r"text.grade: accept quality ≥ 0\.\d+ .* of what is decided at least 0.95 is right", told)
    assert "test labels opened once; valid until" in told
    policy = read_policy(out)
    assert (policy.labels, policy.opened) == ("labels.csv", 1)
    line = policy.lines[0]
    assert line.test is not None
    assert line.test.labelled + line.calibration.labelled == 2000


def test_calibrate_by_command_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(1000))
    command = ["calibrate", str(verdicts), "--labels", str(labels), "-o", str(tmp_path / "p.json"), "--json"]
    assert main([*command, "--selective", "--precision", "0.9", "--all-labels"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["lines"][0]["pool"]["people"] < 1
    assert told["notes"] == [UNSEALED]


def test_calibrating_on_all_labels_opens_the_sealed_ones(tmp_path: Path) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(1000, slope=20))
    out = tmp_path / "policy.json"
    command = ["calibrate", str(verdicts), "--labels", str(labels), "-o", str(out)]
    assert main(command) == 0
    assert main([*command, "--all-labels"]) == 0
    policy = read_policy(out)
    assert policy.opened == 2
    assert policy.notes == ("calibrated on all labels, the sealed ones too: every figure is in-sample",)


def test_calibrate_by_command_ends_with_1_where_there_is_no_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(1000, slope=0.5))
    assert main(["calibrate", str(verdicts), "--labels", str(labels), "-o", str(tmp_path / "p.json")]) == 1
    assert "no line has at most 0.05 wrong" in capsys.readouterr().err
    assert not (tmp_path / "p.json").exists()


def test_calibrate_by_command_names_the_dimensions_that_are_labelled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts, labels = _files(tmp_path, worlds.good(100))
    assert main(["calibrate", str(verdicts), "--labels", str(labels), "--dimension", "charm"]) == 2
    assert "no labels of 'charm'; name one with --dimension: grade" in capsys.readouterr().err


def _files(folder: Path, world: worlds.Pairing) -> tuple[Path, Path]:
    """The verdicts and labels of a world as files; people say Bad or Superior."""
    quality, passed = world.scores["quality"], world.people.values[:, 0]
    verdicts = [replace(worlds.verdict(float(score)), id=id) for id, score in zip(world.ids, quality, strict=True)]
    (folder / "v.jsonl").write_bytes(b"".join(encode(one) + b"\n" for one in verdicts))
    rows = [f"{id},grade,ann,{('Bad', 'Superior')[int(word)]}" for id, word in zip(world.ids, passed, strict=True)]
    (folder / "labels.csv").write_text("\n".join(["id,dimension,annotator,label", *rows]) + "\n")
    return folder / "v.jsonl", folder / "labels.csv"
