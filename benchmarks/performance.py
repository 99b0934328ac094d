"""What recjudge costs beside bare clients and other judges, against its goals: one command that writes one page.

    python benchmarks/performance.py --mock PATH [--runs 5] [--readme]     (`make bench MOCK=PATH`)
    python benchmarks/performance.py --quick                               (tiny, without peers; writes nothing)

The mock server is any program that answers OpenAI chat completions and Anthropic messages on 127.0.0.1, prints a JSON
line with its `port` when it is up, takes `--latency fixed:MS`, and tells at `/__stats` how many `requests` it had.
Without one the tests' own server answers, which is slower than some clients: then walls are the server's.
Clients take turns, round by round; a ratio is of one round. Peers install into environments of their own, once.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from clients import CLIENTS, rows  # type: ignore[import-not-found]
from peer_places import PINNED, place  # type: ignore[import-not-found]
from performance_page import (  # type: ignore[import-not-found]
    FEW,
    LEXICAL,
    MANY,
    OURS,
    PAGE,
    README,
    TAUGHT,
    WHOLE,
    ZERO,
    Figure,
    Line,
    Rounds,
    Scenario,
    page,
    with_block,
)

HERE = Path(__file__).parent
RUNS = (
    ("`local/lexical`, whole runs in one process: explanations a second", "local/lexical", 6000, 1),
    (LEXICAL, "local/lexical", 20_000, 2),
    (TAUGHT, "local", 1500, 2),
)
"""Whole runs without a provider: what they are called, the judge, samples, processes."""
LEAN = ("bare aiohttp", OURS, "bare aiohttp, with probabilities", WHOLE)


def main() -> None:
    """Measures everything, prints the page, writes it unless asked for a quick look."""
    asked = _options()
    with tempfile.TemporaryDirectory() as folder:
        found, skipped = compare(asked, Path(folder))
        first = [_startup(asked, Path(folder)) for _ in range(asked.runs)]
    more = {} if asked.quick else embedded(asked.runs)
    text = page(asked, found, skipped, first, more)
    print(text)
    if not asked.quick:
        PAGE.write_text(text)
    if asked.readme:
        README.write_text(with_block(README.read_text(), text))


def compare(asked: argparse.Namespace, folder: Path) -> tuple[dict[Scenario, Rounds], dict[str, str]]:
    """Every client in every scenario, in turn; and why a peer was left out."""
    commands, skipped = {name: [sys.executable, str(HERE / "clients.py")] for name in CLIENTS}, {}
    for name in () if asked.quick or asked.no_peers else PINNED:
        python = place(name)
        if isinstance(python, Path):
            commands[name] = [str(python), str(HERE / "peers.py")]
        else:
            skipped[name] = python
    found: dict[Scenario, Rounds] = {}
    for scenario in (ZERO,) if asked.quick else (ZERO, FEW, MANY):
        found[scenario] = []
        for number in range(asked.runs):
            turn = list(commands)[number % len(commands) :] + list(commands)[: number % len(commands)]
            told = {}
            for name in turn:
                count = max(2, asked.samples // _share(name, scenario))
                told[name] = measure(asked.mock, name, commands[name], scenario, _file(folder, count))
                cost = 1000 * told[name]["cpu"] / told[name]["calls"]
                print(f"{scenario.name}: {name}: {cost:.2f} ms", file=sys.stderr)
            found[scenario].append(told)
    return found, skipped


def _share(name: str, scenario: Scenario) -> int:
    """One sample in so many is judged, by those that take long; figures are per call."""
    if name in LEAN:
        return 1
    if name == "deepeval":
        return 32
    return 8 if scenario.latency else 2 if name in CLIENTS else 4


def measure(mock: Path | None, name: str, command: Sequence[str], scenario: Scenario, file: Path) -> Line:
    """One run of one client against a server of its own: what it told, and the `requests` that the server counted."""
    with _serving(mock, scenario.latency) as port, tempfile.TemporaryDirectory() as home:
        told = ["--client", name, "--port", str(port), "--concurrency", str(scenario.flight), "--file", str(file)]
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        ended = subprocess.run(
            [*command, *told], capture_output=True, text=True, check=False, cwd=home, env=env | {"HOME": home}
        )  # in a folder of its own: some peers leave files where they stand
        if ended.returncode:
            raise SystemExit(f"{name}: {ended.stderr[-2000:]}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/__stats") as reply:
            requests = json.load(reply)["requests"]
    line: Line = json.loads(ended.stdout.splitlines()[-1])
    return line | {"requests": requests}


@contextmanager
def _serving(mock: Path | None, latency: float) -> Iterator[int]:
    own = [sys.executable, "-m", "tests.servers.wire", "--latency-ms", f"{latency:g}"]
    command = [str(mock), "--latency", f"fixed:{latency:g}"] if mock else own
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=HERE.parent)
    try:
        assert server.stdout
        yield json.loads(server.stdout.readline())["port"]
    finally:
        server.terminate()
        server.wait()
        if server.stdout:
            server.stdout.close()


def _startup(asked: argparse.Namespace, folder: Path) -> float:
    """CPU seconds of a process until its first call leaves."""
    command = [sys.executable, str(HERE / "clients.py")]
    return float(measure(asked.mock, WHOLE, command, ZERO, _file(folder, 2))["first"])


def _file(folder: Path, count: int) -> Path:
    file = folder / f"{count}.jsonl"
    if not file.exists():
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows(count)))
    return file


def embedded(runs: int) -> dict[str, Figure]:
    """What the other scripts measure of the judge that asks nobody."""
    found: dict[str, list[float]] = {}
    for seed in range(min(runs, 3)):
        for name, judge, samples, count in RUNS:
            told = _script("embedded_speed.py", "--judge", judge, "--samples", str(samples),
                           "--processes", str(count), "--seed", str(seed))  # fmt: skip
            _add(found, name, r"\(([\d,]+)/s\)", told)
            _add(found, f"peak MB of `{judge}` in {count}, {samples:,} samples", r"peak ([\d,]+) MB", told)
        told = _script("judging_speed.py", "--samples", "400", "--runs", "1")
        _add(found, "CPU ms of judging alone, `local/prior` without embeddings", r"\| as it is \| ([\d.]+)", told)
    with tempfile.NamedTemporaryFile(suffix=".md") as file:
        _script("embedding_speed.py", "--samples", "32", "--rounds", "2", "--out", file.name)
        row = r"\| explanations: `local` \|.*\| ([\d.,]+) \| [\d.]+ \|"
        _add(found, "explanations a CPU second, `local` with embeddings", row, Path(file.name).read_text())
    return {name: Figure(tuple(values)) for name, values in found.items()}


def _script(name: str, *given: str) -> str:
    ended = subprocess.run([sys.executable, str(HERE / name), *given], capture_output=True, text=True, check=False)
    if ended.returncode:
        print(f"{name}: {ended.stderr[-1000:]}", file=sys.stderr)
    return ended.stdout


def _add(found: dict[str, list[float]], name: str, pattern: str, text: str) -> None:
    values = found.setdefault(name, [])
    if match := re.search(pattern, text):
        values.append(float(match[1].replace(",", "")))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mock", type=Path, help="the mock server's program")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a look whether all works")
    parser.add_argument("--readme", action="store_true", help="put the table of goals into README.md too")
    asked = parser.parse_args()
    if asked.quick:
        asked.runs, asked.samples = 1, 16
    return asked


if __name__ == "__main__":
    main()
