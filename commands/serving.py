"""The command that puts a judge behind HTTP: serve."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from .judging import (
    BaseUrl,
    Endpoint,
    JuryRule,
    Logprobs,
    Map,
    Mode,
    Prices,
    Rubrics,
    Seed,
    Task,
    Temperature,
    judge_of,
    price_of,
    sampling_of,
)
from .labelled import pairs
from .printing import tell

Judges = Annotated[
    Optional[list[str]],  # noqa: UP045 - read by typer at run time
    typer.Option("--judge", "-j", help="A student's folder, local (default), openai/MODEL, …; several make a jury."),
]
Ends = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--end", help="/get_reward: what ends a response in a query, e.g. '<|im_end|>'; may be repeated."),
]
Hosts = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--allow-host", help="A further name by which the service may be asked; may be repeated."),
]


def serve(
    judge: Judges = None,
    task: Task = None,
    rubric: Rubrics = None,
    map_: Map = None,
    score: Annotated[str | None, typer.Option(help="graded (default), quality, sureness or rank.")] = None,
    dimension: Annotated[str, typer.Option(help="Whose score: the grade's, or a dimension's of the rubric.")] = "grade",
    host: Annotated[str, typer.Option(help="Beyond this machine a token is required.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 8100,
    uds: Annotated[Path | None, typer.Option(help="A Unix socket of mode 0600 instead of a port.")] = None,
    token_file: Annotated[Path | None, typer.Option(help="Holds the token; nobody else may read it (0600).")] = None,
    token_env: Annotated[str | None, typer.Option(help="The environment variable that holds the token.")] = None,
    allow_host: Hosts = None,
    queue: Annotated[int, typer.Option(help="Most inputs that wait; more are refused with 429.")] = 4096,
    batch: Annotated[int, typer.Option(help="Most inputs of a request.")] = 1024,
    body: Annotated[int, typer.Option(help="Most bytes of a request.")] = 8 << 20,
    connections: Annotated[int, typer.Option(help="Most connections open at once; more are sent away with 503.")] = 512,
    deadline: Annotated[float, typer.Option(help="Seconds a request may take; what is late is null.")] = 30.0,
    batch_window: Annotated[
        float, typer.Option(help="Milliseconds that a student waits for more requests; those that wait go together.")
    ] = 0.0,
    processes: Annotated[int, typer.Option(min=1, help="In which a student judges: as many as cores to spare.")] = 1,
    grace: Annotated[float, typer.Option(help="Seconds that requests may still take after SIGTERM.")] = 10.0,
    unjudged: Annotated[
        float | None, typer.Option(help="/get_reward: the number for what has no reward; without it, an error.")
    ] = None,
    end: Ends = None,
    store: Annotated[Path | None, typer.Option(help="A ledger that keeps replies of providers across starts.")] = None,
    base_url: BaseUrl = None,
    mode: Mode = "panel",
    jury: JuryRule = "majority",
    concurrency: Annotated[int, typer.Option(min=1, help="Most calls to a provider in flight.")] = 16,
    attempts: Annotated[int, typer.Option(min=1, help="Most attempts a call.")] = 5,
    temperature: Temperature = None,
    seed: Seed = None,
    logprobs: Logprobs = None,
    endpoint: Endpoint = None,
    price: Prices = None,
    max_cost: Annotated[float | None, typer.Option(help="Dollars; no call is sent that could pass it.")] = None,
) -> None:
    """Answer requests for rewards and verdicts over HTTP."""
    from ..judge import Options
    from ..training.serving import Limits, Service, guard, read_token
    from ..training.serving import serve as run

    watch = guard(host, read_token(token_file, token_env), allow_host or (), uds=uds is not None)
    limits = Limits(
        body=body, batch=batch, queue=queue, connections=connections, deadline=deadline, window=batch_window / 1000,
        processes=processes, grace=grace,
    )  # fmt: skip
    made = judge_of(judge, rubric, mode, jury, base_url, sampling_of(temperature, seed, logprobs, endpoint))
    options = Options(
        concurrency=concurrency, attempts=attempts, deadline=deadline, price=price_of(price), max_cost=max_cost
    )
    service = Service(
        made, task=task, fields=pairs(map_, "--map"), score=score, dimension=dimension, limits=limits,
        options=options, store=store, unjudged=unjudged,
        ends=end or (),
    )  # fmt: skip

    def ready(address: str) -> None:
        sys.stdout.write(f"serving {made.name} on {address}\n")
        sys.stdout.flush()

    run(service, watch, host=host, port=port, uds=uds, ready=ready)
    tell("stopped")
