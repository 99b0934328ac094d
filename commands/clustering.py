"""The options of `score --engine ray`: where the cluster is, how many actors, how long a shard, where verdicts go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError

FolderOut = Annotated[
    str | None,
    typer.Option(
        "--out", "-o", help="Verdicts file; default INPUT.verdicts.jsonl. Of ray a folder, or its address."
    ),
]  # fmt: skip
Address = Annotated[str, typer.Option(help="Of ray, the cluster: auto, local, HOST:PORT.")]
Actors = Annotated[int | None, typer.Option(min=1, help="Of ray: most workers; default: what has room.")]
ActorCpus = Annotated[float, typer.Option(help="Of ray: CPUs that a worker reserves.")]
ShardSize = Annotated[float, typer.Option(help="Of ray: megabytes after which a file is cut.")]
Scratch = Annotated[str | None, typer.Option(help="Of ray: each node's folder for ledgers at work.")]


def folder_beside(source: str) -> Path:
    """Where a sharded run of a path writes. Raises `UsageError` for what lies elsewhere."""
    if "://" in source or any(sign in source for sign in "*?["):
        raise UsageError(f"{source}: say where the verdicts go, with --out: a folder's path or address")
    path = Path(source).resolve()
    name = path.name if path.is_dir() else path.name.partition(".")[0]
    return Path(source).parent / f"{name}.verdicts"
