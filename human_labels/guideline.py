"""How annotators label, drawn from a rubric: so that people and judges read the same words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from ..judge import Verdict
from ..rubrics import Dimension, Rubric

MOST = 2
"""Examples of a failure class that are printed."""
_WORK = """\
## How to work

- Label before you see what any judge, model or colleague says of the sample.
- One sample at a time, in the order given. Read the context first, then the artefact, then answer.
- Answer each question for itself: a weakness in one must not lower another.
- Unsure, or the context does not tell? Skip: leave it empty. A skipped label is counted, a guessed one misleads.
- Do not talk about samples with other annotators until the round is over. Then talk about the guideline, not about
  who was right; what changes in the guideline starts a new round.
- Do not go back to make labels look alike. Disagreement is a finding.
"""
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~])")


def guideline(rubric: Rubric, examples: Iterable[Verdict] = ()) -> str:
    """The guideline in Markdown: each question, its scale from worst to best, its failure classes, the grade, the work.

    examples: verdicts with defects, at most two printed a failure class, with the judge's reason; they must not be
    among the samples to be labelled. Their texts are escaped.
    """
    found = _by_code(rubric, examples)
    lines = [
        f"# Guideline: {rubric.title}",
        "",
        f"You judge {rubric.subject}. Rubric `{rubric.id}`; labels made with another version are another round.",
        "",
    ]
    if rubric.context:
        lines += ["You see:", "", *(f"- **{name}**: {words}" for name, words in rubric.context.items()), ""]
    lines += [_WORK, "## Questions", ""]
    for dimension in rubric.dimensions:
        lines += _dimension(dimension, found)
    lines += ["## The grade", "", *_grade(rubric), ""]
    return "\n".join(lines)


def _dimension(dimension: Dimension, examples: dict[tuple[str, str], list[Verdict]]) -> Iterator[str]:
    yield f"### {dimension.name}"
    yield ""
    yield f"{dimension.question}"
    yield ""
    if dimension.needs:
        yield f"Skip it where the sample has no {' or '.join(dimension.needs)}."
        yield ""
    yield "From worst to best:"
    yield ""
    for number, point in enumerate(dimension.scale, 1):
        yield f"{number}. `{point.label}`{_SIGNS[point.polarity]}: {point.words}"
    yield ""
    if dimension.codes:
        yield "What can be wrong:"
        yield ""
    for code, words in dimension.codes.items():
        yield f"- `{code}` ({words})"
        for verdict in examples.get((dimension.name, code), []):
            reason = next(said.reason for said in verdict.findings if said.dimension == dimension.name)
            yield f"  - for example “{_plain(verdict.text)}” — {_plain(reason)}"
    if dimension.codes:
        yield ""


def _grade(rubric: Rubric) -> Iterator[str]:
    rule = rubric.review
    if rule.defects == "any":
        defects = "any question answered with a defect"
    else:
        vetoes = ", ".join(f"`{dimension.name}`" for dimension in rubric.dimensions if dimension.veto) or "none"
        defects = f"a defect on a question that cannot be outweighed ({vetoes})"
    yield f"1. `Bad`: {defects}."
    if rule.rule == "reviewer":
        yield "2. `Superior`: no such defect, and excellent as a whole in your own judgement."
    else:
        weights = {dimension.weight for dimension in rubric.dimensions}
        share = "share of questions" if len(weights) == 1 else "weighted share of questions"
        yield f"2. `Superior`: no such defect, and the {share} answered positively is {rule.threshold:.0%} or more."
        if len(weights) > 1:
            listed = ", ".join(f"{dimension.name} {dimension.weight:g}" for dimension in rubric.dimensions)
            yield f"   Weights: {listed}. A skipped question counts as not positive."
    yield "3. `Average`: everything else."
    yield ""
    yield "Skip the grade where you skipped so many questions that you cannot tell."


def _by_code(rubric: Rubric, examples: Iterable[Verdict]) -> dict[tuple[str, str], list[Verdict]]:
    found: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in examples:
        if verdict.kind != "sample" or verdict.task != rubric.name:
            continue
        for said in verdict.findings:
            if said.code and len(of := found.setdefault((said.dimension, said.code), [])) < MOST:
                of.append(verdict)
    return found


def _plain(text: str) -> str:
    """Outside text on one line, without any mark that Markdown or HTML would obey."""
    return _MARKS.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


_SIGNS = {-1: " (a defect)", 0: "", 1: " (positive)"}
