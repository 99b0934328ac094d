"""What the facts of a transformer Student are told in: examples, rows, settings, and how two are compared."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

WORDS = ["mesh", "sole", "trail", "light", "warm", "river", "stone", "paper", "green", "slow", "quick", "round"]
GRADES = ("Bad", "Average", "Superior")


def world(contexts: int, seed: int = 0, size: int = 6) -> Any:
    """Examples whose grade is in the text: "poor", "fair" or "fine" stands somewhere among words that mean nothing."""
    from recjudge import Sample, load_rubric
    from recjudge.training.distilling import Example, Examples

    drawn = random.Random(seed)
    rows = []
    for number in range(contexts):
        item = {"title": " ".join(drawn.choices(WORDS, k=3))}
        for place in range(size):
            level = place % 3
            words = drawn.choices(WORDS, k=drawn.randrange(2, 6))
            words.insert(drawn.randrange(len(words)), ("poor", "fair", "fine")[level])
            sample = Sample(f"{number}-{place}", "explanation", " ".join(words), {"item": item}, group=f"u{number}")
            rows.append(Example(sample, f"c{number}", f"u{number}", {"grade": float(level)}, {"grade": level}))
    return {"explanation": Examples("explanation", load_rubric("explanation"), ("grade",), tuple(rows))}


def rows_for(seed: int = 0) -> list[Any]:
    """Tokens: three contexts of unlike length, four candidates each, mixed."""
    from recjudge.judge.student import Tokens

    drawn = random.Random(seed)
    prefixes = [tuple(drawn.randrange(3, 200) for _ in range(size)) for size in (30, 5, 17)]
    rows = [
        Tokens(prefix, tuple(drawn.randrange(3, 200) for _ in range(drawn.randrange(1, 20))))
        for prefix in prefixes
        for _ in range(4)
    ]
    drawn.shuffle(rows)
    return rows


def settings(**more: Any) -> Any:
    from recjudge.training.distilling import Settings

    usual = {"epochs": 2, "batch_groups": 4, "learning_rate": 3e-3, "max_length": 512, "device": "cpu", "save_every": 3}
    return Settings(**{**usual, **more})


def weights_of(scorer: Any) -> dict[str, Any]:
    return {**scorer.network.body.state_dict(), **scorer.network.head.state_dict()}


def same(one: Any, other: Any) -> bool:
    import torch

    ours, theirs = weights_of(one), weights_of(other)
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def refusal(call: Callable[[], Any], kind: type[Exception]) -> str:
    try:
        call()
    except kind as error:
        return str(error)
    raise AssertionError("was not refused")
