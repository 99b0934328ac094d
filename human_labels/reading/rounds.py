"""Rounds of labelling: each annotator's last word counts."""

from __future__ import annotations

from dataclasses import replace

from ..records import Label, Labels


def latest(labels: Labels) -> Labels:
    """Each annotator's label of the last round, by sample and dimension; a note says how many it superseded.

    Rounds are in the order in which the file first names them.
    """
    place = {name: number for number, name in enumerate(labels.rounds)}
    if len(place) < 2:
        return labels
    last: dict[tuple[str, str, str], Label] = {}
    for label in labels.rows:
        key = (label.id, label.dimension, label.annotator)
        if key not in last or place[label.round] >= place[last[key].round]:
            last[key] = label
    rows = tuple(label for label in labels.rows if last[label.id, label.dimension, label.annotator] is label)
    if len(rows) == len(labels.rows):
        return labels
    order = ", ".join(name or "(none)" for name in labels.rounds)
    note = f"{len(labels.rows) - len(rows)} labels superseded by the same annotator's in a later round ({order})"
    return replace(labels, rows=rows, notes=(*labels.notes, note))
