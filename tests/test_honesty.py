"""Each dishonest path is tried through the door, and is refused or meets the words that spoil it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comparable import judged, labels_file, system, written


@pytest.fixture
def worse_but_failing(tmp_path: Path) -> list[str]:
    """A passes .601; B passes .549, and 30 % of its bad answers broke the parser."""
    a = written(tmp_path / "a.jsonl", system("A", "A" * 601 + "B" * 399))
    b = written(tmp_path / "b.jsonl", system("B", "A" * 538 + "B" * 316 + "-" * 146))
    return [a, b]


def test_s1_failed_parses_cannot_be_dropped_to_win(run: Any, worse_but_failing: list[str]) -> None:
    code, out, _ = run("compare", *worse_but_failing)
    assert code == 0
    assert "B .630" in out
    assert "not decided" in out
    assert "would pass .601 and B .538 to .684" in out
    assert "B is ahead" not in out
    assert "146 of 1000 samples of B are unjudged (15%)" in out
    assert "failure rates differ between the systems" in out


def test_s1_nor_counted_as_zero(run: Any, worse_but_failing: list[str]) -> None:
    found = json.loads(run("compare", *worse_but_failing, "--json")[1])["sections"][0]["passed"]
    assert found["b"]["interval"]["n"] == 854
    assert found["b"]["interval"]["value"] == pytest.approx(0.62998, abs=1e-5)
    assert found["b"]["bounds"] == pytest.approx([0.538, 0.684])
    assert found["bounds"] == pytest.approx([-0.083, 0.063])
    assert found["outcome"] == "not decided"


def test_s1_a_judge_cannot_win_by_failing_on_what_is_hard(run: Any, tmp_path: Path) -> None:
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "A" for n in range(100)})
    a = written(tmp_path / "a.jsonl", judged("A" * 80 + "B" * 20, "model/a"))
    b = written(tmp_path / "b.jsonl", judged("A" * 75 + "-" * 25, "model/b"))
    out = run("compare", a, b, "--labels", labels)[1]
    assert "model/b on .750 to 1.000" in out
    assert "not decided" in out
    assert "is ahead" not in out


def test_s2_nothing_judged_is_not_measured_never_zero_or_one(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("A", "A" * 30))
    b = written(tmp_path / "b.jsonl", system("B", "-" * 30))
    code, out, _ = run("compare", a, b)
    assert code == 0
    assert "no verdict of B has a grade" in out
    assert "is ahead" not in out
    found = json.loads(run("compare", a, b, "--json")[1])["sections"][0]
    assert found["passed"]["b"]["interval"]["value"] is None
    assert found["passed"]["delta"]["value"] is None
    assert {share["interval"]["value"] for share in found["b"]["shares"].values()} == {None}


def test_s2_agreement_with_an_all_failing_judge_is_no_number(run: Any, tmp_path: Path) -> None:
    verdicts = written(tmp_path / "v.jsonl", judged("-" * 40))
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "AB"[n % 2] for n in range(40)})
    code, out, _ = run("agree", verdicts, "--labels", labels)
    assert code == 0
    assert "40 parse_failed" in out
    assert "coverage 0%" in out


def test_s5_a_judge_that_passes_everything_is_shown_to_see_nothing(run: Any, tmp_path: Path) -> None:
    """Accuracy .950 and F1 .974 stand beside the prevalence, a specificity of 0 and a kappa of 0."""
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "A" if n < 95 else "B" for n in range(100)})
    a = written(tmp_path / "a.jsonl", judged("A" * 100, "model/a"))
    b = written(tmp_path / "b.jsonl", judged("A" * 93 + "BB" + "B" * 5, "model/b"))
    out = run("compare", a, b, "--labels", labels)[1]
    assert "people pass .950" in out
    for row in ("F1, positive class: pass .974", "specificity: rejects what people reject .000", "AC1"):
        assert row in out
    found = json.loads(run("compare", a, b, "--labels", labels, "--json")[1])["sections"][0]["people"][0]
    assert {one["name"]: one["a"]["value"] for one in found["figures"]}["kappa"] == 0.0


def test_s5_agreement_that_prevalence_makes_is_called_a_paradox(run: Any, tmp_path: Path) -> None:
    verdicts = written(tmp_path / "v.jsonl", judged("A" * 100))
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "A" if n < 95 else "B" for n in range(100)})
    out = run("agree", verdicts, "--labels", labels)[1]
    assert "Do not act on it" in out
    assert "Paradox" in out


def test_s9_grades_are_never_averaged(run: Any, tmp_path: Path) -> None:
    """A mean would order these two by how Average is coded: 1.2 against 1 as 0, 1, 2; 1.2 against 1.5 as 0, 1.5, 2."""
    a = written(tmp_path / "a.jsonl", system("A", "B" * 40 + "S" * 60))
    b = written(tmp_path / "b.jsonl", system("B", "A" * 100))
    out = run("compare", a, b)[1]
    assert "no mean is taken" in out
    assert "median Superior Average" in out
    assert "60 = .600" in out
    found = json.loads(run("compare", a, b, "--json")[1])
    assert not [key for key in _keys(found) if "mean" in key or "average_" in key]


def test_s10_a_comparison_found_by_looking_around_is_exploratory(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("A", "A" * 60, ["u", "v"] * 30))
    b = written(tmp_path / "b.jsonl", system("B", "A" * 30 + "B" * 30, ["u", "v"] * 30))
    found = json.loads(run("compare", a, b, "--plan", "grade", "--by", "group", "--json")[1])
    section = found["sections"][0]
    assert found["family"] == 1
    for one in (*section["dimensions"], *section["strata"]):
        assert (one["planned"], one["adjusted"], one["outcome"]) == (False, None, "no difference shown")
    out = run("compare", a, b, "--plan", "grade", "--by", "group")[1]
    assert out.count("exploratory") == 1 + len(section["dimensions"]) + len(section["strata"])


def test_s10_every_planned_comparison_pays_for_the_others(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("A", "A" * 18 + "B" * 2))
    b = written(tmp_path / "b.jsonl", system("B", "A" * 14 + "B" * 6))
    out = run("compare", a, b)[1]
    assert "p adjusted by Holm (chance of any false finding) over 2 planned comparisons" in out
    found = json.loads(run("compare", a, b, "--json")[1])["sections"][0]["passed"]
    assert found["p"] <= 0.05 < found["adjusted"]
    assert found["outcome"] == "no difference shown"


def test_s10_an_order_of_systems_that_is_chance_is_said_to_be(run: Any, tmp_path: Path) -> None:
    """Eight systems that people and the judge both pass half of the time, and agree on by luck."""
    order, users = range(8), [f"u{n}" for n in range(60)]
    steps = (7, 11, 13, 17, 19, 23, 29, 31)
    sides = [system(f"S{k}", "".join("AB"[n * steps[k] % 60 >= 26 + k] for n in range(60)), users) for k in order]
    said = {f"S{k}-{n}": "AB"[n * steps[-k] % 60 >= 26 + k] for k in order for n in range(60)}
    labels = labels_file(tmp_path / "l.jsonl", said)
    out = run("compare", written(tmp_path / "v.jsonl", *sides), "--labels", labels)[1]
    assert "tau-b 1.00" in out
    assert "The samples are too few to order these systems: drawn anew they agree less" in out


def test_s13_ties_and_refusals_stay_out_of_wins(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("A", "A" * 60 + "S" * 10 + "-" * 30))
    b = written(tmp_path / "b.jsonl", system("B", "A" * 100))
    order = json.loads(run("compare", a, b, "--json")[1])["sections"][0]["order"]
    assert order["counts"] == [10, 0, 60, 30]
    assert (order["wins"]["value"], order["ties"]["value"], order["unjudged"]) == (0.1, 0.6, 0.3)
    assert "a above b b above a tied unjudged" in run("compare", a, b)[1].replace("─", "")


def test_s14_another_snapshot_of_the_judge_needs_to_be_allowed(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("A", "AB" * 20, judge="openai/gpt-5@may"))
    b = written(tmp_path / "b.jsonl", system("B", "AA" * 20, judge="openai/gpt-5@june"))
    code, out, err = run("compare", a, b)
    assert (code, out) == (1, "")
    assert "--allow-drift" in err
    code, out, _ = run("compare", a, b, "--allow-drift")
    assert code == 0
    assert "warning: drift allowed" in out
    assert "openai/gpt-5@may" in out
    assert "openai/gpt-5@june" in out


def test_s14_another_version_of_the_rubric_too(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("A", "AB" * 20))
    b = written(tmp_path / "b.jsonl", system("B", "AA" * 20, rubric="text@0123456789ab"))
    code, _, err = run("compare", a, b)
    assert code == 1
    assert "text@0123456789ab" in err


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in _keys(each)}
    return {key for each in value for key in _keys(each)} if isinstance(value, list) else set()
