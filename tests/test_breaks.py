"""Sentences that break off inside a text; tags made for another sport; strangers that show whose they are."""

from __future__ import annotations

from random import Random

import pytest
from recjudge.human_labels.stress.junk import _stranger
from recjudge.human_labels.stress.relation import World
from recjudge.judge import Sample
from recjudge.judge.checks.form import cut_off
from recjudge.judge.checks.tags import off_interest

CUT = "Warm tone for your blues practice because the "
ITEM = {"item": {"title": "Mule guitar amp", "features": ["works with the Sound Studio"]}}


@pytest.mark.parametrize(
    "more",
    [
        "(Smith et al., Journal of Applied Research)",
        "Most people agree with this.",
        "Octopuses have blue blood.",
        "How annoying.",
        "That is what this is about.",
        "\n\nAnother paragraph begins here.",
        ". It plays well.",
    ],
)
def test_words_added_behind_do_not_hide_that_a_sentence_broke_off(more: str) -> None:
    assert cut_off(Sample("a", "explanation", CUT + more, ITEM), {})


@pytest.mark.parametrize(
    "whole",
    [
        "Warm tone because the Mule has a tube.",
        "Warm tone because the Sound Studio likes it.",
        "A night out because the Moon is full.",
        "It suits the (UK) market and the (very) patient.",
        "While the Federalists wrote, the others read.",
        "He watched the That Was The Week reruns.",
        "They saw the Most Wanted list.",
        "The grade was an A. Then it rose.",
    ],
)
def test_a_name_behind_an_article_breaks_nothing_off(whole: str) -> None:
    assert cut_off(Sample("a", "explanation", whole, ITEM), {}) is None


def test_without_facts_a_capital_letter_tells_nothing() -> None:
    assert cut_off(Sample("a", "text", "I stayed because the Crown voted late.", {}), {}) is None


@pytest.mark.parametrize(
    ("tag", "interest", "off"),
    [
        ("running headlamp", "Amateur astronomy", True),
        ("anti-blister running socks", "Amateur astronomy", True),
        ("red light headlamp", "Amateur astronomy", False),
        ("running headlamp", "Trail hiking", False),
        ("travel mug", "coffee", False),
        ("anime basketball poster", "anime", False),
    ],
)
def test_a_tag_for_another_sport_is_off_the_interest(tag: str, interest: str, off: bool) -> None:
    found = off_interest(Sample("a", "item_tag", {"tag": tag, "interest": interest}, {"interest": interest}), {})
    assert bool(found) is off


@pytest.mark.parametrize(("tag", "taken"), [("running belt", True), ("red light headlamp", False)])
def test_a_strangers_tag_has_a_word_of_what_it_was_made_for(tag: str, taken: bool) -> None:
    mine = Sample("a", "item_tag", {"tag": "star chart", "interest": "astronomy"}, group="a")
    other = Sample("b", "item_tag", {"tag": tag, "interest": "trail running"}, group="b")
    assert bool(_stranger(mine, World(Random(0), (mine, other)))) is taken
