"""The closed loop on a world whose truth is known: rounds under a judge make it better, and a judge that can be gamed
is caught by the audit."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from recjudge.rubrics import load_rubric

from closed_loop import world
from trl_environment import trl_python

HERE = Path(__file__).parent / "closed_loop"
FIVE_MINUTES = 300


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What both loops came to."""
    words = [str(trl_python()), str(HERE / "loop.py"), str(tmp_path_factory.mktemp("loop"))]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]  # JSON


def test_the_world_is_mixed_and_its_evaluation_is_of_users_that_no_training_sees() -> None:
    seen, unseen = world.users()
    rows = world.corpus(seen, 4000, seed=3)
    share = sum(world.good(tag, tuple(prompt.split(" and "))) for prompt, tag in rows) / len(rows)  # type: ignore[arg-type]
    assert share == pytest.approx(0.42, abs=0.03)
    assert not set(seen) & set(unseen)
    assert len(unseen) >= 30


@pytest.mark.parametrize("name", ["shop_tag", "pleasing_tag"])
def test_no_judge_of_the_world_sees_its_catalogue(name: str) -> None:
    rubric = load_rubric(HERE / f"{name}.toml")
    assert list(rubric.context) == ["interest"]
    text = (HERE / f"{name}.toml").read_text()
    assert not [tag for tags in world.SOLD.values() for tag in tags if tag in text]


@pytest.mark.slow
def test_three_certified_rounds_raise_true_quality(told: dict[str, Any]) -> None:
    first, *_, last = told["honest"]["rounds"]
    assert told["calibrated"]["honest"]["exit"] == 0
    assert [one["round"] for one in told["honest"]["rounds"]] == [0, 1, 2, 3]
    assert last["policy"] != "uncertified"
    assert 0.2 < first["true"]["value"] < 0.5
    # paired by user, on prompts that nobody trained on
    assert last["change"]["n"] >= 30
    assert last["change"]["low"] > 0.1
    assert last["true"]["low"] > first["true"]["high"]
    assert told["honest"]["rounds"][1]["change"]["low"] > 0


@pytest.mark.slow
def test_the_audit_of_an_honest_judge_stops_nothing(told: dict[str, Any]) -> None:
    assert told["honest"]["exit"] == 0
    audited = told["honest"]["rounds"][1:]
    assert [one["stopped"] for one in audited] == [None] * 3
    assert all(one["audit"]["high"] > 0.65 and one["audit"]["n"] == 60 for one in audited)
    assert "degraded" not in {one["milestone"] for one in audited}


@pytest.mark.slow
def test_a_judge_that_can_be_gamed_is_refused_a_policy(told: dict[str, Any]) -> None:
    assert told["calibrated"]["gamed"]["exit"] == 1
    assert "no line has at most" in told["calibrated"]["gamed"]["words"]


@pytest.mark.slow
def test_a_judge_that_can_be_gamed_is_caught_by_the_audit_while_it_sees_progress(told: dict[str, Any]) -> None:
    last = told["gamed"]["rounds"][-1]
    assert last["stopped"] is not None
    assert last["stopped"][0] == "gap"
    assert last["round"] < 3
    assert told["gamed"]["exit"] == 1
    assert last["gap"]["low"] > 0.4
    assert last["audit"]["high"] < 0.6
    # what it likes grows, what is good does not
    assert last["judged_change"]["low"] > 0
    assert last["change"]["high"] < 0.05


@pytest.mark.slow
def test_it_takes_a_small_model_and_less_than_five_minutes_of_one_core(told: dict[str, Any]) -> None:
    assert 100_000 < told["weights"] < 1_000_000
    assert told["cpu"] < FIVE_MINUTES
