"""What `recjudge serve` gives with a Student: explanations a second over HTTP, and how long a request waits.

    python benchmarks/serve_speed.py [--seconds 2.5] [--repeats 4] [--out benchmarks/results/serve_speed.md]

The server is a process of its own, started with the command; this process drives it over loopback. A request has 64
explanations (8 items with 8 each), made before the clock starts; no text comes twice, so no cache answers for another
request. Full speed: each connection sends its next request when the last is answered. Given loads: requests leave at
fixed times whether or not earlier ones are answered, and a latency runs from the time at which its request was due.
Goal on two cores, which the driver shares: 2,000 explanations a second.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median
from threading import local

from student_speed import BATCH, Batches, wide_student  # type: ignore[import-not-found]

PROCESSES = (1, 2)
CONNECTIONS = (1, 4)
LOADS = (1000, 1500, 2000)
"""Explanations a second."""
KEPT = local()


@dataclass(frozen=True)
class Load:
    """One way of driving, and what each repeat gave."""

    words: str
    rates: list[float]
    """Explanations a second, one a repeat."""
    latencies: list[float]
    """Milliseconds, one a request, all repeats."""
    cpu: float
    """Milliseconds of the server's CPU an explanation, its processes together."""
    driver: float
    """The same of the driver, bodies made before left out."""


Run = tuple[float, list[float], float]
"""Explanations a second, each request's milliseconds, and the driver's seconds of CPU."""


def main() -> None:
    """Starts the server, drives it, prints the page and writes it."""
    options, busy = _options(), os.getloadavg()[0]
    make = Batches(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        wide_student(Path(folder) / "student")
        full = [load for n in PROCESSES for load in _at_full_speed(Path(folder) / "student", n, make, options)]
        with _server(Path(folder) / "student", PROCESSES[-1]) as (port, pid):
            _full(port, make, 2, 1.0)
            given = [
                _repeated(f"{r:,} a second", options.repeats, partial(_given, port, make, r, options.seconds), pid)
                for r in LOADS
            ]
    page = _page(full, given, busy, options)
    sys.stdout.write(page)
    if options.out:
        options.out.write_text(page)


def _at_full_speed(student: Path, processes: int, make: Batches, options: argparse.Namespace) -> Iterator[Load]:
    with _server(student, processes) as (port, pid):
        _full(port, make, 2, 1.0)  # word lists and patterns are loaded once a process
        for n in CONNECTIONS:
            words = f"--processes {processes}, {n} connection{'s' * (n > 1)}"
            yield _repeated(words, options.repeats, partial(_full, port, make, n, options.seconds), pid)


@contextmanager
def _server(student: Path, processes: int) -> Iterator[tuple[int, int]]:
    """Its port and its process."""
    command = [sys.executable, "-m", "recjudge.cli", "serve", "--judge", str(student), "--port", "0"]
    command += ["--processes", str(processes)]
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | one) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().rpartition(":")[2]), process.pid
        finally:
            process.terminate()


def _repeated(words: str, repeats: int, drive: Callable[[], Run], pid: int) -> Load:
    before = _cpu(pid)
    runs = [drive() for _ in range(repeats)]
    latencies = [took for _, took_all, _ in runs for took in took_all]
    each = 1000 / (BATCH * len(latencies))
    driver = sum(cpu for *_, cpu in runs)
    return Load(words, [rate for rate, *_ in runs], latencies, (_cpu(pid) - before) * each, driver * each)


def _full(port: int, make: Batches, connections: int, seconds: float) -> Run:
    """As fast as answers come."""
    bodies = [[_body(make) for _ in range(int(seconds * 4000 / BATCH / connections) + 1)] for _ in range(connections)]
    until, cpu = time.perf_counter() + seconds, time.process_time()

    def one(mine: Sequence[bytes]) -> tuple[list[float], float]:
        took: list[float] = []
        for body in mine:
            began = time.perf_counter()
            if began >= until:
                break
            _ask(port, body)
            took.append(1000 * (time.perf_counter() - began))
        return took, time.perf_counter()

    started = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        found = list(pool.map(one, bodies))
    latencies = [took for mine, _ in found for took in mine]
    rate = 1.0 * BATCH * len(latencies) / (max(ended for _, ended in found) - started)
    return rate, latencies, time.process_time() - cpu


