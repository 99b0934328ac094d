"""The door: what a person types and what they read, exit codes included."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main

GOOD = {
    "id": "good",
    "task": "explanation",
    "output": "A 2 kg tent that fits your weekend hikes and keeps two people dry.",
    "context": {
        "interest": "weekend hiking",
        "item": {"title": "Ultralight two-person tent", "weight": "2 kg", "capacity": "2 persons", "waterproof": "yes"},
    },
}
BAD = GOOD | {"id": "bad", "output": "Guaranteed the best tent in the world, buy now before it is gone!!!"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, GOOD, BAD)


def written(folder: Path, *lines: Any) -> Path:
    path = folder / "outputs.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def test_score_prints_grades_reasons_and_the_files(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(file)]) == 0
    told = capsys.readouterr().out
    assert "1 = 50% [9%, 91%]" in told
    assert "a hard sell: 'buy now'" in told
    assert f"wrote {file.parent / 'outputs.verdicts.jsonl'}" in told


def test_json_is_whole_and_alone_on_standard_output(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["planned"], said["judged"], said["records"]) == (2, 2, 2)
    bad = said["tasks"]["explanation"]["grades"]["Bad"]
    assert (bad["count"], bad["n"], bad["lower_bound"], bad["upper_bound"]) == (1, 2, 0.5, 0.5)


def test_show_gives_every_finding_with_its_reason(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["score", str(file), "--json"])
    capsys.readouterr()
    assert main(["show", str(file.parent / "outputs.verdicts.jsonl"), "bad"]) == 0
    told = capsys.readouterr().out
    assert "- safety: unsafe (unproven)" in told
    assert told.count("\n  ") > 7


def test_show_takes_a_line_number_and_refuses_what_is_not_there(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["score", str(file), "--json"])
    verdicts = str(file.parent / "outputs.verdicts.jsonl")
    assert main(["show", verdicts, "1"]) == 0
    assert capsys.readouterr().out.split("}\n")[-1].startswith("good  ")
    assert main(["show", verdicts, "99"]) == 2
    assert "no verdict '99'" in capsys.readouterr().err


def test_a_terminal_is_never_sent_a_control_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = BAD | {"id": "x\u001b]52;c;aGk=\u0007", "output": "buy now \u001b[2J\u009b31m\u202e!!!"}
    main(["score", str(written(tmp_path, evil))])
    main(["show", str(tmp_path / "outputs.verdicts.jsonl"), "1"])
    told = capsys.readouterr()
    assert not [char for char in told.out + told.err if ord(char) < 32 and char != "\n"]
    assert "\u202e" not in told.out
    assert "\u009b" not in told.out


def test_gates_end_with_1_and_say_why(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(file), "--json", "--max-bad", "0.5"]) == 0
    assert main(["score", str(file), "--json", "--max-bad", "0.4"]) == 1
    assert "1 of 2 judged samples are Bad" in capsys.readouterr().err
    assert main(["score", str(file), "--json", "--max-unjudged", "0"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["score", "nosuch.jsonl"], "there is no such file"),
        (["score", "FILE", "--judge", "opnai/x"], "known: local, local/lexical, local/prior, openai/MODEL"),
        (["score", "FILE", "--mode", "both"], "known: panel, single"),
        (["score", "FILE", "--map", "output"], "OUR=YOURS"),
        (["score", "FILE", "--price", "cheap"], "INPUT,CACHED,OUTPUT"),
        (["score", "FILE", "--rubric", "nosuch.toml"], "cannot be read"),
        (["score", "FILE", "--task", "poem"], "known: "),
        (["score", "FILE", "--nope"], "No such option"),
        (["score"], "Missing argument"),
        (["rubrics", "show", "poem"], "known: explanation, intent, item_tag, text"),
    ],
)
def test_usage_errors_end_with_2_and_name_the_remedy(
    arguments: list[str], words: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file) if word == "FILE" else word for word in arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_missing_key_ends_with_3(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert main(["score", str(file), "--judge", "openai/some-model"]) == 3
    assert "OPENAI_API_KEY" in capsys.readouterr().err


def test_unreadable_lines_are_listed_by_file_line_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, GOOD, "{broken", {"id": "x", "task": "explanation"})
    assert main(["score", str(path)]) == 2
    assert "outputs.jsonl:2: " in capsys.readouterr().err
    assert main(["score", str(path), "--skip-invalid"]) == 0
    assert "Listed, not judged: 2" in capsys.readouterr().out


def test_fields_are_mapped_and_a_task_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, {"id": "a", "words": "The cat sat.", "doc": "The cat sat on the mat."})
    maps = ["--map", "output=words", "--map", "context.source=doc"]
    assert main(["score", str(path), "--task", "text", "--json", *maps]) == 0
    assert json.loads(capsys.readouterr().out)["tasks"]["text"]["planned"] == 1


def test_standard_input_is_read_and_the_verdicts_lie_in_the_current_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    assert main(["score", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["stdin.verdicts.jsonl"]


def test_plan_counts_and_pays_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--judge", "compatible/m", "--base-url", "http://127.0.0.1:9/v1", "--price", "1,0.1,2"]
    assert main(["plan", str(file), *asked, "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["samples"] == 2
    assert 0 < counted["low"]["calls"] <= counted["high"]["calls"]
    assert 0 < counted["low"]["usd"] < counted["high"]["usd"]


def test_plan_of_the_embedded_judge_is_free(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["high"]["calls"] == 0


def test_rubrics_are_listed_shown_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rubrics", "list"]) == 0
    assert "item_tag" in capsys.readouterr().out
    assert main(["rubrics", "show", "intent"]) == 0
    shown = capsys.readouterr().out
    assert "hallucination" in shown
    broken = tmp_path / "mine.toml"
    broken.write_text('name = "mine"\ntitle = "T"\nartefact = "poem"\nsubject = "a poem"\n')
    assert main(["rubrics", "check", str(broken)]) == 2
    told = capsys.readouterr().err
    assert "mine.toml: artefact:" in told
    assert "mine.toml: dimension: is missing" in told


def test_a_rubric_of_ones_own_is_data_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "headline.toml"
    mine.write_text(
        'name = "headline"\ntitle = "Headlines"\nartefact = "text"\nsubject = "a headline"\n'
        '[[dimension]]\nname = "calm"\nquestion = "Is the headline free of shouting?"\n'
        'codes = { loud = "it shouts" }\n'
        'scale = [{ label = "loud", polarity = -1, words = "It shouts." }, '
        '{ label = "calm", polarity = 1, words = "It speaks." }]\n'
        'steps = [{ kind = "check", check = "banned", with = { words = ["SHOCKING"] } }, '
        '{ kind = "measure", measure = "rules_passed", cuts = [0.3] }]\n'
    )
    assert main(["rubrics", "check", str(mine)]) == 0
    path = written(tmp_path, {"id": "a", "output": "SHOCKING tent news"}, {"id": "b", "output": "New tents in spring"})
    capsys.readouterr()
    assert main(["score", str(path), "--rubric", str(mine), "--task", "headline", "--json"]) == 0
    grades = json.loads(capsys.readouterr().out)["tasks"]["headline"]["grades"]
    assert (grades["Bad"]["count"], grades["Superior"]["count"]) == (1, 1)


def test_parquet_is_written_beside_the_lines(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(file), "--to", "parquet", "--json"]) == 0
    assert [Path(name).suffix for name in json.loads(capsys.readouterr().out)["files"]] == [".jsonl", ".parquet"]
