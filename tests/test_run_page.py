"""The page of a run, and the command that writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from recjudge.cli import main
from recjudge.judge import Cost, Finding, Grade, Status, Verdict
from recjudge.judge.verdicts import encode
from recjudge.reports import (
    run_page,
)

from fake_reports import report
from page_words import words


def finding(polarity: int | None = 1, reason: str = "so it is", **more: object) -> Finding:
    label = {1: "good", 0: "fair", -1: "bad", None: None}[polarity]
    status = Status.OK if polarity is not None else Status.PARSE_FAILED
    return Finding("relevance", status, label=label, polarity=polarity, reason=reason, **more)  # type: ignore[arg-type]


def verdict(number: int, grade: Grade | None = Grade.SUPERIOR, **more: object) -> Verdict:
    status = Status.OK if grade else Status.PARSE_FAILED
    polarity = {Grade.SUPERIOR: 1, Grade.AVERAGE: 0, Grade.BAD: -1, None: None}[grade]
    fields = {"findings": (finding(polarity),), "text": f"text {number}", "cost": Cost(calls=1)} | more
    return Verdict(f"s{number}", "text", "local/x", "text@1", status, grade, **fields)  # type: ignore[arg-type]


def run() -> Iterable[Verdict]:
    """Ten samples: six superior, two bad, one average, one unjudged; and a set."""
    grades = [Grade.SUPERIOR] * 6 + [Grade.BAD] * 2 + [Grade.AVERAGE, None]
    yield from (verdict(number, grade) for number, grade in enumerate(grades))
    yield verdict(99, Grade.SUPERIOR, kind="set", metrics={"spread": {"value": 0.4, "n": 3}})


def test_the_same_run_gives_the_same_bytes() -> None:
    assert run_page(run()) == run_page(run())


def test_a_run_has_its_shares_with_intervals_and_its_unjudged_apart() -> None:
    said = words(run_page(run(), source="outputs.verdicts.jsonl"))
    assert "9 of 10 samples judged: 67% [35%, 88%] are Superior, 22% [6%, 55%] are Bad" in said
    assert "unjudged, in none of the shares: 1 parse_failed" in said
    assert "Bad 2 of 9, 22% [6%, 55%]" in said
    assert ".40 [.40, .40], n 1" in said


def test_a_run_lists_its_worst_samples_first_and_says_how_many_it_left_out() -> None:
    page = run_page(run(), most=4)
    assert re.findall(r'<span class="id">(s\d+)</span> <span>text', page) == ["s6", "s7", "s9", "s8"]
    assert "the worst 4 of 10" in words(page)


def test_a_jury_shows_where_its_members_differ() -> None:
    def jury(number: int, *grades: Grade) -> Verdict:
        members = tuple(replace(verdict(number, grade), judge=f"m{k}") for k, grade in enumerate(grades))
        return replace(verdict(number, grades[0]), members=members)

    said = words(run_page([jury(1, Grade.BAD, Grade.SUPERIOR), jury(2, Grade.BAD, Grade.BAD)]))
    assert "different grades on 1 of 2 samples" in said
    assert "m1 2 2 50% [9%, 91%]" in said


def test_a_run_of_nothing_measured_does_not_say_zero() -> None:
    said = words(run_page([verdict(1, None)]))
    assert "0 of 1 sample judged: nothing was measured." in said
    assert "Bad not measured" in said


def test_a_run_with_labels_has_the_agreement_on_the_same_page() -> None:
    page = run_page(run(), agreement=report())
    assert 'href="#a1"' in page
    assert 'id="a1"' in page
    assert "How far it may be trusted is not measured" not in page
    said = words(page)
    assert said.count("the sealed labels were opened 3 times") == 1
    assert said.index("the sealed labels were opened 3 times") < said.index("Bad 2 of 9")


def test_the_command_writes_the_page_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = tmp_path / "outputs.verdicts.jsonl"
    verdicts.write_bytes(b"".join(encode(each) + b"\n" for each in run()))
    assert main(["report", str(verdicts), "--out", str(tmp_path / "pages" / "run.html")]) == 0
    assert "wrote" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["run.html"]
    assert (tmp_path / "pages" / "run.html").read_text().startswith("<!DOCTYPE html>")
    assert main(["report", str(verdicts), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["judged"] == 9


def test_the_command_with_labels_adds_the_agreement_and_says_that_nothing_is_sealed(tmp_path: Path) -> None:
    verdicts, labels = tmp_path / "outputs.verdicts.jsonl", tmp_path / "labels.csv"
    verdicts.write_bytes(b"".join(encode(each) + b"\n" for each in run()))
    rows = [f"s{n},text,grade,{who},expert,{'Bad' if n in (6, 7) else 'Superior'}" for n in range(9) for who in "ab"]
    labels.write_text("\n".join(["id,task,dimension,annotator,role,label", *rows]) + "\n")
    assert main(["report", str(verdicts), "--labels", str(labels), "--out", str(tmp_path / "run.html")]) == 0
    said = words((tmp_path / "run.html").read_text())
    assert "no labels are sealed" in said
    assert said.index("no labels are sealed") < said.index("Bad 2 of 9")
    assert "9 items · 2 raters · 18 labels" in said


def test_the_command_names_a_file_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "x.html")]) == 2
    assert "none.jsonl" in capsys.readouterr().err
    assert not (tmp_path / "x.html").exists()
