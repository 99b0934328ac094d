"""The guideline: people read the rubric's own words, and no outside text can act."""

from __future__ import annotations

import pytest
from recjudge.cli import main
from recjudge.human_labels import guideline
from recjudge.judge import Finding, Grade, Status, Verdict
from recjudge.rubrics import load_rubric, rubric_names

from makers import dimension, rubric


def _bad(number: int, text: str = "A text.", reason: str = "it is wrong") -> Verdict:
    found = Finding("relevance", Status.OK, "bad", -1, (1.0, 0.0, 0.0), "wrong", reason)
    return Verdict(f"s{number}", "text", "local", "text@1", Status.OK, Grade.BAD, (found,), text=text)


@pytest.mark.parametrize("name", rubric_names())
def test_every_word_of_the_rubric_that_people_need_is_in_it(name: str) -> None:
    made = load_rubric(name)
    page = guideline(made)
    for dim in made.dimensions:
        assert dim.question in page
        places = [page.index(f"`{point.label}`", page.index(f"### {dim.name}")) for point in dim.scale]
        assert places == sorted(places)
        assert all(point.words in page for point in dim.scale)
        assert all(f"- `{code}` ({words})" in page for code, words in dim.codes.items())
    assert made.id in page
    assert "before you see what any judge" in page
    assert "Skip" in page


@pytest.mark.parametrize(
    ("review", "words"),
    [
        ({"threshold": 0.75}, "share of questions answered positively is 75% or more"),
        ({"rule": "reviewer"}, "excellent as a whole"),
        ({"defects": "veto"}, "cannot be outweighed (none)"),
    ],
)
def test_the_grade_s_rule_is_the_rubric_s(review: dict[str, object], words: str) -> None:
    assert words in guideline(rubric(**review))


def test_weights_and_vetoes_are_named() -> None:
    page = guideline(rubric(dimension("relevance", weight=2.0), dimension("fluency", veto=True), defects="veto"))
    assert "(`fluency`)" in page
    assert "Weights: relevance 2, fluency 1." in page


def test_two_examples_a_failure_class_at_most_and_none_of_another_task() -> None:
    page = guideline(rubric(), [_bad(n, f"Text number {n}") for n in range(5)])
    assert page.count("for example") == 2
    assert "“Text number 1” — it is wrong" in page
    assert "for example" not in guideline(load_rubric("explanation"), [_bad(1)])


def test_an_example_s_text_stays_text() -> None:
    page = guideline(rubric(), [_bad(1, "<script>x</script>\n# Heading [a](javascript:b) `c` *d*", "![i](http://e)")])
    assert "<script>" not in page
    assert "\n# Heading" not in page
    assert r"&lt;script&gt;x&lt;/script&gt; \# Heading \[a\]\(javascript:b\) \`c\` \*d\*" in page
    assert "![i](" not in page


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "guideline", "explanation"]) == 0
    assert capsys.readouterr().out == guideline(load_rubric("explanation"))
