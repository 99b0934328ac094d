"""`compare`: two systems under one judge, or two judges on the same samples, as one family of comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...errors import UsageError
from ..multiplicity import TITLES, adjust
from .differences import outcome_of, settle
from .judges import judges_section
from .people import People, refuse_shared_ids
from .records import Comparison, Corrected, Difference, JudgesSection, SystemsSection
from .sides import Contender, drift, kind_of, refuse_drift, tasks_of, told_apart
from .systems import Wanted, systems_section
from .words import judges_headline, judges_warnings, systems_headline, systems_warnings

KINDS = ("systems", "judges")


def compare(
    a: Contender,
    b: Contender,
    people: People | None = None,
    wanted: Wanted | None = None,
    *,
    kind: str | None = None,
    rule: str = "holm",
    allow_drift: bool = False,
) -> Comparison:
    """Everything about a and b, task by task; differences are a - b.

    `kind` is found from the samples: the same ones make it two `judges`, others two `systems`. `rule` adjusts the p of
    all planned comparisons as one family (`multiplicity.RULES`). Raises `Refused` for systems judged by different
    judges or rubrics (unless `allow_drift`, which warns), and `UsageError` for what is not known or not shared.
    """
    wanted = wanted or Wanted()
    if kind is not None and kind not in KINDS:
        raise UsageError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    kind = kind or kind_of(a, b)
    a, b = told_apart(a, b, kind)
    drifted = drift(a, b) if kind == "systems" else ()
    if not allow_drift and kind == "systems":
        refuse_drift(a, b)
    if people is not None and kind == "systems":
        refuse_shared_ids(a, b, people)
    sections = _sections(kind, a, b, wanted, people)
    _refuse_unknown(wanted, sections)
    settled, family = _settled(sections, rule)
    spoken = [_spoken(section, a.name, b.name) for section in settled]
    return Comparison(
        kind=kind,
        a=a.name,
        b=b.name,
        judges=(a.judge, b.judge),
        sections=tuple(spoken),
        rule=TITLES[rule],
        family=family,
        labels=people.named if people else "",
        notes=tuple(people.labels.notes) if people else (),
        warnings=(*(f"drift allowed: {words}" for words in drifted), *(w for s in spoken for w in s.warnings)),
        seed=wanted.how.seed,
        draws=wanted.how.draws,
    )


def _sections(
    kind: str, a: Contender, b: Contender, wanted: Wanted, people: People | None
) -> list[SystemsSection | JudgesSection]:
    tasks = tasks_of(a, b)
    if kind == "systems":
        return [systems_section(task, a, b, wanted, people) for task in tasks]
    if wanted.pair_by:
        raise UsageError("--pair-by is of two systems; two judges are paired by sample")
    shared = [task for task in tasks if any(a.by_key[k].task == task for k in a.by_key.keys() & b.by_key.keys())]
    if not shared:
        raise UsageError(f"{a.name} and {b.name} judged no sample in common; two judges are compared on the same ones")
    return [judges_section(task, a, b, wanted, people) for task in shared]


def _refuse_unknown(wanted: Wanted, sections: Sequence[SystemsSection | JudgesSection]) -> None:
    """Raises `UsageError` for a planned dimension that nothing was said on: no plan shrinks by a typing error."""
    known = {one.name for section in sections for one in _family(section)} | {"grade", "pass"}
    unknown = [name for name in wanted.plan or () if name not in known]
    if unknown:
        raise UsageError(f"--plan {', '.join(unknown)}: no such dimension; known: {', '.join(sorted(known))}")


def _family(section: SystemsSection | JudgesSection) -> Iterator[Difference]:
    """The comparisons that may be planned, the grade first."""
    if isinstance(section, SystemsSection):
        yield section.passed
        yield from section.dimensions
        return
    yield section.between.stricter
    yield from (one.accuracy for one in section.people)


def _settled(
    sections: Sequence[SystemsSection | JudgesSection], rule: str
) -> tuple[list[SystemsSection | JudgesSection], int]:
    """Every difference with its p in the family; people's (corrected) differences are a family of their own."""
    planned = [one for section in sections for one in _family(section) if one.planned]
    adjusted = iter(adjust([one.p for one in planned], rule))
    powered = [c for s in sections if isinstance(s, SystemsSection) for c in s.corrected if c.planned]
    of_people = iter(adjust([one.p for one in powered], rule))

    def one(found: Difference) -> Difference:
        return settle(found, next(adjusted) if found.planned else float("nan"))

    def corrected(found: Corrected) -> Corrected:
        if not found.planned:
            return found
        p = next(of_people)
        return replace(found, adjusted=p, outcome=outcome_of(found.delta, p))

    done: list[SystemsSection | JudgesSection] = []
    for section in sections:
        if isinstance(section, SystemsSection):
            done.append(
                replace(
                    section,
                    passed=one(section.passed),
                    dimensions=tuple(one(found) for found in section.dimensions),
                    corrected=tuple(corrected(found) for found in section.corrected),
                )
            )
            continue
        between = replace(section.between, stricter=one(section.between.stricter))
        against = tuple(replace(found, accuracy=one(found.accuracy)) for found in section.people)
        done.append(replace(section, between=between, people=against))
    return done, sum(one.p == one.p for one in planned)


def _spoken(section: SystemsSection | JudgesSection, a: str, b: str) -> SystemsSection | JudgesSection:
    if isinstance(section, SystemsSection):
        return replace(section, headline=systems_headline(section, a, b), warnings=systems_warnings(section, a, b))
    return replace(section, headline=judges_headline(section, a, b), warnings=judges_warnings(section, a, b))
