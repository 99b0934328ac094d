"""The official SDKs' HTTP client as we want it: aiohttp below, no redirects, no compression, bounded replies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import cache, partial
from types import ModuleType
from typing import Any

from ...errors import UsageError
from .faults import MOST_BODY, compressed, too_large

TRANSPORTS = ("aiohttp", "httpx2")


def http_client(sdk: ModuleType, transport: Any, timeout: float, most: int = MOST_BODY) -> Any:
    """An httpx2 client for `openai` or `anthropic`; `transport` is one of `TRANSPORTS` or an httpx2 transport.

    most: bytes of one reply.
    """
    common: dict[str, Any] = {
        "follow_redirects": False,
        "timeout": timeout,
        "headers": {"accept-encoding": "identity"},
        "event_hooks": {"response": [partial(_bound, most=most)]},
    }
    if transport == "aiohttp":
        return sdk.DefaultAioHttpClient(**common)
    if transport == "httpx2":
        return sdk.DefaultAsyncHttpxClient(**common)
    if isinstance(transport, str):
        raise UsageError(f"unknown transport {transport!r}; known: {', '.join(TRANSPORTS)}, or an httpx2 transport")
    return sdk.DefaultAsyncHttpxClient(transport=transport, **common)


def sent(body: Mapping[str, Any], typed: Sequence[str]) -> dict[str, Any]:
    """The arguments of an SDK's call: those it must have, and all else as it is.

    The SDK walks its arguments along their types, which for a JSON schema takes as long as all the rest of a call.
    """
    known = {name: body[name] for name in typed if name in body}
    return {**known, "extra_body": {name: value for name, value in body.items() if name not in known}}


async def _bound(response: Any, most: int) -> None:
    """Runs before the SDK reads a reply, so that what it reads into memory is bounded."""
    encoding = response.headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise compressed(encoding)
    response.stream = _bounded_stream()(response.stream, most)


@cache
def _bounded_stream() -> type:
    import httpx2

    class Bounded(httpx2.AsyncByteStream):
        def __init__(self, stream: Any, most: int) -> None:
            self.stream, self.most = stream, most

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in self.stream:
                size += len(chunk)
                if size > self.most:
                    raise too_large(most=self.most)
                yield chunk

        async def aclose(self) -> None:
            await self.stream.aclose()

    return Bounded
