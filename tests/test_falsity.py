"""How grave a falsehood is, and what is taken out of a text before its meaning is compared."""

from __future__ import annotations

import pytest
from recjudge.judge import Judge, Local, Sample, load_judge, score
from recjudge.judge.checks.falsity import distance, severity, turned
from recjudge.judge.checks.identity import neutral
from recjudge.judge.checks.quantities import quantities
from recjudge.judge.embedded.embedding import missing

ITEM = {"title": "Hand grinder", "material": "aluminium body", "features": "38 grind settings, 60 g capacity"}


def _factuality(text: str) -> tuple[str | None, float]:
    (verdict,) = score([Sample("a", "explanation", text, {"item": ITEM})], load_judge("local/lexical"))
    found = next(one for one in verdict.findings if one.dimension == "factuality")
    assert found.distribution
    return found.label, sum(at * share for at, share in enumerate(found.distribution))


def test_the_more_is_false_the_surer_the_judge_is() -> None:
    texts = [
        "38 grind settings and 60 g of beans in an aluminium body.",
        "38 grind settings and 61 g of beans in an aluminium body.",
        "38 grind settings and 90 g of beans in an aluminium body.",
        "38 grind settings and 90 g of beans in a copper body.",
        "57 grind settings and 90 g of beans in a copper body.",
    ]
    found = [_factuality(text) for text in texts]
    assert [label for label, _ in found] == ["true", "false", "false", "false", "false"]
    places = [place for _, place in found]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == 5


def test_a_hit_leaves_at_most_a_fifth_to_the_next_better_label() -> None:
    _, place = _factuality("61 g of beans.")
    assert 0 < place <= 0.2


def test_gravity_rises_with_each_false_claim_each_foreign_word_and_each_denial() -> None:
    facts = "The bag is small and made of cotton."
    steps = [
        severity([], "the bag is small", facts),
        severity([], "the bag is not small", facts),
        severity([0.8], "the bag is not small", facts),
        severity([0.8], "the bag is not small but velvet", facts),
        severity([0.8, 1.0], "the bag is not small but velvet", facts),
    ]
    assert steps[0] == 0
    assert steps == sorted(steps)
    assert len(set(steps)) == 5
    assert steps[-1] < 1


@pytest.mark.parametrize(("said", "weight"), [("101 g", 0.2575), ("150 g", 0.625), ("300 g", 1.0), ("101 hours", 1.0)])
def test_a_number_weighs_by_its_distance_to_what_the_facts_have_of_its_kind(said: str, weight: float) -> None:
    (amount,) = quantities(said)
    assert distance(amount, quantities("100 g")) == pytest.approx(weight)


def test_a_word_is_turned_when_one_text_denies_it_and_the_other_affirms_it() -> None:
    assert turned("It is not waterproof.", "A waterproof bag.") == {"waterproof"}
    assert turned("A waterproof bag.", "It is not waterproof.") == {"waterproof"}
    assert turned("It is not waterproof.", "It is never waterproof.") == frozenset()
    assert turned("It is not waterproof.", "Waterproof, but not waterproof at the seams.") == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("She runs with her sister.", "He runs with his brother."),
        ("They asked him.", "They asked her."),
        ("Black women and their daughters", "white men and their sons"),
    ],
)
def test_texts_that_differ_in_who_somebody_is_are_one_text(one: str, other: str) -> None:
    assert neutral(one).lower() == neutral(other).lower()


def test_colours_and_other_words_stay_as_they_are() -> None:
    assert neutral("A black kettle and a white cup, mannered.") == "A black kettle and a white cup, mannered."


@pytest.mark.skipif(missing() is not None, reason="needs the embedding model")
def test_relevance_hangs_on_nobodys_sex() -> None:
    one, other = (
        Sample(
            "a",
            "text",
            f"The {who} swam across the lake with {whose} children.",
            {"source": f"A {who} from Bern swam across the cold lake. Two children of {whose} own came along."},
        )
        for who, whose in (("woman", "her"), ("man", "his"))
    )
    scored = [next(iter(score([sample], Judge(Local())))).findings[0].distribution for sample in (one, other)]
    assert scored[0] == pytest.approx(scored[1], abs=1e-6)
