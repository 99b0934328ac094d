"""CPU a call, everything included, against bare clients that send the same bytes to the same mock server in one run.

    python benchmarks/calls.py --mock PATH/TO/mockllm [--samples 1000] [--runs 3] [--latency 0]

The mock server is any program that answers OpenAI chat completions on 127.0.0.1, prints a JSON line with its `port`
when it is up, and takes `--latency fixed:MS`. Every client is a process of its own; its user and system time after
start-up (imports done, nothing sent) is divided by the calls. Rows: bare aiohttp and the bare openai SDK with prompts
rendered beforehand, then `recjudge` on both paths: rendering, request, pace, retries, strict parsing, durable ledger
and verdict file. Medians over the runs, interleaved. `--peer NAME=PYTHON` adds a client of `peers.py` that runs in an
environment of its own, on the first of the samples (`SHARE`), for the slow ones take long.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODEL = "mock"
WORDS = [
    "a",
    "plain",
    "guide",
    "shows",
    "how",
    "the",
    "old",
    "garden",
    "market",
    "offers",
    "local",
    "summer",
    "recipes",
    "with",
    "clear",
    "steps",
    "and",
    "useful",
    "tips",
]


def main() -> None:
    """Runs every client, prints the table, writes it to results/."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mock", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--client", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.client:
        CLIENTS[asked.client](asked)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "samples.jsonl"
        file.write_text("".join(f"{json.dumps(row)}\n" for row in _rows(asked.samples)))
        few = Path(folder) / "few.jsonl"
        few.write_text("".join(f"{json.dumps(row)}\n" for row in _rows(asked.samples // SHARE)))
        commands = {name: [sys.executable, __file__, "--mock", "-", "--file", str(file)] for name in CLIENTS}
        for name, _, python in (peer.partition("=") for peer in asked.peer):
            commands[name] = [python, str(HERE / "peers.py"), "--file", str(few)]
        runs = [{name: _measure(name, asked, command) for name, command in commands.items()} for _ in range(asked.runs)]
    table = _table(runs, asked)
    print(table)
    name = "calls" if not asked.latency else f"calls-{asked.latency:g}ms"
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / f"{name}.md").write_text(table + "\n")


def bare_aiohttp(asked: argparse.Namespace) -> None:
    """aiohttp and orjson, a fixed pool of workers, prompts rendered beforehand."""
    import aiohttp
    import orjson

    bodies = [orjson.dumps(body) for body in _bodies(asked.file)]

    async def run() -> int:
        url = f"http://127.0.0.1:{asked.port}/v1/chat/completions"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def one(body: bytes) -> None:
                async with session.post(url, data=body, headers={"content-type": "application/json"}) as reply:
                    orjson.loads(orjson.loads(await reply.read())["choices"][0]["message"]["content"])

            return await pool(bodies, asked.concurrency, one)

    timed(lambda: asyncio.run(run()))


def bare_openai(asked: argparse.Namespace) -> None:
    """The official SDK's `create`, default transport, prompts rendered beforehand."""
    import openai
    import orjson

    bodies = _bodies(asked.file)

    async def run() -> int:
        async with openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{asked.port}/v1", api_key="mock") as client:

            async def one(body: dict[str, Any]) -> None:
                reply = await client.chat.completions.create(**body)
                orjson.loads(reply.choices[0].message.content or "")

            return await pool(bodies, asked.concurrency, one)

    timed(lambda: asyncio.run(run()))


def recjudge_on(kind: str) -> Callable[[argparse.Namespace], None]:
    """The whole of recjudge on one provider."""

    def client(asked: argparse.Namespace) -> None:
        from recjudge import Judge, Options, connect, load_rubric, score

        base = f"http://127.0.0.1:{asked.port}/v1"
        judge = Judge.of(connect(f"{kind}/{MODEL}", base_url=base, api_key="mock"), load_rubric(HERE / "four.toml"))
        _import_client(kind)

        def run() -> int:
            out = asked.file.with_name(f"{kind}-{time.time_ns()}.verdicts.jsonl")
            done = score(asked.file, judge, out=out, task="four", options=Options(concurrency=asked.concurrency))
            judged = list(done)
            assert all(verdict.grade for verdict in judged), "a verdict is missing"
            return sum(verdict.cost.calls for verdict in judged)

        timed(run)

    return client


def _import_client(kind: str) -> None:
    if kind == "openai":
        import openai  # noqa: F401 - its import is start-up
    else:
        import aiohttp  # noqa: F401


def _bodies(file: Path) -> list[dict[str, Any]]:
    from recjudge.judge import Sample, prompts, read
    from recjudge.judge.replies import finding_schema
    from recjudge.rubrics import load_rubric

    rubric = load_rubric(HERE / "four.toml")
    made = []
    for sample in read(file, tasks={"four": rubric}, task="four"):
        assert isinstance(sample, Sample)
        shown = prompts.context_block(sample, rubric) + prompts.artefact_block(sample)
        for dimension in rubric.dimensions:
            words = [
                {"role": "system", "content": prompts.SYSTEM},
                {"role": "user", "content": shown + prompts.ask_question(rubric, dimension)},
            ]
            schema = {"name": "finding", "strict": True, "schema": finding_schema(dimension)}
            made.append(
                {"model": MODEL, "messages": words, "response_format": {"type": "json_schema", "json_schema": schema}}
            )
    return made


async def pool(jobs: list[Any], concurrency: int, work: Callable[[Any], Awaitable[None]]) -> int:
    """Does every job with a fixed number of workers; returns how many there were."""
    left = iter(jobs)

    async def worker() -> None:
        for job in left:
            await work(job)

    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return len(jobs)


def timed(run: Callable[[], int], **more: str) -> None:
    """Runs it and prints one line: calls, CPU and wall seconds, CPU before it (imports), peak MiB."""
    before, start = _cpu(), time.perf_counter()
    calls = run()
    used, wall = _cpu() - before, time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"calls": calls, "cpu": used, "wall": wall, "startup": before, "peak": peak} | more))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _measure(name: str, asked: argparse.Namespace, command: list[str]) -> dict[str, float]:
    flags = [asked.mock, "--latency", f"fixed:{asked.latency:g}"]
    server = subprocess.Popen(flags, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout
        port = json.loads(server.stdout.readline())["port"]
        command = [*command, "--client", name, "--port", str(port), "--concurrency", str(asked.concurrency)]
        with tempfile.TemporaryDirectory() as home:
            env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
            ended = subprocess.run(command, capture_output=True, text=True, check=False, env=env | {"HOME": home})
        if ended.returncode:
            raise SystemExit(f"{name}: {ended.stderr[-2000:]}")
        found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
        return found
    finally:
        server.terminate()
        server.wait()


def _rows(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)

    def text(words: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize() + "."

    for number in range(count):
        yield {"id": f"s{number}", "context": {"prompt": text(40), "source": text(60)}, "output": text(120)}


def _table(runs: list[dict[str, dict[str, float]]], asked: argparse.Namespace) -> str:
    head = "| client | CPU ms a call | ratio to its bare client | wall s | start-up CPU s | peak MiB |"
    head += "\n|---|---|---|---|---|---|"
    rows = []
    for name in runs[0]:
        cost = [1000 * run[name]["cpu"] / run[name]["calls"] for run in runs]
        bare = BARE.get(name, "bare openai SDK")
        floor = [1000 * run[bare]["cpu"] / run[bare]["calls"] for run in runs]
        ratio = statistics.median(one / other for one, other in zip(cost, floor, strict=True))
        wall, start, peak = (statistics.median(run[name][key] for run in runs) for key in ("wall", "startup", "peak"))
        spread = f"{statistics.median(cost):.2f} [{min(cost):.2f}, {max(cost):.2f}]"
        rows.append(f"| {_version(name, runs)} | {spread} | {ratio:.2f} | {wall:.2f} | {start:.2f} | {peak:.0f} |")
    note = (
        f"\n{asked.samples} samples x 4 dimensions, {asked.concurrency} in flight, {asked.latency:g} ms latency; "
        f"median of {asked.runs} interleaved runs [least, most]."
    )
    return "\n".join([head, *rows, note])


def _version(name: str, runs: list[dict[str, dict[str, float]]]) -> str:
    version = runs[0][name].get("version")
    return f"{name} {version}" if version else name


SHARE = 4
"""Peers judge one sample in four; their figures are per call."""

CLIENTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "bare aiohttp": bare_aiohttp,
    "recjudge compatible/": recjudge_on("compatible"),
    "bare openai SDK": bare_openai,
    "recjudge openai/": recjudge_on("openai"),
}
BARE = {
    "bare aiohttp": "bare aiohttp",
    "recjudge compatible/": "bare aiohttp",
    "bare openai SDK": "bare openai SDK",
    "recjudge openai/": "bare openai SDK",
}

if __name__ == "__main__":
    main()
