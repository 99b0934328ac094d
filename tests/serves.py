"""A real service on a free port of 127.0.0.1, in a thread, and a client that says what it was answered."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import uvicorn
from recjudge.judge import Judge, Options, Prompt, Scripted
from recjudge.judge.student import Student
from recjudge.training.serving import Guard, Service, guard
from recjudge.training.serving.app import application

from makers import rubric, said
from makers_students import small_student

GOOD = "Waterproof mesh keeps your feet dry on wet mountain trails"
POOR = "Great!"
SHOE = {"title": "Ridge shoe", "material": "waterproof mesh"}


@dataclass(frozen=True)
class Given:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def rewards(self) -> list[float | None]:
        assert self.status == 200, self.raw
        return self.json["rewards"]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Client:
    """Asks the service, each time on a connection of its own."""

    port: int
    service: Service | None = None

    def ask(self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str) -> Given:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Given(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Given:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Given:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", path, raw, **{"Content_Type": "application/json", **headers})

    def rewards(self, texts: list[Any], **more: Any) -> Given:
        return self.post("/v1/rewards", {"completions": texts, **more})

    def counts(self, start: str) -> dict[str, float]:
        """The metrics that begin so."""
        lines = [line for line in self.get("/metrics").raw.decode().splitlines() if line.startswith(start)]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@contextmanager
def served(judge: Any, *, watch: Guard | None = None, **more: Any) -> Iterator[Client]:
    """The service while the block runs."""
    service = Service(judge, **more)
    service.start()
    bound = socket.create_server(("127.0.0.1", 0))
    app = application(service, watch or guard("127.0.0.1", None))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", ws="none"))
    thread = Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield Client(bound.getsockname()[1], service)
    finally:
        server.should_exit = True
        thread.join()
        service.stop()


def texts_judge(answer: Callable[[Prompt], Any] | None = None) -> Judge:
    """A judge of texts that asks a scripted provider."""
    return Judge.of(Scripted(answer or (lambda prompt: said())), rubric())


def student(folder: Path) -> Student:
    """A small one, of explanations."""
    return small_student(folder / "student")


def columns(size: int) -> dict[str, Any]:
    """What a data set has beside the completions."""
    return {"interest": ["trail running"] * size, "item": [SHOE] * size}


class Held:
    """A scorer that waits until it is let go, so that requests pile up behind it."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.kind = inner, inner.kind
        self.entered, self.go = Event(), Event()

    def scores(self, task: str, samples: Any) -> Any:
        self.entered.set()
        assert self.go.wait(30)
        return self.inner.scores(task, samples)


ONCE = Options(attempts=1)
