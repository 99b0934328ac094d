"""What a Student was trained on, in a few numbers, and whether a sample is unlike it: features, length, language."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..checks.words import read
from .features import FEATURES, VERSION, names_for, vectors

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from ...rubrics import Rubric
    from ..records import Sample
    from .student import Student

KEY = "domain"
"""Where a Student's `made` holds it."""
LEAST = 30
"""Samples below which nothing is said of a task: their quantiles would be their extremes."""
RARE = 0.01
"""Share of the training samples that may lie beyond each limit; a language at most so frequent was not seen."""
FAR = 8.0
"""Standard deviations at which a feature's distance is held, so that one number does not decide alone."""
NAMED = 2
"""Features that a flag names."""


def domains(samples: Mapping[str, Sequence[Sample]], rubrics: Mapping[str, Rubric]) -> dict[str, Any]:
    """What a Student trained on these samples has seen, `{"domain": …}`: to be joined to its `made`.

    By task; empty where there are too few samples. For each task with 30 samples or more: the centre and scale of its
    features, the distance from the centre that a hundredth of the samples pass (the root of the mean squared z of the
    features that a sample has: Mahalanobis' distance with features taken as uncorrelated, by their number), the lengths
    between which 99 in 100 lie, and the languages of more than one in 100.
    """
    found = {task: _seen(of, names_for(rubrics[task])) for task, of in samples.items() if len(of) >= LEAST}
    return {KEY: found} if found else {}


def knows_domain(student: Student) -> bool:
    """Whether it says what it was trained on, in features that this version has."""
    return any(_readable(seen) for seen in _record(student).values())


def unlike(student: Student, samples: Sequence[Sample]) -> list[str]:
    """Of each sample, how it is unlike what the Student was trained on, in words; "" where it is like it or unknown."""
    record, found = _record(student), [""] * len(samples)
    for task in {sample.task for sample in samples}:
        seen = record.get(task)
        if seen and _readable(seen):
            at = [place for place, sample in enumerate(samples) if sample.task == task]
            for place, words in zip(at, _unlike(seen, [samples[place] for place in at]), strict=True):
                found[place] = words
    return found


def distances(seen: Mapping[str, Any], samples: Sequence[Sample]) -> NDArray[float64]:
    """(n,) distances from the centre, in standard deviations; NaN where a sample has none of the features."""
    return _distance(_z(seen, samples))


def _seen(samples: Sequence[Sample], names: tuple[str, ...]) -> dict[str, Any]:
    import numpy as np

    raw = vectors(samples, names)
    known = ~np.isnan(raw)
    # a feature that nothing or hardly anything has says nothing of what is usual
    kept = [at for at in range(len(names)) if known[:, at].sum() >= LEAST]
    chosen = [raw[known[:, at], at] for at in kept]
    spread = [float(values.std()) for values in chosen]
    flat = [max(size, 1e-3 * max(1.0, abs(float(values.mean())))) for size, values in zip(spread, chosen, strict=True)]
    words = sorted(_length(sample) for sample in samples)
    tongues = Counter(_language(sample) for sample in samples)
    seen: dict[str, Any] = {
        "version": VERSION,
        "n": len(samples),
        "features": [names[at] for at in kept],
        "centre": [float(values.mean()) for values in chosen],
        "scale": flat,
        "lengths": [words[math.floor(RARE / 2 * len(words))], words[-1 - math.floor(RARE / 2 * len(words))]],
        "languages": sorted(name for name, count in tongues.items() if count > RARE * len(samples)),
    }
    far = np.sort(distances(seen, samples))
    return seen | {"far": float(far[math.ceil((1 - RARE) * len(far)) - 1])}


def _unlike(seen: Mapping[str, Any], samples: Sequence[Sample]) -> Iterable[str]:
    z = _z(seen, samples)
    for sample, row, far in zip(samples, z, _distance(z), strict=True):
        reasons = list(_outside(seen, sample))
        if far > seen["far"]:
            reasons.append(f"its features are {far:.1f} standard deviations off ({_worst(seen, row)})")
        yield f"unlike what it was trained on: {'; '.join(reasons)}" if reasons else ""


def _outside(seen: Mapping[str, Any], sample: Sample) -> Iterable[str]:
    if (language := _language(sample)) not in seen["languages"]:
        yield f"language {language}, trained on {', '.join(seen['languages'])}"
    low, high = seen["lengths"]
    if not low <= (length := _length(sample)) <= high:
        yield f"{length} long, in words or Chinese characters; trained on {low} to {high}"


def _worst(seen: Mapping[str, Any], row: NDArray[float64]) -> str:
    import numpy as np

    order = np.argsort(-np.nan_to_num(np.abs(row)), kind="stable")[:NAMED]
    return ", ".join(f"{seen['features'][at]} {row[at]:+.1f}" for at in order)


def _z(seen: Mapping[str, Any], samples: Sequence[Sample]) -> NDArray[float64]:
    import numpy as np

    raw = vectors(samples, seen["features"])
    return np.asarray(np.clip((raw - np.array(seen["centre"])) / np.array(seen["scale"]), -FAR, FAR))


def _distance(z: NDArray[float64]) -> NDArray[float64]:
    import numpy as np

    known = (~np.isnan(z)).sum(axis=1)
    total = np.nansum(z**2, axis=1)
    return np.asarray(np.where(known > 0, np.sqrt(total / np.maximum(known, 1)), np.nan))


def _record(student: Student) -> Mapping[str, Mapping[str, Any]]:
    found = student.made.get(KEY)
    return found if isinstance(found, Mapping) else {}


def _readable(seen: Mapping[str, Any]) -> bool:
    """Features of another version are other numbers."""
    return seen.get("version") == VERSION and all(name in FEATURES for name in seen["features"])


def _length(sample: Sample) -> int:
    return int(read(sample.text).length)


def _language(sample: Sample) -> str:
    return str(read(sample.text).language)
