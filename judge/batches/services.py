"""A provider's batch API as this room needs it: send, find again, look, read line by line. It knows no ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import orjson

from ...errors import ProviderFault, UsageError
from ..ledger.shelf import Batch
from ..providers.base import Prompt, Provider, Reply
from ..providers.faults import MOST_BODY, connection_fault, http_fault
from ..records import Status
from .terms import kind_of

MOST_FILE = 4_000_000_000
"""Bytes of a file of results that are read at most, line by line."""
UNREADABLE = b""
"""Stands for a line that is longer than any reply may be."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where a batch is."""

    state: str
    """waiting, ended or refused."""
    done: int = 0
    n: int = 0
    files: tuple[str, ...] = ()
    """Where the results are."""
    fault: ProviderFault | None = None
    """Of a refused one. `throttled`: it may be sent again when others have ended."""
    expired: bool = False
    """It ended because its time was over, or somebody cancelled it; what is missing was not worked at."""


class NotAnswered(ProviderFault):
    """A request that the provider never worked at: expired, cancelled, refused at the door. It costs nothing."""

    def __init__(self, message: str, *, status: str = Status.TIMEOUT) -> None:
        super().__init__(message, status=status, retriable=True, sent=False)


class Service(Protocol):
    """One provider's batch API. Every call raises `ProviderFault` for anything but an answer."""

    labels: bool
    """Whether the provider keeps our label with a batch, so that one that was found is ours for sure."""

    def line(self, key: str, prompt: Prompt) -> bytes:
        """One request."""
        ...

    async def send(self, label: str, lines: Sequence[bytes]) -> str:
        """Makes a batch and returns its id."""
        ...

    async def find(self, batch: Batch, known: set[str]) -> str | None:
        """The id of a batch that may have been sent; `known` are ids that are other batches'."""
        ...

    async def look(self, id: str) -> Look:
        """Where it is."""
        ...

    def results(self, id: str, look: Look) -> AsyncIterator[bytes]:
        """The lines of what came back, of all its files."""
        ...

    def read(self, row: dict[str, Any], prompt: Prompt) -> Reply:
        """The reply of a line. Raises `ProviderFault` as the one call would, `NotAnswered` for one that never was."""
        ...

    async def close(self) -> None:
        """Gives connections back."""
        ...


class Opening(Protocol):
    """What a service needs of a provider to open the SDK's client."""

    def check_key(self) -> None:
        """Raises where there is no key."""
        ...

    def opened(self, most: int) -> Any:
        """A client for replies of at most so many bytes."""
        ...

    def secrets(self) -> Sequence[str | None]:
        """What no message may show."""
        ...


P = TypeVar("P", bound=Opening)


class Opened(Generic[P]):
    """A provider and its client for batches, opened when it is first needed; the SDK's errors become faults."""

    def __init__(self, provider: P) -> None:
        self.provider = provider
        self._client: Any = None

    async def close(self) -> None:
        """Gives connections back."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _opened(self) -> Any:
        if self._client is None:
            self.provider.check_key()
            self._client = self.provider.opened(MOST_FILE)
        return self._client

    def _errors(self) -> tuple[type[Exception], type[Exception]]:
        """The SDK's error for a status, and the one that all of its errors are."""
        raise NotImplementedError

    async def _ask(self, call: Callable[..., Awaitable[Any]], **given: Any) -> dict[str, Any]:
        """The object of one call's answer."""
        with self._faults():
            return load(await (await call(**given)).http_response.aread())

    @contextmanager
    def _faults(self, *, read: bool = True) -> Iterator[None]:
        """Raises the SDK's errors as faults. read: the body of an error has been read; it has not in a stream."""
        import aiohttp
        import httpx2

        refused, failed = self._errors()
        try:
            yield
        except refused as error:
            found = error.response  # type: ignore[attr-defined]  # of a status there is always one
            body = found.content if read else b""
            raise http_fault(found.status_code, found.headers, body, self.provider.secrets()) from None
        except (failed, httpx2.HTTPError, aiohttp.ClientError) as error:
            raise connection_fault(error, self.provider.secrets()) from None


def service_of(provider: Provider) -> Service:
    """The batch API of a provider. Raises `UsageError` where there is none."""
    from .anthropic_service import AnthropicBatches
    from .openai_service import OpenAIBatches

    made: dict[str, Any] = {"openai": OpenAIBatches, "anthropic": AnthropicBatches}
    if kind_of(provider) not in made:
        known = ", ".join(f"{kind}/MODEL" for kind in made)
        raise UsageError(f"{provider.name} has no batch API that is known here; known: {known}; leave --engine out")
    service: Service = made[kind_of(provider)](provider)
    return service


async def split(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines of a file, whatever its chunks; one longer than a reply may be is `UNREADABLE`."""
    held, skipping = bytearray(), False
    async for chunk in chunks:
        held += chunk
        *lines, rest = held.split(b"\n")
        for line in lines:
            if skipping or len(line) > MOST_BODY:
                yield UNREADABLE
            elif line.strip():
                yield bytes(line)
            skipping = False
        held = bytearray(rest)
        if len(held) > MOST_BODY:
            held, skipping = bytearray(), True
    if skipping or held.strip():
        yield UNREADABLE if skipping else bytes(held)


def load(content: bytes) -> dict[str, Any]:
    """The object of an answer. Raises `ProviderFault` for anything else."""
    try:
        data = orjson.loads(content)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise ProviderFault("the batch API's answer is not a JSON object", retriable=True)
    return data
