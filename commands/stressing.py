"""The command stress: which relations a judge keeps when its samples are changed by rule."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ..errors import GateFailed
from .judging import BaseUrl, Judges, JuryRule, Map, Mode, Prices, Rubrics, Task, judge_of, price_of
from .labelled import pairs
from .printing import Json, command_line, print_json, print_rows, say, tell
from .watching import watching

if TYPE_CHECKING:
    from ..human_labels.stress import Outcome, Stressed
    from ..judge import Sample

DEFAULT = "set:summeval"


def stress(
    source: Annotated[
        str, typer.Argument(help="Samples as `score` reads them; set:NAME is a labelled set that ships.")
    ] = DEFAULT,
    judge: Judges = None,
    relation: Annotated[
        Optional[list[str]],  # noqa: UP045 - read by typer at run time
        typer.Option("--relation", "-r", help="Only this one, by name or number; may be repeated."),
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, help="Samples drawn; variants come on top.")] = 100,
    seed: Annotated[int, typer.Option(help="Of the draw and of every change.")] = 0,
    base_url: BaseUrl = None,
    mode: Mode = "panel",
    jury: JuryRule = "majority",
    task: Task = None,
    map_: Map = None,
    rubric: Rubrics = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A JSON file; the runs lie beside it, and go on where they were.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Most calls in flight.")] = 16,
    price: Prices = None,
    max_cost: Annotated[float | None, typer.Option(help="Dollars a run; no call is sent that could pass it.")] = None,
    fail: Annotated[bool, typer.Option("--fail", help="Gate: exit 1 when a relation is broken.")] = False,
    json: Json = False,
) -> None:
    """Change samples by rules whose right answer is known, and see what the judge does."""
    from ..human_labels.stress import plain
    from ..human_labels.stress import stress as run
    from ..judge import Options

    made = judge_of(judge, rubric, mode, jury, base_url, {})
    samples = _drawn(_samples(source, list(made.rubrics.values()), task, map_), n, seed)
    options = Options(concurrency=concurrency, price=price_of(price), max_cost=max_cost)
    folder = out.with_suffix(".runs") if out else None
    with watching(quiet=json) as watch:
        found = run(samples, made, relations=relation, seed=seed, options=options, folder=folder, watch=watch)
    if not found.complete:
        tell(f"stopped; the same command goes on where it was:\n  {command_line()}")
        raise typer.Exit(130)
    record = plain(found)
    if out:
        _write(out, record)
    if json:
        print_json(record)
    else:
        _print(found)
        sys.stdout.write(f"wrote {out} and {folder}\n" if out else "")
    if fail and found.broken:
        raise GateFailed(f"broken: {', '.join(found.broken)}")


def _samples(source: str, rubrics: Sequence[Any], task: str | None, names: list[str] | None) -> list[Sample]:
    """The samples of a file or a set, those of tasks that the judge knows. Raises `InputError` for unreadable ones."""
    from ..errors import InputError
    from ..human_labels import load_set
    from ..judge import Problem, Sample, read, resolve
    from ..rubrics import by_task

    if source.startswith("set:"):
        return list(load_set(source[4:]).samples)
    units = list(read(resolve(source), tasks=by_task(rubrics), task=task, fields=pairs(names, "--map")))
    if problems := [unit for unit in units if isinstance(unit, Problem)]:
        shown = "\n".join(map(str, problems[:20]))
        raise InputError(f"{shown}\nunreadable records: {len(problems)}; mend the file")
    return [unit for unit in units if isinstance(unit, Sample)]


def _drawn(samples: list[Sample], n: int, seed: int) -> list[Sample]:
    """At most n of them, in their order."""
    from random import Random

    if len(samples) <= n:
        return samples
    return [samples[at] for at in sorted(Random(seed).sample(range(len(samples)), n))]  # noqa: S311


def _write(path: Path, record: dict[str, Any]) -> None:
    import orjson

    from ..judge import write_whole

    write_whole(path, orjson.dumps(record, option=orjson.OPT_INDENT_2).decode() + "\n")


def _print(found: Stressed) -> None:
    from ..reports import safe

    kind = "asks no model: held to the strict limits" if found.steady else "asks a model: held to the lenient limits"
    say(f"{found.judge} ({kind}); {found.samples} samples, seed {found.seed}")
    columns = ("", "relation", "samples", "variants", "unjudged", "holds", "what was found")
    print_rows("Relations", columns, [_row(one) for one in found.outcomes])
    for one in found.outcomes:
        if one.holds is False:
            say("", f"{one.relation.name}: {one.relation.meaning} {_limit(one)}")
            for example in one.worst[:2]:
                moved = ", ".join(f"{name} {_place(a)} → {_place(b)}" for name, (a, b) in example.changes.items())
                say(f"{safe(example.id)}, {example.what}: {moved}", indent=2)
                say(f"before: {safe(_short(example.before))}", f"after:  {safe(_short(example.after))}", indent=4)


def _row(one: Outcome) -> tuple[str, ...]:
    word = {True: "yes", False: "NO", None: "–"}[one.holds]
    counts = (one.samples, one.variants, one.unjudged)
    return (str(one.relation.number), one.relation.name, *map(str, counts), word, f"{one.why}{_interval(one)}")


def _interval(one: Outcome) -> str:
    """The interval of the figure that decides."""
    names = ("tau", "raised", "moved", "floor")
    found = next((one.figures[name] for name in names if name in one.figures), None)
    if found is None or found.low != found.low:
        return ""
    name = next(name for name in names if name in one.figures)
    return f" [{name} {found.low:.2f}, {found.high:.2f}]"


def _limit(one: Outcome) -> str:
    from dataclasses import asdict

    asked = {name: value for name, value in asdict(one.limit).items() if value is not None}
    return f"Limit: {', '.join(f'{name} {value:g}' for name, value in asked.items())}."


def _place(value: float | None) -> str:
    return "no label" if value is None else f"{value:.2f}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 240 else f"{line[:160]} … {line[-70:]}"
