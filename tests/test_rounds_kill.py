"""Rounds that were killed at any naming of a file go on, do nothing again and end the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("rounds_killed.py")


@pytest.mark.parametrize("every", [29, pytest.param(1, marks=pytest.mark.slow)])
def test_a_killed_run_goes_on_and_ends_as_one_that_was_not(tmp_path: Path, every: int) -> None:
    ended = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "world"), str(every)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["events"] > 40
    assert told["wrong"] == {}
