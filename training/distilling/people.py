"""What people said of samples, as places on the rubric's scales."""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...human_labels.pairing import GRADES
from ...judge.student import GRADE

if TYPE_CHECKING:
    from ...human_labels import Labels, Scale
    from ...rubrics import Rubric


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of a sample on one target."""

    value: float
    """Place on the scale, the worst label 0."""
    label: int
    """Place of the label it stands for."""


def words_by_people(
    labels: Labels | None,
    rubric: Rubric,
    names: Mapping[str, str],
    cuts: Mapping[str, Sequence[float]],
    notes: MutableSequence[str],
    dimensions: Collection[str] = (),
) -> dict[str, dict[str, Word]]:
    """Sample id to target to people's word; how their scale was read is added to the notes.

    A value is the mean over raters. On the rubric's scale it stands for the nearest label, the better one of two as
    near. On people's own scale it is carried over linearly, lowest to 0 and highest to the last label, and cut evenly
    or at `cuts`, which are in people's units; with as many points as labels, point for point. A scale without an order
    is left out, with a note. dimensions: the targets that are asked for, all where there are none.
    """
    found: dict[str, dict[str, Word]] = {}
    if labels is None:
        return found
    for called in labels.dimensions:
        target = _target(called, rubric, names)
        rows = [label for label in labels.rows if label.human and label.dimension == called]
        rows = [label for label in rows if label.task in ("", rubric.name)]
        if target is None or not rows or (dimensions and target not in dimensions):
            continue
        scales = {label.scale for label in rows}
        if len(scales) > 1:
            raise UsageError(f"{called!r} is labelled on {' and on '.join(sorted(map(str, scales)))}; bring it to one")
        reader = _reader(target, called, scales.pop(), _labels(target, rubric), cuts.get(target), notes)
        codes: dict[str, list[float]] = {}
        for label in rows:
            codes.setdefault(label.id, []).append(label.value)
        for id, said in codes.items() if reader else ():
            assert reader is not None  # noqa: S101 - the line above
            found.setdefault(id, {})[target] = reader.word(said)
    return found


@dataclass(frozen=True)
class _Reader:
    places: Mapping[float, float]
    """Code to place, for named points."""
    low: float
    step: float
    """Places a code, for a scale of numbers."""
    borders: tuple[float, ...]
    """Where one label ends and the next begins, in places."""

    def word(self, codes: Sequence[float]) -> Word:
        places = [self.places[code] if self.places else (code - self.low) * self.step for code in codes]
        value = round(sum(places) / len(places), 9)
        return Word(value, sum(value >= border - 1e-9 for border in self.borders))


def _reader(
    target: str,
    called: str,
    scale: Scale,
    labels: Sequence[str],
    cuts: Sequence[float] | None,
    notes: MutableSequence[str],
) -> _Reader | None:
    top = len(labels) - 1
    if set(scale.points) == set(labels):
        if cuts:
            raise UsageError(f"--cut {target}: people labelled on the rubric's own scale; leave the option out")
        places = {scale.low + at: float(labels.index(point)) for at, point in enumerate(scale.points)}
        return _Reader(places, 0.0, 1.0, tuple(at + 0.5 for at in range(top)))
    if scale.kind == "nominal":
        notes.append(f"{called}: people's labels are on {scale}, which has no order; nothing is learned from them")
        return None
    step = top / (scale.high - scale.low)
    evenly = [scale.low + (scale.high - scale.low) * at / len(labels) for at in range(1, len(labels))]
    alike = len(scale.codes) == len(labels)
    if alike:
        evenly = [scale.low + at + 0.5 for at in range(top)]
    own = list(cuts) if cuts else evenly
    if len(own) != top or own != sorted(set(own)) or not (scale.low < own[0] and own[-1] <= scale.high):
        raise UsageError(f"--cut {target}: give {top} ascending numbers within {scale}, one between two labels")
    how = "as asked" if cuts else "point for point" if alike else "evenly, for want of anything better"
    words = ", ".join(f"{cut:.4g}" for cut in own)
    notes.append(
        f"{target}: people's {called} is on {scale}; means order samples as they are, and the {len(labels)} labels of "
        f"the rubric are cut at {words} ({how})"
    )
    return _Reader({}, scale.low, step, tuple((cut - scale.low) * step for cut in own))


def _target(called: str, rubric: Rubric, names: Mapping[str, str]) -> str | None:
    """The rubric's dimension, or the grade, that labels call by this name."""
    name = next((own for own, theirs in names.items() if theirs == called), called)
    if name == GRADE:
        return GRADE
    return next((dim.name for dim in rubric.dimensions if name in (dim.name, *dim.aliases)), None)


def _labels(target: str, rubric: Rubric) -> tuple[str, ...]:
    if target == GRADE:
        return GRADES.points
    return next(dim.labels for dim in rubric.dimensions if dim.name == target)
