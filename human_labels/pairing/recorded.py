"""Models that stand among the annotators, each held against people as a judge would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...errors import UsageError
from ...judge import Status
from ..records import Label, Labels, Table, table_of
from .items import cluster, roles, strata, with_passing
from .pairing import Pairing


def recorded(
    labels: Labels,
    *,
    role: str | None = None,
    pool: bool = False,
    passing: Mapping[str, Sequence[str]] | None = None,
) -> list[Pairing]:
    """A pairing for each dimension, human role and recorded model, over the items that both were given.

    A model among the annotators is held to what it was given: what it never labelled cannot be told from what it was
    never asked. Raises `UsageError` for a model that speaks on another scale than people.
    """
    import numpy as np

    found = []
    for dimension in labels.dimensions:
        models = labels.columns.where(dimension=dimension, human=False)
        for chosen, rows in roles(labels, dimension, role, pool):
            people = with_passing(table_of(rows, dimension), None, dimension, passing or {})
            for (model,) in models.kinds("annotator"):
                own = models.where(annotator=model)
                _same_scale(own, people)
                words = {label.id: label.value for label in own}
                asked = set(words) | {id for id, on, by in labels.unread if (on, by) == (dimension, model)}
                both = [place for place, id in enumerate(people.ids) if id in asked]
                if both:
                    found.append(_paired(dimension, chosen, model, people.rows(np.array(both)), words, labels))
    return found


def _same_scale(own: Sequence[Label], people: Table) -> None:
    """Codes of two scales are no words of one: 0 and 1 held against 1 and 2 would be a kappa of nothing."""
    ours = people.scale
    for label in own:
        if ours is not None and (label.scale.points, label.scale.low, label.scale.high) != (
            ours.points, ours.low, ours.high,
        ):  # fmt: skip
            raise UsageError(
                f"{label.place or label.id}: {label.annotator} labels {label.dimension!r} on {label.scale}, people on "
                f"{ours}; bring the labels to one scale"
            )


def _paired(
    dimension: str, role: str, model: str, people: Table, words: Mapping[str, float], labels: Labels
) -> Pairing:
    import numpy as np

    said = np.array([words.get(id, np.nan) for id in people.ids], float)
    passing = people.scale.passing if people.scale else None
    ordered = people.scale is None or people.scale.kind != "nominal"
    return Pairing(
        task="",
        dimension=dimension,
        role=role,
        judge=model,
        rubric="",
        people=people,
        said=said,
        scores={"label": said} if ordered else {},
        passed=np.where(np.isnan(said), np.nan, np.isin(said, list(passing or ())).astype(float))
        if passing is not None
        else np.full(len(said), np.nan),
        clusters=tuple(cluster(labels, id) for id in people.ids),
        status=tuple(str(Status.OK if id in words else Status.PARSE_FAILED) for id in people.ids),
        strata=strata(labels, people.ids, {}),
        texts=tuple(labels.items.get(id, {}).get("text", "") for id in people.ids),
        notes=labels.notes,
        called=dimension,
    )
