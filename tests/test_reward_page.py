"""What the page of the room shows of rewards runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
