"""Rounds of labelling: each annotator's last word counts."""

from __future__ import annotations

from dataclasses import replace

from ..records import Labels


def latest(labels: Labels) -> Labels:
    """Each annotator's label of the last round, by sample and dimension; a note says how many it superseded.

    Rounds are in the order in which the file first names them.
    """
    place = {name: number for number, name in enumerate(labels.rounds)}
    if len(place) < 2:
        return labels
    import numpy as np

    of, raters = labels.columns, dict[tuple[str, str], int]()
    rater = [raters.setdefault((manner.dimension, manner.annotator), len(raters)) for manner in of.manners]
    whose = of.sample.astype(np.int64) * len(raters) + np.array(rater)[of.manner]
    order = np.lexsort((np.array([place.get(manner.round, 0) for manner in of.manners])[of.manner], whose))
    last = np.append(whose[order][1:] != whose[order][:-1], True)  # the sort is stable: of one round the later label
    if last.all():
        return labels
    rounds = ", ".join(name or "(none)" for name in labels.rounds)
    note = f"{(~last).sum()} labels superseded by the same annotator's in a later round ({rounds})"
    return replace(labels, rows=of.take(np.sort(order[last])), notes=(*labels.notes, note))
