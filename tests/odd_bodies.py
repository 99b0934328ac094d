"""Bodies that no client should send, and some that are only wrong inside; every one is to be answered in words."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

TEXTS = st.text(max_size=40) | st.sampled_from(["", "\x00", "{0.__class__}", "{{7*7}}", "[{", "```json\n{", "Great!"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
KEYS = st.sampled_from(["completions", "prompts", "columns", "records", "task", "deadline", "query", "labels", "id"])
ROWS = st.lists(
    st.fixed_dictionaries({}, optional={"id": VALUES, "output": VALUES, "task": VALUES, "context": VALUES}), max_size=3
)
ASKED = st.one_of(
    st.dictionaries(KEYS | TEXTS, VALUES, max_size=4),
    st.fixed_dictionaries({"completions": st.lists(VALUES, max_size=3)}, optional={"task": VALUES}),
    st.fixed_dictionaries({"records": ROWS}, optional={"deadline": VALUES}),
    st.fixed_dictionaries({"query": st.lists(TEXTS, min_size=1, max_size=2), "prompts": st.lists(TEXTS, max_size=2)}),
    st.lists(TEXTS, min_size=1, max_size=3).map(
        lambda texts: {"completions": texts, "columns": {"item": texts, "history": texts}}
    ),
)
BODIES = st.one_of(ASKED.map(lambda value: json.dumps(value).encode()), VALUES.map(lambda v: json.dumps(v).encode()))


def torn(body: bytes, seed: int) -> bytes:
    """The body with a byte lost, doubled or changed, or cut short; sometimes whole."""
    pick = Random(seed)
    if not body:
        return body
    at = pick.randrange(len(body))
    ways: list[Any] = [
        lambda: body,
        lambda: body[:at],
        lambda: body[:at] + body[at + 1 :],
        lambda: body[:at] + bytes([pick.randrange(256)]) + body[at + 1 :],
        lambda: body[:at] + body[at : at + 8] + body[at:],
    ]
    return pick.choice(ways)()  # type: ignore[no-any-return]
