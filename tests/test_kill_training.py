"""`filter` and `export` killed at any time leave what was there or what shall be there, whole, and no row twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main
from recjudge.training import read_certificate, read_kept

from programs import ending

EXAMPLES = Path(__file__).parent.parent / "examples"
KILLED = (-signal.SIGKILL, -signal.SIGALRM)


@contextmanager
def forks(warm: list[list[str]]) -> Iterator[Callable[..., dict[str, Any]]]:
    script = Path(__file__).with_name("killed_writing.py")
    one = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with ending(subprocess.Popen([sys.executable, script], text=True, env=one, **pipes)) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(warm) + "\n")

        def run(argv: list[str], **more: Any) -> dict[str, Any]:
            process.stdin.write(json.dumps({"argv": argv, **more}) + "\n")
            process.stdin.flush()
            return dict(json.loads(process.stdout.readline()))

        yield run


def commands(kind: str, folder: Path) -> tuple[Path, list[str], list[str]]:
    """What is written, and two commands that write it with different rows."""
    verdicts = str(folder / "outputs.verdicts.jsonl")
    if kind == "filter":
        out = folder / "train"
        both = [["filter", verdicts, "-o", str(out), "--uncertified", "--seed", str(seed)] for seed in (1, 2)]
    else:
        out = folder / ("rows" if kind == "datasets" else f"rows.{kind}")
        both = [["export", verdicts, "-f", format, "--to", kind, "-o", str(out)] for format in ("kto", "sft")]
        both[1] += ["--uncertified"]
    return out, *both


def filtered_ids(out: Path) -> list[str]:
    """Every file is held against its digest."""
    read_certificate(out)
    return [row.sample.id for row in read_kept(out)]


def exported_ids(out: Path) -> list[str]:
    return [json.loads(line)["id"] for line in out.read_text().splitlines()]


def parquet_ids(out: Path) -> list[str]:
    import pyarrow.parquet

    return [str(name) for name in pyarrow.parquet.read_table(out)["id"].to_pylist()]


def datasets_ids(out: Path) -> list[str]:
    import datasets

    return list(datasets.load_from_disk(str(out))["id"])


READERS = {"filter": filtered_ids, "jsonl": exported_ids, "parquet": parquet_ids, "datasets": datasets_ids}


def whole_run(run: Callable[..., dict[str, Any]], argv: list[str]) -> dict[str, Any]:
    """A run to its end; begun again where the fork, and not the command, was stuck."""
    told = next(told for told in (run(argv) for _ in range(3)) if told["ended"] != -signal.SIGALRM)
    assert told["ended"] == 0
    return told


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "kills"), [("filter", 220), ("jsonl", 80), ("parquet", 40), ("datasets", 40)])
def test_killed_at_any_time_the_old_rows_stand_or_the_new_ones(tmp_path: Path, kind: str, kills: int) -> None:
    rng, killed, seen = random.Random(7), 0, set()
    lines = (EXAMPLES / "outputs.jsonl").read_text().splitlines(keepends=True)[:40]
    (tmp_path / "outputs.jsonl").write_text("".join(lines))
    assert main(["score", str(tmp_path / "outputs.jsonl"), "--json"]) == 0
    out, *both = commands(kind, tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    with forks(both) as run:
        whole, times = [], []
        for argv in both:
            times.append(whole_run(run, argv))
            whole.append(READERS[kind](out))
        assert whole[0] != whole[1]
        assert all(len(set(ids)) == len(ids) > 3 for ids in whole)
        shutil.rmtree(out) if out.is_dir() else out.unlink()
        now: list[str] | None = None
        while killed < kills:
            at = rng.randrange(2)
            # every other one while it writes
            since = rng.choice(["start", "write"])
            after = rng.uniform(0, times[at]["seconds" if since == "start" else "writing"])
            killed += run(both[at], after=after, since=since)["ended"] in KILLED
            found = READERS[kind](out) if out.exists() else None
            assert found in (now, whole[at])
            seen.add((found == now, found == whole[at]))
            now = found
            # nothing but what the last process had in hand
            left = {path.name for path in tmp_path.iterdir()} - before - {out.name}
            assert len(left) <= 1
        assert {(True, False), (False, True)} <= seen
        whole_run(run, both[0])
        assert READERS[kind](out) == whole[0]
        assert {path.name for path in tmp_path.iterdir()} == before | {out.name}
