"""From a name to a provider: what the name says, what it must not say, and that it is a value."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys

import pytest
from recjudge.errors import UsageError
from recjudge.judge.providers import PROVIDERS, connect

from servers.asking import KEY, PROMPT, ask, fault, with_wire
from servers.process import wire_process
from servers.wire import Wire

URL = "http://127.0.0.1:9/v1"


def test_a_name_says_all_that_may_change_a_reply() -> None:
    assert connect("openai/m", api_key=KEY).name == "openai/m"
    assert connect("openai/m", api_key=KEY, temperature=0, seed=7).name == "openai/m?temperature=0&seed=7"
    assert connect("openai/m", api_key=KEY, logprobs=False).name == "openai/m?logprobs=False"
    assert connect("anthropic/m", api_key=KEY, structured="tool").name == "anthropic/m?structured=tool"
    assert connect("compatible/a/b:8b", base_url=f"{URL}/").name == f"compatible/a/b:8b?base_url={URL}"


def test_a_name_may_carry_its_sampling_parameters() -> None:
    named = connect("openai/m?temperature=0&seed=7&logprobs=false&effort=low", api_key=KEY)
    given = connect("openai/m", api_key=KEY, temperature=0.0, seed=7, logprobs=False, effort="low")
    assert named == given
    assert named.name == given.name


def test_the_sdks_own_address_variable_is_part_of_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", URL)
    assert connect("openai/m", api_key=KEY).name == f"openai/m?base_url={URL}"


@pytest.mark.parametrize("name", ["", "openai", "openai/", "opnai/m", "/m", "openai/?seed=1"])
def test_a_name_without_provider_or_model_lists_the_known_ones(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        connect(name, api_key=KEY)
    assert all(f"{kind}/MODEL" in str(caught.value) for kind in PROVIDERS)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("openai/m?colour=red", "colour"), ("anthropic/m?temperature=0", "temperature"), ("openai/m?seed=x", "seed"),
        ("openai/m?logprobs=maybe", "logprobs"), ("openai/m?base_url=http://evil.example", "base_url"),
        ("anthropic/m?structured=xml", "structured"), ("compatible/m?endpoint=x", "endpoint"),
        ("openai/m?api_key=sk-123456789", "api_key"),
    ],
)  # fmt: skip
def test_an_option_that_is_not_known_is_refused_by_name(name: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        connect(name, api_key=KEY, base_url=URL)


def test_an_option_is_not_given_twice() -> None:
    with pytest.raises(UsageError, match="twice"):
        connect("openai/m?seed=1", api_key=KEY, seed=1)


def test_a_compatible_server_needs_an_address() -> None:
    with pytest.raises(UsageError, match="base_url"):
        connect("compatible/m")


@pytest.mark.parametrize("url", ["ftp://x/v1", "x/v1", "http://me:secret@x/v1", "http://x/v1?key=secret", "http:///v1"])
def test_an_address_that_could_hold_a_key_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(UsageError, match="base_url") as caught:
        connect("compatible/m", base_url=url)
    assert "secret" not in str(caught.value)


def test_no_repr_shows_a_key() -> None:
    for kind in PROVIDERS:
        assert KEY not in repr(connect(f"{kind}/m", base_url=URL, api_key=KEY))


def test_a_provider_is_a_value_that_can_be_sent_away_before_and_after_it_was_used() -> None:
    async def run(wire: Wire) -> None:
        provider = connect("compatible/m", base_url=wire.url, api_key=KEY)
        await provider.ask(PROMPT)
        twin = pickle.loads(pickle.dumps(provider))
        assert twin == provider
        assert (await twin.ask(PROMPT)).text == (await provider.ask(PROMPT)).text
        await twin.close()
        await provider.close()

    with_wire(run)


@pytest.mark.parametrize("name", ["openai/m", "compatible/m"])
def test_a_closed_provider_opens_again_in_another_loop(name: str) -> None:
    async def once(port: int) -> str:
        async with Wire(port=port):
            text = (await provider.ask(PROMPT)).text
            await provider.close()
            return text

    async def free() -> int:
        async with Wire() as wire:
            return wire.port

    port = asyncio.run(free())
    provider = connect(name, base_url=f"http://127.0.0.1:{port}/v1", api_key=KEY)
    assert asyncio.run(once(port)) == asyncio.run(once(port))


@pytest.mark.parametrize("name", ["openai/m", "compatible/m"])
def test_calls_share_connections(name: str) -> None:
    async def run(wire: Wire) -> int:
        provider = connect(name, base_url=wire.url, api_key=KEY)
        for _ in range(20):
            await asyncio.gather(*(provider.ask(PROMPT) for _ in range(4)))
        await provider.close()
        return wire.connections

    assert with_wire(run) <= 4


@pytest.mark.parametrize("transport", ["aiohttp", "httpx2"])
@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("short", "provider_error"), ("cut-chunk", "provider_error"), ("reset-before", "provider_error"),
        ("reset-body", "provider_error"), ("large:6", "provider_error"), ("hang:9", "timeout"), ("slow:0.1", "timeout"),
    ],
)  # fmt: skip
def test_faults_are_the_same_over_every_transport(transport: str, mode: str, status: str) -> None:
    seconds = 0.5 if status == "timeout" else 30
    assert fault(f"openai/m!{mode}", transport=transport, timeout=seconds).status == status


def test_an_unknown_transport_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="aiohttp, httpx2"):
        ask("openai/m", transport="carrier")


def test_a_model_that_refuses_log_probabilities_says_how_to_ask_it() -> None:
    assert "logprobs=False" in str(fault("openai/m!400-logprobs"))


def test_importing_the_providers_loads_no_client() -> None:
    heavy = ["openai", "anthropic", "aiohttp", "httpx2"]
    code = f"import sys, recjudge.judge.providers; print([name for name in {heavy} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600)
    assert said.stdout.strip() == "[]"


def test_the_fault_server_runs_as_a_process_and_is_told_what_to_do() -> None:
    with wire_process(keys=(KEY,), faults=[{"mode": "500", "first": 1}]) as wire:
        provider = connect("compatible/m", base_url=wire.url, api_key=KEY)
        assert asyncio.run(_twice(provider)) == ["500", "ok"]
        assert wire.stats()["by_mode"] == {"500": 1, "ok": 1}


async def _twice(provider: object) -> list[str]:
    said = []
    for _ in range(2):
        try:
            await provider.ask(PROMPT)  # type: ignore[attr-defined]  # a Provider
        except Exception as error:
            said.append(str(error)[:3])
        else:
            said.append("ok")
    await provider.close()  # type: ignore[attr-defined]  # a Provider
    return said
