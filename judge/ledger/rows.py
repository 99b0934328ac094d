"""The rows of a ledger: their tables, what they are in Python, how prompts and replies become bytes and come back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from ..providers.base import Prompt, Question, Reply, Usage
from ..records import Status, canonical

_NO_USAGE = Usage()
_STATUSES = ", ".join(f"'{status}'" for status in Status)

SCHEMA = f"""
CREATE TABLE runs(run INTEGER PRIMARY KEY, identity BLOB NOT NULL, started TEXT NOT NULL, seal BLOB NOT NULL);
CREATE TABLE given(run INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, n_in INTEGER NOT NULL,
    n_rows INTEGER NOT NULL, n_listed INTEGER NOT NULL, seal BLOB NOT NULL);
CREATE TABLE inputs(run INTEGER NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL,
    place TEXT NOT NULL, kind TEXT NOT NULL, grp TEXT, record BLOB, seal BLOB NOT NULL, UNIQUE (run, seq));
CREATE TABLE listed(run INTEGER NOT NULL, place TEXT NOT NULL, field TEXT NOT NULL, problem TEXT NOT NULL,
    remedy TEXT NOT NULL, seal BLOB NOT NULL);
CREATE TABLE providers(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE texts(key BLOB NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE attempts(number INTEGER PRIMARY KEY, key BLOB NOT NULL, run INTEGER NOT NULL, provider INTEGER NOT NULL,
    system BLOB NOT NULL, shared BLOB NOT NULL, body BLOB NOT NULL, ask BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ({_STATUSES})), detail TEXT NOT NULL, started TEXT NOT NULL,
    seconds REAL NOT NULL CHECK (seconds >= 0), tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL, usd REAL, usd_at_most REAL, seal BLOB NOT NULL);
CREATE INDEX attempts_of_call ON attempts(key);
CREATE TABLE replies(key BLOB NOT NULL UNIQUE, body BLOB NOT NULL, seal BLOB NOT NULL);
CREATE TABLE verdicts(run INTEGER NOT NULL, key BLOB NOT NULL, status TEXT NOT NULL CHECK (status IN ({_STATUSES})),
    grade TEXT, body BLOB NOT NULL, seal BLOB NOT NULL, UNIQUE (run, key),
    CHECK ((grade IS NOT NULL) = (status = 'ok')));
"""


class InputRow(NamedTuple):
    """One thing to judge, at its place in the input."""

    seq: int
    key: str
    """`Sample.key`, or the key of a set: rows with one key are judged once."""
    id: str
    place: str
    kind: str = "sample"
    """`sample` or `set`."""
    group: str | None = None
    record: bytes | None = None
    """The record itself, where the run should not depend on the file it came from."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A record that could not be read: where, what is wrong, what to do."""

    place: str
    field: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the finished index says of the input."""

    sha256: str
    n_in: int
    """Records read, judged or listed."""
    n_rows: int
    """Rows of the index: a record may hold several samples, and sets have rows of their own."""
    n_listed: int


class Judged(NamedTuple):
    """A stored verdict at one place of the input."""

    seq: int
    place: str
    id: str
    body: bytes
    status: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request, sent once: how it ended, what it took."""

    status: str
    started: str
    """UTC, ISO 8601."""
    seconds: float
    """By the monotonic clock."""
    detail: str = ""
    """What the provider said against it, without secrets, at most 200 characters."""
    usage: Usage = _NO_USAGE
    usd: float | None = None
    """What it cost; None where no price is known, or no usage was told."""
    usd_at_most: float | None = None
    """What it can have cost: `usd` where that is known, the worst case of a request that failed after it was sent."""

    def cells(self) -> tuple[str | int | float | None, ...]:
        """In the table's order."""
        used = (self.usage.tokens_in, self.usage.tokens_cached, self.usage.tokens_out)
        dollars = tuple(None if usd is None else float(usd) for usd in (self.usd, self.usd_at_most))
        return (self.status, self.detail, self.started, float(self.seconds), *used, *dollars)


@dataclass(frozen=True, slots=True)
class Call:
    """All that is stored of one call: the exact prompt, the reply if one stands, every attempt."""

    key: str
    provider: str
    prompt: Prompt
    reply: Reply | None
    attempts: list[Attempt]


@dataclass(slots=True)
class Totals:
    """What a run has cost so far."""

    attempts: int = 0
    calls: int = 0
    """Attempts that brought a complete reply."""
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    usd: float | None = None
    """Known cost; None where nothing had a price."""
    usd_at_most: float = 0.0
    """Known cost and the worst case of what failed after it was sent."""
    by_status: Counter[str] = field(default_factory=Counter)
    damaged: int = 0
    """Rows left out because they do not match their hash."""

    def add(self, attempt: Attempt) -> None:
        """Counts one attempt."""
        self.attempts += 1
        self.calls += attempt.status == Status.OK
        self.tokens_in += attempt.usage.tokens_in
        self.tokens_cached += attempt.usage.tokens_cached
        self.tokens_out += attempt.usage.tokens_out
        if attempt.usd is not None:
            self.usd = (self.usd or 0.0) + attempt.usd
        self.usd_at_most += attempt.usd_at_most or 0.0
        self.by_status[attempt.status] += 1


def call_key(provider: str, prompt_key: str) -> str:
    """The key of a stored reply: who was asked, and all that was sent."""
    return hashlib.sha256(f"{provider}\n{prompt_key}".encode()).hexdigest()


def pack_parts(prompt: Prompt) -> tuple[str, str, str, bytes]:
    """The four texts of a prompt that are stored once each; the last is the question and all that shapes the answer."""
    questions = [[question.name, question.text, question.levels] for question in prompt.questions]
    shape = (prompt.schema, prompt.schema_name, prompt.label_key, prompt.labels, prompt.max_tokens, questions)
    return prompt.system, prompt.shared, prompt.body, orjson.dumps([prompt.question, *shape])


def unpack_parts(parts: list[bytes]) -> Prompt:
    """The prompt that `pack_parts` took apart."""
    system, shared, body = (part.decode() for part in parts[:3])
    question, schema, name, label_key, labels, max_tokens, questions = orjson.loads(parts[3])
    rows = tuple(
        Question(one, text, tuple((label, words) for label, words in levels)) for one, text, levels in questions
    )
    return Prompt(system, shared, body, question, schema, name, label_key, tuple(labels), max_tokens, rows)


def pack_reply(reply: Reply) -> bytes:
    """A reply as JSON bytes."""
    usage = (reply.usage.tokens_in, reply.usage.tokens_cached, reply.usage.tokens_out)
    said = (_plain(reply.distribution), _plain(reply.answers))
    return canonical([reply.text, usage, reply.model, reply.fingerprint, *said])


def unpack_reply(body: bytes) -> Reply:
    """The reply that `pack_reply` wrote, marked as cached."""
    text, usage, model, fingerprint, distribution, answers = orjson.loads(body)
    return Reply(text, Usage(*usage), model, fingerprint, distribution, answers, cached=True)


def unpack_attempt(row: tuple[Any, ...]) -> Attempt:
    """The attempt in a row of its table."""
    status, detail, started, seconds, tokens_in, cached, out, usd, usd_at_most = row[8:-1]
    return Attempt(status, started, seconds, detail, Usage(tokens_in, cached, out), usd, usd_at_most)


def _plain(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if value is None else {key: _plain(v) if isinstance(v, Mapping) else v for key, v in value.items()}
