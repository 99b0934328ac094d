"""Whatever a provider, a network or a disk does to `recjudge score`: no sample is lost, the same command goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main
from recjudge.judge import Ledger, Status, ledger_path, read_verdicts, write_whole
from recjudge.judge.ledger.ledger import AGAIN

from servers.modes import MODES
from servers.process import Process, wire_process
from test_end_to_end import RUBRIC

ROWS = 3
OK, ERROR, LATE, CUT, MUTE = Status.OK, Status.PROVIDER_ERROR, Status.TIMEOUT, Status.TRUNCATED, Status.PARSE_FAILED
ACCOUNT = ("quota", "401", "403", "404")
DECISIONS = ("refuse-question", "bad-answers")
UNREAD = "garbage blank two-verdicts prose nan bool number duplicate extra-key missing-key"
STATUS = {
    "400-context": Status.CONTEXT_OVERFLOW, "413": Status.CONTEXT_OVERFLOW, "hang": LATE, "slow": LATE,
    "slow-headers": LATE, "length": CUT, "no-finish": CUT, "context-window": CUT, "refusal": Status.REFUSED,
    "content-filter": Status.CONTENT_FILTERED, "wrong-enum": Status.OUT_OF_RANGE,
    **dict.fromkeys(("ok", "other-model", "other-fingerprint", "no-logprobs", "wrong-case", "fenced"), OK),
    **dict.fromkeys(UNREAD.split(), MUTE),
}  # fmt: skip
"""What a sample becomes; every mode that is not named is an error of the provider."""
ARGUMENT = {"429-after": "0.05", "503": "0.05", "429-date": "1", "429-reset": "50ms", "large": "2"}


@pytest.fixture(scope="module")
def server() -> Iterator[Process]:
    with wire_process() as running:
        yield running


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: Process) -> Any:
    write_rows(tmp_path, ROWS)
    monkeypatch.chdir(tmp_path)

    def run(*more: str) -> tuple[int, Any, str]:
        code = main([*command(server), *more])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out else None, told.err

    return run


def write_rows(folder: Path, count: int) -> None:
    rows = ({"id": f"s{n}", "output": f"A tent, number {n}.", "context": {"source": "A tent."}} for n in range(count))
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "fit.toml").write_text(RUBRIC)


def command(server: Process) -> list[str]:
    words = ["score", "rows.jsonl", "--rubric", "fit.toml", "--task", "fit", "--json", "--deadline", "0.4"]
    return [*words, "--judge", "compatible/m", "--base-url", server.url, "--attempts", "1"]


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode not in (*ACCOUNT, *DECISIONS)])
def test_a_fault_leaves_every_sample_with_its_status_and_the_next_run_mends_what_can_be(
    mode: str, scored: Any, server: Process
) -> None:
    status = STATUS.get(mode, ERROR)
    server.control(faults=[{"mode": f"{mode}:{ARGUMENT.get(mode, '')}"}])
    code, said, error = scored()
    assert (code, error, said["records"], said["judged"]) == (0, "", ROWS, ROWS if status is OK else 0)
    assert said["unjudged"] == ({} if status is OK else {str(status): ROWS})
    server.control(faults=[])
    code, said, _ = scored()
    assert (code, said["judged"] == ROWS) == (0, status is OK or status in AGAIN)
    assert [verdict.id for verdict in read_verdicts(Path("rows.verdicts.jsonl"))] == [f"s{n}" for n in range(ROWS)]


@pytest.mark.parametrize("mode", DECISIONS)
def test_answers_of_a_decisions_endpoint_that_are_none_are_no_labels(mode: str, scored: Any, server: Process) -> None:
    server.control(faults=[{"mode": mode}])
    code, said, error = scored("--endpoint", "decisions")
    assert (code, error, said["records"]) == (0, "", ROWS)
    assert said["judged"] + sum(said["unjudged"].values()) == ROWS
    for verdict in read_verdicts(Path("rows.verdicts.jsonl")):
        assert any(found.status is not OK and found.label is None for found in verdict.findings)


@pytest.mark.parametrize("mode", ACCOUNT)
def test_what_only_the_account_can_mend_ends_with_3_and_goes_on_when_it_is(
    mode: str, scored: Any, server: Process
) -> None:
    server.control(faults=[{"mode": mode}])
    code, said, error = scored()
    assert (code, said, error.count("\n")) == (3, None, 1)
    assert "sk-wire-secret" not in error
    server.control(faults=[])
    code, said, _ = scored()
    assert (code, said["judged"]) == (0, ROWS)


def test_nobody_at_the_address_ends_with_4_and_goes_on_when_there_is(
    scored: Any, server: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recjudge.judge.calls.limits import Breaker

    monkeypatch.setattr(Breaker, "pauses", (0.01, 0.02))  # the real ones take four minutes
    write_rows(tmp_path, 30)
    server.control(faults=[{"mode": "reset-before"}])
    code, said, error = scored()
    assert (code, said, error.count("\n")) == (4, None, 1)
    assert "fails every call" in error
    server.control(faults=[])
    code, said, _ = scored()
    assert (code, said["judged"]) == (0, 30)


def test_a_run_that_another_owns_ends_with_75(scored: Any) -> None:
    scored()
    from recjudge.judge.ledger.lock import Lock

    lock = Lock(Path("rows.verdicts.db"))
    code, said, error = scored()
    lock.release()
    assert (code, said, "owns this run" in error) == (75, None, True)
    assert scored()[0] == 0


@pytest.mark.parametrize("name", ["jsonl", "parquet"])
def test_a_file_that_cannot_be_written_ends_with_74_and_leaves_no_half_of_it(name: str, scored: Any) -> None:
    blocked = Path(f"rows.verdicts.{name}")
    blocked.mkdir()
    code, said, error = scored("--to", "parquet")
    assert (code, said) == (74, None)
    assert f"{blocked}: cannot be written" in error
    assert not list(Path().glob(".*.part"))
    blocked.rmdir()
    assert scored("--to", "parquet")[0] == 0


@pytest.mark.slow
def test_a_full_disk_ends_with_74_and_the_run_goes_on_when_there_is_room(
    tmp_path: Path, scored: Any, server: Process
) -> None:
    write_rows(tmp_path, 600)
    server.control(faults=[])
    disk = tmp_path / "disk"
    disk.mkdir()
    out = disk / "o.verdicts.jsonl"
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        code, _, error = scored("--deadline", "30", "-o", str(out))
        assert (code, "free some space and run the same command again" in error) == (74, True)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        with Ledger.read(ledger_path(out)) as ledger:
            kept = ledger.totals().calls
        code, said, _ = scored("--deadline", "30", "-o", str(out))
        assert (code, said["judged"]) == (0, 600)
        assert 0 < kept < said["totals"]["calls"] == 1200, "what was kept is not asked again"
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_what_a_killed_process_left_half_goes_with_the_next_writing(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f".page.html.{gone.pid}.part", f".page.html.{os.getppid()}.part", f".other.html.{gone.pid}.part"):
        (tmp_path / name).write_text("half")
    write_whole(tmp_path / "page.html", "whole")
    left = {f".page.html.{os.getppid()}.part", f".other.html.{gone.pid}.part", "page.html"}
    assert {path.name for path in tmp_path.iterdir()} == left
