"""The two sides of a comparison: whose verdicts they are, and whether systems or judges are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ...errors import InputError, Refused, UsageError
from ...judge import Call, Ledger, Verdict, ledger_path, read_verdicts
from ...judge.cluster import verdict_files

TIMED = 500
"""Most samples whose calls are looked up for their seconds."""


@dataclass(frozen=True)
class Contender:
    """One side's verdicts on samples; a row that came twice is one."""

    name: str
    verdicts: tuple[Verdict, ...]
    source: str = ""
    """The file's name."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Sample key to the seconds of its calls, one after the other; empty where no ledger tells."""

    @cached_property
    def by_key(self) -> dict[str, Verdict]:
        """Key of the sample's identity and content to its verdict."""
        return {key_of(verdict): verdict for verdict in self.verdicts}

    @cached_property
    def judged_by(self) -> dict[str, tuple[str, str]]:
        """Task to (judge, rubric). Raises `InputError` for a task with several."""
        found: dict[str, tuple[str, str]] = {}
        for verdict in self.verdicts:
            first = found.setdefault(verdict.task, (verdict.judge, verdict.rubric))
            if first != (verdict.judge, verdict.rubric):
                raise InputError(
                    f"{self.source or self.name}: {verdict.id!r} was judged by {verdict.judge} on {verdict.rubric}, "
                    f"others by {first[0]} on {first[1]}; give one judge's verdicts a file"
                )
        return found

    @property
    def judge(self) -> str:
        """The judge's name."""
        return next(iter(self.judged_by.values()))[0]

    def of(self, task: str) -> list[Verdict]:
        """The verdicts of a task."""
        return [verdict for verdict in self.verdicts if verdict.task == task]


def side_of(verdicts: Iterable[Verdict], name: str = "", source: str = "") -> Contender:
    """A side of these verdicts; its name is the only system among them, else `name`. Sets do not enter.

    Raises `InputError` where no verdict on a sample is left.
    """
    kept = {key_of(verdict): verdict for verdict in verdicts if verdict.kind == "sample"}
    if not kept:
        raise InputError(f"{source or name}: holds no verdict on a sample")
    systems = {verdict.system for verdict in kept.values()}
    only = next(iter(systems)) if len(systems) == 1 else None
    return Contender(name or only or source, tuple(kept.values()), source)


def read_side(path: Path, name: str = "") -> Contender:
    """The side of a file that `recjudge score` wrote, with the seconds that the ledger beside it tells."""
    side = side_of(read_verdicts(path), name, path.name)
    return replace(side, seconds=_seconds(path, side.verdicts[:TIMED]))


def systems_of(side: Contender) -> tuple[str, ...]:
    """The systems of a side, in the order they appear; "" for samples that name none."""
    return tuple(dict.fromkeys(verdict.system or "" for verdict in side.verdicts))


def two_systems(side: Contender, a: str, b: str) -> tuple[Contender, Contender]:
    """Two systems of one file. Raises `UsageError` for one that it does not hold."""
    known = systems_of(side)
    for name in (a, b):
        if name not in known:
            raise UsageError(f"{side.source}: no system {name!r}; it holds {', '.join(map(repr, known))}")
    if a == b:
        raise UsageError(f"{a!r} cannot be compared with itself; {side.source} holds {', '.join(map(repr, known))}")
    first, second = (
        replace(side, name=name, verdicts=tuple(v for v in side.verdicts if (v.system or "") == name))
        for name in (a, b)
    )
    return first, second


def told_apart(a: Contender, b: Contender, kind: str) -> tuple[Contender, Contender]:
    """Both sides under names that differ: their systems or judges, else their files, else a and b."""
    if kind == "judges":
        a, b = replace(a, name=a.judge), replace(b, name=b.judge)
    if a.name == b.name:
        a, b = replace(a, name=a.source or "a"), replace(b, name=b.source or "b")
    if a.name == b.name:
        a, b = replace(a, name=f"a: {a.name}"), replace(b, name=f"b: {b.name}")
    return a, b


def kind_of(a: Contender, b: Contender) -> str:
    """`judges` where both were given the same samples, else `systems`.

    With one judge all samples of the smaller side must be the other's too (a run done twice); with two, half of them,
    since two systems may write the same text now and then.
    """
    shared, least = len(a.by_key.keys() & b.by_key.keys()), min(len(a.by_key), len(b.by_key))
    if a.judged_by == b.judged_by:
        return "judges" if shared == least else "systems"
    return "judges" if 2 * shared >= least else "systems"


def drift(a: Contender, b: Contender) -> tuple[str, ...]:
    """What judged the two sides, where that differs: one sentence a task."""
    return tuple(
        f"{task}: {a.name} was judged by {a.judged_by[task][0]} on {a.judged_by[task][1]}, {b.name} by "
        f"{b.judged_by[task][0]} on {b.judged_by[task][1]}"
        for task in tasks_of(a, b)
        if a.judged_by[task] != b.judged_by[task]
    )


def refuse_drift(a: Contender, b: Contender) -> None:
    """Raises `Refused` where two systems were not judged alike: their difference would be the judges' too."""
    if found := drift(a, b):
        raise Refused(
            "; ".join(found) + ": pass rates under different judges or rubric versions are not comparable; score both "
            "with one judge and one rubric, or say --allow-drift to see both figures with a warning"
        )


def tasks_of(a: Contender, b: Contender) -> tuple[str, ...]:
    """Tasks that both sides have. Raises `UsageError` when there is none."""
    shared = tuple(task for task in a.judged_by if task in b.judged_by)
    if not shared:
        raise UsageError(
            f"no task in common: {a.name} has {', '.join(a.judged_by)}, {b.name} has {', '.join(b.judged_by)}"
        )
    return shared


def key_of(verdict: Verdict) -> str:
    """What makes two verdicts verdicts on the same sample."""
    return verdict.key or f"{verdict.task}:{verdict.id}"


def _seconds(path: Path, verdicts: Sequence[Verdict]) -> dict[str, float]:
    """Sample key to the seconds of all attempts behind its verdict, for samples that took a call."""
    calls: dict[str, list[Call]] = {}
    waiting = {key_of(verdict): asked for verdict in verdicts if (asked := _prompts(verdict))}
    for ledger in (ledger_path(Path(file)) for file in verdict_files(path)):
        if not waiting:
            break
        if ledger.exists():
            with Ledger.read(ledger) as store:
                held = {key: [call for one in asked if (call := store.call(one))] for key, asked in waiting.items()}
            calls |= {key: found for key, found in held.items() if found}
            waiting = {key: asked for key, asked in waiting.items() if key not in calls}
    return {
        key: sum(attempt.seconds for call in found for attempt in call.attempts)
        for key, found in calls.items()
        if any(call.attempts for call in found)
    }


def _prompts(verdict: Verdict) -> list[str]:
    judged = (verdict, *verdict.members)
    return list(dict.fromkeys(key for each in judged for found in each.findings for key in found.prompts))
