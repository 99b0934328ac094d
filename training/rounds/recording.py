"""A round's record, put together from what its steps told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .figures import NONE
from .manifest import Facts, figure_of
from .records import Figure, Round
from .steps import commonest
from .work import Work, model_out


def recorded(work: Work) -> Round:
    """The record of a round whose steps are done; what a step that was not taken would have told is None."""
    of, number = work.manifest.facts, work.manifest.round
    judged, filtered, evaluated, people = of("judge"), of("filter"), of("evaluate"), of("audit")
    audit, gap = _figure(people, "precision"), _figure(people, "gap")
    return Round(
        number=number,
        folder=work.folder,
        model=model_out(work.manifest),
        model_in=work.manifest.model_in,
        judge=work.manifest.judge,
        policy=work.manifest.policy,
        prompts=len(work.prompts.train) if number else 0,
        generated=int(of("generate").get("records", 0)),
        grades=dict((judged if number else evaluated).get("grades", {})),
        quality=_figure(evaluated, "quality") or NONE,
        passing=_figure(evaluated, "passing") or NONE,
        change=_figure(evaluated, "change"),
        diversity={name: Figure(**value) for name, value in evaluated.get("diversity", {}).items()},
        accepted=_figure(filtered, "accepted") or NONE,
        yields={
            by: {name: Figure(**value) for name, value in classes.items()}
            for by, classes in filtered.get("yields", {}).items()
        },
        kept=int(filtered.get("kept", 0)),
        bad_expected=filtered.get("bad_expected"),
        bad_bound=filtered.get("bad_bound"),
        audit=audit if audit and audit.n else None,
        gap=gap if gap and gap.n else None,
        milestone=people.get("milestone"),
        milestone_reason=str(people.get("reason", "")),
        notes=_notes(work),
    )


def _figure(facts: Facts, name: str) -> Figure | None:
    return figure_of(facts.get(name))


def _notes(work: Work) -> tuple[str, ...]:
    """What a reader of the figures should know."""
    of, notes = work.manifest.facts, []
    for step, what in (("generate", "outputs"), ("answer", "evaluation outputs")):
        failed: Mapping[str, int] = of(step).get("failed", {})
        if failed:
            notes.append(f"{what}: {sum(failed.values())} could not be had: {commonest(failed)}")
    if cut := of("train").get("cut"):
        notes.append(f"training: {cut} of {of('export')['rows']} rows were cut, being longer than the trainer takes")
    evaluated: Mapping[str, Any] = of("evaluate").get("grades", {})
    notes += [f"evaluation: {n} {name}" for name, n in evaluated.items() if name.startswith("unjudged")]
    if shared := work.prompts.shared_groups:
        notes.append(f"evaluation: {shared} groups have training prompts too: it is not of unseen ones")
    if "audit" in work.manifest.steps and of("audit")["labels"] is None:
        notes.append("audit: no labels: precision and gap are unknown")
    return (*notes, *of("audit").get("notes", ()))
