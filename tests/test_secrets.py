"""Keys are nowhere but in the request: not in files, output, tracebacks or names; and judged text is never run."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recjudge.errors import AccountError, ProviderFault, RecjudgeError, UsageError
from recjudge.judge import load_judge
from recjudge.judge.providers import connect

from servers.asking import PROMPT
from servers.modes import MODES
from servers.process import Process, wire_process

ROOT = Path(__file__).parent.parent
CANARIES = {
    "OPENAI_API_KEY": "sk-wire-secret-123",
    "ANTHROPIC_API_KEY": "canary-two-Zq81",
    "RECJUDGE_API_KEY": "sk-wire-secret-123",
    "ANTHROPIC_CUSTOM_HEADERS": "X-Gate: canary-four-Wm55",
    "OPENAI_CUSTOM_HEADERS": "X-Gate: canary-four-Wm55",
}
URL_SECRET = "canary-five-Yk07"
SECRETS = [b"sk-wire-secret-123", b"canary-two-Zq81", b"canary-four-Wm55", URL_SECRET.encode()]
SLOW = {"hang": "hang:2", "slow": "slow:0.02", "slow-headers": "slow-headers:0.02", "large": "large:2"}
GROUPS = [list(MODES)[start::6] for start in range(6)]
RUBRIC = (
    'name = "fit"\ntitle = "Fit"\nartefact = "text"\nsubject = "a text"\n[context]\nsource = "what it rests on"\n'
    '[[dimension]]\nname = "relevance"\nquestion = "Does it fit?"\nsteps = [{ kind = "ask" }]\n'
    'scale = [{ label = "weak", polarity = -1, words = "No." }, { label = "strong", polarity = 1, words = "Yes." }]\n'
)
RUN = """
import json, logging, sys, traceback
import aiohttp, anthropic, httpx2, openai, pandas
logging.basicConfig(level=logging.DEBUG)
from recjudge.judge import Options, load_judge, read_verdicts, score
from recjudge.rubrics import load_rubric
root, modes = sys.argv[1], json.loads(sys.argv[2])
rubric = load_rubric("fit.toml")
for number, mode in enumerate(modes):
    for kind, url in (("openai", root + "/v1"), ("anthropic", root), ("compatible", root + "/v1")):
        try:
            judge = load_judge(f"{kind}/m!{mode}", rubrics=[rubric], base_url=url)
            print(repr(judge), judge.name)
            options = Options(attempts=1, deadline=0.7, formats=("jsonl", "parquet"))
            print(score("rows.jsonl", judge, out=f"{kind}{number}.verdicts.jsonl", task="fit", options=options))
        except Exception:
            traceback.print_exc()
print("ended")
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Process]:
    with wire_process() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    row = {"id": "s1", "output": "A tent.", "context": {"source": "A tent."}, "base_url": "http://127.0.0.1:9/v1"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "fit.toml").write_text(RUBRIC)
    return tmp_path


def run(command: list[str], folder: Path) -> bytes:
    told = {"OPENAI_LOG": "debug", "ANTHROPIC_LOG": "debug"}
    environment = {**os.environ, **CANARIES, **told, "PYTHONPATH": str(ROOT.parent)}
    done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, timeout=600)
    return done.stdout + done.stderr


def hits(folder: Path, told: bytes) -> list[str]:
    written = {str(path.name): path.read_bytes() for path in folder.rglob("*") if path.is_file()} | {"told": told}
    return [f"{name}: {key.decode()}" for name, content in written.items() for key in SECRETS if key in content]


_FIRST = ("ok", "quota", "429")
"""Run each time; the rest, in the same words, with the slow tests."""


@pytest.mark.parametrize(
    "modes",
    [pytest.param(m, id=m[0], marks=[] if m[0] in _FIRST else pytest.mark.slow) for m in GROUPS],
)
def test_no_key_is_written_whatever_the_server_does(modes: list[str], folder: Path, server: Process) -> None:
    told = run(["-c", RUN, server.root, json.dumps([SLOW.get(mode, mode) for mode in modes])], folder)
    assert b"ended" in told
    assert hits(folder, told) == []


def test_the_command_line_shows_no_key_either(folder: Path, server: Process) -> None:
    score = ["-m", "recjudge.cli", "score", "rows.jsonl", "--rubric", "fit.toml", "--task", "fit", "--attempts", "1"]
    told = b""
    for mode in ("ok", "401", "echo", "500"):
        told += run([*score, "-j", f"compatible/m!{mode}", "--base-url", server.url, "--fork"], folder)
    for url in (f"http://user:{URL_SECRET}@127.0.0.1/v1", f"http://127.0.0.1/v1?key={URL_SECRET}"):
        told += run([*score, "-j", "compatible/m", "--base-url", url, "--fork"], folder)
    assert b"base_url must look like" in told
    assert hits(folder, told) == []


