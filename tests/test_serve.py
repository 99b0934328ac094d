"""The service keeps its promises: the reward function's numbers, and null with a reason where there is none."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import pytest
from recjudge import score
from recjudge.errors import ProviderFault, UsageError
from recjudge.judge import Judge, Local, Prompt, decode_verdict
from recjudge.training import reward_function
from recjudge.training.serving import Limits, Service

from makers import said
from serves import GOOD, ONCE, POOR, SHOE, Held, columns, served, student, texts_judge


def test_rewards_are_those_of_the_reward_function() -> None:
    judge = Judge(Local(None))
    with served(judge, task="explanation") as client:
        given = client.rewards([GOOD, POOR, GOOD], columns=columns(3))
    assert given.rewards == reward_function(judge, task="explanation")(None, [GOOD, POOR, GOOD], **columns(3))
    assert given.json["statuses"] == ["ok"] * 3


def test_a_students_rewards_are_its_own(tmp_path: Path) -> None:
    made = student(tmp_path)
    with served(made) as client:
        given = client.rewards([GOOD, POOR], columns=columns(2))
    assert given.rewards == reward_function(made)(None, [GOOD, POOR], **columns(2))


def test_records_are_read_as_score_reads_them_and_verdicts_come_whole() -> None:
    judge = Judge(Local(None))
    records = [
        {"id": "a", "task": "explanation", "output": GOOD, "item": SHOE, "user_id": "u1", "system": "base"},
        {"id": "b", "task": "item_tag", "output": [{"tag": "trail shoes"}, {"tag": "mesh"}], "item": SHOE},
    ]
    with served(judge) as client:
        given = client.post("/v1/verdicts", {"records": records}).json
    found = [decode_verdict(orjson.dumps(verdict)) for row in given["verdicts"] for verdict in row]
    assert found == [verdict for verdict in score(records, judge) if verdict.kind == "sample"]
    assert [len(row) for row in given["verdicts"]] == [1, 2]


def test_what_cannot_be_read_is_null_beside_what_can(tmp_path: Path) -> None:
    with served(student(tmp_path)) as client:
        given = client.rewards([GOOD, 5, None, '{"explanation": "cut'])
        listed = client.post("/v1/rewards", {"records": [{"id": "a", "output": GOOD}, {"id": "b"}, 7]})
    assert given.json["statuses"] == ["ok", "input_invalid", "input_invalid", "input_invalid"]
    assert given.rewards[1:] == [None] * 3
    assert listed.json["statuses"] == ["ok", "input_invalid", "input_invalid"]
    assert "'output'" in listed.json["reasons"][1] or "output is missing" in listed.json["reasons"][1]


def test_a_hanging_judge_gives_null_at_the_deadline_and_spoils_no_other() -> None:
    async def answer(prompt: Prompt) -> Any:
        if "hangs" in prompt.body:
            await asyncio.Event().wait()
        return said()

    with served(texts_judge(answer)) as client:
        began = time.monotonic()
        given = client.rewards(["A plain text.", "This one hangs."], deadline=0.5)
        took = time.monotonic() - began
        after = client.rewards(["Another plain text."])
        late = client.counts("recjudge_late_total")
    assert given.rewards[0] is not None
    assert (given.rewards[1], given.json["statuses"][1]) == (None, "timeout")
    assert given.json["reasons"][1] == "timeout: not judged within 0.5 s"
    assert 0.4 < took < 30  # it hangs for ever
    assert after.rewards[0] is not None
    assert late == {"recjudge_late_total": 1}


def test_a_judge_that_holds_its_thread_gives_null_at_the_deadline_too(tmp_path: Path) -> None:
    made = student(tmp_path)
    held = Held(made.scorer)
    with served(replace(made, scorer=held)) as client:
        given = client.rewards([GOOD], deadline=0.3)
        held.go.set()
        after = client.rewards([GOOD])
    assert (given.rewards, given.json["statuses"]) == ([None], ["timeout"])
    assert after.rewards == reward_function(made)(None, [GOOD])


def test_a_failing_provider_is_null_with_its_reason() -> None:
    def answer(prompt: Prompt) -> Any:
        raise ProviderFault("the model is not loaded")

    with served(texts_judge(answer), options=ONCE) as client:
        given = client.rewards(["A plain text."])
    assert given.rewards == [None]
    assert given.json["statuses"] == ["provider_error"]


def test_a_refused_key_is_null_and_the_service_is_not_ready() -> None:
    def answer(prompt: Prompt) -> Any:
        raise ProviderFault("invalid key", fatal=True)

    with served(texts_judge(answer), options=ONCE) as client:
        given = client.rewards(["A plain text."])
        ready = client.get("/readyz")
    assert (given.rewards, given.json["statuses"]) == ([None], ["provider_error"])
    assert ready.status == 503
    assert "AccountError" in ready.json["error"]["problem"]


def test_a_bug_of_the_judge_is_null_for_its_sample_alone(tmp_path: Path) -> None:
    made = student(tmp_path)

    class Odd(Held):
        def scores(self, task: str, samples: Any) -> Any:
            if any("odd" in sample.text for sample in samples):
                raise ZeroDivisionError("secret text")
            return self.inner.scores(task, samples)

    with served(replace(made, scorer=Odd(made.scorer))) as client:
        given = client.rewards([GOOD, "This is odd.", POOR])
    assert given.json["statuses"] == ["ok", "failed", "ok"]
    assert given.rewards[1] is None
    assert given.json["reasons"][1] == "failed: the judge broke off with ZeroDivisionError"


def test_a_full_queue_asks_to_come_again_and_takes_more_once_it_is_emptied() -> None:
    asked, go = Event(), Event()

    async def answer(prompt: Prompt) -> Any:
        asked.set()
        await asyncio.to_thread(go.wait, 30)
        return said()

    with served(texts_judge(answer), limits=Limits(batch=2, queue=2)) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.rewards, ["One text.", "Two texts."])
        assert asked.wait(30)
        full = client.rewards(["Three texts."])
        depth = client.counts("recjudge_queue_depth")
        go.set()
        assert None not in first.result().rewards
        after = client.rewards(["Three texts."])
    assert (full.status, int(full.headers["retry-after"]) >= 1) == (429, True)
    assert depth == {"recjudge_queue_depth": 2}
    assert after.rewards[0] is not None


def test_requests_judged_together_get_the_numbers_they_get_alone(tmp_path: Path) -> None:
    made = student(tmp_path)
    held = Held(made.scorer)
    texts = [GOOD, POOR, "Warm wool socks for winter walks by the sea", "Light and dry"]
    with served(replace(made, scorer=held)) as client, ThreadPoolExecutor(4) as pool:
        first = pool.submit(client.rewards, ["first"])
        assert held.entered.wait(30)
        rest = [pool.submit(client.rewards, [text]) for text in texts]
        while client.counts("recjudge_queue_depth")["recjudge_queue_depth"] < 4:
            pass
        held.go.set()
        found = [one.result().rewards[0] for one in rest]
        first.result()
        sizes = client.counts("recjudge_batch_size")
    assert found == reward_function(made)(None, texts)
    assert sizes["recjudge_batch_size_sum"] == 5
    assert sizes["recjudge_batch_size_count"] < 5


@pytest.mark.slow
def test_two_processes_give_the_numbers_of_one_and_outlive_a_killed_one(tmp_path: Path) -> None:
    made = student(tmp_path)
    texts = [f"{GOOD} in {number} minutes" for number in range(20)]
    with served(made, limits=Limits(processes=2)) as client:
        first = client.rewards(texts)
        killed = active_children()[0]
        killed.kill()
        while killed.is_alive():
            pass
        broken = client.rewards(texts).json
        after = client.rewards(texts)
    alone = reward_function(made)(None, texts)
    assert first.rewards == after.rewards == alone
    assert "failed" in broken["statuses"]
    kept = zip(broken["rewards"], broken["statuses"], alone, strict=True)
    assert all(reward == (number if status == "ok" else None) for reward, status, number in kept)


def test_a_judges_thread_that_ends_is_told_by_its_kind_and_nothing_waits_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with served(student(tmp_path)) as client:
        assert client.service is not None
        monkeypatch.setattr(client.service._worker, "_next", lambda: {}["what was judged"])
        given = client.rewards([GOOD], deadline=0.3)
        after, ready = client.rewards([GOOD], deadline=0.3), client.get("/readyz")
        depth = client.counts("recjudge_queue_depth")
    assert given.json["statuses"] == ["timeout"]
    assert (after.status, ready.status, list(depth.values())) == (503, 503, [0])
    assert "the judge's thread ended: " in caplog.text
    assert "what was judged" not in caplog.text


def test_metrics_count_what_was_answered(tmp_path: Path) -> None:
    with served(student(tmp_path)) as client:
        client.rewards([GOOD, POOR, 5])
        client.rewards([GOOD])
        client.post("/v1/rewards", b"{")
        client.get("/nowhere")
        requests, rewards = client.counts("recjudge_requests_total"), client.counts("recjudge_rewards_total")
        seconds = client.counts('recjudge_request_seconds_count{path="/v1/rewards"}')
    assert rewards == {
        'recjudge_rewards_total{status="input_invalid"}': 1,
        'recjudge_rewards_total{status="ok"}': 3,
    }
    assert requests['recjudge_requests_total{path="/v1/rewards",status="200"}'] == 2
    assert requests['recjudge_requests_total{path="/v1/rewards",status="400"}'] == 1
    assert requests['recjudge_requests_total{path="other",status="404"}'] == 1
    assert list(seconds.values()) == [3]


def test_openrlhf_gets_numbers_or_an_error_with_the_reasons(tmp_path: Path) -> None:
    made = student(tmp_path)
    body = {
        "query": [f"Write it.{GOOD}<end>", "Write it.[{<end>"],
        "prompts": ["Write it."] * 2,
        "labels": ['{"interest": "trails"}'] * 2,
    }
    good = {name: values[:1] for name, values in body.items()}
    with served(made, ends=["<end>"]) as client:
        given, refused = client.post("/get_reward", good), client.post("/get_reward", body)
        astray = client.post("/get_reward", good | {"prompts": ["Elsewhere."]})
    with served(made, ends=["<end>"], unjudged=-1.0) as client:
        told = client.post("/get_reward", body).json
    number = reward_function(made)(None, [GOOD])[0]
    assert given.json == {"rewards": [number], "scores": [number], "extra_logs": {"unjudged": [0.0]}}
    assert refused.status == 422
    assert refused.json["error"]["reasons"][0] == ""
    assert refused.json["error"]["reasons"][1].startswith("input_invalid: ")
    assert (told["rewards"], told["extra_logs"]["unjudged"]) == ([number, -1.0], [0.0, 1.0])
    assert astray.status == 422


def test_openrlhf_is_told_to_come_again_when_the_judge_was_not_to_be_had() -> None:
    def answer(prompt: Prompt) -> Any:
        raise ProviderFault("overloaded")

    body = {"query": ["Say: a text"], "prompts": ["Say: "], "labels": [{}]}
    with served(texts_judge(answer), options=ONCE) as client:
        given = client.post("/get_reward", body)
    assert given.status == 503
    assert "rewards" not in given.json


def test_a_task_is_named_by_the_service_or_by_the_request() -> None:
    judge = Judge(Local(None))
    with served(judge) as client:
        none, named = client.rewards([GOOD]), client.rewards([GOOD], task="explanation")
        wrong = client.rewards([GOOD], task="poem")
    with served(judge, task="text") as client:
        other = client.rewards([GOOD], task="explanation")
        judged = client.get("/v1/judge").json
    assert none.status == 422
    assert named.rewards == reward_function(judge, task="explanation")(None, [GOOD])
    assert (wrong.status, other.status) == (422, 422)
    assert (judged["task"], judged["tasks"]) == ("text", ["text"])


@pytest.mark.parametrize("name", ["body", "batch", "queue", "deadline"])
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="above 0"):
        Limits(**{name: 0})


def test_a_service_of_an_unknown_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown task 'poem'"):
        Service(student(tmp_path), task="poem")
