"""A loopback batch service in a thread: OpenAI's files and batches, Anthropic's message batches, and single calls.

    with BatchService(Mischief(drop=0.1, shuffle=True)) as service:
        judge = load_judge("openai/m", base_url=service.url)   # service.root for anthropic/m

What is said is `speech`'s, so a batch and a single call answer a request alike. A request is treated badly only the
first time it comes, so that what is asked again is answered. `hiccups` are (method and path begin, mode): each makes
one call fail: `before` (500, nothing done), `after` (done, then 500), `throttled` (429), `full` (a batch that is
refused because too much is queued).
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from .speech import Script, chat, messages

Row = dict[str, Any]


@dataclass
class Mischief:
    """Shares of the results of a batch that go wrong, each result in one way at most."""

    shuffle: bool = True
    drop: float = 0.0
    twice: float = 0.0
    """Came again, word for word."""
    second: float = 0.0
    """Came again, with other words."""
    expire: float = 0.0
    error: float = 0.0
    unknown: int = 0
    """Results under ids that nobody asked for, a batch."""
    broken: int = 0
    """Lines that are no JSON, a batch."""
    seed: int = 0


@dataclass
class Made:
    """One batch, as the service keeps it."""

    id: str
    rows: list[Row]
    metadata: Row
    created: datetime
    looks: int = 0
    files: dict[str, str] = field(default_factory=dict)
    refused: bool = False


class BatchService:
    """`async`-free on purpose: it lives beside a run that has a loop of its own."""

    def __init__(self, mischief: Mischief | None = None, *, script: Script | None = None, looks: int = 1) -> None:
        self.mischief, self.script, self.looks = mischief or Mischief(), script, looks
        self.hiccups: list[tuple[str, str]] = []
        self.batches: list[Made] = []
        self.files: dict[str, bytes] = {}
        self.asked: Counter[str] = Counter()
        """How often each custom_id came."""
        self.answered: Counter[str] = Counter()
        """How often the model ran for it."""
        self.calls: list[str] = []
        self.single = 0
        """Calls outside of any batch."""
        self._lock = threading.Lock()

    def __enter__(self) -> BatchService:
        service = self

        class Handler(_Handler):
            owner = service

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.url = f"{self.root}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def base_url(self, name: str) -> str:
        """As this provider's client wants it."""
        return self.root if name.startswith("anthropic/") else self.url

    def answer(self, method: str, target: str, kind: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of one call."""
        with self._lock:
            parts = urlsplit(target)
            path = parts.path.removeprefix("/v1")
            self.calls.append(f"{method} {path}")
            mode = self._hiccup(f"{method} {path}")
            if mode == "before":
                return 500, orjson.dumps({"error": {"message": "down", "type": "api_error"}})
            if mode == "throttled":
                return 429, orjson.dumps({"error": {"message": "slow down", "type": "rate_limit_error"}})
            given = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, said = self._route(method, path, kind, body, given)
            if mode == "full":
                self.batches[-1].refused = True
            if mode == "after":
                return 500, orjson.dumps({"error": {"message": "down after", "type": "api_error"}})
            return status, said if isinstance(said, bytes) else orjson.dumps(said)

    def _hiccup(self, call: str) -> str:
        for at, (begin, mode) in enumerate(self.hiccups):
            if call.startswith(begin):
                del self.hiccups[at]
                return mode
        return ""

    def _route(self, method: str, path: str, kind: str, body: bytes, given: dict[str, str]) -> tuple[int, Any]:
        words = path.strip("/").split("/")
        match (method, *words):
            case ("POST", "chat", "completions"):
                self.single += 1
                return 200, chat(_ordered(orjson.loads(body)), self.script)
            case ("POST", "messages"):
                self.single += 1
                return 200, messages(_ordered(orjson.loads(body)), self.script)
            case ("POST", "files"):
                return 200, {"id": self._keep(_uploaded(kind, body)), "object": "file", "purpose": "batch"}
            case ("GET", "files", name, "content") if name in self.files:
                return 200, self.files[name]
            case ("POST", "batches"):
                asked = orjson.loads(body)
                rows = [orjson.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
                return 200, self._openai(self._make("batch", rows, asked.get("metadata") or {}))
            case ("POST", "messages", "batches"):
                return 200, self._anthropic(self._make("msgbatch", orjson.loads(body)["requests"], {}))
            case ("GET", "batches"):
                return 200, self._page([self._openai(one) for one in self._newest("batch")], given, "after")
            case ("GET", "messages", "batches"):
                return 200, self._page([self._anthropic(one) for one in self._newest("msgbatch")], given, "after_id")
            case ("GET", "batches", id) if found := self._found(id):
                found.looks += 1
                return 200, self._openai(found)
            case ("GET", "messages", "batches", id) if found := self._found(id):
                found.looks += 1
                return 200, self._anthropic(found)
            case ("GET", "messages", "batches", id, "results") if found := self._found(id):
                return 200, self.files[self._results(found)["all"]]
        return 404, {"error": {"message": f"no {method} {path}", "type": "not_found_error"}}

    def _make(self, kind: str, rows: list[Row], metadata: Row) -> Made:
        made = Made(f"{kind}_{len(self.batches) + 1}", rows, metadata, datetime.now(UTC))
        self.batches.append(made)
        self.asked.update(row["custom_id"] for row in rows)
        return made

    def _newest(self, kind: str) -> list[Made]:
        return [one for one in reversed(self.batches) if one.id.startswith(f"{kind}_")]

    def _found(self, id: str) -> Made | None:
        return next((one for one in self.batches if one.id == id), None)

    def _page(self, rows: Sequence[Row], given: dict[str, str], cursor: str) -> Row:
        ids = [row["id"] for row in rows]
        start = ids.index(given[cursor]) + 1 if cursor in given else 0
        end = start + int(given.get("limit", 20))
        shown = list(rows[start:end])
        first, last = (shown[0]["id"], shown[-1]["id"]) if shown else (None, None)
        return {"object": "list", "data": shown, "has_more": end < len(rows), "first_id": first, "last_id": last}

    def _openai(self, made: Made) -> Row:
        ended = made.looks > self.looks
        row: Row = {
            "id": made.id, "object": "batch", "endpoint": "/v1/chat/completions", "completion_window": "24h",
            "input_file_id": "file_x", "status": "in_progress", "created_at": int(made.created.timestamp()),
            "metadata": made.metadata,
            "request_counts": {"total": len(made.rows), "completed": len(made.rows) if ended else 0, "failed": 0},
        }  # fmt: skip
        if made.refused:
            errors = {"data": [{"code": "token_limit_exceeded", "message": "too many tokens are queued"}]}
            return row | {"status": "failed", "errors": errors}
        if ended:
            files = self._results(made)
            row |= {"status": "expired" if files["expired"] else "completed", "output_file_id": files["out"]}
            row |= {"error_file_id": files["errors"] or None}
        return row

    def _anthropic(self, made: Made) -> Row:
        ended = made.looks > self.looks
        counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
        counts["succeeded" if ended else "processing"] = len(made.rows)
        stamp = made.created.isoformat()
        return {
            "id": made.id, "type": "message_batch", "processing_status": "ended" if ended else "in_progress",
            "request_counts": counts, "created_at": stamp, "expires_at": stamp,
            "results_url": f"{self.url}/messages/batches/{made.id}/results" if ended else None,
        }  # fmt: skip

    def _results(self, made: Made) -> dict[str, str]:
        if not made.files:
            out, errors, expired = self._worked(made)
            made.files = {"out": self._keep(b"\n".join(out)), "expired": "yes" if expired else ""}
            made.files["errors"] = self._keep(b"\n".join(errors)) if errors else ""
            made.files["all"] = self._keep(b"\n".join([*out, *errors]))
        return made.files

    def _worked(self, made: Made) -> tuple[list[bytes], list[bytes], bool]:
        bad, rng = self.mischief, random.Random(f"{self.mischief.seed}{made.id}")
        speak = _openai_row if made.id.startswith("batch_") else _anthropic_row
        out, late, errors, expired = [], [], [], False
        for row in made.rows:
            key, draw = row["custom_id"], rng.random() if self.asked[row["custom_id"]] == 1 else 1.0
            kinds = ("drop", "twice", "second", "expire", "error")
            ends = [sum(getattr(bad, kind) for kind in kinds[: at + 1]) for at in range(len(kinds))]
            kind = next((kind for kind, end in zip(kinds, ends, strict=True) if draw < end), "")
            if kind in ("expire", "error"):
                expired |= kind == "expire"
                errors.append(speak(row, kind, self.script))
            elif kind != "drop":
                self.answered[key] += 1
                out.append(speak(row, "", self.script))
                out += [out[-1]] if kind == "twice" else []
                # the first is kept, so the other has to come after it
                late += [speak(row, "second", self.script)] if kind == "second" else []
        out += [speak({**made.rows[0], "custom_id": f"{n:064x}"}, "", self.script) for n in range(bad.unknown)]
        out += [b'{"custom_id": "half a li %d' % n for n in range(bad.broken)]
        return [*(_shuffled(out, rng) if bad.shuffle else out), *late], errors, expired

    def _keep(self, content: bytes) -> str:
        name = f"file_{len(self.files) + 1}"
        self.files[name] = content
        return name


def _shuffled(lines: list[bytes], rng: random.Random) -> list[bytes]:
    order = sorted(range(len(lines)), key=lambda _: rng.random())
    return [lines[at] for at in order]


def _openai_row(row: Row, kind: str, script: Script | None) -> bytes:
    made: Row = {"id": f"r_{row['custom_id'][:8]}", "custom_id": row["custom_id"], "response": None, "error": None}
    if kind == "expire":
        made["error"] = {"code": "batch_expired", "message": "This request could not be executed in time."}
    elif kind == "error":
        made["response"] = {"status_code": 500, "request_id": "x", "body": {"error": {"message": "upstream"}}}
    else:
        body = chat(_ordered(row["body"]), script)
        if kind == "second":
            body["choices"][0]["message"]["content"] = "{}"
        made["response"] = {"status_code": 200, "request_id": "x", "body": body}
    return orjson.dumps(made)


def _anthropic_row(row: Row, kind: str, script: Script | None) -> bytes:
    result: Row = {"type": "expired"}
    if kind == "error":
        result = {"type": "errored", "error": {"type": "error", "error": {"type": "api_error", "message": "upstream"}}}
    elif kind != "expire":
        message = messages(_ordered(row["params"]), script)
        if kind == "second":
            message["content"] = [{"type": "text", "text": "{}"}]
        result = {"type": "succeeded", "message": message}
    return orjson.dumps({"custom_id": row["custom_id"], "result": result})


def _ordered(body: Row) -> Row:
    """A client may send its members in any order; within them the order is the asker's."""
    return dict(sorted(body.items()))


def _uploaded(kind: str, body: bytes) -> bytes:
    """The file of a multipart body."""
    boundary = b"--" + kind.partition("boundary=")[2].strip('"').encode()
    part = next(part for part in body.split(boundary) if b'name="file"' in part[:400])
    return part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")


class _Handler(BaseHTTPRequestHandler):
    owner: BatchService
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        body = self._body()
        status, said = self.owner.answer(self.command, self.path, self.headers.get("content-type", ""), body)
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(said)}\r\n\r\n"
        self.wfile.write(head.encode() + said)

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    do_GET = do_POST = _serve

    def log_message(self, *_: object) -> None:
        """Says nothing."""
