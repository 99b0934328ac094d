"""Every way in which a provider can fail, through every client: the right status, and never a verdict."""

from __future__ import annotations

import asyncio
import json

import pytest
from recjudge.errors import AccountError, ProviderFault
from recjudge.judge.providers import connect
from recjudge.judge.replies import parse_finding

from servers.asking import DECIDE, KEY, PROMPT, RELEVANCE, address, ask, ask_once, fault, with_wire
from servers.modes import MODES
from servers.wire import Wire

CHATS = ["openai/m", "compatible/m", "anthropic/m", "anthropic/m?structured=tool"]
DECIDERS = ["openai-decisions/m", "compatible/m?endpoint=decisions", "compatible/m?endpoint=systemone"]


def _in_mode(name: str, mode: str) -> str:
    model, _, query = name.partition("?")
    return f"{model}!{mode}" + (f"?{query}" if query else "")


@pytest.mark.parametrize("name", CHATS + DECIDERS)
@pytest.mark.parametrize("mode", ["401", "403", "404", "quota"])
def test_what_only_the_account_can_mend_is_fatal(name: str, mode: str) -> None:
    found = fault(_in_mode(name, mode), DECIDE if name in DECIDERS else PROMPT)
    assert found.fatal
    assert not found.retriable


@pytest.mark.parametrize("name", CHATS)
@pytest.mark.parametrize(
    ("mode", "wait"),
    [("429", None), ("429-after:2", 2.0), ("429-after:0.5", 0.5), ("429-reset:1m2s", 62.0), ("529", None)],
)
def test_a_throttled_call_says_how_long_to_wait(name: str, mode: str, wait: float | None) -> None:
    found = fault(_in_mode(name, mode))
    assert (found.throttled, found.retriable, found.fatal, found.retry_after) == (True, True, False, wait)


@pytest.mark.parametrize("name", CHATS)
def test_retry_after_may_be_a_date(name: str) -> None:
    wait = fault(_in_mode(name, "429-date:30")).retry_after
    assert wait is not None
    assert 5 < wait <= 30


RETRIABLE = [
    "500", "503:4", "html-502", "reset-before", "reset-body", "short", "cut-chunk", "html", "empty", "null", "array",
    "not-json", "not-utf8", "deep", "error-200", "no-choices", "wrong-types",
]  # fmt: skip


@pytest.mark.parametrize("name", CHATS)
@pytest.mark.parametrize("mode", RETRIABLE)
def test_a_broken_call_may_be_tried_again(name: str, mode: str) -> None:
    found = fault(_in_mode(name, mode))
    assert (found.status, found.retriable, found.throttled, found.fatal) == ("provider_error", True, False, False)


@pytest.mark.parametrize("name", DECIDERS)
@pytest.mark.parametrize("mode", [mode for mode in RETRIABLE if mode not in ("no-choices", "wrong-types")])
def test_a_broken_decisions_call_may_be_tried_again(name: str, mode: str) -> None:
    found = fault(_in_mode(name, mode), DECIDE)
    assert (found.status, found.retriable, found.fatal) == ("provider_error", True, False)


@pytest.mark.parametrize("name", CHATS)
@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("400", "provider_error"), ("307", "provider_error"), ("400-context", "context_overflow"),
        ("413", "context_overflow"), ("length", "truncated"), ("length:40", "truncated"), ("no-finish", "truncated"),
        ("refusal", "refused"),
    ],
)  # fmt: skip
def test_what_no_second_try_mends_is_not_retriable(name: str, mode: str, status: str) -> None:
    found = fault(_in_mode(name, mode))
    assert (found.status, found.retriable, found.fatal) == (status, False, False)


@pytest.mark.parametrize("name", CHATS[:2])
def test_a_content_filter_has_a_status_of_its_own(name: str) -> None:
    assert fault(_in_mode(name, "content-filter")).status == "content_filtered"


def test_the_end_of_the_context_window_is_an_overflow() -> None:
    assert fault("anthropic/m!context-window").status == "context_overflow"


@pytest.mark.parametrize("name", CHATS + DECIDERS)
@pytest.mark.parametrize("mode", ["hang:9", "slow:0.02", "slow-headers:0.02"])
def test_one_deadline_bounds_the_whole_call(name: str, mode: str) -> None:
    found = fault(_in_mode(name, mode), DECIDE if name in DECIDERS else PROMPT, timeout=0.3)
    assert (found.status, found.retriable) == ("timeout", True)


@pytest.mark.parametrize("name", CHATS)
def test_a_reply_of_megabytes_is_given_up(name: str) -> None:
    assert "larger than" in str(fault(_in_mode(name, "large:6")))


