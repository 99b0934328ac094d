"""The judge as a reward: one number a completion, None where there is none, one run a batch."""

from __future__ import annotations

import asyncio
import math
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from recjudge.errors import InputError, ProviderFault, UsageError
from recjudge.judge import Judge, Jury, Local, Prompt, Scripted
from recjudge.training import Reward, reward_function
from recjudge.training.together import Together

from makers import rubric, said
from servers.process import wire_process

ITEM = {"title": "waterproof trail shoes", "material": "mesh"}
GOOD = "Mesh trail shoes that stay waterproof on your muddy runs"
POOR = "Great!"


def judging(answer: Any = None, *, name: str = "scripted") -> tuple[Judge, Scripted]:
    """A judge of texts whose provider answers from a function."""
    provider = Scripted(answer or (lambda prompt: said()), name=name)
    return Judge.of(provider, rubric()), provider


def embedded(**more: Any) -> Reward:
    """The embedded judge of explanations, without its model."""
    return reward_function(Judge(Local(None)), task="explanation", **more)


def columns(size: int) -> dict[str, Any]:
    """What a data set has beside the prompt."""
    return {"interest": ["trail running"] * size, "item": [ITEM] * size}


def spoils(prompt: Prompt) -> Any:
    """An answer that is none for one text."""
    return "no JSON" if "spoiled" in prompt.body else said("fair")


def test_a_better_explanation_earns_more_and_the_same_one_the_same() -> None:
    rewards = embedded()(["p"] * 3, [GOOD, POOR, GOOD], **columns(3))
    assert rewards[0] == rewards[2]
    assert rewards[0] > rewards[1]  # type: ignore[operator]
    assert embedded()(["p"] * 3, [GOOD, POOR, GOOD], **columns(3)) == rewards


def test_a_conversation_is_worth_what_its_last_message_says() -> None:
    spoken = [
        [{"role": "assistant", "content": "Let me see."}, {"role": "assistant", "content": text}]
        for text in (GOOD, POOR)
    ]
    parts = [[{"role": "assistant", "content": [{"type": "text", "text": text}]}] for text in (GOOD, POOR)]
    plain = embedded()(None, [GOOD, POOR], **columns(2))
    assert embedded()(None, spoken, **columns(2)) == plain
    assert embedded()(None, parts, **columns(2)) == plain


def test_the_reward_puts_the_grade_before_the_mean_place_on_the_scales() -> None:
    judge, _ = judging(lambda prompt: said("good" if "relevance" in prompt.question else "fair"))
    assert reward_function(judge, score="quality")(None, ["Some words."]) == [0.75]
    assert reward_function(judge)(None, ["Some words."]) == [(1 + 0.75) / 3]  # Average: half of it positive
    assert reward_function(judge, dimension="fluency")(None, ["Some words."]) == [0.5]
    assert reward_function(judge, score=lambda verdict: verdict.positive_share)(None, ["Some words."]) == [0.5]


def test_a_graded_reward_never_lifts_bad_above_average() -> None:
    texts = [GOOD, POOR, "", "Leather sandals for the beach", "Trail shoes for trail runs"]
    found = embedded(score="graded").explain(None, texts, **columns(5))
    by_grade: dict[str, list[float]] = {}
    for one in found:
        by_grade.setdefault(str(one.verdicts[0].grade), []).append(one.reward)  # type: ignore[arg-type]
    assert max(by_grade["Bad"]) <= 1 / 3 < 2 / 3 <= min(by_grade["Superior"])
    assert reward_function(judging(spoils)[0], score="graded")(None, ["spoiled"]) == [None]


def test_what_could_not_be_judged_has_no_reward_and_says_why() -> None:
    judge, _ = judging(spoils)
    reward = reward_function(judge)
    assert reward(None, ["Some words.", "spoiled words"]) == [0.5, None]
    assert "parse_failed" in reward.explain(None, ["spoiled words"])[0].why


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, None])
def test_a_score_that_is_no_finite_number_is_no_reward_and_the_reason_says_so(value: float | None) -> None:
    judge, _ = judging()
    (found,) = reward_function(judge, score=lambda verdict: value).explain(None, ["Some words."])
    assert found.reward is None
    assert ("which is no reward" in found.why) == (value in (math.inf, -math.inf))
    assert found.why.startswith("ok: ")


