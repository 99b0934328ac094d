"""What the page of the room shows in Python runs as it stands there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from recjudge.cli import main

PAGE = (Path(__file__).parent.parent / "training" / "README.md").read_text()


def test_what_the_page_shows_of_rewards_runs(capsys: pytest.CaptureFixture[str]) -> None:
    section = PAGE.split("## Reward\n")[1].split("\n## ")[0]
    (snippet,) = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(snippet, "training/README.md", "exec"), names)
    good, poor, cut = names["rewards"]  # type: ignore[misc]
    assert good > poor
    assert cut is None
    assert names["told"].rewards == (good, 0.0, None)  # type: ignore[attr-defined]
    assert "'length': 0.5" in capsys.readouterr().out


def test_what_the_page_shows_of_filter_and_export_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(Path(__file__).parent.parent / "examples" / "outputs.jsonl", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["score", "outputs.jsonl", "--json"]) == 0
    names: dict[str, object] = {}
    for title in ("Filter", "Export"):
        section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
        for snippet in re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
            exec(compile(snippet, "training/README.md", "exec"), names)
    assert names["rows"]
    assert names["pairs"].rows  # type: ignore[attr-defined]
    assert (tmp_path / "dpo.parquet").stat().st_size
