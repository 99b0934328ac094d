"""Rubrics as data: the shipped ones hold together and keep the papers' classes; a broken one is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from recjudge.errors import RubricError
from recjudge.judge import Sample, check_names
from recjudge.judge.checks.checks import CHECKS
from recjudge.judge.embedded.measures import MEASURES
from recjudge.rubrics import by_task, load_rubric, rubric_names

SMALL = """
name = "greeting"
title = "Greetings"
artefact = "text"
subject = "a greeting"
[[dimension]]
name = "warmth"
question = "Is the greeting warm enough?"
codes = {{ cold = "it is cold" }}
scale = [
  {{ label = "cold", polarity = -1, words = "It is cold." }},
  {{ label = "warm", polarity = 1, words = "It is warm." }},
]
steps = [ {steps} ]
"""


def written(folder: Path, steps: str) -> Path:
    path = folder / "greeting.toml"
    path.write_text(SMALL.format(steps=steps))
    return path


def test_four_rubrics_ship() -> None:
    assert rubric_names() == ["explanation", "intent", "item_tag", "text"]


@pytest.mark.parametrize(
    ("name", "dimensions"),
    [
        ("intent", ["willingness", "reasonableness"]),
        ("item_tag", ["relevance", "consistency", "specificity", "validity"]),
        (
            "explanation",
            ["relevance", "factuality", "clarity", "safety", "timeliness", "informativeness", "attractiveness"],
        ),
    ],
)
def test_the_papers_dimensions_are_there(name: str, dimensions: list[str]) -> None:
    assert [dim.name for dim in load_rubric(name).dimensions] == dimensions


def test_the_papers_failure_classes_are_there() -> None:
    codes = {code for name in rubric_names() for dim in load_rubric(name).dimensions for code in dim.codes}
    assert {"necessity", "weak_correlation", "no_correlation", "hallucination"} <= codes
    assert {"weak_relevance", "low_consistency", "low_specificity", "invalid_tag"} <= codes
    assert {"unverified", "limited", "unproven"} <= codes


@pytest.mark.parametrize("name", rubric_names())
def test_every_dimension_has_a_way_for_each_kind_of_judge(name: str) -> None:
    for dimension in load_rubric(name).dimensions:
        kinds = {step.kind for step in dimension.steps}
        assert "measure" in kinds
        assert kinds & {"ask", "claims", "look"}


@pytest.mark.parametrize("name", rubric_names())
def test_every_step_names_what_exists_and_takes_its_parameters(name: str) -> None:
    rubric = load_rubric(name)
    for step in (step for dimension in rubric.dimensions for step in dimension.steps):
        sample = Sample("x", rubric.name, "a warm text", {})
        if step.check:
            CHECKS[step.check](sample, step.with_)
        if step.measure:
            assert MEASURES[step.measure](sample, step.with_, None).reason


@pytest.mark.parametrize("name", rubric_names())
def test_every_defect_a_step_finds_has_a_class(name: str) -> None:
    for dimension in load_rubric(name).dimensions:
        for step in dimension.steps:
            assert step.check is None or not step.settles or step.code in dimension.codes


def test_a_rubric_is_named_by_its_content(tmp_path: Path) -> None:
    one = load_rubric(written(tmp_path, '{ kind = "ask" }'))
    same = load_rubric(written(tmp_path, '{   kind = "ask"   }'))
    other = load_rubric(written(tmp_path, '{ kind = "ask" }, { kind = "measure", measure = "fluency", cuts = [0.5] }'))
    assert one.id == same.id
    assert one.id != other.id


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ('{ kind = "guess" }', "kind"),
        ('{ kind = "check" }', "`check` names the check of a check step"),
        ('{ kind = "ask", label = "lukewarm" }', "'lukewarm' is not on the scale"),
        ('{ kind = "ask", code = "grey" }', "'grey' is not in codes"),
        (
            '{ kind = "measure", measure = "fluency", cuts = [0.2, 0.4] }',
            "has 2; give 1, one fewer than the scale",
        ),
        ('{ kind = "ask", colour = "red" }', "is not a key known here"),
    ],
)
def test_a_broken_rubric_is_refused_with_file_key_and_remedy(tmp_path: Path, steps: str, words: str) -> None:
    with pytest.raises(RubricError, match=words) as refusal:
        load_rubric(written(tmp_path, steps))
    assert "greeting.toml" in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ('{ kind = "check", check = "length", with = { word = [3, 14] } }', "unknown parameter 'word'; known: char"),
        ('{ kind = "check", check = "length", with = { words = 14 } }', "'words' must be like"),
        ('{ kind = "measure", measure = "similarity", with = { other = ["x"] }, cuts = [0.5] }', "known: combine, one"),
    ],
)
def test_parameters_that_a_step_does_not_take_are_refused_before_a_run(tmp_path: Path, step: str, words: str) -> None:
    rubric = load_rubric(written(tmp_path, step))
    with pytest.raises(RubricError, match=words):
        check_names(rubric)


def test_an_unknown_rubric_lists_the_known_ones() -> None:
    with pytest.raises(RubricError, match="explanation, intent, item_tag, text"):
        load_rubric("poem")


def test_two_rubrics_may_not_claim_one_task() -> None:
    with pytest.raises(RubricError, match="belongs to both"):
        by_task([load_rubric("intent"), load_rubric("intent")])
