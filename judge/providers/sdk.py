"""The official SDKs' HTTP client as we want it: aiohttp below, no redirects, no compression, bounded replies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from types import ModuleType
from typing import Any

from ...errors import UsageError
from .faults import MOST_BODY, compressed, too_large

TRANSPORTS = ("aiohttp", "httpx2")


def http_client(sdk: ModuleType, transport: Any, timeout: float) -> Any:
    """An httpx2 client for `openai` or `anthropic`; `transport` is one of `TRANSPORTS` or an httpx2 transport."""
    common: dict[str, Any] = {
        "follow_redirects": False,
        "timeout": timeout,
        "headers": {"accept-encoding": "identity"},
        "event_hooks": {"response": [_bound]},
    }
    if transport == "aiohttp":
        return sdk.DefaultAioHttpClient(**common)
    if transport == "httpx2":
        return sdk.DefaultAsyncHttpxClient(**common)
    if isinstance(transport, str):
        raise UsageError(f"unknown transport {transport!r}; known: {', '.join(TRANSPORTS)}, or an httpx2 transport")
    return sdk.DefaultAsyncHttpxClient(transport=transport, **common)


async def _bound(response: Any) -> None:
    """Runs before the SDK reads a reply, so that what it reads into memory is bounded."""
    encoding = response.headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise compressed(encoding)
    response.stream = _bounded_stream()(response.stream)


@cache
def _bounded_stream() -> type:
    import httpx2

    class Bounded(httpx2.AsyncByteStream):
        def __init__(self, stream: Any) -> None:
            self.stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in self.stream:
                size += len(chunk)
                if size > MOST_BODY:
                    raise too_large()
                yield chunk

        async def aclose(self) -> None:
            await self.stream.aclose()

    return Bounded
