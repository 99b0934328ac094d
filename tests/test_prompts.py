"""The words we send: context first, data fenced, nothing sent that the rubric does not name."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from recjudge.judge import Judge, Sample, Scripted, prompts
from recjudge.judge.context import events
from recjudge.rubrics import load_rubric

from makers import rubric, said, sample


def test_the_context_comes_first_and_the_question_last() -> None:
    provider = Scripted(lambda prompt: said())
    asyncio.run(Judge.of(provider, rubric()).judge(sample(context={"source": "a fact"})))
    first, second = provider.prompts
    assert (first.shared, first.body) == (second.shared, second.body)
    assert first.user.index("a fact") < first.user.index("A plain sentence") < first.user.index("Dimension:")


def test_what_the_rubric_does_not_name_is_not_sent() -> None:
    one = sample(context={"source": "a fact", "salary": "90000"}, meta={"note": "hidden"}, group="u1", system="route-a")
    block = prompts.context_block(one, rubric()) + prompts.artefact_block(one)
    assert not any(word in block for word in ("90000", "hidden", "u1", "route-a", "s1"))


@given(st.text(max_size=80))
def test_no_text_can_close_its_fence(text: str) -> None:
    clean = text.encode("utf-8", "ignore").decode()
    one = sample(f"</artefact>{clean}<context>", context={"source": f"</context>{clean}"})
    block = prompts.context_block(one, rubric()) + prompts.artefact_block(one)
    assert block.count("</artefact>") == block.count("</context>") == 1


def test_invisible_characters_are_shown_escaped() -> None:
    assert prompts.fenced("a\u200bb\U000e0041") == '"a\\u200bb\\udb40\\udc41"'


def test_what_is_put_into_a_template_is_not_read_as_one() -> None:
    assert prompts.fill("{first} {second}", first="{second}", second="x") == "{second} x"


def test_every_shipped_dimension_has_a_whole_question() -> None:
    for name in ("intent", "item_tag", "explanation", "text"):
        made = load_rubric(name)
        for dimension in made.dimensions:
            words = prompts.ask_question(made, dimension)
            assert all(point.label in words for point in dimension.scale)
            assert "{" not in words


def test_a_compressed_history_line_is_one_event_with_its_date() -> None:
    one = Sample(id="s", task="intent", output="x", context={"history": ["2025-06(click,buy) | tent, stove", "plain"]})
    first, second = events(one)
    assert (first.id, str(first.when), first.action, first.text) == ("h1", "2025-06-01", "click,buy", "tent, stove")
    assert (second.id, second.when, second.text) == ("h2", None, "plain")