def test_a_provider_that_fails_leaves_none_and_no_number() -> None:
    def fails(prompt: Prompt) -> Any:
        raise ProviderFault("the filter took it", status="content_filtered")

    assert reward_function(judging(fails)[0])(None, ["Some words."]) == [None]


def test_a_completion_that_is_no_artefact_has_no_reward() -> None:
    found = embedded().explain(None, ['{"explanation": "cut', GOOD], **columns(2))
    assert found[0].reward is None
    assert "JSON" in found[0].why
    assert found[1].reward is not None


def test_a_list_is_worth_the_mean_of_its_elements_and_nothing_when_one_is_unread() -> None:
    reward = reward_function(Judge(Local(None)), task="item_tag")
    beside = {"interest": ["trail running"]}
    one = reward(None, ["waterproof trail running shoes"], **beside)[0]
    other = reward(None, ["thing"], **beside)[0]
    both = reward(None, ['["waterproof trail running shoes", "thing"]'], **beside)[0]
    assert both == pytest.approx((one + other) / 2)  # type: ignore[operator]
    assert reward(None, ['["waterproof trail running shoes", 3]'], **beside) == [None]


def test_a_batch_is_one_run_and_the_same_completion_is_asked_about_once() -> None:
    judge, provider = judging()
    assert reward_function(judge)(["p"] * 4, ["One text.", "Two texts.", "One text.", "One text."]) == [1.0] * 4
    assert len(provider.prompts) == 4  # two texts, two dimensions


def test_with_a_store_nothing_is_asked_twice_in_all_batches(tmp_path: Path) -> None:
    judge, provider = judging()
    for batch in (["One text."], ["Two texts.", "One text."], ["One text."]):
        again = reward_function(judge, store=tmp_path / "rewards.verdicts.jsonl")
        assert again(None, batch) == [1.0] * len(batch)
    assert len(provider.prompts) == 4


def test_the_same_words_in_another_context_are_another_sample() -> None:
    judge, provider = judging()
    reward_function(judge)(None, ["One text."] * 2, source=["this", "that"])
    assert len(provider.prompts) == 4


def test_columns_become_context_by_name_by_mapping_and_as_an_object() -> None:
    judge, provider = judging()
    reward_function(judge)(None, ["A text."], source=["by its name"])
    reward_function(judge, fields={"source": "notes.body"})(None, ["A text."], notes=[{"body": "by a mapping"}])
    reward_function(judge)(None, ["A text."], context=[{"source": "as an object"}])
    shown = [prompt.shared for prompt in provider.prompts[::2]]
    assert ["by its name" in shown[0], "by a mapping" in shown[1], "as an object" in shown[2]] == [True] * 3


def test_no_column_is_taken_for_the_completion_its_id_or_its_task() -> None:
    names = ("id", "task", "response", "completion", "generated")
    assert reward_function(judging()[0])(None, ["A text."], **{name: ["another"] for name in names}) == [1.0]


def test_a_column_may_name_the_task() -> None:
    reward = reward_function(Judge(Local(None)), fields={"task": "kind"})
    found = reward.explain(None, [GOOD, "trail shoes"], kind=["explanation", "item_tag"], **columns(2))
    assert [one.verdicts[0].task for one in found] == ["explanation", "item_tag"]


def test_what_a_trainer_passes_beside_the_columns_is_no_column_and_hears_the_share_unjudged() -> None:
    judge, _ = judging(spoils)
    told: dict[str, Any] = {}
    beside = {"trainer_state": object(), "log_metric": told.__setitem__, "log_extra": told.__setitem__}
    reward_function(judge)(["p"] * 2, ["Some words.", "spoiled"], completion_ids=[[1], [2, 3]], **beside)
    assert told["recjudge/unjudged"] == 0.5
    assert len(told["recjudge/why"]) == 2


