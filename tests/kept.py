"""What tests of the ledger put into it."""

import asyncio
import dataclasses

from recjudge.judge.ledger.ledger import Ledger
from recjudge.judge.ledger.rows import Attempt, InputRow, Listed, call_key
from recjudge.judge.providers.base import Prompt, Reply, Usage
from recjudge.judge.records import digest

WHO = {"judge": "scripted", "rubric": "text@1"}
PROMPT = Prompt(
    "be a judge", "history\n", "text\n", "how good?", {"type": "object"}, label_key="label", labels=("a", "b")
)
REPLY = Reply('{"label":"a"}', Usage(100, 10, 5), "model-1", "fp", {"a": 0.9, "b": 0.1}, {"q": {"a": 1.0}, "r": None})
OK = Attempt("ok", "2026-01-01T00:00:00+00:00", 0.5, "", REPLY.usage, 0.25, 0.25)
KEY = call_key("scripted", PROMPT.key)
COLUMNS = "run, key, status, grade, body, seal"


def prompt(number: int) -> Prompt:
    return dataclasses.replace(PROMPT, body=f"text {number}\n")


def key_of(number: int) -> str:
    return call_key("scripted", prompt(number).key)


def rows(n: int) -> list[InputRow]:
    return [InputRow(i, digest(i), f"id{i}", f"in.jsonl:{i + 1}") for i in range(n)]


def index(ledger: Ledger, n: int) -> None:
    ledger.start_input()
    ledger.add_inputs(rows(n))
    ledger.add_listed([Listed("in.jsonl:9", "output", "is missing", "add it")])
    ledger.finish_input("sha", n + 1)


async def add_replies(ledger: Ledger, numbers: range) -> None:
    jobs = (ledger.add_reply(key_of(i), "scripted", prompt(i), Reply(f"reply {i}"), OK) for i in numbers)
    await asyncio.gather(*jobs)
