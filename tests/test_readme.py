"""The README is true: every command and every snippet in it runs, and its tree lists what is there."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from recjudge.cli import main

from servers.process import wire_process

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PAGES = {"README": README, "human_labels": (ROOT / "human_labels" / "README.md").read_text()}
SERVER = "http://127.0.0.1:8000/v1"
"""Where the README's server answers; here a loopback server of the same protocols stands in its place."""


def blocks(language: str, page: str = "README") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], re.MULTILINE | re.DOTALL)


def commands(page: str = "README") -> list[tuple[str, int]]:
    """Each command with the exit code the page promises: 1 where its comment says that it is refused."""
    lines = "\n".join(blocks("sh", page)).replace("\\\n", " ").splitlines()
    told = [line.partition("  #") for line in lines if line.startswith("recjudge ")]
    return [(command.strip(), int(comment.strip().startswith("refused"))) for command, _, comment in told]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("outputs.jsonl", "labels.csv"):
        shutil.copy(ROOT / "examples" / name, tmp_path / name)
    own = shutil.ignore_patterns("*.verdicts.*")  # what somebody scored here has a run of its own
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=own)
    monkeypatch.chdir(tmp_path)
    with wire_process() as server:
        for name, value in {
            "OPENAI_API_KEY": "k-test",
            "ANTHROPIC_API_KEY": "k-test",
            "OPENAI_BASE_URL": server.url,
            "ANTHROPIC_BASE_URL": server.root,
        }.items():
            monkeypatch.setenv(name, value)
        yield server.url


def test_every_command_of_the_readme_runs(workplace: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(commands()) >= 8
    for command, code in commands():
        words = shlex.split(command.replace(SERVER, workplace))[1:]
        assert main(words) == code, f"{command}\n{capsys.readouterr().err}"


def test_what_the_page_of_the_labels_shows_runs(workplace: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "outputs.jsonl"]) == 0
    for command, code in commands("human_labels"):
        assert main(shlex.split(command)[1:]) == code, f"{command}\n{capsys.readouterr().err}"
    (snippet,) = blocks("python", "human_labels")
    exec(compile(snippet, "human_labels/README.md", "exec"), {})
    assert "too few to calibrate" in capsys.readouterr().out


def test_every_snippet_of_the_readme_runs(workplace: str) -> None:
    names: dict[str, object] = {}
    assert blocks("python")
    for block in blocks("python"):
        exec(compile(block.replace(SERVER, workplace), "README.md", "exec"), names)


def test_the_tree_lists_every_room_and_nothing_else() -> None:
    tree = next(block for block in blocks("text") if "cli.py" in block)
    named = set(re.findall(r"^([\w.-]+)/?\s", tree, re.MULTILINE)) - {"recjudge"}
    there = {
        path.name
        for path in ROOT.iterdir()
        if path.name in named or (path.is_dir() and (path / "__init__.py").exists())
    }
    assert named == there


def test_the_examples_output_is_what_the_readme_shows(workplace: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["score", "examples/outputs.jsonl"])
    told = capsys.readouterr().out
    shown = next(block for block in blocks("text") if "Grades" in block)
    for line in shown.splitlines():
        assert " ".join(line.split()) in " ".join(told.split()), line
