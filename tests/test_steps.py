"""The steps of a language model: claims verified with quotations, look-ups before an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from recjudge.judge import Finding, Judge, Prompt, Scripted
from recjudge.judge.agent import search_history

from makers import dimension, rubric, said, sample

CLAIMS = {"kind": "claims", "fields": ("source",)}


def claims_finding(checked: list[dict[str, str]], claims: list[str] | None = None) -> Finding:
    def answer(prompt: Prompt) -> dict[str, Any]:
        if prompt.schema_name == "claims":
            return {"claims": claims if claims is not None else [f"claim {n}" for n in range(len(checked))]}
        return {"claims": checked}

    judge = Judge.of(Scripted(answer), rubric(dimension("factuality", CLAIMS)))
    context = {"source": "The tent weighs 2 kg and sleeps two."}
    return asyncio.run(judge.judge(sample(context=context))).findings[0]


def test_every_supported_claim_makes_the_best_label() -> None:
    found = claims_finding([{"quote": "weighs 2 kg", "verdict": "supported"}])
    assert (found.label, found.by, len(found.prompts)) == ("good", "claims", 2)


def test_a_quotation_that_is_not_in_the_context_supports_nothing() -> None:
    found = claims_finding([{"quote": "weighs 9 kg", "verdict": "supported"}])
    assert (found.label, found.code) == ("bad", "wrong")


def test_an_empty_quotation_supports_nothing() -> None:
    assert claims_finding([{"quote": " ", "verdict": "supported"}]).label == "bad"


def test_a_contradicted_claim_has_its_own_code() -> None:
    rows = [{"quote": "sleeps two", "verdict": "supported"}, {"quote": "weighs 2 kg", "verdict": "contradicted"}]
    found = claims_finding(rows)
    assert (found.label, found.code) == ("bad", "contradicted")
    assert "claim 1" in found.reason


def test_a_text_without_claims_is_neutral() -> None:
    assert claims_finding([], claims=[]).label == "fair"


def test_a_verification_that_misses_a_claim_is_no_verdict() -> None:
    found = claims_finding([{"quote": "weighs 2 kg", "verdict": "supported"}], claims=["one", "two"])
    assert found.label is None


def looker(*moves: dict[str, Any]) -> tuple[Finding, Scripted]:
    left = iter(moves)
    provider = Scripted(lambda prompt: next(left))
    look = {"kind": "look", "tools": ("search_history",), "turns": 2}
    history = [{"id": "e1", "text": "hiking boots", "action": "buy"}, {"id": "e2", "text": "rice cooker"}]
    judge = Judge.of(provider, rubric(dimension("reasonableness", look)))
    verdict = asyncio.run(judge.judge(sample("Loves hiking", context={"history": history})))
    return verdict.findings[0], provider


def test_a_look_up_is_shown_to_the_next_turn_and_the_answer_ends_it() -> None:
    search = said("none", action="search_history", query="hiking")
    found, provider = looker(search, said("good", action="answer", query=""))
    assert (found.label, found.by) == ("good", "look")
    assert "e1" in provider.prompts[1].question
    assert "e2" not in provider.prompts[1].question


def test_what_a_tool_shows_is_not_in_the_prompt() -> None:
    _, provider = looker(said("good", action="answer", query=""))
    assert "hiking boots" not in provider.prompts[0].user


def test_the_last_turn_allows_only_an_answer() -> None:
    search = said("none", action="search_history", query="hiking")
    _, provider = looker(search, search, said("fair", action="answer", query=""))
    assert provider.prompts[2].schema["properties"]["action"]["enum"] == ["answer"]


def test_a_search_finds_words_and_chinese_characters() -> None:
    one = sample(context={"history": ["trail running shoes", "电饭煲 4L"]})
    assert search_history(one, "running shoe").startswith("h1")
    assert search_history(one, "饭煲").startswith("h2")
    assert search_history(one, "piano") == "no event of 2 matches"
