"""Commands of labels: check, import, export, guideline, rebalance, plan."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError, UsageError
from .labelled import Annotators, Asked, Drop, Rubrics, Scales
from .planning import labels_plan
from .printing import Json, print_json, print_rows, tell

if TYPE_CHECKING:
    from ..human_labels import Labels
    from ..human_labels.reading import Check
    from ..judge import Sample, Verdict
    from ..rubrics import Rubric

app = typer.Typer(help="Check, import, export and plan people's labels.", no_args_is_help=True, rich_markup_mode=None)
File = Annotated[Path, typer.Argument(help="Labels: long or wide CSV, JSONL, Label Studio JSON.")]
RubricName = Annotated[str, typer.Option("--rubric", help="A rubric's name, or a path ending in .toml.")]


@app.command("check")
def labels_check(
    file: File,
    verdicts: Annotated[
        Path | None, typer.Option(help="The judge's verdicts: samples that have none are listed.")
    ] = None,
    rubric: Rubrics = None,
    scale: Scales = None,
    annotators: Annotators = None,
    drop: Drop = False,
    json: Json = False,
) -> None:
    """Say what the labels can carry: coverage, classes, unanimity; exit 2 when something must be mended."""
    from ..human_labels import check_labels
    from ..judge import read_verdicts

    labels = Asked(scales=scale, annotators=annotators, files=rubric, drop=drop).rows(file)
    known = (
        None if verdicts is None else {verdict.id for verdict in read_verdicts(verdicts) if verdict.kind == "sample"}
    )
    found = check_labels(labels, known)
    if json:
        print_json(_as_json(found))
    else:
        _print_check(found)
    if found.problems:
        shown = [
            *found.problems[:20],
            *([f"… and {len(found.problems) - 20} more"] if len(found.problems) > 20 else []),
        ]
        raise InputError("\n".join(shown))


@app.command("import")
def labels_import(
    file: File,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to: .csv, .tsv or .jsonl, one row a label.")],
    rubric: Rubrics = None,
    scale: Scales = None,
    annotators: Annotators = None,
    role: Annotated[str, typer.Option(help="Of annotators whose role the file does not say.")] = "expert",
    round_: Annotated[str | None, typer.Option("--round", help="Name of the round, where the file names none.")] = None,
    drop: Drop = False,
) -> None:
    """Read labels of any form and write them in one, with a list of what was wrong."""
    from ..human_labels import listing, read_all, write_labels
    from ..reports import safe

    asked = Asked(scales=scale, annotators=annotators, files=rubric)
    reading = read_all(file, scales=asked.ruler, rubrics=asked.rubrics, annotators=asked.columns, default_role=role)
    if reading.problems:
        if not drop:
            raise InputError(listing(reading))
        tell(listing(reading))
    labels = reading.labels
    if not labels.rows:
        raise InputError(f"{labels.source}: holds no label")
    path = write_labels(_in_round(labels, round_), out)
    sys.stdout.write("".join(f"note: {safe(note)}\n" for note in labels.notes))
    sys.stdout.write(
        f"wrote {path}: {len(labels.rows)} labels, {reading.listed} left out, {reading.empty} empty, of "
        f"{reading.cells} cells\n"
    )


@app.command("export")
def labels_export(
    source: Annotated[str, typer.Argument(help="The judge's input (with context), or its verdicts (text only).")],
    rubric: RubricName,
    out: Annotated[Path, typer.Option("--out", "-o", help="A folder.")],
    to: Annotated[str, typer.Option(help="label-studio, csv or jsonl.")] = "label-studio",
    n: Annotated[int | None, typer.Option("--n", help="How many samples; all without it.")] = None,
    by: Annotated[str | None, typer.Option(help="Shared over strata by size: system, group, item.")] = None,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    round_: Annotated[str, typer.Option("--round", help="Name of the labelling round.")] = "",
    with_predictions: Annotated[
        Path | None, typer.Option(help="Verdicts that annotators shall see. They will follow them; best left out.")
    ] = None,
) -> None:
    """Draw samples at random and write what annotators fill in: tasks or a sheet, and the guideline."""
    from ..human_labels import draw, guideline, write_sheet, write_tasks
    from ..judge import read_verdicts, write_whole
    from ..rubrics import load_rubric

    if to not in ("label-studio", "csv", "jsonl"):
        raise UsageError(f"unknown format {to!r}; known: label-studio, csv, jsonl")
    if with_predictions and to != "label-studio":
        raise UsageError("--with-predictions goes with --to label-studio alone")
    made = load_rubric(rubric)
    drawn = draw(_samples(source, made), n, by=by, seed=seed)
    if with_predictions:
        tell("annotators will see the judge's labels first: their agreement with it is inflated, and will be noted so")
        files = write_tasks(drawn, made, out, round=round_, predictions=read_verdicts(with_predictions))
    elif to == "label-studio":
        files = write_tasks(drawn, made, out, round=round_)
    else:
        files = [write_sheet(drawn, made, out / f"labels.{to}", round=round_)]
    files.append(write_whole(out / "GUIDELINE.md", guideline(made)))
    sys.stdout.write("".join(f"wrote {path}\n" for path in files))
    sys.stdout.write(f"{len(drawn)} samples; each row says how probable it was to be drawn\n")


@app.command("guideline")
def labels_guideline(
    name: Annotated[str, typer.Argument(help="A rubric's name, or a path ending in .toml.")],
    examples: Annotated[
        Path | None, typer.Option(help="Verdicts to take examples of failures from; none that will be labelled.")
    ] = None,
) -> None:
    """Print how annotators label by a rubric, in Markdown."""
    from ..human_labels import guideline
    from ..judge import read_verdicts
    from ..reports import safe
    from ..rubrics import load_rubric

    made = load_rubric(name)
    sys.stdout.write(safe(guideline(made, read_verdicts(examples) if examples else ())))


@app.command("rebalance")
def labels_rebalance(
    file: File,
    half_life: Annotated[float, typer.Option(help="Rounds after which a common label counts half.")],
    target_ratio: Annotated[float, typer.Option(help="Most labels of a class for one of the rarest class.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to: .csv, .tsv or .jsonl.")],
    seed: Annotated[int, typer.Option(help="Of the draw within a round.")] = 0,
    rubric: Rubrics = None,
    scale: Scales = None,
    drop: Drop = False,
    json: Json = False,
) -> None:
    """Keep rare classes of all rounds, fade common ones by age, and say what was dropped."""
    from ..human_labels import rebalance, write_labels
    from ..reports import safe

    labels = Asked(scales=scale, files=rubric, drop=drop).labels(file)
    done = rebalance(labels, half_life=half_life, target_ratio=target_ratio, seed=seed)
    path = write_labels(done.labels, out)
    log = [
        {"dimension": one.dimension, "role": one.role, "class": one.cls, "round": one.round, "age": one.age,
         "before": one.before, "kept": one.kept, "dropped": one.dropped}
        for one in done.log
    ]  # fmt: skip
    if json:
        print_json({"log": log, "notes": done.labels.notes, "file": str(path)})
        return
    columns = ("dimension", "role", "class", "round", "age", "before", "kept", "dropped")
    print_rows("Rebalanced", columns, [tuple(one.values()) for one in log])
    sys.stdout.write("".join(f"note: {safe(note)}\n" for note in done.labels.notes) + f"wrote {path}\n")


app.command("plan")(labels_plan)


def _samples(source: str, rubric: Rubric) -> Sequence[Sample | Verdict]:
    """The samples of the rubric's task, each id once."""
    from ..human_labels import drawable

    found, without = drawable(source, rubric)
    if without:
        tell(
            "verdicts hold the artefact alone; give the judge's input file, so that annotators see the context as well"
        )
    return found


