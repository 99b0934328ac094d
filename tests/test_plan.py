"""The plan's bounds hold against what a run really takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from recjudge import Judge, Options, Price, Scripted, plan, score
from recjudge.judge import Batching, Prompt, Reply
from recjudge.judge.plan import tokens
from recjudge.judge.providers import Usage
from recjudge.rubrics import Rubric

from makers import dimension, rubric, said

CLAIMS = {"kind": "claims", "fields": ("source",)}
LOOK = {"kind": "look", "tools": ("search_history",), "turns": 3}
ROWS = [
    {"id": f"s{n}", "task": "text", "output": f"Text {n}", "context": {"source": "a fact", "history": ["boots"]}}
    for n in range(5)
]


def whole() -> Rubric:
    return rubric(dimension("relevance"), dimension("factuality", CLAIMS), dimension("reasonableness", LOOK))


def answer(prompt: Prompt) -> Any:
    if prompt.schema_name == "claims":
        return {"claims": ["one", "two"]}
    if prompt.schema_name == "verification":
        return {"claims": [{"quote": "a fact", "verdict": "supported"}] * 2}
    if prompt.schema_name == "look":
        action = "search_history" if "nothing yet" in prompt.question else "answer"
        return said("none" if action != "answer" else "good", action=action, query="boots")
    return said("good")


def test_what_a_run_takes_lies_between_the_bounds() -> None:
    made = plan(ROWS, Judge.of(Scripted(answer), whole()), price=Price(1, 0.1, 2))
    provider = Scripted(answer)
    list(score(ROWS, Judge.of(provider, whole())))
    assert made.low.calls <= len(provider.prompts) <= made.high.calls
    assert (made.samples, made.findings) == (5, 15)
    assert made.low.usd is not None
    assert made.high.usd is not None
    assert made.low.usd < made.high.usd


def test_the_bounds_are_what_the_steps_can_do() -> None:
    made = plan(ROWS, Judge.of(Scripted(answer), whole()))
    assert made.low.calls == 5 * (1 + 1 + 1)
    assert made.high.calls == 5 * 2 * (1 + 2 + 4), "twice for the re-ask of each"
    assert made.low.usd is None


def test_the_senior_reviewer_is_in_the_upper_bound_which_a_server_can_reach() -> None:
    """The longest way: all claims supported, every look-up taken, no defect, so that the reviewer is asked."""
    from batch_world import judge_at, rows
    from servers.batch import BatchService

    with BatchService(script=longest) as service:
        judge = judge_at(service, "openai/m")
        made = plan(rows(4), judge)
        batched = plan(rows(4), judge, engine="batch")
        list(score(rows(4), judge))
        assert 2 * service.single == made.high.calls == 4 * 2 * (1 + 2 + 4 + 1), "twice for the re-ask of each"
        list(score(rows(4), judge, options=Options(engine="batch", batches=Batching(0.002))))
        assert (2 * len(service.batches), batched.high.calls) == (batched.high.waves, made.high.calls)
        assert batched.high.waves == 2 * (4 + 1), "three look-ups, the answer, the review"


def longest(body: dict[str, Any]) -> dict[str, Any]:
    words = body["messages"][-1]["content"]
    text = words if isinstance(words, str) else "".join(block["text"] for block in words)
    if "senior reviewer" in text:
        return {"reason": "r", "grade": "Superior"}
    if '"verdict"' in text:
        return {"claims": [{"quote": "a fact", "verdict": "supported"}]}
    if '"claims"' in text:
        return {"claims": ["one"]}
    if '"action"' in text:
        return said("good", action="answer" if "answer now" in text else "search_history", query="boots")
    return said("good")


def test_a_bad_label_ends_the_shortest_way_and_no_reviewer_is_asked() -> None:
    senior = rubric(dimension("relevance"), rule="reviewer")
    made = plan(ROWS[:1], Judge.of(Scripted(answer), senior))
    assert (made.low.calls, made.high.calls) == (1, 2 * 2)


def test_what_a_prefix_cache_can_save_is_in_the_plan() -> None:
    rows = [row | {"context": {"source": "a fact " * (1000 if n < 4 else 999)}} for n, row in enumerate(ROWS)]
    made = plan(rows, Judge.of(Scripted(answer), rubric(dimension("relevance"))), price=Price(10, 1, 0))
    alone = plan(rows[:1], Judge.of(Scripted(answer), rubric(dimension("relevance"))), price=Price(10, 1, 0))
    assert alone.low.tokens_shared == 0
    assert 0.5 < made.low.tokens_shared / made.low.tokens_in < 0.8, "four of five systems, three of five contexts"
    assert made.low.usd is not None
    assert made.low.usd_cached == pytest.approx(made.low.usd - 9e-6 * made.low.tokens_shared)
    several = plan(rows[:1], Judge.of(Scripted(answer), rubric(dimension("relevance"), dimension("fluency"))))
    assert several.low.tokens_shared > 100, "another dimension's prompt begins with the whole sample"
    assert several.low.usd_cached is None


def test_replies_in_the_ledger_are_counted_as_cached(tmp_path: Path) -> None:
    out = tmp_path / "o.verdicts.jsonl"
    simple = rubric(dimension("relevance"))
    score(ROWS[:3], Judge.of(Scripted(answer), simple), out=out, options=Options())
    made = plan(ROWS, Judge.of(Scripted(answer), simple), out=out)
    assert (made.low.cached, made.low.calls) == (3, 2)


def test_unreadable_records_are_in_the_plan_too(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n{broken\n")
    made = plan(path, Judge.of(Scripted(answer), rubric()))
    assert (made.samples, len(made.problems)) == (1, 1)


def test_token_bounds_hold_a_word_a_token_and_a_byte_a_token_for_chinese() -> None:
    low, high = tokens("The quick brown fox jumps over the lazy dog")
    assert low <= 9 <= high
    low, high = tokens("今天天气很好")
    assert low <= 6 <= high


def test_a_run_adds_up_what_its_replies_used() -> None:
    reply = Reply(json.dumps(said("good")), Usage(100, 40, 10))
    verdicts = list(score(ROWS[:2], Judge.of(Scripted(lambda prompt: reply), rubric(dimension("relevance")))))
    assert [(v.cost.tokens_in, v.cost.tokens_cached, v.cost.tokens_out) for v in verdicts] == [(100, 40, 10)] * 2
