"""`recjudge round`: what it prints, how it ends, and how it is stopped."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from recjudge.cli import main
from recjudge.training.rounds import parse_config, read_config
from recjudge.training.rounds.lock import owned

import rounds_world as world
from programs import ending

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The example, one small round of it with the lexical judge."""
    shutil.copytree(EXAMPLES / "round", tmp_path / "round")
    text = (
        (EXAMPLES / "round.toml").read_text().replace("rounds = 3", "rounds = 1").replace('"local"', '"local/lexical"')
    )
    for name in ("train", "evaluation"):
        path = tmp_path / "round" / f"{name}.jsonl"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:12]))
    (tmp_path / "round.toml").write_text(re.sub(r"n = 15 ", "n = 3 ", text))
    return tmp_path / "round.toml"


def test_the_example_runs_and_shows_every_step_and_round(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["round", str(config)]) == 0
    said = capsys.readouterr().out
    assert re.search(r"round +1  judge +[\d.]+ s  Superior \d+, Average \d+, Bad \d+", said)
    assert re.search(r"^  1 +36 +0 +\d+ \[\d+, \d+\] +\d+ +unknown +\d+ \[", said, re.MULTILINE)
    assert "round-001/model-001" in said
    assert main(["round", str(config)]) == 0
    assert "judge  " not in capsys.readouterr().out


def test_fewer_rounds_than_there_are_are_told_as_the_first_ones(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["round", str(config), "--rounds", "2"]) == 0
    assert "the first" not in capsys.readouterr().out
    assert main(["round", str(config), "--rounds", "1"]) == 0
    assert "note: these are the first 1 of 2 rounds; the page shows them all" in capsys.readouterr().out


def test_json_is_the_rounds(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["round", str(config), "--json"]) == 0
    start, first = json.loads(capsys.readouterr().out)
    assert (start["number"], first["number"]) == (0, 1)
    assert first["quality"]["n"] == 24
    assert first["folder"].endswith("round-001")


def test_a_stop_is_an_exit_code_and_says_which_rule(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(config.read_text().replace("[stop]", "[stop]\nrows = 500"))
    assert main(["round", str(config)]) == 1
    said = capsys.readouterr()
    assert "no further round: stop rule rows in round 1: " in said.err
    assert "What came out of it" in said.out


def test_a_round_that_waits_for_people_says_where_the_sample_is(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(re.sub(r"command = \[.*label.py.*", "wait = true", config.read_text()))
    assert main(["round", str(config)]) == 1
    told = capsys.readouterr()
    assert "filtered/audit.jsonl (`recjudge labels export` makes the sheets)" in told.err
    assert "What was trained on" not in told.out
    page = (config.parent / "rounds" / "rounds.html").read_text()
    assert "Round 1 waits for people" in page
    assert "No rule has stopped it" not in page


def test_a_second_process_ends_with_75(config: Path) -> None:
    with owned(config.parent / "rounds"):
        assert main(["round", str(config)]) == 75


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)]
)
def test_an_interrupted_run_names_the_command_that_goes_on(config: Path, number: int, code: int) -> None:
    script = config.parent / "round" / "train.py"
    trained = script.read_text()
    # tells whose process group it is, and would never end
    script.write_text(
        f"import os, time\nopen({str(config.parent / 'here')!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    )
    os.mkfifo(config.parent / "here")
    command = [
        sys.executable,
        "-c",
        "import sys; from recjudge.cli import main; sys.exit(main())",
        "round",
        str(config),
    ]
    with ending(subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)) as run:
        child = int((config.parent / "here").read_text())
        run.send_signal(number)
        _, said = run.communicate(timeout=600)
    assert run.returncode == code
    assert f"recjudge round {config}" in said
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    script.write_text(trained)
    assert main(["round", str(config)]) == 0


WRONG = [
    ({"prompts": {"samples": "4"}}, "prompts.samples: must be a whole number, without quotes"),
    ({"round": {"round": 3}}, "round.round: is not a key known here; remove it or mend its spelling"),
    ({"policy": {"uncertified": False}}, "policy: give `file`, which `recjudge calibrate` writes, or"),
    ({"filter": {"audit": 9}}, "filter.audit: give it as [audit] n"),
    ({"filter": {"nearly": 0.9}}, "filter.nearly: is not a key known here; known: all_pass, duplicates, near"),
    ({"audit": {"wait": True}}, "audit: labels: name the label files"),
    ({"audit": {"labels": "labels.csv"}}, "audit: labels: one file a round: put {round} into the name"),
    ({"stop": {"gap": {}}}, "stop.gap: give `most`, `growth`, or both"),
    ({"stop": {"yield": [{"by": "item"}]}}, "stop.yield[1].least: is missing; add it"),
    (
        {"generator": {"kind": "openai", "command": []}, "trainer": {"kind": "sft", "command": []}},
        'generator.kind: "open',
    ),
    ({"generator": {"command": []}}, 'generator: kind "command" needs command'),
    ({"judge": {"max_cost": float("inf")}}, "judge.max_cost: inf is no number to go by; leave it out, or give one"),
    ({"round": {"seed": 1 << 70}}, "round.seed: is too large; give a smaller number"),
    ({"round": {"folder": "a\0b"}}, "round.folder: holds a NUL character; take it out"),
]


@pytest.mark.parametrize(("change", "words"), WRONG)
def test_a_mistake_in_the_config_is_named_with_its_remedy(tmp_path: Path, change: dict, words: str) -> None:
    with pytest.raises(Exception, match=re.escape(f"round.toml: {words}")) as told:
        world.made(tmp_path, **change)
    assert told.value.exit_code == 2


def test_the_page_of_the_rounds_is_true(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (EXAMPLES.parent / "training" / "rounds" / "README.md").read_text()
    (toml,), (snippet,) = (
        re.findall(rf"^```{language}\n(.*?)^```", page, re.M | re.S) for language in ("toml", "python")
    )
    assert parse_config(tomllib.loads(toml)).stop.yields[0].by == "item.category"
    names = {"Path": lambda name: config}
    exec(compile(snippet, "training/rounds/README.md", "exec"), names)
    assert capsys.readouterr().out.endswith("round-001/model-001\n")
    named = set(re.findall(r"`(\w+\.py)`", page))
    assert named == {path.name for path in (EXAMPLES.parent / "training" / "rounds").glob("*.py")} - {"__init__.py"}


def test_a_config_without_sections_lists_what_is_missing() -> None:
    with pytest.raises(Exception, match=r"prompts: is missing; add it\n.*generator: is missing"):
        parse_config({"round": {"folder": "r", "rounds": 1}})


def test_a_config_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[round")
    for name, words in (("a.toml", "not valid TOML"), ("b.toml", "cannot be read")):
        with pytest.raises(Exception, match=f"{name}: {words}"):
            read_config(tmp_path / name)
