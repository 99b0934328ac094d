"""Generation by a local model, and one step of each of TRL's trainers, through the settings of a round."""

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
ROW = {"task": "explanation", "context": {"interest": "trail running", "item": {"title": "Ridge GTX trail shoe"}}}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the script says of every step."""
    folder = tmp_path_factory.mktemp("round")
    shutil.copy(ROOT / "examples" / "outputs.jsonl", folder)
    assert main(["score", str(folder / "outputs.jsonl"), "--json"]) == 0
    for kind, format, vouched in (
        ("sft", "prompt-completion", ["--uncertified"]),
        ("dpo", "dpo", []),
        ("kto", "kto", []),
    ):
        asked = ["export", str(folder / "outputs.verdicts.jsonl"), "-f", format, "-o", str(folder / f"{kind}.jsonl")]
        assert main([*asked, "--json", *vouched]) == 0
    prompts = [{"id": f"p{number}", "prompt": "Why this shoe? " * number, **ROW} for number in (1, 2, 3)]
    (folder / "prompts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in prompts))
    words = [str(trl_python()), str(Path(__file__).parent / "round_steps.py"), str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    # one line: nothing below the commands prints, the trainers' own words included
    assert len(done.stdout.splitlines()) == 1
    return json.loads(done.stdout)  # type: ignore[no-any-return]  # JSON


def test_a_local_model_writes_k_records_a_prompt_and_the_same_ones_again(told: dict[str, Any]) -> None:
    written = told["written"]
    assert len(written["records"]) + len(written["failures"]) == 9
    assert written == told["again"]
    assert {record["system"] for record in written["records"]} == {"transformers/model"}
    assert len({record["output"] for record in written["records"]}) == len(written["records"]) > 3


def test_what_has_no_end_and_what_has_no_room_is_a_failure(told: dict[str, Any]) -> None:
    assert set(told["cut"]["failures"]) == {"no end within 2 tokens"}
    assert set(told["long"]["failures"]) == {"the prompt and 4096 tokens are more than the model's 4096"}
    assert told["long"]["records"] == []


@pytest.mark.parametrize("kind", ["sft", "dpo", "kto", "grpo"])
def test_each_trainer_takes_a_step_and_leaves_a_model_without_pickle(told: dict[str, Any], kind: str) -> None:
    done = told[kind]
    assert done["steps"] == 1
    assert math.isfinite(done["loss"])
    assert {"config.json", "model.safetensors", "tokenizer.json", "training.json"} <= set(done["files"])
    assert not [name for name in done["files"] if name.endswith((".bin", ".pt", ".pth", ".pkl"))]
    assert not [name for name in done["beside"] if f".{kind}-model" in name]


def test_rows_that_are_longer_than_the_trainer_takes_are_counted(told: dict[str, Any]) -> None:
    assert (told["dpo"]["cut"], told["grpo"]["cut"]) == (0, None)
    assert 0 < told["short"]["cut"] < told["short"]["rows"]
    assert told["too short"] == "trainer dpo: no row fits into max_length = 40; give a larger one"


def test_adapters_are_merged_into_the_model(told: dict[str, Any]) -> None:
    assert "model.safetensors" in told["lora"]["files"]
    assert not [name for name in told["lora"]["files"] if name.startswith("adapter")]
    assert told["lora"]["loss"] == pytest.approx(math.log(2), abs=1e-3)


def test_a_training_that_was_cut_off_goes_on_from_its_checkpoint(told: dict[str, Any]) -> None:
    assert sorted(told["cut off"]["left"]) == ["checkpoint-2", "checkpoint-3"]
    assert told["cut off"]["steps"] == 3
    assert not [name for name in told["cut off"]["beside"] if "resumed-model" in name]


def test_the_trained_model_writes_the_next_round(told: dict[str, Any]) -> None:
    assert {record["system"] for record in told["next"]["records"]} == {"transformers/sft-model"}
    assert told["next"]["records"] != told["written"]["records"]
