"""OpenAI's batches through its official client: a file of requests, a batch on it, files of outputs and errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson

from ...errors import ProviderFault
from ..ledger.shelf import Batch
from ..providers.base import Prompt, Reply
from ..providers.chat import part, read_chat
from ..providers.faults import body_fault, http_fault, redacted
from ..providers.openai_chat import OpenAIChat
from .services import Look, NotAnswered, Opened, split

_MARK = "recjudge"
_ENDED = frozenset({"completed", "expired", "cancelled"})
_LATER = ("token_limit", "rate_limit", "limit_reached", "quota")
"""Words of the code of a batch that was refused because too much is queued."""
_PATH = "/v1/chat/completions"
_PAGE = 100


class OpenAIBatches(Opened[OpenAIChat]):
    """A batch keeps our label in its metadata, and so it is found again for sure."""

    labels = True

    def line(self, key: str, prompt: Prompt) -> bytes:
        """One request."""
        return orjson.dumps({"custom_id": key, "method": "POST", "url": _PATH, "body": self.provider.body(prompt)})

    async def send(self, label: str, lines: Sequence[bytes]) -> str:
        """Uploads the file, makes the batch. A file without a batch costs nothing and expires by itself."""
        client = self._opened()
        named = (f"{_MARK}-{label}.jsonl", b"\n".join(lines) + b"\n", "application/jsonl")
        file = await self._ask(client.files.with_raw_response.create, file=named, purpose="batch")
        made = await self._ask(
            client.batches.with_raw_response.create, completion_window="24h", endpoint=_PATH,
            input_file_id=str(file.get("id")), metadata={_MARK: label},
        )  # fmt: skip
        return _id(made)

    async def find(self, batch: Batch, known: set[str]) -> str | None:
        """By its label, page by page."""
        more: dict[str, Any] = {}
        while True:
            page = await self._ask(self._opened().batches.with_raw_response.list, limit=_PAGE, **more)
            rows = [row for row in page.get("data") or () if isinstance(row, dict)]
            for row in rows:
                if part(row.get("metadata"), _MARK) == batch.label:
                    return _id(row)
            if not page.get("has_more") or not rows:
                return None
            more = {"after": _id(rows[-1])}

    async def look(self, id: str) -> Look:
        """Where it is."""
        row = await self._ask(self._opened().batches.with_raw_response.retrieve, batch_id=id)
        status, counts = row.get("status"), row.get("request_counts") or {}
        done = sum(n for n in (part(counts, "completed"), part(counts, "failed")) if type(n) is int)
        total = part(counts, "total")
        n = total if type(total) is int else 0
        if status == "failed":
            return Look("refused", done, n, fault=self._refusal(row))
        if status not in _ENDED:
            return Look("waiting", done, n)
        files = tuple(row[name] for name in ("output_file_id", "error_file_id") if isinstance(row.get(name), str))
        return Look("ended", done, n, files, expired=status != "completed")

    async def results(self, id: str, look: Look) -> AsyncIterator[bytes]:
        """The lines of the outputs, then those of the errors."""
        for file in look.files:
            with self._faults(read=False):
                async with self._opened().files.with_streaming_response.content(file) as response:
                    async for line in split(response.iter_bytes()):
                        yield line

    def read(self, row: dict[str, Any], prompt: Prompt) -> Reply:
        """The reply of a line, as strict as that of a call."""
        secrets = self.provider.secrets()
        if error := row.get("error"):
            code = part(error, "code")
            said = redacted(f"{code}: {part(error, 'message')}", secrets)
            if code in ("batch_expired", "batch_cancelled"):
                raise NotAnswered(said)
            raise ProviderFault(said, retriable=True)
        response = row.get("response")
        body = orjson.dumps(part(response, "body"))
        status = part(response, "status_code")
        if type(status) is not int:
            raise body_fault("the result has no status", orjson.dumps(row), secrets)
        if status != 200:
            raise http_fault(status, {}, body, secrets)
        return read_chat(body, prompt, secrets)

    def _errors(self) -> tuple[type[Exception], type[Exception]]:
        import openai

        return openai.APIStatusError, openai.OpenAIError

    def _refusal(self, row: dict[str, Any]) -> ProviderFault:
        rows = part(row.get("errors"), "data")
        first = rows[0] if isinstance(rows, list) and rows else {}
        said = redacted(f"{part(first, 'code')}: {part(first, 'message')}", self.provider.secrets())
        later = any(word in str(part(first, "code")) for word in _LATER)
        return ProviderFault(said, throttled=later, retriable=later, fatal=not later, sent=False)


def _id(row: dict[str, Any]) -> str:
    if not isinstance(found := row.get("id"), str) or not found:
        raise ProviderFault("the batch API names no id", retriable=True)
    return found
