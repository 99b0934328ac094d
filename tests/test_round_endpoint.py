"""An endpoint as generator, against a real server on loopback."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest
from recjudge.errors import AccountError
from recjudge.judge.providers import Turns, turns_to
from recjudge.training.rounds.generators import GeneratorSettings, generator_of

from servers.process import Process, wire_process
from servers.speech import chat

ROWS: list[dict[str, Any]] = [
    {"id": "p1", "task": "explanation", "prompt": "Why this shoe?", "group": "u1"},
    {"id": "p2", "task": "explanation", "group": "u2", "prompt": [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why this tea?"},
    ]},
]  # fmt: skip
SAID = [{"when": "tea", "reply": "Calm evenings."}, {"reply": "Sure grip on wet rock."}]


def written(server: Process, k: int = 2, model: str = "m", **more: Any) -> tuple[list[dict[str, Any]], list[str]]:
    made = generator_of(GeneratorSettings(kind="openai", model=model, base_url=server.url, **more))
    records = list(made.generate(ROWS, k=k, seed=7))
    return records, [failure.reason for failure in made.failures]


def test_an_endpoint_is_asked_k_times_for_each_prompt_with_a_seed_each() -> None:
    with wire_process(replies=SAID) as server:
        records, failures = written(server, k=3)
        again, _ = written(server, k=3)
        bodies = [entry["body"] for entry in server.log()]
    assert [record["id"] for record in records] == ["p1-0", "p1-1", "p1-2", "p2-0", "p2-1", "p2-2"]
    assert [record["output"] for record in records[2:4]] == ["Sure grip on wet rock.", "Calm evenings."]
    assert {record["system"] for record in records} == {"openai/m"}
    assert records == again
    assert failures == []
    # six requests that differ, and the same six once more
    assert (len(bodies), len(set(bodies))) == (12, 6)


def test_a_call_that_fails_for_a_while_is_asked_again() -> None:
    with wire_process(replies=SAID, faults=[{"mode": "500", "first": 1, "when": "shoe"}]) as server:
        records, failures = written(server, k=1)
        requests = server.stats()["requests"]
    assert len(records) == 2
    assert failures == []
    assert requests == 3


def test_what_stays_unsaid_is_counted_and_the_rest_keeps_its_numbers() -> None:
    with wire_process(replies=SAID, faults=[{"mode": "length:5", "when": "shoe"}]) as server:
        records, failures = written(server)
    assert [record["id"] for record in records] == ["p2-0", "p2-1"]
    assert failures == ["truncated: the reply was cut at max_tokens"] * 2


def test_a_key_that_is_refused_ends_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "wrong")
    with wire_process(keys=("right",)) as server, pytest.raises(AccountError):
        written(server, api_key_env="MY_KEY")


def test_the_key_is_read_from_the_variable_that_the_settings_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "right")
    with wire_process(replies=SAID, keys=("right",)) as server:
        assert len(written(server, api_key_env="MY_KEY")[0]) == 4


def test_a_variable_without_a_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MY_KEY", raising=False)
    made = generator_of(
        GeneratorSettings(kind="openai", model="m", base_url="http://127.0.0.1:9/v1", api_key_env="MY_KEY")
    )
    with pytest.raises(AccountError, match="set MY_KEY"):
        list(made.generate(ROWS, k=1, seed=0))


def test_openai_itself_is_asked_through_its_client_with_the_messages_as_they_are() -> None:
    requests: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(200, json=chat(json.loads(request.content), lambda body: "Sure grip."))

    async def ask() -> str:
        provider = turns_to("m-1", temperature=0.7, api_key="k", transport=httpx2.MockTransport(answer))
        try:
            return (await provider.ask(Turns(messages=({"role": "user", "content": "Why?"},), seed=5))).text
        finally:
            await provider.close()

    assert asyncio.run(ask()) == "Sure grip."
    assert requests[0].url == "https://api.openai.com/v1/chat/completions"
    assert json.loads(requests[0].content) == {
        "model": "m-1", "messages": [{"role": "user", "content": "Why?"}], "temperature": 0.7, "seed": 5,
        "max_completion_tokens": 512,
    }  # fmt: skip
