"""Runs of a stress test: originals beside their variants, again, in other order, under the rubric turned round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...judge import AnyJudge, Judge, Jury, Options, Progress, Sample, Status, Verdict, place_of, score
from ...rubrics import Rubric
from .relation import Relation, Run, Variant

FAILED = frozenset(Status) - {Status.OK, Status.ABSTAINED, Status.INPUT_INVALID}
"""Not the judge's word on a sample: the call did not come off."""
GRADES = ("Bad", "Average", "Superior")
Watch = Callable[[Progress], None]


@dataclass(frozen=True)
class Pair:
    """A sample and a variant of it, each with the judge's verdict."""

    sample: Sample
    variant: Variant
    before: Verdict
    after: Verdict

    @property
    def cluster(self) -> str:
        """The highest cluster: the sample's group, or itself."""
        return self.sample.group or self.sample.id

    @property
    def failed(self) -> bool:
        """Whether a call for either did not come off."""
        return any(
            verdict.status in FAILED or any(finding.status in FAILED for finding in verdict.findings)
            for verdict in (self.before, self.after)
        )


def probes(relation: Relation, sample: Sample, made: Iterable[Variant]) -> tuple[Variant, ...]:
    """Variants under ids of their own, marked in `meta.probe`: nothing is ever trained on them or drawn for labels."""
    return tuple(
        replace(variant, sample=_marked(relation, sample, variant, number)) for number, variant in enumerate(made, 1)
    )


def judged(
    samples: Sequence[Sample],
    variants: Mapping[Run, Sequence[Variant]],
    judge: AnyJudge,
    folder: Path,
    options: Options,
    watch: Watch | None = None,
) -> tuple[dict[Run, dict[str, Verdict]], bool]:
    """Verdicts by sample id, a run each with a ledger of its own in `folder`; and False when a run was stopped.

    A run that was stopped goes on. Raises what `score` raises.
    """
    runs: dict[Run, tuple[list[Sample], AnyJudge, Options]] = {
        "probe": ([*samples, *(variant.sample for variant in variants.get("probe", ()))], judge, options)
    }
    if again := variants.get("again"):
        runs["again"] = ([variant.sample for variant in again], judge, options)
    if moved := variants.get("moved"):
        runs["moved"] = ([variant.sample for variant in reversed(moved)], judge, replace(options, concurrency=1))
    other = turned(judge)
    if (turn := variants.get("turned")) and other is not None:
        runs["turned"] = ([variant.sample for variant in turn], other, options)
    found: dict[Run, dict[str, Verdict]] = {}
    for name, (wanted, asked, how) in runs.items():
        done = score(wanted, asked, out=folder / f"{name}.verdicts.jsonl", options=how, watch=watch)
        found[name] = {verdict.id: verdict for verdict in done if verdict.kind == "sample"}
        if not done.complete:
            return found, False
    return found, True


def turned(judge: AnyJudge) -> AnyJudge | None:
    """The judge under the same rubrics, criteria and failure codes in reverse order; None for a trained one.

    The points of a scale stay in order: a scale that is not ordered is another question.
    """
    if isinstance(judge, Jury):
        members = [turned(member) for member in judge.members]
        found = tuple(member for member in members if isinstance(member, Judge))
        return replace(judge, members=found) if len(found) == len(members) else None
    if not isinstance(judge, Judge):
        return None
    return replace(judge, rubrics={name: _reversed(rubric) for name, rubric in judge.rubrics.items()})


def steady(judge: AnyJudge) -> bool:
    """Whether no model is asked: such a judge says the same whenever it is asked the same."""
    return not any(getattr(getattr(member, "examiner", None), "provider", None) for member in judge.members)


def scores(verdict: Verdict, rubric: Rubric) -> dict[str, float]:
    """Expected place on the scale, worst 0, of each dimension that has a label; and of the grade, under `grade`."""
    found = {}
    for dimension in rubric.dimensions:
        finding = next((one for one in verdict.findings if one.dimension == dimension.name), None)
        if finding is not None and finding.label is not None:
            found[dimension.name] = place_of(finding, dimension)
    if verdict.grade is not None:
        found["grade"] = float(GRADES.index(verdict.grade.value))
    return found


def words(verdict: Verdict, rubric: Rubric) -> dict[str, float]:
    """The same by the label alone."""
    labels = {dimension.name: dimension.labels for dimension in rubric.dimensions}
    found = {
        one.dimension: float(labels[one.dimension].index(one.label))
        for one in verdict.findings
        if one.label is not None
    }
    return found | ({"grade": float(GRADES.index(verdict.grade.value))} if verdict.grade is not None else {})


def _marked(relation: Relation, sample: Sample, variant: Variant, number: int) -> Sample:
    probe = {"relation": relation.name, "of": sample.id, "what": variant.what, "level": variant.level}
    probe |= {"side": variant.side} if variant.side else {}
    mine = variant.sample
    return replace(mine, id=f"{mine.id} ~ {relation.name} {number}", parent=None, meta={**mine.meta, "probe": probe})


def _reversed(rubric: Rubric) -> Rubric:
    # made anew, not copied: a copy would keep the hash of what it was copied from
    data = rubric.model_dump(by_alias=True)
    data["dimension"] = tuple(
        dimension | {"codes": dict(reversed(dimension["codes"].items()))} for dimension in reversed(data["dimension"])
    )
    return Rubric.model_validate(data)
