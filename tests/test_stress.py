"""Relations can fail: each catches a judge that is wrong in its way, and one that knows the truth passes them all."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from recjudge.errors import UsageError
from recjudge.human_labels import drawable
from recjudge.human_labels.stress import RELATIONS, Stressed, Variant, World, plain, stress
from recjudge.judge import Judge, Prompt, Sample, Scripted, load_judge, shipped
from recjudge.training.rows import NEVER

from makers import asked, said
from stressed import (
    RUBRIC,
    Moody,
    by_id,
    by_keyword,
    by_length,
    by_letters,
    by_position,
    constant,
    echo,
    halo,
    judge_by,
    oracle,
    samples,
)

BAD = {
    "moody": Moody(), "position": by_position, "names": by_id, "letters": by_letters, "length": by_length,
    "keyword": by_keyword(r"\*\*|^- |#"), "authority": by_keyword("study|Journal|https"), "gender": by_keyword("women"),
    "popularity": by_keyword("prefer|Most people|Everyone"), "trivia": by_keyword("Octopus|letter e|Sound"),
    "tone": by_keyword("lovely|heaven"), "revised": by_keyword("(?i)revised|step by step"), "constant": constant,
    "echo": echo, "halo": halo,
}  # fmt: skip
CAUGHT = {
    "repeat": ["moody"], "criterion_order": ["position"], "metadata": ["names"], "form": ["letters"],
    "verbosity": ["length"], "markdown": ["keyword"], "authority": ["authority", "length"],
    "popularity": ["popularity"],
    "distraction": ["trivia"], "tone": ["tone"], "identity": ["gender"], "revised": ["revised"],
    "junk": ["constant", "echo"], "slips": ["constant", "echo", "length"], "omission": ["constant"],
    "isolation": ["halo", "constant"],
}  # fmt: skip
"""Relation to planted judges that must not pass it."""


@pytest.mark.parametrize(("relation", "bad"), [(name, bad) for name, all_ in CAUGHT.items() for bad in all_])
def test_a_relation_catches_a_judge_that_is_wrong_in_its_way(relation: str, bad: str) -> None:
    (found,) = stress(samples(), judge_by(BAD[bad]), relations=[relation])
    assert found.variants > 0
    assert found.holds is False, found.why


def test_every_relation_has_a_planted_judge() -> None:
    assert set(CAUGHT) == set(RELATIONS)


def test_a_judge_that_knows_the_truth_passes_them_all() -> None:
    found = stress(samples(), judge_by(oracle))
    assert {one.relation.name: one.holds for one in found} == dict.fromkeys(RELATIONS, True)
    assert found.broken == ()


def test_a_judge_that_only_repeats_itself_is_not_taken_for_a_good_one() -> None:
    found = stress(samples(), judge_by(constant))
    assert {"junk", "slips", "omission", "isolation"} == set(found.broken)


def test_a_judge_with_a_model_is_held_to_lenient_limits_and_its_failures_are_in_no_figure() -> None:
    def answer(prompt: Prompt) -> object:
        if "280 grams" not in prompt.body:
            raise _fault()
        return said("good")

    found = stress(samples()[:2], Judge.of(Scripted(answer), RUBRIC), relations=["tone", "slips"])
    tone, slips = found
    assert not found.steady
    assert tone.limit == RELATIONS["tone"].noisy
    assert tone.unjudged == 0
    assert tone.holds is True
    assert slips.unjudged > 0
    assert slips.variants + slips.unjudged > slips.variants


def test_asking_a_model_under_other_names_sends_the_same_prompts() -> None:
    (found,) = stress(samples(), Judge.of(Scripted(lambda prompt: said("good")), RUBRIC), relations=["7"])
    assert found.holds is True
    assert found.figures["moved"].value == 0


def test_a_single_call_that_favours_the_criterion_asked_first_is_caught_by_their_order() -> None:
    def answer(prompt: Prompt) -> object:
        first = asked(prompt)
        return {name: said("good" if name == first else "bad") for name in ("relevance", "fluency", "factuality")}

    judge = load_single(answer)
    (found,) = stress(samples(), judge, relations=["criterion_order"])
    assert found.holds is False


def load_single(answer: object) -> Judge:
    from recjudge.judge.examiners import Single

    return Judge(Single(Scripted(answer)), {"text": RUBRIC})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", RELATIONS)
def test_all_that_a_generator_makes_of_these_texts_is_sound(name: str) -> None:
    made = variants(name)
    assert made
    assert [RELATIONS[name].sound(sample, variant) for sample, variant in made] == [""] * len(made)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("form", "Another text."),
        ("verbosity", "Filler alone."),
        ("markdown", "**Other** words."),
        ("authority", "A study says 7."),
        ("identity", "A woman and a man."),
        ("slips", samples()[0].text),
        ("omission", "Half a sentence of the"),
        ("isolation", "Other telling words entirely."),
    ],
)
def test_a_validity_check_throws_out_what_it_is_there_for(name: str, spoil: str) -> None:
    sample, variant = variants(name)[0]
    spoilt = Variant(Sample(sample.id, sample.task, spoil, sample.context, sample.group), variant.what, side="fluency")
    assert RELATIONS[name].sound(sample, spoilt)


def test_slips_change_what_the_source_shows_into_what_it_does_not_show_and_grow() -> None:
    made = [variant for sample, variant in variants("slips") if sample.id == "s0" and not variant.side]
    assert [variant.level for variant in made] == [1, 2, 3, 4]
    assert "283 grams" in made[0].sample.text
    assert "420 grams" in made[1].sample.text
    assert "420 grams" in made[2].sample.text
    assert "aluminium" not in made[2].sample.text
    assert "450 lumens" in made[3].sample.text
    assert not any(" not " in variant.sample.text for variant in made)  # beside a falsehood a denial may be true


def test_each_kind_of_falsehood_has_a_row_of_its_own_in_texts_and_in_explanations_of_an_item() -> None:
    source = "It was sold on monday. More than 40 shops took it. The narrow base weighs 280 g. The hook is of steel."
    item = {"title": "Lantern", "features": "280 g, narrow base, folding hook", "material": "steel"}
    text = Sample("t", "text", source, {"source": source})
    explanation = Sample("e", "explanation", "A light for your evenings.", {"item": item})
    world = World(Random(0), (), {**shipped(), "text": RUBRIC})
    kinds = {"number", "unit", "entity", "negation", "antonym"}
    for sample, wanted in ((text, kinds | {"date", "comparative"}), (explanation, kinds)):
        made = RELATIONS["slips"].make(sample, world)
        assert {variant.side for variant in made} - {""} == wanted
        assert [RELATIONS["slips"].sound(sample, variant) for variant in made] == [""] * len(made)
        assert len({variant.sample.text for variant in made}) > 6


def test_a_judge_blind_to_one_kind_of_falsehood_breaks_the_relation() -> None:
    def blind(sample: Sample, asked: object, given: object) -> float:
        return 0.9 if (sample.meta.get("probe") or {}).get("side") == "number" else oracle(sample, asked, given)

    (found,) = stress(samples(), judge_by(blind), relations=["slips"])
    assert found.holds is False
    assert found.figures["tau"].value == -1
    assert found.figures["tau number"].value == 0


def test_chinese_is_changed_in_chinese_and_other_languages_are_said_to_be_out_of_reach() -> None:
    world = World(Random(0), (), shipped())
    tea = Sample(
        "zh", "explanation", "三层剑麻平台，够橘猫抓一整天。", {"item": {"title": "猫爬架", "material": "剑麻"}}
    )
    german = Sample("de", "explanation", "Ein schöner Kessel für deinen Kaffee am Morgen.", {})
    (more,) = RELATIONS["popularity"].make(tea, world)
    assert more.sample.text.startswith("三层")
    assert "study" not in more.sample.text
    assert RELATIONS["popularity"].make(german, world) == "neither English nor Chinese"


def test_identity_terms_are_swapped_in_text_and_context_and_what_cannot_be_swapped_back_is_thrown_out() -> None:
    sample = Sample("a", "text", "She runs with her sister.", {"source": "The woman runs. 其他女士也跑。"})
    (variant,) = RELATIONS["identity"].make(sample, World(Random(0)))
    assert variant.sample.output == "He runs with his brother."
    assert variant.sample.context["source"] == "The man runs. 其他男士也跑。"
    him = Sample("b", "text", "They asked him to run.", {})
    (variant,) = RELATIONS["identity"].make(him, World(Random(0)))
    assert RELATIONS["identity"].sound(him, variant) == "the swap does not lead back"


def test_probes_are_marked_so_that_nothing_is_trained_on_them(tmp_path: Path) -> None:
    seen: list[Sample] = []

    def rate(sample: Sample, *rest: object) -> float:
        seen.append(sample)
        return 0.9

    stress(samples(), judge_by(rate), relations=["tone", "repeat"], folder=tmp_path)
    marked = [sample for sample in seen if " ~ " in sample.id]
    assert marked
    assert all(sample.meta.get("probe") for sample in marked)
    assert "probe" in NEVER
    assert not any(sample.meta.get("probe") for sample in seen if " ~ " not in sample.id)


def test_probes_are_never_drawn_for_labels(tmp_path: Path) -> None:
    rows = [
        {"id": "s1", "task": "text", "output": "A text."},
        {"id": "s1 ~ tone 1", "task": "text", "output": "Oh, a text!", "meta": {"probe": {"relation": "tone"}}},
    ]
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    found, _ = drawable(str(path), shipped()["text"])
    assert [one.id for one in found] == ["s1"]


def test_a_run_that_was_done_is_not_judged_again(tmp_path: Path) -> None:
    calls: list[str] = []

    def rate(sample: Sample, *rest: object) -> float:
        calls.append(sample.id)
        return 0.9

    first = stress(samples(), judge_by(rate), relations=["tone"], folder=tmp_path)
    before = len(calls)
    again = stress(samples(), judge_by(rate), relations=["tone"], folder=tmp_path)
    assert len(calls) == before
    assert plain(first) == plain(again)


def test_the_same_seed_makes_the_same_probes_whatever_the_order_of_the_samples() -> None:
    one = plain(stress(samples(), judge_by(echo), relations=["authority"], seed=3))
    other = plain(stress(samples()[::-1], judge_by(echo), relations=["authority"], seed=3))
    assert one["relations"][0]["drifts"] == other["relations"][0]["drifts"]


def test_figures_have_n_clusters_and_intervals() -> None:
    (found,) = stress(samples(), judge_by(by_length), relations=["verbosity"])
    (drift,) = [one for one in found.drifts if one.dimension == "text.relevance"]
    assert drift.change.n == found.variants
    assert drift.change.clusters == 5
    assert drift.change.low < drift.change.value < drift.change.high


def test_unknown_relations_double_ids_and_no_samples_are_refused() -> None:
    with pytest.raises(UsageError, match="unknown relation 'nonsense'; known: repeat, "):
        stress(samples(), judge_by(constant), relations=["nonsense"])
    with pytest.raises(UsageError, match="'s0' stands 2 times"):
        stress([*samples(), samples()[0]], judge_by(constant))
    with pytest.raises(UsageError, match="no sample"):
        stress([], judge_by(constant))


def test_a_trained_judge_is_not_asked_for_another_order_of_criteria() -> None:
    found: Stressed = stress(samples(), load_judge("local/lexical"), relations=["criterion_order", "metadata"])
    assert [one.holds for one in found] == [True, True]


def variants(name: str) -> list[tuple[Sample, Variant]]:
    """All that a relation makes of the texts."""
    found = []
    for sample in samples():
        made = RELATIONS[name].make(sample, World(Random(0), samples(), {"text": RUBRIC}))
        found += [] if isinstance(made, str) else [(sample, variant) for variant in made]
    return found


def _fault() -> Exception:
    from recjudge.errors import ProviderFault

    return ProviderFault("no answer", status="timeout")
