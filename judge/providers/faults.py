"""What went wrong at a provider, as one ProviderFault: from an HTTP status, a broken connection or an unusable body."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from ...errors import ProviderFault
from ..records import Status

MOST_BODY = 1_000_000
"""Bytes of a reply that are read at most; what is longer is no verdict."""
SHOWN = 200
_SHORTEST_KEY = 6
"""A shorter stand-in for a key (`x`, `none`) is a word like any other."""
_KEY = re.compile(r"(?i)\b(?:sk|pk|rk|gsk|xai|key)-[\w*.-]{6,}|\bBearer\s+\S+|\bAIza[\w-]{10,}|\bhf_\w{10,}")
_NO_CREDIT = ("insufficient_quota", "credit balance", "billing_hard_limit", "billing_not_active", "insufficient credit")
_OVERFLOW = (
    "context_length_exceeded", "maximum context length", "context window", "prompt is too long",
    "exceed_context_size", "available context size", "max_tokens_exceeded", "context size",
)  # fmt: skip
_FILTERED = ("content_filter", "content_policy", "moderation", "flagged")
_UNSENT = frozenset(
    {
        "ClientConnectorError", "ClientConnectorDNSError", "ClientConnectorSSLError", "ConnectionTimeoutError",
        "ConnectError", "ConnectTimeout", "PoolTimeout",
    }
)  # fmt: skip
"""Errors of aiohttp and httpx2 that come before a connection stands: nothing was sent, so nothing was billed."""
_AGAIN = frozenset({408, 409, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
_HINTS = {"logprobs": "; for a model that refuses them give logprobs=False"}
_REASONS = {
    401: "the key was refused",
    402: "payment is required",
    403: "access was denied",
    404: "no such model or path",
}


def http_fault(
    status: int, headers: Mapping[str, str], body: bytes, secrets: Sequence[str | None] = ()
) -> ProviderFault:
    """The fault of a reply whose status is not 200. `headers` are looked up in lower case."""
    message, words = _error(body)
    shown = redacted(message, secrets)[:SHOWN] or "no reason given"
    said = f"{status} {_REASONS.get(status, '')}".strip() + f": {shown}"
    if any(hint in words for hint in _NO_CREDIT) and status in (400, 402, 403, 429):
        return ProviderFault(f"the account has no credit left: {said}", fatal=True)
    if status in (400, 403) and any(hint in words for hint in _FILTERED):
        return ProviderFault(said, status=Status.CONTENT_FILTERED)
    if status in (401, 402, 403, 404):
        return ProviderFault(said, fatal=True)
    if status == 413 or (status in (400, 422, 500) and any(hint in words for hint in _OVERFLOW)):
        return ProviderFault(said, status=Status.CONTEXT_OVERFLOW)
    if status in (429, 529):
        return ProviderFault(said, retriable=True, throttled=True, retry_after=retry_after(headers))
    if status in _AGAIN:
        return ProviderFault(said, retriable=True, retry_after=_asked(headers))
    if 300 <= status < 400:
        return ProviderFault(f"{status}: redirects are not followed; give the final address as base_url")
    return ProviderFault(said + "".join(hint for word, hint in _HINTS.items() if word in words))


def connection_fault(error: BaseException, secrets: Sequence[str | None] = ()) -> ProviderFault:
    """The fault of a connection that failed: before it stood (not sent), or after."""
    import aiohttp

    chain = list(_causes(error))
    for one in chain:
        if isinstance(one, ProviderFault):
            return one
    first = chain[-1]
    said = f"{type(first).__name__}: {redacted(str(first), secrets)}"
    if any(isinstance(one, (ssl.SSLCertVerificationError, aiohttp.ClientConnectorCertificateError)) for one in chain):
        return ProviderFault(f"the server's certificate was not accepted: {said}", sent=False)
    native = [one for one in chain if isinstance(one, aiohttp.ClientError)]
    # the SDKs' aiohttp transport calls a dropped connection a connect timeout, so what aiohttp itself said goes first
    told = native or chain
    unsent = any(type(one).__name__ in _UNSENT for one in told)
    if any(isinstance(one, TimeoutError) or "Timeout" in type(one).__name__ for one in told):
        return ProviderFault(f"no answer in time: {said}", status=Status.TIMEOUT, retriable=True, sent=not unsent)
    return ProviderFault(f"the connection failed: {said}", retriable=True, sent=not unsent)


def body_fault(why: str, body: bytes, secrets: Sequence[str | None] = ()) -> ProviderFault:
    """A reply of status 200 that is none: shows why and its first bytes."""
    # a little more is looked through than is shown, so that no key is cut in two and half of it missed
    shown = redacted(body[: 4 * SHOWN].decode(errors="replace"), secrets)[:SHOWN]
    return ProviderFault(f"{why}; it begins: {shown!r}" if body else why, retriable=True)


def embedded_fault(error: Any, body: bytes, secrets: Sequence[str | None] = ()) -> ProviderFault:
    """A reply of status 200 that carries an error: read as its own status code says, where it has one."""
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, int) and not isinstance(code, bool) and 400 <= code < 600:
        return http_fault(code, {}, body, secrets)
    return body_fault("the reply is an error", body, secrets)


def too_large(size: int | None = None, most: int = MOST_BODY) -> ProviderFault:
    """A reply beyond the cap, given up before it was read."""
    return ProviderFault(f"the reply is larger than {most} bytes{f' ({size})' if size else ''}")


def compressed(encoding: str) -> ProviderFault:
    """A reply in an encoding that was not asked for, which could unpack to any size."""
    return ProviderFault(f"the server sent content-encoding {encoding!r} though identity was asked for")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds a throttled caller should wait: Retry-After (seconds or a date), else the reset of a spent limit."""
    asked = _asked(headers)
    if asked is not None:
        return asked
    waits = [_reset(headers, unit) for unit in ("requests", "tokens")]
    return max((wait for wait in waits if wait is not None), default=None)


