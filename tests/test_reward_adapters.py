"""The judge as a reward in verl and OpenRLHF: their calls, and the number that the caller gives for the unjudged."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from recjudge.judge import Judge, Prompt, Scripted
from recjudge.training import Reward, Unjudged, openrlhf_reward, reward_function, verl_score

from makers import rubric, said

END = "<|im_end|>"


def reward() -> tuple[Reward, Scripted]:
    """A judge that cannot read one text."""

    def answer(prompt: Prompt) -> Any:
        return "no JSON" if "spoiled" in prompt.body else said("fair")

    provider = Scripted(answer)
    return reward_function(Judge.of(provider, rubric())), provider


def test_verl_gets_a_score_and_a_mark() -> None:
    made, provider = reward()
    compute_score = verl_score(made, unjudged=-1)
    extra = {"source": "what it rests on here", "num_turns": None, "rollout_reward_scores": {}, "index": 3}
    scored = compute_score(data_source="shop", solution_str="A text.", ground_truth="shoes", extra_info=extra)
    assert scored == {"score": 0.5, "unjudged": 0.0}
    assert "what it rests on here" in provider.prompts[0].shared
    assert compute_score("shop", "spoiled", "shoes") == {"score": -1.0, "unjudged": 1.0}


def test_verl_may_be_stopped_by_what_could_not_be_judged() -> None:
    compute_score = verl_score(reward()[0], unjudged="raise")
    assert compute_score("shop", "A text.", None)["score"] == 0.5
    with pytest.raises(Unjudged, match="parse_failed"):
        compute_score("shop", "spoiled", None)


def test_verl_may_call_from_many_threads() -> None:
    compute_score = verl_score(reward()[0], unjudged=0.25)
    texts = ["A text.", "spoiled"] * 10
    with ThreadPoolExecutor(6) as pool:
        scores = list(pool.map(lambda text: compute_score("shop", text, None)["score"], texts))
    assert scores == [0.5, 0.25] * 10


def test_openrlhf_gets_rewards_scores_and_a_mark() -> None:
    made, provider = reward()
    reward_func = openrlhf_reward(made, unjudged=-1, ends=[END], tensor=tuple)
    prompts = ["Say it.", "Say it."]
    queries = [f"Say it.A text.{END}", f"Say it.spoiled{END}{END}"]
    told = reward_func(queries, prompts, ['{"source": "what it rests on here"}', "gold"])
    assert told == {"rewards": (0.5, -1), "scores": (0.5, -1), "extra_logs": {"unjudged": (0.0, 1.0)}}
    assert "what it rests on here" in provider.prompts[0].shared
    assert END not in provider.prompts[0].body


def test_openrlhf_gets_what_it_takes_for_a_label_as_it_is() -> None:
    made, provider = reward()
    reward_func = openrlhf_reward(made, unjudged=0.0, ends=[], tensor=list)
    for label in ({"source": "seen"}, "{not JSON", None, 3):
        assert reward_func(["p A text."], ["p "], [label], unknown=1)["rewards"] == [0.5]
    assert "seen" in provider.prompts[0].shared


def test_a_query_without_its_prompt_is_refused() -> None:
    with pytest.raises(ValueError, match="was the prompt cut"):
        openrlhf_reward(reward()[0], unjudged=0.0, ends=[], tensor=list)(["other"], ["prompt"], [None])


def test_a_number_for_the_unjudged_must_be_given_and_be_one() -> None:
    made, _ = reward()
    with pytest.raises(TypeError, match="unjudged"):
        verl_score(made)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unjudged"):
        openrlhf_reward(made, ends=[])  # type: ignore[call-arg]
    for wrong in (math.nan, math.inf, "zero"):
        with pytest.raises(ValueError, match="no reward"):
            verl_score(made, unjudged=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="swallows"):
        openrlhf_reward(made, unjudged="raise", ends=[])  # type: ignore[arg-type]
