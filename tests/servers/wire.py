"""A loopback server that speaks the judges' protocols and fails on demand; run inside a test's loop or as a process.

Endpoints (the end of the path decides, so any base path works; `base_url` is `http://127.0.0.1:PORT/v1`, for the
Anthropic SDK without `/v1`): `chat/completions` with json_schema and logprobs, `decisions`, `systemone`, `messages`
with output_config or a forced tool. A good reply satisfies the request's schema and is the same for the same body.

Inside a test:

    async with Wire(faults=[{"mode": "500", "first": 2}]) as wire:   # or Wire(reply=lambda body: {...})
        provider = connect("compatible/m", base_url=wire.url)
        ...
        assert wire.stats()["bills"] == 1

As a process: `python -m tests.servers.wire --port 0 [--latency-ms 5] [--faults JSON] [--key KEY] [--replies JSON]`
prints one line `{"port": 40123, "pid": 77, "url": "http://127.0.0.1:40123/v1"}` and serves until it is ended.

How a request gets a fault, first match wins:
- header `x-fault: MODE`; - a model named `anything!MODE` (or `anything!MODE*2`: the first 2 requests of each body);
- the script `faults`: rules {"mode": MODE, "first": 2, "when": "words", "share": 0.1, "every": 3, "until": 40}.
  `first` (of each distinct body), `when` (words in the body), `share` (by a hash of body and attempt), `every` (each
  k-th request), `until` (the first n requests in all) all have to hold; a rule without them always holds.
MODE is a key of `modes.MODES`, with an argument after a colon where it takes one: `429-after:2`, `length:30`, `hang:5`.

What is said: `replies`, a list of {"when": "words", "reply": VALUE} (VALUE a JSON value, or a str sent as it is), or in
a test `reply`, a function of the body; otherwise a made-up value.

Control, as JSON over HTTP: `GET /__stats`, `GET /__log`, `POST /__reset`, `POST /__control` with any of
{"faults": [...], "replies": [...], "latency_ms": 5, "keys": ["k"]}. Stats: `requests`, `bodies` (distinct), `bills`
(requests for which the model ran), `repaid` (bills beyond the first of each body), `max_bills`, `by_mode`,
`connections`, `in_flight_max`. A log entry: `n, t, path, mode, model, body` (SHA-256), `billed`, `bytes`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

import orjson

from .modes import RESET, Answer, misbehave
from .speech import Script, chat, decisions, messages, systemone

Rule = dict[str, Any]
FAMILIES = {
    "/chat/completions": ("openai", chat),
    "/decisions": ("decisions", decisions),
    "/systemone": ("systemone", systemone),
    "/messages": ("anthropic", messages),
}
LIMITS = {
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-reset-requests": "6ms",
    "anthropic-ratelimit-requests-remaining": "9999",
}


@dataclass
class Wire:
    """The server; `async with Wire() as wire` listens on a free port of 127.0.0.1."""

    faults: Sequence[Rule] = ()
    reply: Script | None = None
    replies: Sequence[Rule] = ()
    latency_ms: float = 0.0
    keys: Sequence[str] = ()
    """Accepted API keys; empty accepts all."""
    port: int = 0
    log: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    """Bodies as received, in order, for tests inside the loop."""
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0
    in_flight: int = 0
    in_flight_max: int = 0
    _seen: Counter[str] = field(default_factory=Counter)
    _bills: Counter[str] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _writers: WeakSet[asyncio.StreamWriter] = field(default_factory=WeakSet)
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Wire:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, limit=2**24)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await _steps(3)  # a connection that was just accepted becomes a task first
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # a task that was cancelled before its first step has closed nothing
        for writer in self._writers:
            writer.transport.abort()
        await _steps(3)

    @property
    def url(self) -> str:
        """The base URL of the OpenAI-shaped endpoints."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def root(self) -> str:
        """The base URL for the Anthropic SDK."""
        return f"http://127.0.0.1:{self.port}"

    def stats(self) -> dict[str, Any]:
        """Counts since the start or the last reset."""
        return {
            "requests": len(self.log),
            "bodies": len(self._seen),
            "bills": self._bills.total(),
            "repaid": sum(count - 1 for count in self._bills.values() if count),
            "max_bills": max(self._bills.values(), default=0),
            "by_mode": dict(Counter(entry["mode"] for entry in self.log)),
            "connections": self.connections,
            "in_flight_max": self.in_flight_max,
        }

    def reset(self) -> None:
        """Forgets what was counted and logged; keeps faults and replies."""
        for kept in (self.log, self.requests, self.headers, self._seen, self._bills):
            kept.clear()
        self.connections = self.in_flight_max = 0

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; False when the connection is over."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        content = await reader.readexactly(int(headers.get("content-length", 0)))
        if path.startswith("/__"):
            answer = self._control(method, path, content)
        else:
            self.in_flight += 1
            self.in_flight_max = max(self.in_flight, self.in_flight_max)
            try:
                answer = self._answer(path, headers, content)
                await asyncio.sleep(self.latency_ms / 1000)
                return await _send(writer, answer)
            finally:
                self.in_flight -= 1
        return await _send(writer, answer)

    def _answer(self, path: str, headers: dict[str, str], content: bytes) -> Answer:
        found = next((FAMILIES[end] for end in FAMILIES if path.endswith(end)), None)
        if found is None:
            return Answer({"error": {"message": f"no such path {path}"}}, 404, billed=False)
        family, speak = found
        body = orjson.loads(content)
        key = hashlib.sha256(content).hexdigest()
        self._seen[key] += 1
        mode = self._mode(body, headers, content, self._seen[key])
        answer = misbehave(Answer(None if mode[0] in "45" else speak(body, self._script), headers=LIMITS), mode, family)
        self._bills[key] += answer.billed
        self._note(path, headers, body, mode, key, answer, len(content))
        return answer

    def _mode(self, body: dict[str, Any], headers: dict[str, str], content: bytes, seen: int) -> str:
        given = headers.get("authorization", "").removeprefix("Bearer ") or headers.get("x-api-key", "")
        if self.keys and given not in self.keys:
            return "401"
        if mode := headers.get("x-fault"):
            return mode
        if mode := str(body.get("model", "")).partition("!")[2]:
            name, _, first = mode.partition("*")
            return name if not first or seen <= int(first) else "ok"
        text, number = content.decode(), len(self.log) + 1
        return next((rule["mode"] for rule in self.faults if _holds(rule, text, seen, number)), "ok")

    def _script(self, body: dict[str, Any]) -> Any:
        if self.reply is not None:
            return self.reply(body)
        text = orjson.dumps(body).decode() if self.replies else ""
        return next((rule["reply"] for rule in self.replies if rule.get("when", "") in text), None)

    def _note(
        self, path: str, headers: dict[str, str], body: Any, mode: str, key: str, answer: Answer, size: int
    ) -> None:
        self.requests.append(body)
        self.headers.append(headers)
        entry = {"n": len(self.log) + 1, "t": time.time(), "path": path, "mode": mode, "model": body.get("model")}
        self.log.append(entry | {"body": key, "billed": answer.billed, "bytes": size})

    def _control(self, method: str, path: str, content: bytes) -> Answer:
        if method == "POST" and path == "/__control":
            for name, value in orjson.loads(content).items():
                if name not in ("faults", "replies", "latency_ms", "keys"):
                    return Answer({"error": f"unknown setting {name!r}"}, 400)
                setattr(self, name, value)
        elif method == "POST" and path == "/__reset":
            self.reset()
        elif path == "/__log":
            return Answer(self.log)
        return Answer(self.stats())