def redacted(text: str, secrets: Sequence[str | None] = ()) -> str:
    """The text without keys, control characters or line breaks."""
    for secret in secrets:
        if secret and len(secret) >= _SHORTEST_KEY:
            text = text.replace(secret, "[key]")
    text = _KEY.sub("[key]", text)
    return "".join(char if char.isprintable() else " " for char in text)


def _error(body: bytes) -> tuple[str, str]:
    """The message of an error body, and the words that tell its kind: code, type and message in lower case."""
    text = body[: 4 * SHOWN].decode(errors="replace")
    try:
        data = orjson.loads(body)
    except ValueError:
        return text, text.lower()
    data = data[0] if isinstance(data, list) and data else data
    error = data.get("error", data) if isinstance(data, dict) else data
    if not isinstance(error, dict):
        return (error, error.lower()) if isinstance(error, str) else (text, text.lower())
    said = error.get("message") or error.get("detail")
    message = said if isinstance(said, str) else text
    return message, f"{error.get('code')} {error.get('type')} {message}".lower()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _asked(headers: Mapping[str, str]) -> float | None:
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    given = headers.get("retry-after")
    seconds = _number(given)
    return seconds if seconds is not None else _until(given, headers)


def _reset(headers: Mapping[str, str], unit: str) -> float | None:
    """When this limit is full again; None while some of it is left."""
    left = headers.get(f"x-ratelimit-remaining-{unit}") or headers.get(f"anthropic-ratelimit-{unit}-remaining")
    if left not in (None, "0"):
        return None
    wait = _duration(headers.get(f"x-ratelimit-reset-{unit}"))
    return wait if wait is not None else _until(headers.get(f"anthropic-ratelimit-{unit}-reset"), headers)


def _number(text: str | None) -> float | None:
    found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*", text or "")
    return float(found[1]) if found else None


def _until(when: str | None, headers: Mapping[str, str]) -> float | None:
    """Seconds from the server's own clock (its Date header, else ours) to a date, not below 0."""
    if not when:
        return None
    start = _stamp(headers.get("date"))
    end = _stamp(when)
    return None if end is None else max(0.0, end - (time.time() if start is None else start))


def _stamp(when: str | None) -> float | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read(when or "").timestamp()
        except (ValueError, OverflowError):
            continue
    return None


def _duration(text: str | None) -> float | None:
    """`6m0s`, `1.5s`, `20ms` in seconds; a bare number is seconds."""
    if (plain := _number(text)) is not None:
        return plain
    if not text or not re.fullmatch(r"(?:\d+(?:\.\d+)?(?:ms|[dhms]))+", text):
        return None
    units = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
    return sum(float(count) * units[unit] for count, unit in re.findall(r"(\d+(?:\.\d+)?)(ms|[dhms])", text))
