"""Label Studio's labelling configuration, drawn from a rubric: every question with its words, then the grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from ...rubrics import Rubric
from ..pairing import GRADES
from ..records import GRADE

CONTROLLED = "_artefact"
"""The name of the text that all labels are about. Names that begin with _ are no dimensions."""


def labelling_config(rubric: Rubric, shown: Sequence[str] | None = None) -> str:
    """The configuration's XML. shown: context fields to put beside the artefact; without it, all the rubric names.

    Nothing is shown as HTML: judged text stays text.
    """
    view = _tag(None, "View")
    _tag(view, "Header", value=rubric.title)
    for name in rubric.context if shown is None else shown:
        _tag(view, "Header", value=f"{name}: {rubric.context[name]}", size="5")
        _tag(view, "Text", name=f"_context_{name}", value=f"$context_{name}")
    _tag(view, "Header", value=f"What is judged: {rubric.subject}", size="4")
    _tag(view, "Text", name=CONTROLLED, value="$text")
    for dimension in rubric.dimensions:
        points = {point.label: point.words for point in dimension.scale}
        _choices(view, dimension.name, f"{dimension.name}: {dimension.question}", points)
        if dimension.codes:
            _choices(view, f"_code_{dimension.name}", "What is wrong, if anything", dimension.codes, several=True)
    _choices(view, GRADE, "grade: all in all, by the rule of the guideline", dict.fromkeys(GRADES.points, ""))
    _tag(view, "Header", value="Anything to say? (optional)", size="5")
    _tag(view, "TextArea", name="_comment", toName=CONTROLLED, rows="2", maxSubmissions="1", required="false")
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def _choices(
    view: ElementTree.Element, name: str, question: str, points: Mapping[str, str], *, several: bool = False
) -> None:
    _tag(view, "Header", value=question, size="5" if several else "4")
    # the words stand above the choices: hints appear on hover, and not in every installation
    for label, words in points.items():
        if words:
            _tag(view, "Header", value=f"{label}: {words}", size="6")
    choice = "multiple" if several else "single"
    # not required: an annotator who is unsure leaves it empty
    tag = _tag(view, "Choices", name=name, toName=CONTROLLED, choice=choice, showInline="true", required="false")
    for label, words in points.items():
        _tag(tag, "Choice", value=label, **({"hint": words} if words else {}))


def _tag(parent: ElementTree.Element | None, tag: str, **attributes: str) -> ElementTree.Element:
    if parent is None:
        return ElementTree.Element(tag, attributes)
    return ElementTree.SubElement(parent, tag, attributes)
