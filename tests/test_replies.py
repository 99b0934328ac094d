"""The reader of replies: what it accepts, what it refuses, and that nothing slips between the two."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.errors import ProviderFault
from recjudge.judge.findings import Said
from recjudge.judge.replies import (
    all_schema,
    finding_schema,
    parse_all,
    parse_finding,
    parse_look,
    parse_object,
)
from recjudge.rubrics import load_rubric

RELEVANCE, FACTUALITY = load_rubric("explanation").dimensions[:2]
GOOD = {"reason": "It fits.", "evidence": ["h1"], "label": "weak", "code": "weak_relevance"}
TEXT = json.dumps(GOOD)
FENCED = f"```json\n{TEXT}\n```"


def _refused(text: str, status: str = "parse_failed") -> ProviderFault:
    with pytest.raises(ProviderFault) as caught:
        parse_finding(text, RELEVANCE)
    assert caught.value.status == status
    assert caught.value.retriable
    return caught.value


def _text(**changes: Any) -> str:
    return json.dumps(GOOD | changes)


def test_a_reply_of_the_schema_is_read_whole() -> None:
    assert parse_finding(TEXT, RELEVANCE) == Said("weak", "weak_relevance", "It fits.", ("h1",))


def test_one_fence_around_the_reply_is_stripped() -> None:
    assert parse_finding(f"```json\n{TEXT}\n```\n", RELEVANCE).label == "weak"
    assert parse_finding(f"```\n{TEXT}\n```", RELEVANCE).label == "weak"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "null", "[]", '"weak"', "5", "{}", "{label: weak}", TEXT[:-1], TEXT + TEXT, TEXT + "\n" + TEXT,
        TEXT + " Done.", "Here it is: " + TEXT, f"{FENCED}\n{FENCED}", f"```{TEXT}```", f"[{TEXT}]",
        '{"label":"strong",' + TEXT[1:], TEXT.replace('"weak"', "NaN"), TEXT.replace('"weak"', "Infinity"),
        '{"\\u006cabel":"strong",' + TEXT[1:], "\ufeff" + TEXT, TEXT.replace("}", ",}"), TEXT.replace('"', "'"),
        _text(label=True), _text(label=1), _text(label=None), _text(label=["weak"]), _text(evidence="h1"),
        _text(evidence=[1]), _text(reason=None), _text(colour="red"), TEXT.replace("It fits.", "\ud800"),
        "[" * 100_000, '{"a":' * 5_000, '{"reason":"' + "x" * 70_000 + '"}',
    ],
)  # fmt: skip
def test_anything_but_one_object_of_the_schema_is_refused(text: str) -> None:
    _refused(text)


@pytest.mark.parametrize("name", list(GOOD))
def test_every_key_is_required(name: str) -> None:
    assert name in str(_refused(json.dumps({key: value for key, value in GOOD.items() if key != name})))


@pytest.mark.parametrize("label", ["Weak", "weak ", " weak", "WEAK", "superb", "", "none"])
def test_a_label_off_the_scale_is_out_of_range(label: str) -> None:
    _refused(_text(label=label), "out_of_range")


def test_a_code_that_is_not_of_the_dimension_is_out_of_range() -> None:
    _refused(_text(code="ugly"), "out_of_range")


def test_a_code_stands_beside_a_defect_only() -> None:
    assert parse_finding(_text(label="strong"), RELEVANCE).code is None
    assert parse_finding(_text(label="fair"), RELEVANCE).code is None


def test_a_defect_may_have_no_code() -> None:
    assert parse_finding(_text(code="none"), RELEVANCE).code is None


def test_a_verdict_quoted_in_the_reason_is_not_the_verdict() -> None:
    quoted = 'The text says {"label": "strong", "code": "none"}.'
    assert parse_finding(_text(reason=quoted), RELEVANCE).label == "weak"


def test_a_message_shows_what_was_wrong_without_markup() -> None:
    message = str(_refused(_text(label="<b>ignore all</b>\n\x1b[31m"), "out_of_range"))
    assert "reply.label" in message
    assert not set("<>\n\x1b") & set(message)


def test_no_cut_of_a_verdict_is_a_verdict() -> None:
    for length in range(len(TEXT)):
        _refused(TEXT[:length])


def test_the_schema_is_closed_and_asks_for_the_reason_first() -> None:
    schema = finding_schema(RELEVANCE)
    assert list(schema["properties"]) == ["reason", "evidence", "label", "code"]
    assert schema["required"] == list(schema["properties"])
    assert schema["additionalProperties"] is False
    assert schema["properties"]["label"]["enum"] == ["weak", "fair", "strong"]
    assert schema["properties"]["code"]["enum"] == ["weak_relevance", "none"]


def test_one_object_answers_all_dimensions() -> None:
    value = {"relevance": GOOD, "factuality": GOOD | {"label": "true", "code": "none"}}
    said = parse_all(json.dumps(value), (RELEVANCE, FACTUALITY))
    assert {name: word.label for name, word in said.items()} == {"relevance": "weak", "factuality": "true"}
    assert all_schema((RELEVANCE, FACTUALITY))["required"] == ["relevance", "factuality"]


def test_one_missing_dimension_fails_the_whole_reply() -> None:
    with pytest.raises(ProviderFault, match="factuality"):
        parse_all(json.dumps({"relevance": GOOD}), (RELEVANCE, FACTUALITY))


def test_a_look_up_has_no_label_and_an_answer_needs_one() -> None:
    turn = {"action": "search_history", "query": "tent", **GOOD, "label": "none"}
    actions = ("search_history", "answer")
    assert parse_look(json.dumps(turn), RELEVANCE, actions).query == "tent"
    with pytest.raises(ProviderFault) as caught:
        parse_look(json.dumps(turn | {"action": "answer"}), RELEVANCE, actions)
    assert caught.value.status == "out_of_range"
    assert (
        parse_look(json.dumps(turn | {"action": "answer", "label": "weak"}), RELEVANCE, actions).code
        == "weak_relevance"
    )


def test_an_action_that_was_not_offered_is_refused() -> None:
    with pytest.raises(ProviderFault, match="action"):
        parse_look(json.dumps({"action": "delete", "query": "", **GOOD}), RELEVANCE, ("answer",))


NUMBERS = {
    "type": "object",
    "properties": {"whole": {"type": "integer"}, "share": {"type": "number"}, "sure": {"type": "boolean"}},
    "required": ["whole", "share", "sure"],
    "additionalProperties": False,
}


def test_numbers_and_truths_are_not_mistaken_for_each_other() -> None:
    assert parse_object('{"whole":1,"share":0.5,"sure":true}', NUMBERS) == {"whole": 1, "share": 0.5, "sure": True}
    for bad in ('"whole":true,"share":0.5,"sure":true', '"whole":1.0,"share":0.5,"sure":true',
                '"whole":1,"share":"0.5","sure":true', '"whole":1,"share":0.5,"sure":1',
                '"whole":1,"share":1e999,"sure":true'):  # fmt: skip
        with pytest.raises(ProviderFault):
            parse_object("{" + bad + "}", NUMBERS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(RELEVANCE.labels),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "x"]), inner, max_size=4),
    max_leaves=6,
)
DAMAGED = st.builds(
    lambda text, at, cut, put: text[: at % len(text)] + put + text[at % len(text) + cut :],
    st.sampled_from([TEXT, FENCED, _text(label="strong"), TEXT + TEXT]),
    st.integers(0, 400),
    st.integers(0, 30),
    st.text(max_size=6) | st.sampled_from(['"', "}", "{", '"label":"strong",', "NaN", "```", "\\", "true"]),
)
CHANGED = st.dictionaries(st.sampled_from([*GOOD, "x"]), JSON, max_size=2).map(lambda changes: _text(**changes))
REPLIES = DAMAGED | CHANGED | JSON.map(json.dumps) | st.text(max_size=40)


def _hold(text: str) -> None:
    """Either a word on the scale that stands in the text as its one label, or a fault of two kinds."""
    try:
        said = parse_finding(text, RELEVANCE)
    except ProviderFault as fault:
        if fault.status not in ("parse_failed", "out_of_range"):
            raise
        return
    labels: list[Any] = []
    body = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    json.loads(body, object_pairs_hook=lambda pairs: labels.extend(v for k, v in pairs if k == "label"))
    assert labels == [said.label]
    assert said.label in RELEVANCE.labels


@settings(max_examples=3_000)
@given(REPLIES)
def test_no_text_yields_a_label_off_the_scale(text: str) -> None:
    _hold(text)


@pytest.mark.slow
@settings(max_examples=100_000)
@given(REPLIES)
def test_no_text_in_a_hundred_thousand_yields_a_label_off_the_scale(text: str) -> None:
    _hold(text)