def _in_round(labels: Labels, name: str | None) -> Labels:
    from dataclasses import replace

    if name is None:
        return labels
    if labels.rounds != ("",):
        raise UsageError(f"--round {name}: the file names rounds itself: {', '.join(labels.rounds)}")
    return replace(labels, rows=tuple(replace(label, round=name) for label in labels.rows))


def _as_json(found: Check) -> dict[str, Any]:
    from dataclasses import asdict

    dimensions = [
        asdict(one) | {"unanimous": {"count": one.unanimous.count, "n": one.unanimous.n, "share": one.unanimous.value}}
        for one in found.dimensions
    ]
    return {
        "source": found.source, "roles": dict(found.roles), "rounds": dict(found.rounds), "dimensions": dimensions,
        "problems": found.problems, "warnings": found.warnings, "notes": found.notes, "unknown": found.unknown,
        "unlabelled": found.unlabelled,
    }  # fmt: skip


def _print_check(found: Check) -> None:
    from ..reports import safe

    rows = [
        (one.dimension, one.role, one.samples, one.labels, _share(one.unanimous), one.missing)
        for one in found.dimensions
    ]
    print_rows("Labels", ("dimension", "role", "samples", "labels", "unanimous", "missing cells"), rows)
    sys.stdout.write(
        "".join(f"{safe(one.dimension)} ({one.role}): {_counts(one.classes)}\n" for one in found.dimensions)
    )
    sys.stdout.write("\n")
    raters = dict.fromkeys(name for one in found.dimensions for name in one.raters)
    counted = [(name, *(one.raters.get(name, 0) for one in found.dimensions)) for name in raters]
    print_rows("Samples labelled", ("annotator", *(one.dimension for one in found.dimensions)), counted)
    sys.stdout.write(f"roles: {_counts(found.roles)}\nrounds: {_counts(found.rounds)}\n")
    for title, lines in (("warning", found.warnings), ("note", found.notes)):
        sys.stdout.write("".join(f"{title}: {safe(line)}\n" for line in lines))
    if found.unlabelled:
        sys.stdout.write(f"{found.unlabelled} judged samples have no label\n")


def _share(share: Any) -> str:
    return "–" if share.value is None else f"{share.value:.0%} of {share.n}"


def _counts(counts: Any) -> str:
    from ..reports import safe

    return ", ".join(f"{safe(name) or '(none)'} {count}" for name, count in counts.items())
