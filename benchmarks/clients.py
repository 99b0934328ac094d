"""Clients that put the same four questions on the same samples to one server; each run is a process of its own.

    python benchmarks/clients.py --client "recjudge compatible/" --port 40123 --file samples.jsonl

Run by `performance.py`. Bare clients send what recjudge would, rendered beforehand; recjudge does all it does in a run:
rendering, request, pace, retries, strict parsing, durable ledger and verdict file. `with probabilities` asks for the
label's log-probabilities as recjudge does unless told not to: replies of 42 kB; without, everybody's are 1 kB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODEL = "mock"
WORDS = "a plain guide shows how the old garden market offers local summer recipes with clear steps and useful tips"


def main() -> None:
    """Runs one client and prints its line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options(parser, list(CLIENTS))
    asked = parser.parse_args()
    CLIENTS[asked.client](asked)


def options(parser: argparse.ArgumentParser, names: list[str]) -> None:
    """What every client is told."""
    parser.add_argument("--client", required=True, choices=names)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--concurrency", type=int, default=64)


def bare_aiohttp(logprobs: bool) -> Callable[[argparse.Namespace], None]:
    """aiohttp and orjson, a fixed pool of workers."""

    def client(asked: argparse.Namespace) -> None:
        import aiohttp
        import orjson

        bodies = [orjson.dumps(body) for body in _bodies(asked.file, "compatible", logprobs)]

        async def run() -> int:
            url = f"http://127.0.0.1:{asked.port}/v1/chat/completions"
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

                async def one(body: bytes) -> None:
                    async with session.post(url, data=body, headers={"content-type": "application/json"}) as reply:
                        orjson.loads(orjson.loads(await reply.read())["choices"][0]["message"]["content"])

                return await pool(bodies, asked.concurrency, one)

        timed(lambda: asyncio.run(run()))

    return client


def bare_openai(asked: argparse.Namespace) -> None:
    """The official SDK's `create` on its fastest transport."""
    import openai
    import orjson

    bodies = _bodies(asked.file, "openai", False)

    async def run() -> int:
        http = openai.DefaultAioHttpClient()
        async with openai.AsyncOpenAI(base_url=_url(asked, "openai"), api_key="mock", http_client=http) as client:

            async def one(body: dict[str, Any]) -> None:
                reply = await client.chat.completions.create(**body)
                orjson.loads(reply.choices[0].message.content or "")

            return await pool(bodies, asked.concurrency, one)

    timed(lambda: asyncio.run(run()))


def bare_anthropic(asked: argparse.Namespace) -> None:
    """The official SDK's `create` on its fastest transport."""
    import anthropic
    import orjson

    bodies = _bodies(asked.file, "anthropic", False)

    async def run() -> int:
        http = anthropic.DefaultAioHttpClient()
        url = _url(asked, "anthropic")
        async with anthropic.AsyncAnthropic(base_url=url, api_key="mock", http_client=http) as client:

            async def one(body: dict[str, Any]) -> None:
                reply = await client.messages.create(**body)
                orjson.loads(getattr(reply.content[0], "text", ""))

            return await pool(bodies, asked.concurrency, one)

    timed(lambda: asyncio.run(run()))


def recjudge_on(kind: str, **sampling: Any) -> Callable[[argparse.Namespace], None]:
    """The whole of recjudge on one provider."""

    def client(asked: argparse.Namespace) -> None:
        from recjudge import Judge, Options, connect, load_rubric, score

        provider = _Noting(connect(f"{kind}/{MODEL}", base_url=_url(asked, kind), api_key="mock", **sampling))
        judge = Judge.of(provider, load_rubric(HERE / "four.toml"))
        _import_client(kind)

        def run() -> int:
            out = asked.file.with_name(f"{time.time_ns()}.verdicts.jsonl")
            done = score(asked.file, judge, out=out, task="four", options=Options(concurrency=asked.concurrency))
            judged = list(done)
            assert all(verdict.grade for verdict in judged), "a verdict is missing"
            return sum(verdict.cost.calls for verdict in judged)

        timed(run, provider)

    return client


