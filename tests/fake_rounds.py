"""Rounds of self-training made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from recjudge.training import write_filtered
from recjudge.training.rounds import Figure, Round

import filtered as made

POLICY = "5a1f" * 16


def share(value: float, n: int = 200, half: float = 0.05, clusters: int | None = None) -> Figure:
    return Figure(value, max(0.0, value - half), min(1.0, value + half), n, clusters)


def one(number: int, folder: Path, **more: Any) -> Round:
    """A round in which everything is a little better than in the one before."""
    at = 0.42 + 0.07 * number
    trained = number > 0
    own = Round(
        number=number,
        folder=folder / f"round-{number:03}",
        model=f"round-{number:03}/model",
        model_in=f"round-{max(0, number - 1):03}/model",
        judge="local",
        policy=POLICY,
        prompts=120 if trained else 0,
        generated=480 if trained else 0,
        grades={"Superior": 40 + 20 * number, "Average": 300, "Bad": 140 - 20 * number, "unjudged: timeout": number},
        quality=share(at, clusters=50),
        passing=share(at + 0.2, clusters=50),
        change=Figure(0.07 * number, 0.07 * number - 0.03, 0.07 * number + 0.03, 50) if trained else None,
        diversity={
            "distinct_2": Figure(0.81 - 0.04 * number, None, None, 200),
            "rouge_diversity": share(0.9 - 0.02 * number, half=0.01),
        },
        accepted=share(0.3 + 0.05 * number, 480, clusters=120) if trained else Figure(None),
        yields={
            "category": {
                name: share(0.2 + 0.1 * k + 0.04 * number, 160, 0.08)
                for k, name in enumerate(("shoes", "books", "tea"))
            },
            "task": {"text": share(0.3, 480)},
        }
        if trained
        else {},
        kept=120 + 20 * number if trained else 0,
        bad_expected=4.2 if trained else None,
        bad_bound=14 if trained else None,
        audit=share(0.94 - 0.02 * number, 50, 0.07) if trained else None,
        gap=Figure(0.02 * number, 0.02 * number - 0.06, 0.02 * number + 0.06, 50) if trained else None,
        milestone="ok" if trained else None,
        milestone_reason="precision .94 of 50 fresh labels" if trained else "",
        seconds={"generate": 3.2, "judge": 1.5, "train": 20.0},
    )
    return replace(own, **more)


def several(n: int = 4, folder: Path = Path("nowhere"), **last: Any) -> list[Round]:
    """Round 0 to n - 1; `last` is of the last one."""
    found = [one(number, folder) for number in range(n)]
    return [*found[:-1], replace(found[-1], **last)]


def on_disk(folder: Path, n: int = 4) -> list[Round]:
    """With their certificates, of a precision of .9, and manifests."""
    rounds = several(n, folder)
    for of in rounds:
        of.folder.mkdir(parents=True)
        files = {"outputs.jsonl": "ab" * 32, "filtered/kept.jsonl": "cd" * 32}
        steps = {"generate": {"files": files, "facts": {}}}
        (of.folder / "manifest.json").write_text(json.dumps({"steps": steps}))
        if of.number:
            write_filtered(made.filtered(made.many(30), audit=5), of.folder / "filtered")
    return rounds
