"""From a file on disk through `recjudge score` to verdicts, over HTTP, with every provider and a real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main
from recjudge.judge import read_verdicts

from servers.llama import LEANINGS, Llama
from servers.process import Process, wire_process

ROWS = [
    {"id": f"s{n}", "output": f"A tent for two, number {n}.", "context": {"source": "A two-person tent."}}
    for n in range(6)
]
SCALE = (
    'scale = [{ label = "1", polarity = -1, words = "It does not." }, '
    '{ label = "2", polarity = 0, words = "In part." }, { label = "3", polarity = 1, words = "It does." }]\n'
)
RUBRIC = (
    'name = "fit"\ntitle = "Fit"\nartefact = "text"\nsubject = "a text"\n[context]\nsource = "what it rests on"\n'
    + "".join(
        f'[[dimension]]\nname = "{name}"\nquestion = "Does the text fit, by {name}?"\n{SCALE}'
        'steps = [{ kind = "ask" }]\n'
        for name in ("tone", "matter")
    )
)


@pytest.fixture(scope="module")
def server() -> Iterator[Process]:
    with wire_process(keys=("k-good",)) as running:
        yield running


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (tmp_path / "fit.toml").write_text(RUBRIC)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, Any, str]:
        code = main(["score", "rows.jsonl", "--rubric", "fit.toml", "--task", "fit", "--json", *arguments])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out else None, told.err

    return run


def use_keys(monkeypatch: pytest.MonkeyPatch, server: Process, key: str = "k-good") -> None:
    for name, value in {
        "OPENAI_API_KEY": key,
        "OPENAI_BASE_URL": server.url,
        "ANTHROPIC_API_KEY": key,
        "ANTHROPIC_BASE_URL": server.root,
        "RECJUDGE_API_KEY": key,
    }.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("judge", "calls"),
    [("openai/m", 12), ("anthropic/m", 12), ("openai-decisions/m", 6), ("compatible/m", 12)],
)
def test_every_provider_judges_a_file_over_http(
    judge: str, calls: int, scored: Any, server: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, server)
    more = ["--base-url", server.url] if judge.startswith("compatible") else []
    code, said, error = scored("--judge", judge, *more)
    assert (code, error, said["judged"]) == (0, "", 6)
    assert said["cost"]["calls"] == calls
    assert said["cost"]["tokens_in"] > 0


@pytest.mark.parametrize("endpoint", ["decisions", "systemone"])
def test_a_compatible_server_may_decide_all_dimensions_at_once(
    endpoint: str, scored: Any, server: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, server)
    code, said, _ = scored("--judge", "compatible/m", "--base-url", server.url, "--endpoint", endpoint)
    assert (code, said["judged"], said["cost"]["calls"]) == (0, 6, 6)
    verdict = next(read_verdicts(Path(said["files"][0])))
    assert all(found.distribution and 0 < max(found.distribution) < 1 for found in verdict.findings)


def test_one_call_for_all_and_a_jury(scored: Any, server: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(monkeypatch, server)
    code, said, _ = scored("--judge", "openai/m", "--mode", "single")
    assert (code, said["cost"]["calls"]) == (0, 6)
    code, said, _ = scored("--judge", "openai/m", "--judge", "anthropic/m", "-o", "jury.verdicts.jsonl")
    assert (code, said["judged"]) == (0, 6)
    assert len(next(read_verdicts(Path("jury.verdicts.jsonl"))).members) == 2


def test_a_refused_key_stops_the_run_with_3(scored: Any, server: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(monkeypatch, server, key="k-wrong")
    code, said, error = scored("--judge", "openai/m")
    assert (code, said) == (3, None)
    assert "401" in error
    assert "k-wrong" not in error


def test_a_cap_on_cost_is_never_passed(scored: Any, server: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(monkeypatch, server)
    code, said, _ = scored("--judge", "openai/m", "--price", "10,1,10", "--max-cost", "0.04")
    assert code == 0
    assert said["unjudged"]["budget_stopped"] > 0
    assert said["judged"] + said["unjudged"]["budget_stopped"] == 6
    assert 0 < said["cost"]["usd"] <= 0.04


@pytest.mark.parametrize("kind", ["openai", "compatible"])
def test_a_real_engine_is_held_to_the_scale_and_its_probabilities_are_the_finding(
    kind: str, scored: Any, llama: Llama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", llama.key)
    monkeypatch.setenv("RECJUDGE_API_KEY", llama.key)
    asked = ["--judge", f"{kind}/leaning", "--base-url", llama.url, "--temperature", "0", "--concurrency", "4"]
    code, said, error = scored(*asked)
    assert (code, error, said["judged"]) == (0, "", 6)
    likeliest = max(("1", "2", "3"), key=lambda label: LEANINGS[label])
    for verdict in read_verdicts(Path(said["files"][0])):
        for found in verdict.findings:
            assert found.label == likeliest
            assert found.distribution
            assert 0.3 < max(found.distribution) < 0.999


def test_a_real_engine_refuses_a_wrong_key(scored: Any, llama: Llama, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECJUDGE_API_KEY", "sk-not-this")
    code, _, error = scored("--judge", "compatible/leaning", "--base-url", llama.url)
    assert code == 3
    assert "sk-not-this" not in error


def test_show_gives_back_the_very_bytes_that_were_sent(
    scored: Any, server: Process, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_keys(monkeypatch, server)
    scored("--judge", "compatible/m", "--base-url", server.url)
    assert main(["show", "rows.verdicts.jsonl", "s3"]) == 0
    told = capsys.readouterr().out
    assert told.count("[user]\n<context>\nsource (what it rests on):") == 2
    assert '"A tent for two, number 3."' in told
    assert told.count("[reply of m]") == 2
