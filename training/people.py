"""People's grades, where they have one: they are taken before the judge's."""

from __future__ import annotations

from ..errors import UsageError
from ..human_labels import Labels, consensus, table_of
from ..judge import Grade


def grades_by_people(labels: Labels, rule: str = "majority") -> dict[str, Grade]:
    """Sample id to people's grade under a rule of `RULES`; those on whom it finds no word are not in it.

    The labels are of one role. Raises `UsageError` without labels of `grade`, or on another scale than the grades'.
    """
    import numpy as np

    rows = [label for label in labels.rows if label.dimension == "grade" and label.human]
    if not rows:
        raise UsageError("no labels of 'grade' by people; without them leave out --labels")
    table = table_of(rows, "grade")
    points = table.scale.points if table.scale else ()
    if set(points) != {grade.value for grade in Grade}:
        raise UsageError(f"labels of 'grade' are on {table.scale}; they must be Superior, Average or Bad")
    if rule in ("mean", "median"):
        raise UsageError(f"--people {rule}: a number between two grades is no grade; use majority, most or unanimous")
    said = consensus(table, rule).values
    return {id: Grade(points[int(code)]) for id, code in zip(table.ids, said, strict=True) if not np.isnan(code)}
