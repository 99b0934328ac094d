"""Our own lean HTTP path: one aiohttp session a provider, JSON bytes out, bounded JSON bytes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .faults import MOST_BODY, compressed, connection_fault, http_fault, too_large


@dataclass(frozen=True, slots=True)
class Wire:
    """An open session; its key goes to the one address it was opened for and nowhere else."""

    session: Any = field(repr=False)
    url: Any
    secrets: Sequence[str | None] = field(repr=False)

    @classmethod
    def open(cls, url: str, key: str | None) -> Wire:
        """Opens a session without cookies, proxies, redirects or a limit: callers bound what is in flight."""
        import aiohttp
        from yarl import URL

        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={**headers, "User-Agent": "recjudge"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            trust_env=False,
        )
        return cls(session, URL(url, encoded=True), (key,))

    async def post(self, body: bytes) -> bytes:
        """The body of a reply of status 200. Raises `ProviderFault` for anything else."""
        import aiohttp

        try:
            async with self.session.post(self.url, data=body, allow_redirects=False) as response:
                content = await _bounded(response)
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise connection_fault(error, self.secrets) from None
        if response.status != 200:
            headers = {name.lower(): value for name, value in response.headers.items()}
            raise http_fault(response.status, headers, content, self.secrets)
        return content

    async def close(self) -> None:
        """Closes the session and its connections."""
        await self.session.close()


async def _bounded(response: Any) -> bytes:
    headers = response.headers
    if (encoding := headers.get("Content-Encoding", "identity")) != "identity":
        raise compressed(encoding)
    if (response.content_length or 0) > MOST_BODY:
        raise too_large(response.content_length)
    content = await response.content.readany()
    while chunk := await response.content.readany():
        content += chunk
        if len(content) > MOST_BODY:
            raise too_large()
    return content  # type: ignore[no-any-return]  # aiohttp is imported late
