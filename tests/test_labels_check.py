"""What labels can carry, and the commands that check and import them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from recjudge.cli import main
from recjudge.human_labels import (
    check_labels,
    read_labels,
)
from recjudge.judge import Grade, Status, Verdict
from recjudge.judge.verdicts import encode

from label_files import LONG, file_of


def _many(n: int, raters: str = "ab") -> str:
    return LONG + "".join(f"s{number},fit,{rater},{number % 2}\n" for number in range(n) for rater in raters)


def test_check_lists_samples_without_a_verdict_and_counts_those_without_a_label(tmp_path: Path) -> None:
    found = check_labels(read_labels(file_of(tmp_path, _many(40))), {f"s{number}" for number in range(1, 50)})
    assert found.problems == ("labels.csv:2: sample 's0' has no verdict; mend the id",)
    assert (found.unknown, found.unlabelled) == (("s0",), 10)
    assert found.warnings == ()
    assert found.dimensions[0].unanimous.value == 1.0


def test_check_says_when_labels_are_too_few_or_of_one_rater(tmp_path: Path) -> None:
    warnings = check_labels(read_labels(file_of(tmp_path, _many(12, "a")))).warnings
    assert warnings == (
        "fit (expert): 12 labelled samples, fewer than 30: too few to calibrate",
        "fit (expert): fewer than 10 labels of a class (0 6, 1 6): too few to calibrate on it",
        "fit (expert): a single rater: no ceiling can be computed, and no agreement among people",
    )


def test_check_names_a_constant_rater_roles_twin_names_and_missing_cells(tmp_path: Path) -> None:
    rows = "".join(f"s{n},fit,ann,expert,{n % 2}\ns{n},fit,Ann ,expert,1\n" for n in range(40))
    path = file_of(
        tmp_path, "sample,dimension,annotator,role,label\n" + rows + "s0,fit,eve,crowd,1\ns40,fit,ann,expert,1\n"
    )
    found = check_labels(read_labels(path))
    assert "fit: 'Ann ' said '1' 40 times and nothing else: kappa is undefined" in found.warnings
    assert any(words.startswith("labels of several roles (expert, crowd)") for words in found.warnings)
    assert any("differ by case or spaces only: 'Ann ', 'ann'" in words for words in found.warnings)
    assert (found.dimensions[0].missing, found.dimensions[0].unanimous.count) == (1, 20)


def test_the_command_check_prints_coverage_and_ends_with_2_for_unknown_samples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = Verdict("s1", "text", "scripted", "text@1", Status.OK, Grade.BAD, ())
    verdicts = file_of(tmp_path, encode(verdict).decode() + "\n", "made.verdicts.jsonl")
    labels = file_of(tmp_path, _many(40))
    assert main(["labels", "check", str(labels)]) == 0
    assert "100% of 40" in capsys.readouterr().out
    assert main(["labels", "check", str(labels), "--verdicts", str(verdicts), "--json"]) == 2
    said = capsys.readouterr()
    assert len(json.loads(said.out)["unknown"]) == 39
    assert "… and 19 more" in said.err


def test_the_command_import_writes_one_form_and_says_what_was_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = file_of(tmp_path, "id,ann,bob\na,1,2\nb,7,\n"), tmp_path / "long.csv"
    arguments = ["labels", "import", str(path), "-o", str(out), "--scale", "fit=ordinal:1..5", "--round", "r1"]
    assert main(arguments) == 2
    assert not out.exists()
    assert main([*arguments, "--drop"]) == 0
    said = capsys.readouterr()
    assert "wrote" in said.out
    assert "2 labels, 1 left out, 1 empty, of 4 cells" in said.out
    assert "labels.csv:3: 'ann' is '7', not on the scale ordinal:1..5" in said.err
    assert [(row.id, row.annotator, row.round) for row in read_labels(out).rows] == [
        ("a", "ann", "r1"),
        ("a", "bob", "r1"),
    ]
