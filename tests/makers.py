"""Small things that several tests judge: one rubric, one sample, replies that fit a prompt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recjudge.judge import Prompt, Sample
from recjudge.rubrics import Dimension, Point, Review, Rubric, Step

SCALE = (
    Point(label="bad", polarity=-1, words="It fails."),
    Point(label="fair", polarity=0, words="It will do."),
    Point(label="good", polarity=1, words="It is right."),
)


def dimension(name: str, *steps: Mapping[str, Any], **more: Any) -> Dimension:
    """A three-point dimension; one `ask` step unless others are given."""
    made = tuple(Step(**step) for step in steps) or (Step(kind="ask"),)
    codes = {"wrong": "it is wrong", "contradicted": "the source says otherwise"}
    return Dimension(name=name, question=f"Is the {name} right?", scale=SCALE, codes=codes, steps=made, **more)


def rubric(*dimensions: Dimension, **review: Any) -> Rubric:
    """A rubric for texts named `text`."""
    return Rubric(
        name="text",
        title="A test",
        artefact="text",
        subject="a text",
        context={"source": "what it rests on", "history": "what the user did"},
        dimension=dimensions or (dimension("relevance"), dimension("fluency")),
        review=Review(**review),
    )


def sample(text: str = "A plain sentence.", id: str = "s1", **more: Any) -> Sample:
    """One text."""
    return Sample(id=id, task="text", output=text, **more)


def asked(prompt: Prompt) -> str:
    """The dimension a prompt asks about."""
    return prompt.question.split("Dimension: ")[1].split("\n")[0]


def said(label: str = "good", reason: str = "so it is", code: str = "none", **more: Any) -> dict[str, Any]:
    """A reply to an ask."""
    return {"reason": reason, "evidence": [], "label": label, "code": code, **more}
