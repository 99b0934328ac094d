"""The command as a process: it says where it serves, ends by itself, and writes nothing of what it judged."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from recjudge.cli import main
from recjudge.training import reward_function

from programs import ending
from servers.process import wire_process
from serves import GOOD, Client, student

HANGING = """
import asyncio, sys
sys.path.insert(0, "tests")
from recjudge.training.serving import Limits, Service, guard, serve
from makers import said
from serves import texts_judge

async def answer(prompt):
    if "hangs" not in prompt.body:
        return said()
    print("hanging", flush=True)
    await asyncio.Event().wait()

service = Service(texts_judge(answer), limits=Limits(grace=1, deadline=20))
serve(service, guard("127.0.0.1", None), port=0, ready=lambda where: print("at", where, flush=True))
"""


@contextmanager
def process(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service in a process of its own, and the line in which it says where it is."""
    root = Path(__file__).parent.parent
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with ending(subprocess.Popen([sys.executable, *command], text=True, cwd=root, **pipes)) as running:  # type: ignore[call-overload]
        assert running.stdout is not None
        yield running, running.stdout.readline()


def port_in(line: str) -> int:
    return int(line.rpartition(":")[2])


def test_the_command_serves_a_student_and_ends_with_0_on_a_signal(tmp_path: Path) -> None:
    made = student(tmp_path)
    canary = "Canary words that nobody should find in a log"
    with process("-m", "recjudge.cli", "serve", "--judge", str(tmp_path / "student"), "--port", "0") as (running, line):
        client = Client(port_in(line))
        given = client.rewards([GOOD, canary])
        client.post("/v1/rewards", f'{{"{canary}": [}}'.encode())
        client.rewards([{"odd": canary}], task=canary)
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=120)
    assert line.startswith(f"serving {made.name} on http://127.0.0.1:")
    assert given.rewards == reward_function(made)(None, [GOOD, canary])
    assert running.returncode == 0
    assert (out, err) == ("", "recjudge: stopped\n")


def test_what_is_in_flight_at_a_signal_is_null_and_the_end_is_0() -> None:
    with process("-c", HANGING) as (running, line), ThreadPoolExecutor(1) as pool:
        asked = pool.submit(Client(port_in(line)).rewards, ["This one hangs.", "A plain text."])
        assert running.stdout is not None
        assert running.stdout.readline() == "hanging\n"
        running.send_signal(signal.SIGTERM)
        given = asked.result(timeout=120)
        _, err = running.communicate(timeout=120)
    assert given.json["statuses"] == ["interrupted", "ok"]
    assert given.rewards[0] is None
    assert (running.returncode, err) == (0, "")


def test_a_unix_socket_is_its_owners_alone(tmp_path: Path) -> None:
    student(tmp_path)
    path = tmp_path / "judge.sock"
    command = ("serve", "--judge", str(tmp_path / "student"), "--uds", str(path), "--connections", "2")
    with process("-m", "recjudge.cli", *command) as (running, line):
        assert line.endswith(f"on unix:{path}\n")
        mode = path.stat().st_mode & 0o777
        connection = http.client.HTTPConnection("judge")
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.connect(str(path))
        connection.request(
            "POST", "/v1/rewards", json.dumps({"completions": [GOOD]}), {"Content-Type": "application/json"}
        )
        rewards = json.load(connection.getresponse())["rewards"]
        # one after the other is answered: the first is the second connection, the other one too many
        (one, first), (other, second) = _asking(path), _asking(path)
        for each in (connection, one, other):
            each.close()
        taken = main([*command])
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=120)
    assert (mode, len(rewards), running.returncode) == (0o600, 1, 0)
    assert not path.exists()
    assert (taken, first, second) == (2, b"200", b"503")


def _asking(path: Path) -> tuple[socket.socket, bytes]:
    """A connection that asked and stays open, and the status that it was answered."""
    asking = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    asking.connect(str(path))
    asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: judge\r\n\r\n")
    return asking, asking.recv(100).split()[1]


@pytest.mark.slow
def test_a_providers_faults_are_null_through_the_command(tmp_path: Path) -> None:
    with wire_process(faults=[{"mode": "500"}]) as wire:
        command = ("-m", "recjudge.cli", "serve", "--judge", "compatible/judge-tiny", "--base-url", wire.url)
        with process(*command, "--task", "text", "--port", "0", "--attempts", "1") as (_, line):
            given = Client(port_in(line)).rewards(["A plain text of some words."])
    assert given.rewards == [None]
    assert given.json["statuses"] == ["provider_error"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "--token-file"),
        (["--token-env", "NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE"),
        (["--token-file", "nowhere"], "nowhere"),
        (["--task", "poem"], "poem"),
        (["--queue", "1"], "queue"),
        (["--score", "beauty"], "beauty"),
        (["--host", "256.1.1.1", "--token-env", "JUDGE_TOKEN"], "256.1.1.1"),
    ],
)
def test_it_does_not_start_on_what_it_cannot_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    monkeypatch.setenv("JUDGE_TOKEN", "a-long-enough-token")
    student(tmp_path)
    assert main(["serve", "--judge", str(tmp_path / "student"), *options]) == 2
    assert words in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    student(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert main(["serve", "--judge", str(tmp_path / "student"), "--port", port]) == 2
    assert port in capsys.readouterr().err
