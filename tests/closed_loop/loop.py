"""Run in an environment with TRL: rounds under an honest judge and under one that can be gamed, against the truth.

`python loop.py FOLDER [SEED]`: all is written there; prints JSON: true quality, audit and stop of every round.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import oracle
import start
import world
from recjudge.cli import main
from recjudge.human_labels import interval, mean_of
from recjudge.rubrics import load_rubric
from recjudge.training.rounds import GeneratorSettings, Round, generator_of, read_rounds

HERE = Path(__file__).parent
ROUNDS, SAMPLES, EVALUATIONS, PRECISION = 3, 8, 10, 0.65
CONFIG = """
[round]
folder = "{name}"
rounds = {rounds}
seed = {seed}
[prompts]
train = "train.jsonl"
evaluation = "evaluation.jsonl"
samples = {samples}
evaluation_samples = {evaluations}
[generator]
kind = "transformers"
model = "start"
name = "tagger"
max_tokens = 14
batch_size = 128
device = "cpu"
[judge]
name = "local/lexical"
rubrics = ["{rubric}"]
[policy]
{policy}
[trainer]
kind = "sft"
conversational = false
learning_rate = 1e-3
epochs = 2.0
batch_size = 32
cpu = true
[audit]
labels = "labels-{name}-{{round}}.csv"
command = ["{{python}}", "{oracle}", "{{audit}}", "{{labels}}", "{{round}}"]
n = {audit}
[stop]
gap = {{ most = 0.4 }}
"""
LOOPS = {
    "honest": {"rubric": "shop_tag.toml", "policy": 'file = "policy.json"', "audit": 60},
    "gamed": {"rubric": "pleasing_tag.toml", "policy": "uncertified = true", "audit": 20},
}


def closed_loop(folder: Path, seed: int = 0) -> dict[str, Any]:
    """Both loops; `cpu` is in seconds, with nothing of the machine's other work in it."""
    import torch

    torch.set_num_threads(1)
    began = time.perf_counter()
    told: dict[str, Any] = {"weights": prepared(folder, seed), "calibrated": certified(folder)}
    told["seconds"] = time.perf_counter() - began
    for name, of in LOOPS.items():
        began = time.perf_counter()
        path = folder / f"{name}.toml"
        path.write_text(
            CONFIG.format(
                name=name, seed=seed, rounds=ROUNDS, samples=SAMPLES, evaluations=EVALUATIONS,
                oracle=HERE / "oracle.py", rubric=HERE / of["rubric"], policy=of["policy"], audit=of["audit"],
            )
        )  # fmt: skip
        code, _ = _said("round", str(path))
        told[name] = {"exit": code, **outcome(folder / name)} | {"seconds": time.perf_counter() - began}
    return told | {"cpu": time.process_time()}


def prepared(folder: Path, seed: int) -> int:
    """The start model, the prompts of three kinds of users, and a labelled sample of what that model writes."""
    folder.mkdir(parents=True, exist_ok=True)
    seen, unseen = world.users()
    weights = start.start_model(folder / "start", seen, seed=seed)
    people = {"train": seen * 2, "evaluation": unseen, "labelled": seen * 7}
    rows = {kind: [world.prompt_row(n, pair, kind) for n, pair in enumerate(of)] for kind, of in people.items()}
    for kind, of in rows.items():
        (folder / f"{kind}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in of))
    settings = GeneratorSettings(kind="transformers", name="tagger", max_tokens=14, batch_size=128, device="cpu")
    rubrics = {"shop_tag": load_rubric(HERE / "shop_tag.toml")}
    made = generator_of(settings, str(folder / "start"), rubrics=rubrics).generate(rows["labelled"], k=1, seed=seed)
    (folder / "round0.jsonl").write_text("".join(json.dumps(record) + "\n" for record in made))
    oracle.label(folder / "round0.jsonl", folder / "labels.csv")
    return weights


def certified(folder: Path) -> dict[str, Any]:
    """What `calibrate` makes of either judge on the labelled sample: exit code and its last words."""
    told = {}
    for name, of in LOOPS.items():
        rubric, verdicts = str(HERE / of["rubric"]), str(folder / f"{name}.verdicts.jsonl")
        _said("score", str(folder / "round0.jsonl"), "--judge", "local/lexical", "--rubric", rubric, "--out", verdicts)
        policy = folder / ("policy.json" if name == "honest" else "gamed-policy.json")
        code, words = _said(
            "calibrate", verdicts, "-l", str(folder / "labels.csv"), "--rubric", rubric, "--precision", str(PRECISION),
            "-o", str(policy), "--all-labels",
        )  # fmt: skip
        told[name] = {"exit": code, "words": " ".join(words.split())[-600:]}
    return told


def outcome(folder: Path) -> dict[str, Any]:
    """True quality of every round, its change since round 0 by user, and what the rounds say of themselves."""
    rounds = read_rounds(folder)
    shares = [true_shares(folder.parent / "evaluation.jsonl", one) for one in rounds]
    changes = [[now - then for now, then in zip(of, shares[0], strict=True)] for of in shares]
    return {
        "rounds": [
            {
                "round": one.number,
                "true": _with_interval(share),
                "change": _with_interval(change) if one.number else None,
                "judged": _figure(one.quality),
                "judged_change": _figure(one.change),
                "passing": _figure(one.passing),
                "policy": one.policy,
                "accepted": _figure(one.accepted),
                "kept": one.kept,
                "audit": _figure(one.audit),
                "gap": _figure(one.gap),
                "milestone": one.milestone,
                "distinct": _figure(one.diversity.get("distinct_outputs")),
                "stopped": [one.stopped.rule, one.stopped.words] if one.stopped else None,
                "notes": list(one.notes),
            }
            for one, share, change in zip(rounds, shares, changes, strict=True)
        ]
    }


def true_shares(prompts: Path, one: Round) -> list[float]:
    """Of each evaluation user the share of good tags; what was not written is not good."""
    users = [json.loads(line)["id"] for line in prompts.read_text().splitlines()]
    found = dict.fromkeys(users, 0)
    for line in (one.folder / "evaluation.jsonl").read_text().splitlines():
        row = json.loads(line)
        found[row["group"]] += oracle.is_good(row)
    return [count / EVALUATIONS for count in found.values()]


def _with_interval(values: list[float]) -> dict[str, Any]:
    import numpy as np

    found = interval(mean_of(np.array(values)))
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.n, "method": found.method}


def _figure(one: Any) -> dict[str, Any] | None:
    return None if one is None else {"value": one.value, "low": one.low, "high": one.high, "n": one.n}


def _said(*words: str) -> tuple[int, str]:
    """A command's exit code, and what it said."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    if code not in (0, 1):
        raise RuntimeError(f"recjudge {' '.join(words)}: {code}\n{err.getvalue()[-2000:]}")
    return code, out.getvalue() + err.getvalue()


if __name__ == "__main__":
    print(json.dumps(closed_loop(Path(sys.argv[1]), int((*sys.argv[2:], 0)[0]))))
