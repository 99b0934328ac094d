"""Colour, origin and kind of an English text against an item's fields: contradictions alone, and of the item alone."""

from __future__ import annotations

import pytest
from recjudge import score

from checked import check, text

BIN = {"title": "Oru compost bin, 300 l", "material": "recycled plastic", "colour": "black"}
TEAPOT = {"title": "Kyoto teapot", "origin": "Japan", "material": "cast iron", "specs": {"color": "navy"}}
BEANS = {"title": "Morning blend", "roast": "medium roast", "form": "whole bean", "origin": "Ethiopia"}


@pytest.mark.parametrize(
    ("words", "item", "field"),
    [
        ("Green recycled plastic blends into the garden.", BIN, "colour: black"),
        ("This green bin fits under the sink.", BIN, "colour: black"),
        ("The bin in red looks fine.", BIN, "colour: black"),
        ("It comes in deep blue.", BIN, "colour: black"),
        ("Its green finish is calm.", BIN, "colour: black"),
        ("The red teapot holds enough for two.", TEAPOT, "color: navy"),
        ("Made in China from cast iron.", TEAPOT, ""),
        ("A German-made teapot.", TEAPOT, "origin: Japan"),
        ("Made in France.", {"title": "Clogs", "country": "Netherlands"}, "country: Netherlands"),
        ("A dark roast for early hours.", BEANS, "roast: medium roast"),
        ("Ground coffee, ready to brew.", BEANS, "form: whole bean"),
    ],
)
def test_what_a_field_says_otherwise_is_a_contradiction(words: str, item: dict[str, object], field: str) -> None:
    hit = check("contradicts", text(words, item=item), fields=("item",))
    assert hit
    assert hit.code == "contradicted"
    assert field in hit.reason


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("Black recycled plastic blends in.", BIN),
        ("A bin for your green garden and its red tomatoes.", BIN),
        ("It keeps your green bin company.", BIN),
        ("Not a green bin at all, unlike the red bin beside it.", BIN),
        ("A black and green bin.", BIN),
        ("A black bin with flowers on its green plastic lid.", BIN),
        ("The bin is a green choice.", BIN),
        ("The bin comes in black or green.", BIN),
        ("A green bin.", {"title": "Bin", "features": "green lid", "colour": "black"}),
        ("A green bin.", {"title": "Bin", "colour": "midnight"}),
        ("A green bin.", {"title": "Bin"}),
        ("A teapot for green tea.", TEAPOT),
        ("The blue teapot was made in Japan, of Japanese-made iron.", TEAPOT),
        ("A medium roast of whole beans, no dark roast.", {**BEANS, "note": "lighter than a dark roast"}),
        ("A medium roast, not a dark roast.", BEANS),
        ("Roasted in Germany.", BEANS),
    ],
)
def test_what_agrees_or_speaks_of_something_else_passes(words: str, item: dict[str, object]) -> None:
    assert check("contradicts", text(words, item=item), fields=("item",)) is None


def test_made_in_is_borne_out_by_a_field_that_names_the_country() -> None:
    assert check("unfounded", text("Made in Japan.", item=TEAPOT), fields=("item",)) is None
    assert check("unfounded", text("Made in Japan.", item=BIN), fields=("item",))


def test_a_wrong_colour_makes_an_explanation_bad() -> None:
    context = {"interest": "composting", "item": BIN}
    good, bad = (
        {
            "id": colour,
            "task": "explanation",
            "output": f"This {colour} bin turns scraps into compost.",
            "context": context,
        }
        for colour in ("black", "green")
    )
    grades = {verdict.id: str(verdict.grade) for verdict in score([good, bad], "local/prior")}
    assert grades["green"] == "Bad"
    assert grades["black"] != "Bad"
