"""Commands that judge: score, plan, show."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ..errors import GateFailed, UsageError
from .batching import Engine, NoWait, PlanEngine, Poll, leave_if_waiting
from .clustering import ActorCpus, Actors, Address, FolderOut, Scratch, ShardSize, folder_beside
from .observing import LogJson, LogTexts, event_log, exporting_telemetry
from .printing import Json, command_line, console, print_json, print_rows, tell
from .watching import STOPPED_BY, watching

if TYPE_CHECKING:
    from ..judge import AnyJudge, Price, Scored
    from ..reports import Summary

Source = Annotated[str, typer.Argument(help="JSONL (.gz, .zst), CSV, Parquet, a datasets folder, or - for stdin.")]
Judges = Annotated[
    Optional[list[str]],  # noqa: UP045 - read by typer at run time
    typer.Option("--judge", "-j", help="local (default), openai/MODEL, openai-decisions/MODEL, anthropic/MODEL, "
                 "compatible/MODEL; several make a jury."),
]  # fmt: skip
BaseUrl = Annotated[str | None, typer.Option(help="Where a compatible/ server answers, e.g. http://127.0.0.1:8000/v1.")]
Mode = Annotated[str, typer.Option(help="panel: one call a dimension; single: all in one call.")]
JuryRule = Annotated[str, typer.Option("--jury", help="How several judges vote: majority or mean_rank.")]
Task = Annotated[str | None, typer.Option(help="Of records that name none: intent, item_tag, explanation, text.")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="OUR=YOURS, a key or a path: output=messages.-1.content."),
]
Rubrics = Annotated[list[Path] | None, typer.Option("--rubric", help="A rubric file of your own; may be repeated.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Verdicts file; default INPUT.verdicts.jsonl.")]
Prices = Annotated[
    str | None, typer.Option("--price", help="Dollars per million tokens: INPUT,CACHED,OUTPUT, e.g. 0.25,0.025,2.")
]
Temperature = Annotated[float | None, typer.Option(help="Sent to the provider, and part of the judge's name.")]
Seed = Annotated[int | None, typer.Option(help="Sent to the provider, and part of the judge's name.")]
Logprobs = Annotated[bool | None, typer.Option(help="Ask for label probabilities.")]
Endpoint = Annotated[str | None, typer.Option(help="compatible/: chat (default), decisions or systemone.")]
Then = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--then", help="Ask this judge where the one before abstains; may be repeated. Needs a line."),
]
Policies = Annotated[
    Path | None,
    typer.Option(help="With --then: the first judge's line, of `recjudge calibrate --trust`."),
]
Below = Annotated[
    float | None,
    typer.Option("--abstain-below", min=0, max=1, help="Least probability at which a label or a grade stands."),
]
Unlike = Annotated[
    bool,
    typer.Option("--abstain-unlike", help="Local, or a student, abstains on what is unlike what it learned from."),
]


def score(
    source: Source,
    judge: Judges = None,
    base_url: BaseUrl = None,
    mode: Mode = "panel",
    jury: JuryRule = "majority",
    task: Task = None,
    map_: Map = None,
    rubric: Rubrics = None,
    then: Then = None,
    policy: Policies = None,
    abstain_below: Below = None,
    abstain_unlike: Unlike = False,
    out: FolderOut = None,
    to: Annotated[list[str] | None, typer.Option("--to", help="Write this format too: parquet.")] = None,
    engine: Engine = None,
    poll: Poll = 30.0,
    no_wait: NoWait = False,
    address: Address = "auto",
    actors: Actors = None,
    actor_cpus: ActorCpus = 0.5,
    shard_size: ShardSize = 64,
    scratch: Scratch = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Most calls in flight.")] = 16,
    processes: Annotated[
        int | None,
        typer.Option(min=1, help="Worker processes of a judge that asks nobody; default: as many as cores."),
    ] = None,
    attempts: Annotated[int, typer.Option(min=1, help="Most attempts a call.")] = 5,
    deadline: Annotated[float, typer.Option(help="Seconds that one call may take.")] = 120.0,
    temperature: Temperature = None,
    seed: Seed = None,
    logprobs: Logprobs = None,
    endpoint: Endpoint = None,
    price: Prices = None,
    max_cost: Annotated[float | None, typer.Option(help="Dollars; no call is sent that could pass it.")] = None,
    max_bad: Annotated[float | None, typer.Option(help="Gate: exit 1 when the share of Bad is above it.")] = None,
    max_unjudged: Annotated[
        float | None, typer.Option(help="Gate: exit 1 when the unjudged share is above it.")
    ] = None,
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="List unreadable records and judge the rest.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Judge only the first N records.")] = None,
    fork: Annotated[bool, typer.Option("--fork", help="Start anew beside a run of another judge or rubric.")] = False,
    log_json: LogJson = None,
    log_texts: LogTexts = False,
    json: Json = False,
) -> None:
    """Judge every sample: findings, then a grade."""
    from ..judge import Batching, Options, resolve
    from ..judge import score as run
    from ..judge.cluster import Cluster
    from ..reports import failed_gate

    made = in_order(
        judge, rubric, mode, jury, base_url, sampling_of(temperature, seed, logprobs, endpoint),
        Lined(then, policy, abstain_below, abstain_unlike),
    )  # fmt: skip
    found = source if engine == "ray" else resolve(source)
    target = out or (folder_beside(source) if isinstance(found, str) else _beside(source, found.stem))
    log = event_log(log_json, log_texts, json)
    options = Options(
        log=log, concurrency=concurrency, processes=processes, attempts=attempts, deadline=deadline,
        price=price_of(price), max_cost=max_cost, fork=fork, skip_invalid=skip_invalid, limit=limit,
        formats=("jsonl", *(to or ())), engine=engine, batches=Batching(poll, not no_wait),
        cluster=Cluster(address, actors, actor_cpus, round(shard_size * 1e6), scratch),
    )  # fmt: skip
    with watching(quiet=json) as watch, log or nullcontext(), exporting_telemetry():
        done = run(found, made, out=target, task=task, fields=_fields(map_), options=options, watch=watch)
    summary = _report(done, json, quiet=log_json == "-")
    leave_if_waiting(done)
    if not done.complete:
        tell(f"stopped; the same command goes on where it was:\n  {command_line()}")
        raise typer.Exit(128 + STOPPED_BY[-1])
    if failed := failed_gate(summary, max_bad, max_unjudged):
        raise GateFailed(failed)


def plan(
    source: Source,
    judge: Judges = None,
    base_url: BaseUrl = None,
    mode: Mode = "panel",
    jury: JuryRule = "majority",
    task: Task = None,
    map_: Map = None,
    rubric: Rubrics = None,
    then: Then = None,
    policy: Policies = None,
    abstain_below: Below = None,
    abstain_unlike: Unlike = False,
    out: Out = None,
    temperature: Temperature = None,
    seed: Seed = None,
    logprobs: Logprobs = None,
    endpoint: Endpoint = None,
    price: Prices = None,
    engine: PlanEngine = None,
    json: Json = False,
) -> None:
    """Count calls, tokens and dollars in advance."""
    from ..judge import plan as count
    from ..judge import resolve
    from ..reports import plan_rows

    made = in_order(
        judge, rubric, mode, jury, base_url, sampling_of(temperature, seed, logprobs, endpoint),
        Lined(then, policy, abstain_below, abstain_unlike),
    )  # fmt: skip
    found = resolve(source)
    counted = count(
        found, made, out=out or _beside(source, found.stem), task=task, fields=_fields(map_), price=price_of(price),
        engine=engine,
    )  # fmt: skip
    if json:
        print_json(counted)
    else:
        print_rows("Plan", ("", "at least", "at most"), plan_rows(counted))
    if counted.problems:
        shown = "\n".join(map(str, counted.problems[:20]))
        raise UsageError(f"{shown}\nunreadable records: {len(counted.problems)}; mend the file")


def show(
    verdicts: Annotated[Path, typer.Argument(help="A file (of ray a folder) that `recjudge score` wrote.")],
    row: Annotated[str, typer.Argument(help="Line number or id.")],
    json: Json = False,
) -> None:
    """Show one sample: reasons, prompts, replies."""
    from ..reports import as_record, calls_of, find_verdict, show_lines

    verdict = find_verdict(verdicts, row)
    calls = calls_of(verdicts, verdict)
    if json:
        print_json(as_record(verdict, calls))
    else:
        sys.stdout.write("\n".join(show_lines(verdict, calls)) + "\n")


def judge_of(
    names: list[str] | None,
    rubrics: list[Path] | None,
    mode: str,
    jury: str,
    base_url: str | None,
    sampling: dict[str, Any],
) -> AnyJudge:
    """The judge that options name: the embedded one where they name none; several are a jury."""
    from ..judge import load_judge, shipped
    from ..rubrics import load_rubric

    table = shipped() | {rubric.name: rubric for rubric in map(load_rubric, rubrics or ())}
    return load_judge(
        *(names or ["local"]), rubrics=list(table.values()), mode=mode, jury=jury, base_url=base_url, **sampling
    )


@dataclass(frozen=True)
class Lined:
    """What a judge abstains on, and who is asked then."""

    then: Sequence[str] | None = None
    policy: Path | None = None
    below: float | None = None
    unlike: bool = False


def in_order(
    names: list[str] | None,
    rubrics: list[Path] | None,
    mode: str,
    jury: str,
    base_url: str | None,
    sampling: dict[str, Any],
    lined: Lined,
) -> AnyJudge:
    """The judge that options name, with its line, and those that are asked where it abstains.

    Raises `UsageError` for a cascade without a line, for two lines, and for a policy without anyone to go on to.
    """
    if lined.policy and (lined.below is not None or lined.unlike):
        raise UsageError("--policy has the line: leave out --abstain-below and --abstain-unlike")
    if lined.then and not lined.policy and lined.below is None and not lined.unlike:
        raise UsageError(
            "--then needs to know when the next judge is asked: give --policy, the line that `recjudge calibrate "
            "--trust` found, or --abstain-below, one set by hand; --abstain-below 0 where only the first judge's own "
            "abstentions go on"
        )
    more = {"then": lined.then or (), "abstain_below": lined.below, "abstain_unlike": lined.unlike}
    made = judge_of(names, rubrics, mode, jury, base_url, sampling | more)
    return _by_policy(made, lined.policy) if lined.policy else made


def _by_policy(made: AnyJudge, policy: Path) -> AnyJudge:
    """The cascade with the policy's line after its first judge."""
    from ..human_labels import read_policy
    from ..human_labels.policy import trusting
    from ..judge import Cascade

    if not isinstance(made, Cascade):
        raise UsageError("--policy gives the line below which the next judge is asked: name that judge with --then")
    first, *others = made.stages
    return Cascade((trusting(first, read_policy(policy), now=datetime.now(UTC)), *others))