def _given(port: int, make: Batches, rate: int, seconds: float) -> Run:
    """At fixed times: what was answered a second, and milliseconds from each request's time to its answer."""
    count = max(2, round(rate * seconds / BATCH))
    bodies = [_body(make) for _ in range(count)]
    started, cpu = time.perf_counter() + 0.05, time.process_time()

    def one(number: int) -> float:
        due: float = started + number * BATCH / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        _ask(port, bodies[number])
        return 1000 * (time.perf_counter() - due)

    with ThreadPoolExecutor(16) as pool:
        latencies = list(pool.map(one, range(count)))
    return float(BATCH) * count / (time.perf_counter() - started), latencies, time.process_time() - cpu


def _body(make: Batches) -> bytes:
    batch = make.batch()
    columns = {name: [sample.context[name] for sample in batch] for name in ("item", "interest")}
    return json.dumps({"completions": [sample.output for sample in batch], "columns": columns}).encode()


def _ask(port: int, body: bytes) -> None:
    """One request on the thread's own connection; anything but a number for each explanation ends the benchmark."""
    if getattr(KEPT, "port", None) != port:
        KEPT.connection, KEPT.port = http.client.HTTPConnection("127.0.0.1", port), port
    KEPT.connection.request("POST", "/v1/rewards", body, {"Content-Type": "application/json"})
    answer = KEPT.connection.getresponse()
    raw = answer.read()
    rewards = json.loads(raw)["rewards"] if answer.status == 200 else []
    if len(rewards) != BATCH or None in rewards:
        raise SystemExit(f"{answer.status}: {raw[:400]!r}")


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process and its children have taken (Linux)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in (pid, *children)]
    return sum(int(words[11]) + int(words[12]) for words in fields) / float(os.sysconf("SC_CLK_TCK"))


def _page(full: list[Load], given: list[Load], busy: float, options: argparse.Namespace) -> str:
    cores = os.cpu_count() or 1
    rest = " Other work took part of the cores: run it again when they are free." if busy > cores / 4 else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    lines = [
        "# A Student over HTTP",
        "",
        f"`recjudge serve`, driven by another process over loopback, on {cores} cores. A request has "
        f"{BATCH} explanations",
        "(8 items with 8 each; every feature, a target for each dimension and the grade), each text new to the server.",
        f"{options.repeats} repeats of {options.seconds:g} s each, seed {options.seed}, {python}; load average before "
        f"it {busy:.1f}.{rest}",
        "Made by `python benchmarks/serve_speed.py`.",
        "",
        "Full speed: each connection sends its next request when the last is answered. CPU ms each: for one",
        "explanation, of the server with its processes, and of the driver, which shares the cores.",
        "",
        *_table(full),
        "",
        f"Given loads, --processes {PROCESSES[-1]}: requests leave at fixed times, and a latency runs from the time at",
        "which its request was due.",
        "",
        *_table(given),
        "",
    ]
    return "\n".join(lines)


def _table(loads: list[Load]) -> list[str]:
    head = (
        "| Load | explanations a second: mean | least–most of repeats | p50 ms | p99 ms | requests "
        "| CPU ms each: server | driver |"
    )
    rows = [
        f"| {load.words} | {mean(load.rates):,.0f} | {min(load.rates):,.0f}–{max(load.rates):,.0f} | "
        f"{median(load.latencies):.0f} | {_p99(load.latencies):.0f} | {len(load.latencies):,} "
        f"| {load.cpu:.3f} | {load.driver:.3f} |"
        for load in loads
    ]
    return [head, "|---|---:|---:|---:|---:|---:|---:|---:|", *rows]


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.5)
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
