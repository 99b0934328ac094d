"""Claims of a text with their places in the facts: copied, paraphrased, unsupported, or exactly contradicted."""

from __future__ import annotations

import pytest
from recjudge.human_labels import load_set
from recjudge.judge import Sample
from recjudge.judge.checks.altered import altered, places
from recjudge.judge.embedded.grounding import claims_of, grounded, worst

from stressed import SOURCE

MORE = SOURCE + " More than 40 shops took it before Christmas. The lantern cannot charge a phone."
ITEM = {
    "item": {"title": "Frying pan 28 cm", "material": "carbon steel", "features": "1.8 kg, oven safe, not coated"},
    "interest": "Cooking steak",
}


def text(words: str, source: str = MORE) -> Sample:
    return Sample("a", "text", words, {"source": source})


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("The lantern weighs 283 grams and gives 300 lumens.", "number"),
        ("It runs thirty hours at half brightness.", "number"),
        ("The lantern weighs 280 kg.", "unit"),
        ("She sold it to women on tuesday in france.", "date"),
        ("She sold it to women on monday in spain.", "entity"),
        ("The housing is made of copper.", "entity"),
        ("The housing is not made of aluminium.", "negation"),
        ("The lantern can charge a phone.", "negation"),
        ("Less than 40 shops took it before Christmas.", "comparative or antonym"),
        ("More than 40 shops took it after Christmas.", "comparative or antonym"),
    ],
)
def test_one_thing_changed_in_a_fact_is_contradicted_and_the_reason_names_both(claim: str, kind: str) -> None:
    (found,) = grounded(text(claim))
    assert (found.standing, found.why.startswith(f"{kind} ")) == ("contradicted", True), found
    assert found.span is not None
    assert found.span.field == "source"


def test_a_source_contradicts_none_of_its_own_sentences() -> None:
    assert {claim.standing for claim in grounded(text(MORE))} == {"copied"}


@pytest.mark.parametrize(
    "claim",
    [
        "Some 270 grams is what the lantern weighs.",
        "Nearly 400 lumens come out of the lantern.",
        "On monday women in france bought it.",
        "The base has a hook that folds out.",
    ],
)
def test_a_paraphrase_or_a_rounded_number_is_not_contradicted(claim: str) -> None:
    assert all(found.standing != "contradicted" for found in grounded(text(claim)))


def test_what_the_facts_do_not_have_is_unsupported_and_named() -> None:
    one, two = grounded(text("Octopuses have blue blood. The lantern has 9 legs."))
    assert one.standing == two.standing == "unsupported"
    assert "octopus" in one.why.lower()
    assert "'9'" in two.why


def test_a_place_is_where_the_fact_stands() -> None:
    (found,) = grounded(text("A hook folds out of the base."))
    assert found.span is not None
    assert MORE[found.span.start : found.span.end] == found.span.quote == "A hook folds out of the base."


def test_of_an_item_only_what_is_said_of_it_is_a_claim() -> None:
    sample = Sample("a", "explanation", "Copper heats fast. Enjoy quiet evenings. It weighs 1.8 kg.", ITEM)
    one, two = grounded(sample)
    assert (one.standing, two.standing) == ("contradicted", "paraphrased")
    assert one.span is not None
    assert one.span.field == "item.material"
    assert worst((two, one), 1) == (one,)


def test_nothing_is_claimed_without_facts_or_in_another_language() -> None:
    assert grounded(Sample("a", "text", "A hook folds out.", {})) == ()
    assert grounded(text("Крючок складывается у основания лампы.")) == ()


def test_an_embedder_finds_what_no_word_shows() -> None:
    class Alike:
        name = "alike"

        def prepare(self, texts: object) -> None:
            """Nothing to do."""

        def similarity(self, one: str, other: str) -> float | None:
            return 0.9 if "hook" in other else 0.1

    (found,) = grounded(text("Something to suspend the lamp swings from below."), Alike())
    assert found.standing == "paraphrased"
    assert found.span is not None
    assert "hook" in found.span.quote


def test_clauses_with_a_fact_of_their_own_are_claims_of_their_own() -> None:
    assert len(claims_of("The lantern gives 300 lumens and its housing weighs 280 grams.")) == 2
    assert len(claims_of("Dr. Smith and Mr. Jones sold bread and butter in the U.S. yesterday.")) == 1


def test_a_day_that_the_facts_have_elsewhere_is_left_alone() -> None:
    known = places("The shop opens on monday in france. The fair opens on friday in france.")
    assert altered("The fair opens on monday in france.", known) is None


def test_consistent_summaries_are_not_contradicted() -> None:
    """Of SummEval's summaries, a twentieth of those that all three experts gave the best label."""
    data = load_set("summeval")
    least: dict[str, float] = {}
    for label in data.labels:
        if label.dimension == "consistency" and label.role == "expert":
            least[label.id] = min(label.value, least.get(label.id, 5.0))
    clean = [sample for sample in data.samples if least[sample.id] == 5.0][::20]
    found = [claim for sample in clean for claim in grounded(sample)]
    assert len(found) > 200
    assert [claim.line() for claim in found if claim.standing == "contradicted"] == []
