"""Before Harper is asked, a quick look says where it cannot find anything; what it lets pass unasked has no slip."""

import pytest
from recjudge.human_labels.labelled_sets import load_set
from recjudge.judge.checks import grammar
from recjudge.judge.checks.slipping import look, may_slip


@pytest.mark.parametrize(
    "text",
    [
        "It is a insulated mug for your desk.",
        "Ask ask for the mug.",
        "She don't need another kettle.",
        "A mug that is is warm.",
        "They lost they're way on the trail.",
        "Please create summary of this trip.",
    ],
)
def test_a_text_with_a_slip_is_shown_to_harper(text: str) -> None:
    assert may_slip(text, look(text))


def test_a_text_without_any_sign_of_a_slip_is_not_shown_to_harper() -> None:
    text = "Made for mountain runs before work, this trail shoe stays light."
    assert not may_slip(text, look(text))


def test_no_sign_reaches_across_the_end_of_a_clause() -> None:
    text = "A light shoe suits them; its wool stays soft. It costs 9 dollars."
    assert not may_slip(text, look(text))


@pytest.mark.parametrize("text", ["A shoe for a passion for trails.", "He plays as a holding midfielder."])
def test_a_noun_with_an_article_is_no_slip(text: str) -> None:
    assert not grammar.slips(text)


def test_what_is_not_shown_to_harper_has_no_slip_that_counts() -> None:
    texts = [sample.text for sample in load_set("cola_dev").samples[::4]]
    unseen = [text for text in texts if not may_slip(text, look(text))]
    assert len(unseen) > 100
    assert not [text for text in unseen if grammar._lint(text)]


def test_where_no_pattern_is_tried_none_matches() -> None:
    texts = [sample.text for sample in load_set("cola_dev").samples]
    untried = [text for text in texts if not grammar._may_match(look(text))]
    assert untried
    assert not [text for text in untried if any(pattern.search(text) for pattern, _ in grammar._PATTERNS)]
