"""The page of performance: its goals, the README's copy of them, and a tiny run of every client."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from recjudge.benchmarks.performance_page import PAGE, README, Figure, Goal, block, with_block

ROOT = Path(__file__).parents[1]
PAGED = "# Page\n<!-- performance -->\n| new |\n<!-- /performance -->\nmore\n"


def test_the_table_takes_the_old_ones_place_and_nothing_else() -> None:
    old = "before\n<!-- performance -->\n| old |\n<!-- /performance -->\nafter\n"
    assert with_block(old, PAGED) == "before\n<!-- performance -->\n| new |\n<!-- /performance -->\nafter\n"


def test_a_readme_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="substring"):
        with_block("no marks", PAGED)


@pytest.mark.skipif("<!-- performance -->" not in README.read_text(), reason="the README shows no table of goals yet")
def test_the_readme_shows_the_pages_table() -> None:
    assert block(README.read_text()) == block(PAGE.read_text())


def test_a_goal_is_met_by_the_median_and_missed_in_bold() -> None:
    met = Goal("wall", 1.15, None, Figure((1.1, 1.2, 1.05))).row()
    assert met == "| wall | ≤ 1.15 | 1.1 [1.05, 1.2] | 3 | met |"
    assert "**missed**" in Goal("calls a second", None, 1600, Figure((1500.0, 1700.0, 1599.0))).row()


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert Goal("peers", None, 8, Figure(())).row() == "| peers | ≥ 8 | not measured | 0 | — |"


@pytest.mark.slow
def test_every_client_of_our_own_runs_and_sends_each_call_once() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "performance.py"), "--quick"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "all paths and scenarios | ≤ 1 | 1 [1, 1] | 4 | met |" in ended.stdout
