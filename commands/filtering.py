"""The command that turns verdicts into training rows: filter."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from .labelled import Asked, Rubrics, VerdictFile, pairs
from .printing import Json, print_json, print_rows

if TYPE_CHECKING:
    from ..training import Filtered, Row

Source = Annotated[str | None, typer.Option("--source", help="The file that was judged; default beside the verdicts.")]
Fields = Annotated[
    Optional[list[str]],  # noqa: UP045 - read by typer at run time
    typer.Option("--map", help="OUR=YOURS, as when it was judged."),
]
Task = Annotated[str | None, typer.Option(help="Of records that name none, as when it was judged.")]
Field = Annotated[
    str, typer.Option("--category", help="Where the category stands in the context or meta: item.category.")
]
Time = Annotated[str, typer.Option("--time", help="Where a row's ISO date stands in the context or meta.")]


def filter(
    verdicts: VerdictFile,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write.")],
    policy: Annotated[Path | None, typer.Option(help="Which `recjudge calibrate` wrote; it alone accepts.")] = None,
    source: Source = None,
    audit: Annotated[
        int | None,
        typer.Option(help="Accepted rows put aside for people; default 50, a fifth where few are accepted."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every draw.")] = 0,
    all_pass: Annotated[bool, typer.Option("--all-pass", help="One defect in any dimension rejects.")] = False,
    keep_duplicates: Annotated[
        bool, typer.Option("--keep-duplicates", help="Keep rows that are the same in all but their id.")
    ] = False,
    near_duplicates: Annotated[
        float | None, typer.Option(help="Leave out texts this alike to one that stays: 0.9, a Jaccard index.")
    ] = None,
    within: Annotated[str, typer.Option(help="Where near-duplicates are looked for: group, item, all.")] = "group",
    across_routes: Annotated[
        bool, typer.Option("--across-routes", help="Of a text that several systems wrote for one group keep one.")
    ] = False,
    per_category: Annotated[int | None, typer.Option(help="Most rows of a category in a group.")] = None,
    category: Field = "category",
    balance: Annotated[
        str | None, typer.Option(help="Sample every class down to the smallest: system, group, category.")
    ] = None,
    newest_first: Annotated[
        bool, typer.Option("--newest-first", help="Where some must go, the newest stay; else a draw says.")
    ] = False,
    half_life: Annotated[float | None, typer.Option(help="Days after which half of the rows are left out.")] = None,
    time: Time = "now",
    uncertified: Annotated[
        bool, typer.Option("--uncertified", help="Without a policy: keep what is not Bad; every row then says so.")
    ] = False,
    task: Task = None,
    map_: Fields = None,
    rubric: Rubrics = None,
    json: Json = False,
) -> None:
    """Keep what a policy accepts, with a certificate.

    A random part of it is put aside for people.
    """
    from ..human_labels import read_policy
    from ..training import Selection, filter_rows, source_of, write_filtered

    options = Selection(
        uncertified=uncertified, all_pass=all_pass, audit=audit, seed=seed, duplicates=keep_duplicates,
        near=near_duplicates, within=within, across_routes=across_routes, per_category=per_category, category=category,
        balance=balance, newest_first=newest_first, half_life=half_life, time=time,
    )  # fmt: skip
    rows = rows_of(verdicts, source_of(verdicts, source), Asked(files=rubric), task, map_)
    found = filter_rows(
        rows, read_policy(policy) if policy else None, options=options, now=datetime.now(UTC),
        recjudge=version("recjudge"),
    )  # fmt: skip
    write_filtered(found, out)
    if json:
        print_json({"folder": str(out)} | asdict(found.certificate))
        return
    _print(found)
    sys.stdout.write(f"wrote {out}: kept.jsonl, audit.jsonl (blind), left_out.jsonl, certificate.json, .md\n")


def rows_of(verdicts: Path, source: Any, asked: Asked, task: str | None, names: list[str] | None) -> list[Row]:
    """The verdicts of a file beside their samples, read from what was judged as it was read then."""
    from ..judge import read_verdicts
    from ..rubrics import by_task
    from ..training import joined

    fields = pairs(names, "--map")
    return list(joined(read_verdicts(verdicts), source, tasks=by_task(asked.rubrics), task=task, fields=fields))


def _print(found: Filtered) -> None:
    from ..reports import safe
    from ..training import bad_words

    made = found.certificate
    for words in (made.statement, *(f"note: {note}" for note in made.notes)):
        sys.stdout.write(f"{safe(words)}\n")
    rows = [
        ("rows", made.rows, ""),
        ("unjudged", sum(made.unjudged.values()), ""),
        ("accepted", made.accepted, _share(made.accepted, made.judged)),
        ("put aside for people", len(made.audit["ids"]), ""),
        ("kept", made.kept, _share(made.kept, made.judged)),
    ]
    if made.graded_bad:
        rows.append(("of them graded Bad by the judge", made.graded_bad, ""))
    print_rows("Training rows", ("", "n", "% of judged"), rows)
    if made.left_out:
        print_rows("Left out", ("why", "rows"), [(safe(name), n) for name, n in made.left_out.items()])
    sys.stdout.write(f"{bad_words(made)}\n")


def _share(count: int, n: int) -> str:
    return f"{100 * count / n:.1f}" if n else "–"
