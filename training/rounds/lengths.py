"""Rows that a trainer will cut: those of more tokens than it takes, counted before it does so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_ANSWERS = ("completion", "chosen", "rejected")


def rows_over(rows: Iterable[Mapping[str, Any]], tokenizer: Any, most: int | None) -> int | None:
    """Rows of which a text (of a pair, either) has more than `most` tokens; None where nothing is cut.

    A text is what TRL makes of a row: a conversation by the chat template; else prompt, answer and the end token.
    """
    if most is None:
        return None
    return sum(any(_length(text, tokenizer) > most for text in _texts(row)) for row in rows)


def _texts(row: Mapping[str, Any]) -> Iterator[Any]:
    if "messages" in row:
        yield row["messages"]
    prompt = row.get("prompt", "")
    yield from (prompt + row[name] for name in _ANSWERS if name in row)


def _length(text: Any, tokenizer: Any) -> int:
    if isinstance(text, str):
        return len(tokenizer(text)["input_ids"]) + 1
    whole = tokenizer.apply_chat_template(text, tokenize=False)
    return len(tokenizer(whole, add_special_tokens=False)["input_ids"])
