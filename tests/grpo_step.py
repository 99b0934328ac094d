"""Run in an environment with TRL: one GRPO step of a tiny random model, the embedded judge its reward, CPU alone.

`python grpo_step.py FOLDER SITE`: SITE is the site-packages that have recjudge; prints JSON: what was said and logged.
"""

from __future__ import annotations

import json
import site
import sys
from pathlib import Path
from typing import Any

from trl_steps import model_in

ITEM = {"title": "Ridge GTX trail shoe", "material": "waterproof mesh"}


def step(folder: Path) -> dict[str, Any]:
    """One step with two rewards: one judges every completion, one has no word on texts of odd length."""
    import datasets
    import trl
    from recjudge import Judge, Local
    from recjudge.training import reward_function

    heard: dict[str, list[float | None]] = {}

    def rewarding(name: str, score: Any) -> Any:
        reward = reward_function(Judge(Local(None)), task="explanation", name=name, score=score)

        def told(**given: Any) -> list[float | None]:
            heard[name] = reward(**given)
            return heard[name]

        told.__name__ = name
        return told

    rewards = [
        rewarding("all", "quality"),
        rewarding("some", lambda verdict: None if len(verdict.text) % 2 else verdict.positive_share),
    ]
    row = {"prompt": [{"role": "user", "content": "Why this shoe?"}], "interest": "trail running", "item": ITEM}
    trainer = trl.GRPOTrainer(
        model=str(model_in(folder / "model")),
        reward_funcs=rewards,
        args=trl.GRPOConfig(
            output_dir=str(folder / "run"), max_steps=1, per_device_train_batch_size=8, num_generations=4,
            max_completion_length=24, use_cpu=True, bf16=False, report_to=[], save_strategy="no", logging_steps=1,
            disable_tqdm=True, gradient_checkpointing=False,
        ),
        train_dataset=datasets.Dataset.from_list([row] * 4),
    )  # fmt: skip
    done = trainer.train()
    logged = trainer.state.log_history[0]
    return {"steps": done.global_step, "loss": done.training_loss, "logged": logged, "heard": heard}


if __name__ == "__main__":
    site.addsitedir(sys.argv[2])
    print(json.dumps(step(Path(sys.argv[1]))))
