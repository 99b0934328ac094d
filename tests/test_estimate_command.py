"""The command estimate: its sentence, its refusals, its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import orjson
import pytest
from recjudge.cli import main
from recjudge.human_labels import find_seal, seal_for
from recjudge.judge import Grade, Status, Verdict
from recjudge.judge.verdicts import encode


def _files(
    folder: Path, n: int, others: int, *, specificity: float = 0.7, judge: str = "j", seed: int = 0
) -> list[str]:
    """Verdicts of n + others samples and labels of the first n, as arguments of the command."""
    random = np.random.default_rng(seed)
    total = n + others
    truth = random.random(total) < 0.6
    passed = np.where(truth, random.random(total) < 0.95, random.random(total) >= specificity)
    verdicts = [_verdict(f"s{place}", "ab"[place % 2], bool(said), judge) for place, said in enumerate(passed)]
    path, labels = folder / f"{judge}.verdicts.jsonl", folder / "labels.csv"
    path.write_bytes(b"".join(encode(verdict) + b"\n" for verdict in verdicts))
    rows = [f"s{place},grade,ann,expert,{'Superior' if truth[place] else 'Bad'}" for place in range(n)]
    labels.write_text("\n".join(["sample,dimension,annotator,role,label", *rows]) + "\n")
    return ["estimate", str(path), "--labels", str(labels)]


def _verdict(id: str, system: str, passed: bool, judge: str) -> Verdict:
    grade = Grade.SUPERIOR if passed else Grade.BAD
    return Verdict(id, "explanation", judge, "explanation@1", Status.OK, grade, (), system=system, key=id)


def test_the_estimate_is_printed_beside_the_judges_opinion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(_files(tmp_path, 200, 1000)) == 0
    printed = capsys.readouterr().out
    assert "of the 1200 judged samples truly pass, 95% interval" in printed
    assert "its word taken for the truth" in printed
    assert "assumed: the labelled samples were drawn at random from these" in printed
    assert "share of Superior" in printed
    assert "too few" not in printed


def test_json_has_every_number_with_its_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_files(tmp_path, 200, 1000), "--by", "system", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["estimates"]
    assert found["rate"]["low"] < 0.6 < found["rate"]["high"]
    assert found["opinion"]["low"] > 0.6
    assert [part["system"] for part in found["systems"]] == ["a", "b"]
    assert found["effective"] > found["n"] == 200


def test_few_labels_print_and_say_that_they_are_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(_files(tmp_path, 20, 200)) == 0
    assert "too few to act on: 20 labels (30 needed)" in capsys.readouterr().out


def test_a_judge_that_passes_all_alike_is_refused_for_another_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*_files(tmp_path, 100, 500, specificity=0.05), "--shifted"]) == 1
    assert "sensitivity + specificity is" in capsys.readouterr().err


def test_another_judges_samples_are_not_estimated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = _files(tmp_path, 10, 50, judge="k")[1]
    assert main([*_files(tmp_path, 100, 100), "--target", other]) == 2
    assert "another judge's errors" in capsys.readouterr().err


def test_an_unknown_method_names_the_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_files(tmp_path, 50, 50), "--method", "guess"]) == 2
    assert "known: auto, ppi, lee, people" in capsys.readouterr().err


def test_every_command_that_opens_sealed_labels_writes_its_own_name_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command, verdicts, *labels = _files(tmp_path, 200, 200)
    seal_for(tmp_path / "labels.csv", now=datetime(2026, 11, 1, tzinfo=UTC))
    assert main([command, verdicts, *labels, "--open-test"]) == 0
    assert main(["agree", verdicts, *labels, "--open-test"]) == 0
    assert main(["report", verdicts, *labels]) == 0
    seal = find_seal(tmp_path / "labels.csv")
    assert seal is not None
    assert [opening.purpose for opening in seal.openings] == ["estimate", "agree"]


def test_probabilities_of_the_label_file_reach_the_estimate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nine in ten failures were labelled and one in ten passes: unweighed, people would pass far too few."""
    random = np.random.default_rng(5)
    passed = random.random(3000) < 0.7
    chance = np.where(passed, 0.1, 0.9)
    drawn = random.random(3000) < chance
    verdicts, labels = tmp_path / "v.jsonl", tmp_path / "l.csv"
    made = [_verdict(f"s{n}", "a", bool(said), "j") for n, said in enumerate(random.permutation(passed))]
    verdicts.write_bytes(b"".join(encode(verdict) + b"\n" for verdict in made))
    rows = [
        f"s{n},grade,ann,{'Superior' if passed[n] else 'Bad'},{chance[n]}" for n in range(3000) if drawn[n]
    ]  # fmt: skip
    labels.write_text("\n".join(["sample,dimension,annotator,label,probability", *rows]) + "\n")
    assert main(["estimate", str(verdicts), "--labels", str(labels), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["estimates"]
    assert found["rate"]["low"] < 0.7 < found["rate"]["high"]
    assert found["people"]["value"] == pytest.approx(0.7, abs=0.05)


def test_one_cluster_has_no_estimate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, verdicts, *labels = _files(tmp_path, 100, 100)
    _group(Path(verdicts), lambda number: "one")
    assert main([command, verdicts, *labels]) == 1
    assert "all labelled samples are of one cluster" in capsys.readouterr().err


def test_the_judges_opinion_counts_clusters_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, verdicts, *labels = _files(tmp_path, 200, 200)
    _group(Path(verdicts), lambda number: f"u{number // 4}")
    assert main([command, verdicts, *labels, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["estimates"]
    assert (found["opinion"]["n"], found["opinion"]["clusters"]) == (400, 100)


def test_labels_of_the_easy_samples_are_not_to_be_acted_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, path, *labels = _files(tmp_path, 200, 0)
    hard = b"".join(encode(_verdict(f"h{n}", "a", n % 5 == 0, "j")) + b"\n" for n in range(300))
    Path(path).write_bytes(Path(path).read_bytes() + hard)
    assert main([command, path, *labels]) == 0
    first = " ".join(capsys.readouterr().out.partition("  judge")[0].split())
    assert "not to be acted on: the labels look not drawn at random" in first


def test_sealed_samples_stay_among_those_to_estimate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seal_for(tmp_path / "labels.csv", now=datetime(2026, 11, 1, tzinfo=UTC))
    assert main([*_files(tmp_path, 200, 200), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["estimates"]
    assert found["n"] < 160
    assert found["n"] + found["unlabelled"] == found["planned"] == 400


def _group(path: Path, name: Callable[[int], str]) -> None:
    """Gives the file's verdicts groups by their place."""
    rows = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    path.write_bytes(b"".join(orjson.dumps(row | {"group": name(n)}) + b"\n" for n, row in enumerate(rows)))
