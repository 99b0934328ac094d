"""Measures of the embedded judge: what raises a score, what lowers it, and where each abstains."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from recjudge.judge import Sample
from recjudge.judge.embedded.measures import MEASURES, texts
from recjudge.judge.findings import Measured
from recjudge.judge.panel import run_checks
from recjudge.rubrics import load_rubric

ITEM = {
    "title": "Hand burr coffee grinder",
    "category": "Coffee grinders",
    "features": "38 grind settings, folding handle, 25 g capacity",
}
TEA = [
    {"id": "a", "time": "2026-01-01", "title": "Yunnan pu'er cake"},
    {"id": "b", "time": "2026-03-05", "title": "gaiwan, white porcelain"},
    {"id": "c", "time": "2026-05-09", "title": "bamboo tea tray"},
]


class Fixed:
    """An embedder that answers from a table, and None for what is not in it."""

    name = "fixed"

    def __init__(self, table: Mapping[tuple[str, str], float]) -> None:
        self.table = table

    def prepare(self, texts: Sequence[str]) -> None:
        """Nothing to prepare."""

    def similarity(self, one: str, other: str) -> float | None:
        return self.table.get((one, other))


def text(words: str, **context: Any) -> Sample:
    return Sample("x", "explanation", words, context)


def tag(words: str, interest: str = "", **context: Any) -> Sample:
    return Sample("x", "item_tag", {"tag": words, "interest": interest}, context)


def measure(name: str, sample: Sample, embedder: Fixed | None = None, **given: Any) -> Measured:
    return MEASURES[name](sample, given, embedder)


def score(name: str, sample: Sample, **given: Any) -> float:
    said = measure(name, sample, **given).score
    assert said is not None
    return said


@pytest.mark.parametrize("name", sorted(MEASURES))
@pytest.mark.parametrize(
    "output", ["", "warm 12 ml", "喝茶" * 400, {"tag": ""}, {"interest": "tea", "evidence": ["a"]}]
)
def test_a_score_is_in_the_unit_interval_or_an_abstention_with_a_reason(name: str, output: Any) -> None:
    said = MEASURES[name](
        Sample("x", "explanation", output, {"item": ITEM, "history": TEA, "now": "2026-05-10"}), {}, None
    )
    assert said.reason
    assert said.score is None or 0 <= said.score <= 1


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_an_unknown_parameter_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="unknown parameter 'nonsense'"):
        MEASURES[name](text("warm"), {"nonsense": 1}, None)


def test_without_an_embedder_similarity_can_only_say_near() -> None:
    near = tag("gaiwan with saucer", "tea ceremony")
    far = tag("widget press", "tea ceremony")
    assert score("similarity", near, others=["interest"]) > 0.4
    said = measure("similarity", far, others=["interest"])
    assert said.score is None
    assert "no embedding model" in said.reason


def test_an_embedder_may_say_far() -> None:
    far = tag("widget press", "tea ceremony")
    said = measure("similarity", far, Fixed({("widget press", "tea ceremony"): 0.07}), others=["interest"])
    assert said.score == pytest.approx(0.07)
    assert "cosine 0.07" in said.reason


def test_similarity_says_that_the_embedder_reads_no_chinese() -> None:
    said = measure("similarity", tag("织金云肩", "穿衣打扮"), Fixed({}), others=["interest"])
    assert said.score is None
    assert "English only" in said.reason


def test_similarity_takes_the_best_event_of_a_history() -> None:
    sample = tag("white porcelain cup", history=TEA)
    assert "history" in measure("similarity", sample, others=["history"]).reason
    assert score("similarity", sample, others=["history"]) > 0.5


def test_more_events_over_a_longer_time_support_an_interest_better() -> None:
    one, three = ([TEA[0]], TEA)
    low = score("correlation", Sample("x", "intent", {"interest": "tea"}, {"history": one}))
    high = score("correlation", Sample("x", "intent", {"interest": "tea"}, {"history": three}))
    assert low < 0.6 < high


def test_a_liking_is_a_leisure_subject_returned_to() -> None:
    liked = Sample("x", "intent", {"interest": "tea ceremony"}, {"history": TEA})
    unknown = Sample("x", "intent", {"interest": "quarterly filings"}, {"history": TEA})
    assert score("persistence", liked) > 0.65
    assert measure("persistence", unknown).score is None


def test_support_is_the_share_of_claims_that_the_fields_show() -> None:
    assert score("support", text("38 settings and a folding handle", item=ITEM)) > 0.9
    assert score("support", text("38 settings, waterproof", item=ITEM)) < 0.5


def test_support_abstains_on_a_paraphrase() -> None:
    assert measure("support", text("Dial in any roast you like", item=ITEM)).score is None


def test_grounding_falls_with_words_and_names_that_the_source_lacks() -> None:
    source = "The city library lends tools from 3 March. Members take five for two weeks."
    faithful = text("Members of the city library take five tools.", source=source)
    strange = text("Members of the Berlin museum take 90 paintings.", source=source)
    assert score("grounding", faithful) > 0.7 > 0.3 > score("grounding", strange)


def test_fluency_falls_with_slips_and_abstains_outside_english() -> None:
    assert score("fluency", text("The narrow spout slows your pour.")) > 0.75
    assert score("fluency", text("You was happy and he don't know.")) < 0.35
    assert measure("fluency", text("水流细而稳，香气全在")).score is None


def test_a_modifier_makes_a_tag_specific() -> None:
    bare, narrow = score("specificity", tag("tent")), score("specificity", tag("ultralight two-person tent"))
    assert bare < 0.7 < narrow
    assert score("specificity", tag("复古黄铜台灯")) > 0.7


def test_a_head_that_shops_sell_makes_a_tag_valid() -> None:
    assert score("product_known", tag("walnut desk lamp")) > 0.65
    assert score("product_known", tag("pu'er cake", history=TEA)) > 0.65
    assert measure("product_known", tag("flonk driver rig")).score is None


def test_traits_of_the_item_inform_and_praise_does_not() -> None:
    praise = score("informativeness", text("Great quality, a perfect choice", item=ITEM))
    traits = score("informativeness", text("38 settings and a folding handle for small kitchens", item=ITEM))
    assert praise < 0.3 < 0.5 < traits


def test_timeliness_has_three_answers() -> None:
    now = {"now": "2026-12-10"}
    scores = [
        score("timeliness", text(words, **now)) for words in ("For summer picnics", "For picnics", "For winter picnics")
    ]
    assert scores == [0.1, 0.5, 0.9]


def test_appeal_is_seen_and_dullness_is_not() -> None:
    assert score("attractiveness", text("A warm cup for your rainy mornings", interest="coffee")) > 0.58
    assert measure("attractiveness", text("Grinder with handle, metal")).score is None


def test_salience_rises_with_what_the_source_speaks_of_most() -> None:
    source = "Glaciers in the Alps lose ice. Alpine glaciers may vanish; the ice of glaciers feeds rivers."
    assert score("salience", text("Alpine glaciers lose their ice", source=source)) > score(
        "salience", text("Rivers are fed", source=source)
    )


def test_passed_rules_name_the_rules() -> None:
    said = measure("rules_passed", text("warm"), score=0.85, rules=["hard sell", "personal data"])
    assert said.score == 0.85
    assert "hard sell, personal data" in said.reason


def test_the_texts_to_embed_are_those_that_measures_compare() -> None:
    sample = tag("gaiwan", "tea ceremony", history=TEA, profile={"age": 30})
    wanted = texts(sample, load_rubric("item_tag"))
    assert {"gaiwan", "tea ceremony", TEA[0]["title"]} <= set(wanted)


@pytest.mark.slow
def test_ten_thousand_explanations_take_less_than_forty_seconds_of_one_core() -> None:
    rubric, draw = load_rubric("explanation"), random.Random(7)
    words = ["steady", "slow", "warm", "light", "narrow", "quiet", "evening", "spout", "handle", "grip", "soup", "ink"]
    begin = time.process_time()
    for number in range(10_000):
        output = f"38 settings for {' '.join(draw.sample(words, 6))} number {number} in your kitchen."
        sample = text(output, item=ITEM, interest="pour-over coffee", now="2026-05-10")
        settled, _ = run_checks(sample, rubric)
        for dimension in rubric.dimensions:
            for step in dimension.steps if dimension.name not in settled else ():
                if step.measure:
                    MEASURES[step.measure](sample, step.with_, None)
    assert time.process_time() - begin < 40
