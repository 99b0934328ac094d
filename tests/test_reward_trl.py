"""The judge as a reward in a real GRPO step."""

from __future__ import annotations

import json
import math
import subprocess
import sysconfig
from pathlib import Path

import pytest

from trl_environment import trl_python

SCRIPT = Path(__file__).parent / "grpo_step.py"


@pytest.mark.slow
def test_a_grpo_step_learns_from_the_judge_and_leaves_out_what_it_has_no_word_on(tmp_path: Path) -> None:
    words = [str(trl_python()), str(SCRIPT), str(tmp_path), sysconfig.get_path("purelib")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["steps"] == 1
    assert math.isfinite(told["loss"])
    assert set(told["heard"]) == {"all", "some"}
    for name, rewards in told["heard"].items():
        known = [reward for reward in rewards if reward is not None]
        assert told["logged"][f"rewards/{name}/mean"] == pytest.approx(sum(known) / len(known), abs=1e-6)
        assert told["logged"][f"{name}/unjudged"] == 1 - len(known) / len(rewards)
    assert None in told["heard"]["some"]