def test_the_prompt_is_context_for_rubrics_that_show_it() -> None:
    shows = rubric().model_copy(update={"context": {"prompt": "what was asked"}})
    provider = Scripted(lambda prompt: said())
    reward = reward_function(Judge.of(provider, shows))
    reward([[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why these shoes?"}]], ["A text."])
    assert r"Be brief.\n\nWhy these shoes?" in provider.prompts[0].shared


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"prompts": ["p"] * 3}, "prompts has 3 values for 2 completions"),
        ({"source": ["a"]}, "column 'source' has 1 values for 2 completions"),
        ({"source": "a"}, "column 'source' is one str"),
        ({"source": {"a": 1, "b": 2}}, "column 'source' is one dict"),
    ],
)
def test_a_batch_whose_parts_differ_in_length_is_refused_with_the_remedy(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        reward_function(judging()[0])(completions=["One.", "Two."], **given)
    assert "each" in str(caught.value)


def test_columns_that_no_row_can_be_read_with_are_refused_and_one_bad_row_is_not() -> None:
    reward = reward_function(judging()[0])
    with pytest.raises(InputError, match="no JSON form"):
        reward(None, ["One.", "Two."], source=[object(), object()])
    assert reward(None, ["One text.", "Two texts."], source=["fine", object()]) == [1.0, None]
    with pytest.raises(InputError, match="nowhere"):
        reward_function(judging()[0], fields={"source": "nowhere"})(None, ["One."])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"task": "poem"}, "unknown task 'poem'"),
        ({"score": "stars", "task": "text"}, "unknown score 'stars' of 'grade'; known: quality"),
        ({"dimension": "beauty", "task": "text"}, "no dimension 'beauty'"),
        ({"score": "graded", "dimension": "fluency"}, "unknown score 'graded' of 'fluency'"),
        ({"fields": {"output": "x"}, "task": "text"}, "'output' is the completion's own"),
        ({"fields": {"task": "x"}, "task": "text"}, "give one of the two"),
    ],
)
def test_what_is_not_known_is_told_before_the_first_batch(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        reward_function(judging()[0], **asked)


def test_with_several_rubrics_the_task_must_be_named() -> None:
    with pytest.raises(UsageError, match="task is missing; known: explanation"):
        reward_function("local/lexical")


def test_a_jury_is_a_reward_too() -> None:
    members = judging(lambda prompt: said("good"), name="a")[0], judging(lambda prompt: said("bad"), name="b")[0]
    assert reward_function(Jury(members), score="quality")(None, ["A text."]) == [0.5]
    # the jury calls it Bad, and no Bad earns a third
    assert reward_function(Jury(members))(None, ["A text."]) == [pytest.approx(0.5 / 3)]


def test_it_runs_inside_a_running_loop() -> None:
    async def inside() -> list[float | None]:
        return reward_function(judging()[0])(None, ["A text."])

    assert asyncio.run(inside()) == [1.0]


def test_it_runs_from_many_threads_and_those_who_wait_are_judged_together() -> None:
    reward = embedded()
    texts = [f"{GOOD}, pair {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: reward(None, [text], **columns(1))[0], texts))
    assert found == embedded()(None, texts, **columns(24))


def test_calls_that_wait_share_the_next_one() -> None:
    sizes, inside, go = [], threading.Event(), threading.Event()

    def answer(asked: list[int]) -> list[int]:
        sizes.append(len(asked))
        inside.set()
        assert go.wait(10)
        return [2 * one for one in asked]

    together = Together(answer)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(together, [1])
        assert inside.wait(10)
        rest = [pool.submit(together, [number]) for number in (2, 3, 4)]
        while len(together._waiting) < 3:
            os.sched_yield()
        go.set()
        assert [first.result(), *(one.result() for one in rest)] == [[2], [4], [6], [8]]
    assert sizes == [1, 3]


def test_what_a_shared_call_raises_every_caller_hears_and_the_next_call_works() -> None:
    def answer(asked: list[int]) -> list[int]:
        return [1 // one for one in asked]

    together = Together(answer)
    with pytest.raises(ZeroDivisionError):
        together([0])
    assert together([1]) == [1]


def test_the_trainer_logs_it_by_name() -> None:
    assert embedded().__name__ == "recjudge"
    assert embedded(name="quality").__name__ == "quality"


def test_no_completions_are_no_rewards() -> None:
    assert embedded()([], []) == []


def test_a_judge_behind_http_answers_batch_after_batch_and_from_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    with wire_process() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "k-test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        reward = reward_function("openai/gpt-test", task="explanation")
        first = reward(None, [GOOD], **columns(1))
        with ThreadPoolExecutor(4) as pool:
            again = list(pool.map(lambda _: reward(None, [GOOD], **columns(1)), range(8)))
    assert first[0] is not None
    assert again == [first] * 8