@pytest.mark.parametrize("name", ["openai/m", "openai-decisions/m", "anthropic/m", "compatible/m"])
def test_a_provider_and_its_judge_show_no_key(name: str) -> None:
    made = connect(name, base_url="http://127.0.0.1:9/v1", api_key="canary-three-Tb62")
    judge = load_judge("local")
    assert "canary" not in repr(made) + str(made) + made.name + repr(judge)


@pytest.mark.parametrize("name", ["openai/m!echo", "anthropic/m!echo", "compatible/m!echo"])
def test_a_traceback_shows_no_key(name: str, server: Process) -> None:
    url = server.root if name.startswith("anthropic") else server.url

    async def ask() -> None:
        provider = connect(name, base_url=url, api_key="sk-wire-secret-123")
        try:
            await provider.ask(PROMPT)
        finally:
            await provider.close()

    with pytest.raises(ProviderFault) as caught:
        asyncio.run(ask())
    assert "sk-wire-secret-123" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("key", ["canary\n", "canary\r\nX-Other: 1", "canary\u2026"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(AccountError) as caught:
        connect("compatible/m", base_url="http://127.0.0.1:9/v1", api_key=key)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "words",
    ["u:canary-k@h/v1", "h/v1?key=canary-k", "h/v1#canary-k", "h/v1 canary-k", "h\n.canary-k/v1"],
)
def test_a_base_url_holds_no_key_and_its_refusal_shows_none(words: str) -> None:
    for name in ("openai/m", "anthropic/m", "compatible/m"):
        with pytest.raises(UsageError) as caught:
            connect(name, base_url=f"http://{words}", api_key="canary-key")
        assert "canary" not in str(caught.value)
    with pytest.raises(UsageError, match="not followed"):
        connect("compatible/m?base_url=http://h/v1", base_url="http://h/v1", api_key="k")


def test_an_address_in_a_rubric_is_refused(tmp_path: Path) -> None:
    from recjudge.rubrics import load_rubric

    path = tmp_path / "fit.toml"
    path.write_text('base_url = "http://h/v1"\n' + RUBRIC)
    with pytest.raises(RecjudgeError, match="base_url"):
        load_rubric(path)


def test_an_address_in_an_input_file_is_not_followed(folder: Path, server: Process) -> None:
    server.reset()
    told = run(["-c", RUN, server.root, '["ok"]'], folder)
    assert server.stats()["requests"] == 3, told.decode()[-600:]


@pytest.mark.parametrize("name", ["openai/m!307", "anthropic/m!307", "compatible/m!307"])
def test_no_redirect_is_followed_with_a_key(name: str, server: Process) -> None:
    server.reset()
    url = server.root if name.startswith("anthropic") else server.url

    async def ask() -> None:
        provider: Any = connect(name, base_url=url, api_key="sk-wire-secret-123")
        try:
            await provider.ask(PROMPT)
        finally:
            await provider.close()

    with pytest.raises(ProviderFault, match="redirects are not followed"):
        asyncio.run(ask())
    assert server.stats()["requests"] == 1


FILES = [path for room in ("judge", "rubrics", "human_labels", "reports") for path in (ROOT / room).rglob("*.py")]
FILES += [ROOT / "cli.py", ROOT / "errors.py"]
RUNS_CODE = {
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "joblib",
    "shelve",
    "marshal",
    "yaml",
    "subprocess",
    "diskcache",
}
FOR_ITSELF = {
    "judge/running/packing.py": {"marshal", "pickle"},
    "judge/running/processes.py": {"marshal", "pickle", "subprocess"},
    "judge/running/worker.py": {"marshal"},
}
"""Workers of the run's own, and a file of its own without a name: nothing that others wrote is unpacked."""
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "format", "format_map"}


def _runs_code(source: str, path: str) -> Iterator[str]:
    """Each place of a file that could run a text."""
    allowed = FOR_ITSELF.get(path, set[str]())
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if {name.split(".")[0] for name in names} & RUNS_CODE - allowed:
            yield f"{path}:{node.lineno} imports {names}"
        if isinstance(node, ast.Call):
            called = node.func
            owner = called.value.id if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) else ""
            word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if word in CALLS and owner != "re":
                yield f"{path}:{node.lineno} calls {word}"
            if any(keyword.arg in ("shell", "allow_pickle") for keyword in node.keywords):
                yield f"{path}:{node.lineno} says how to run or unpack"


def test_no_judged_text_is_ever_run() -> None:
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in FILES}
    assert {"judge/engine.py", "cli.py"} <= set(sources)
    assert [place for path, source in sources.items() for place in _runs_code(source, path)] == []


@pytest.mark.parametrize(
    "line", ["import pickle", "from yaml import load", "eval(x)", "x.format(y)", "run(shell=True)"]
)
def test_what_could_run_a_text_is_found(line: str) -> None:
    assert list(_runs_code(line, "judge/engine.py"))
