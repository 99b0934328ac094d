"""From token log-probabilities to labels: what counts, what is too little, what contradicts itself."""

from __future__ import annotations

import math
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.judge.providers import Prompt
from recjudge.judge.providers.chat import read_chat
from recjudge.judge.providers.logprobs import label_distribution, skimmed

LABELS = ("weak", "fair", "strong")


def _tokens(*pieces: str | dict[str, float]) -> dict[str, Any]:
    """A stream; where a dict stands, its first key was written and all are what might have been."""
    made = []
    for piece in pieces:
        odds = {piece: 0.99} if isinstance(piece, str) else piece
        top = [{"token": token, "logprob": math.log(p)} for token, p in odds.items()]
        made.append({**top[0], "top_logprobs": top})
    return {"content": made}


def _read(*pieces: str | dict[str, float], labels: tuple[str, ...] = LABELS) -> dict[str, float] | None:
    stream = _tokens(*pieces)
    return label_distribution(stream, "".join(token["token"] for token in stream["content"]), "label", labels)


def test_masses_at_the_label_are_renormalised_over_the_labels() -> None:
    found = _read('{"label"', ':"', {"strong": 0.6, "fair": 0.2, "<eos>": 0.1}, '"}')
    assert found == {"weak": 0.0, "fair": pytest.approx(0.25), "strong": pytest.approx(0.75)}


def test_the_quote_may_be_part_of_the_labels_token() -> None:
    found = _read('{"label":', {'"str': 0.5, '"we': 0.3, '"': 0.1}, 'ong"}')
    assert found == {"weak": pytest.approx(0.375), "fair": 0.0, "strong": pytest.approx(0.625)}


def test_the_closing_quote_may_be_part_of_the_labels_token() -> None:
    assert _read('{"label":"', {'fair"}': 0.8, 'strongest"}': 0.2}) == {"weak": 0.0, "fair": 1.0, "strong": 0.0}


def test_a_token_that_begins_two_labels_counts_for_neither() -> None:
    labels = ("low", "lower", "high")
    assert _read('{"label":"', {"high": 0.6, "lo": 0.4}, '"}', labels=labels) == {"low": 0.0, "lower": 0.0, "high": 1.0}
    assert _read('{"label":"', {"lo": 0.6, "high": 0.4}, 'wer"}', labels=labels) is None


def test_with_less_than_half_of_the_mass_on_labels_there_is_no_distribution() -> None:
    assert _read('{"label":"', {"strong": 0.3, "fair": 0.1, "x": 0.6}, '"}') is None


def test_a_label_that_was_not_the_likeliest_has_no_distribution() -> None:
    assert _read('{"label":"', {"weak": 0.2, "strong": 0.8}, '"}') is None


def test_a_label_quoted_in_the_reason_is_not_looked_at() -> None:
    found = _read(
        '{"reason":"he wrote \\"label\\":\\"', {"weak": 1.0}, '\\"","label":"', {"fair": 0.9, "weak": 0.1}, '"}'
    )
    assert found == {"weak": pytest.approx(0.1), "fair": pytest.approx(0.9), "strong": 0.0}


def test_two_values_of_the_key_are_ambiguous() -> None:
    assert _read('{"a":{"label":"', {"fair": 1.0}, '"},"label":"', {"fair": 1.0}, '"}') is None


def test_a_stream_that_differs_from_the_text_is_not_used() -> None:
    stream = _tokens('{"label":"', {"fair": 1.0}, '"}')
    assert label_distribution(stream, '{"label":"weak"}', "label", LABELS) is None


@pytest.mark.parametrize(
    "logprobs", [None, {}, {"content": None}, {"content": []}, {"content": [5]}, {"content": "x"}, []]
)
def test_without_log_probabilities_there_is_none(logprobs: Any) -> None:
    assert label_distribution(logprobs, '{"label":"fair"}', "label", LABELS) is None


def test_values_that_are_no_log_probabilities_carry_no_mass() -> None:
    stream = _tokens('{"label":"', "fair", '"}')
    odd = [{"token": "fair", "logprob": value} for value in (None, "x", float("nan"), float("-inf"))]
    stream["content"][1]["top_logprobs"] = [*odd, 7, {"token": None}, {"token": "fair", "logprob": -0.1}]
    assert label_distribution(stream, '{"label":"fair"}', "label", LABELS) == {"weak": 0.0, "fair": 1.0, "strong": 0.0}


PIECES = st.text(alphabet='{}":,\\ labelwkfirstrong', max_size=6)
TOP = st.fixed_dictionaries({"token": st.none() | PIECES, "logprob": st.none() | st.floats()})
STREAM = st.lists(
    st.fixed_dictionaries({"token": PIECES, "top_logprobs": st.none() | st.lists(TOP, max_size=3)}), max_size=8
)


@settings(max_examples=2_000)
@given(STREAM)
def test_no_stream_yields_anything_but_a_distribution_or_none(stream: list[dict[str, Any]]) -> None:
    stream = [{"token": '{"label":"', "top_logprobs": []}, *stream, {"token": 'fair"}', "top_logprobs": []}]
    text = "".join(token["token"] for token in stream)
    found = label_distribution({"content": stream}, text, "label", LABELS)
    assert found is None or (set(found) == set(LABELS) and sum(found.values()) == pytest.approx(1))


def _body(stream: dict[str, Any], text: str) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "logprobs": stream}
    return orjson.dumps({"model": "m", "choices": [{**choice, "finish_reason": "stop"}], "usage": {"prompt_tokens": 7}})


def _asked() -> Prompt:
    return Prompt("", "", "", "", label_key="label", labels=LABELS)


@pytest.mark.parametrize("ending", ["", "<|end|>"])
def test_a_long_reply_is_read_as_if_it_were_read_whole(ending: str) -> None:
    stream = _tokens(
        '{"reason":"', *["so "] * 40, '","label":"', {"fair": 0.8, "weak": 0.2}, '"}', *[ending][: len(ending)]
    )
    text = "".join(token["token"] for token in stream["content"]).removesuffix(ending)
    body = _body(stream, text)
    assert len(skimmed(body) or body) < len(body) / 2
    found = read_chat(body, _asked())
    assert found.distribution == label_distribution(stream, text, "label", LABELS)
    assert found.distribution is not None
    assert (found.text, found.usage.tokens_in) == (text, 7)


def test_a_label_before_the_last_tokens_is_found_all_the_same() -> None:
    stream = _tokens('{"label":"', {"fair": 0.8, "weak": 0.2}, '","reason":"', *["so "] * 40, '"}')
    text = "".join(token["token"] for token in stream["content"])
    found = read_chat(_body(stream, text), _asked()).distribution
    assert found == label_distribution(stream, text, "label", LABELS)
    assert found is not None


def test_nothing_but_log_probabilities_is_left_out() -> None:
    stream = _tokens(*["so "] * 30)
    two = orjson.loads(_body(stream, "one"))
    two["choices"] *= 2
    assert skimmed(orjson.dumps(two)) is None


@settings(max_examples=300)
@given(STREAM)
def test_skimming_changes_no_distribution(stream: list[dict[str, Any]]) -> None:
    lead = [{"token": one, "top_logprobs": []} for one in ('{"reason":"', *["so "] * 20, '","label":"')]
    stream = [*lead, *stream, {"token": 'fair"}', "top_logprobs": []}]
    text = "".join(token["token"] for token in stream)
    body = _body({"content": stream}, text)
    whole = orjson.loads(body)["choices"][0]["logprobs"]
    assert read_chat(body, _asked()).distribution == label_distribution(whole, text, "label", LABELS)
