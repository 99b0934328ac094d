"""Exported rows under TRL's real trainers: each format is loaded and one step is taken, on the examples that ship."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main

from trl_environment import ROOT, trl_python

pytestmark = pytest.mark.slow
JOBS = {
    "SFT": [("sft", "jsonl"), ("sft", "plain"), ("sft", "parquet"), ("prompt-completion", "jsonl")],
    "DPO": [("dpo", "jsonl"), ("dpo", "plain"), ("dpo", "datasets")],
    "KTO": [("kto", "jsonl"), ("kto", "plain"), ("kto", "parquet")],
    "Reward": [("dpo", "jsonl"), ("dpo", "plain")],
    "": [
        *[("listwise", "jsonl"), ("listwise", "datasets"), ("reward", "jsonl"), ("reward", "parquet")],
        ("grpo", "jsonl"),
    ],
}


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What each trainer made of each file."""
    python = trl_python()
    folder = tmp_path_factory.mktemp("trl")
    shutil.copy(ROOT / "examples" / "outputs.jsonl", folder)
    assert main(["score", str(folder / "outputs.jsonl"), "--json"]) == 0
    jobs = [(trainer, *of) for trainer, files in JOBS.items() for of in files]
    asked = [[trainer, _written(folder, format, how)] for trainer, format, how in jobs]
    script = Path(__file__).parent / "trl_steps.py"
    done = subprocess.run(
        [str(python), str(script), str(folder), json.dumps(asked)], capture_output=True, text=True, check=False,
        timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(jobs, json.loads(done.stdout.splitlines()[-1]), strict=True))


def test_every_format_carries_a_step_of_its_trainer(learnt: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    steps = {job: one for job, one in learnt.items() if job[0]}
    assert all(one["steps"] == 1 and math.isfinite(one["loss"]) and one["loss"] > 0 for one in steps.values())
    assert all(one["rows"] > 10 for one in learnt.values())


def test_before_it_learns_a_model_prefers_nothing(learnt: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    # DPO (Rafailov et al. 2023): -log sigmoid(0) where model and reference are one
    assert learnt["DPO", "dpo", "jsonl"]["loss"] == pytest.approx(math.log(2), abs=1e-3)


def test_the_reward_trainer_takes_the_margin(learnt: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    # -log sigmoid(r_chosen - r_rejected - margin): a random model's rewards are near 0, so the margin alone lifts it
    assert learnt["Reward", "dpo", "jsonl"]["loss"] > math.log(2) + 0.05


def test_listwise_and_reward_rows_are_loaded(learnt: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    assert {"context", "S", "A", "B"} <= set(learnt["", "listwise", "jsonl"]["columns"])
    assert {"prompt", "completion", "reward"} <= set(learnt["", "reward", "parquet"]["columns"])


def _written(folder: Path, format: str, how: str) -> str:
    out = folder / (f"{format}-{how}" + {"parquet": ".parquet", "datasets": ""}.get(how, ".jsonl"))
    to, plain = ("jsonl", ["--plain"]) if how == "plain" else (how, [])
    vouched = ["--uncertified"] if format in ("sft", "prompt-completion") else []
    asked = ["export", str(folder / "outputs.verdicts.jsonl"), "-f", format, "--to", to, "-o", str(out), "--json"]
    assert main([*asked, *plain, *vouched]) == 0
    return str(out)
