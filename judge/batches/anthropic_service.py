"""Anthropic's message batches through its official client: requests in one body, results as one file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from ...errors import ProviderFault
from ..ledger.shelf import Batch
from ..providers.anthropic_messages import AnthropicMessages, read_message
from ..providers.base import Prompt, Reply
from ..providers.chat import part
from ..providers.faults import body_fault, http_fault
from .services import Look, NotAnswered, Opened, split

_SKEW = timedelta(minutes=10)
"""By how much the provider's clock may be behind ours."""
_STATUS = {
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
    "not_found_error": 404, "request_too_large": 413, "rate_limit_error": 429, "api_error": 500,
    "timeout_error": 504, "overloaded_error": 529,
}  # fmt: skip
"""What a single call of that error would have been answered with."""
_PAGE = 100


class AnthropicBatches(Opened[AnthropicMessages]):
    """A batch has no place for our label: it is found by its time and its size, and proved by its results."""

    labels = False

    def line(self, key: str, prompt: Prompt) -> bytes:
        """One request."""
        return orjson.dumps({"custom_id": key, "params": self.provider.body(prompt)})

    async def send(self, label: str, lines: Sequence[bytes]) -> str:
        """One call, which begins the work at once."""
        requests = [orjson.loads(line) for line in lines]
        return _id(await self._ask(self._opened().messages.batches.with_raw_response.create, requests=requests))

    async def find(self, batch: Batch, known: set[str]) -> str | None:
        """The oldest that was made after ours was noted, has as many requests, and is no other of ours."""
        since = datetime.fromisoformat(batch.made) - _SKEW
        found: str | None = None
        more: dict[str, Any] = {}
        while True:
            page = await self._ask(self._opened().messages.batches.with_raw_response.list, limit=_PAGE, **more)
            rows = [row for row in page.get("data") or () if isinstance(row, dict)]
            fresh = [row for row in rows if _time(row.get("created_at")) >= since]
            for row in fresh:
                if _total(row) == batch.n and _id(row) not in known:
                    found = _id(row)  # newest come first, so the last one seen is the oldest
            if not page.get("has_more") or len(fresh) < len(rows) or not rows:
                return found
            more = {"after_id": _id(rows[-1])}

    async def look(self, id: str) -> Look:
        """Where it is."""
        row = await self._ask(self._opened().messages.batches.with_raw_response.retrieve, message_batch_id=id)
        counts = row.get("request_counts")
        total, left = _total(row), part(counts, "processing")
        done = total - left if type(left) is int else 0
        if row.get("processing_status") != "ended":
            return Look("waiting", done, total)
        return Look("ended", done, total, (id,))

    async def results(self, id: str, look: Look) -> AsyncIterator[bytes]:
        """The lines of the results, in no order."""
        with self._faults(read=False):
            async with self._opened().messages.batches.with_streaming_response.results(id) as response:
                async for line in split(response.iter_bytes()):
                    yield line

    def read(self, row: dict[str, Any], prompt: Prompt) -> Reply:
        """The reply of a line, as strict as that of a call."""
        secrets, result = self.provider.secrets(), row.get("result")
        kind = part(result, "type")
        if kind in ("expired", "canceled"):
            raise NotAnswered(f"the request {kind} before it was worked at")
        if kind == "errored":
            error = part(result, "error")
            error = part(error, "error") or error
            raise http_fault(_STATUS.get(str(part(error, "type")), 500), {}, orjson.dumps({"error": error}), secrets)
        if kind != "succeeded":
            raise body_fault("the result is of no known kind", orjson.dumps(row), secrets)
        return read_message(orjson.dumps(part(result, "message")), secrets)

    def _errors(self) -> tuple[type[Exception], type[Exception]]:
        import anthropic

        return anthropic.APIStatusError, anthropic.AnthropicError


def _total(row: dict[str, Any]) -> int:
    counts = row.get("request_counts")
    return sum(n for n in counts.values() if type(n) is int) if isinstance(counts, dict) else 0


def _time(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ProviderFault("the batch API tells no time of a batch", retriable=True) from None


def _id(row: dict[str, Any]) -> str:
    if not isinstance(found := row.get("id"), str) or not found:
        raise ProviderFault("the batch API names no id", retriable=True)
    return found
