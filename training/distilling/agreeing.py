"""Held-out verdicts of a Student beside people's labels, on the targets that it learned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...human_labels import AgreementReport, Settings, agree, pair
from ...judge import Verdict

if TYPE_CHECKING:
    from ...human_labels import Labels
    from ...rubrics import Rubric


def agreement_of(
    verdicts: Sequence[Verdict],
    learned: Collection[tuple[str, str]],
    rubrics: Iterable[Rubric],
    labels: Labels,
    names: Mapping[str, str] | None,
    *,
    draws: int,
    seed: int,
) -> AgreementReport:
    """What *Agree* says of them; labels of other samples are no coverage lost. learned: pairs of task and target."""
    known = {verdict.id for verdict in verdicts}
    labels = replace(labels, rows=tuple(label for label in labels.rows if label.id in known))
    pairings = pair(verdicts, labels, rubrics, names=names)
    kept = [one for one in pairings if (one.task, one.dimension) in learned]
    return agree(labels, kept, settings=Settings(draws=draws, seed=seed))
