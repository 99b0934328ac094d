"""recjudge compare, through the door: two files, one file with several systems, judges, labels, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from recjudge import Judge, Scripted, score
from recjudge.cli import main
from recjudge.human_labels import read_side, seal_for
from recjudge.judge import Prompt
from recjudge.judge.examiners import Single

from comparable import judged, labels_file, system, written
from makers import rubric, said


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs compare in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def go(*arguments: str) -> tuple[int, str, str]:
        code = main(["compare", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return go


def as_json(run: Any, *arguments: str) -> dict[str, Any]:
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_two_files_of_two_systems(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.verdicts.jsonl", system("route_a", "A" * 45 + "B" * 15))
    b = written(tmp_path / "b.verdicts.jsonl", system("route_b", "A" * 15 + "B" * 45))
    code, out, _ = run(a, b)
    assert code == 0
    assert "Compared: two systems, one judge" in out
    assert "route_a is ahead" in " ".join(out.split())
    assert "paired by group (60 shared)" in out
    assert "p adjusted by Holm" in out


def test_two_systems_of_one_file(run: Any, tmp_path: Path) -> None:
    rows = system("x", "AB") + system("y", "AA") + system("z", "BB")
    path = written(tmp_path / "v.jsonl", rows)
    found = as_json(run, path, "--systems", "x", "z")
    assert (found["kind"], found["a"], found["b"]) == ("systems", "x", "z")
    code, _, err = run(path)
    assert code == 2
    assert "'x', 'y', 'z'" in err
    assert "--systems A B" in err


def test_a_file_of_two_systems_needs_no_names(run: Any, tmp_path: Path) -> None:
    found = as_json(run, written(tmp_path / "v.jsonl", system("x", "AB") + system("y", "AA")))
    assert (found["a"], found["b"]) == ("x", "y")


def test_a_file_of_one_system_has_nothing_to_be_compared_with(run: Any, tmp_path: Path) -> None:
    code, _, err = run(written(tmp_path / "v.jsonl", system("x", "AB")))
    assert code == 2
    assert "give a second file" in err


def test_two_judges_with_labels(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", judged("A" * 30 + "B" * 30, "model/x"))
    b = written(tmp_path / "b.jsonl", judged("A" * 60, "model/x (single)"))
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "A" if n < 30 else "B" for n in range(60)})
    code, out, err = run(a, b, "--labels", labels)
    assert code == 0, err
    assert "two judges, the same samples" in out
    assert "model/x (single)" in out
    assert "a alone right on 30, b alone on 0: McNemar, chi-square with continuity correction" in out
    assert "F1, positive class: pass" in out
    assert "seconds a sample" in out
    assert "not recorded" in out
    assert "model/x is ahead" in out


def test_json_has_the_headline_n_intervals_and_nulls_for_what_is_not_measured(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("x", "AB" * 10))
    b = written(tmp_path / "b.jsonl", system("y", "-" * 20))
    section = as_json(run, a, b)["sections"][0]
    assert section["passed"]["b"]["interval"]["value"] is None
    assert section["passed"]["b"]["bounds"] == [0.0, 1.0]
    assert section["passed"]["outcome"] == "not decided"
    assert section["b"]["unjudged"] == {"parse_failed": 20}


def test_different_judges_are_refused_until_the_drift_is_allowed(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("x", "AB" * 10, judge="gpt@may"))
    b = written(tmp_path / "b.jsonl", system("y", "AB" * 10, judge="gpt@june"))
    code, _, err = run(a, b)
    assert code == 1
    assert "gpt@may" in err
    assert "gpt@june" in err
    code, out, _ = run(a, b, "--allow-drift")
    assert code == 0
    assert "warning: drift allowed" in out
    assert "gpt@june" in out


def test_plans_rules_and_kinds_that_do_not_exist_are_refused(run: Any, tmp_path: Path) -> None:
    path = written(tmp_path / "v.jsonl", system("x", "AB") + system("y", "AA"))
    for option, value, known in [
        ("--plan", "charm", "relevance"), ("--multiple", "none", "holm, bh, by"), ("--as", "texts", "systems, judges"),
        ("--pair-by", "luck", "id, group, item"), ("--by", "luck", "column of the label file"),
    ]:  # fmt: skip
        code, _, err = run(path, option, value)
        assert code == 2, option
        assert known in err


def test_a_dimension_outside_the_plan_is_marked_exploratory(run: Any, tmp_path: Path) -> None:
    path = written(tmp_path / "v.jsonl", system("x", "A" * 20) + system("y", "B" * 20))
    code, out, _ = run(path, "--plan", "grade")
    assert code == 0
    assert "exploratory" in next(line for line in out.splitlines() if line.strip().startswith("relevance"))
    assert "over 1 planned comparison;" in out


def test_four_systems_with_labels_are_ranked(run: Any, tmp_path: Path) -> None:
    rows, labels = [], {}
    for place, name in enumerate("pqrs"):
        rows += system(name, "A" * (5 + 4 * place) + "B" * (15 - 4 * place))
        labels |= {f"{name}-{n}": "A" if n < 6 + 3 * place else "B" for n in range(20)}
    verdicts, said = written(tmp_path / "v.jsonl", rows), labels_file(tmp_path / "l.jsonl", labels)
    code, out, err = run(verdicts, "--labels", said)
    assert code == 0, err
    assert "Kendall tau-b 1.000" in out
    assert "agreement on single samples does not imply agreement on the order of systems" in " ".join(out.split())
    assert json.loads(run(verdicts, "--labels", said, "--json")[1])[0]["places"][0]["system"] == "s"


def test_sealed_labels_stay_sealed_and_the_output_says_so(run: Any, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    a = written(tmp_path / "a.jsonl", judged("AB" * 40, "model/x"))
    b = written(tmp_path / "b.jsonl", judged("AA" * 40, "model/y"))
    path = labels_file(tmp_path / "l.jsonl", {f"s{n}": "AB"[n % 2] for n in range(80)})
    assert run(a, b, "--labels", path, "--open-test")[0] == 2
    seal_for(Path(path), now=datetime(2026, 1, 1, tzinfo=UTC))
    shut = as_json(run, a, b, "--labels", path)
    opened = as_json(run, a, b, "--labels", path, "--open-test")
    assert "calibration labels alone: optimistic, in-sample" in shut["notes"][0]
    assert "opened once" in opened["notes"][0] or "opened 1" in opened["notes"][0]
    assert shut["sections"][0]["people"][0]["n"] + opened["sections"][0]["people"][0]["n"] == 80


def test_text_from_outside_cannot_move_the_cursor(run: Any, tmp_path: Path) -> None:
    path = written(tmp_path / "v.jsonl", system("x\x1b[2J", "AB") + system("y", "AA"))
    assert "\x1b" not in run(path)[1]


def test_one_shot_against_the_panel(run: Any, tmp_path: Path) -> None:
    """The same provider asked once for all dimensions, and once for each."""

    def answer(prompt: Prompt) -> dict[str, Any]:
        if prompt.schema_name == "findings":
            return {name: said("bad") for name in ("relevance", "fluency")}
        return said("good")

    rows = [{"id": f"s{n}", "task": "text", "output": f"Sentence number {n}."} for n in range(6)]
    source = tmp_path / "outputs.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    panel = Judge.of(Scripted(answer), rubric())
    single = Judge(Single(Scripted(answer)), panel.rubrics)
    for name, judge in (("panel", panel), ("single", single)):
        score(source, judge, out=tmp_path / f"{name}.verdicts.jsonl")
    found = as_json(run, "panel.verdicts.jsonl", "single.verdicts.jsonl")
    assert found["kind"] == "judges"
    assert found["b"] == f"{found['a']} (single)"
    bills = found["sections"][0]["bills"]
    assert [bill["calls"] for bill in bills] == [12, 6]
    assert all(bill["timed"] == 6 and bill["seconds"] >= 0 for bill in bills)
    assert len(read_side(tmp_path / "single.verdicts.jsonl").seconds) == 6


def test_the_benchmark_of_one_shot_and_panel_runs_on_any_two_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from recjudge.benchmarks import one_shot_panel

    a = written(tmp_path / "a.jsonl", judged("A" * 30 + "B" * 30, "model/x"))
    b = written(tmp_path / "b.jsonl", judged("A" * 60, "model/x (single)"))
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "A" if n < 30 else "B" for n in range(60)})
    assert one_shot_panel.main([a, b, "--labels", labels]) == 0
    out = capsys.readouterr().out
    assert "| text.grade | 60 of 60 | 1.000" in out
    assert "2.00 calls, 100 tokens in and 10 out a sample, $0.001000 a sample, seconds not recorded" in out
