"""How a provider's own words are read: how long to wait, what kind of refusal it is, and what must not be shown."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path

import aiohttp
import httpx2
import pytest
from recjudge.errors import ProviderFault
from recjudge.judge.providers import connect
from recjudge.judge.providers.faults import body_fault, connection_fault, http_fault, redacted, retry_after

from servers.asking import KEY, PROMPT
from servers.process import wire_process

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": DATE}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"x-ratelimit-reset-requests": "6m0s"}, 360.0),
        ({"x-ratelimit-reset-tokens": "1h1m1.5s"}, 3661.5),
        ({"x-ratelimit-reset-requests": "20ms", "x-ratelimit-remaining-requests": "99"}, None),
        (
            {
                "x-ratelimit-reset-requests": "8s", "x-ratelimit-remaining-requests": "5",
                "x-ratelimit-reset-tokens": "2s", "x-ratelimit-remaining-tokens": "0",
            },
            2.0,
        ),
        (
            {
                "anthropic-ratelimit-requests-remaining": "0", "date": DATE,
                "anthropic-ratelimit-requests-reset": "2026-10-21T07:28:12Z",
            },
            12.0,
        ),
    ],
)  # fmt: skip
def test_the_wait_is_read_from_whatever_the_provider_sends(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def _refusal(code: int, /, **error: object) -> ProviderFault:
    return http_fault(code, {}, json.dumps({"error": error}).encode())


def test_an_exhausted_account_is_not_a_busy_one() -> None:
    assert _refusal(429, code="insufficient_quota", message="You exceeded your current quota").fatal
    assert _refusal(400, type="invalid_request_error", message="Your credit balance is too low").fatal
    busy = _refusal(429, status="RESOURCE_EXHAUSTED", message="You exceeded your current quota, retry in 9 s")
    assert (busy.fatal, busy.throttled) == (False, True)


def test_a_filtered_prompt_is_not_a_refused_key() -> None:
    assert _refusal(400, code="content_filter", message="filtered").status == "content_filtered"
    assert _refusal(403, message="Your input was flagged").status == "content_filtered"


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"5", b'"down"', b'{"detail":"down"}', b"\xff\xfe", b'{"error":null}']
)
def test_an_error_in_any_form_is_a_fault(body: bytes) -> None:
    assert http_fault(500, {}, body).retriable
    assert http_fault(401, {}, body).fatal


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abcdefgh12345678",
        "Bearer abc.def.ghi",
        "gsk_x sk-ant-api03-AAAABBBBCCCC",
        "AIzaSyA1234567890abc",
        "hf_abcdefghijkl",
    ],
)
def test_what_looks_like_a_key_is_not_shown(secret: str) -> None:
    shown = redacted(f"key {secret}!")
    assert secret.split()[-1] not in shown
    assert "[key]" in shown


def test_a_key_of_any_form_is_not_shown_even_where_a_message_is_cut() -> None:
    key = "0123456789abcdef" * 4
    assert key[:8] not in str(body_fault("no JSON", b"<" * 190 + key.encode(), (key,)))
    assert key[:8] not in str(http_fault(400, {}, b"<" * 190 + key.encode(), (key,)))


def test_a_message_is_one_printable_line() -> None:
    assert redacted("a\x1b[31mb\nc\u202ed") == "a [31mb c d"


def test_an_untrusted_certificate_is_not_tried_again() -> None:
    fault = connection_fault(ssl.SSLCertVerificationError("self-signed"))
    assert (fault.retriable, fault.sent) == (False, False)


@pytest.mark.parametrize(
    ("error", "status", "sent"),
    [
        (aiohttp.ServerDisconnectedError(), "provider_error", True),
        (aiohttp.ClientOSError(104, "reset"), "provider_error", True),
        (aiohttp.SocketTimeoutError("read"), "timeout", True),
        (aiohttp.ConnectionTimeoutError("connect"), "timeout", False),
        (httpx2.ReadError("cut"), "provider_error", True),
        (httpx2.ReadTimeout("late"), "timeout", True),
        (httpx2.ConnectError("refused"), "provider_error", False),
        (httpx2.ConnectTimeout("late"), "timeout", False),
    ],
)
def test_a_failed_connection_says_whether_anything_was_sent(error: Exception, status: str, sent: bool) -> None:
    fault = connection_fault(error)
    assert (fault.status, fault.retriable, fault.sent) == (status, True, sent)


def test_the_sdks_name_for_a_dropped_connection_does_not_hide_it() -> None:
    dropped = aiohttp.ServerDisconnectedError()
    named = httpx2.ConnectTimeout("dropped")
    named.__cause__ = dropped
    assert connection_fault(named).sent


@pytest.mark.parametrize("name", ["compatible/m", "openai/m"])
def test_a_reply_of_sixty_megabytes_costs_no_memory(name: str) -> None:
    async def run(url: str) -> int:
        provider = connect(f"{name}!large:60", base_url=url, api_key=KEY)
        plain = connect(name, base_url=url, api_key=KEY)
        await plain.ask(PROMPT)
        before = _peak_kilobytes(forget=True)
        with pytest.raises(ProviderFault, match="larger than"):
            await provider.ask(PROMPT)
        grown = _peak_kilobytes() - before
        await provider.close()
        await plain.close()
        return grown

    with wire_process() as wire:
        assert asyncio.run(run(wire.url)) < 8_000


def _peak_kilobytes(*, forget: bool = False) -> int:
    """The largest resident size so far; `forget` starts the measure anew."""
    if forget:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
