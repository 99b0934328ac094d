"""Pairings made by hand: what a judge scored and what people said, without files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from recjudge.human_labels import Pairing, Scale, Table
from recjudge.human_labels.pairing import Unlabelled
from recjudge.judge import Finding, Grade, Status, Verdict

BINARY = Scale("binary", 0, 1, passing=frozenset({1.0}))


def pairing(
    scores: Sequence[float],
    approved: Sequence[float],
    *,
    clusters: Sequence[str] | None = None,
    texts: Sequence[str] = (),
    rest: Sequence[float] = (),
    **more: Any,
) -> Pairing:
    """One rater's pass or fail (NaN: no word) beside the judge's quality score (NaN: unjudged)."""
    ids = tuple(f"s{place}" for place in range(len(scores)))
    quality = np.array(scores, float)
    passed = np.where(np.isnan(quality), np.nan, quality >= 0.5)
    fields: dict[str, Any] = {
        "task": "text",
        "dimension": "grade",
        "role": "expert",
        "judge": "local",
        "rubric": "text@1",
        "people": Table(ids, ("ann",), np.array(approved, float)[:, None], BINARY),
        "said": passed,
        "scores": {"quality": quality, "rank": np.round(quality * 2) / 2},
        "passed": passed,
        "clusters": tuple(clusters or ids),
        "status": tuple("timeout" if missing else "ok" for missing in np.isnan(quality)),
        "texts": tuple(texts),
        "unlabelled": Unlabelled(
            tuple(f"u{place}" for place in range(len(rest))),
            np.array(rest, float),
            {"quality": np.array(rest, float), "rank": np.array(rest, float)},
            tuple(f"u{place}" for place in range(len(rest))),
        ),
    }
    return Pairing(**(fields | more))


def good(n: int = 1000, *, slope: float = 12.0, seed: int = 0, **more: Any) -> Pairing:
    """A judge whose score tells: people pass with a probability that rises steeply around 0.4."""
    random = np.random.default_rng(seed)
    scores = random.random(n)
    return pairing(scores, random.random(n) < 1 / (1 + np.exp(-slope * (scores - 0.4))), **more)


def verdict(
    quality: float | None = 0.9, *, task: str = "text", judge: str = "local", rubric: str = "text@1"
) -> Verdict:
    """A verdict of one dimension whose quality score is this; None for one that is unjudged."""
    if quality is None:
        return Verdict("s1", task, judge, rubric, Status.TIMEOUT, None, (), error="no answer")
    found = Finding("relevance", Status.OK, "good", 1, (1 - quality, quality))
    return Verdict("s1", task, judge, rubric, Status.OK, Grade.SUPERIOR, (found,))


def trusted(n: int = 600, *, seed: int = 0, right: Any = None, **more: Any) -> Pairing:
    """A judge with a known confidence, uniform on [.5, 1]: its pass or fail is people's with probability `right` of it.

    By default it is calibrated: right as often as it is sure.
    """
    random = np.random.default_rng(seed)
    sure = 0.5 + random.random(n) / 2
    said = (random.random(n) < 0.6).astype(float)
    agrees = random.random(n) < (sure if right is None else right(sure))
    quality = np.where(said == 1, sure, 1 - sure)
    scores = {"quality": quality, "confidence": sure}
    made = pairing(quality, np.where(agrees, said, 1 - said), **more)
    return replace(made, said=said, passed=said, scores=scores, unlabelled=None)