@dataclass
class _Noting:
    """A provider that notes how much CPU the process had used when its first call left."""

    inner: Any
    first: float | None = None

    @property
    def name(self) -> str:
        return str(self.inner.name)

    async def ask(self, prompt: Any) -> Any:
        if self.first is None:
            self.first = _cpu()
        return await self.inner.ask(prompt)

    async def close(self) -> None:
        await self.inner.close()


def _import_client(kind: str) -> None:
    if kind == "openai":
        import openai  # noqa: F401 - its import is start-up
    elif kind == "anthropic":
        import anthropic  # noqa: F401
    else:
        import aiohttp  # noqa: F401


def _url(asked: argparse.Namespace, kind: str) -> str:
    return f"http://127.0.0.1:{asked.port}" + ("" if kind == "anthropic" else "/v1")


def _bodies(file: Path, kind: str, logprobs: bool) -> list[dict[str, Any]]:
    """What recjudge's provider of that kind would send, call by call."""
    from recjudge.judge import Sample, connect, prompts, read
    from recjudge.judge.providers import Prompt
    from recjudge.judge.providers.chat import chat_body
    from recjudge.judge.replies import finding_schema
    from recjudge.rubrics import load_rubric

    rubric = load_rubric(HERE / "four.toml")
    most = {"openai": "max_completion_tokens"}.get(kind, "max_tokens")
    made = []
    for sample in read(file, tasks={"four": rubric}, task="four"):
        assert isinstance(sample, Sample)
        for dim in rubric.dimensions:
            prompt = Prompt(
                prompts.SYSTEM, prompts.context_block(sample, rubric), prompts.artefact_block(sample),
                prompts.ask_question(rubric, dim), finding_schema(dim), label_key="label", labels=dim.labels,
            )  # fmt: skip
            if kind == "anthropic":
                made.append(connect(f"anthropic/{MODEL}", api_key="mock").body(prompt))  # type: ignore[attr-defined]
            else:
                made.append(chat_body(MODEL, prompt, {most: prompt.max_tokens}, logprobs=logprobs))
    return made


async def pool(jobs: list[Any], concurrency: int, work: Callable[[Any], Awaitable[None]]) -> int:
    """Does every job with a fixed number of workers; returns how many there were."""
    left = iter(jobs)

    async def worker() -> None:
        for job in left:
            await work(job)

    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return len(jobs)


def timed(run: Callable[[], int], noting: Any = None, **more: str) -> None:
    """Runs it and prints one line: calls, CPU and wall seconds, CPU before it (imports) and to a first call, MiB."""
    before, start = _cpu(), time.perf_counter()
    calls = run()
    used, wall = _cpu() - before, time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    line: dict[str, Any] = {"calls": calls, "cpu": used, "wall": wall, "startup": before, "peak": peak, **more}
    if noting is not None:
        line["first"] = noting.first
    print(json.dumps(line))


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Samples of some 220 words, the same in every run."""
    chance, words = random.Random(7), WORDS.split()

    def text(length: int) -> str:
        return " ".join(chance.choice(words) for _ in range(length)).capitalize() + "."

    for number in range(count):
        yield {"id": f"s{number}", "context": {"prompt": text(40), "source": text(60)}, "output": text(120)}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


CLIENTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "bare aiohttp": bare_aiohttp(logprobs=False),
    "recjudge compatible/": recjudge_on("compatible", logprobs=False),
    "bare aiohttp, with probabilities": bare_aiohttp(logprobs=True),
    "recjudge compatible/, with probabilities": recjudge_on("compatible"),
    "bare openai SDK": bare_openai,
    "recjudge openai/": recjudge_on("openai", logprobs=False),
    "bare anthropic SDK": bare_anthropic,
    "recjudge anthropic/": recjudge_on("anthropic"),
}

if __name__ == "__main__":
    main()
