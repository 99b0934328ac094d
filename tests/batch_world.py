"""Samples of several steps, a service that is none too careful, and runs of the engine batch on both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recjudge import Options, Scored, load_judge, score
from recjudge.judge import Batching
from recjudge.rubrics import Rubric

from makers import dimension, rubric
from servers.batch import BatchService, Mischief

KEY = "sk-batch-secret-123"
NAMES = ("openai/m", "anthropic/m")
CARELESS = Mischief(drop=0.08, twice=0.1, second=0.08, expire=0.08, error=0.08, unknown=2, broken=1)
CLAIMS = {"kind": "claims", "fields": ("source",)}
LOOK = {"kind": "look", "tools": ("search_history",), "turns": 3}


def steps() -> Rubric:
    """A call, claims that are split and then verified, look-ups, and a reviewer at the end: up to five waves."""
    return rubric(
        dimension("relevance"), dimension("factuality", CLAIMS), dimension("reasonableness", LOOK), rule="reviewer"
    )


def rows(n: int) -> list[dict[str, Any]]:
    context = {"source": "a fact", "history": ["boots"]}
    return [{"id": f"s{at}", "task": "text", "output": f"Text {at}", "context": context} for at in range(n)]


def written(folder: Path, n: int) -> Path:
    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows(n)))
    return path


def judge_at(service: BatchService, name: str, *rubrics: Rubric) -> Any:
    return load_judge(name, rubrics=rubrics or (steps(),), base_url=service.base_url(name), api_key=KEY)


def in_batches(
    source: Any, judge: Any, out: Path | None = None, *, wait: bool = True, poll: float = 0.002, **more: Any
) -> Scored:
    options = Options(engine="batch", batches=more.pop("batches", Batching(poll, wait)), **more)
    return score(source, judge, out=out, options=options)
