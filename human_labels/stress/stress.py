"""The stress test: samples changed by rules of which the right answer is known, judged, and held to the relations."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from ...errors import UsageError
from ...judge import AnyJudge, Options, Sample, load_judge
from .changes import Given
from .figures import Outcome, outcome
from .passes import Pair, Watch, judged, probes, steady, turned
from .relation import Relation, Run, Variant, World
from .relations import RELATIONS


@dataclass(frozen=True)
class Stressed:
    """What a stress test found of a judge. Iterating gives the outcomes, in the order of the relations' numbers."""

    judge: str
    samples: int
    steady: bool
    """No model is asked: held to the stricter limits."""
    seed: int
    outcomes: tuple[Outcome, ...]
    complete: bool = True
    """False when a run was stopped; the same call goes on where it was, and no figure is final before."""

    def __iter__(self) -> Any:
        return iter(self.outcomes)

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of the relations that do not hold."""
        return tuple(one.relation.name for one in self.outcomes if one.holds is False)


@dataclass
class _Probed:
    relation: Relation
    variants: list[tuple[Sample, Variant]]
    skipped: Counter[str]
    unsound: Counter[str]


def stress(
    samples: Iterable[Sample],
    judge: AnyJudge | str = "local",
    *,
    relations: Sequence[str] | None = None,
    seed: int = 0,
    options: Options | None = None,
    folder: Path | str | None = None,
    watch: Watch | None = None,
) -> Stressed:
    """Judges samples and variants of them and says which relations hold; `relations` are names (default: all).

    Samples need ids of their own and one of the judge's tasks. In `folder` lie the runs' verdicts and ledgers, so that
    the same call goes on where a killed one stopped; without one they are gone at the end. An interval draws whole
    groups. Raises `UsageError` for an unknown relation, without samples, and for an id that stands twice.
    """
    judge = load_judge(judge) if isinstance(judge, str) else judge
    given = _checked([sample for sample in samples if sample.task in judge.rubrics])
    probed = [_probe(one, given, judge, seed) for one in named(relations)]
    by_run: dict[Run, list[Variant]] = {}
    for one in probed:
        by_run.setdefault(one.relation.run, []).extend(variant for _, variant in one.variants)
    with ExitStack() as stack:
        where = Path(folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="recjudge-stress-")))
        where.mkdir(parents=True, exist_ok=True)
        verdicts, complete = judged(given, by_run, judge, where, options or Options(), watch)
    found = []
    for one in probed:
        mine = verdicts.get(one.relation.run, {})
        pairs = tuple(
            Pair(sample, variant, verdicts["probe"][sample.id], mine[variant.sample.id])
            for sample, variant in one.variants
            if sample.id in verdicts["probe"] and variant.sample.id in mine
        )
        data = Given(one.relation, pairs, judge.rubrics, steady(judge), seed)
        found.append(outcome(data, one.skipped, one.unsound, len({sample.id for sample, _ in one.variants})))
    return Stressed(judge.name, len(given), steady(judge), seed, tuple(found), complete)


def named(names: Sequence[str] | None) -> list[Relation]:
    """Relations by name or number, in the registry's order. Raises `UsageError` with the known ones."""
    if not names:
        return list(RELATIONS.values())
    known = {str(one.number): one.name for one in RELATIONS.values()} | {name: name for name in RELATIONS}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"unknown relation {unknown[0]!r}; known: {', '.join(RELATIONS)}")
    wanted = {known[name] for name in names}
    return [one for name, one in RELATIONS.items() if name in wanted]


def _checked(samples: list[Sample]) -> list[Sample]:
    if not samples:
        raise UsageError("no sample is of a task that the judge knows; give others, or another judge")
    name, count = Counter(sample.id for sample in samples).most_common(1)[0]
    if count > 1:
        raise UsageError(f"the id {name!r} stands {count} times; give each sample an id of its own")
    return samples


def _probe(relation: Relation, samples: Sequence[Sample], judge: AnyJudge, seed: int) -> _Probed:
    """All sound variants of one relation, and why the others are none."""
    found = _Probed(relation, [], Counter(), Counter())
    if relation.run == "turned" and turned(judge) is None:
        found.skipped["no criteria of its own to be reordered (a trained judge, a cascade)"] = len(samples)
        return found
    for sample in samples:
        # a draw of its own for each: the order of the samples changes no probe
        draw = Random(f"{seed} {relation.name} {sample.id}")  # noqa: S311
        made = relation.make(sample, World(draw, samples, judge.rubrics))
        if isinstance(made, str):
            found.skipped[made] += 1
            continue
        found.unsound.update(problem for one in made if (problem := relation.sound(sample, one)))
        sound = [one for one in made if not relation.sound(sample, one)]
        found.variants += [(sample, probe) for probe in probes(relation, sample, sound)]
    return found


def plain(found: Stressed) -> dict[str, Any]:
    """As JSON: every figure with n and interval, every reason with its count."""
    from dataclasses import asdict

    rows = []
    for one in found.outcomes:
        # asdict makes a count of pairs of a count
        counts = {"not_applicable": dict(one.not_applicable), "unsound": dict(one.unsound)}
        row = asdict(replace(one, relation=None, **counts))  # type: ignore[arg-type]
        relation = one.relation
        rows.append(
            {"number": relation.number, "relation": relation.name, "kind": relation.kind, "meaning": relation.meaning}
            | {key: value for key, value in row.items() if key != "relation"}
        )
    return {
        "judge": found.judge, "samples": found.samples, "steady": found.steady, "seed": found.seed,
        "complete": found.complete, "broken": list(found.broken), "relations": rows,
    }  # fmt: skip
