"""Self-training in rounds, resumable at every step: read this first. It prints nothing and stops by itself."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import orjson

from ...errors import RunMismatch, UsageError
from ...human_labels import Policy, read_policy
from ...judge import AnyJudge, Progress, load_judge, shipped, write_whole
from ...rubrics import load_rubric
from ..certificate import policy_digest
from ..prompting import read_template
from .config import RoundConfig, flat
from .lock import owned
from .manifest import (
    Manifest,
    digest_of,
    folder_of,
    read_manifest,
    record_of,
    round_of,
    verify,
    write_manifest,
)  # fmt: skip
from .prompts import read_prompt_sets
from .recording import recorded
from .records import Round, Stop
from .steps import AT_FIRST, STEPS
from .stopping import stops
from .work import Work, label_file, model_out

RUN = "run.json"
FREE = frozenset({
    "round.rounds", "round.folder", "judge.concurrency", "judge.attempts", "judge.deadline", "judge.price",
    "judge.max_cost", "generator.concurrency", "generator.attempts", "generator.timeout", "trainer.timeout",
    "audit.timeout", "audit.wait",
})  # fmt: skip
"""Keys that may change from one process to the next: how long, how often and for how much something is tried."""
UNCERTIFIED = "uncertified"
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Told:
    """What just happened, for whoever watches."""

    round: int
    step: str
    """A name of `STEPS`, or `round` when one is done."""
    facts: Mapping[str, Any]
    seconds: float


def run_rounds(
    config: RoundConfig,
    *,
    rounds: int | None = None,
    judge: AnyJudge | None = None,
    clock: Clock = lambda: datetime.now(UTC),
    tell: Callable[[Told], None] = lambda told: None,
    watch: Callable[[Progress], None] | None = None,
) -> tuple[Round, ...]:
    """Makes the rounds that are not yet there, until `rounds` (the config's) or a stop rule; gives all of them.

    Round 0 is the starting model's evaluation. The same call goes on after the last finished step of a run that was
    killed, and looks again at labels that came since. `judge` takes the place of the config's; `tell` hears of each
    step, `watch` of the judging under way.

    Raises `RunMismatch`, field by field, for a folder begun with another config, input or judge; `LockedError` where
    another process owns it; `LabelsWanted` where a round waits for people; `UsageError` for what the config gets wrong,
    a file changed since, and a generator or trainer that fails.
    """
    wanted = config.round.rounds if rounds is None else rounds
    if wanted < 1:
        raise UsageError(f"--rounds {wanted}: give 1 or more")
    start = _start(config, judge or judge_of(config), clock, watch)
    with owned(start.root):
        _same_run(start)
        made: list[Round] = []
        for number in range(wanted + 1):
            made.append(_round(start, number, made, clock, tell))
            if made[-1].stopped:
                break
        return tuple(made)


def judge_of(config: RoundConfig) -> AnyJudge:
    """The judge that a config names; a Student's folder is looked for beside the config."""
    own = config.judge
    rubrics = shipped() | {made.name: made for made in (load_rubric(config.path(name)) for name in own.rubrics)}
    names = [str(config.path(name)) if config.path(name).is_dir() else name for name in own.names]
    given = {name: getattr(own, name) for name in ("temperature", "seed", "logprobs", "endpoint")}
    sampling = {name: value for name, value in given.items() if value is not None}
    return load_judge(
        *names, rubrics=list(rubrics.values()), mode=own.mode, jury=own.jury, base_url=own.base_url, **sampling
    )


def _start(config: RoundConfig, judge: AnyJudge, clock: Clock, watch: Callable[[Progress], None] | None) -> Work:
    """Everything that is read before the first step, so that what is wrong with it costs nothing."""
    inputs = config.inputs
    template = read_template(inputs["export.template"]) if "export.template" in inputs else None
    policy = read_policy(inputs["policy.file"]) if "policy.file" in inputs else None
    now = clock()
    if policy is not None:
        policy.check(now.date())
    prompts = read_prompt_sets(inputs["prompts.train"], inputs["prompts.evaluation"], judge.rubrics, template)
    digest = _digest(_identity(config, judge))
    manifest = Manifest(
        round=0, run=digest, seed=config.round.seed, model_in=config.generator.model or "", judge=judge.name,
        rubrics=tuple(sorted(rubric.id for rubric in judge.rubrics.values())), policy=_policy_name(policy),
        recjudge=version("recjudge"), steps={}, times={"began": now.isoformat()},
    )  # fmt: skip
    return Work(config, judge, policy, template, prompts, config.folder, manifest, now, watch)


def _round(start: Work, number: int, before: list[Round], clock: Clock, tell: Callable[[Told], None]) -> Round:
    folder = folder_of(start.root, number)
    manifest = read_manifest(folder) or _fresh(start, number, before, clock)
    work = replace(start, manifest=manifest, began=datetime.fromisoformat(manifest.times["began"]))
    if manifest.run != start.manifest.run:
        raise RunMismatch(f"{folder}: was made with another config; put it back, or remove it to make it again")
    if manifest.record is not None:
        return _finished(_labelled_since(work, clock, tell), before, tell)
    verify(folder, manifest)
    write_manifest(folder, manifest)
    for name in STEPS if number else AT_FIRST:
        if name not in work.manifest.steps and not _ends(work.manifest):
            work = _taken(work, name, clock, tell)
    return _finished(work, before, tell)


def _fresh(start: Work, number: int, before: list[Round], clock: Clock) -> Manifest:
    model = before[-1].model if before else start.manifest.model_in
    for one, step in ((before[0], "evaluate"), (before[-1], "train")) if before else ():
        if known := read_manifest(one.folder):
            verify(one.folder, known, [step])
    return replace(start.manifest, round=number, model_in=model, times={"began": clock().isoformat()})


def _taken(work: Work, name: str, clock: Clock, tell: Callable[[Told], None], *, write: bool = True) -> Work:
    """One step, then its line in the manifest: what is not in it was not done."""
    began, start = clock(), time.perf_counter()
    taken = STEPS[name](work)
    seconds = round(time.perf_counter() - start, 3)
    facts = json.loads(orjson.dumps(taken.facts))
    times = {"began": began.isoformat(), "seconds": seconds}
    manifest = work.manifest.done(name, taken.files, facts, times)
    if write:
        write_manifest(work.folder, manifest)
    tell(Told(manifest.round, name, facts, seconds))
    return replace(work, manifest=manifest)


def _ends(manifest: Manifest) -> str:
    """Why a step said that no training follows."""
    return next((of["facts"]["ends"] for of in manifest.steps.values() if of["facts"].get("ends")), "")


def _finished(work: Work, before: list[Round], tell: Callable[[Told], None]) -> Round:
    """The record, held against the stop rules, and with it the round's end.

    Of a round that was finished it is made anew: labels of an earlier one may have come since, and a gap grows from
    the first that is known.
    """
    made, ends = recorded(work), _ends(work.manifest)
    found = (*([Stop("rows", ends)] if ends else ()), *stops([*before, made], work.config.stop))
    more = tuple(f"stop rule {stop.rule} too: {stop.words}" for stop in found[1:])
    made = replace(made, stopped=found[0] if found else None, notes=(*made.notes, *more))
    record = json.loads(orjson.dumps(record_of(made)))
    if record == work.manifest.record:
        return round_of(work.manifest, work.folder)
    manifest = replace(work.manifest, model_out=model_out(work.manifest), record=record)
    write_manifest(work.folder, manifest)
    made = round_of(manifest, work.folder)
    tell(Told(made.number, "round", {"stopped": found[0].words if found else ""}, sum(made.seconds.values())))
    return made


def _labelled_since(work: Work, clock: Clock, tell: Callable[[Told], None]) -> Work:
    """Audited anew where labels of a finished round came or changed after it."""
    labels = label_file(work.config, work.manifest.round)
    if "audit" not in work.manifest.steps or labels is None or not labels.exists():
        return work
    if work.manifest.facts("audit")["labels"] == digest_of(labels):
        return work
    verify(work.folder, work.manifest, ["judge"])
    # written with its record in one step: a round is never half audited
    again = _taken(work, "audit", clock, tell, write=False)
    return replace(again, manifest=replace(again.manifest, record=None))


def _same_run(start: Work) -> None:
    """The first process writes down what the rounds are made of; another one with anything else is refused."""
    path, own = start.root / RUN, _identity(start.config, start.judge)
    if not path.exists():
        write_whole(path, orjson.dumps(own, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    try:
        known = json.loads(path.read_bytes())
    except ValueError as error:
        raise UsageError(f"{path}: not JSON ({error}); name a new folder as round.folder") from error
    now = json.loads(orjson.dumps(own))
    changed = [
        f"{name}: was {_shown(known.get(name))}, is {_shown(now.get(name))}"
        for name in sorted({*known, *now})
        if known.get(name) != now.get(name)
    ]
    if changed:
        raise RunMismatch(
            "\n".join(f"{start.config.place}: {line}" for line in changed)
            + f"\n{start.root}: these rounds were begun otherwise; put that back, or name a new folder as round.folder "
            f"(only these may change: {', '.join(sorted(FREE))})"
        )


def _identity(config: RoundConfig, judge: AnyJudge) -> dict[str, Any]:
    """All that may not change from one process to the next, by dotted name."""
    own = flat(config.model_dump(mode="json", by_alias=True))
    inputs = {f"{key} (SHA-256)": digest_of(path) for key, path in config.inputs.items()}
    rubrics = {f"rubric {name}": rubric.id for name, rubric in sorted(judge.rubrics.items())}
    return {name: value for name, value in own.items() if name not in FREE} | inputs | {"judge": judge.name} | rubrics


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _policy_name(policy: Policy | None) -> str:
    return UNCERTIFIED if policy is None else policy_digest(policy)


def _shown(value: Any) -> str:
    words = json.dumps(value, ensure_ascii=False)
    return words if len(words) <= 80 else f"{words[:77]}…"
