"""What begins alike is asked side by side, wherever it stood in the input, and a real server's cache is hit by it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pytest
from recjudge.judge import Judge, Options, Sample, Scripted, connect, score, shipped
from recjudge.judge.embedded.local import Local
from recjudge.judge.providers import Usage
from recjudge.judge.running.packing import unpack
from recjudge.judge.running.prefix import Sorted, prefix_key, spool_for
from recjudge.judge.running.spool import Spool

from makers import dimension, rubric, said
from servers.llama import Llama

USERS, SYSTEMS = 60, 10
"""One system's outputs for all users after the other's: no 512 rows hold what a user has in common."""


def rows(words: int = 1) -> list[dict[str, object]]:
    return [
        {"id": f"{user}-{system}", "task": "text", "output": f"Text {system}", "context": _context(user, words)}
        for system in range(SYSTEMS)
        for user in range(USERS)
    ]


def _context(user: int, words: int) -> dict[str, object]:
    return {"source": f"user {user} likes tents " * words, "history": ["boots", f"stove {user}"], "unseen": 1}


def test_one_context_is_asked_in_one_go_however_far_apart_its_samples_stood() -> None:
    provider = Scripted(lambda prompt: said("good"))
    score(rows(), Judge.of(provider, rubric(dimension("relevance"))), options=Options(concurrency=1))
    contexts = [shared for shared, _ in groupby(prompt.shared for prompt in provider.prompts)]
    assert (len(provider.prompts), len(contexts)) == (USERS * SYSTEMS, USERS)
    assert "user 0 " in contexts[0]


def test_contexts_that_begin_alike_stand_beside_each_other(tmp_path: Path) -> None:
    made = [Sample(f"{n}", "text", "x", {"source": f"s{n % 3}", "history": [n % 2]}) for n in range(60)]
    assert [len(list(run)) for _, run in groupby(s.context["source"] for s in given_back(made, tmp_path))] == [20] * 3
    both = [(s.context["source"], s.context["history"]) for s in given_back(made, tmp_path)]
    assert [len(list(run)) for _, run in groupby(both)] == [10] * 6


def given_back(samples: Sequence[Sample], folder: Path, block: int = 1 << 18) -> Iterator[Sample]:
    with Sorted(folder, {"text": rubric()}, block) as spool:
        for sample in samples:
            spool.add(sample)
        for window in spool.windows(7):
            yield from (unpack(packed) for _, packed in window)  # type: ignore[misc]  # samples in, samples out


def test_nothing_is_lost_or_said_twice_packed_or_not_in_one_block_or_several(tmp_path: Path) -> None:
    from datetime import date

    made = [
        Sample(f"{n}", "text", "x", {"source": n % 5}, meta={"d": date(2026, 1, 1)} if n % 4 else {}) for n in range(99)
    ]
    for block in (10, 1000):
        assert sorted(given_back(made, tmp_path, block), key=lambda s: int(s.id)) == made


def test_what_a_judge_does_not_see_does_not_part_samples() -> None:
    one, other = (Sample("a", "text", "x", {"source": 1, "unseen": n}) for n in range(2))
    assert prefix_key(one, ("source",)) == prefix_key(other, ("source",))


def test_a_judge_that_asks_nobody_reads_in_input_order(tmp_path: Path) -> None:
    with spool_for(Judge(Local(None), shipped()), tmp_path) as spool:
        assert type(spool) is Spool


@pytest.mark.slow
def test_a_real_servers_prompt_cache_is_hit_in_order_and_hardly_without(llama: Llama) -> None:
    """Eight users with some 500 characters of context, six systems, a server that keeps two prompts."""
    made = [row for row in rows(words=20) if int(str(row["id"]).partition("-")[0]) < 8][:48]
    contexts = {str(row["context"]) for row in made}
    ordered, spread = _cached(llama, made, in_order=True), _cached(llama, made, in_order=False)
    assert (len(made), len(contexts)) == (48, 8)
    assert ordered > spread + 0.2, (ordered, spread)


def _cached(llama: Llama, made: list[dict[str, object]], *, in_order: bool) -> float:
    """Share of the input tokens that the server had in its cache."""
    judge = Judge.of(listening := Scripted(lambda prompt: said("good")), rubric(dimension("relevance")))
    score(made, judge, options=Options(concurrency=1))
    prompts = list(listening.prompts)
    if not in_order:
        prompts.sort(key=lambda prompt: prompt.body)  # one system's outputs after the other's, as they were read

    async def run() -> list[Usage]:
        real = connect("compatible/leaning", base_url=llama.url, api_key=llama.key, temperature=0)
        try:
            return [(await real.ask(prompt)).usage for prompt in prompts]
        finally:
            await real.close()

    used = asyncio.run(run())
    return sum(usage.tokens_cached for usage in used) / sum(usage.tokens_in for usage in used)
