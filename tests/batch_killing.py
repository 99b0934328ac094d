"""Runs the engine batch in children that kill themselves at their n-th event, forked from one warm process.

An event is each side of a COMMIT, of a call to the batch API, and of a file getting its name. One JSON order a line:
{"source": …, "out": …, "name": "openai/m", "url": …, "kill_at": 17, "told": …}; answered as `killing` answers.
"""

import sqlite3
import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from killing import FATE, Connection, name_with_events, serve


def with_events(ask: Any) -> Any:
    async def asked(*given: Any, **more: Any) -> Any:
        FATE.event()
        said = await ask(*given, **more)
        FATE.event()
        return said

    return asked


def trial(order: dict[str, Any]) -> None:
    """One run, from its start to its end or its killing."""
    from recjudge import load_judge

    from batch_world import in_batches, steps

    FATE.kill_at = order["kill_at"]
    judge = load_judge(order["name"], rubrics=[steps()], base_url=order["url"], api_key="sk-batch-secret-123")
    in_batches(Path(order["source"]), judge, Path(order["out"]))
    Path(order["told"]).write_text(str(FATE.seen))


if __name__ == "__main__":
    sqlite3.connect = partial(sqlite3.connect, factory=Connection)  # type: ignore[assignment]  # before recjudge takes it
    Path.replace = name_with_events  # type: ignore[assignment, method-assign]
    import anthropic  # noqa: F401 - warm
    import openai  # noqa: F401
    from recjudge.judge.batches.anthropic_service import AnthropicBatches
    from recjudge.judge.batches.openai_service import OpenAIBatches

    for kind in (AnthropicBatches, OpenAIBatches):
        kind._ask = with_events(kind._ask)  # type: ignore[method-assign]
    serve(trial)
