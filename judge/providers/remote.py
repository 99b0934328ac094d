"""What the providers that ask over HTTP share: options that are part of the name, a client opened late, a deadline."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar
from urllib.parse import quote

from ...errors import AccountError, ProviderFault, UsageError
from ..records import Status
from .base import Prompt, Reply

_HEADER_VARIABLES = ("OPENAI_CUSTOM_HEADERS", "ANTHROPIC_CUSTOM_HEADERS")
_SENDABLE = re.compile(r"[\x20-\x7e]*")
_URL = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#@]*)?")


def option(default: Any = None) -> Any:
    """A constructor keyword that may change a reply, and so is part of the name."""
    return field(default=default, metadata={"named": True})


@dataclass(kw_only=True)
class Remote:
    """A value until the first `ask`: it can be named, compared and sent to another process before it has a client."""

    kind: ClassVar[str]
    key_variables: ClassVar[tuple[str, ...]]
    """Environment variables that hold the key, in the order in which they are tried."""
    url_variable: ClassVar[str | None] = None
    """The SDK's own variable of the base URL."""
    needs_key: ClassVar[bool] = True

    model: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False, compare=False)
    timeout: float = 120.0
    """Seconds for one whole call, from asking to the last byte."""
    name: str = field(init=False, default="")
    _client: Any = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.model:
            raise UsageError(f"{self.kind}: a model is needed, as in {self.kind}/MODEL")
        given = self.base_url or (os.environ.get(self.url_variable) if self.url_variable else None)
        self.base_url = _checked_url(given) if given else None
        self.name = self._spelled()

    async def ask(self, prompt: Prompt) -> Reply:
        """One call under one deadline. Raises `ProviderFault`, `AccountError` without a key."""
        client = self._client or self._reopened()
        try:
            async with asyncio.timeout(self.timeout):
                return await self._ask(client, prompt)
        except TimeoutError:
            late = f"no complete answer within {self.timeout:g} s"
            raise ProviderFault(late, status=Status.TIMEOUT, retriable=True) from None

    async def close(self) -> None:
        """Gives connections back; the next `ask` opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def key(self) -> str | None:
        """The key: the argument, else the first variable that is set."""
        return self.api_key or next((value for name in self.key_variables if (value := os.environ.get(name))), None)

    def secrets(self) -> tuple[str, ...]:
        """All that a client may send and no message may show: keys, and the headers that SDKs read by themselves."""
        found = [self.api_key, *map(os.environ.get, self.key_variables)]
        headers = [os.environ.get(name, "") for name in _HEADER_VARIABLES]
        found += [line.partition(":")[2].strip() for block in headers for line in block.splitlines()]
        found += [one.partition(" ")[2] for one in found if one]
        return tuple(one for one in found if one)

    def check_key(self) -> None:
        """Raises `AccountError`, naming the variable, when a key is needed and there is none."""
        if self.needs_key and not self.key():
            raise AccountError(f"{self.name}: no key; set {' or '.join(self.key_variables)}, or give api_key")
        if not _SENDABLE.fullmatch(self.key() or ""):
            raise AccountError(f"{self.name}: the key holds a line break, or a character that no header can carry")

    def _reopened(self) -> Any:
        self.check_key()
        self._client = self._open()
        return self._client

    def _open(self) -> Any:
        raise NotImplementedError

    async def _ask(self, client: Any, prompt: Prompt) -> Reply:
        raise NotImplementedError

    def _spelled(self) -> str:
        named = [(one.name, getattr(self, one.name), one.default) for one in fields(self) if one.metadata.get("named")]
        said = [f"{name}={quote(str(value), safe='')}" for name, value, default in named if value != default]
        if self.base_url:
            said.append(f"base_url={self.base_url}")
        return f"{self.kind}/{self.model}" + (f"?{'&'.join(said)}" if said else "")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_client": None}


def named_options(kind: type[Remote]) -> list[str]:
    """The keywords of a provider that may stand in its name."""
    return [one.name for one in fields(kind) if one.metadata.get("named")]


def _checked_url(url: str) -> str:
    """A base URL stands in names and messages, so it must hold no key: no user, no query."""
    if not _URL.fullmatch(url):
        raise UsageError("base_url must look like https://host[:port]/path, without user, password or query")
    return url.rstrip("/")