def sampling_of(
    temperature: float | None, seed: int | None, logprobs: bool | None, endpoint: str | None
) -> dict[str, Any]:
    """Of a provider, what was asked for."""
    given = {"temperature": temperature, "seed": seed, "logprobs": logprobs, "endpoint": endpoint}
    return {name: value for name, value in given.items() if value is not None}


def _beside(source: str, stem: str) -> Path:
    folder = Path(source).parent if source != "-" else Path()
    return folder / f"{stem}.verdicts.jsonl"


def _fields(pairs: list[str] | None) -> dict[str, str]:
    for pair in pairs or ():
        if not all(pair.partition("=")):
            raise UsageError(f"--map {pair}: write it as OUR=YOURS, e.g. --map output=completion")
    return dict(pair.split("=", 1) for pair in pairs or ())


def price_of(words: str | None) -> Price | None:
    """Dollars per million tokens, of `INPUT,CACHED,OUTPUT`. Raises `UsageError`."""
    from ..judge import Price

    if words is None:
        return None
    try:
        return Price(*(float(part) for part in words.split(",")))
    except (ValueError, TypeError):
        raise UsageError(f"--price {words}: give dollars per million tokens as INPUT,CACHED,OUTPUT") from None


def _report(done: Scored, json: bool, *, quiet: bool) -> Summary:
    from ..judge import LEXICAL, missing
    from ..reports import as_json, cost_line, print_problems, print_summary, safe, summarise

    summary = summarise(done)
    if quiet:
        return summary
    files = [str(path) for path in done.files]
    if json:
        listed = [str(problem) for problem in done.problems]
        more = {"records": done.n_records, "listed": listed, "files": files, "totals": done.totals} | (
            {"engine": done.said} if done.said else {}
        )
        print_json(as_json(summary) | more)
        return summary
    screen = console()
    print_summary(screen, summary)
    print_problems(screen, done.problems)
    if done.totals.attempts:
        sys.stdout.write(f"cost: {cost_line(done.totals)}\n")
    sys.stdout.write("".join(f"{words}\n" for words in done.said))
    sys.stdout.write("".join(f"wrote {path}\n" for path in files))
    if LEXICAL in summary.flags and (words := missing()):
        sys.stdout.write(f"{words}\n")
    if summary.worst:
        sys.stdout.write(
            f"look closer: recjudge show {shlex.quote(files[0])} {safe(shlex.quote(summary.worst[0].id))}\n"
        )
    return summary
