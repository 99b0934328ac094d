"""Whatever is sent, the answer is one that OpenAPI names, and a judgment that failed is never a number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.errors import ProviderFault
from recjudge.judge import Prompt
from recjudge.training.serving.openapi import PATHS
from recjudge.training.serving.shapes import Refused

from odd_bodies import BODIES, torn
from serves import GOOD, ONCE, Client, Given, columns, served, student, texts_judge

POSTS = [path for path, (method, *_) in PATHS.items() if method == "POST"]


def fails(prompt: Prompt) -> Any:
    """A provider that never answers."""
    raise ProviderFault("no answer")


@pytest.fixture(scope="module")
def failing() -> Iterator[Client]:
    """A service whose judge judges nothing: any number it gives is invented."""
    with served(texts_judge(fails), options=ONCE, task="text") as client:
        yield client


@pytest.fixture(scope="module")
def described(failing: Client) -> Any:
    """The service's own description."""
    return failing.get("/openapi.json").json


def held_to_its_description(path: str, answer: Given, described: Any) -> None:
    """The status is one that is described, and the body of its shape."""
    responses = described["paths"][path]["post"]["responses"]
    assert str(answer.status) in responses, answer.raw
    shape = PATHS[path][4] if answer.status == 200 else Refused
    assert shape is not None
    shape.model_validate_json(answer.raw)


def numbers_in(answer: Given) -> list[float]:
    """Rewards that are numbers."""
    found = answer.json.get("rewards") or []
    return [reward for reward in found if reward is not None]


@settings(max_examples=250)
@given(body=BODIES, seed=st.integers(0, 10**6), path=st.sampled_from(POSTS))
def test_an_odd_body_is_answered_in_words_and_never_by_a_number(
    failing: Client, described: Any, body: bytes, seed: int, path: str
) -> None:
    answer = failing.post(path, torn(body, seed))
    assert answer.status < 500 or (path, answer.status) == ("/get_reward", 503)
    assert numbers_in(answer) == []
    held_to_its_description(path, answer, described)


def test_the_description_names_every_path_and_fits_what_is_served(tmp_path: Path) -> None:
    with served(student(tmp_path)) as client:
        described = client.get("/openapi.json").json
        asked = {"completions": [GOOD, 5], "columns": columns(2)}
        for path in ("/v1/rewards", "/v1/verdicts"):
            held_to_its_description(path, client.post(path, asked), described)
        queries = {"query": [GOOD], "prompts": [""], "labels": [{}]}
        held_to_its_description("/get_reward", client.post("/get_reward", queries), described)
        for path, (method, _, _, _, shape) in PATHS.items():
            answer = client.ask(method, path)
            assert answer.status in (200, 415)
            if shape is not None and method == "GET":
                shape.model_validate_json(answer.raw)
    assert set(described["paths"]) == set(PATHS)
    refs = {word for word in str(described).split("'") if word.startswith("#/components/schemas/")}
    assert {ref.rpartition("/")[2] for ref in refs} <= set(described["components"]["schemas"])


@pytest.mark.slow
def test_of_ten_thousand_faulty_requests_none_gets_a_number(failing: Client, described: Any) -> None:
    seen = {"requests": 0}

    @settings(max_examples=10_000)
    @given(body=BODIES, seed=st.integers(0, 10**6), path=st.sampled_from(POSTS))
    def ask(body: bytes, seed: int, path: str) -> None:
        answer = failing.post(path, torn(body, seed))
        seen["requests"] += 1
        assert answer.status < 500 or (path, answer.status) == ("/get_reward", 503)
        assert numbers_in(answer) == []
        held_to_its_description(path, answer, described)

    ask()
    assert seen["requests"] >= 10_000
    statuses = str(failing.counts("recjudge_rewards_total"))
    assert "provider_error" in statuses
    assert "ok" not in statuses
    assert "failed" not in statuses
