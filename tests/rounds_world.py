"""A small world for rounds: a generator and a trainer that are scripts of a few lines, and a judge that reads words.

A model is a folder with `skill.json`: `skill`, the chance of a text that people pass; `trick`, that of one that
only the judge passes; `words`, how many different texts there are; `skips`, the category that it always fails.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from recjudge.judge import Judge, Prompt, Scripted
from recjudge.training.rounds import Round, RoundConfig, parse_config, run_rounds

import makers

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

GENERATE = """
import json, random, sys
from pathlib import Path
model, log = sys.argv[1:3]
own = json.loads((Path(model) / "skill.json").read_text())
Path(log).open("a").write("generate\\n")
for line in sys.stdin:
    row = json.loads(line)
    for number in range(row["k"]):
        draw = random.Random(f"{row['seed']}/{row['id']}/{number}")
        said = draw.random()
        word = "right" if said < own["skill"] else "trick" if said < own["skill"] + own["trick"] else "wrong"
        if row["context"]["category"] == own["skips"]:
            word = "wrong"
        print(json.dumps({"id": row["id"], "output": f"A {word} text, {draw.randrange(own['words'])} of its kind."}))
"""
TRAIN = """
import json, sys
from pathlib import Path
model, data, out, log, change = sys.argv[1:6]
Path(log).open("a").write("train\\n")
own = json.loads((Path(model) / "skill.json").read_text())
rows = sum(1 for line in open(data))
(Path(out) / "skill.json").write_text(json.dumps(own | {"rows": rows} | json.loads(change)))
"""
LABEL = """
import json, sys
audit, labels = sys.argv[1:3]
with open(labels, "w") as file:
    file.write("sample,dimension,annotator,label\\n")
    for line in open(audit):
        row = json.loads(line)
        word = "Superior" if "right" in row["output"] else "Bad"
        file.write(f"{row['id']},grade,ann,{word}\\n")
"""


def made(folder: Path, *, change: Mapping[str, Any] = {}, count: int = 12, **sections: Any) -> RoundConfig:
    """A config in a folder of its own, with its scripts, prompts and starting model; `change` is what training does."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("generate.py", GENERATE), ("train.py", TRAIN), ("label.py", LABEL)):
        (folder / name).write_text(text)
    start = {"skill": 0.5, "trick": 0.0, "words": 100_000, "skips": ""}
    (folder / "start").mkdir(exist_ok=True)
    (folder / "start" / "skill.json").write_text(json.dumps(start | sections.pop("start", {})))
    for name, n in (("train", count), ("evaluation", count)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows(name, n)))
    log = str(folder / "log")
    given: dict[str, Any] = {
        "round": {"folder": "rounds", "rounds": 2},
        "prompts": {"train": "train.jsonl", "evaluation": "evaluation.jsonl", "samples": 4, "evaluation_samples": 2},
        "generator": {
            "kind": "command",
            "model": "start",
            "command": ["{python}", "-IS", "{here}/generate.py", "{model}", log],
        },
        "policy": {"uncertified": True},
        "trainer": {
            "kind": "command",
            "command": [
                "{python}",
                "-IS",
                "{here}/train.py",
                "{model}",
                "{data}",
                "{out}",
                log,
                json.dumps(dict(change)),
            ],
        },
    }
    for name, own in sections.items():
        given[name] = {**given.get(name, {}), **own}
    return parse_config(given, str(folder / "round.toml"))


def rows(name: str, n: int) -> list[dict[str, Any]]:
    """Prompts of two categories."""
    return [
        {"id": f"{name[0]}{i}", "task": "text", "prompt": f"Write of {name} {i}.", "context": {"category": "ab"[i % 2]}}
        for i in range(n)
    ]


def labelled(**more: Any) -> dict[str, Any]:
    """An audit whose labels a script makes: people pass what is right."""
    command = ["{python}", "-IS", "{here}/label.py", "{audit}", "{labels}"]
    return {"n": 10, "labels": "labels/{round}.csv", "command": command, **more}


def judge(passes: Sequence[str] = ("right", "trick")) -> Judge:
    """Passes the texts that hold one of these words."""

    def say(prompt: Prompt) -> dict[str, Any]:
        # the text is fenced as data in the question or what stands before it
        good = any(f"A {word} text" in str(prompt) for word in passes)
        return makers.said("good" if good else "bad", code="none" if good else "wrong")

    return Judge.of(Scripted(say), makers.rubric())


def clock(start: datetime = NOW) -> Callable[[], datetime]:
    """One second later at every look."""
    ticks = iter(range(1_000_000))
    return lambda: start + timedelta(seconds=next(ticks))


def run(config: RoundConfig, **more: Any) -> tuple[Round, ...]:
    """Run with the judge that reads words."""
    return run_rounds(config, **{"judge": judge(), "clock": clock(), **more})


def calls(config: RoundConfig) -> list[str]:
    """What was started, in order."""
    return (Path(config.place).parent / "log").read_text().split()


if __name__ == "__main__":
    # python rounds_world.py FOLDER: one run, for tests that kill it
    run(made(Path(sys.argv[1]), change={"skill": 0.9}, audit=labelled()))