@pytest.mark.parametrize("name", CHATS)
def test_a_server_that_is_not_there_was_never_sent_anything(name: str) -> None:
    async def run() -> None:
        async with Wire() as wire:
            gone = address(name, wire)
        provider = connect(name, base_url=gone, api_key=KEY, timeout=5)
        try:
            await provider.ask(PROMPT)
        finally:
            await provider.close()

    with pytest.raises(ProviderFault) as caught:
        asyncio.run(run())
    assert (caught.value.sent, caught.value.retriable) == (False, True)


BAD_CONTENT = [
    "garbage", "blank", "wrong-enum", "wrong-case", "two-verdicts", "prose", "nan", "bool", "number", "duplicate",
    "extra-key", "missing-key",
]  # fmt: skip


@pytest.mark.parametrize("name", CHATS[:3])
@pytest.mark.parametrize("mode", BAD_CONTENT)
def test_content_that_is_no_verdict_is_refused_by_the_reader(name: str, mode: str) -> None:
    reply = ask(_in_mode(name, mode))
    with pytest.raises(ProviderFault) as caught:
        parse_finding(reply.text, RELEVANCE)
    assert caught.value.status in ("parse_failed", "out_of_range")


@pytest.mark.parametrize("name", CHATS[:3])
def test_a_fenced_verdict_is_read(name: str) -> None:
    assert parse_finding(ask(_in_mode(name, "fenced")).text, RELEVANCE).label in RELEVANCE.labels


@pytest.mark.parametrize("name", CHATS)
def test_another_model_is_told(name: str) -> None:
    assert ask(_in_mode(name, "other-model")).model == "another-model-2"


def test_another_fingerprint_is_told() -> None:
    assert ask("compatible/m!other-fingerprint").fingerprint == "fp_other"


@pytest.mark.parametrize("name", CHATS + DECIDERS)
def test_the_sdk_does_not_retry_behind_our_back(name: str) -> None:
    async def run(wire: Wire) -> int:
        with pytest.raises(ProviderFault):
            await ask_once(wire, name, DECIDE if name in DECIDERS else PROMPT)
        return len(wire.log)

    assert with_wire(run, faults=[{"mode": "500"}]) == 1


@pytest.mark.parametrize("name", CHATS)
def test_no_message_shows_a_key(name: str) -> None:
    async def run(wire: Wire) -> None:
        wire.faults = [{"mode": "echo"}]
        with pytest.raises(ProviderFault) as caught:
            await ask_once(wire, name)
        assert KEY not in str(caught.value) + repr(caught.value)
        assert "[key]" in str(caught.value)

    with_wire(run, faults=[])


def test_a_missing_key_names_its_variable() -> None:
    with pytest.raises(AccountError, match="OPENAI_API_KEY"):
        connect("openai/m")
    with pytest.raises(AccountError, match="ANTHROPIC_API_KEY"):
        connect("anthropic/m")


@pytest.mark.parametrize("name", CHATS[:3])
def test_two_faults_then_an_answer_is_three_requests_and_as_many_bills_as_runs(name: str) -> None:
    async def run(wire: Wire) -> dict[str, int]:
        for _ in range(2):
            with pytest.raises(ProviderFault):
                await ask_once(wire, name)
        await ask_once(wire, name)
        return wire.stats()

    stats = with_wire(run, faults=[{"mode": "429", "first": 2}])
    assert (stats["requests"], stats["bills"], stats["repaid"]) == (3, 1, 0)


def test_every_mode_of_the_server_ends_in_a_reply_or_a_fault() -> None:
    async def run(wire: Wire) -> list[str]:
        ended = []
        for mode in MODES:
            for name in CHATS[:3]:
                if mode in ("large", "hang", "slow", "slow-headers", "refuse-question", "bad-answers"):
                    continue
                if name.startswith("anthropic") and mode == "no-logprobs":
                    continue
                try:
                    await ask_once(wire, f"{name}!{mode}:1" if mode in ("429-after", "503") else f"{name}!{mode}")
                except ProviderFault as fault:
                    ended.append(fault.status)
                else:
                    ended.append("ok")
        return ended

    assert set(with_wire(run)) == {
        "ok", "provider_error", "context_overflow", "truncated", "content_filtered", "refused",
    }  # fmt: skip


def test_a_cut_verdict_is_never_read_even_where_its_prefix_parses() -> None:
    value = json.dumps({"reason": "It fits.", "evidence": [], "label": "strong", "code": "none"}) + " and more"

    async def run(wire: Wire) -> set[str]:
        found = set()
        for cut in range(0, len(value), 3):
            with pytest.raises(ProviderFault) as caught:
                await ask_once(wire, f"compatible/m!length:{cut}")
            found.add(str(caught.value.status))
        return found

    assert with_wire(run, reply=lambda _: value) == {"truncated"}
