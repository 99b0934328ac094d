"""Two systems under one judge: rates, differences, pairs won and lost, failures; corrected where people labelled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ...judge import Grade, Verdict
from ..pairing import finding_of
from ..records import GRADE
from .correction import correct
from .differences import Draws, difference
from .grades import order, spread
from .matching import Stack, match
from .people import People
from .records import Corrected, Difference, Failures, SystemsSection
from .sides import Contender

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

OVERALL = "pass"
FIELDS = ("group", "item", "parent")
"""What a verdict itself can be cut by; a label file's columns come beside them."""
MOST_STRATA = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a comparison."""

    how: Draws = field(default_factory=Draws)
    pair_by: str | None = None
    plan: tuple[str, ...] | None = None
    """Dimensions planned beside the grade; None plans all, () none."""
    by: tuple[str, ...] = ()
    """What to cut by; always exploratory."""
    items: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Sample id to what the label file says of it."""

    def planned(self, dimension: str) -> bool:
        """True for a dimension in the plan."""
        return self.plan is None or dimension in self.plan


def systems_section(task: str, a: Contender, b: Contender, wanted: Wanted, people: People | None) -> SystemsSection:
    """One task; the sentences and outcomes come when the family is known."""
    stack = match(a.of(task), b.of(task), wanted.pair_by)
    passed = _difference(stack, OVERALL, "share that passes (Superior or Average)", stack.values(passes), wanted)
    corrected, notes = _corrected(stack, a, b, task, wanted, people)
    return SystemsSection(
        task,
        (a.judged_by[task][1], b.judged_by[task][1]),
        stack.by,
        len(set(stack.contexts)) if stack.paired else 0,
        spread(stack, True, wanted.how),
        spread(stack, False, wanted.how),
        passed,
        tuple(
            _difference(
                stack, name, f"share with a defect in {name}", stack.values(defect_in(name)), wanted,
                lower_is_better=True, planned=wanted.planned(name),
            )
            for name in dimensions_of(stack.verdicts)
        ),
        tuple(_strata(stack, wanted)),
        order(stack, wanted.how),
        _failures(stack, wanted.how),
        corrected,
        (*_left_out(task, stack, a, b), *notes),
    )  # fmt: skip


def passes(verdict: Verdict) -> float | None:
    """1 for Superior and Average, 0 for Bad, None for the unjudged."""
    return None if verdict.grade is None else float(verdict.grade is not Grade.BAD)


def defect_in(dimension: str) -> Callable[[Verdict], float | None]:
    """1 where the judge sees a defect, 0 where it sees none, None where it has no word."""

    def value(verdict: Verdict) -> float | None:
        found = finding_of(verdict, dimension)
        return None if found is None or found.polarity is None else float(found.polarity < 0)

    return value


def dimensions_of(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Dimensions with a word of the judge anywhere, in the rubric's order."""
    return tuple(dict.fromkeys(found.dimension for v in verdicts for found in v.findings if found.polarity is not None))


def _difference(
    stack: Stack,
    name: str,
    title: str,
    values: Numbers,
    wanted: Wanted,
    *,
    lower_is_better: bool = False,
    planned: bool = True,
) -> Difference:
    return difference(
        name, title, values, stack.of_a, stack.clusters, wanted.how, shared=stack.paired,
        lower_is_better=lower_is_better, planned=planned,
    )  # fmt: skip


def _strata(stack: Stack, wanted: Wanted) -> list[Difference]:
    """The pass rates again in each part of the samples: nobody planned these, so they are exploratory."""
    import numpy as np

    passed, found = stack.values(passes), []
    for name, mask in parts(stack.verdicts, wanted, FIELDS):
        kept = np.array(mask)
        part = difference(
            name, f"share that passes where {name}", passed[kept], stack.of_a[kept],
            [cluster for cluster, mine in zip(stack.clusters, mask, strict=True) if mine], wanted.how,
            shared=stack.paired, planned=False,
        )  # fmt: skip
        found.append(part)
    return found


def parts(verdicts: Sequence[Verdict], wanted: Wanted, fields: Sequence[str]) -> Iterator[tuple[str, list[bool]]]:
    """`language=en` and which verdicts it marks, for each value of what is asked for.

    Raises `UsageError` for what is neither one of the fields nor a column of the label file, or has too many values.
    """
    for by in wanted.by:
        column = [
            (getattr(verdict, by) or "") if by in fields else wanted.items.get(verdict.id, {}).get(by, "")
            for verdict in verdicts
        ]
        values = sorted({value for value in column if value})
        if not values or len(values) > MOST_STRATA or (by == "system" and by not in fields):
            raise UsageError(
                f"--by {by}: {len(values)} values among the samples; it must be one of {', '.join(fields)} or a column "
                f"of the label file, with 1 to {MOST_STRATA} values"
            )
        yield from ((f"{by}={value}", [each == value for each in column]) for value in values)


def _failures(stack: Stack, how: Draws) -> Failures:
    """The share without a grade, side by side: a judge that fails on one system more often favours or harms it."""
    import numpy as np

    missing = np.isnan(stack.values(passes)).astype(float)
    of = difference("unjudged", "share without a verdict", missing, stack.of_a, stack.clusters, how,
                    shared=stack.paired)  # fmt: skip
    return Failures(of.a.count, of.b.count, of.delta, of.p)


def _corrected(
    stack: Stack, a: Contender, b: Contender, task: str, wanted: Wanted, people: People | None
) -> tuple[tuple[Corrected, ...], list[str]]:
    """People's difference on the grade and each labelled dimension (share that passes), and what hinders it."""
    if people is None:
        return (), []
    truths: dict[str, dict[str, float]] = {}
    notes: list[str] = []
    for side in (a, b):
        for pairing in people.beside(side.of(task)):
            try:
                truths.setdefault(pairing.dimension, {}).update(people.approved(pairing))
            except UsageError as error:
                notes.append(str(error))
    found = []
    for dimension, truth in sorted(truths.items(), key=lambda entry: entry[0] != GRADE):
        said = passes if dimension == GRADE else _without_defect(dimension)
        one = correct(stack, stack.values(said), truth, wanted.how, dimension)
        if one is None:
            notes.append(f"{dimension}: fewer than two labelled samples on a side; nothing can be corrected")
        else:
            found.append(replace(one, planned=dimension == GRADE or wanted.planned(dimension)))
    if not truths:
        notes.append(f"{task}: no labelled sample; the figures are the judge's opinion")
    return tuple(found), list(dict.fromkeys(notes))


def _without_defect(dimension: str) -> Callable[[Verdict], float | None]:
    defect = defect_in(dimension)
    return lambda verdict: None if (value := defect(verdict)) is None else 1 - value


def _left_out(task: str, stack: Stack, a: Contender, b: Contender) -> list[str]:
    notes = []
    if not stack.paired:
        notes.append(
            f"{task}: unpaired: {a.name} and {b.name} share no sample id, group or item; contexts that differ count "
            "as a difference of the systems"
        )
    for side, left in zip((a, b), stack.left, strict=True):
        if left:
            notes.append(f"{task}: of {side.name}, left out {left}: its {stack.by} is not among the other side's")
    return notes
