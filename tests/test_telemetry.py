"""Spans and metrics by the conventions of OpenTelemetry for generative AI, in an environment that has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from recjudge.judge.observing.spans import telemetry, traced
from recjudge.judge.providers import Scripted

from trl_environment import ROOT, python_with

SAME = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m",
        "server.address": "127.0.0.1", "server.port": 8000}  # fmt: skip


@cache
def facts() -> dict[str, Any]:
    paths = os.pathsep.join(map(str, (ROOT.parent, ROOT / "tests")))
    command = [str(python_with("otel")), str(ROOT / "tests" / "telemetry_facts.py")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def spans(kind: str) -> list[dict[str, Any]]:
    return [span for span in facts()["spans"] if span["name"].startswith(kind)]


def test_without_opentelemetry_a_provider_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Scripted(lambda prompt: "")
    monkeypatch.delitem(sys.modules, "opentelemetry", raising=False)  # another library may have loaded it
    assert telemetry() is None
    assert traced(provider) is provider


@pytest.mark.slow
def test_where_nothing_is_set_up_there_is_no_telemetry() -> None:
    assert facts()["before"]


@pytest.mark.slow
def test_calls_lie_in_samples_and_samples_in_the_run() -> None:
    (run,), samples, calls = spans("score"), spans("judge text"), spans("chat m")
    assert [len(samples), len(calls)] == [3, 3]
    assert {sample["parent"] for sample in samples} == {run["id"]}
    assert {call["parent"] for call in calls} == {sample["id"] for sample in samples}
    assert {call["kind"] for call in calls} == {"CLIENT"}


@pytest.mark.slow
def test_a_call_tells_model_and_tokens_by_the_names_of_the_conventions() -> None:
    good = [call["told"] for call in spans("chat") if call["status"] != "ERROR"]
    used = {"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 10,
            "gen_ai.usage.cache_read.input_tokens": 40, "gen_ai.response.model": "m-2026"}  # fmt: skip
    assert good == [SAME | used | {"gen_ai.request.max_tokens": 512}] * 2


@pytest.mark.slow
def test_a_failed_call_is_an_error_and_an_ungraded_sample_is_none() -> None:
    (failed,) = [call for call in spans("chat") if call["status"] == "ERROR"]
    assert failed["told"]["error.type"] == "refused"
    assert {sample["status"] for sample in spans("judge")} == {"UNSET"}
    assert sorted(sample["told"]["recjudge.status"] for sample in spans("judge")) == ["ok", "ok", "refused"]


@pytest.mark.slow
def test_durations_and_tokens_are_histograms() -> None:
    told = facts()["metrics"]
    tokens = {one["told"]["gen_ai.token.type"]: one for one in told if one["name"] == "gen_ai.client.token.usage"}
    assert {kind: (one["count"], one["sum"]) for kind, one in tokens.items()} == {"input": (2, 200), "output": (2, 20)}
    durations = [one for one in told if one["name"] == "gen_ai.client.operation.duration"]
    assert {one["told"].get("error.type"): one["count"] for one in durations} == {None: 2, "refused": 1}
    assert {one["unit"] for one in durations} == {"s"}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["processes", "batch"])
def test_what_is_judged_elsewhere_is_a_span_when_it_is_committed(engine: str) -> None:
    (run,) = [span for span in facts()[engine] if span["name"] == "score"]
    judged = [span for span in facts()[engine] if span["name"] == "judge text"]
    assert [span["parent"] for span in judged] == [run["id"]] * 2
    assert {span["told"]["gen_ai.evaluation.score.label"] for span in judged} == {"Superior"}
    counts = {name: run["told"][f"recjudge.{name}"] for name in ("engine", "planned", "done", "unjudged", "complete")}
    assert counts == {"engine": engine, "planned": 2, "done": 2, "unjudged": 0, "complete": True}
    assert run["told"]["recjudge.calls"] == (2 if engine == "batch" else 0)


@pytest.mark.slow
def test_a_sharded_run_is_a_span_of_its_driver_and_one_of_each_shard() -> None:
    (run,) = [span for span in facts()["ray"] if span["told"].get("recjudge.engine") == "ray"]
    shards = [span for span in facts()["ray"] if span["name"] == "judge shard"]
    assert {span["parent"] for span in shards} == {run["id"]}
    assert [span["told"]["recjudge.verdicts"] for span in shards] == [1, 1]
    assert (run["told"]["recjudge.done"], run["told"]["recjudge.complete"]) == (2, True)


@pytest.mark.slow
def test_no_text_is_in_any_span() -> None:
    assert "canary" not in json.dumps(facts())
