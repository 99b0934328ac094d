"""What an estimate rests on: people's word and the judge's on labelled samples, the judge's on the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...errors import InputError, UsageError
from ...judge import Status, Verdict
from ..pairing import MISSING, Pairing, Unlabelled
from ..pairing.items import cluster
from ..pairing.words import word_of
from ..records import Labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

NO_WORD = "unjudged"
"""Why an unlabelled sample has no word: its pairing does not keep the status."""


@dataclass(frozen=True)
class Evidence:
    """Arrays over labelled samples that both people and the judge have a word on, and over unlabelled judged ones."""

    truth: Numbers
    """1 where people pass the sample."""
    judge: Numbers
    other: Numbers
    """The judge's passes among samples nobody labelled."""
    clusters: tuple[Hashable, ...] | None
    """None where every sample is a cluster of its own."""
    other_clusters: tuple[Hashable, ...] | None
    probabilities: Numbers | None
    """With which each labelled sample was drawn for labelling; None where all had the same chance."""
    unjudged: Counter[str] = field(default_factory=Counter)
    """Status to number of the judge's samples without a word, labelled or not."""
    notes: tuple[str, ...] = ()

    @property
    def judged(self) -> int:
        """Samples the judge has a word on, those on which people are undecided left out."""
        return len(self.judge) + len(self.other)

    @property
    def planned(self) -> int:
        """Judged and unjudged."""
        return self.judged + self.unjudged.total()


def evidence_of(pairing: Pairing, rule: str, rest: Unlabelled | None) -> Evidence:
    """The evidence in a pairing; nothing is left out without being counted in `unjudged` or said in `notes`."""
    import numpy as np

    people, judge = pairing.approved(rule), pairing.passed
    ours = np.array([status != MISSING for status in pairing.status], bool)
    decided, judged = ~np.isnan(people), ~np.isnan(judge)
    used = ours & decided & judged
    other = np.zeros(0) if rest is None else rest.passed
    heard = ~np.isnan(other)
    own = tuple(name for name, kept in zip(pairing.clusters, used, strict=True) if kept)
    others = tuple(name for name, kept in zip(rest.clusters if rest else (), heard, strict=True) if kept)
    independent = len(set(own) | set(others)) == len(own) + len(others)
    return Evidence(
        truth=people[used],
        judge=judge[used],
        other=other[heard],
        clusters=None if independent else own,
        other_clusters=None if independent else others,
        probabilities=_probabilities(pairing, used),
        unjudged=_unjudged(pairing, ours & ~judged, int((~heard).sum())),
        notes=tuple(_notes(pairing, ~ours, ours & judged & ~decided, ours & decided & ~judged)),
    )


def of_system(pairing: Pairing, rest: Unlabelled | None, name: str) -> tuple[Pairing, Unlabelled | None]:
    """The labelled and the unlabelled samples of one system."""
    import numpy as np

    own = pairing.take(np.array([system == name for system in pairing.strata["system"]], bool))
    if rest is None:
        return own, None
    keep = np.array([system == name for system in rest.systems], bool)
    return own, take(rest, keep)


def systems_of(pairing: Pairing, rest: Unlabelled | None) -> list[str]:
    """The systems named, in order of first appearance. Raises `UsageError` where there are not two."""
    found = [*pairing.strata.get("system", ()), *(rest.systems if rest else ())]
    names = [name for name in dict.fromkeys(found) if name]
    if len(names) < 2 or "system" not in pairing.strata:
        raise UsageError("--by system: the labelled samples name fewer than two systems; give samples a `system`")
    return names


def take(rest: Unlabelled, keep: Numbers) -> Unlabelled:
    """The unlabelled samples where `keep` is true."""

    def those(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name, kept in zip(names, keep, strict=True) if kept)

    return replace(
        rest,
        ids=those(rest.ids),
        passed=rest.passed[keep],
        scores={name: values[keep] for name, values in rest.scores.items()},
        clusters=those(rest.clusters),
        systems=those(rest.systems),
    )


def samples_of(verdicts: Iterable[Verdict], pairing: Pairing) -> Unlabelled:
    """Another file's samples as the judge sees them on the pairing's dimension.

    Raises `InputError` for another judge or rubric, whose errors the labels say nothing of, and for a file that holds
    no sample of the task.
    """
    import numpy as np

    held = [verdict for verdict in verdicts if verdict.kind == "sample" and verdict.task == pairing.task]
    for verdict in held:
        if (verdict.judge, verdict.rubric) != (pairing.judge, pairing.rubric):
            raise InputError(
                f"{verdict.place or verdict.id}: judged by {verdict.judge} on {verdict.rubric}, the labelled samples "
                f"by {pairing.judge} on {pairing.rubric}; labels say nothing of another judge's errors"
            )
    if not held:
        raise InputError(f"no sample of task {pairing.task!r} among the samples to estimate")
    words = [word_of(verdict, pairing.dimension) for verdict in held]
    return Unlabelled(
        tuple(verdict.id for verdict in held),
        np.array([np.nan if word.passed is None else word.passed for word in words], float),
        {},
        tuple(cluster(Labels(()), verdict.id, verdict) for verdict in held),
        tuple(verdict.system or "" for verdict in held),
    )


def _probabilities(pairing: Pairing, used: Numbers) -> Numbers | None:
    import numpy as np

    if not any(pairing.drawn):
        return None
    chosen = [(id, said) for id, said, kept in zip(pairing.ids, pairing.drawn, used, strict=True) if kept]
    for id, said in chosen:
        if not _is_probability(said):
            raise UsageError(
                f"sample {id!r}: {said!r} is no probability above 0, at most 1, with which it was drawn for labelling; "
                "other samples have one, so fill it in or leave the column out"
            )
    drawn = np.array([float(said) for _, said in chosen])
    return None if len(set(drawn.tolist())) < 2 else drawn


def _is_probability(said: str) -> bool:
    try:
        return 0 < float(said) <= 1
    except ValueError:
        return False


def _unjudged(pairing: Pairing, labelled: Numbers, others: int) -> Counter[str]:
    found = Counter(
        status if status != Status.OK else NO_WORD
        for status, without in zip(pairing.status, labelled, strict=True)
        if without
    )
    return found + Counter({NO_WORD: others})


def _notes(pairing: Pairing, foreign: Numbers, tied: Numbers, silent: Numbers) -> Iterable[str]:
    yield from pairing.notes
    if foreign.any():
        yield f"{int(foreign.sum())} labelled samples have no verdict in the file and are in no figure"
    if tied.any():
        yield f"on {int(tied.sum())} labelled samples people are undecided: they are in no figure"
    if silent.any():
        yield f"{int(silent.sum())} labelled samples were not judged: their labels are in no figure"
