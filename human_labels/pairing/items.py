"""What labels and verdicts together say of items: cluster, strata, roles, and which of people's labels pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...errors import UsageError
from ...judge import Verdict
from ..records import Coded, Labels, Scale, Table

NO_STRATUM = ("text", "probability", "rubric")
"""Columns about a sample that are no kind of sample."""
WORDS = 6
"""Texts of fewer words are not taken for copies of one another."""


def cluster(labels: Labels, id: str, verdict: Verdict | None = None) -> str:
    """An item's highest cluster: its group, else the list or item it belongs to, else itself."""
    known = labels.items.get(id, {})
    said = (verdict.group, verdict.parent, verdict.item) if verdict else ()
    return next((name for name in (*said, known.get("group"), known.get("item")) if name), id)


def repeats(ids: Sequence[str], texts: Sequence[str], clusters: Sequence[str]) -> tuple[str, ...]:
    """A note where one text stands under ids of several clusters: copies would count as samples of their own.

    Short texts may well be said twice: two users' tag "running shoes" is no copy.
    """
    where: dict[str, set[str]] = {}
    for text, name in zip(texts, clusters, strict=True):
        where.setdefault(" ".join(text.casefold().split()), set()).add(name)
    copied = {text for text, names in where.items() if len(names) > 1 and len(text.split()) >= WORDS}
    count = sum(1 for text in texts if " ".join(text.casefold().split()) in copied)
    if not count:
        return ()
    return (
        f"{count} of {len(ids)} labelled samples share their text with a sample of another cluster ({len(copied)} "
        "texts): if they are repeats, give them one group, or they count as independent and intervals are too short",
    )


def strata(labels: Labels, ids: Sequence[str], verdicts: Mapping[str, Verdict]) -> dict[str, tuple[str, ...]]:
    """What the items can be cut by, with more than one value among them: system, group, and the label file's own."""
    extra = dict.fromkeys(key for id in ids for key in labels.items.get(id, {}) if key not in NO_STRATUM)
    columns = {name: _column(name, labels, ids, verdicts) for name in ("system", "group", *extra)}
    return {name: column for name, column in columns.items() if len(set(column)) > 1}


def roles(labels: Labels, dimension: str, role: str | None, pool: bool) -> list[tuple[str, Coded]]:
    """People's labels of a dimension by role; all in one only when pooling was asked for.

    Raises `UsageError` for a role by which there is no label at all.
    """
    labels.check_role(role)
    people = labels.columns.where(dimension=dimension, human=True)
    found = [name for (name,) in people.kinds("role") if role in (None, name)]
    if pool and len(found) > 1:
        return [("+".join(found), people)]
    return [(name, people.where(role=name)) for name in found]


def with_passing(table: Table, ours: Scale | None, dimension: str, passing: Mapping[str, Sequence[str]]) -> Table:
    """The table with the codes that pass: as asked for, else as the scale or the rubric's equal scale says."""
    scale = table.scale
    if scale is None:
        return table
    if dimension in passing:
        codes = [scale.code(word) for word in passing[dimension]]
        if None in codes:
            raise UsageError(f"--passing {dimension}: {passing[dimension][codes.index(None)]!r} is not on {scale}")
        return replace(table, scale=replace(scale, passing=frozenset(code for code in codes if code is not None)))
    if scale.passing is None and ours is not None and ours.points == scale.points:
        return replace(table, scale=replace(scale, passing=ours.passing))
    return table


def _column(name: str, labels: Labels, ids: Sequence[str], verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    def of(id: str) -> str:
        return labels.items.get(id, {}).get(name) or str(getattr(verdicts.get(id), name, None) or "")

    return tuple(of(id) for id in ids)
