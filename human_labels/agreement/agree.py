"""Labels, and a judge where there is one, to a report: people among themselves beside the judge with people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..consensus import consensus
from ..pairing import Pairing
from ..pairing.items import cluster, roles
from ..records import Labels, Table, table_of
from .human import distribution, people_side
from .judged import judge_section
from .report import AgreementReport, Section
from .settings import Settings
from .words import headline, human_sentences


def agree(
    labels: Labels,
    pairings: Sequence[Pairing] = (),
    *,
    role: str | None = None,
    pool: bool = False,
    opened: int = 0,
    warnings: Sequence[str] = (),
    files: Sequence[str] = (),
    chosen: Mapping[tuple[str, str], float] | None = None,
    settings: Settings | None = None,
) -> AgreementReport:
    """Every figure of the report, computed. Without `pairings`, people among themselves alone.

    `pairings` come from `pair` (verdicts with labels) or `recorded` (models among the annotators). Roles stay apart
    unless `pool`. `opened` says how often sealed test labels were opened, `files` what else was read; `chosen` maps
    (task, dimension) to the threshold on the judge's quality that a policy takes.
    """
    using = settings or Settings()
    if pairings:
        lines = chosen or {}
        sections = tuple(
            replace(judge_section(pairing, labels, using), chosen=lines.get((pairing.task, pairing.dimension)))
            for pairing in pairings
        )
    else:
        sections = tuple(
            _human_section(table_of(of, dimension), task, dimension, name, labels, using)
            for task, dimension in labels.columns.kinds("task", "dimension")
            for name, rows in roles(labels, dimension, role, pool)
            if (of := rows.where(task=task))
        )
    judges = tuple(dict.fromkeys(pairing.judge for pairing in pairings))
    return AgreementReport(
        headline=headline(sections, judges),
        judge=", ".join(judges),
        rubrics=tuple(dict.fromkeys(pairing.rubric for pairing in pairings if pairing.rubric)),
        labels=f"{labels.source} (SHA-256 {labels.digest[:12]})" if labels.digest else labels.source,
        sections=sections,
        notes=labels.notes,
        warnings=tuple(dict.fromkeys([*warnings, *_many_judges(judges), *_role_warnings(labels, role, pool)])),
        opened=opened,
        seed=using.seed,
        draws=using.draws,
        files=tuple(files),
    )


def _human_section(table: Table, task: str, dimension: str, role: str, labels: Labels, using: Settings) -> Section:
    import numpy as np

    clusters = tuple(cluster(labels, id) for id in table.ids)
    side = people_side(table, clusters, using)
    return Section(
        task=task,
        dimension=dimension,
        role=role,
        scale=str(table.scale),
        n=len(table.ids),
        raters=len(table.raters),
        labels=int((~np.isnan(table.values)).sum()),
        clusters=len(set(clusters)),
        undecided=consensus(table).undecided if table.codes else 0,
        distribution=distribution(table),
        people=side.side,
        judge=None,
        ceilings=side.ceilings,
        sentences=human_sentences(table, side),
    )


def _many_judges(judges: Sequence[str]) -> list[str]:
    if len(judges) < 2:
        return []
    return [f"{len(judges)} judges side by side: the best of them is flattered by the choice; try it on fresh labels"]


def _role_warnings(labels: Labels, role: str | None, pool: bool) -> list[str]:
    people = {name: count for name, count in labels.roles.items() if name != "model"}
    if pool and len(people) > 1:
        return [f"roles pooled on request: {', '.join(f'{count} labels by {name}' for name, count in people.items())}"]
    return []
