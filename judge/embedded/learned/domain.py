"""What a learned model was taught on, in a few numbers kept with its weights, and whether a sample is unlike it.

`record(z, lengths, languages)` is what training keeps: of the lesson's standardised columns, the distance that one
sample in a hundred passes, the lengths between which 99 in 100 lie, and the languages of more than one in a hundred.
`unlike(record, z_row, length, language)` says in words what is unlike, "" where nothing is; `away` is the number behind
it, above 1 outside, by which the nearest of several lessons is found. `z` is (column - centre) / scale **before** it is
clipped, with NaN where a sample has no value; leave out columns that are places of a vector. `measured(sample)` gives
the length and language of a sample, in training and in judging alike. A measure that answers in a model's place has
the words in its reason (`stood_in`), and `stands_in` knows it by them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...checks.words import read
from ..plain import plainly

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ...records import Finding, Sample

UNLIKE = "unlike what was learned from"
"""Begins the words."""
_PRIOR = "prior: "
RARE = 0.01
"""Share of the lesson that may lie beyond the distance, and beyond the lengths; a language no commoner was not seen."""
FARTHEST = 8.0
"""Standard deviations at which a column's distance is held, so that one number does not decide alone."""
DIGITS = 4
"""Of the record, and of a distance before it is compared."""
NAMED = 2
"""Columns that the words name."""


def record(z: NDArray[float64], lengths: Sequence[int], languages: Sequence[str]) -> dict[str, Any]:
    """`far`, `lengths` and `languages` of a lesson: (n, columns) of its samples, and the n lengths and languages.

    Quantiles are of the order statistic above, so that at most a hundredth of the lesson is outside each; with fewer
    than 100 samples they are its extremes. Samples without a single column have no distance, and are unlike it.
    Raises `ValueError` where none has one.
    """
    far = sorted(distance for row in z if math.isfinite(distance := _distance(row)))
    if not far:
        raise ValueError("no sample of the lesson has a column by which others could be told to be unlike it")
    ordered, rare = sorted(lengths), math.floor(RARE / 2 * len(lengths))
    tongues = Counter(languages)
    return {
        "far": round(float(far[math.ceil((1 - RARE) * len(far)) - 1]), DIGITS),
        "lengths": [int(ordered[rare]), int(ordered[-1 - rare])],
        "languages": sorted(name for name, count in tongues.items() if count > RARE * len(languages)),
    }


def unlike(
    record: Mapping[str, Any], z_row: NDArray[float64], length: int, language: str, names: Sequence[str] = ()
) -> str:
    """How one sample is unlike the lesson, in words that name its length, its language and the farthest columns."""
    reasons = list(_outside(record, length, language))
    far = _distance(z_row)
    if math.isinf(far):
        reasons.append("it has none of the columns that its lesson had")
    elif far > record["far"]:
        most = f" ({_most(z_row, names)})" if names else ""
        reasons.append(f"its columns are {far:.1f} standard deviations off, its lesson's {record['far']:.1f}{most}")
    return f"{UNLIKE}: {'; '.join(reasons)}" if reasons else ""


def away(record: Mapping[str, Any], z_row: NDArray[float64], length: int, language: str) -> float:
    """How far a sample is from the lesson: 1 at its border, above 1 outside, infinite in another language."""
    if language not in record["languages"]:
        return math.inf
    low, high = record["lengths"]
    beyond = float(max(low / max(length, 1), length / max(high, 1)))
    return max(_distance(z_row) / float(record["far"]), beyond if beyond > 1 else 0.0)


def measured(sample: Sample) -> tuple[int, str]:
    """Length in words or Chinese characters, and language, of a sample's text without layout and talk."""
    said = read(plainly(sample).text)
    return int(said.length), str(said.language)


def stood_in(finding: Finding, why: str) -> Finding:
    """A measure's finding with the reason why no learned model answered: `unlike`'s words, or others."""
    return replace(finding, reason=f"{_PRIOR}{why}; {finding.reason}")


def stands_in(finding: Finding) -> bool:
    """Whether a measure answered because the sample is unlike what was learned from; not where nothing was learned."""
    return finding.reason.startswith(_PRIOR + UNLIKE)


def _outside(record: Mapping[str, Any], length: int, language: str) -> Iterator[str]:
    if language not in record["languages"]:
        yield f"language {language}, learned from {', '.join(record['languages'])}"
    low, high = record["lengths"]
    if not low <= length <= high:
        yield f"{length} long, in words or Chinese characters; learned from {low} to {high}"


def _distance(z_row: NDArray[float64]) -> float:
    """Root of the mean squared z of what a sample has; infinite where it has nothing (Mahalanobis' distance with
    columns taken as uncorrelated, by their number)."""
    import numpy as np

    known = z_row[~np.isnan(z_row)]
    return round(float(np.sqrt((np.clip(known, -FARTHEST, FARTHEST) ** 2).mean())), DIGITS) if len(known) else math.inf


def _most(z_row: NDArray[float64], names: Sequence[str]) -> str:
    import numpy as np

    order = np.argsort(-np.nan_to_num(np.abs(z_row)), kind="stable")[:NAMED]
    return ", ".join(f"{names[at]} {z_row[at]:+.1f}" for at in order)
