"""What a label file can carry: unknown samples, too few labels, single and constant raters, coverage, unanimity."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..proportions import Share
from ..records import ENOUGH, ENOUGH_OF_A_CLASS, Label, Labels


@dataclass(frozen=True)
class Coverage:
    """One dimension's labels by people of one role, or by recorded models."""

    dimension: str
    role: str
    scale: str
    samples: int
    labels: int
    raters: Mapping[str, int]
    """Annotator to number of samples labelled."""
    classes: Mapping[str, int]
    """Label to how often it was given; never given ones among them where the scale has points."""
    unanimous: Share
    """Samples on which all raters said the same, of those with two raters or more."""
    missing: int
    """Cells of the table samples by raters that hold no label."""


@dataclass(frozen=True)
class Check:
    """What was found. `problems` must be mended; `warnings` say what the labels cannot carry."""

    source: str
    dimensions: tuple[Coverage, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    roles: Mapping[str, int]
    rounds: Mapping[str, int]
    unknown: tuple[str, ...] = ()
    """Labelled samples of which there is no verdict."""
    unlabelled: int = 0
    """Verdicts' samples that nobody labelled."""


def check_labels(labels: Labels, known: Collection[str] | None = None) -> Check:
    """What the labels can carry. `known` are the ids of the samples that were judged; None: not compared."""
    groups: dict[tuple[str, str], list[Label]] = defaultdict(list)
    for label in labels.rows:
        groups[label.dimension, label.role].append(label)
    found = tuple(_coverage(dimension, role, rows) for (dimension, role), rows in groups.items())
    places: dict[str, str] = {}
    for label in labels.rows:
        if known is not None and label.id not in known:
            places.setdefault(label.id, label.place)
    labelled = {label.id for label in labels.rows}
    return Check(
        source=labels.source,
        dimensions=found,
        problems=tuple(f"{place}: sample {id!r} has no verdict; mend the id" for id, place in places.items()),
        warnings=(*_about_all(labels), *(words for one in found for words in _about(one)), *_constant(labels)),
        notes=labels.notes,
        roles=labels.roles,
        rounds=Counter(label.round for label in labels.rows),
        unknown=tuple(places),
        unlabelled=len(set(known or ()) - labelled),
    )


def _coverage(dimension: str, role: str, rows: Sequence[Label]) -> Coverage:
    raters: dict[str, set[str]] = defaultdict(set)
    said: dict[str, dict[str, str]] = defaultdict(dict)
    scale = rows[0].scale
    classes = Counter({scale.word(code): 0 for code in scale.codes})
    for label in rows:
        raters[label.annotator].add(label.id)
        said[label.id][label.annotator] = label.word
        classes[label.word] += 1
    shared = [words for words in said.values() if len(words) > 1]
    alike = sum(len(set(words.values())) == 1 for words in shared)
    return Coverage(
        dimension=dimension,
        role=role,
        scale=str(scale),
        samples=len(said),
        labels=len(rows),
        raters={name: len(ids) for name, ids in raters.items()},
        classes=dict(classes),
        unanimous=Share(alike, len(shared), len(said)),
        missing=len(said) * len(raters) - sum(len(words) for words in said.values()),
    )


def _about_all(labels: Labels) -> Iterator[str]:
    people = [role for role in labels.roles if role != "model"]
    if len(people) > 1:
        yield f"labels of several roles ({', '.join(people)}): never pooled; name one with --role, or ask for --pool"
    if len(labels.rounds) > 1:
        again = Counter((label.id, label.dimension, label.annotator) for label in labels.rows)
        more = sum(count > 1 for count in again.values())
        if more:
            yield f"{len(labels.rounds)} rounds; {more} labels were given again in a later one: the last counts"
    for names, what in ((labels.dimensions, "dimensions"), ({label.annotator for label in labels.rows}, "annotators")):
        alike: dict[str, list[str]] = defaultdict(list)
        for name in names:
            alike["".join(name.casefold().split())].append(name)
        for twins in alike.values():
            if len(twins) > 1:
                yield f"{what} that differ by case or spaces only: {', '.join(map(repr, sorted(twins)))}; are they one?"
    for dimension in labels.dimensions:
        scales = {str(label.scale) for label in labels.rows if label.dimension == dimension}
        if len(scales) > 1:
            yield f"{dimension}: labelled on several scales ({', '.join(sorted(scales))}); bring the labels to one"


def _about(one: Coverage) -> Iterator[str]:
    who = f"{one.dimension} ({one.role})"
    if one.role == "model":
        return
    if one.samples < ENOUGH:
        yield f"{who}: {one.samples} labelled samples, fewer than {ENOUGH}: too few to calibrate"
    few = {word: count for word, count in one.classes.items() if count < ENOUGH_OF_A_CLASS}
    if few and len(one.classes) <= ENOUGH_OF_A_CLASS:
        listed = ", ".join(f"{word} {count}" for word, count in few.items())
        yield f"{who}: fewer than {ENOUGH_OF_A_CLASS} labels of a class ({listed}): too few to calibrate on it"
    if len(one.raters) == 1:
        yield f"{who}: a single rater: no ceiling can be computed, and no agreement among people"
    elif not one.unanimous.n:
        yield f"{who}: no sample has two raters: no ceiling can be computed, and no agreement among people"


def _constant(labels: Labels) -> Iterator[str]:
    """Annotators who gave one label only, on ten samples or more: their kappa is not defined."""
    words: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for label in labels.rows:
        words[label.dimension, label.annotator][label.word] += 1
    for (dimension, annotator), said in words.items():
        if len(said) == 1 and said.total() >= ENOUGH_OF_A_CLASS:
            only = next(iter(said))
            yield f"{dimension}: {annotator!r} said {only!r} {said.total()} times and nothing else: kappa is undefined"
