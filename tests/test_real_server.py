"""Both ways to a server with a real inference engine: schema-held verdicts, true probabilities, a refused key."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

import pytest
from recjudge.errors import ProviderFault
from recjudge.judge.providers import Prompt, Reply, connect
from recjudge.judge.replies import finding_schema, parse_finding
from recjudge.rubrics import Dimension, Point, Step

from servers.llama import LEANINGS, Llama

FIT = Dimension(
    name="fit",
    question="Does the explanation fit the item?",
    scale=(
        Point(label="1", polarity=-1, words="It does not."),
        Point(label="2", polarity=0, words="In part."),
        Point(label="3", polarity=1, words="It does."),
    ),
    steps=(Step(kind="ask"),),
)
PROMPT = Prompt(
    "You judge.\n", "<context>tents</context>\n", "<artefact>A tent.</artefact>\n", "Does it fit?\n",
    schema=finding_schema(FIT), label_key="label", labels=FIT.labels, max_tokens=400,
)  # fmt: skip
WAYS = ["openai/leaning", "compatible/leaning"]


def _ask(name: str, llama: Llama, prompts: list[Prompt], **options: object) -> list[Reply]:
    async def run() -> list[Reply]:
        provider = connect(name, base_url=llama.url, timeout=60, **{"api_key": llama.key, **options})  # type: ignore[arg-type]  # options of several types
        try:
            return list(await asyncio.gather(*(provider.ask(prompt) for prompt in prompts)))
        finally:
            await provider.close()

    return asyncio.run(run())


@pytest.mark.parametrize("name", WAYS)
def test_the_schema_holds_the_model_to_the_scale(name: str, llama: Llama) -> None:
    prompts = [replace(PROMPT, question=f"Does it fit, case {number}?\n") for number in range(12)]
    replies = _ask(name, llama, prompts, temperature=1.0, seed=7)
    assert {parse_finding(reply.text, FIT).label for reply in replies} <= set(FIT.labels)
    assert all(reply.model == "leaning" and reply.usage.tokens_out > 10 for reply in replies)


@pytest.mark.parametrize("name", WAYS)
def test_the_distribution_is_the_models_own(name: str, llama: Llama) -> None:
    reply = _ask(name, llama, [PROMPT], temperature=0)[0]
    weights = {label: math.exp(LEANINGS[label]) for label in FIT.labels}
    assert reply.distribution is not None
    for label, weight in weights.items():
        assert reply.distribution[label] == pytest.approx(weight / sum(weights.values()), abs=0.02)


@pytest.mark.parametrize("name", WAYS)
def test_without_log_probabilities_there_is_no_distribution(name: str, llama: Llama) -> None:
    assert _ask(name, llama, [PROMPT], temperature=0, logprobs=False)[0].distribution is None


@pytest.mark.parametrize("name", WAYS)
def test_a_wrong_key_ends_the_run(name: str, llama: Llama) -> None:
    with pytest.raises(ProviderFault, match="401 the key was refused") as caught:
        _ask(name, llama, [PROMPT], api_key="sk-not-the-key")
    assert caught.value.fatal
    assert "sk-not-the-key" not in str(caught.value)


@pytest.mark.parametrize("name", WAYS)
def test_a_reply_cut_at_max_tokens_is_no_verdict(name: str, llama: Llama) -> None:
    with pytest.raises(ProviderFault) as caught:
        _ask(name, llama, [PROMPT], temperature=0, max_tokens=4)
    assert caught.value.status == "truncated"


@pytest.mark.parametrize("name", WAYS)
def test_a_prompt_beyond_the_context_is_an_overflow(name: str, llama: Llama) -> None:
    with pytest.raises(ProviderFault) as caught:
        _ask(name, llama, [replace(PROMPT, body="tent " * 3000)])
    assert caught.value.status == "context_overflow"
    assert not caught.value.retriable
