"""Samples with a known truth, as arrays and as a pairing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from recjudge.human_labels import Pairing, Scale, Table
from recjudge.human_labels.pairing import Unlabelled
from recjudge.judge import Status


def words(
    rate: float, sensitivity: float, specificity: float, n: int, others: int, *, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(people's, the judge's word on labelled samples, the judge's on others), 0 or 1."""
    random = np.random.default_rng(seed)
    truth = random.random(n + others) < rate
    judge = np.where(truth, random.random(n + others) < sensitivity, random.random(n + others) >= specificity)
    return truth[:n].astype(float), judge[:n].astype(float), judge[n:].astype(float)


def labelled_pairing(
    truth: np.ndarray,
    judge: np.ndarray,
    other: np.ndarray,
    *,
    clusters: Sequence[str] | None = None,
    systems: Sequence[str] | None = None,
    points: tuple[str, ...] = ("no", "yes"),
) -> Pairing:
    """One annotator's labels beside the judge's; codes above 0 pass."""
    n, total = len(truth), len(truth) + len(other)
    ids = tuple(f"s{place}" for place in range(total))
    names = tuple(clusters or ids)
    of = tuple(systems or ())
    top = len(points) - 1
    scale = Scale("ordinal", 0, top, points, frozenset(float(code) for code in range(1, top + 1)))
    return Pairing(
        task="explanation",
        dimension="grade",
        role="expert",
        judge="local",
        rubric="explanation@1",
        people=Table(ids[:n], ("ann",), truth[:, None], scale),
        said=judge,
        scores={"rank": judge / top},
        passed=np.where(np.isnan(judge), np.nan, (judge > 0).astype(float)),
        clusters=names[:n],
        status=(Status.OK,) * n,
        strata={"system": of[:n]} if of else {},
        unlabelled=Unlabelled(
            ids[n:],
            np.where(np.isnan(other), np.nan, (other > 0).astype(float)),
            {"rank": other / top},
            names[n:],
            of[n:],
        ),
    )