def _holds(rule: Rule, text: str, seen: int, number: int) -> bool:
    if "share" in rule:
        draw = int(hashlib.sha256(f"{seen}{text}".encode()).hexdigest()[:8], 16) / 2**32
        if draw >= rule["share"]:
            return False
    return (
        seen <= rule.get("first", seen)
        and rule.get("when", "") in text
        and number % rule.get("every", 1) == 0
        and number <= rule.get("until", number)
    )


async def _steps(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> bool:
    body = orjson.dumps(answer.payload) if answer.body is None else answer.body
    headers = {"content-type": "application/json", **answer.headers, "content-length": str(len(body) + answer.claim)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    message = f"HTTP/1.1 {answer.status} X\r\n{lines}\r\n".encode() + body
    if answer.stream is None:
        writer.write(message)
        await writer.drain()
        return not answer.claim
    async for part in answer.stream(message):
        if part == RESET:
            _reset(writer)
            return False
        writer.write(part)
        await writer.drain()
    # A cut chunk ends the connection; a message sent slowly is whole and may be followed by another.
    return b"chunked" not in message and part[-1:] == message[-1:]


def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _forever(wire: Wire) -> None:
    async with wire:
        line = {"port": wire.port, "pid": os.getpid(), "url": wire.url}
        sys.stdout.write(orjson.dumps(line).decode() + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--faults", type=orjson.loads, default=[])
    parser.add_argument("--replies", type=orjson.loads, default=[])
    parser.add_argument("--key", action="append", default=[], dest="keys")
    asyncio.run(_forever(Wire(**vars(parser.parse_args()))))


if __name__ == "__main__":
    main()
