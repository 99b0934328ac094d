"""The command stress: a table, a file, a gate."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from recjudge.cli import main
from recjudge.human_labels.stress import RELATIONS, Limit

ROWS = [
    {
        "id": f"e{at}",
        "task": "explanation",
        "group": f"u{at}",
        "context": {"item": {"title": f"Grinder {at}", "features": "38 grind settings, 60 g capacity, steel burrs"}},
        "output": output,
    }
    for at, output in enumerate(
        (
            "The 38 grind settings let you dial in light roasts, and the steel burrs stay sharp.",
            "It grinds 60 g in one go, with 38 settings for every roast.",
            "Steel burrs and a 60 g chamber are made for a whole morning of coffee.",
        )
    )
]


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    path = tmp_path / "outputs.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    return path


def _stress(*arguments: object) -> int:
    return main(["stress", *map(str, arguments), "--judge", "local/lexical"])


def test_the_table_says_of_each_relation_whether_it_holds(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _stress(outputs, "--relation", "slips", "--relation", "8", "--fail") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "asks no model: held to the strict limits" in shown
    assert "8 form 3 9 0 yes 0 of 9 moved" in shown
    assert re.search(r"20 slips 3 \d+ 0 yes tau-b -1.00 over 3 samples.* one kind alone, .*number -1.00 \(3\)", shown)


def test_json_and_the_file_say_the_same_and_the_same_command_goes_on(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = outputs.with_name("stress.json")
    assert _stress(outputs, "-r", "tone", "-o", out, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said == json.loads(out.read_text())
    (tone,) = said["relations"]
    assert (tone["relation"], tone["samples"], tone["variants"]) == ("tone", 3, 6)
    assert {"value", "low", "high", "n", "clusters"} <= set(tone["drifts"][0]["change"])
    assert (out.with_suffix(".runs") / "probe.verdicts.db").exists()
    assert _stress(outputs, "-r", "tone", "-o", out, "--json") == 0


def test_the_file_counts_why_samples_and_variants_were_left_out(outputs: Path) -> None:
    out = outputs.with_name("stress.json")
    assert _stress(outputs, "-r", "slips", "-r", "omission", "-o", out) == 0
    counts = [one["not_applicable"] | one["unsound"] for one in json.loads(out.read_text())["relations"]]
    assert any(counts)
    assert all(type(n) is int for of in counts for n in of.values())


def test_a_broken_relation_ends_with_1_where_that_is_asked(
    outputs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = dict(RELATIONS) | {"tone": replace(RELATIONS["tone"], exact=Limit(drift=-1.0))}
    monkeypatch.setattr(sys.modules["recjudge.human_labels.stress.stress"], "RELATIONS", strict)
    assert _stress(outputs, "-r", "tone") == 0
    assert "NO" in capsys.readouterr().out
    assert _stress(outputs, "-r", "tone", "--fail") == 1
    assert "broken: tone" in capsys.readouterr().err


def test_n_draws_that_many(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _stress(outputs, "-r", "form", "--n", "2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["samples"] == 2


def test_unknown_relations_and_unreadable_records_are_refused_by_name(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _stress(outputs, "-r", "nonsense") == 2
    assert "unknown relation 'nonsense'" in capsys.readouterr().err
    outputs.write_text('{"id": "a", "task": "explanation"}\n')
    assert _stress(outputs) == 2
    assert "outputs.jsonl:1" in capsys.readouterr().err
