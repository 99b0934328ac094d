"""Judges that lean as a text says, for cascades: `p=.9 said=good` makes the first judge so sure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from recjudge.judge import Cascade, Doubting, Judge, Prompt, Reply, Scripted
from recjudge.judge.examiners import Decisions

from makers import dimension, rubric, said

RUBRIC = rubric(dimension("relevance"))


def first(name: str = "first") -> Judge:
    """As sure of `good` as the text says."""

    def answers(prompt: Prompt) -> Reply:
        sure = float(_in(prompt, r"p=([.\d]+)"))
        return Reply("", answers={"relevance": {"bad": (1 - sure) / 2, "fair": (1 - sure) / 2, "good": sure}})

    return Judge(Decisions(Scripted(answers, name=name)), {"text": RUBRIC})


def second(seen: list[str] | None = None, name: str = "second") -> Judge:
    """Says what the text says that it says."""

    def answer(prompt: Prompt) -> Any:
        if seen is not None:
            seen.append(_in(prompt, r"Text (\d+)"))
        return said(_in(prompt, r"says=(\w+)"))

    return Judge.of(Scripted(answer, name=name), RUBRIC)


def cascade(below: float = 0.7, seen: list[str] | None = None) -> Cascade:
    return Cascade((Doubting(first(), below), second(seen)))


def rows(sures: Sequence[float], says: str = "fair", contexts: int = 1) -> list[dict[str, Any]]:
    return [
        {"id": f"s{n}", "task": "text", "output": f"Text {n} p={sure} says={says}",
         "context": {"source": f"source {n % contexts}"}}
        for n, sure in enumerate(sures)
    ]  # fmt: skip


def _in(prompt: Prompt, pattern: str) -> str:
    found = re.search(pattern, prompt.user)
    assert found
    return found[1]
